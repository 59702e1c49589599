import type { Target } from '../../lib/offboarding/model.ts';
import { nameOf } from '../../lib/panel/members.ts';
import type { Card as CardData, ReassignmentsModel } from '../../lib/panel/reassignments.ts';
import { controlId } from '../../lib/panel/steps.ts';
import type { WizardModel } from '../../lib/panel/wizard.ts';
import { categoryName, formatShares, phaseName } from '../../lib/panel/words.ts';
import { Card } from '../ui/Card.tsx';
import { Icon } from '../ui/Icon.tsx';
import { MemberPicker, type PickerSpecial } from '../ui/MemberPicker.tsx';
import { Notice } from '../ui/Notice.tsx';
import { useWords } from './context.ts';
import { followCustomer, usePicker } from './picker.ts';

export interface ReplacementCardProps {
  wizard: WizardModel;
  reassignments: Pick<ReassignmentsModel, 'setDefault' | 'used'>;
  card: CardData;
}

/** Who receives one category: its default, what the overrides do, and what to look out for. */
export function ReplacementCard({ wizard, reassignments, card }: ReplacementCardProps) {
  const { text, locale, number } = useWords();
  const picker = usePicker(wizard);
  const { category, target, own, unassigned } = card;
  const name = categoryName(text, category);
  const members = wizard.members.byId.value;
  const same: PickerSpecial = { id: followCustomer, label: text('target_same') };
  const shares = Object.keys(card.shares).length;
  const open = (): void => {
    wizard.sheet.value = { kind: 'category', category: category.id };
  };
  const choose = (id: string): void => {
    const to: Target =
      id === followCustomer
        ? {
            sameAsCustomer: true,
            ...(target && 'sameAsCustomer' in target && target.otherwise !== undefined
              ? { otherwise: target.otherwise }
              : {}),
          }
        : { member: id };
    void reassignments.setDefault(category.id, to);
  };
  return (
    <Card
      heading={name}
      headingLevel={2}
      icon={category.kind}
      aside={
        <button type="button" class="ow-count-link" data-opens={category.id} onClick={open}>
          {number(category.count ?? 0)}
          <span class="ow-hidden"> {text('row_items_of', { count: category.count ?? 0, name })}</span>
          <Icon name="chevronEnd" size={12} />
        </button>
      }
    >
      <MemberPicker
        id={controlId('reassignments', category.id)}
        label={text('reassign_pick', { category: name })}
        value={!target ? null : 'member' in target ? picker.show(target.member) : same}
        search={picker.search}
        used={reassignments.used.value.map(picker.show)}
        specials={card.canFollow ? [same] : []}
        showSender={category.needsSender}
        note={category.needsSender ? text('sender_note', { name: wizard.run.value.leaver.name }) : undefined}
        error={errorOf(card, wizard, text)}
        nobody={text('picker_nobody')}
        texts={picker.texts}
        onChange={choose}
      />
      {target && 'sameAsCustomer' in target && (unassigned !== 0 || target.otherwise !== undefined) && (
        <div class="ow-otherwise">
          {unassigned !== undefined && unassigned > 0 && (
            <p class="ow-warn-line">
              <Icon name="warning" size={12} />
              {text('reassign_uncovered_same', { count: unassigned })}
            </p>
          )}
          <span class="ow-strong">{text('reassign_otherwise')}</span>
          <MemberPicker
            label={text('reassign_otherwise')}
            value={target.otherwise === undefined ? null : picker.show(target.otherwise)}
            search={picker.search}
            used={reassignments.used.value.map(picker.show)}
            texts={picker.texts}
            onChange={(id) =>
              void reassignments.setDefault(category.id, { sameAsCustomer: true, otherwise: id })
            }
          />
        </div>
      )}
      {!target && own !== undefined && own.items > 0 && unassigned !== undefined && unassigned > 0 && (
        <p class="ow-warn-line">
          <Icon name="warning" size={12} />
          {text('reassign_uncovered', { count: unassigned })}
        </p>
      )}
      {((own !== undefined && own.items > 0) || (target && (shares > 1 || own === undefined))) && (
        <p class="ow-line ow-meta">
          {own !== undefined && own.items > 0 && (
            <button type="button" class="ow-link-button" onClick={open}>
              {text('reassign_overrides', { count: own.items, people: own.people })}
            </button>
          )}
          {target && shares > 1 && (
            <span class="ow-number">
              {text('reassign_shares', {
                shares: formatShares({ text, locale }, card.shares, (id) => nameOf(members, id)),
              })}
            </span>
          )}
          {own === undefined && target && <span>{text('reassign_counting')}</span>}
        </p>
      )}
      {warningsOf(card, wizard, text).map((warning) => (
        <Notice key={warning} tone="warn" inline>
          {warning}
        </Notice>
      ))}
    </Card>
  );
}

type Words = ReturnType<typeof useWords>['text'];

/** The default cannot receive anything any more. */
function errorOf(card: CardData, wizard: WizardModel, text: Words): string | undefined {
  if (!card.target || !('member' in card.target)) return undefined;
  const member = wizard.members.byId.value.get(card.target.member);
  return member && !member.active ? text('inactive_warning', { name: member.name }) : undefined;
}

/** Everybody who receives something here and leaves too, or cannot send. */
function warningsOf(card: CardData, wizard: WizardModel, text: Words): string[] {
  const ids = new Set(Object.keys(card.shares));
  if (card.target && 'member' in card.target) ids.add(card.target.member);
  const warnings: string[] = [];
  for (const id of ids) {
    const member = wizard.members.byId.value.get(id);
    if (!member) continue;
    const { name, leaving, sender } = member;
    if (leaving)
      warnings.push(text('leaving_warning', { name, by: leaving.by, phase: phaseName(text, leaving.phase) }));
    if (!card.category.needsSender) continue;
    const missing = [
      sender?.mailbox === 'no' && text('sender_no_mailbox'),
      sender?.signature === 'no' && text('sender_no_signature'),
      (sender?.mailbox ?? 'unknown') === 'unknown' && text('sender_unknown_mailbox'),
      (sender?.signature ?? 'unknown') === 'unknown' && text('sender_unknown_signature'),
    ].filter((each) => each !== false);
    if (missing.length > 0) warnings.push(text('sender_warning', { name, problems: missing.join(', ') }));
  }
  return warnings;
}

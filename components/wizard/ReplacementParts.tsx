import type { Target } from '../../lib/offboarding/choices.ts';
import { nameOf } from '../../lib/panel/members.ts';
import type { Card as CardData, ReassignmentsModel } from '../../lib/panel/reassignments.ts';
import { controlId } from '../../lib/panel/steps.ts';
import type { WizardModel } from '../../lib/panel/wizard.ts';
import { categoryName, formatShares, phaseName } from '../../lib/panel/words.ts';
import { Icon } from '../ui/Icon.tsx';
import { MemberPicker, type PickerSpecial } from '../ui/MemberPicker.tsx';
import { Notice } from '../ui/Notice.tsx';
import { useWords } from './context.ts';
import { followCustomer, usePicker } from './picker.ts';

/** Who receives one category, in parts that a card and a line of the matrix are made of. */
export interface ReplacementProps {
  wizard: WizardModel;
  reassignments: Pick<ReassignmentsModel, 'setDefault' | 'used'>;
  card: CardData;
}

/** The number of items, which leads to them. */
export function CountLink({ wizard, card }: Omit<ReplacementProps, 'reassignments'>) {
  const { text, number } = useWords();
  const { category } = card;
  const count = category.count ?? 0;
  const sheet = wizard.sheet.value;
  return (
    <button
      type="button"
      class="ow-count-link"
      data-opens={category.id}
      aria-current={sheet?.kind === 'category' && sheet.category === category.id ? 'true' : undefined}
      onClick={() => open(wizard, card)}
    >
      {number(count)}
      <span class="ow-hidden"> {text('row_items_of', { count, name: categoryName(text, category) })}</span>
      <Icon name="chevronEnd" size={12} />
    </button>
  );
}

function open(wizard: WizardModel, card: CardData): void {
  wizard.sheet.value = { kind: 'category', category: card.category.id };
}

/** The default replacement, and who receives what "same as the customer's new CSM" leaves over. */
export function DefaultPicker({ wizard, reassignments, card }: ReplacementProps) {
  const { text } = useWords();
  const picker = usePicker(wizard);
  const { category, target, unassigned } = card;
  const same: PickerSpecial = { id: followCustomer, label: text('target_same') };
  const used = reassignments.used.value.map(picker.show);
  const choose = (id: string): void => {
    const otherwise = target && 'sameAsCustomer' in target ? target.otherwise : undefined;
    const to: Target =
      id === followCustomer
        ? { sameAsCustomer: true, ...(otherwise === undefined ? {} : { otherwise }) }
        : { member: id };
    void reassignments.setDefault(category.id, to);
  };
  return (
    <>
      <MemberPicker
        id={controlId('reassignments', category.id)}
        label={text('reassign_pick', { category: categoryName(text, category) })}
        value={!target ? null : 'member' in target ? picker.show(target.member) : same}
        search={picker.search}
        used={used}
        specials={card.canFollow ? [same] : []}
        showSender={category.needsSender}
        note={category.needsSender ? text('sender_note', { name: wizard.run.value.leaver.name }) : undefined}
        error={errorOf(card, wizard, text)}
        nobody={text('picker_nobody')}
        texts={picker.texts}
        disabled={wizard.gone.value}
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
            used={used}
            texts={picker.texts}
            disabled={wizard.gone.value}
            onChange={(id) =>
              void reassignments.setDefault(category.id, { sameAsCustomer: true, otherwise: id })
            }
          />
        </div>
      )}
    </>
  );
}

/** Items that nobody receives yet, although some have an override. */
export function Uncovered({ card }: { card: CardData }) {
  const { text } = useWords();
  const { target, own, unassigned } = card;
  if (target || !own?.items || !unassigned) return null;
  return (
    <p class="ow-warn-line">
      <Icon name="warning" size={12} />
      {text('reassign_uncovered', { count: unassigned })}
    </p>
  );
}

/** How many overrides there are; leads to the items. */
export function OverridesLink({ wizard, card }: Omit<ReplacementProps, 'reassignments'>) {
  const { text } = useWords();
  const { own } = card;
  if (!own?.items) return null;
  return (
    <button type="button" class="ow-link-button" onClick={() => open(wizard, card)}>
      {text('reassign_overrides', { count: own.items, people: own.people })}
    </button>
  );
}

/** "Goes to Tom Okafor 59, Mei Tanaka 3", where there is more than one; or that it is being counted. */
export function Shares({ wizard, card }: Omit<ReplacementProps, 'reassignments'>) {
  const { text, locale } = useWords();
  const { target, own, shares } = card;
  const members = wizard.members.byId.value;
  if (target && own === undefined) return <span>{text('reassign_counting')}</span>;
  if (!target || Object.keys(shares).length < 2) return null;
  return (
    <span class="ow-number">
      {text('reassign_shares', {
        shares: formatShares({ text, locale }, shares, (id) => nameOf(members, id)),
      })}
    </span>
  );
}

/** Everybody who receives something here and leaves too, or cannot send. */
export function Warnings({ wizard, card }: Omit<ReplacementProps, 'reassignments'>) {
  const { text } = useWords();
  return (
    <>
      {warningsOf(card, wizard, text).map((warning) => (
        <Notice key={warning} tone="warn" inline>
          {warning}
        </Notice>
      ))}
    </>
  );
}

type Words = ReturnType<typeof useWords>['text'];

/** The default cannot receive anything any more. */
function errorOf(card: CardData, wizard: WizardModel, text: Words): string | undefined {
  if (!card.target || !('member' in card.target)) return undefined;
  const member = wizard.members.byId.value.get(card.target.member);
  return member && !member.active ? text('inactive_warning', { name: member.name }) : undefined;
}

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

import { Fragment } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { RunItem } from '../../lib/offboarding/model.ts';
import type { ManualCard as CardData, FutureImpactModel } from '../../lib/panel/future.ts';
import { controlId } from '../../lib/panel/steps.ts';
import type { WizardModel } from '../../lib/panel/wizard.ts';
import { categoryName, formatCell } from '../../lib/panel/words.ts';
import { Card } from '../ui/Card.tsx';
import { Checkbox } from '../ui/Checkbox.tsx';
import { Icon } from '../ui/Icon.tsx';
import { Link } from '../ui/Link.tsx';
import { useDependencies, useWords } from './context.ts';
import { Unreadable } from './Unreadable.tsx';

const sentences = {
  'approvals.pending': 'future_approvals_text',
  'emails.scheduled': 'future_emails_text',
  'mailboxes.connected': 'future_mailboxes_text',
  signatures: 'future_signatures_text',
  'tokens.api': 'future_tokens_text',
} as const;

/** So many rows are listed on a card; the rest behind a link. */
const listed = 5;

/** One manual group: what it is, what happens if nothing is done, where to do it, and the tick. */
export function ManualCard({
  wizard,
  future,
  card,
}: {
  wizard: WizardModel;
  future: FutureImpactModel;
  card: CardData;
}) {
  const { text, number, time } = useWords();
  const { category, acknowledged, cleared, unread } = card;
  const name = categoryName(text, category);
  const leaver = wizard.run.value.leaver.name;
  const count = category.count ?? 0;
  const tokens = category.kind === 'tokens.api';
  if (card.empty)
    return (
      <section class="ow-card ow-card-plain ow-manual-empty" aria-label={name}>
        <Icon name="ok" />
        <span class="ow-grow">{name}</span>
        <span class="ow-meta">{text('future_nothing_left')}</span>
      </section>
    );
  const label = unread
    ? text('future_tick_unread')
    : text(tokens ? 'future_tick_tokens' : 'future_tick', { count });
  return (
    <Card
      tone={tokens && !unread ? 'danger' : unread ? 'warn' : 'plain'}
      heading={tokens && !unread ? text('future_tokens_title', { count }) : name}
      headingLevel={2}
      icon={unread ? 'unread' : category.kind}
      aside={
        unread ? (
          <span role="img" aria-label={text('unknown_count')}>
            –
          </span>
        ) : tokens ? undefined : (
          <span class="ow-strong">{number(count)}</span>
        )
      }
    >
      <p>{sentenceOf(card, leaver, text)}</p>
      {!unread && <Rows wizard={wizard} card={card} />}
      {category.link !== undefined && (
        <p>
          <Link href={category.link} newTabLabel={text('new_tab')}>
            {text('future_open', { category: name })}
          </Link>
        </p>
      )}
      {cleared && (
        <p class="ow-warn-line">
          <Icon name="warning" size={12} />
          {cleared.from === null || cleared.to === null
            ? text('future_cleared_unknown')
            : text('future_cleared', { from: cleared.from, to: cleared.to })}
        </p>
      )}
      {card.selected !== undefined && (
        <Checkbox
          checked={card.selected}
          label={text('select_remove', { count })}
          disabled={wizard.gone.value}
          description={text(card.selected ? 'select_remove_on' : 'select_remove_off')}
          onChange={(selected) => void future.select(category.id, selected)}
        />
      )}
      {card.selected !== true && (
        <Checkbox
          id={controlId('future', category.id)}
          checked={acknowledged !== undefined}
          disabled={wizard.gone.value}
          label={label}
          description={
            acknowledged && text('future_ticked', { by: acknowledged.by, time: time(acknowledged.at) })
          }
          onChange={(ticked) => void future.tick(category.id, ticked)}
        />
      )}
    </Card>
  );
}

function sentenceOf(card: CardData, name: string, text: ReturnType<typeof useWords>['text']): string {
  const { category } = card;
  if (card.unread) return text('future_unread', { name, detail: category.unread?.detail ?? '' }).trim();
  if (category.why !== undefined) return category.why;
  if (category.kind in sentences) return text(sentences[category.kind as keyof typeof sentences], { name });
  if (category.selectable) return text('future_selectable_text');
  return text(category.unread ? 'future_readonly_text' : 'future_other_text');
}

/** The first rows with what is known of them; where the workspace keeps silent it says so. */
function Rows({ wizard, card }: { wizard: WizardModel; card: CardData }) {
  const { text, locale } = useWords();
  const { store } = useDependencies();
  const { category } = card;
  const [items, setItems] = useState<readonly RunItem[]>([]);
  const [unreadable, setUnreadable] = useState<string | undefined>(undefined);
  const [tries, setTries] = useState(0);
  const run = wizard.run.value.id;
  const { count } = category;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new count means other rows
  useEffect(() => {
    let current = true;
    store.items.page(run, category.id, listed).then(
      (found) => {
        if (!current) return;
        setItems(found);
        setUnreadable(undefined);
      },
      (error: unknown) => {
        if (current) setUnreadable(error instanceof Error ? error.message : String(error));
      },
    );
    return () => {
      current = false;
    };
  }, [run, category.id, count, store, tries]);
  if (unreadable !== undefined)
    return (
      <Unreadable
        title={text('sheet_failed_title')}
        detail={unreadable}
        onRetry={() => setTries(tries + 1)}
      />
    );
  if (items.length === 0) return null;
  const columns = category.columns.filter(({ priority }) => priority !== 1);
  return (
    <ul class="ow-facts">
      {items.map((item) => (
        <li key={item.ref}>
          <span class="ow-strong ow-wrap" dir="auto">
            {item.title}
          </span>
          {columns.length > 0 && (
            <span class="ow-meta ow-block">
              {columns.slice(0, 4).map((column, index) => (
                <Fragment key={column.key}>
                  {index > 0 && ' · '}
                  <bdi>{column.label}</bdi>:{' '}
                  <bdi>{formatCell(locale, column, item.columns[column.key]) || text('not_provided')}</bdi>
                </Fragment>
              ))}
            </span>
          )}
        </li>
      ))}
      {(count ?? 0) > items.length && (
        <li>
          <button
            type="button"
            class="ow-link-button"
            data-opens={category.id}
            onClick={() => {
              wizard.sheet.value = { kind: 'category', category: category.id };
            }}
          >
            {text('future_list', { count: count ?? 0 })}
          </button>
        </li>
      )}
    </ul>
  );
}

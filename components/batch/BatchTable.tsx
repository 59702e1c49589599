import type { VNode } from 'preact';
import { useRef } from 'preact/hooks';
import { type BatchScreenModel, batchFilters } from '../../lib/panel/batch/batch.ts';
import { reasonText, stateName } from '../../lib/panel/batch/csv.ts';
import type { BatchRow } from '../../lib/panel/types.ts';
import { categoryName, formatNumber } from '../../lib/panel/words.ts';
import { Button } from '../ui/Button.tsx';
import { IconButton } from '../ui/IconButton.tsx';
import { Menu } from '../ui/Menu.tsx';
import { ProgressBar } from '../ui/ProgressBar.tsx';
import { StateMark, type StateName } from '../ui/StateMark.tsx';
import { TextField } from '../ui/TextField.tsx';
import { type Navigation, useNavigation, useWords } from '../wizard/context.ts';

const marks: Record<BatchRow['state'], StateName> = {
  waiting: 'queued',
  checking: 'running',
  ready: 'queued',
  blocked: 'skipped',
  unchecked: 'unread',
  refused: 'skipped',
  running: 'running',
  paused: 'paused',
  succeeded: 'completed',
  partial: 'failed',
  failed: 'failed',
  left: 'notRun',
};

/** Who was held back before the start is known by then. */
const looked: readonly BatchRow['state'][] = ['paused', 'partial', 'failed'];
/** So many users are listed above the others. */
const pinned = 8;

/**
 * Every user with their state, in the order in which they were chosen. Only what changed is drawn anew, and what is out
 * of sight costs nothing.
 */
export function BatchTable({ model }: { model: BatchScreenModel }) {
  const { text } = useWords();
  const rows = model.matching.value;
  const filter = model.filter.value;
  const counts = model.counts.value;
  const draw = useRowCache(model);
  const filterName = (each: (typeof batchFilters)[number]) =>
    text(`bulk_filter_${each}`, { count: counts[each] });
  return (
    <section class="ow-stack ow-tight" aria-label={text('bulk_users')}>
      <h2 class="ow-section">{text('bulk_users')}</h2>
      <div class="ow-batch-tools">
        <TextField
          type="search"
          icon="search"
          label={text('bulk_find_user')}
          hideLabel
          placeholder={text('bulk_find_user')}
          value={model.query.value}
          onInput={(value) => {
            model.query.value = value;
          }}
          clearLabel={text('search_clear')}
        />
        <Menu
          showLabel
          icon="chevronDown"
          label={text('bulk_filter', { value: filterName(filter) })}
          items={batchFilters.map((each) => ({
            id: each,
            label: filterName(each),
            checked: each === filter,
          }))}
          onSelect={(id) => {
            model.filter.value = batchFilters.find((each) => each === id) ?? 'all';
          }}
        />
      </div>
      <p class="ow-meta" role="status">
        {text('bulk_shown', { shown: rows.length, total: model.rows.value.length })}
      </p>
      {rows.length === 0 && (
        <div>
          <Button
            onClick={() => {
              model.filter.value = 'all';
              model.query.value = '';
            }}
          >
            {text('history_clear')}
          </Button>
        </div>
      )}
      {rows.length > 0 && (
        <ul class="ow-list ow-batch-rows" aria-label={text('bulk_users')}>
          {rows.map(draw)}
        </ul>
      )}
    </section>
  );
}

/** Who needs a look, above the others, who stay where they are. */
export function AttentionList({ model }: { model: BatchScreenModel }) {
  const { text } = useWords();
  const draw = useRowCache(model);
  const rows = model.rows.value.filter(({ state }) => looked.includes(state));
  if (rows.length === 0 || model.filter.value === 'attention') return null;
  return (
    <section class="ow-stack ow-tight" aria-label={text('bulk_attention')}>
      <h2 class="ow-section">
        {text('bulk_attention')} <span class="ow-meta ow-number">{rows.length}</span>
      </h2>
      <ul class="ow-list ow-batch-rows">{rows.slice(0, pinned).map(draw)}</ul>
      {rows.length > pinned && (
        <div>
          <Button
            variant="text"
            onClick={() => {
              model.filter.value = 'attention';
            }}
          >
            {text('bulk_attention_all', { count: rows.length })}
          </Button>
        </div>
      )}
    </section>
  );
}

/** The same row is the same drawing: then nothing of it is compared, let alone drawn. */
function useRowCache(model: BatchScreenModel): (row: BatchRow) => VNode {
  const words = useWords();
  const navigation = useNavigation();
  const cache = useRef(new WeakMap<BatchRow, { phase: string | undefined; drawing: VNode }>());
  const phase = model.batch.value?.phase;
  return (row) => {
    const known = cache.current.get(row);
    if (known && known.phase === phase) return known.drawing;
    const drawing = (
      <UserRow
        key={row.run}
        row={row}
        phase={phase}
        words={words}
        open={navigation.show}
        leaveOut={() => void model.edit({ kind: 'leaveOut', runs: [row.run] })}
      />
    );
    cache.current.set(row, { phase, drawing });
    return drawing;
  };
}

interface UserRowProps {
  row: BatchRow;
  phase: NonNullable<BatchScreenModel['batch']['value']>['phase'] | undefined;
  words: ReturnType<typeof useWords>;
  open: Navigation['show'];
  leaveOut: () => void;
}

function UserRow({ row, phase = 'draft', words, open, leaveOut }: UserRowProps) {
  const { text } = words;
  const { member, state, reason } = row;
  const why = reasonText(text, row);
  const found = state === 'ready' || phase === 'draft' ? foundIn(row, words) : '';
  const going = state === 'running' && row.steps > 0;
  const started = row.startedAt !== undefined;
  return (
    <li class="ow-row ow-batch-user">
      <span class="ow-row-text">
        {started ? (
          <button type="button" class="ow-link-button ow-batch-name" onClick={() => open(row.run)}>
            {member.name}
          </button>
        ) : (
          <span class="ow-row-title" dir="auto">
            {member.name}
          </span>
        )}
        <span class="ow-row-meta" dir="auto">
          {member.email}
        </span>
        {found !== '' && <span class="ow-row-meta ow-wrap">{found}</span>}
        {reason && why !== '' && <span class="ow-row-meta ow-wrap ow-batch-reason">{why}</span>}
        {row.wait && <span class="ow-row-meta ow-wrap ow-batch-reason">{row.wait.detail}</span>}
        {going && row.step && (
          <span class="ow-row-meta">
            {text('bulk_step', {
              step:
                row.step.kind === 'category'
                  ? row.step.name
                  : text(row.step.kind === 'rescan' ? 'step_rescan' : 'step_deactivate'),
              done: row.stepsOver,
              total: row.steps,
            })}
          </span>
        )}
      </span>
      <StateMark state={marks[state]} text={stateName(text, { phase }, row)} />
      {phase === 'draft' && (
        <IconButton icon="close" label={text('bulk_remove', { name: member.name })} onClick={leaveOut} />
      )}
      {going && (
        <ProgressBar
          thin
          decorative
          label={member.name}
          value={row.steps === 0 ? null : row.stepsOver / row.steps}
        />
      )}
    </li>
  );
}

/** "Groups 3 · Phone numbers 1": what the survey found of a user. */
function foundIn({ categories = [] }: BatchRow, { text, locale }: UserRowProps['words']): string {
  return categories
    .filter(({ count }) => count !== 0)
    .map(
      ({ count, ...category }) =>
        `${categoryName(text, category)} ${count === null ? '–' : formatNumber(locale, count)}`,
    )
    .join(' · ');
}

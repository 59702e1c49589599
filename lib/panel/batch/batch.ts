import { computed, createModel, effect, signal } from '@preact/signals';
import type { ConnectionView, Refusal, Request } from '../../messages/protocol.ts';
import { type BatchRow, batchProgress, standstill } from '../../offboarding/batch.ts';
import type { BatchEdit } from '../../offboarding/batch-model.ts';
import { summarise } from '../../offboarding/batch-summary.ts';
import { isStale } from '../../offboarding/eligibility.ts';
import type { PanelDependencies } from '../dependencies.ts';
import { paceOf, type Sample, withSample } from '../time-left.ts';
import { batchCsv } from './csv.ts';
import { BatchFeed } from './feed.ts';

/** Which users the table shows. */
export const batchFilters = ['all', 'attention', 'running', 'waiting', 'succeeded'] as const;
export type BatchFilter = (typeof batchFilters)[number];

const attention: readonly BatchRow['state'][] = [
  'blocked',
  'unchecked',
  'refused',
  'paused',
  'partial',
  'failed',
];
const waiting: readonly BatchRow['state'][] = ['waiting', 'checking', 'ready', 'left'];

/** Whether a row passes a filter. */
export function passes({ state }: BatchRow, filter: BatchFilter): boolean {
  switch (filter) {
    case 'all':
      return true;
    case 'attention':
      return attention.includes(state);
    case 'waiting':
      return waiting.includes(state);
    default:
      return state === filter;
  }
}

/** How far everybody is together, in users and parts of users. */
function doneOf(rows: readonly BatchRow[]): number {
  let done = 0;
  for (const { state, stepsOver, steps } of rows)
    if (state === 'succeeded' || state === 'partial' || state === 'failed') done += 1;
    else if (steps > 0 && (state === 'running' || state === 'paused')) done += stepsOver / steps;
  return done;
}

/** Users after whom a pace is worth telling. */
const enoughUsers = 5;

type Command = 'check' | 'pause' | 'continue' | 'stop' | 'retry' | 'discard';

/** One batch on the screen: who is in it, what will happen, how far it is, and what can be done about it. */
export const BatchModel = createModel((dependencies: PanelDependencies, id: string) => {
  const { text, voice } = dependencies;
  const feed = new BatchFeed(dependencies, id);
  const connections = signal<readonly ConnectionView[]>([]);
  const filter = signal<BatchFilter>('all');
  const query = signal('');
  const refusal = signal<Refusal | undefined>(undefined);
  const asked = signal<Command | 'start' | undefined>(undefined);
  const question = signal<'start' | 'stop' | 'discard' | 'retry' | undefined>(undefined);
  const samples = signal<readonly Sample[]>([]);
  const now = signal(dependencies.now());
  const saving = signal(false);

  const { batch, rows } = feed;
  const summary = computed(() => batch.value && summarise(batch.value, rows.value));
  const progress = computed(() => batchProgress(rows.value));
  /** Users who have been checked, one way or another. */
  const checked = computed(
    () => rows.value.filter(({ state }) => state !== 'waiting' && state !== 'checking').length,
  );
  /** Whether somebody's check is too old to submit: everything that is on the screen may be otherwise by now. */
  const outdated = computed(() =>
    rows.value.some(({ state, scannedAt }) => state === 'ready' && isStale(scannedAt, now.value)),
  );
  const phase = computed(() => batch.value?.phase);
  /** Why nobody goes on, where one reason holds for all. */
  const held = computed(() => {
    if (batch.value?.pause) return batch.value.pause;
    return phase.value === 'executing' ? standstill(rows.value, now.value) : undefined;
  });
  const done = computed(() => doneOf(rows.value));
  const pace = computed(() => paceOf(samples.value, progress.value.total, enoughUsers));
  const matching = computed(() => {
    const words = query.value.toLowerCase().split(/\s+/u).filter(Boolean);
    const chosen = filter.value;
    return rows.value.filter((row) => {
      if (!passes(row, chosen)) return false;
      if (words.length === 0) return true;
      const about = `${row.member.name} ${row.member.email}`.toLowerCase();
      return words.every((word) => about.includes(word));
    });
  });

  effect(() => {
    let cancel = (): void => {};
    void dependencies.send('connection.list', {}).then((reply) => {
      if (reply.ok) connections.value = reply.value.connections;
    });
    const tick = (): void => {
      now.value = dependencies.now();
      if (phase.peek() === 'executing' || phase.peek() === 'paused')
        samples.value = withSample(samples.peek(), {
          at: now.peek().getTime(),
          done: done.peek(),
          waiting: held.peek() !== undefined,
        });
      cancel = dependencies.after(1_000, tick);
    };
    tick();
    return () => cancel();
  });

  let spokenQuarter = -1;
  let before: { phase: string | undefined; held: string | undefined } | undefined;
  effect(() => {
    const { total, over } = progress.value;
    const state = { phase: phase.value, held: held.value?.kind };
    if (state.phase === 'executing') {
      const quarter = total === 0 ? 0 : Math.floor((over / total) * 4);
      if (quarter !== spokenQuarter) {
        spokenQuarter = quarter;
        voice.polite(text('bulk_progress_spoken', { done: over, total }));
      }
    }
    if (before && state.held !== undefined && state.held !== before.held)
      voice.alert(text('bulk_held_spoken', { kind: state.held }));
    if (before && before.phase !== state.phase && state.phase === 'ended')
      voice.alert(
        text('bulk_end_spoken', {
          succeeded: progress.value.byState.succeeded,
          total,
          failed: over - progress.value.byState.succeeded,
        }),
      );
    before = state;
  });

  /** Sends a command on the batch; resolves true when it was carried out. */
  const send = async (
    name: Command | 'start' | 'edit',
    request: Request<'batch.check'> | Request<'batch.start'> | Request<'batch.edit'>,
  ): Promise<boolean> => {
    if (name !== 'edit') asked.value = name;
    const reply = await dependencies.send(`batch.${name}`, request as Request<'batch.start'>);
    if (name !== 'edit') asked.value = undefined;
    refusal.value = reply.ok ? undefined : reply.refusal;
    await feed.refresh();
    return reply.ok;
  };

  return {
    feed,
    batch,
    rows,
    connection: computed(() => connections.value.find((each) => each.id === batch.value?.connection)),
    filter,
    query,
    refusal,
    asked,
    question,
    saving,
    now,
    summary,
    progress,
    checked,
    outdated,
    held,
    done,
    pace,
    matching,
    /** Every user's row by what the filters show, for their numbers. */
    counts: computed(
      () =>
        Object.fromEntries(
          batchFilters.map((each) => [each, rows.value.filter((row) => passes(row, each)).length]),
        ) as Record<BatchFilter, number>,
    ),
    edit: (edit: BatchEdit) => send('edit', { batch: id, edit }),
    command: (name: Command) => send(name, { batch: id }),
    async start(): Promise<void> {
      const { rev } = batch.peek() ?? { rev: 0 };
      await send('start', { batch: id, rev, users: summary.peek()?.users ?? 0 });
      question.value = undefined;
    },
    /** Offers what it came to as a file. */
    async saveCsv(): Promise<void> {
      const about = batch.peek();
      if (!about) return;
      saving.value = true;
      try {
        const runs = await dependencies.store.runsById(about.members.map(({ run }) => run));
        const day = dependencies.now().toISOString().slice(0, 10);
        dependencies.save(
          `offboarding-batch-${day}.csv`,
          batchCsv(dependencies, about, rows.peek(), runs),
          'text/csv;charset=utf-8',
        );
      } finally {
        saving.value = false;
      }
    },
  };
});

export type BatchScreenModel = InstanceType<typeof BatchModel>;

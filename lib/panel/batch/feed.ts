import { createModel, effect, signal } from '@preact/signals';
import type { LiveMessage } from '../../messages/live.ts';
import { type BatchRow, rowOf, withRefusal } from '../../offboarding/batch.ts';
import type { Batch } from '../../offboarding/batch-model.ts';
import { batchRows } from '../../store/batch-rows.ts';
import type { PanelDependencies } from '../dependencies.ts';
import type { FeedState } from '../run-feed.ts';

/** Milliseconds between two looks at the store while the live connection is gone. */
const pollInterval = 2_000;
/** A connection that comes back so soon was never worth a word. */
const grace = 800;

/**
 * One batch with a row for each user: live over the port, from the store every 2 s while the port is gone, and live
 * again by itself.
 */
export const BatchFeed = createModel((dependencies: PanelDependencies, id: string) => {
  const batch = signal<Batch | undefined>(undefined);
  /** In the order of the batch; a row stays the same object until it changes. */
  const rows = signal<readonly BatchRow[]>([]);
  const state = signal<FeedState>('connecting');
  /** True once the store was asked and had no such batch. */
  const missing = signal(false);
  const known = new Map<string, BatchRow>();

  const take = (next: Batch, changed: readonly BatchRow[]): void => {
    missing.value = false;
    for (const row of changed) if (row.rev >= (known.get(row.run)?.rev ?? -1)) known.set(row.run, row);
    const newest = (batch.peek()?.rev ?? 0) > next.rev ? (batch.peek() ?? next) : next;
    batch.value = newest;
    rows.value = newest.members.map((member) =>
      withRefusal(known.get(member.run) ?? rowOf(member, undefined), member),
    );
  };
  const readStore = async (): Promise<void> => {
    const read = await batchRows(dependencies.store, id).catch(() => undefined);
    if (read) take(read.batch, read.rows);
    else if (!batch.peek()) missing.value = true;
  };

  effect(() => {
    let stopped = false;
    let cancelGrace = (): void => {};
    let cancelTick = (): void => {};
    const lost = (): void => {
      if (stopped || state.peek() === 'polling') return;
      state.value = 'polling';
      void readStore();
    };
    const stop = dependencies.live.follow(id, {
      message(news: LiveMessage) {
        if (stopped || news.kind !== 'batch' || news.batch.id !== id) return;
        cancelGrace();
        state.value = 'live';
        take(news.batch, news.rows);
      },
      up: () => {},
      down() {
        cancelGrace();
        cancelGrace = dependencies.after(grace, lost);
      },
    });
    const tick = async (): Promise<void> => {
      if (state.peek() !== 'live') await readStore();
      if (!stopped) cancelTick = dependencies.after(pollInterval, () => void tick());
    };
    void readStore();
    cancelGrace = dependencies.after(grace, lost);
    cancelTick = dependencies.after(pollInterval, () => void tick());
    return () => {
      stopped = true;
      stop();
      cancelGrace();
      cancelTick();
    };
  });

  return { batch, rows, state, missing, refresh: readStore };
});

export type BatchFeedModel = InstanceType<typeof BatchFeed>;

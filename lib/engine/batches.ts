import type { BatchRow } from '../offboarding/batch.ts';
import { isShared } from '../offboarding/batch.ts';
import type { Batch } from '../offboarding/batch-model.ts';
import type { Run } from '../offboarding/model.ts';
import { createBatchCommands } from './batch-commands.ts';
import { createKeeper } from './batch-keeper.ts';
import { createPreparation, key, needsScan } from './batch-preparation.ts';
import { createWork, type RunCommands } from './batch-work.ts';
import type { Context } from './context.ts';
import type { createDrafts } from './drafts.ts';
import type { Schedule } from './schedule.ts';

/**
 * Batches: each user is a run of its own, and a batch is no more than who is in it, what was decided for all of them,
 * and whether it goes on.
 */
export function createBatches(
  context: Context,
  schedule: Schedule,
  drafts: ReturnType<typeof createDrafts>,
  runs: RunCommands,
) {
  const keeper = createKeeper(context);
  const preparation = createPreparation(context, schedule, drafts, keeper);
  const work = createWork(context, schedule, drafts, runs, keeper);

  /** Takes up the checking of a batch, unless it waits for something. */
  const prepareAgain = async (batch: Batch): Promise<void> => {
    const found = await context.store.runsById(batch.members.map(({ run }) => run));
    const open = batch.members.some(({ refused }, index) => !refused && needsScan(found[index]));
    const later = batch.pause?.resumeAt;
    const due = !batch.pause || (later !== undefined && Date.parse(later) <= context.clock.now().getTime());
    // What another life has wished for is not known in this one.
    if (!due && later !== undefined) schedule.set(key(batch.id), new Date(later));
    if ((open || batch.notes === undefined) && due) void preparation.prepare(batch.id);
  };
  /** Gives up what a batch that was discarded has left behind: a draft holds its leaver. */
  const giveUp = async (batch: Batch, left: readonly Run[]): Promise<void> => {
    const workspace = await context.workspace(batch.connection);
    for (const { id } of left) await drafts.giveUp(id, workspace, batch.by);
  };

  return {
    commands: createBatchCommands({ context, schedule, drafts, runs, keeper, preparation, work }),
    /** A run was stored: its batch looks whether that leaves it something to do. */
    seen(run: Run): void {
      const row = keeper.take(run);
      if (run.batch === undefined || !row) return;
      const { now, before } = row;
      const lets = (each: BatchRow): string => `${each.state} ${each.pause ? isShared(each.pause) : ''}`;
      if (lets(now) !== lets(before) || (before.wait && !now.wait)) void work.wake(run.batch);
    },
    /** Whether a run may write, as far as its batch has a say in that. */
    async lets({ batch: id }: Run): Promise<boolean> {
      const batch = id === undefined ? undefined : await context.store.batch(id);
      return !batch || batch.phase === 'executing' || batch.phase === 'ended';
    },
    /**
     * Takes up what should be going on; `all`: every run of this browser. Resolves once no run goes on whose batch was
     * told not to.
     */
    async recover(all: readonly Run[]): Promise<void> {
      const told: Promise<void>[] = [];
      for (const batch of await context.store.batches()) {
        const { id, phase } = batch;
        if (phase === 'draft') await prepareAgain(batch);
        else if (phase === 'discarded') {
          const left = all.filter((run) => run.batch === id && run.phase === 'draft');
          if (left.length > 0) void giveUp(batch, left).catch(() => {});
        } else if (phase === 'executing') void work.wake(id);
        else if (phase !== 'ended') told.push(work.wake(id));
      }
      await Promise.all(told);
    },
  };
}

import { Refused } from '../messages/refused.ts';
import { type BatchRow, rowOf } from '../offboarding/batch.ts';
import type { Batch } from '../offboarding/batch-model.ts';
import type { Run } from '../offboarding/model.ts';
import type { Context } from './context.ts';

/** The batches as they are stored, with their rows, and one piece of work after another for each. */
export interface Keeper {
  /** Throws Refused (`stale`) when there is no such batch. */
  stored(id: string): Promise<Batch>;
  change(id: string, edit: (batch: Batch) => Batch | undefined): Promise<Batch>;
  /** A row for each of its members, in their order. */
  rowsOf(batch: Batch): Promise<BatchRow[]>;
  exclusively<T>(id: string, work: () => Promise<T>): Promise<T>;
  /** A run was stored: its row now and before, where its batch is looked after. */
  take(run: Run): { now: BatchRow; before: BatchRow } | undefined;
  /** The rows of this batch are not needed any more. */
  forget(id: string): void;
}

/** Rows are read once and then kept up to date by what is announced. */
export function createKeeper(context: Context): Keeper {
  /** The rows of the batches at work, by run, as far as they were heard of. */
  const known = new Map<string, Map<string, BatchRow>>();
  const queues = new Map<string, Promise<unknown>>();
  return {
    async stored(id) {
      const batch = await context.store.batch(id);
      if (!batch) throw new Refused('stale', 'This batch is not in this browser any more.');
      return batch;
    },
    async change(id, edit) {
      const at = context.timestamp();
      const batch = await context.store.updateBatch(id, (before) => {
        const next = edit(before);
        return next && { ...next, updatedAt: at };
      });
      known.delete(id);
      context.batchChanged?.(batch);
      return batch;
    },
    async rowsOf({ id, members }) {
      let rows = known.get(id);
      if (!rows) {
        const found = await context.store.runsById(members.map(({ run }) => run));
        // What was stored meanwhile has been announced already, and is newer.
        rows = new Map(
          members.map((member, index) => [
            member.run,
            rowOf(member, newer(found[index], context.latest(member.run))),
          ]),
        );
        known.set(id, rows);
      }
      return [...rows.values()];
    },
    exclusively(id, work) {
      const result = (queues.get(id) ?? Promise.resolve()).then(work, work);
      queues.set(
        id,
        result.catch(() => {}),
      );
      return result;
    },
    take(run) {
      const rows = run.batch === undefined ? undefined : known.get(run.batch);
      const before = rows?.get(run.id);
      if (!rows || !before || before.rev > run.rev) return undefined;
      const now = rowOf({ run: run.id, member: before.member }, run);
      rows.set(run.id, now);
      return { now, before };
    },
    forget: (id) => void known.delete(id),
  };
}

const newer = (stored: Run | undefined, told: Run | undefined): Run | undefined =>
  stored && told && told.rev > stored.rev ? told : stored;

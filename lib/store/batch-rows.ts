import { type BatchRow, rowOf } from '../offboarding/batch.ts';
import type { Batch } from '../offboarding/batch-model.ts';
import type { StoreReader } from './store.ts';

/** A batch with a row for each of its users, as they are stored; undefined when there is none. */
export async function batchRows(
  store: Pick<StoreReader, 'batch' | 'runsById'>,
  id: string,
): Promise<{ batch: Batch; rows: BatchRow[] } | undefined> {
  const batch = await store.batch(id);
  if (!batch) return undefined;
  const runs = await store.runsById(batch.members.map(({ run }) => run));
  return { batch, rows: batch.members.map((member, index) => rowOf(member, runs[index])) };
}

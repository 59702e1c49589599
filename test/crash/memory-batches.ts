import type { Batch } from '../../lib/offboarding/batch-model.ts';
import { MissingRun, type Store } from '../../lib/store/store.ts';

/** The part of a store in memory that keeps batches. */
export function createMemoryBatches() {
  const kept = new Map<string, Batch>();
  /** Takes those of a connection out. */
  const forget = (connection: string): void => {
    for (const batch of kept.values()) if (batch.connection === connection) kept.delete(batch.id);
  };
  const methods: Pick<Store, 'batch' | 'batches' | 'createBatch' | 'updateBatch'> = {
    batch: async (id) => kept.get(id),
    batches: async () => [...kept.values()],
    async createBatch(batch) {
      if (kept.has(batch.id)) throw new Error(`There is a batch ${batch.id} already.`);
      kept.set(batch.id, batch);
    },
    async updateBatch(id, change) {
      const batch = kept.get(id);
      if (!batch) throw new MissingRun(`There is no batch ${id} in this browser.`);
      const changed = change(batch);
      if (!changed || changed === batch) return batch;
      const next = { ...changed, rev: batch.rev + 1 };
      kept.set(id, next);
      return next;
    },
  };
  return { methods, forget };
}

import type { StoreReader } from './store.ts';

/**
 * A reader whose code is brought in by its first question, so that no page waits for what its first screen does not
 * need. What keeps that from being loaded is what the question rejects with; the next question tries again.
 */
export function readLater(load: () => Promise<StoreReader>): StoreReader {
  let loading: Promise<StoreReader> | undefined;
  const reader = (): Promise<StoreReader> => {
    if (!loading) {
      const begun = load();
      loading = begun;
      begun.catch(() => {
        if (loading === begun) loading = undefined;
      });
    }
    return loading;
  };
  return {
    items: {
      category: async (...about) => (await reader()).items.category(...about),
      page: async (...about) => (await reader()).items.page(...about),
      byRef: async (...about) => (await reader()).items.byRef(...about),
      inState: async (...about) => (await reader()).items.inState(...about),
      counts: async (...about) => (await reader()).items.counts(...about),
    },
    run: async (...about) => (await reader()).run(...about),
    runs: async () => (await reader()).runs(),
    runsById: async (...about) => (await reader()).runsById(...about),
    batch: async (...about) => (await reader()).batch(...about),
    batches: async () => (await reader()).batches(),
    journal: async (...about) => (await reader()).journal(...about),
    journalHead: async (...about) => (await reader()).journalHead(...about),
    openAttempts: async (...about) => (await reader()).openAttempts(...about),
  };
}

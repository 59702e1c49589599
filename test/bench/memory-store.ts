import type { Attempt, JournalEntry } from '../../lib/offboarding/attempt.ts';
import type { Item, Run, RunItem } from '../../lib/offboarding/model.ts';
import { checkItemMove, toPhase } from '../../lib/offboarding/transitions.ts';
import { beginning, chain } from '../../lib/store/journal.ts';
import {
  type Connection,
  type ItemReader,
  type JournalDraft,
  MissingRun,
  type RunChange,
  type Store,
} from '../../lib/store/store.ts';
import { countsOf } from '../crash/counts.ts';
import { createMemoryBatches } from '../crash/memory-batches.ts';

/** Items of one category of one run; `sorted` holds their refs in order until one is added or taken away. */
interface Shelf {
  byRef: Map<string, RunItem>;
  sorted: string[] | undefined;
}

/**
 * The engine's store without a disk: the same order, the same checks and the same chain of hashes, kept in maps. What
 * a run costs more with the real store is the price of surviving a crash.
 */
export function createMemoryStore(): Store {
  const connections = new Map<string, Connection>();
  const runs = new Map<string, Run>();
  const shelves = new Map<string, Shelf>();
  const attempts = new Map<string, Map<number, Attempt>>();
  const journals = new Map<string, JournalEntry[]>();
  const batches = createMemoryBatches();

  const shelf = (run: string, category: string): Shelf => {
    const key = JSON.stringify([run, category]);
    let found = shelves.get(key);
    if (!found) {
      found = { byRef: new Map(), sorted: undefined };
      shelves.set(key, found);
    }
    return found;
  };
  const inOrder = (kept: Shelf): string[] => {
    kept.sorted ??= [...kept.byRef.keys()].sort();
    return kept.sorted;
  };
  const put = (item: RunItem): void => {
    const kept = shelf(item.run, item.category);
    const before = kept.byRef.get(item.ref);
    if (before && before.state !== item.state) checkItemMove(before.state, item.state);
    if (!before) kept.sorted = undefined;
    kept.byRef.set(item.ref, item);
  };
  const needed = (id: string): Run => {
    const run = runs.get(id);
    if (!run) throw new MissingRun(`There is no run ${id} in memory.`);
    return run;
  };
  const apply = (id: string, change: RunChange): Run => {
    const run = needed(id);
    const changed = change(run);
    if (!changed || changed === run) return run;
    const next = { ...changed, rev: run.rev + 1 };
    runs.set(id, next);
    return next;
  };
  const append = (run: string, drafts: readonly JournalDraft[]): void => {
    const entries = journals.get(run) ?? [];
    for (const draft of drafts) entries.push(chain(run, draft, entries.at(-1)));
    journals.set(run, entries);
  };
  const attemptsOf = (run: string): Map<number, Attempt> => {
    let found = attempts.get(run);
    if (!found) {
      found = new Map();
      attempts.set(run, found);
    }
    return found;
  };

  /** Up to `limit` items after a ref that pass. */
  const after = (
    kept: Shelf,
    limit: number,
    ref: string | undefined,
    passes: (item: RunItem) => boolean,
  ): RunItem[] => {
    const refs = inOrder(kept);
    const found: RunItem[] = [];
    for (let at = ref === undefined ? 0 : firstAfter(refs, ref); at < refs.length; at += 1) {
      if (found.length === limit) break;
      const item = kept.byRef.get(refs[at] ?? '');
      if (item && passes(item)) found.push(item);
    }
    return found;
  };

  const items: ItemReader = {
    category: async (run, category) => after(shelf(run, category), Number.POSITIVE_INFINITY, undefined, all),
    page: async (run, category, limit, ref) => after(shelf(run, category), limit, ref, all),
    byRef: async (run, category, refs) => refs.map((ref) => shelf(run, category).byRef.get(ref)),
    inState: async (run, category, state, limit, ref) =>
      after(shelf(run, category), limit, ref, (item) => item.state === state),
    counts: async (run, category) => countsOf(shelf(run, category).byRef.values()),
  };

  return {
    items,
    async removeConnection(id) {
      for (const { id: run, connection } of [...runs.values()]) if (connection === id) runs.delete(run);
      batches.forget(id);
      connections.delete(id);
    },
    run: async (id) => runs.get(id),
    runs: async () => [...runs.values()],
    journal: async (run) => journals.get(run) ?? [],
    ...batches.methods,
    runsById: async (ids) => ids.map((id) => runs.get(id)),
    journalHead: async (run) => journals.get(run)?.at(-1)?.hash ?? beginning,
    openAttempts: async (run) => [...attemptsOf(run).values()].filter(({ open }) => open === 1),

    connections: async () => [...connections.values()],
    connection: async (id) => connections.get(id),
    async putConnection(connection) {
      connections.set(connection.id, connection);
    },
    async remember(id, name, value) {
      const stored = connections.get(id);
      if (stored) connections.set(id, { ...stored, memory: { ...stored.memory, [name]: value } });
    },
    openRun: async (open) => [...runs.values()].find((run) => run.open === open),
    async createRun(run, entry) {
      const existing =
        run.open === undefined ? undefined : [...runs.values()].find(({ open }) => open === run.open);
      if (existing) return { run: existing, created: false };
      runs.set(run.id, run);
      append(run.id, [entry]);
      return { run, created: true };
    },
    appendJournal: async (name, entries) => append(name, entries),
    async updateRun(id, change, entries = []) {
      const before = needed(id);
      const run = apply(id, change);
      if (run !== before) append(id, typeof entries === 'function' ? entries(run, before) : entries);
      return run;
    },
    async putAside(id, entry) {
      const run = apply(id, (stored) => toPhase({ ...stored, phase: 'executing' }, 'failed', entry.at));
      append(id, [entry]);
      return run;
    },
    async deleteRun(id) {
      runs.delete(id);
      attempts.delete(id);
      journals.delete(id);
      for (const key of [...shelves.keys()]) if (JSON.parse(key)[0] === id) shelves.delete(key);
    },
    hasNoItems: async (run) =>
      [...shelves].every(([key, { byRef }]) => JSON.parse(key)[0] !== run || byRef.size === 0),
    async mergeItems(run, scanned, firstPosition) {
      const merged = { added: [] as Item[], returned: [] as Item[], left: 0 };
      scanned.forEach((item, index) => {
        const kept = shelf(run, item.category);
        const before = kept.byRef.get(item.ref);
        if (before?.state === 'failed' || before?.state === 'unknown') {
          merged.left += 1;
          return;
        }
        if (!before) merged.added.push(item);
        else if (before.state !== 'planned') merged.returned.push(item);
        put({ ...item, run, position: before?.position ?? firstPosition + index, state: 'planned' });
      });
      return merged;
    },
    sealItems: async () => {},
    async removeItems(run, category, keep) {
      const kept = shelf(run, category);
      const removed = [...kept.byRef.values()].filter(({ ref }) => !keep.has(ref));
      for (const { ref } of removed) kept.byRef.delete(ref);
      if (removed.length > 0) kept.sorted = undefined;
      return removed;
    },
    async putItems(changed, change) {
      for (const item of changed) put(item);
      const [first] = changed;
      return change && first ? apply(first.run, change) : undefined;
    },
    lastAttempt: async (run) => Math.max(0, ...attemptsOf(run).keys()),
    async beginAttempt(attempt) {
      const known = attemptsOf(attempt.run);
      if (known.has(attempt.seq)) throw new Error(`There is an attempt ${attempt.seq} already.`);
      known.set(attempt.seq, attempt);
    },
    async markAttempt(attempt, changed, change) {
      attemptsOf(attempt.run).set(attempt.seq, attempt);
      for (const item of changed) put(item);
      return apply(attempt.run, change);
    },
    async settleAttempt(attempt, changed, change, entry) {
      const { open: _open, ...closed } = attempt;
      attemptsOf(attempt.run).set(attempt.seq, closed);
      for (const item of changed) put(item);
      const run = apply(attempt.run, change);
      append(attempt.run, [entry]);
      return run;
    },
  };
}

const all = (): boolean => true;

/** The place of the first ref that sorts after this one. */
function firstAfter(refs: readonly string[], ref: string): number {
  let low = 0;
  let high = refs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((refs[middle] ?? '') <= ref) low = middle + 1;
    else high = middle;
  }
  return low;
}

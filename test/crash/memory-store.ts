import type { Attempt, JournalEntry } from '../../lib/offboarding/attempt.ts';
import type { Run, RunItem } from '../../lib/offboarding/model.ts';
import { checkItemMove, toPhase } from '../../lib/offboarding/transitions.ts';
import { beginning, chain } from '../../lib/store/journal.ts';
import { mergeAll } from '../../lib/store/merge.ts';
import {
  type Connection,
  type JournalDraft,
  MissingRun,
  type RunChange,
  type Store,
} from '../../lib/store/store.ts';
import { countsOf } from './counts.ts';
import { createMemoryBatches } from './memory-batches.ts';

/**
 * The store in memory: the same promises as the real one (each method is all or nothing), a hundred times faster.
 * The store's own tests run against both.
 */
export function createMemoryStore(): Store {
  const connections = new Map<string, Connection>();
  const runs = new Map<string, Run>();
  const items = new Map<string, Map<string, RunItem>>();
  const attempts = new Map<string, Attempt[]>();
  const journals = new Map<string, JournalEntry[]>();
  const batches = createMemoryBatches();

  const rowsOf = (run: string, category: string): Map<string, RunItem> => {
    const key = JSON.stringify([run, category]);
    const rows = items.get(key) ?? new Map<string, RunItem>();
    items.set(key, rows);
    return rows;
  };
  const inOrder = (run: string, category: string): RunItem[] =>
    [...rowsOf(run, category).values()].sort((a, b) => (a.ref < b.ref ? -1 : 1));
  const existing = (id: string): Run => {
    const run = runs.get(id);
    if (!run) throw new MissingRun(`There is no run ${id} in this browser.`);
    return run;
  };
  const changed = (id: string, change: RunChange): Run => {
    const run = existing(id);
    const next = change(run);
    return next && next !== run ? { ...next, rev: run.rev + 1 } : run;
  };
  const put = (run: Run): Run => {
    runs.set(run.id, run);
    return run;
  };
  const append = (run: string, drafts: readonly JournalDraft[]): void => {
    const journal = journals.get(run) ?? [];
    journals.set(run, journal);
    for (const draft of drafts) journal.push(chain(run, draft, journal.at(-1)));
  };
  const checkMoves = (rows: readonly RunItem[]): void => {
    for (const row of rows) {
      const before = rowsOf(row.run, row.category).get(row.ref);
      if (before && before.state !== row.state) checkItemMove(before.state, row.state);
    }
  };
  const putItems = (rows: readonly RunItem[]): void => {
    for (const row of rows) rowsOf(row.run, row.category).set(row.ref, row);
  };
  const putAttempt = (attempt: Attempt): void => {
    const others = (attempts.get(attempt.run) ?? []).filter(({ seq }) => seq !== attempt.seq);
    attempts.set(
      attempt.run,
      [...others, attempt].sort((a, b) => a.seq - b.seq),
    );
  };

  return {
    items: {
      category: async (run, category) => inOrder(run, category),
      page: async (run, category, limit, after) =>
        inOrder(run, category)
          .filter(({ ref }) => after === undefined || ref > after)
          .slice(0, limit),
      byRef: async (run, category, refs) => refs.map((ref) => rowsOf(run, category).get(ref)),
      inState: async (run, category, state, limit, after) =>
        inOrder(run, category)
          .filter((row) => row.state === state && (after === undefined || row.ref > after))
          .slice(0, limit),
      counts: async (run, category) => countsOf(rowsOf(run, category).values()),
    },
    run: async (id) => runs.get(id),
    runs: async () => [...runs.values()],
    journal: async (run) => journals.get(run) ?? [],
    ...batches.methods,
    runsById: async (ids) => ids.map((id) => runs.get(id)),
    journalHead: async (run) => journals.get(run)?.at(-1)?.hash ?? beginning,
    openAttempts: async (run) => (attempts.get(run) ?? []).filter(({ open }) => open === 1),
    connections: async () => [...connections.values()],
    connection: async (id) => connections.get(id),
    putConnection: async (connection) => void connections.set(connection.id, connection),
    remember: async (id, name, value) => {
      const stored = connections.get(id);
      if (stored) connections.set(id, { ...stored, memory: { ...stored.memory, [name]: value } });
    },
    async removeConnection(id, names) {
      for (const name of names) journals.delete(name);
      for (const { id: run, connection } of [...runs.values()])
        if (connection === id) {
          runs.delete(run);
          attempts.delete(run);
          journals.delete(run);
          for (const key of [...items.keys()]) if (JSON.parse(key)[0] === run) items.delete(key);
        }
      batches.forget(id);
      connections.delete(id);
    },
    openRun: async (open) => [...runs.values()].find((run) => run.open === open),
    async createRun(run, entry) {
      const taken = [...runs.values()].find(({ open }) => open !== undefined && open === run.open);
      if (taken) return { run: taken, created: false };
      put(run);
      append(run.id, [entry]);
      return { run, created: true };
    },
    async updateRun(id, change, entries = []) {
      const before = existing(id);
      const run = changed(id, change);
      if (run !== before) append(id, typeof entries === 'function' ? entries(run, before) : entries);
      return put(run);
    },
    appendJournal: async (name, entries) => append(name, entries),
    async putAside(id, entry) {
      // Here every run can be read: what is put aside is over.
      const run = put(
        changed(id, (stored) => toPhase({ ...stored, phase: 'executing' }, 'failed', entry.at)),
      );
      append(id, [entry]);
      return run;
    },
    async deleteRun(id) {
      runs.delete(id);
      attempts.delete(id);
      journals.delete(id);
      for (const key of [...items.keys()]) if (JSON.parse(key)[0] === id) items.delete(key);
    },
    async mergeItems(run, found, firstPosition) {
      const known = found.map(({ category, ref }) => rowsOf(run, category).get(ref));
      const { rows, merged } = mergeAll(run, found, known, firstPosition);
      putItems(rows);
      return merged;
    },
    hasNoItems: async (run) =>
      [...items].every(([key, rows]) => JSON.parse(key)[0] !== run || rows.size === 0),
    sealItems: async () => {},
    async removeItems(run, category, keep, change) {
      const removed = inOrder(run, category).filter(({ ref }) => !keep.has(ref));
      if (change && removed.length > 0) put(changed(run, (stored) => change(stored, removed)));
      for (const { ref } of removed) rowsOf(run, category).delete(ref);
      return removed;
    },
    async putItems(rows, change) {
      checkMoves(rows);
      const first = rows[0];
      const run = change && first ? changed(first.run, change) : undefined;
      putItems(rows);
      return run && put(run);
    },
    lastAttempt: async (run) => attempts.get(run)?.at(-1)?.seq ?? 0,
    async beginAttempt(attempt) {
      if (attempts.get(attempt.run)?.some(({ seq }) => seq === attempt.seq))
        throw new Error(`There is an attempt ${attempt.seq} already.`);
      putAttempt(attempt);
    },
    async markAttempt(attempt, rows, change) {
      checkMoves(rows);
      const run = changed(attempt.run, change);
      putAttempt(attempt);
      putItems(rows);
      return put(run);
    },
    async settleAttempt(attempt, rows, change, entry) {
      checkMoves(rows);
      const run = changed(attempt.run, change);
      const { open: _open, ...closed } = attempt;
      putAttempt(closed);
      putItems(rows);
      append(attempt.run, [entry]);
      return put(run);
    },
  };
}

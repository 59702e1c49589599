import type { Run } from '../offboarding/model.ts';
import { createAttemptWrites } from './attempts.ts';
import { type Database, openDatabase, type Transaction } from './database.ts';
import { gather } from './gathering.ts';
import { isSealed, keepsAll, mergeKnown, putMoved, removeAllBut, seal, writeFresh } from './items.ts';
import { chain } from './journal.ts';
import { createRunRows, type RunRows } from './old.ts';
import { createReader, ofRun } from './reader.ts';
import {
  type JournalDraft,
  MissingRun,
  type RunChange,
  StorageFailed,
  type Store,
  type StoreReader,
} from './store.ts';

const databaseName = 'offboarding';
const tables = ['runs', 'items', 'chunks', 'loose', 'attempts', 'journal'] as const;
/** Where the rows of one run lie, besides its own. */
const ofRuns = ['items', 'chunks', 'loose', 'attempts', 'journal'] as const;
/** What a change of the run alone writes: it neither waits for items being stored nor holds them up. */
const runTables = ['runs', 'journal'] as const;
const itemTables = ['items', 'chunks', 'loose'] as const;
const everything = [...tables, 'connections', 'batches'] as const;
type Table = (typeof everything)[number];

/** The read side alone, for panels and their workers. */
export function openStoreReader(name = databaseName): StoreReader {
  return createReader(connector(name));
}

/**
 * The store of runs. Opens its database at the first call and again when the browser took it away.
 * Every method rejects with StorageFailed when the browser cannot read or write.
 */
export function openStore(name = databaseName): Store {
  const database = connector(name);
  const rows = createRunRows();
  const reader = createReader(database, rows);
  const ofRunAlone = together(database, runTables);
  const ofItemsToo = together(database, tables);

  return guarded({
    ...reader,

    async connections() {
      return (await database()).getAll('connections');
    },
    async connection(id) {
      return (await database()).get('connections', id);
    },
    async putConnection(connection) {
      const transaction = (await database()).transaction('connections', 'readwrite', {
        durability: 'strict',
      });
      await Promise.all([transaction.store.put(connection), transaction.done]);
    },
    async remember(id, name, value) {
      const transaction = (await database()).transaction('connections', 'readwrite', {
        durability: 'strict',
      });
      const stored = await transaction.store.get(id);
      if (stored) await transaction.store.put({ ...stored, memory: { ...stored.memory, [name]: value } });
      await transaction.done;
    },

    removeConnection: (id, journals) =>
      strictly(database, everything, async (transaction) => {
        for (const { id: run, connection } of await transaction.objectStore('runs').getAll()) {
          if (connection !== id) continue;
          await transaction.objectStore('runs').delete(run);
          for (const table of ofRuns) await transaction.objectStore(table).delete(ofRun(run));
        }
        for (const batch of await transaction.objectStore('batches').getAll())
          if (batch.connection === id) await transaction.objectStore('batches').delete(batch.id);
        await transaction.objectStore('connections').delete(id);
        for (const name of journals) await transaction.objectStore('journal').delete(ofRun(name));
      }),

    async openRun(open) {
      const row = await (await database()).getFromIndex('runs', 'open', open);
      return row && rows.read(row);
    },
    createRun: (run, entry) =>
      ofRunAlone(run.id, async (transaction) => {
        const runs = transaction.objectStore('runs');
        const existing = run.open === undefined ? undefined : await runs.index('open').get(run.open);
        if (existing) return { run: rows.read(existing), created: false };
        await runs.add(run);
        await append(transaction, run.id, [entry]);
        return { run, created: true };
      }),
    updateRun: (id, change, entries = []) =>
      ofRunAlone(id, async (transaction) => {
        const { run, before } = await applyChange(transaction, rows, id, change);
        // The journal tells what happened, and a change that was not made did not.
        if (run !== before)
          await append(transaction, id, typeof entries === 'function' ? entries(run, before) : entries);
        return run;
      }),
    putAside: (id, entry) =>
      strictly(database, runTables, async (transaction) => {
        const runs = transaction.objectStore('runs');
        const row = await runs.get(id);
        if (!row) throw new MissingRun(`There is no run ${id} in this browser.`);
        const aside = rows.aside(row, entry.at);
        await runs.put(aside);
        await append(transaction, id, [entry]);
        return rows.read(aside);
      }),
    createBatch: (batch) =>
      strictly(database, ['batches'], async (transaction) => {
        await transaction.objectStore('batches').add(batch);
      }),
    updateBatch: (id, change) =>
      strictly(database, ['batches'], async (transaction) => {
        const batches = transaction.objectStore('batches');
        const batch = await batches.get(id);
        if (!batch) throw new MissingRun(`There is no batch ${id} in this browser.`);
        const changed = change(batch);
        if (!changed || changed === batch) return batch;
        const next = { ...changed, rev: batch.rev + 1 };
        await batches.put(next);
        return next;
      }),
    appendJournal: (name, entries) =>
      strictly(database, runTables, (transaction) => append(transaction, name, entries)),
    deleteRun: (id) =>
      strictly(database, tables, async (transaction) => {
        await transaction.objectStore('runs').delete(id);
        for (const table of ofRuns) await transaction.objectStore(table).delete(ofRun(id));
      }),

    mergeItems: async (run, items, firstPosition, fresh = false) => {
      const transaction = (await database()).transaction([...itemTables], 'readwrite', {
        durability: 'relaxed',
      });
      const stored = fresh
        ? writeFresh(transaction, run, items, firstPosition)
        : mergeKnown(transaction, run, items, firstPosition);
      const [merged] = await Promise.all([stored, transaction.done]);
      return merged;
    },
    async hasNoItems(run) {
      const transaction = (await database()).transaction([...itemTables]);
      const counts = await Promise.all(
        itemTables.map((table) => transaction.objectStore(table).count(ofRun(run))),
      );
      return counts.every((count) => count === 0);
    },
    async sealItems(run, category) {
      if (await isSealed((await database()).transaction([...itemTables]), run, category)) return;
      await ofItemsToo(run, (transaction) => seal(transaction, run, category));
    },
    async removeItems(run, category, keep, change) {
      if (await keepsAll((await database()).transaction([...itemTables]), run, category, keep)) return [];
      return ofItemsToo(run, async (transaction) => {
        const removed = await removeAllBut(transaction, run, category, keep);
        if (change && removed.length > 0)
          await applyChange(transaction, rows, run, (stored) => change(stored, removed));
        return removed;
      });
    },
    async putItems(items, change) {
      const [first] = items;
      if (!first) return undefined;
      return ofItemsToo(first.run, async (transaction) => {
        await putMoved(transaction, items);
        return change && (await applyChange(transaction, rows, first.run, change)).run;
      });
    },

    async lastAttempt(run) {
      const cursor = await (await database()).transaction('attempts').store.openKeyCursor(ofRun(run), 'prev');
      return cursor ? cursor.key[1] : 0;
    },
    ...createAttemptWrites(database, rows),
    markAttempt: (attempt, items, change) =>
      ofItemsToo(attempt.run, async (transaction) => {
        await transaction.objectStore('attempts').put(attempt);
        await putMoved(transaction, items);
        return (await applyChange(transaction, rows, attempt.run, change)).run;
      }),
  });
}

/** Keeps one open database and opens it anew after it was taken away. */
function connector(name: string): () => Promise<Database> {
  let opened: Promise<Database> | undefined;
  return () => {
    opened ??= openDatabase(name, () => {
      opened = undefined;
    }).catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };
}

/**
 * Does `work` in one transaction over these tables, on disk when it resolves. When `work` throws, nothing of it is
 * stored. It may await nothing but the transaction's own requests.
 */
async function strictly<T>(
  database: () => Promise<Database>,
  scope: readonly Table[],
  work: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  const transaction = (await database()).transaction([...scope], 'readwrite', { durability: 'strict' });
  try {
    const result = await work(transaction);
    transaction.commit();
    await transaction.done;
    return result;
  } catch (error) {
    // What the transaction says of its own abort adds nothing to `error`.
    transaction.done.catch(() => {});
    try {
      transaction.abort();
    } catch {
      // It had ended already.
    }
    throw error;
  }
}

/**
 * As `strictly`, of several at once in one transaction: what is to be written of one run in the order in which it was
 * asked for, and that of several runs side by side. Work that throws is alone in that, and may be done a second time.
 */
function together(database: () => Promise<Database>, scope: readonly Table[]) {
  type Work = { run: string; work(transaction: Transaction): Promise<unknown> };
  const add = gather((works: readonly Work[]) =>
    strictly(database, scope, (transaction) => {
      const ends = new Map<string, Promise<unknown>>();
      const results = works.map(({ run, work }) => {
        const before = ends.get(run);
        const result = before === undefined ? work(transaction) : before.then(() => work(transaction));
        ends.set(run, result);
        return result;
      });
      return Promise.all(results);
    }),
  );
  return <T>(run: string, work: (transaction: Transaction) => Promise<T>): Promise<T> =>
    add({ run, work }) as Promise<T>;
}

async function applyChange(
  transaction: Transaction,
  rows: RunRows,
  id: string,
  change: RunChange,
): Promise<{ run: Run; before: Run }> {
  const runs = transaction.objectStore('runs');
  const row = await runs.get(id);
  if (!row) throw new MissingRun(`There is no run ${id} in this browser.`);
  const run = rows.forChange(row);
  const changed = change(run);
  if (!changed || changed === run) return { run, before: run };
  const next = { ...changed, rev: run.rev + 1 };
  await runs.put(next);
  return { run: next, before: run };
}

async function append(transaction: Transaction, run: string, drafts: readonly JournalDraft[]): Promise<void> {
  if (drafts.length === 0) return;
  const journal = transaction.objectStore('journal');
  let last = (await journal.openCursor(ofRun(run), 'prev'))?.value;
  for (const draft of drafts) {
    last = chain(run, draft, last);
    await journal.add(last);
  }
}

/** Turns what the browser throws into StorageFailed, and leaves our own errors alone. */
function guarded(store: Store): Store {
  const entries = Object.entries(store).map(([name, method]) => {
    if (typeof method !== 'function') return [name, method];
    return [
      name,
      async (...parameters: never[]) => {
        try {
          return await (method as (...parameters: never[]) => Promise<unknown>)(...parameters);
        } catch (error) {
          if (error instanceof Error && error.name === 'VersionError')
            throw new StorageFailed('A newer version of the extension wrote the runs of this browser.', {
              cause: error,
            });
          if (error instanceof DOMException || (error instanceof Error && error.name === 'ConstraintError'))
            throw new StorageFailed(`The browser could not store the run: ${error.message}`, {
              cause: error,
            });
          throw error;
        }
      },
    ];
  });
  return Object.fromEntries(entries) as Store;
}

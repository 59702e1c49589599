import { type IDBPObjectStore, unwrap } from 'idb';
import type { Attempt, JournalEntry } from '../offboarding/attempt.ts';
import type { ItemState, Run, RunItem } from '../offboarding/model.ts';
import { checkItemMove } from '../offboarding/transitions.ts';
import type { Database, Schema } from './database.ts';
import { gather } from './gathering.ts';
import { chain } from './journal.ts';
import type { RunRows } from './old.ts';
import { ofRun } from './reader.ts';
import { type ItemRow, putRows, toItem } from './rows.ts';
import { type JournalDraft, MissingRun, type RunChange, type Store } from './store.ts';

/** An attempt that begins, or one that is settled. */
type Write =
  | { attempt: Attempt; settled?: undefined }
  | {
      attempt: Attempt;
      settled: { items: readonly RunItem[]; change: RunChange; entry: JournalDraft };
    };

/** Stores what a run writes most often, of several at once together. A call resolves when its own write is on disk. */
export function createAttemptWrites(
  database: () => Promise<Database>,
  rows: RunRows,
): Pick<Store, 'beginAttempt' | 'settleAttempt'> {
  const add = gather(async (writes: readonly Write[]) => storeTogether(await database(), rows, writes));
  return {
    async beginAttempt(attempt) {
      await add({ attempt });
    },
    async settleAttempt(attempt, items, change, entry) {
      const { open: _open, ...closed } = attempt;
      const run = await add({ attempt: closed, settled: { items, change, entry } });
      if (!run) throw new MissingRun(`There is no run ${attempt.run} in this browser.`);
      return run;
    },
  };
}

/**
 * All of them in one strict transaction: first every question, then every write, since a trip to the database costs
 * more than what it carries. Resolves with the run after each of them; when one throws, none is stored.
 */
async function storeTogether(
  database: Database,
  rows: RunRows,
  writes: readonly Write[],
): Promise<(Run | undefined)[]> {
  const settles = writes.flatMap(({ attempt, settled }) =>
    settled ? [{ run: attempt.run, ...settled }] : [],
  );
  const scope =
    settles.length > 0
      ? (['attempts', 'items', 'runs', 'journal'] as const)
      : (['attempts', 'runs'] as const);
  const transaction = database.transaction(
    scope as readonly ['attempts', 'items', 'runs', 'journal'],
    'readwrite',
    {
      durability: 'strict',
    },
  );
  try {
    const items = settles.flatMap((settle) => settle.items);
    const ids = [...new Set(settles.map(({ run }) => run))];
    const begun = writes.flatMap(({ attempt, settled }) => (settled ? [] : [attempt.run]));
    const [known, runs, last] = await Promise.all([
      Promise.all(settles.map((settle) => rowsOf(transaction.objectStore('items'), settle.items))),
      Promise.all(ids.map((id) => transaction.objectStore('runs').get(id))),
      Promise.all(ids.map((id) => transaction.objectStore('journal').openCursor(ofRun(id), 'prev'))),
      // A database that was emptied meanwhile takes none: what it does not know would be sent all the same.
      Promise.all([...new Set(begun)].map((id) => checkThere(transaction.objectStore('runs'), id))),
    ]);

    const states = new Map<string, ItemState>();
    for (const row of known.flat()) states.set(keyOf(row), toItem(row).state);
    const latest = new Map<string, Run>();
    for (const row of runs) if (row) latest.set(row.id, rows.forChange(row));
    const ends = new Map<string, JournalEntry | undefined>(ids.map((id, index) => [id, last[index]?.value]));

    const entries: JournalEntry[] = [];
    const results = writes.map(({ attempt, settled }): Run | undefined => {
      if (!settled) return undefined;
      for (const item of settled.items) {
        const before = states.get(keyOf(item));
        if (before !== undefined && before !== item.state) checkItemMove(before, item.state);
        states.set(keyOf(item), item.state);
      }
      const run = latest.get(attempt.run);
      if (!run) throw new MissingRun(`There is no run ${attempt.run} in this browser.`);
      const changed = settled.change(run);
      const next = !changed || changed === run ? run : { ...changed, rev: run.rev + 1 };
      latest.set(attempt.run, next);
      const entry = chain(attempt.run, settled.entry, ends.get(attempt.run));
      ends.set(attempt.run, entry);
      entries.push(entry);
      return next;
    });

    const attempts = unwrap(transaction.objectStore('attempts'));
    for (const { attempt, settled } of writes)
      if (settled) attempts.put(attempt);
      else attempts.add(attempt);
    if (settles.length > 0) {
      putRows(transaction.objectStore('items'), items);
      const table = unwrap(transaction.objectStore('runs'));
      for (const run of latest.values()) table.put(run);
      const journal = unwrap(transaction.objectStore('journal'));
      for (const entry of entries) journal.add(entry);
    }
    transaction.commit();
    await transaction.done;
    return results;
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

/** Throws MissingRun. */
async function checkThere(
  table: Pick<IDBPObjectStore<Schema, ['runs'], 'runs'>, 'count'>,
  run: string,
): Promise<void> {
  if ((await table.count(run)) === 0) throw new MissingRun(`There is no run ${run} in this browser.`);
}

/**
 * The rows that the items of one attempt have already, and perhaps some that lie between them. Most have none yet, and
 * as a rule they are neighbours: one look at all that lies from the first to the last, unless that is much else.
 */
async function rowsOf(
  table: Pick<IDBPObjectStore<Schema, ['items'], 'items'>, 'get' | 'getAll'>,
  items: readonly RunItem[],
): Promise<ItemRow[]> {
  const [some] = items;
  if (!some) return [];
  const { run, category } = some;
  const refs = items.map(({ ref }) => ref).sort();
  const range = IDBKeyRange.bound([run, category, refs[0]], [run, category, refs.at(-1)]);
  const most = refs.length * 2;
  const found = await table.getAll(range, most + 1);
  if (found.length <= most) return found;
  const each = await Promise.all(refs.map((ref) => table.get([run, category, ref])));
  return each.filter((row) => row !== undefined);
}

const keyOf = ({ run, category, ref }: Pick<RunItem, 'run' | 'category' | 'ref'>): string =>
  JSON.stringify([run, category, ref]);

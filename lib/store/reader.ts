import type { IDBPObjectStore } from 'idb';
import type { ItemState, RunItem } from '../offboarding/model.ts';
import { type ChunkRow, chunkSize, itemOf, itemsOf } from './chunks.ts';
import type { Database, Schema } from './database.ts';
import { beginning } from './journal.ts';
import { createRunRows, type RunRows } from './old.ts';
import { type ItemRow, toItem } from './rows.ts';
import type { ItemReader, StoreReader } from './store.ts';

/** Everything of one category: an array sorts after every string, so it closes a range of refs. */
export const ofCategory = (run: string, category: string, after?: string): IDBKeyRange =>
  after === undefined
    ? IDBKeyRange.bound([run, category], [run, category, []])
    : IDBKeyRange.bound([run, category, after], [run, category, []], true);

const stateRange = (run: string, category: string, state: ItemState, after?: string): IDBKeyRange =>
  after === undefined
    ? IDBKeyRange.bound([run, category, state], [run, category, state, []])
    : IDBKeyRange.bound([run, category, state, after], [run, category, state, []], true);

const isPlanned = ({ state }: RunItem): boolean => state === 'planned';

/** Everything of one run in a table whose key begins with the run. */
export const ofRun = (run: string): IDBKeyRange => IDBKeyRange.bound([run], [run, []]);

/** The two tables that items lie in. One transaction sees both as they are at one moment. */
export interface ItemTables {
  objectStore<Name extends 'items' | 'chunks'>(
    name: Name,
  ): Pick<IDBPObjectStore<Schema, Name[], Name>, 'get' | 'getKey'>;
}

/** The items of these refs, in the order asked; undefined for what is not there. A row wins over a chunk. */
export async function findItems(
  tables: ItemTables,
  run: string,
  category: string,
  refs: readonly string[],
): Promise<(RunItem | undefined)[]> {
  const items = tables.objectStore('items');
  const chunks = tables.objectStore('chunks');
  const [rows, keys] = await Promise.all([
    Promise.all(refs.map((ref) => items.get([run, category, ref]))),
    // A chunk is known by its last ref: the first one from there on is the only one that can hold it.
    Promise.all(
      refs.map((ref) => chunks.getKey(IDBKeyRange.bound([run, category, ref], [run, category, []]))),
    ),
  ]);
  const wanted = new Set(keys.flatMap((key, index) => (key && !rows[index] ? [key[2]] : [])));
  const found = await Promise.all([...wanted].map((last) => chunks.get([run, category, last])));
  const byLast = new Map<string | undefined, ChunkRow>();
  for (const chunk of found) if (chunk) byLast.set(chunk.last, chunk);
  return refs.map((ref, index) => {
    const row = rows[index];
    if (row) return toItem(row);
    const chunk = byLast.get(keys[index]?.[2]);
    return chunk && itemOf(chunk, ref);
  });
}

/** The read side. `database` gives an open database each time; it rejects when there is none to be had. */
export function createReader(
  database: () => Promise<Database>,
  rows: RunRows = createRunRows(),
): StoreReader {
  const itemTables = async () => (await database()).transaction(['items', 'chunks']);

  /** Up to `limit` items that pass, after a ref; all of them without a limit. */
  const slice = async (
    run: string,
    category: string,
    limit = Number.POSITIVE_INFINITY,
    after?: string,
    passes?: (item: RunItem) => boolean,
  ): Promise<RunItem[]> => {
    const transaction = await itemTables();
    const most = Number.isFinite(limit) ? limit : undefined;
    const mostChunks = most && Math.ceil(most / chunkSize) + 1;
    const found: RunItem[] = [];
    for (let from = after; ; ) {
      const range = ofCategory(run, category, from);
      const [rows, chunks] = await Promise.all([
        transaction.objectStore('items').getAll(range, most),
        transaction.objectStore('chunks').getAll(range, mostChunks),
      ]);
      // Where one of the two was cut off, what the other knows beyond that has to wait.
      const ends: string[] = [];
      if (rows.length === most) ends.push(rows.at(-1)?.ref ?? '');
      if (chunks.length === mostChunks) ends.push(chunks.at(-1)?.last ?? '');
      const end = ends.sort()[0];
      for (const item of merged(rows, chunks, from)) {
        if (found.length === limit || (end !== undefined && item.ref > end)) break;
        if (!passes || passes(item)) found.push(item);
      }
      if (found.length === limit || end === undefined) break;
      from = end;
    }
    await transaction.done;
    return found;
  };

  const counts = async (run: string, category: string): Promise<Record<ItemState, number>> => {
    const transaction = await itemTables();
    const range = ofCategory(run, category);
    const own = transaction.objectStore('items');
    const index = own.index('state');
    const inState = (state: ItemState) => index.count(stateRange(run, category, state));
    // A planned row has no state, save where an older version wrote it: it is whatever no other state has.
    const [chunks, all, unknown, moved, failed, skipped] = await Promise.all([
      transaction.objectStore('chunks').getAll(range),
      own.count(range),
      inState('unknown'),
      inState('moved'),
      inState('failed'),
      inState('skipped'),
    ]);
    let planned = all - unknown - moved - failed - skipped;
    if (chunks.length > 0) {
      const keys = all === 0 ? [] : await own.getAllKeys(range);
      const touched = new Set(keys.map(([, , ref]) => ref));
      for (const { refs } of chunks) for (const ref of refs) if (!touched.has(ref)) planned += 1;
    }
    await transaction.done;
    return { planned, unknown, moved, failed, skipped };
  };

  const items: ItemReader = {
    category: (run, category) => slice(run, category),
    page: slice,
    async byRef(run, category, refs) {
      const transaction = await itemTables();
      const found = await findItems(transaction, run, category, refs);
      await transaction.done;
      return found;
    },
    async inState(run, category, state, limit, after) {
      if (state === 'planned') {
        if (after === undefined && (await counts(run, category)).planned === 0) return [];
        return slice(run, category, limit, after, isPlanned);
      }
      const rows = await (await database()).getAllFromIndex(
        'items',
        'state',
        stateRange(run, category, state, after),
        limit,
      );
      return rows.map(toItem);
    },
    counts,
  };

  return {
    items,
    async run(id) {
      const row = await (await database()).get('runs', id);
      return row && rows.read(row);
    },
    async runs() {
      return (await (await database()).getAll('runs')).map(rows.read);
    },
    async runsById(ids) {
      const { store, done } = (await database()).transaction('runs');
      const found = await Promise.all(ids.map((id) => store.get(id)));
      await done;
      return found.map((row) => row && rows.read(row));
    },
    async batch(id) {
      return (await database()).get('batches', id);
    },
    async batches() {
      return (await database()).getAll('batches');
    },
    async journal(run) {
      return (await database()).getAll('journal', ofRun(run));
    },
    async journalHead(run) {
      const last = await (await database()).transaction('journal').store.openCursor(ofRun(run), 'prev');
      return last?.value.hash ?? beginning;
    },
    async openAttempts(run) {
      return (await database()).getAllFromIndex('attempts', 'open', [run, 1]);
    },
  };
}

/** Rows and chunks, both in the order of their refs, as one; a row wins over a chunk. */
function* merged(
  rows: readonly ItemRow[],
  chunks: readonly ChunkRow[],
  after: string | undefined,
): Generator<RunItem> {
  let at = 0;
  for (const chunk of chunks)
    for (const item of itemsOf(chunk, after)) {
      for (let row = rows[at]; row && row.ref < item.ref; row = rows[at]) {
        at += 1;
        yield toItem(row);
      }
      if (rows[at]?.ref !== item.ref) yield item;
    }
  for (const row of rows.slice(at)) yield toItem(row);
}

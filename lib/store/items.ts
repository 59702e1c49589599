import type { IDBPObjectStore } from 'idb';
import type { Item, RunItem } from '../offboarding/model.ts';
import { checkItemMove } from '../offboarding/transitions.ts';
import { chunksOf, inOrder, itemOf, looseOf, type Placed, without } from './chunks.ts';
import type { Schema, Transaction } from './database.ts';
import { canonical } from './journal.ts';
import { mergeAll } from './merge.ts';
import { findItems, ofCategory } from './reader.ts';
import { putRows, toItem } from './rows.ts';
import type { Merged } from './store.ts';

/** A transaction that writes items; what each function awaits are its requests alone. */
type Writing = Pick<Transaction, 'objectStore'>;

/** Writes items of which none is there, many to a row. A page may name one twice. */
export async function writeFresh(
  tables: Writing,
  run: string,
  items: readonly Item[],
  firstPosition: number,
): Promise<Merged> {
  const pages = new Map<string, Map<string, Placed>>();
  items.forEach((item, index) => {
    const page = pages.get(item.category) ?? new Map<string, Placed>();
    pages.set(item.category, page);
    if (!page.has(item.ref)) page.set(item.ref, { item, position: firstPosition + index });
  });
  const chunks = tables.objectStore('chunks');
  const added = await Promise.all(
    [...pages].map(async ([category, page]) => {
      const placed = [...page.values()].sort((a, b) => (a.item.ref < b.item.ref ? -1 : 1));
      const before = await chunks.openKeyCursor(ofCategory(run, category), 'prev');
      if (before && before.key[2] >= (placed[0]?.item.ref ?? ''))
        await tables.objectStore('loose').put(looseOf(run, category, placed));
      else await Promise.all(chunksOf(run, category, placed).map((chunk) => chunks.put(chunk)));
      return placed.map(({ item }) => item);
    }),
  );
  return { added: added.flat(), returned: [], left: 0 };
}

/** Merges items with what is there; what says the same as before is not written again. */
export async function mergeKnown(
  tables: Writing,
  run: string,
  items: readonly Item[],
  firstPosition: number,
): Promise<Merged> {
  const places = new Map<string, number[]>();
  items.forEach(({ category }, index) => {
    places.set(category, [...(places.get(category) ?? []), index]);
  });
  const known: (RunItem | undefined)[] = items.map(() => undefined);
  for (const [category, indexes] of places) {
    const refs = indexes.map((index) => items[index]?.ref ?? '');
    const found = await findItems(tables, run, category, refs);
    indexes.forEach((index, at) => {
      known[index] = found[at];
    });
  }
  const { rows, merged } = mergeAll(run, items, known, firstPosition);
  const before = new Map(known.flatMap((item) => (item ? [[keyOf(item), canonical(item)] as const] : [])));
  putRows(
    tables.objectStore('items'),
    rows.filter((row) => before.get(keyOf(row)) !== canonical(row)),
  );
  return merged;
}

/** A transaction that reads items. */
interface Reading {
  objectStore<Name extends 'items' | 'chunks' | 'loose'>(
    name: Name,
  ): Pick<IDBPObjectStore<Schema, Name[], Name>, 'count' | 'getAll' | 'getAllKeys'>;
}

/** Whether every page of a category is in its place. */
export async function isSealed(tables: Reading, run: string, category: string): Promise<boolean> {
  return (await tables.objectStore('loose').count(ofCategory(run, category))) === 0;
}

/** Whether `removeAllBut` has nothing to do. */
export async function keepsAll(
  tables: Reading,
  run: string,
  category: string,
  keep: ReadonlySet<string>,
): Promise<boolean> {
  const range = ofCategory(run, category);
  const [loose, chunks, rows] = await Promise.all([
    tables.objectStore('loose').count(range),
    tables.objectStore('chunks').getAll(range),
    tables.objectStore('items').getAllKeys(range),
  ]);
  return (
    loose === 0 &&
    chunks.every(({ refs }) => refs.every((ref) => keep.has(ref))) &&
    rows.every(([, , ref]) => keep.has(ref))
  );
}

/** Puts pages that came out of order in their place. */
export async function seal(tables: Writing, run: string, category: string): Promise<void> {
  const range = ofCategory(run, category);
  const loose = await tables.objectStore('loose').getAll(range);
  if (loose.length === 0) return;
  const chunks = tables.objectStore('chunks');
  const sorted = inOrder(run, category, [...(await chunks.getAll(range)), ...loose]);
  await Promise.all([
    chunks.delete(range),
    tables.objectStore('loose').delete(range),
    ...sorted.map((chunk) => chunks.put(chunk)),
  ]);
}

/** Removes the items of a category whose refs are not in `keep`; resolves with them, in the order of their refs. */
export async function removeAllBut(
  tables: Writing,
  run: string,
  category: string,
  keep: ReadonlySet<string>,
): Promise<RunItem[]> {
  await seal(tables, run, category);
  const range = ofCategory(run, category);
  const rows = tables.objectStore('items');
  const chunks = tables.objectStore('chunks');
  const removed = new Map<string, RunItem>();
  for (const chunk of await chunks.getAll(range)) {
    const rest = without(chunk, (ref) => keep.has(ref));
    if (rest === chunk) continue;
    for (const ref of chunk.refs) {
      const item = keep.has(ref) ? undefined : itemOf(chunk, ref);
      if (item) removed.set(ref, item);
    }
    await chunks.delete([run, category, chunk.last]);
    if (rest) await chunks.put(rest);
  }
  for (const key of await rows.getAllKeys(range)) {
    if (keep.has(key[2])) continue;
    const row = await rows.get(key);
    if (row) removed.set(key[2], toItem(row));
    await rows.delete(key);
  }
  return [...removed.values()].sort((a, b) => (a.ref < b.ref ? -1 : 1));
}

/** Writes items whose state may have changed, and refuses an impossible change. */
export async function putMoved(tables: Writing, items: readonly RunItem[]): Promise<void> {
  const store = tables.objectStore('items');
  // What lies in a chunk is planned, from where every state can be reached.
  const known = await Promise.all(items.map((item) => store.get([item.run, item.category, item.ref])));
  items.forEach((item, index) => {
    const row = known[index];
    if (!row) return;
    const before = toItem(row).state;
    if (before !== item.state) checkItemMove(before, item.state);
  });
  putRows(store, items);
}

const keyOf = ({ category, ref }: Item): string => JSON.stringify([category, ref]);

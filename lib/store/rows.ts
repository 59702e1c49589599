import { type IDBPObjectStore, unwrap } from 'idb';
import type { RunItem } from '../offboarding/model.ts';

/**
 * An item as it lies in the table: a planned one carries no state and so has no entry in the index by state. A scan of
 * 100,000 items writes 100,000 rows and nothing else, and the index holds only what a run has touched.
 */
export type ItemRow = Omit<RunItem, 'state'> & Partial<Pick<RunItem, 'state'>>;

/** The row of an item. */
export function toRow(item: RunItem): ItemRow {
  if (item.state !== 'planned') return item;
  const { state: _state, ...row } = item;
  return row;
}

/** The item of a row. */
export const toItem = (row: ItemRow): RunItem =>
  row.state === undefined ? { ...row, state: 'planned' } : (row as RunItem);

/**
 * Writes items without a promise for each of them; the end of the transaction tells whether all are there.
 */
export function putRows(store: object, items: readonly RunItem[]): void {
  const table = unwrap(store as IDBPObjectStore) as IDBObjectStore;
  for (const item of items) table.put(toRow(item));
}

import { type IDBPObjectStore, unwrap } from 'idb';
import type { RunItem } from '../offboarding/model.ts';

/**
 * An item with a row of its own: what a run has touched, what a later scan has changed, and what an older version
 * stored. A planned one carries no state and so has no entry in the index by state.
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

import type { ReadonlySignal } from '@preact/signals';

/** The words and shapes that `DataTable` speaks in. `createTable` of the panel's models gives a `TableSource`. */

export interface TableColumn {
  key: string;
  label: string;
  type: 'text' | 'number' | 'money' | 'date' | 'member' | 'status';
  /** 1: the title line of a narrow row; 2: its meta line (the first three); 3: wide layouts only. */
  priority: 1 | 2 | 3;
  align: 'start' | 'end';
}

export interface TableRow {
  /** Identity of the row among all rows of the table. */
  ref: string;
}

export interface TableSort {
  /** A column's key, or `$owner` for who receives it, `$state` for its outcome. */
  column: string;
  direction: 'ascending' | 'descending';
}

/**
 * What the table shows, without holding its rows: positions and numbers here, rows only on request and by range.
 * All methods may be called from any event; none throws.
 */
export interface TableSource<Row extends TableRow> {
  readonly state: ReadonlySignal<'loading' | 'ready' | 'failed'>;
  /** All rows that are here, whatever is searched for. */
  readonly total: ReadonlySignal<number>;
  /** True while more of them are on their way. A search goes on with those, a sort waits for them. */
  readonly reading: ReadonlySignal<boolean>;
  /** Rows in view: those that match search and filter. */
  readonly matching: ReadonlySignal<number>;
  /** Grows whenever rows have to be asked for again: another order, another filter, other contents. */
  readonly version: ReadonlySignal<number>;
  readonly query: ReadonlySignal<string>;
  readonly sort: ReadonlySignal<TableSort | null>;
  readonly filter: ReadonlySignal<string>;
  /** Rows at positions `from` (inclusive) to `to` (exclusive) of the view. */
  rows(from: number, to: number): Promise<readonly Row[]>;
  /** The position in view of a row, or -1. */
  positionOf(ref: string): Promise<number>;
  search(query: string): void;
  /** Null: the order in which the items were found. */
  sortBy(sort: TableSort | null): void;
  filterBy(filter: string): void;

  /** Grows with each change of the selection. */
  readonly selectionVersion: ReadonlySignal<number>;
  readonly selectedCount: ReadonlySignal<number>;
  /** Selected rows that search and filter hide. */
  readonly selectedHidden: ReadonlySignal<number>;
  /** Whether the row at a position of the view is selected. */
  isSelected(position: number): boolean;
  select(from: number, to: number, selected: boolean): void;
  /** Everything in view; a query instead of a set where no filter is on. */
  selectAll(): void;
  clearSelection(): void;
  /** Loads everything again. */
  reload(): void;
}

export interface TableFilter {
  id: string;
  label: string;
  /** Shown behind the label where it is known. */
  count?: number | undefined;
}

/** Who receives a row, as the row shows it. */
export interface RowOwner {
  name: string;
  /** An override decides: a dot and the word `texts.own`. */
  own: boolean;
}

export interface DataTableTexts {
  search: string;
  clearSearch: string;
  sort: string;
  /** Sort menu: "Renewal, ascending". */
  sortOption: (column: string, direction: 'ascending' | 'descending') => string;
  /** Sort menu: the order as found. */
  sortNone: string;
  filters: string;
  /** A number as the reader writes it. */
  number: (value: number) => string;
  /** Column heading of who receives the row, and of its outcome. */
  owner: string;
  state: string;
  action: string;
  own: string;
  /** Accessible name of a row's checkbox and of the one for all in view. */
  selectRow: (name: string) => string;
  selectAll: (count: number) => string;
  /** "38 of 412 tasks." Said after a search, sort or filter. */
  results: (matching: number, total: number) => string;
  /** "38 selected" / ", 12 not in view". */
  selected: (count: number, hidden: number) => string;
  /** "Select all 412 that match", in the bar while not all in view are selected. */
  selectAllMatching: (count: number) => string;
  clearSelection: string;
  /** "All 412 matching tasks selected." */
  selectedAll: (count: number) => string;
  loading: string;
  /** "12,000 of 69,945 read." `total` is how many there will be, where that is known. */
  reading: (read: number, total: number | undefined) => string;
  /** Behind it, while something is searched for, and while an order was chosen. */
  searchGoesOn: string;
  sortWaits: string;
  /** "No task matches “qbr”." */
  noMatch: (query: string) => string;
  /** Nothing passes the filter whose label is given. */
  noneInFilter: (filter: string) => string;
  showAll: string;
  /** There are no rows at all. */
  empty: string;
  failed: string;
  retry: string;
}

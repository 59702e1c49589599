import type { Column, ItemState, Plan, RunItem } from '../../offboarding/model.ts';

/**
 * The table's data engine as the panel sees it. It reads one category's items once, keeps what searching and sorting
 * need in columns, and answers with item indexes: numbers from 0 to `total - 1` that stay the same until the next
 * `open`. Rows themselves are read from the store, only those that are asked for. Calls are answered in their order.
 */
export interface Projection {
  /** Reads a category. Rejects when the store cannot be read. */
  open(request: OpenRequest): Promise<{ total: number }>;
  /** Who receives each item. Kept until the next `plan`, also across `open`. */
  plan(request: PlanRequest): Promise<PlanSummary>;
  /** The items that match, in order. */
  view(request: ViewRequest): Promise<Uint32Array>;
  rows(indexes: Uint32Array): Promise<ProjectedRow[]>;
  refs(indexes: Uint32Array): Promise<string[]>;
  /** Indexes of the refs that are there, in ascending order. */
  indexes(refs: readonly string[]): Promise<Uint32Array>;
  close(): void;
}

export interface OpenRequest {
  run: string;
  category: string;
  /**
   * Instead of `category`: the items of several categories that are in one state, category by category. The column
   * `$category` is then the category's name, and a row's ref begins with its category.
   */
  across?: { categories: readonly { id: string; name: string }[]; state: ItemState };
  columns: readonly Pick<Column, 'key' | 'type' | 'priority'>[];
  /** BCP 47 tag for the order of texts. */
  locale: string;
}

export interface PlanRequest {
  plan: Plan;
  /** Member id of the leaver. */
  leaver: string;
  /** The category whose items are the customers themselves (`decidingCategory`). */
  deciding: string | undefined;
  /** Names by member id, for sorting by receiver. */
  names: Readonly<Record<string, string>>;
  /** Members about whom there is a warning: rows that they receive count as warned. */
  warned: readonly string[];
}

export interface PlanSummary {
  /** Rows whose receiver an override decides, rows without a receiver, rows that a warned member receives. */
  own: number;
  unassigned: number;
  warned: number;
  byMember: Record<string, number>;
}

export interface ViewSort {
  /** A column's key, `$owner` (who receives) or `$state`. */
  column: string;
  direction: 'ascending' | 'descending';
}

export interface ViewRequest {
  query: string;
  /** Null: as found. */
  sort: ViewSort | null;
  /**
   * `all`, `default` (the category's default decides), `own` (an override decides), `warned`, `unassigned`,
   * `member:<id>` (who receives), or `state:<state>[,<state>…]` of the items.
   */
  filter: string;
}

/** A row of the table: the item as stored, and who receives it. */
export interface ProjectedRow {
  ref: string;
  item: RunItem;
  member: string | null;
  /** An override decides. */
  own: boolean;
  warned: boolean;
  state: ItemState;
}

import type { Plan } from '../../offboarding/choices.ts';
import type { Column, ItemState, RunItem } from '../../offboarding/model.ts';

/**
 * The table's data engine as the panel sees it: one category, read bit by bit. Items have indexes, numbers from 0 that
 * stay the same; what is read later gets higher ones. All that a table shows is answered from memory; only rows that a
 * run has touched are read from the store again. A call may be made as soon as `open` is answered.
 */
export interface Projection {
  /**
   * Begins to read a category, and resolves when the first rows are there. Reading goes on by itself. Rejects when the
   * store cannot be read.
   */
  open(request: OpenRequest): Promise<Progress>;
  /** Resolves when more has been read than the last answer told of. Rejects when the store cannot be read any more. */
  more(): Promise<Progress>;
  /** Who receives each item, from now on. Resolves with the counts over all items, once all are read. */
  plan(request: PlanRequest): Promise<PlanSummary>;
  /** The items that match among those that are read, in order, and the rows of the first of them. */
  view(request: ViewRequest): Promise<View>;
  rows(indexes: Uint32Array): Promise<ProjectedRow[]>;
  refs(indexes: Uint32Array): Promise<string[]>;
  /** Indexes of the refs that are there, in ascending order. */
  indexes(refs: readonly string[]): Promise<Uint32Array>;
  close(): void;
}

/** Makes projections that share what was read: opening a category again takes no time. */
export interface Projections {
  /** A new one, with nothing open. */
  project(): Projection;
  /** How many different customers the items of these categories belong to. Rejects when the store cannot be read. */
  customers(categories: readonly CustomerCategory[]): Promise<number>;
}

/** A category whose customers are counted; `deciding`: its items are the customers themselves. */
export interface CustomerCategory {
  request: OpenRequest;
  deciding: boolean;
}

export interface Progress {
  /** Items read so far. */
  read: number;
  /** Whether these are all. */
  complete: boolean;
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
  /** Says which contents are meant: what was read under the same edition is used again. Without one, nothing is kept. */
  edition?: string;
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
  /** Null: as found. Kept to once everything is read; until then rows come as found. */
  sort: ViewSort | null;
  /**
   * `all`, `default` (the category's default decides), `own` (an override decides), `warned`, `unassigned`,
   * `member:<id>` (who receives), or `state:<state>[,<state>…]` of the items.
   */
  filter: string;
}

export interface View {
  order: Uint32Array;
  /** The rows at the beginning of `order`, as many as a screen shows. */
  first: ProjectedRow[];
}

/** A row of the table: of the item what is shown, and who receives it. */
export interface ProjectedRow {
  ref: string;
  item: ShownItem;
  member: string | null;
  /** An override decides. */
  own: boolean;
  warned: boolean;
  state: ItemState;
}

export type ShownItem = Pick<
  RunItem,
  'category' | 'ref' | 'title' | 'columns' | 'link' | 'customer' | 'state' | 'reason' | 'heldBy' | 'after'
>;

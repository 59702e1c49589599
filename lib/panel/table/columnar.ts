import type { Column, Item, RunItem } from '../../offboarding/model.ts';
import { searchText } from '../../offboarding/search.ts';
import { itemStates } from '../../offboarding/states.ts';
import type { ShownItem } from './projection.ts';

type Value = string | number | null;
type Projected = Pick<Column, 'key' | 'priority'>;

/** The values of one column: each different one once, and by index which of them. */
export interface ColumnValues {
  unique: Value[];
  codes: number[];
}

/**
 * Items in columns: what showing, searching, sorting and assigning need, in a fraction of the memory that the items
 * themselves take. An item's index is its place in the order in which it was added.
 */
export class Columnar {
  readonly refs: string[] = [];
  /** What a search looks through, by index. */
  readonly texts: string[] = [];
  /** Index into `itemStates`, by index. */
  readonly states: number[] = [];
  /** Index into `customers`, by index; -1: the item belongs to none. */
  readonly customerOf: number[] = [];
  readonly customers: NonNullable<Item['customer']>[] = [];
  readonly values: ReadonlyMap<string, ColumnValues>;
  readonly #columns: readonly Projected[];
  readonly #categoryNames: ReadonlyMap<string, string> | undefined;
  readonly #positions: number[] = [];
  readonly #titles: string[] = [];
  readonly #links: (string | undefined)[] = [];
  readonly #categories: string[] = [];
  /** Where the items of each category after the first begin. */
  readonly #starts: number[] = [];
  #customerIndex = new Map<string, number>();
  readonly #codeOf = new Map<string, Map<Value, number>>();

  /** `categoryNames`: what the column `$category` says, by the category's id. */
  constructor(columns: readonly Projected[], categoryNames?: ReadonlyMap<string, string>) {
    this.#columns = columns;
    this.#categoryNames = categoryNames;
    this.values = new Map(columns.map(({ key }) => [key, { unique: [], codes: [] }]));
    for (const { key } of columns) this.#codeOf.set(key, new Map());
  }

  get total(): number {
    return this.refs.length;
  }

  /** `key` gives an item's identity among all that are added; its ref by default. */
  add(items: readonly RunItem[], key?: (item: RunItem) => string): void {
    for (const item of items) {
      this.refs.push(key ? key(item) : item.ref);
      this.texts.push(searchText(item));
      this.states.push(itemStates.indexOf(item.state));
      this.customerOf.push(this.#customer(item.customer));
      this.#positions.push(item.position);
      this.#titles.push(item.title);
      this.#links.push(item.link);
      // The same string for all of a category, instead of one that was read with each item.
      const last = this.#categories.at(-1);
      this.#categories.push(last === item.category ? last : item.category);
      for (const column of this.#columns) this.#put(column.key, this.#value(item, column));
    }
  }

  /** What is added from now on comes after all that was, whatever its position. */
  endCategory(): void {
    this.#starts.push(this.total);
  }

  /** Nothing will be added any more: what only adding needs is let go of. */
  finish(): void {
    this.#customerIndex = new Map();
    this.#codeOf.clear();
  }

  /** The item at an index as a table shows it. Throws where there is none. */
  item(index: number): ShownItem {
    const ref = this.refs[index];
    if (ref === undefined) throw new Error(`There is no item ${index}.`);
    const columns: Record<string, Value> = {};
    for (const [key, { unique, codes }] of this.values) columns[key] = unique[codes[index] ?? -1] ?? null;
    const customer = this.customers[this.customerOf[index] ?? -1];
    const link = this.#links[index];
    return {
      category: this.#categories[index] ?? '',
      ref,
      title: this.#titles[index] ?? '',
      columns,
      state: itemStates[this.states[index] ?? 0] ?? 'planned',
      ...(customer ? { customer } : {}),
      ...(link === undefined ? {} : { link }),
    };
  }

  /** All indexes in the order in which the items were found, category by category. */
  asFound(): Uint32Array {
    const order = Uint32Array.from(this.refs, (_, index) => index);
    const positions = this.#positions;
    let from = 0;
    for (const to of [...this.#starts, this.total]) {
      order.subarray(from, to).sort((a, b) => (positions[a] ?? 0) - (positions[b] ?? 0) || a - b);
      from = to;
    }
    return order;
  }

  #put(key: string, value: Value): void {
    const column = this.values.get(key);
    const codeOf = this.#codeOf.get(key);
    if (!column || !codeOf) return;
    let code = codeOf.get(value);
    if (code === undefined) {
      code = column.unique.push(value) - 1;
      codeOf.set(value, code);
    }
    column.codes.push(code);
  }

  #value(item: RunItem, column: Projected): Value {
    if (column.key === '$category') return this.#categoryNames?.get(item.category) ?? item.category;
    return columnValue(item, column);
  }

  #customer(customer: Item['customer']): number {
    if (!customer) return -1;
    // One customer can stand in two rows with two owners, when it changed hands between two pages of a scan.
    const key = `${customer.ref}\n${customer.owner ?? ''}`;
    let index = this.#customerIndex.get(key);
    if (index === undefined) {
      index = this.customers.push(customer) - 1;
      this.#customerIndex.set(key, index);
    }
    return index;
  }
}

/** The value of a column: of its own key, else, for the title column, the item's title. */
function columnValue(item: Item, column: Projected): Value {
  const value = item.columns[column.key];
  if (value !== undefined) return value;
  if (column.priority === 1) return item.title;
  return column.key === 'customer' ? (item.customer?.name ?? null) : null;
}

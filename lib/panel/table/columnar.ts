import { type Column, type Item, itemStates, type RunItem } from '../../offboarding/model.ts';
import { searchText } from '../../offboarding/search.ts';

/** One category in columns: what searching, sorting and assigning need, without the items themselves. */
export interface Columnar {
  total: number;
  refs: string[];
  /** What a search looks through, by index. */
  texts: string[];
  /** Index into `itemStates`, by index. */
  states: Uint8Array;
  /** Index into `customers`, by index; -1: the item belongs to none. */
  customerOf: Int32Array;
  customers: NonNullable<Item['customer']>[];
  /** Values to sort by, as they were read. */
  values: Map<string, (string | number | null)[]>;
}

type Projected = Pick<Column, 'key' | 'priority'>;

/** Gathers items into columns. Their indexes follow the order in which they were found. */
export class ColumnarBuilder {
  readonly #columns: readonly Projected[];
  readonly #categoryNames: ReadonlyMap<string, string> | undefined;
  #items: { position: number; index: number }[] = [];
  #order: number[] = [];
  readonly #refs: string[] = [];
  readonly #texts: string[] = [];
  readonly #states: number[] = [];
  readonly #customerOf: number[] = [];
  readonly #customers: NonNullable<Item['customer']>[] = [];
  readonly #customerIndex = new Map<string, number>();
  readonly #values: Map<string, (string | number | null)[]>;

  /** `categoryNames`: what the column `$category` says, by the category's id. */
  constructor(columns: readonly Projected[], categoryNames?: ReadonlyMap<string, string>) {
    this.#columns = columns;
    this.#categoryNames = categoryNames;
    this.#values = new Map(columns.map(({ key }) => [key, []]));
  }

  /** `key` gives an item's identity among all that are added; its ref by default. */
  add(items: readonly RunItem[], key: ((item: RunItem) => string) | undefined): void {
    for (const item of items) {
      this.#items.push({ position: item.position, index: this.#refs.length });
      this.#refs.push(key ? key(item) : item.ref);
      this.#texts.push(searchText(item));
      this.#states.push(itemStates.indexOf(item.state));
      this.#customerOf.push(this.#customer(item.customer));
      for (const column of this.#columns) this.#values.get(column.key)?.push(this.#value(item, column));
    }
  }

  /** What is added from now on comes after all that was, whatever its position. */
  endCategory(): void {
    for (const { index } of this.#items.sort((a, b) => a.position - b.position)) this.#order.push(index);
    this.#items = [];
  }

  #value(item: RunItem, column: Projected): string | number | null {
    if (column.key === '$category') return this.#categoryNames?.get(item.category) ?? item.category;
    return columnValue(item, column);
  }

  #customer(customer: Item['customer']): number {
    if (!customer) return -1;
    // One customer can stand in two rows with two owners, when it changed hands between two pages of a scan.
    const key = `${customer.ref}\n${customer.owner ?? ''}`;
    let index = this.#customerIndex.get(key);
    if (index === undefined) {
      index = this.#customers.push(customer) - 1;
      this.#customerIndex.set(key, index);
    }
    return index;
  }

  finish(): Columnar {
    this.endCategory();
    const order = this.#order;
    this.#order = [];
    const arrange = <T>(values: readonly T[]): T[] => order.map((index) => values[index] as T);
    return {
      total: order.length,
      refs: arrange(this.#refs),
      texts: arrange(this.#texts),
      states: Uint8Array.from(arrange(this.#states)),
      customerOf: Int32Array.from(arrange(this.#customerOf)),
      customers: this.#customers,
      values: new Map([...this.#values].map(([key, values]) => [key, arrange(values)])),
    };
  }
}

/** The value of a column: of its own key, else, for the title column, the item's title. */
function columnValue(item: Item, column: Projected): string | number | null {
  const value = item.columns[column.key];
  if (value !== undefined) return value;
  if (column.priority === 1) return item.title;
  return column.key === 'customer' ? (item.customer?.name ?? null) : null;
}

import type { Selection } from '../../offboarding/choices.ts';

/**
 * A selection among the items of a table, by index: a set, and as long as it is one, the search that it came from.
 * Pure data with methods that change it in place; the model around it tells the page.
 */
export class Selected {
  #bits: Uint8Array;
  #count = 0;
  /** The search whose hits are all selected but for `except`. */
  #query: { text: string; hits: Uint8Array; except: Set<number> } | undefined;

  constructor(total: number) {
    this.#bits = new Uint8Array(total);
  }

  get count(): number {
    return this.#count;
  }

  /** The search that is selected, with exceptions or without; undefined: it is a set. */
  get query(): string | undefined {
    return this.#query?.text;
  }

  /** There are more items now; `hits` are those of the selected search among all of them. */
  grow(total: number, hits?: Uint32Array): void {
    const before = this.#bits.length;
    if (total <= before) return;
    const bits = new Uint8Array(total);
    bits.set(this.#bits);
    this.#bits = bits;
    if (!this.#query || !hits) return;
    const grown = new Uint8Array(total);
    grown.set(this.#query.hits);
    this.#query.hits = grown;
    for (const index of hits) {
      if (index < before || bits[index] === 1) continue;
      grown[index] = 1;
      bits[index] = 1;
      this.#count += 1;
    }
  }

  has(index: number): boolean {
    return this.#bits[index] === 1;
  }

  /** How many of these are selected. */
  countIn(indexes: Uint32Array): number {
    let count = 0;
    for (const index of indexes) if (this.#bits[index] === 1) count += 1;
    return count;
  }

  set(indexes: Iterable<number>, selected: boolean): void {
    for (const index of indexes) {
      if ((this.#bits[index] === 1) === selected) continue;
      this.#bits[index] = selected ? 1 : 0;
      this.#count += selected ? 1 : -1;
      if (!this.#query) continue;
      if (this.#query.hits[index] !== 1) this.#query = undefined;
      else if (selected) this.#query.except.delete(index);
      else this.#query.except.add(index);
    }
    if (this.#count === 0) this.#query = undefined;
  }

  /** Everything that matches a search, and nothing else: `indexes` are its hits. */
  setQuery(text: string, indexes: Uint32Array): void {
    this.clear();
    this.set(indexes, true);
    this.#query = { text, hits: this.#bits.slice(), except: new Set() };
  }

  clear(): void {
    this.#bits.fill(0);
    this.#count = 0;
    this.#query = undefined;
  }

  indexes(): Uint32Array {
    const result = new Uint32Array(this.#count);
    let length = 0;
    this.#bits.forEach((bit, index) => {
      if (bit === 1) {
        result[length] = index;
        length += 1;
      }
    });
    return result;
  }

  /** The selection as a plan keeps it. `refs` gives the refs of indexes. */
  async toSelection(refs: (indexes: Uint32Array) => Promise<string[]>): Promise<Selection> {
    if (!this.#query) return { refs: await refs(this.indexes()) };
    const { text, except } = this.#query;
    return { query: text, except: except.size === 0 ? [] : await refs(Uint32Array.from(except)) };
  }
}

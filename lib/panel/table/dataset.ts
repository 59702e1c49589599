import type { ItemReader } from '../../store/store.ts';
import { Columnar } from './columnar.ts';
import type { OpenRequest, Progress } from './projection.ts';
import { type Ranked, rankColumn, rankInSteps } from './ranks.ts';

/** Items read from the store at first, so that there is something to look at, and then at a time. */
const firstPage = 120;
const nextPages = 2_500;

/** Between a category and the ref of its item, where rows are of several categories. */
const beneath = '\n';

/** One category in memory, or on its way there. Several tables may look at it. */
export class Dataset {
  readonly request: OpenRequest;
  readonly data: Columnar;
  readonly collator: Intl.Collator;
  #complete = false;
  #error: unknown;
  #waiting: (() => void)[] = [];
  readonly #ranks = new Map<string, Ranked>();
  #found: Uint32Array | undefined;
  #indexOf = new Map<string, number>();

  constructor(request: OpenRequest) {
    const { across, columns, locale } = request;
    this.request = request;
    this.data = new Columnar(columns, across && new Map(across.categories.map(({ id, name }) => [id, name])));
    this.collator = new Intl.Collator(locale, { numeric: true });
  }

  get complete(): boolean {
    return this.#complete;
  }

  get failed(): boolean {
    return this.#error !== undefined;
  }

  /**
   * Reads everything, page by page; then sorts every column ahead of the reader's wish, with a `pause` after each step.
   * To be called once. Never rejects: `after` does.
   */
  async read(reader: ItemReader, pause: () => Promise<void>): Promise<void> {
    try {
      await this.#readAll(reader);
    } catch (error) {
      this.#error = error ?? new Error('The items could not be read.');
    }
    this.#tell();
    if (this.failed) return;
    for (const { key } of this.request.columns) await this.#prepare(key, pause);
  }

  /** Resolves as soon as more than `read` items are here, or all of them. Rejects when the store cannot be read. */
  async after(read: number): Promise<Progress> {
    while (this.data.total <= read && !this.#complete && !this.failed)
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    if (this.failed) throw this.#error;
    return { read: this.data.total, complete: this.#complete };
  }

  /** Resolves when all items are here. Rejects when the store cannot be read. */
  async whole(): Promise<void> {
    for (let read = 0; ; ) {
      const progress = await this.after(read);
      if (progress.complete) return;
      read = progress.read;
    }
  }

  /** All that is here, as found: until everything is, in the order in which it was read. */
  found(): Uint32Array {
    if (!this.#complete) return Uint32Array.from(this.data.refs, (_, index) => index);
    this.#found ??= this.data.asFound();
    return this.#found;
  }

  /** The order of a column, worked out once. To be asked for when everything is here. */
  ranked(key: string): Ranked {
    const known = this.#ranks.get(key);
    if (known) return known;
    const column = this.request.columns.find((each) => each.key === key);
    const values = this.data.values.get(key);
    const found = this.found();
    const ranked =
      column && values
        ? rankColumn(values, column.type, this.collator, found)
        : { order: found, empty: found.length };
    this.#ranks.set(key, ranked);
    return ranked;
  }

  async #prepare(key: string, pause: () => Promise<void>): Promise<void> {
    const column = this.request.columns.find((each) => each.key === key);
    const values = this.data.values.get(key);
    if (!column || !values) return;
    const steps = rankInSteps(values, column.type, this.collator, this.found());
    for (;;) {
      await pause();
      // Somebody could not wait.
      if (this.#ranks.has(key)) return;
      const { done, value } = steps.next();
      if (!done) continue;
      this.#ranks.set(key, value);
      return;
    }
  }

  indexOf(ref: string): number | undefined {
    for (let index = this.#indexOf.size; index < this.data.total; index += 1)
      this.#indexOf.set(this.data.refs[index] ?? '', index);
    return this.#indexOf.get(ref);
  }

  async #readAll(reader: ItemReader): Promise<void> {
    const { run, category, across } = this.request;
    let limit = firstPage;
    for (const id of across ? across.categories.map((each) => each.id) : [category]) {
      for (let after: string | undefined; ; ) {
        const items = across
          ? await reader.inState(run, id, across.state, limit, after)
          : await reader.page(run, id, limit, after);
        this.data.add(items, across && ((item) => `${id}${beneath}${item.ref}`));
        after = items.at(-1)?.ref;
        if (items.length < limit) break;
        limit = nextPages;
        this.#tell();
      }
      this.data.endCategory();
    }
    this.data.finish();
    this.#complete = true;
  }

  #tell(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}

/** The category and the ref of a row's item. */
export function identityOf(request: OpenRequest, ref: string): { category: string; ref: string } {
  if (!request.across) return { category: request.category, ref };
  const at = ref.indexOf(beneath);
  return { category: ref.slice(0, at), ref: ref.slice(at + 1) };
}

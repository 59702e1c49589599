import { batch, type ReadonlySignal, signal } from '@preact/signals';
import type { Selection } from '../../offboarding/choices.ts';
import type {
  OpenRequest,
  PlanRequest,
  PlanSummary,
  ProjectedRow,
  Projection,
  Projections,
  View,
  ViewSort,
} from './projection.ts';
import { Selected } from './selected.ts';

/** The view model of one table. It is what `DataTable` takes as its `source`. */
export interface TableModel {
  readonly state: ReadonlySignal<'loading' | 'ready' | 'failed'>;
  /** What the browser said, while `state` is `failed`. */
  readonly error: ReadonlySignal<string | null>;
  /** Rows that are here. */
  readonly total: ReadonlySignal<number>;
  /** True while more rows are being read. What is searched for is looked for in those that are here; a sort waits. */
  readonly reading: ReadonlySignal<boolean>;
  readonly matching: ReadonlySignal<number>;
  readonly version: ReadonlySignal<number>;
  readonly query: ReadonlySignal<string>;
  readonly sort: ReadonlySignal<ViewSort | null>;
  readonly filter: ReadonlySignal<string>;
  /** Counts of the plan over all rows; null before all are read and counted. */
  readonly summary: ReadonlySignal<PlanSummary | null>;
  readonly selectionVersion: ReadonlySignal<number>;
  readonly selectedCount: ReadonlySignal<number>;
  readonly selectedHidden: ReadonlySignal<number>;

  /** Reads another category. Search, sort, filter and selection start anew. */
  open(request: OpenRequest, plan?: PlanRequest): void;
  /** The plan changed: receivers, filters and counts follow. Nothing moves unless the order depends on it. */
  setPlan(plan: PlanRequest): void;
  /**
   * Reads the category again, under another edition where one is given; search, sort, filter and what of the selection
   * still exists stay. What is shown stays until all is read.
   */
  reload(edition?: string): void;
  rows(from: number, to: number): Promise<readonly ProjectedRow[]>;
  positionOf(ref: string): Promise<number>;
  search(query: string): void;
  sortBy(sort: ViewSort | null): void;
  filterBy(filter: string): void;
  isSelected(position: number): boolean;
  select(from: number, to: number, selected: boolean): void;
  selectAll(): void;
  clearSelection(): void;
  /** What is selected, as a plan keeps it: a search where everything that matches was chosen, else refs. */
  selection(): Promise<Selection>;
  /** Resolves once reading can add nothing to what is selected any more; at once unless a search is. */
  settled(): Promise<void>;
  /** Lets go of what it shows. */
  dispose(): void;
}

/** Makes the model of a table over projections. */
export function createTable(projections: Pick<Projections, 'project'>): TableModel {
  const state = signal<'loading' | 'ready' | 'failed'>('loading');
  const error = signal<string | null>(null);
  const total = signal(0);
  const reading = signal(false);
  const matching = signal(0);
  const version = signal(0);
  const query = signal('');
  const sort = signal<ViewSort | null>(null);
  const filter = signal('all');
  const summary = signal<PlanSummary | null>(null);
  const selectionVersion = signal(0);
  const selectedCount = signal(0);
  const selectedHidden = signal(0);

  let request: OpenRequest | undefined;
  let plan: PlanRequest | undefined;
  let projection: Projection | undefined;
  let order = new Uint32Array(0);
  /** The first rows of the view, which came along with it. */
  let first: readonly ProjectedRow[] = [];
  let selected = new Selected(0);
  let settle: (() => void)[] = [];
  // Answers of an older opening, or of an older view, are dropped.
  let opening = 0;
  let viewing = 0;
  let disposed = false;
  /** Another view was asked for than the one that is shown. */
  let changing = false;

  const isOld = (of: number): boolean => disposed || of !== opening;
  const countSelection = (): void => {
    selectionVersion.value += 1;
    selectedCount.value = selected.count;
    selectedHidden.value = selected.count - (selected.count === 0 ? 0 : selected.countIn(order));
  };
  const readToEnd = (): void => {
    reading.value = false;
    const waiting = settle;
    settle = [];
    for (const resolve of waiting) resolve();
  };
  const fail = (reason: unknown, of: number): void => {
    if (isOld(of)) return;
    batch(() => {
      error.value = reason instanceof Error ? reason.message : String(reason);
      state.value = 'failed';
      readToEnd();
    });
  };
  const show = (next: View): void => {
    batch(() => {
      // What only grew at its end moves nothing, and no row has to be asked for again.
      const grown = !changing && order.length > 0 && beginsWith(next.order, order);
      changing = false;
      order = next.order as Uint32Array<ArrayBuffer>;
      if (!grown) {
        first = next.first;
        version.value += 1;
      }
      matching.value = next.order.length;
      countSelection();
    });
  };
  const asked = () => ({ query: query.peek(), sort: sort.peek(), filter: filter.peek() });
  const view = async (from: Projection): Promise<void> => {
    viewing += 1;
    const question = viewing;
    const next = await from.view(asked());
    if (question === viewing && !disposed) show(next);
  };
  const change = (act: () => void): void => {
    act();
    if (state.peek() !== 'ready' || !projection) return;
    const of = opening;
    changing = true;
    view(projection).catch((reason: unknown) => fail(reason, of));
  };
  const take = (next: Projection): void => {
    projection?.close();
    projection = next;
  };

  /** Shows the first rows as soon as they are here, and all the others as they come. */
  const read = async (about: OpenRequest): Promise<void> => {
    opening += 1;
    const of = opening;
    const next = projections.project();
    take(next);
    try {
      // All three at once, so that only one answer has to be waited for.
      const opened = next.open(about);
      if (plan) {
        const wanted = plan;
        next.plan(wanted).then(
          (counts) => {
            if (!isOld(of) && plan === wanted) summary.value = counts;
          },
          (reason: unknown) => fail(reason, of),
        );
      }
      let shown: Promise<void> | undefined = view(next);
      // Whatever fails there fails here too.
      shown.catch(() => {});
      let progress = await opened;
      for (;;) {
        if (isOld(of)) return;
        total.value = progress.read;
        reading.value = !progress.complete;
        const hits =
          selected.query === undefined
            ? undefined
            : (await next.view({ query: selected.query, sort: null, filter: 'all' })).order;
        if (isOld(of)) return;
        selected.grow(progress.read, hits);
        await (shown ?? view(next));
        shown = undefined;
        if (isOld(of)) return;
        batch(() => {
          error.value = null;
          state.value = 'ready';
          if (progress.complete) readToEnd();
        });
        if (progress.complete) return;
        progress = await next.more();
      }
    } catch (reason) {
      fail(reason, of);
    }
  };

  /** Reads everything anew behind what is shown, and then shows that. */
  const readAgain = async (about: OpenRequest): Promise<void> => {
    opening += 1;
    const of = opening;
    const next = projections.project();
    try {
      const keep = await currentSelection();
      let progress = await next.open(about);
      while (!progress.complete && !isOld(of)) progress = await next.more();
      const counts = plan ? await next.plan(plan) : null;
      const kept = 'refs' in keep ? await next.indexes(keep.refs) : undefined;
      const hits =
        'query' in keep ? await next.view({ query: keep.query, sort: null, filter: 'all' }) : undefined;
      const excepted = 'query' in keep ? await next.indexes(keep.except) : undefined;
      const shown = await next.view(asked());
      if (isOld(of)) {
        next.close();
        return;
      }
      viewing += 1;
      take(next);
      batch(() => {
        selected = new Selected(progress.read);
        if (kept) selected.set(kept, true);
        if ('query' in keep && hits) {
          selected.setQuery(keep.query, hits.order);
          if (excepted) selected.set(excepted, false);
        }
        total.value = progress.read;
        summary.value = counts;
        changing = true;
        show(shown);
        readToEnd();
      });
    } catch (reason) {
      next.close();
      fail(reason, of);
    }
  };
  const currentSelection = (): Promise<Selection> =>
    selected.toSelection((indexes) => projection?.refs(indexes) ?? Promise.resolve([]));

  return {
    state,
    error,
    total,
    reading,
    matching,
    version,
    query,
    sort,
    filter,
    summary,
    selectionVersion,
    selectedCount,
    selectedHidden,

    open(next, withPlan) {
      request = next;
      plan = withPlan;
      batch(() => {
        state.value = 'loading';
        reading.value = false;
        query.value = '';
        sort.value = null;
        filter.value = 'all';
        summary.value = null;
        total.value = 0;
        order = new Uint32Array(0);
        first = [];
        changing = false;
        selected = new Selected(0);
        matching.value = 0;
        countSelection();
      });
      void read(next);
    },
    setPlan(next) {
      plan = next;
      const from = projection;
      if (state.peek() !== 'ready' || !from) return;
      const of = opening;
      const follow = async (): Promise<void> => {
        const counting = from.plan(next);
        counting.catch(() => {});
        const settledOrder = sort.peek()?.column !== '$owner' && /^(all|state:)/u.test(filter.peek());
        if (settledOrder) {
          first = [];
          version.value += 1;
        } else {
          changing = true;
          await view(from);
        }
        const counts = await counting;
        if (!isOld(of) && plan === next) summary.value = counts;
      };
      follow().catch((reason: unknown) => fail(reason, of));
    },
    reload(edition) {
      if (!request) return;
      request = edition === undefined ? request : { ...request, edition };
      if (state.peek() === 'ready') void readAgain(request);
      else {
        state.value = 'loading';
        void read(request);
      }
    },
    rows(from, to) {
      if (to <= first.length) return Promise.resolve(first.slice(from, to));
      return projection?.rows(order.slice(from, to)) ?? Promise.resolve([]);
    },
    async positionOf(ref) {
      const [index] = (await projection?.indexes([ref])) ?? [];
      return index === undefined ? -1 : order.indexOf(index);
    },
    search(next) {
      if (next !== query.peek())
        change(() => {
          query.value = next;
        });
    },
    sortBy(next) {
      change(() => {
        sort.value = next;
      });
    },
    filterBy(next) {
      change(() => {
        filter.value = next;
      });
    },
    isSelected(position) {
      const index = order[position];
      return index !== undefined && selected.has(index);
    },
    select(from, to, on) {
      batch(() => {
        selected.set(order.subarray(Math.max(0, from), to), on);
        countSelection();
      });
    },
    selectAll() {
      batch(() => {
        // A search stands for what is selected only where nothing else is.
        if (filter.peek() === 'all' && selectedHidden.peek() === 0) selected.setQuery(query.peek(), order);
        else selected.set(order, true);
        countSelection();
      });
    },
    clearSelection() {
      batch(() => {
        selected.clear();
        countSelection();
      });
    },
    selection: currentSelection,
    settled() {
      if (!reading.peek() || selected.query === undefined) return Promise.resolve();
      return new Promise((resolve) => settle.push(resolve));
    },
    dispose() {
      disposed = true;
      readToEnd();
      projection?.close();
    },
  };
}

function beginsWith(all: Uint32Array, beginning: Uint32Array): boolean {
  return all.length >= beginning.length && beginning.every((index, at) => all[at] === index);
}

import { batch, type ReadonlySignal, signal } from '@preact/signals';
import type { Selection } from '../../offboarding/model.ts';
import type {
  OpenRequest,
  PlanRequest,
  PlanSummary,
  ProjectedRow,
  Projection,
  ViewSort,
} from './projection.ts';
import { Selected } from './selected.ts';

/** The view model of one table. It is what `DataTable` takes as its `source`. */
export interface TableModel {
  readonly state: ReadonlySignal<'loading' | 'ready' | 'failed'>;
  /** What the browser said, while `state` is `failed`. */
  readonly error: ReadonlySignal<string | null>;
  readonly total: ReadonlySignal<number>;
  readonly matching: ReadonlySignal<number>;
  readonly version: ReadonlySignal<number>;
  readonly query: ReadonlySignal<string>;
  readonly sort: ReadonlySignal<ViewSort | null>;
  readonly filter: ReadonlySignal<string>;
  /** Counts of the plan over all rows; null before the first `setPlan` is answered. */
  readonly summary: ReadonlySignal<PlanSummary | null>;
  readonly selectionVersion: ReadonlySignal<number>;
  readonly selectedCount: ReadonlySignal<number>;
  readonly selectedHidden: ReadonlySignal<number>;

  /** Reads another category. Search, sort, filter and selection start anew. */
  open(request: OpenRequest, plan?: PlanRequest): void;
  /** The plan changed: receivers, filters and counts follow. Nothing moves unless the order depends on it. */
  setPlan(plan: PlanRequest): void;
  /** Reads the same category again; search, sort, filter and what of the selection still exists stay. */
  reload(): void;
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
  /** Ends the worker behind it. */
  dispose(): void;
}

/** Makes the model of a table over a projection, which it owns from then on. */
export function createTable(projection: Projection): TableModel {
  const state = signal<'loading' | 'ready' | 'failed'>('loading');
  const error = signal<string | null>(null);
  const total = signal(0);
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
  let order = new Uint32Array(0);
  let selected = new Selected(0);
  // Answers of an older opening, or of an older view, are dropped.
  let opening = 0;
  let viewing = 0;
  let disposed = false;

  const countSelection = (): void => {
    selectionVersion.value += 1;
    selectedCount.value = selected.count;
    selectedHidden.value = selected.count - (selected.count === 0 ? 0 : selected.countIn(order));
  };
  const fail = (reason: unknown, of: number): void => {
    if (disposed || of !== opening) return;
    error.value = reason instanceof Error ? reason.message : String(reason);
    state.value = 'failed';
  };
  const show = (next: Uint32Array): void => {
    batch(() => {
      order = next as Uint32Array<ArrayBuffer>;
      matching.value = next.length;
      version.value += 1;
      countSelection();
    });
  };
  const view = async (): Promise<void> => {
    viewing += 1;
    const asked = viewing;
    const next = await projection.view({ query: query.peek(), sort: sort.peek(), filter: filter.peek() });
    if (asked === viewing && !disposed) show(next);
  };
  const change = (act: () => void): void => {
    act();
    if (state.peek() !== 'ready') return;
    const of = opening;
    view().catch((reason: unknown) => fail(reason, of));
  };

  const read = async (keep: Selection | undefined): Promise<void> => {
    const asked = request;
    if (!asked) return;
    opening += 1;
    const of = opening;
    const opened = await projection.open(asked);
    const counts = plan ? await projection.plan(plan) : null;
    let kept: Uint32Array | undefined;
    if (keep && 'refs' in keep && keep.refs.length > 0) kept = await projection.indexes(keep.refs);
    let hits: Uint32Array | undefined;
    let excepted: Uint32Array | undefined;
    if (keep && 'query' in keep) {
      hits = await projection.view({ query: keep.query, sort: null, filter: 'all' });
      excepted = await projection.indexes(keep.except);
    }
    const next = await projection.view({ query: query.peek(), sort: sort.peek(), filter: filter.peek() });
    if (of !== opening || disposed) return;
    viewing += 1;
    batch(() => {
      selected = new Selected(opened.total);
      if (kept) selected.set(kept, true);
      if (keep && 'query' in keep && hits) {
        selected.setQuery(keep.query, hits);
        if (excepted) selected.set(excepted, false);
      }
      total.value = opened.total;
      summary.value = counts;
      error.value = null;
      show(next);
      state.value = 'ready';
    });
  };
  const start = (keep: Selection | undefined): void => {
    const of = opening + 1;
    read(keep).catch((reason: unknown) => fail(reason, of));
  };
  const currentSelection = (): Promise<Selection> =>
    selected.toSelection((indexes) => projection.refs(indexes));

  return {
    state,
    error,
    total,
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
        query.value = '';
        sort.value = null;
        filter.value = 'all';
        summary.value = null;
        total.value = 0;
        order = new Uint32Array(0);
        selected = new Selected(0);
        matching.value = 0;
        countSelection();
      });
      start(undefined);
    },
    setPlan(next) {
      plan = next;
      if (state.peek() !== 'ready') return;
      const of = opening;
      const follow = async (): Promise<void> => {
        const counts = await projection.plan(next);
        if (disposed || of !== opening || plan !== next) return;
        summary.value = counts;
        const settled = sort.peek()?.column !== '$owner' && /^(all|state:)/u.test(filter.peek());
        if (settled) version.value += 1;
        else await view();
      };
      follow().catch((reason: unknown) => fail(reason, of));
    },
    reload() {
      if (state.peek() === 'ready') currentSelection().then(start, () => start(undefined));
      else {
        state.value = 'loading';
        start(undefined);
      }
    },
    rows(from, to) {
      return projection.rows(order.slice(from, to));
    },
    async positionOf(ref) {
      const [index] = await projection.indexes([ref]);
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
    dispose() {
      disposed = true;
      projection.close();
    },
  };
}

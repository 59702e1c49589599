import { itemStates } from '../../offboarding/states.ts';
import type { ItemReader } from '../../store/store.ts';
import { Assignments } from './assignments.ts';
import { Dataset, identityOf } from './dataset.ts';
import type {
  CustomerCategory,
  OpenRequest,
  PlanRequest,
  ProjectedRow,
  Projection,
  Projections,
  ShownItem,
  ViewRequest,
} from './projection.ts';
import { type Hits, viewOf } from './views.ts';

/** Rows that come along with a view. */
const firstRows = 48;
const planned = itemStates.indexOf('planned');

/**
 * The projections themselves, wherever they run. `reader` is the read side of the store; `pause` lets other work in
 * between the sorting of two columns. So many items as `keep` says stay in memory after nobody looks at them any more.
 */
export function createProjections(
  reader: ItemReader,
  pause: () => Promise<void>,
  keep = 250_000,
): Projections {
  /** What is kept, the longest unused first. */
  const kept = new Map<string, Dataset>();
  const inUse = new Map<Dataset, number>();

  const take = (request: OpenRequest): Dataset => {
    const key = request.edition === undefined ? undefined : JSON.stringify(request);
    let dataset = key === undefined ? undefined : kept.get(key);
    if (!dataset || dataset.failed) {
      dataset = new Dataset(request);
      void dataset.read(reader, pause);
    }
    inUse.set(dataset, (inUse.get(dataset) ?? 0) + 1);
    if (key !== undefined) {
      kept.delete(key);
      kept.set(key, dataset);
    }
    forget();
    return dataset;
  };
  const leave = (dataset: Dataset): void => {
    const users = (inUse.get(dataset) ?? 1) - 1;
    if (users > 0) inUse.set(dataset, users);
    else inUse.delete(dataset);
    forget();
  };
  const forget = (): void => {
    let items = 0;
    for (const dataset of kept.values()) items += dataset.data.total;
    for (const [key, dataset] of kept) {
      const outdated = [...kept.values()].some((other) => other !== dataset && isNewer(other, dataset));
      if (inUse.has(dataset) || (items <= keep && !outdated && !dataset.failed)) continue;
      items -= dataset.data.total;
      kept.delete(key);
    }
  };

  return {
    project: () => createProjection(reader, take, leave),
    async customers(categories) {
      const refs = new Set<string>();
      for (const category of categories) {
        const dataset = take(category.request);
        try {
          await dataset.whole();
          gather(refs, dataset, category);
        } finally {
          leave(dataset);
        }
      }
      return refs.size;
    },
  };
}

/** The same rows of another edition, and of a later moment, since it was asked for later. */
const isNewer = ({ request: a }: Dataset, { request: b }: Dataset): boolean =>
  a.run === b.run &&
  a.category === b.category &&
  a.edition !== b.edition &&
  (a.edition ?? '') > (b.edition ?? '');

function gather(refs: Set<string>, { data }: Dataset, { deciding }: CustomerCategory): void {
  for (let index = 0; index < data.total; index += 1) {
    const customer = deciding ? undefined : data.customers[data.customerOf[index] ?? -1];
    refs.add(customer?.ref ?? data.refs[index] ?? '');
  }
}

function createProjection(
  reader: ItemReader,
  take: (request: OpenRequest) => Dataset,
  leave: (dataset: Dataset) => void,
): Projection {
  let open: Dataset | undefined;
  let told = 0;
  let plan: PlanRequest | undefined;
  let assignments: Promise<Assignments | undefined> = Promise.resolve(undefined);
  let hits: Hits | undefined;

  const need = (): Dataset => {
    if (!open) throw new Error('No category is open in this table.');
    return open;
  };
  const assign = (dataset: Dataset): Promise<Assignments | undefined> => {
    assignments = plan ? Assignments.of(reader, dataset, plan) : Promise.resolve(undefined);
    // Whoever asks hears of it.
    assignments.catch(() => {});
    return assignments;
  };
  const assigned = async (): Promise<Assignments | undefined> => {
    const current = await assignments;
    current?.extend();
    return current;
  };

  const rowsOf = async (indexes: ArrayLike<number>): Promise<ProjectedRow[]> => {
    const dataset = need();
    const { data } = dataset;
    const receivers = await assigned();
    const list = Array.from(indexes).filter((index) => index < data.total);
    const touched = await readTouched(reader, dataset, list);
    return list.flatMap((index): ProjectedRow[] => {
      const item = data.states[index] === planned ? data.item(index) : touched.get(index);
      if (!item) return [];
      return [
        {
          ref: data.refs[index] ?? item.ref,
          item,
          member: receivers?.members[receivers.receiver[index] ?? -1] ?? null,
          own: receivers?.own[index] === 1,
          warned: receivers?.warned[index] === 1,
          state: item.state,
        },
      ];
    });
  };

  return {
    async open(request) {
      if (open) leave(open);
      const dataset = take(request);
      open = dataset;
      hits = undefined;
      void assign(dataset);
      const progress = await dataset.after(0);
      told = progress.read;
      return progress;
    },
    async more() {
      const progress = await need().after(told);
      told = progress.read;
      return progress;
    },
    async plan(request) {
      const dataset = need();
      plan = request;
      const made = assign(dataset);
      await dataset.whole();
      const current = await made;
      current?.extend();
      if (!current) throw new Error('There is no plan.');
      return current.summary;
    },
    async view(request: ViewRequest) {
      const dataset = need();
      await dataset.after(0);
      const current = await assigned();
      const view = viewOf(dataset, current, request, hits);
      ({ hits } = view);
      return { order: view.order, first: await rowsOf(view.order.subarray(0, firstRows)) };
    },
    rows: rowsOf,
    refs: async (indexes) => Array.from(indexes, (index) => need().data.refs[index] ?? ''),
    async indexes(refs) {
      const dataset = need();
      const found: number[] = [];
      for (const ref of refs) {
        const index = dataset.indexOf(ref);
        if (index !== undefined) found.push(index);
      }
      return Uint32Array.from(found).sort();
    },
    close() {
      if (open) leave(open);
      open = undefined;
    },
  };
}

/** Items that a run has touched, by index: what became of them is in the store. */
async function readTouched(
  reader: ItemReader,
  { data, request }: Dataset,
  indexes: readonly number[],
): Promise<Map<number, ShownItem>> {
  const byCategory = new Map<string, { index: number; ref: string }[]>();
  for (const index of indexes) {
    if (data.states[index] === planned) continue;
    const { category, ref } = identityOf(request, data.refs[index] ?? '');
    const group = byCategory.get(category) ?? [];
    byCategory.set(category, group);
    group.push({ index, ref });
  }
  const found = new Map<number, ShownItem>();
  for (const [category, group] of byCategory) {
    const items = await reader.byRef(
      request.run,
      category,
      group.map(({ ref }) => ref),
    );
    group.forEach(({ index }, at) => {
      const item = items[at];
      if (item) found.set(index, item);
    });
  }
  return found;
}

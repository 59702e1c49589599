import { type Item, type ItemState, itemStates, type RunItem } from '../../offboarding/model.ts';
import { compilePlan, needsCustomers } from '../../offboarding/plan.ts';
import { normalizeQuery } from '../../offboarding/search.ts';
import type { ItemReader } from '../../store/store.ts';
import { type Columnar, ColumnarBuilder } from './columnar.ts';
import type { OpenRequest, PlanRequest, PlanSummary, Projection, ViewRequest } from './projection.ts';
import { type Ranked, rankCodes, rankColumn } from './ranks.ts';

/** Items read from the store at a time. */
const pageSize = 5_000;

/** Who receives each item, by index. */
interface Assignments {
  /** Index into `members`; -1: nobody. */
  receiver: Int32Array;
  own: Uint8Array;
  members: string[];
  warned: Uint8Array;
  summary: PlanSummary;
}

interface Loaded {
  request: OpenRequest;
  data: Columnar;
  collator: Intl.Collator;
  ranks: Map<string, Ranked>;
  found: Ranked;
  assignments: Assignments | undefined;
  /** The last search and which items it hit. */
  hits: { query: string; at: Uint8Array } | undefined;
  indexOf: Map<string, number> | undefined;
}

/**
 * The projection itself, wherever it runs. `reader` is the read side of the store; `pause` lets other work in between
 * the sorting of two columns, which happens by itself after `open`.
 */
export function createProjection(reader: ItemReader, pause: () => Promise<void>): Projection {
  let loaded: Loaded | undefined;
  let plan: PlanRequest | undefined;
  let last: Promise<unknown> = Promise.resolve();

  /** One call at a time, in their order. */
  const inTurn = <T>(work: () => Promise<T> | T): Promise<T> => {
    const result = last.then(work);
    last = result.catch(() => undefined);
    return result;
  };
  const need = (): Loaded => {
    if (!loaded) throw new Error('No category is open in this table.');
    return loaded;
  };

  /** Sorts every column ahead of the reader's wish. */
  const prepare = async (opened: Loaded): Promise<void> => {
    for (const { key } of opened.request.columns) {
      await pause();
      if (loaded !== opened) return;
      ranksOf(opened, key);
    }
    // All that the values were for is in the ranks now.
    opened.data.values.clear();
  };

  return {
    open: (request) =>
      inTurn(async () => {
        loaded = undefined;
        const data = await readItems(reader, request);
        loaded = {
          request,
          data,
          collator: new Intl.Collator(request.locale, { numeric: true }),
          ranks: new Map(),
          found: { order: Uint32Array.from({ length: data.total }, (_, index) => index), empty: data.total },
          assignments: undefined,
          hits: undefined,
          indexOf: undefined,
        };
        if (plan) loaded.assignments = await assignAll(reader, loaded, plan);
        void prepare(loaded);
        return { total: data.total };
      }),
    plan: (request) =>
      inTurn(async () => {
        plan = request;
        const opened = need();
        opened.assignments = await assignAll(reader, opened, request);
        opened.ranks.delete('$owner');
        return opened.assignments.summary;
      }),
    view: (request) => inTurn(() => viewOf(need(), plan, request)),
    rows: (indexes) =>
      inTurn(async () => {
        const { request, data, assignments } = need();
        const refs = Array.from(indexes, (index) => data.refs[index] ?? '');
        const items = await itemsOf(reader, request, refs);
        return items.flatMap((item, at) => {
          if (!item) return [];
          const index = indexes[at] ?? 0;
          const receiver = assignments?.receiver[index] ?? -1;
          return {
            ref: refs[at] ?? item.ref,
            item,
            member: assignments?.members[receiver] ?? null,
            own: assignments?.own[index] === 1,
            warned: assignments?.warned[index] === 1,
            state: item.state,
          };
        });
      }),
    refs: (indexes) => inTurn(() => Array.from(indexes, (index) => need().data.refs[index] ?? '')),
    indexes: (refs) =>
      inTurn(() => {
        const opened = need();
        opened.indexOf ??= new Map(opened.data.refs.map((ref, index) => [ref, index]));
        const found: number[] = [];
        for (const ref of refs) {
          const index = opened.indexOf.get(ref);
          if (index !== undefined) found.push(index);
        }
        return Uint32Array.from(found).sort();
      }),
    close() {
      loaded = undefined;
    },
  };
}

/** Between a category and the ref of its item, where rows are of several categories. */
const beneath = '\n';

async function readItems(reader: ItemReader, request: OpenRequest): Promise<Columnar> {
  const { run, category, across } = request;
  const builder = new ColumnarBuilder(request.columns, across && new Map(namesOf(across.categories)));
  for (const id of across ? across.categories.map((each) => each.id) : [category]) {
    let after: string | undefined;
    for (;;) {
      const items = across
        ? await reader.inState(run, id, across.state, pageSize, after)
        : await reader.page(run, id, pageSize, after);
      builder.add(items, across && ((item) => `${id}${beneath}${item.ref}`));
      after = items.at(-1)?.ref;
      if (items.length < pageSize) break;
    }
    builder.endCategory();
  }
  return builder.finish();
}

const namesOf = (categories: readonly { id: string; name: string }[]): [string, string][] =>
  categories.map(({ id, name }) => [id, name]);

/** The items of refs, in their order; undefined for one that is gone. */
async function itemsOf(
  reader: ItemReader,
  { run, category, across }: OpenRequest,
  refs: readonly string[],
): Promise<(RunItem | undefined)[]> {
  if (!across) return reader.byRef(run, category, refs);
  const result: (RunItem | undefined)[] = refs.map(() => undefined);
  for (const { id } of across.categories) {
    const places = [...refs.keys()].filter((at) => refs[at]?.startsWith(id + beneath));
    if (places.length === 0) continue;
    const found = await reader.byRef(
      run,
      id,
      places.map((at) => refs[at]?.slice(id.length + beneath.length) ?? ''),
    );
    places.forEach((at, index) => {
      result[at] = found[index];
    });
  }
  return result;
}

function ranksOf(opened: Loaded, key: string): Ranked {
  const known = opened.ranks.get(key);
  if (known) return known;
  const column = opened.request.columns.find((each) => each.key === key);
  const values = opened.data.values.get(key);
  const ranked = column && values ? rankColumn(values, column.type, opened.collator) : opened.found;
  opened.ranks.set(key, ranked);
  return ranked;
}

function viewOf(opened: Loaded, plan: PlanRequest | undefined, request: ViewRequest): Uint32Array {
  const { data } = opened;
  const { order, empty } = ordered(opened, plan, request.sort?.column);
  const query = normalizeQuery(request.query);
  const hits = query === '' ? undefined : searched(opened, query);
  const passes = predicate(opened, request.filter);
  const result = new Uint32Array(data.total);
  let length = 0;
  const take = (index: number): void => {
    if (hits && hits[index] !== 1) return;
    if (passes && !passes(index)) return;
    result[length] = index;
    length += 1;
  };
  if (request.sort?.direction === 'descending')
    for (let at = empty - 1; at >= 0; at -= 1) take(order[at] ?? 0);
  else for (let at = 0; at < empty; at += 1) take(order[at] ?? 0);
  for (let at = empty; at < order.length; at += 1) take(order[at] ?? 0);
  return result.slice(0, length);
}

function ordered(opened: Loaded, plan: PlanRequest | undefined, column: string | undefined): Ranked {
  if (column === undefined) return opened.found;
  if (column === '$state') return rankCodes(Int32Array.from(opened.data.states), itemStates.length);
  if (column !== '$owner') return ranksOf(opened, column);
  const known = opened.ranks.get('$owner');
  const { assignments } = opened;
  if (known || !assignments) return known ?? opened.found;
  const name = (id: string): string => plan?.names[id] ?? id;
  const { compare } = opened.collator;
  const byName = assignments.members.map((_, index) => index);
  byName.sort((a, b) => compare(name(assignments.members[a] ?? ''), name(assignments.members[b] ?? '')));
  const rank = new Int32Array(byName.length);
  byName.forEach((member, at) => {
    rank[member] = at;
  });
  const codes = assignments.receiver.map((receiver) => (receiver < 0 ? -1 : (rank[receiver] ?? -1)));
  const ranked = rankCodes(codes, byName.length);
  opened.ranks.set('$owner', ranked);
  return ranked;
}

function searched(opened: Loaded, query: string): Uint8Array {
  if (opened.hits?.query === query) return opened.hits.at;
  const { texts } = opened.data;
  // What contains a longer query contains a shorter one that it begins with: typing on narrows the last result.
  const within = opened.hits && query.includes(opened.hits.query) ? opened.hits.at : undefined;
  const at = new Uint8Array(texts.length);
  for (let index = 0; index < texts.length; index += 1)
    if ((!within || within[index] === 1) && texts[index]?.includes(query)) at[index] = 1;
  opened.hits = { query, at };
  return at;
}

function predicate(opened: Loaded, filter: string): ((index: number) => boolean) | undefined {
  const { assignments, data } = opened;
  if (filter.startsWith('state:')) {
    const wanted = new Set(
      filter
        .slice('state:'.length)
        .split(',')
        .map((state) => itemStates.indexOf(state as ItemState)),
    );
    return (index) => wanted.has(data.states[index] ?? -1);
  }
  if (filter === 'all' || filter === '') return undefined;
  const known = ['own', 'default', 'warned', 'unassigned'].includes(filter) || filter.startsWith('member:');
  if (!known) throw new Error(`Unknown filter “${filter}”.`);
  if (!assignments) return () => false;
  const { own, receiver, warned, members } = assignments;
  if (filter === 'own') return (index) => own[index] === 1;
  if (filter === 'default') return (index) => own[index] !== 1;
  if (filter === 'warned') return (index) => warned[index] === 1;
  if (filter === 'unassigned') return (index) => (receiver[index] ?? -1) < 0;
  const wanted = members.indexOf(filter.slice('member:'.length));
  return (index) => wanted >= 0 && receiver[index] === wanted;
}

async function assignAll(reader: ItemReader, opened: Loaded, request: PlanRequest): Promise<Assignments> {
  const { data } = opened;
  const { run, category } = opened.request;
  const { deciding } = request;
  let customers: Map<string, Item> | undefined;
  const target = request.plan.defaults[category];
  const follows = target !== undefined && 'sameAsCustomer' in target;
  if (follows && deciding !== undefined && needsCustomers(request.plan, deciding))
    customers = new Map((await reader.category(run, deciding)).map((item) => [item.ref, item]));
  const compiled = compilePlan(request.plan, request.leaver, deciding, customers);

  const receiver = new Int32Array(data.total).fill(-1);
  const own = new Uint8Array(data.total);
  const warned = new Uint8Array(data.total);
  const members: string[] = [];
  const indexOf = new Map<string, number>();
  const suspects = new Set(request.warned);
  const summary: PlanSummary = { own: 0, unassigned: 0, warned: 0, byMember: {} };
  for (let index = 0; index < data.total; index += 1) {
    const assignment = compiled.assign(standIn(opened, request, index));
    if (assignment.own) {
      own[index] = 1;
      summary.own += 1;
    }
    if (assignment.member === null) {
      summary.unassigned += 1;
      continue;
    }
    let member = indexOf.get(assignment.member);
    if (member === undefined) {
      member = members.push(assignment.member) - 1;
      indexOf.set(assignment.member, member);
    }
    receiver[index] = member;
    summary.byMember[assignment.member] = (summary.byMember[assignment.member] ?? 0) + 1;
    if (suspects.has(assignment.member)) {
      warned[index] = 1;
      summary.warned += 1;
    }
  }
  return { receiver, own, members, warned, summary };
}

/**
 * An item as far as a plan looks at one. Its title is the whole searchable text: a plan's searches find the same in it
 * as in the item, since no query can reach across two fields.
 */
function standIn(opened: Loaded, request: PlanRequest, index: number): Item {
  const { data } = opened;
  const ref = data.refs[index] ?? '';
  const customer = data.customers[data.customerOf[index] ?? -1];
  return {
    category: opened.request.category,
    ref,
    title: data.texts[index] ?? '',
    columns: {},
    value: { member: request.leaver },
    lock: ref,
    ...(customer ? { customer } : {}),
  };
}

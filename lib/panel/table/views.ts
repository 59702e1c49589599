import type { ItemState } from '../../offboarding/model.ts';
import { normalizeQuery } from '../../offboarding/search.ts';
import { itemStates } from '../../offboarding/states.ts';
import type { Assignments } from './assignments.ts';
import type { Dataset } from './dataset.ts';
import type { ViewRequest, ViewSort } from './projection.ts';
import { type Ranked, rankCodes } from './ranks.ts';

/** The last search and which items it hit; what is read later is looked through when it is asked for. */
export interface Hits {
  query: string;
  at: number[];
}

/** The items that match, in order, and what the next search may build upon. Throws on an unknown filter. Pure. */
export function viewOf(
  dataset: Dataset,
  assignments: Assignments | undefined,
  request: ViewRequest,
  before: Hits | undefined,
): { order: Uint32Array; hits: Hits | undefined } {
  // Half of the rows in their order, and later others between them, would move under the reader's eyes.
  const sort = dataset.complete ? request.sort : null;
  const { order, empty } = ordered(dataset, assignments, sort);
  const query = normalizeQuery(request.query);
  const hits = query === '' ? undefined : searched(dataset.data.texts, query, before);
  const passes = predicate(dataset, assignments, request.filter);
  const result = new Uint32Array(order.length);
  let length = 0;
  const take = (index: number): void => {
    if (hits && hits.at[index] !== 1) return;
    if (passes && !passes(index)) return;
    result[length] = index;
    length += 1;
  };
  if (sort?.direction === 'descending') for (let at = empty - 1; at >= 0; at -= 1) take(order[at] ?? 0);
  else for (let at = 0; at < empty; at += 1) take(order[at] ?? 0);
  for (let at = empty; at < order.length; at += 1) take(order[at] ?? 0);
  return { order: result.slice(0, length), hits: hits ?? before };
}

function ordered(dataset: Dataset, assignments: Assignments | undefined, sort: ViewSort | null): Ranked {
  const found = dataset.found();
  const asFound = { order: found, empty: found.length };
  if (!sort) return asFound;
  if (sort.column === '$state') return rankCodes(dataset.data.states, itemStates.length, found);
  if (sort.column === '$owner') return assignments?.byName() ?? asFound;
  return dataset.ranked(sort.column);
}

function searched(texts: readonly string[], query: string, before: Hits | undefined): Hits {
  const same = before?.query === query ? before : undefined;
  const at = same?.at ?? [];
  // What contains a longer query contains a shorter one that it begins with: typing on narrows the last result.
  const within = !same && before && query.includes(before.query) ? before.at : undefined;
  for (let index = at.length; index < texts.length; index += 1) {
    const possible = !within || within[index] === undefined || within[index] === 1;
    at.push(possible && texts[index]?.includes(query) ? 1 : 0);
  }
  return { query, at };
}

function predicate(
  { data }: Dataset,
  assignments: Assignments | undefined,
  filter: string,
): ((index: number) => boolean) | undefined {
  if (filter.startsWith('state:')) {
    const names = filter.slice('state:'.length).split(',');
    const wanted = new Set(names.map((state) => itemStates.indexOf(state as ItemState)));
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

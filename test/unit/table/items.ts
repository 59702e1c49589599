import type { Column, Item, RunItem } from '../../../lib/offboarding/model.ts';
import type { ItemReader } from '../../../lib/store/store.ts';
import { countsOf } from '../../crash/counts.ts';

export const columns: Column[] = [
  { key: 'title', label: 'Task', type: 'text', priority: 1, align: 'start' },
  { key: 'customer', label: 'Customer', type: 'text', priority: 2, align: 'start' },
  { key: 'due', label: 'Due', type: 'date', priority: 2, align: 'start' },
  { key: 'arr', label: 'ARR', type: 'money', priority: 3, align: 'end' },
];

/** A task of the leaver `dana`; `over` replaces what matters to a test. */
export function task(ref: string, over: Partial<RunItem> = {}): RunItem {
  return {
    run: 'run',
    category: 'tasks.open',
    ref,
    position: Number(ref.replaceAll(/\D/gu, '')),
    title: `Task ${ref}`,
    columns: {},
    value: { member: 'dana' },
    lock: ref,
    state: 'planned',
    ...over,
  };
}

/** A store's read side over an array, in the order of refs, as the real one gives it. */
export function readerOf(items: readonly RunItem[]): ItemReader {
  const sorted = [...items].sort((a, b) => (a.ref < b.ref ? -1 : a.ref > b.ref ? 1 : 0));
  const byRef = new Map(sorted.map((item) => [item.ref, item]));
  const of = (category: string) => sorted.filter((item) => item.category === category);
  return {
    category: async (_run, category) => of(category),
    page: async (_run, category, limit, after) => {
      const all = of(category);
      const start = after === undefined ? 0 : all.findIndex((item) => item.ref === after) + 1;
      return all.slice(start, start + limit);
    },
    byRef: async (_run, _category, refs) => refs.map((ref) => byRef.get(ref)),
    inState: async (_run, category, state, limit) =>
      of(category)
        .filter((item) => item.state === state)
        .slice(0, limit),
    counts: async (_run, category) => countsOf(of(category)),
  };
}

/** The item's own part of a row, for plans. */
export function plain(item: RunItem): Item {
  const { run: _run, position: _position, state: _state, ...rest } = item;
  return rest;
}

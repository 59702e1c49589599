import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Plan } from '../../../lib/offboarding/choices.ts';
import type { RunItem } from '../../../lib/offboarding/model.ts';
import { compilePlan } from '../../../lib/offboarding/plan.ts';
import { matches, searchText } from '../../../lib/offboarding/search.ts';
import { createProjections } from '../../../lib/panel/table/engine.ts';
import type {
  PlanRequest,
  ProjectedRow,
  Projection,
  ViewRequest,
} from '../../../lib/panel/table/projection.ts';
import { columns, plain, readerOf, task } from './items.ts';

const noPlan: Plan = { defaults: {}, changes: [], selected: [] };
const at = '2026-11-22T10:00:00Z';
const planOf = (plan: Plan, over: Partial<PlanRequest> = {}): PlanRequest => ({
  plan,
  leaver: 'dana',
  deciding: undefined,
  names: { tom: 'Tom Okafor', mei: 'Mei Tanaka' },
  warned: [],
  ...over,
});

async function opened(items: readonly RunItem[], plan: PlanRequest = planOf(noPlan)): Promise<Projection> {
  const projection = createProjections(readerOf(items), () => Promise.resolve()).project();
  await projection.open({ run: 'run', category: 'tasks.open', columns, locale: 'en' });
  await projection.plan(plan);
  return projection;
}

async function refsOf(projection: Projection, request: Partial<ViewRequest>): Promise<string[]> {
  const { order } = await projection.view({ query: '', sort: null, filter: 'all', ...request });
  return projection.refs(order);
}

async function rowsOf(projection: Projection): Promise<ProjectedRow[]> {
  const { order } = await projection.view({ query: '', sort: null, filter: 'all' });
  return projection.rows(order);
}

describe('the table projection', () => {
  it('keeps the order in which items were found, whatever the order of their refs', async () => {
    const items = [task('t1', { position: 2 }), task('t2', { position: 0 }), task('t3', { position: 1 })];
    expect(await refsOf(await opened(items), {})).toEqual(['t2', 't3', 't1']);
  });

  it('W2.1 searches title, customer and every column, without regard to case', async () => {
    const projection = await opened([
      task('t1', { title: 'QBR deck' }),
      task('t2', { customer: { ref: 'c', name: 'Qbrick', owner: null } }),
      task('t3', { columns: { note: 'after the qbr' } }),
      task('t4', { columns: { arr: 1200 } }),
    ]);
    expect(await refsOf(projection, { query: ' QBR ' })).toEqual(['t1', 't2', 't3']);
    expect(await refsOf(projection, { query: '1200' })).toEqual(['t4']);
    expect(await refsOf(projection, { query: 'nothing of it' })).toEqual([]);
    // Back from a narrower search to a wider one.
    expect(await refsOf(projection, { query: 'q' })).toEqual(['t1', 't2', 't3']);
  });

  it('finds what the shared search finds, for any items and query', async () => {
    const word = fc.string({
      unit: fc.constantFrom('a', 'B', 'ä', 'Ä', 'é', 'e\u0301', ' ', 'ß', '1', 'İ'),
      maxLength: 4,
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(word, word), { maxLength: 8 }),
        fc.array(word, { maxLength: 4 }),
        async (words, queries) => {
          const items = words.map(([title, note], index) => task(`t${index}`, { title, columns: { note } }));
          const projection = await opened(items);
          for (const query of queries)
            expect(await refsOf(projection, { query })).toEqual(
              items.filter((item) => matches(searchText(item), query)).map(({ ref }) => ref),
            );
        },
      ),
      { numRuns: 60 },
    );
  });

  it('W3.2 sorts texts by language, numbers by size and dates by time, with the empty ones last both ways', async () => {
    const projection = await opened([
      task('t1', { title: 'item 10', columns: { arr: 90, due: '2026-12-03' } }),
      task('t2', { title: 'Item 9', columns: { arr: null, due: '2025-12-03' } }),
      task('t3', { title: 'Ärger', columns: { arr: 100, due: null } }),
      task('t4', { title: 'Zebra', columns: { arr: -1 } }),
    ]);
    const sorted = (column: string, direction: 'ascending' | 'descending') =>
      refsOf(projection, { sort: { column, direction } });
    expect(await sorted('title', 'ascending')).toEqual(['t3', 't2', 't1', 't4']);
    expect(await sorted('title', 'descending')).toEqual(['t4', 't1', 't2', 't3']);
    expect(await sorted('arr', 'ascending')).toEqual(['t4', 't1', 't3', 't2']);
    expect(await sorted('arr', 'descending')).toEqual(['t3', 't1', 't4', 't2']);
    expect(await sorted('due', 'ascending')).toEqual(['t2', 't1', 't3', 't4']);
  });

  it('W3.2 tells who receives each row, counts it, filters and sorts by it', async () => {
    const plan: Plan = {
      defaults: { 'tasks.open': { member: 'tom' } },
      changes: [
        {
          kind: 'override',
          id: 'o1',
          at,
          category: 'tasks.open',
          selection: { query: 'deck', except: ['t3'] },
          to: 'mei',
          count: 2,
        },
        {
          kind: 'override',
          id: 'o2',
          at,
          category: 'tasks.open',
          selection: { refs: ['t4'] },
          to: 'mei',
          count: 1,
        },
      ],
      selected: [],
    };
    const items = [
      task('t1', { title: 'QBR deck' }),
      task('t2', { title: 'Call' }),
      task('t3', { title: 'Other deck' }),
      task('t4', { title: 'Mail' }),
    ];
    const projection = createProjections(readerOf(items), () => Promise.resolve()).project();
    await projection.open({ run: 'run', category: 'tasks.open', columns, locale: 'en' });
    expect(await projection.plan(planOf(plan, { warned: ['mei'] }))).toEqual({
      own: 2,
      unassigned: 0,
      warned: 2,
      byMember: { mei: 2, tom: 2 },
    });
    expect(await refsOf(projection, { filter: 'own' })).toEqual(['t1', 't4']);
    expect(await refsOf(projection, { filter: 'default' })).toEqual(['t2', 't3']);
    expect(await refsOf(projection, { filter: 'warned' })).toEqual(['t1', 't4']);
    expect(await refsOf(projection, { filter: 'member:tom', query: 'deck' })).toEqual(['t3']);
    expect(await refsOf(projection, { filter: 'unassigned' })).toEqual([]);
    expect(await refsOf(projection, { sort: { column: '$owner', direction: 'ascending' } })).toEqual([
      't1',
      't4',
      't2',
      't3',
    ]);
    const rows = await projection.rows(Uint32Array.of(0, 1));
    expect(rows.map(({ ref, member, own, warned }) => [ref, member, own, warned])).toEqual([
      ['t1', 'mei', true, true],
      ['t2', 'tom', false, false],
    ]);
    expect(await projection.plan(planOf(noPlan))).toMatchObject({ own: 0, unassigned: 4 });
    expect(await refsOf(projection, { filter: 'unassigned' })).toHaveLength(4);
    await expect(refsOf(projection, { filter: 'nonsense' })).rejects.toThrow('nonsense');
  });

  it('W3.1 gives an item to whoever receives its customer, also where a search in the customers decides that', async () => {
    const customer = (ref: string, name: string): RunItem =>
      task(ref, { category: 'customers.csm', title: name, customer: { ref, name, owner: 'dana' } });
    const items = [
      customer('c1', 'Northwind'),
      customer('c2', 'Globex'),
      task('t1', { customer: { ref: 'c1', name: 'Northwind', owner: 'dana' } }),
      task('t2', { customer: { ref: 'c2', name: 'Globex', owner: 'dana' } }),
      task('t3', { customer: { ref: 'c9', name: 'Initech', owner: 'zoe' } }),
    ];
    const plan: Plan = {
      defaults: { 'tasks.open': { sameAsCustomer: true }, 'customers.csm': { member: 'tom' } },
      changes: [
        {
          kind: 'override',
          id: 'o',
          at,
          category: 'customers.csm',
          selection: { query: 'glob', except: [] },
          to: 'mei',
          count: 1,
        },
      ],
      selected: [],
    };
    const projection = await opened(items, planOf(plan, { deciding: 'customers.csm' }));
    const rows = await rowsOf(projection);
    expect(rows.map(({ ref, member }) => [ref, member])).toEqual([
      ['t1', 'tom'],
      ['t2', 'mei'],
      ['t3', 'zoe'],
    ]);
  });

  it('assigns each row as the plan assigns the item itself', async () => {
    const title = fc.constantFrom('QBR deck', 'renewal Call', 'ÄRGER', 'call  deck');
    const change = fc.record({
      query: fc.option(fc.constantFrom('', 'deck', 'call', 'är', 'nobody'), { nil: undefined }),
      refs: fc.subarray(['t0', 't1', 't2']),
      to: fc.constantFrom('tom', 'mei', null),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(title, { minLength: 3, maxLength: 5 }),
        fc.array(change, { maxLength: 4 }),
        async (titles, changes) => {
          const items = titles.map((text, index) =>
            task(`t${index}`, { title: text, columns: { note: text.slice(2) } }),
          );
          const plan: Plan = {
            defaults: { 'tasks.open': { member: 'zoe' } },
            changes: changes.map(({ query, refs, to }, index) => ({
              kind: 'override',
              id: `o${index}`,
              at,
              category: 'tasks.open',
              selection: query === undefined ? { refs } : { query, except: refs },
              to,
              count: 0,
            })),
            selected: [],
          };
          const compiled = compilePlan(plan, 'dana', undefined);
          const projection = await opened(items, planOf(plan));
          const rows = await rowsOf(projection);
          expect(rows.map(({ member, own }) => ({ member, own }))).toEqual(
            items.map((item) => compiled.assign(plain(item))),
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  it('filters and sorts by the outcome of a run', async () => {
    const projection = await opened([
      task('t1', { state: 'failed' }),
      task('t2', { state: 'moved' }),
      task('t3', { state: 'unknown' }),
      task('t4', { state: 'failed' }),
    ]);
    expect(await refsOf(projection, { filter: 'state:failed' })).toEqual(['t1', 't4']);
    expect(await refsOf(projection, { filter: 'state:moved,unknown' })).toEqual(['t2', 't3']);
    expect(await refsOf(projection, { sort: { column: '$state', direction: 'ascending' } })).toEqual([
      't3',
      't2',
      't1',
      't4',
    ]);
  });

  it('reads rows that a run has touched from the store, and leaves out what is gone from there', async () => {
    const items = [task('t1'), task('t2', { state: 'failed' }), task('t3', { state: 'moved' })];
    const asked: string[] = [];
    const projection = createProjections(
      {
        ...readerOf(items),
        byRef: async (_run, _category, refs) => {
          asked.push(...refs);
          return refs.map((ref) => (ref === 't2' ? items[1] : undefined));
        },
      },
      () => Promise.resolve(),
    ).project();
    await expect(projection.view({ query: '', sort: null, filter: 'all' })).rejects.toThrow('No category');
    await projection.open({ run: 'run', category: 'tasks.open', columns, locale: 'en' });
    expect((await projection.rows(Uint32Array.of(0, 1, 2))).map(({ ref }) => ref)).toEqual(['t1', 't2']);
    expect(asked).toEqual(['t2', 't3']);
    expect([...(await projection.indexes(['t2', 'gone', 't1']))]).toEqual([0, 1]);
  });
});

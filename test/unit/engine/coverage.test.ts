import { beforeEach, describe, expect, it } from 'vitest';
import { compileFor, distributionOf, distributions } from '../../../lib/engine/coverage.ts';
import type { Plan } from '../../../lib/offboarding/choices.ts';
import type { Run } from '../../../lib/offboarding/model.ts';
import type { Store } from '../../../lib/store/store.ts';
import { createMemoryStore } from '../../crash/memory-store.ts';
import { makeCategory } from '../offboarding/material.ts';
import { at, makeItem, makeRun } from '../store/material.ts';

const customers = makeCategory('customers', { decidesCustomer: true, count: 2 });
const tasks = makeCategory('tasks', { perCustomer: true, count: 3, order: 2 });
let store: Store;

beforeEach(async () => {
  store = createMemoryStore();
  await store.createRun(makeRun(), { at, kind: 'created', data: {} });
  await store.mergeItems(
    'run-1',
    ['EMEA', 'APAC'].map((region, n) =>
      makeItem(n, { category: 'customers', ref: `cus_${n}`, columns: { region } }),
    ),
    0,
  );
  await store.mergeItems(
    'run-1',
    [0, 1, 1].map((customer, n) =>
      makeItem(n, { customer: { ref: `cus_${customer}`, name: 'A customer', owner: 'mem_dana' } }),
    ),
    0,
  );
});

const runWith = (plan: Partial<Plan>): Run =>
  makeRun({
    categories: [
      customers,
      tasks,
      makeCategory('by hand', { action: 'manual' }),
      makeCategory('none', { count: 0 }),
    ],
    plan: { defaults: {}, changes: [], selected: [], ...plan },
  });

describe('W5.1 who receives how many', () => {
  it('counts what is handed over, by receiver, and what has nobody yet', async () => {
    const run = runWith({ defaults: { customers: { member: 'mem_tom' } } });
    expect([...(await distributions(store, run))]).toEqual([
      ['customers', { total: 2, unassigned: 0, own: 0, byMember: { mem_tom: 2 } }],
      ['tasks', { total: 3, unassigned: 3, own: 0, byMember: {} }],
    ]);
  });

  it('does not look at items where the default alone decides', async () => {
    const run = runWith({ defaults: { tasks: { member: 'mem_tom' } } });
    const plan = await compileFor(store, run);
    const blind = {
      ...store,
      items: { ...store.items, page: () => Promise.reject(new Error('It looked.')) },
    };
    expect(await distributionOf(blind, run, tasks, plan)).toMatchObject({ byMember: { mem_tom: 3 } });
    const overridden = runWith({
      defaults: { tasks: { member: 'mem_tom' } },
      changes: [
        {
          kind: 'override',
          id: '1',
          at,
          category: 'tasks',
          selection: { refs: ['t0000'] },
          to: 'mem_mei',
          count: 1,
        },
      ],
    });
    await expect(distributionOf(blind, overridden, tasks, plan)).rejects.toThrow('It looked.');
    expect((await distributions(store, overridden)).get('tasks')).toEqual({
      total: 3,
      unassigned: 0,
      own: 1,
      byMember: { mem_mei: 1, mem_tom: 2 },
    });
  });

  it('W3.1 keeps one customer’s things together, also where a search on the customers decides', async () => {
    const run = runWith({
      defaults: { customers: { member: 'mem_tom' }, tasks: { sameAsCustomer: true } },
      changes: [
        {
          kind: 'override',
          id: '1',
          at,
          category: 'customers',
          selection: { query: 'apac', except: [] },
          to: 'mem_mei',
          count: 1,
        },
      ],
    });
    expect((await distributions(store, run)).get('tasks')?.byMember).toEqual({ mem_tom: 1, mem_mei: 2 });
  });
});

import { describe, expect, it } from 'vitest';
import type { Plan, RunItem } from '../../../lib/offboarding/model.ts';
import { connectProjection, type Line, serveProjection } from '../../../lib/panel/table/channel.ts';
import { createProjection } from '../../../lib/panel/table/engine.ts';
import type { PlanRequest, Projection } from '../../../lib/panel/table/projection.ts';
import { createTable, type TableModel } from '../../../lib/panel/table/table.ts';
import { columns, readerOf, task } from './items.ts';

const request = { run: 'run', category: 'tasks.open', columns, locale: 'en' };
const planOf = (plan: Partial<Plan>): PlanRequest => ({
  plan: { defaults: { 'tasks.open': { member: 'tom' } }, changes: [], selected: [], ...plan },
  leaver: 'dana',
  deciding: undefined,
  names: {},
  warned: [],
});

const settle = () => new Promise((resolve) => setTimeout(resolve, 5));

async function tableOf(items: readonly RunItem[], plan?: PlanRequest): Promise<TableModel> {
  const table = createTable(createProjection(readerOf(items), () => Promise.resolve()));
  table.open(request, plan);
  await settle();
  return table;
}

const inView = async (table: TableModel) => (await table.rows(0, table.matching.value)).map(({ ref }) => ref);

describe('the table model', () => {
  it('loads, searches, and tells how many are in view', async () => {
    const table = createTable(
      createProjection(readerOf([task('t1', { title: 'Deck' }), task('t2')]), () => Promise.resolve()),
    );
    expect(table.state.value).toBe('loading');
    table.open(request);
    await settle();
    expect([table.state.value, table.total.value, table.matching.value]).toEqual(['ready', 2, 2]);
    const before = table.version.value;
    table.search('deck');
    await settle();
    expect(table.version.value).toBeGreaterThan(before);
    expect([table.total.value, table.matching.value]).toEqual([2, 1]);
    expect(await inView(table)).toEqual(['t1']);
    expect(await table.positionOf('t1')).toBe(0);
    expect(await table.positionOf('t2')).toBe(-1);
  });

  it('W3.2 keeps a selection through search and sort, and counts what is out of view', async () => {
    const table = await tableOf([
      task('t1', { title: 'b' }),
      task('t2', { title: 'a' }),
      task('t3', { title: 'c' }),
    ]);
    table.select(0, 2, true);
    table.sortBy({ column: 'title', direction: 'descending' });
    await settle();
    expect([0, 1, 2].map((position) => table.isSelected(position))).toEqual([false, true, true]);
    table.search('a');
    await settle();
    // Every title here is one letter, but refs are no part of what is searched.
    expect([table.selectedCount.value, table.selectedHidden.value]).toEqual([2, 1]);
    expect(await table.selection()).toEqual({ refs: ['t1', 't2'] });
    table.clearSelection();
    expect(table.selectedCount.value).toBe(0);
  });

  it('W3.2 keeps everything that matches as a search, with exceptions, not as a list', async () => {
    const items = ['deck one', 'call', 'deck two', 'deck three'].map((title, index) =>
      task(`t${index}`, { title }),
    );
    const table = await tableOf(items);
    table.search('deck');
    await settle();
    table.selectAll();
    expect(await table.selection()).toEqual({ query: 'deck', except: [] });
    table.select(1, 2, false);
    expect(await table.selection()).toEqual({ query: 'deck', except: ['t2'] });
    table.select(1, 2, true);
    expect(await table.selection()).toEqual({ query: 'deck', except: [] });
    table.search('');
    await settle();
    expect([table.selectedCount.value, table.selectedHidden.value]).toEqual([3, 0]);
    // One more, that the search does not find: from here on it is a set.
    table.select(1, 2, true);
    expect(await table.selection()).toEqual({ refs: ['t0', 't1', 't2', 't3'] });
  });

  it('selects a set, not a search, where a filter is on or other rows are selected already', async () => {
    const items = ['deck', 'call', 'deck'].map((title, index) => task(`t${index}`, { title }));
    const change = {
      kind: 'override' as const,
      id: 'o',
      at: '2026-11-22T10:00:00Z',
      category: 'tasks.open',
      selection: { refs: ['t0'] },
      to: 'mei',
      count: 1,
    };
    const table = await tableOf(items, planOf({ changes: [change] }));
    table.filterBy('own');
    await settle();
    table.selectAll();
    expect(await table.selection()).toEqual({ refs: ['t0'] });
    table.clearSelection();
    table.filterBy('all');
    await settle();
    table.select(1, 2, true);
    table.search('deck');
    await settle();
    table.selectAll();
    expect(await table.selection()).toEqual({ refs: ['t0', 't1', 't2'] });
  });

  it('follows the plan: counts, receivers, and filters that depend on it', async () => {
    const table = await tableOf([task('t1'), task('t2')], planOf({}));
    expect(table.summary.value).toMatchObject({ own: 0, byMember: { tom: 2 } });
    table.filterBy('unassigned');
    await settle();
    expect(table.matching.value).toBe(0);
    table.setPlan(planOf({ defaults: {} }));
    await settle();
    expect([table.matching.value, table.summary.value?.unassigned]).toEqual([2, 2]);
    expect((await table.rows(0, 1))[0]?.member).toBeNull();
  });

  it('keeps what still exists of the selection when it reads everything again', async () => {
    const items = [task('t1'), task('t2'), task('t3')];
    const live = [...items];
    const reader = { ...readerOf(items), page: async () => live.slice() };
    const table = createTable(createProjection(reader, () => Promise.resolve()));
    table.open(request);
    await settle();
    table.select(0, 2, true);
    live.splice(0, 1);
    live.push(task('t4'));
    table.reload();
    await settle();
    expect(table.total.value).toBe(3);
    expect(await table.selection()).toEqual({ refs: ['t2'] });
    table.clearSelection();
    table.selectAll();
    live.push(task('t5'));
    table.reload();
    await settle();
    expect(table.selectedCount.value).toBe(4);
    expect(await table.selection()).toEqual({ query: '', except: [] });
  });

  it('says when the store cannot be read, and loads again on request', async () => {
    const reader = readerOf([task('t1')]);
    let broken = true;
    const page: typeof reader.page = (...parameters) =>
      broken ? Promise.reject(new Error('The disk is full.')) : reader.page(...parameters);
    const table = createTable(createProjection({ ...reader, page }, () => Promise.resolve()));
    table.open(request);
    await settle();
    expect([table.state.value, table.error.value]).toEqual(['failed', 'The disk is full.']);
    broken = false;
    table.reload();
    await settle();
    expect([table.state.value, table.error.value, table.total.value]).toEqual(['ready', null, 1]);
  });

  it('shows the newest search only, in whichever order the answers come', async () => {
    const real = createProjection(readerOf([task('t1', { title: 'Deck' }), task('t2')]), () =>
      Promise.resolve(),
    );
    const held: (() => void)[] = [];
    const slow: Projection = {
      ...real,
      view: async (view) => {
        const answer = await real.view(view);
        if (view.query === 'deck') await new Promise<void>((resolve) => held.push(resolve));
        return answer;
      },
    };
    const table = createTable(slow);
    table.open(request);
    await settle();
    table.search('deck');
    await settle();
    table.search('nobody');
    await settle();
    for (const release of held) release();
    await settle();
    expect(table.matching.value).toBe(0);
  });
});

/** Two ends of a line, with copies in between as between a page and its worker. */
function line(): [Line, Line] {
  const { port1, port2 } = new MessageChannel();
  port1.start();
  port2.start();
  return [port1, port2] as unknown as [Line, Line];
}

describe('a table behind a worker', () => {
  it('answers over the line as it does without one', async () => {
    const [near, far] = line();
    serveProjection(
      far,
      createProjection(readerOf([task('t1', { title: 'Deck' }), task('t2')]), () => Promise.resolve()),
    );
    let ended = 0;
    const projection = connectProjection(near, () => {
      ended += 1;
    });
    expect(await projection.open(request)).toEqual({ total: 2 });
    expect(await projection.view({ query: 'deck', sort: null, filter: 'all' })).toEqual(Uint32Array.of(0));
    expect((await projection.rows(Uint32Array.of(1)))[0]).toMatchObject({ ref: 't2', member: null });
    await expect(projection.view({ query: '', sort: null, filter: 'nonsense' })).rejects.toThrow('nonsense');
    projection.close();
    expect(ended).toBe(1);
    await expect(projection.refs(Uint32Array.of(0))).rejects.toThrow('closed');
    (near as unknown as MessagePort).close();
  });

  it('rejects what waits when the worker breaks', async () => {
    const [near] = line();
    const projection = connectProjection(near, () => undefined);
    const waiting = projection.open(request);
    projection.broken('Out of memory');
    await expect(waiting).rejects.toThrow('Out of memory');
    await expect(projection.refs(Uint32Array.of(0))).rejects.toThrow('Out of memory');
    (near as unknown as MessagePort).close();
  });
});

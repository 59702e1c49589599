import { describe, expect, it } from 'vitest';
import type { Plan } from '../../../lib/offboarding/choices.ts';
import type { RunItem } from '../../../lib/offboarding/model.ts';
import { connectProjections, type Line, serveProjections } from '../../../lib/panel/table/channel.ts';
import { createProjections } from '../../../lib/panel/table/engine.ts';
import type { PlanRequest, Projections } from '../../../lib/panel/table/projection.ts';
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
  const table = createTable(createProjections(readerOf(items), () => Promise.resolve()));
  table.open(request, plan);
  await settle();
  return table;
}

const inView = async (table: TableModel) => (await table.rows(0, table.matching.value)).map(({ ref }) => ref);

describe('the table model', () => {
  it('loads, searches, and tells how many are in view', async () => {
    const table = createTable(
      createProjections(readerOf([task('t1', { title: 'Deck' }), task('t2')]), () => Promise.resolve()),
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
    const table = createTable(createProjections(reader, () => Promise.resolve()));
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
    const table = createTable(createProjections({ ...reader, page }, () => Promise.resolve()));
    table.open(request);
    await settle();
    expect([table.state.value, table.error.value]).toEqual(['failed', 'The disk is full.']);
    broken = false;
    table.reload();
    await settle();
    expect([table.state.value, table.error.value, table.total.value]).toEqual(['ready', null, 1]);
  });

  it('shows the newest search only, in whichever order the answers come', async () => {
    const real = createProjections(readerOf([task('t1', { title: 'Deck' }), task('t2')]), () =>
      Promise.resolve(),
    );
    const held: (() => void)[] = [];
    const slow: Pick<Projections, 'project'> = {
      project() {
        const projection = real.project();
        return {
          ...projection,
          view: async (view) => {
            const answer = await projection.view(view);
            if (view.query === 'deck') await new Promise<void>((resolve) => held.push(resolve));
            return answer;
          },
        };
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

/** A store that gives a page whenever it is let, and counts how often it was asked. */
function gated(items: readonly RunItem[]) {
  const waiting: (() => void)[] = [];
  const reader = readerOf(items);
  let asked = 0;
  const page: typeof reader.page = async (...parameters) => {
    asked += 1;
    await new Promise<void>((resolve) => waiting.push(resolve));
    return reader.page(...parameters);
  };
  return {
    projections: createProjections({ ...reader, page }, () => Promise.resolve()),
    asked: () => asked,
    /** Lets one page through. */
    async let() {
      waiting.shift()?.();
      await settle();
    },
  };
}

const many = (count: number): RunItem[] =>
  Array.from({ length: count }, (_, index) =>
    task(`t${String(index).padStart(5, '0')}`, { title: index % 2 === 0 ? 'deck' : 'call' }),
  );

describe('a large table while it is being read', () => {
  it('W2.1 shows the first rows after the first page, and says that more are coming', async () => {
    const store = gated(many(1_000));
    const table = createTable(store.projections);
    table.open(request, planOf({}));
    await store.let();
    expect([table.state.value, table.reading.value]).toEqual(['ready', true]);
    expect(table.total.value).toBeGreaterThan(50);
    expect(table.total.value).toBeLessThan(1_000);
    expect((await table.rows(0, 2)).map(({ ref, member }) => [ref, member])).toEqual([
      ['t00000', 'tom'],
      ['t00001', 'tom'],
    ]);
    // Counts of a part would be taken for those of the whole.
    expect(table.summary.value).toBeNull();
    const shown = table.version.value;
    await store.let();
    expect([table.reading.value, table.total.value, table.matching.value]).toEqual([false, 1_000, 1_000]);
    expect(table.summary.value).toMatchObject({ byMember: { tom: 1_000 } });
    // What only grew at its end is not drawn anew.
    expect(table.version.value).toBe(shown);
  });

  it('W3.2 searches in what is here and goes on with the rest; a selected search grows with it', async () => {
    const store = gated(many(1_000));
    const table = createTable(store.projections);
    table.open(request);
    await store.let();
    table.search('deck');
    await settle();
    const early = table.matching.value;
    table.selectAll();
    expect(table.selectedCount.value).toBe(early);
    let settled = false;
    const waited = table.settled().then(() => {
      settled = true;
    });
    await settle();
    expect(settled).toBe(false);
    await store.let();
    await waited;
    expect(early).toBeLessThan(500);
    expect([table.matching.value, table.selectedCount.value]).toEqual([500, 500]);
    expect(await table.selection()).toEqual({ query: 'deck', except: [] });
  });

  it('W3.2 sorts once everything is here, and moves nothing before', async () => {
    const store = gated(many(1_000));
    const table = createTable(store.projections);
    table.open(request);
    await store.let();
    table.sortBy({ column: 'title', direction: 'ascending' });
    await settle();
    expect((await table.rows(0, 2)).map(({ item }) => item.title)).toEqual(['deck', 'call']);
    await store.let();
    await settle();
    expect((await table.rows(0, 2)).map(({ item }) => item.title)).toEqual(['call', 'call']);
  });

  it('says so when reading breaks off half way', async () => {
    const reader = readerOf(many(1_000));
    let pages = 0;
    const page: typeof reader.page = (...parameters) => {
      pages += 1;
      return pages === 2 ? Promise.reject(new Error('The database is gone.')) : reader.page(...parameters);
    };
    const table = createTable(createProjections({ ...reader, page }, () => Promise.resolve()));
    table.open(request, planOf({}));
    await settle();
    expect([table.state.value, table.error.value]).toEqual(['failed', 'The database is gone.']);
    table.reload();
    await settle();
    expect([table.state.value, table.total.value]).toEqual(['ready', 1_000]);
  });

  it('is there at once when it is opened again, until a scan changed it or too much is kept', async () => {
    const items = many(300);
    const reader = readerOf(items);
    let reads = 0;
    const page: typeof reader.page = (...parameters) => {
      reads += 1;
      return reader.page(...parameters);
    };
    const projections = createProjections({ ...reader, page }, () => Promise.resolve(), 700);
    const openOnce = async (over: object) => {
      const table = createTable(projections);
      table.open({ ...request, ...over });
      await settle();
      expect(table.total.value).toBe(300);
      table.dispose();
      const before = reads;
      reads = 0;
      return before > 0;
    };
    expect(await openOnce({ edition: '1' })).toBe(true);
    expect(await openOnce({ edition: '1' })).toBe(false);
    expect(await openOnce({ edition: '2' })).toBe(true);
    expect(await openOnce({ edition: '2' })).toBe(false);
    // Without an edition nobody can say whether it is still the same.
    expect(await openOnce({})).toBe(true);
    expect(await openOnce({})).toBe(true);
    // Two more are more than is kept: the one that was not used for longest goes.
    expect(await openOnce({ run: 'b', edition: '1' })).toBe(true);
    expect(await openOnce({ edition: '2' })).toBe(false);
    expect(await openOnce({ run: 'c', edition: '1' })).toBe(true);
    expect(await openOnce({ edition: '2' })).toBe(false);
    expect(await openOnce({ run: 'b', edition: '1' })).toBe(true);
  });
});

/** Two ends of a line, with copies in between as between a page and its worker. */
function line(): [Line, Line] {
  const { port1, port2 } = new MessageChannel();
  port1.start();
  port2.start();
  return [port1, port2] as unknown as [Line, Line];
}

describe('tables behind a worker', () => {
  it('answer over one line as they do without one', async () => {
    const [near, far] = line();
    const items = [
      task('t1', { title: 'Deck' }),
      task('t2', { customer: { ref: 'c', name: 'C', owner: 'dana' } }),
    ];
    serveProjections(
      far,
      createProjections(readerOf(items), () => Promise.resolve()),
    );
    const projections = connectProjections(near);
    const projection = projections.project();
    const other = projections.project();
    expect(await projection.open(request)).toEqual({ read: 2, complete: true });
    const { order, first } = await projection.view({ query: 'deck', sort: null, filter: 'all' });
    expect([order, first.map(({ ref }) => ref)]).toEqual([Uint32Array.of(0), ['t1']]);
    expect((await projection.rows(Uint32Array.of(1)))[0]).toMatchObject({ ref: 't2', member: null });
    expect(await projections.customers([{ request, deciding: false }])).toBe(2);
    await expect(projection.view({ query: '', sort: null, filter: 'nonsense' })).rejects.toThrow('nonsense');
    projection.close();
    await expect(projection.refs(Uint32Array.of(0))).rejects.toThrow('closed');
    expect(await other.open(request)).toEqual({ read: 2, complete: true });
    (near as unknown as MessagePort).close();
  });

  it('reject what waits when the worker breaks', async () => {
    const [near] = line();
    const projections = connectProjections(near);
    const projection = projections.project();
    const waiting = projection.open(request);
    projections.broken('Out of memory');
    await expect(waiting).rejects.toThrow('Out of memory');
    await expect(projection.refs(Uint32Array.of(0))).rejects.toThrow('Out of memory');
    (near as unknown as MessagePort).close();
  });
});

import 'fake-indexeddb/auto';
import { afterEach, describe, expect, it } from 'vitest';
import type { Run } from '../../../lib/offboarding/model.ts';
import { openStore, openStoreReader } from '../../../lib/store/index.ts';
import { StorageFailed, type Store } from '../../../lib/store/store.ts';
import { leaver, owned, priya } from '../../crash/demo-workspace.ts';
import { startLife } from '../../crash/life.ts';
import { expectTrue, problemsOf } from '../../crash/truth.ts';
import { createWorld, dashboards, over, prepare, start, tasks, type World } from '../../crash/world.ts';
import { at, makeItem, makeRun } from './material.ts';

let world: World | undefined;
let copies = 0;
afterEach(() => world?.clock.stop());

/** The rows of a run as version 1 kept them: one for each item, and no other table. */
interface Rows {
  runs: readonly unknown[];
  items: readonly unknown[];
  attempts?: readonly unknown[];
  journal?: readonly unknown[];
}

/** What the first builds had for items: they named the state of planned ones too. */
const firstItems = [1, 2].map((n) => ({ ...makeItem(n), run: 'run-1', position: n, state: 'planned' }));

/** Writes rows as they are into a database of a version, made as version 1 made it. */
async function fixture(name: string, version: number, rows: Rows): Promise<void> {
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(name, version);
    request.onupgradeneeded = () => {
      const { result } = request;
      result
        .createObjectStore('connections', { keyPath: 'id' })
        .createIndex('origin', 'origin', { unique: true });
      result.createObjectStore('runs', { keyPath: 'id' }).createIndex('open', 'open', { unique: true });
      result
        .createObjectStore('items', { keyPath: ['run', 'category', 'ref'] })
        .createIndex('state', ['run', 'category', 'state', 'ref']);
      result.createObjectStore('attempts', { keyPath: ['run', 'seq'] }).createIndex('open', ['run', 'open']);
      result.createObjectStore('journal', { keyPath: ['run', 'seq'] });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const tables = ['runs', 'items', 'attempts', 'journal'] as const;
  const transaction = database.transaction(tables, 'readwrite');
  for (const table of tables) for (const row of rows[table] ?? []) transaction.objectStore(table).put(row);
  await new Promise<void>((resolve) => {
    transaction.oncomplete = () => resolve();
  });
  database.close();
}

/** A row of schema 0: without what came later. */
function oldRow(): unknown {
  const { schema: _schema, blockers: _blockers, completion: _completion, ...run } = makeRun();
  return { ...run, plan: { defaults: {}, changes: [] }, scan: { state: 'none' }, colour: 'red' };
}

describe('R4 old data', () => {
  it('opens a database of version 1 with everything in it', async () => {
    await fixture('v1', 1, { runs: [makeRun()], items: firstItems });
    const store = openStore('v1');
    expect(await store.run('run-1')).toEqual(makeRun());
    expect((await store.items.inState('run-1', 'tasks', 'planned', 9)).map(({ ref }) => ref)).toEqual([
      't0001',
      't0002',
    ]);
    expect((await store.items.counts('run-1', 'tasks')).planned).toBe(2);
  });

  it('goes on with a run of an older schema, and stores it as today', async () => {
    await fixture('older', 1, { runs: [oldRow()], items: firstItems });
    const store = openStore('older');
    const [run] = await store.runs();
    expect(run).toMatchObject({ schema: 1, blockers: [], completion: 'api', plan: { selected: [] } });
    const changed = await store.updateRun('run-1', (stored) => ({ ...stored, note: 'a' }));
    expect(changed).toMatchObject({ schema: 1, note: 'a', rev: 2, colour: 'red' });
    expect(await openStoreReader('older').run('run-1')).toEqual(changed);
  });

  it('shows a run of a newer schema as what it is, and changes nothing of it', async () => {
    const newer = { ...makeRun(), schema: 7, plan: 'another shape' };
    await fixture('newer', 1, { runs: [newer], items: firstItems });
    const store = openStore('newer');
    const run = await store.run('run-1');
    expect(run).toMatchObject({ id: 'run-1', phase: 'paused', leaver: { name: 'Dana Ruiz' } });
    expect(run?.pause).toEqual({
      kind: 'unreadable',
      detail: 'A newer version of the extension wrote this run (schema 7; this one reads 1).',
    });
    await expect(store.updateRun('run-1', (stored) => ({ ...stored, note: 'a' }))).rejects.toBeInstanceOf(
      StorageFailed,
    );
    // It still holds its leaver: no second run beside it.
    const second = await store.createRun(makeRun({ id: 'run-2' }), { at, kind: 'created', data: {} });
    expect(second).toMatchObject({ created: false, run: { id: 'run-1', pause: { kind: 'unreadable' } } });
  });

  it('puts a run aside that it cannot read, once it is told to, and keeps all of it', async () => {
    world = createWorld({ store: 'indexeddb' });
    const first = startLife(world);
    const id = await prepare(first);
    await start(first, id);
    await first.until(id, ({ steps }) => steps.some(({ moved }) => moved > 0));
    first.kill();
    const readable = (await world.openStore().run(id)) as Run;
    await world.openStore().updateRun(id, (run) => ({ ...run, schema: 5 }) as unknown as Run);

    const second = startLife(world);
    await second.engine.recover();
    expect((await second.engine.openDraft('con', leaver)).run).toMatchObject({ id, phase: 'paused' });
    const aside = await second.engine.stop(id);
    expect(aside).toMatchObject({ id, phase: 'failed', pause: { kind: 'unreadable' } });
    expect(aside.rev).toBeGreaterThan(readable.rev);
    expect((await world.openStore().journal(id)).at(-1)?.data).toMatchObject({ by: priya });
    expect(await second.engine.stop(id)).toEqual(aside);

    // Its leaver is free again, and the new run has nothing of the old one.
    const run = await prepare(second);
    expect(run).not.toBe(id);
    await start(second, run);
    const ended = await second.until(run, over);
    expect(ended.phase).toBe('succeeded');

    // A version that can read it finds it over, with its items and steps, and does not take it up.
    second.kill();
    const database = await new Promise<IDBDatabase>((resolve) => {
      const request = indexedDB.open(world?.database ?? '');
      request.onsuccess = () => resolve(request.result);
    });
    const runs = database.transaction('runs', 'readwrite').objectStore('runs');
    const row = await new Promise<Run>((resolve) => {
      const request = runs.get(id);
      request.onsuccess = () => resolve(request.result);
    });
    runs.put({ ...row, schema: 1 });
    await new Promise<void>((resolve) => {
      runs.transaction.oncomplete = () => resolve();
    });
    database.close();
    const again = (await world.openStore().run(id)) as Run;
    expect(again).toMatchObject({ phase: 'failed', endedAt: aside.endedAt });
    expect(again).not.toHaveProperty('open');
    expect(again.steps).toEqual(readable.steps);
    expect((await world.openStore().items.category(id, tasks)).length).toBe(7);
    const writes = world.demo.writes.length;
    const third = startLife(world);
    await third.engine.recover();
    await world.clock.sleep(120_000, new AbortController().signal);
    expect(world.demo.writes).toHaveLength(writes);
  });

  it('shows a damaged run as what it is, and the others as they are', async () => {
    await fixture('damaged', 1, {
      runs: [{ id: 'run-0', schema: 1, phase: 'executing', leaver: 7 }, makeRun()],
      items: firstItems,
    });
    const runs = await openStore('damaged').runs();
    expect(runs.map(({ id, phase }) => [id, phase])).toEqual([
      ['run-0', 'paused'],
      ['run-1', 'draft'],
    ]);
    expect(runs[0]?.pause?.detail).toMatch(/^Expected a run of schema 1, got one with .+\.$/);
  });

  it('says so when a newer version has made the database', async () => {
    await fixture('v9', 9, { runs: [], items: [] });
    const store = openStore('v9');
    await expect(store.runs()).rejects.toThrow(/newer version of the extension/);
    await expect(store.runs()).rejects.toBeInstanceOf(StorageFailed);
  });

  it('R1 takes up a run that an older version left executing', async () => {
    world = createWorld({ store: 'indexeddb' });
    const first = startLife(world, { dies: (place) => place === 'store.settleAttempt.after' });
    const id = await prepare(first);
    await start(first, id);
    await first.died;
    // As the older version had written it.
    await world.openStore().updateRun(id, (run) => {
      const { schema: _schema, blockers: _blockers, ...older } = run;
      return older as Run;
    });
    const second = startLife(world);
    await second.engine.recover();
    const ended = await second.until(id, over);
    expect(ended).toMatchObject({ phase: 'succeeded', schema: 1 });
    expectTrue(await problemsOf(world, ended));
  });

  /** Makes a database of version 1 of what a store of today holds of a run, and opens it as today's. */
  async function asVersion1(store: Store, id: string): Promise<Store> {
    const run = (await store.run(id)) as Run;
    const items = (
      await Promise.all(run.categories.map((category) => store.items.category(id, category.id)))
    ).flat();
    const last = await store.lastAttempt(id);
    const open = await store.openAttempts(id);
    // Of the settled attempts only the last one's number matters.
    const attempts =
      open.some(({ seq }) => seq === last) || last === 0 ? open : [...open, { run: id, seq: last }];
    const name = `old-${++copies}`;
    await fixture(name, 1, { runs: [run], items, attempts, journal: await store.journal(id) });
    return openStore(name);
  }

  it.each([
    ['a draft', 'scan.read'],
    ['a run between its writes', 'store.settleAttempt.after'],
    ['a run with writes in flight', 'apply.after'],
    ['a run that looks once more', 'rescan.read'],
  ])(
    'R1 goes on with %s whose rows an older version wrote, and scans again into them',
    async (_what, place) => {
      world = createWorld({ store: 'indexeddb', counts: { [tasks]: 9, [dashboards]: 3 } });
      const first = startLife(world, { dies: (passed) => passed === place });
      const { run: draft } = await first.engine.openDraft('con', leaver);
      if (place === 'scan.read') {
        await first.engine.scan(draft.id);
        await first.died;
      } else {
        const id = await prepare(first);
        await start(first, id);
        await first.died;
      }
      const old = await asVersion1(world.openStore(), draft.id);
      world.openStore = () => old;
      world.demo.give(tasks, `${tasks}-late`);
      const second = startLife(world);
      await second.engine.recover();
      if (place === 'scan.read') {
        await second.until(draft.id, ({ scan }) => scan.state === 'done');
        await prepare(second);
        await start(second, draft.id);
      }
      const ended = await second.until(draft.id, over);
      expect(ended.phase).toBe('succeeded');
      expectTrue(await problemsOf(world, ended));
      expect(owned(world.demo.owners, tasks, leaver)).toEqual([]);
      await old.deleteRun(draft.id);
      expect(await old.items.category(draft.id, tasks)).toEqual([]);
    },
  );

  it('leaves a run that it cannot read alone when it recovers', async () => {
    world = createWorld({ store: 'indexeddb' });
    const first = startLife(world);
    const id = await prepare(first);
    const damaged = { ...((await first.store.run(id)) as Run), phase: 'executing', schema: 5 };
    await world.openStore().updateRun(id, () => damaged as unknown as Run);
    first.kill();
    const second = startLife(world);
    await second.engine.recover();
    expect((await second.store.run(id))?.pause?.kind).toBe('unreadable');
    await expect(second.engine.continue(id)).rejects.toMatchObject({ refusal: { code: 'locked' } });
    expect(world.demo.writes).toEqual([]);
  });
});

import 'fake-indexeddb/auto';
import { afterEach, describe, expect, it } from 'vitest';
import type { Run } from '../../../lib/offboarding/model.ts';
import { openStore, openStoreReader } from '../../../lib/store/index.ts';
import { StorageFailed } from '../../../lib/store/store.ts';
import { startLife } from '../../crash/life.ts';
import { expectTrue, problemsOf } from '../../crash/truth.ts';
import { createWorld, over, prepare, start, type World } from '../../crash/world.ts';
import { at, makeItem, makeRun } from './material.ts';

let world: World | undefined;
afterEach(() => world?.clock.stop());

/** Writes rows as they are into a database of a version, made as that version made it. */
async function fixture(name: string, version: number, runs: readonly unknown[]): Promise<void> {
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
  const transaction = database.transaction(['runs', 'items'], 'readwrite');
  for (const run of runs) transaction.objectStore('runs').put(run);
  // The first builds named the state of planned items too.
  for (const n of [1, 2])
    transaction.objectStore('items').put({ ...makeItem(n), run: 'run-1', position: n, state: 'planned' });
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
    await fixture('v1', 1, [makeRun()]);
    const store = openStore('v1');
    expect(await store.run('run-1')).toEqual(makeRun());
    expect((await store.items.inState('run-1', 'tasks', 'planned', 9)).map(({ ref }) => ref)).toEqual([
      't0001',
      't0002',
    ]);
    expect(await store.items.countInState('run-1', 'tasks', 'planned')).toBe(2);
  });

  it('goes on with a run of an older schema, and stores it as today', async () => {
    await fixture('older', 1, [oldRow()]);
    const store = openStore('older');
    const [run] = await store.runs();
    expect(run).toMatchObject({ schema: 1, blockers: [], completion: 'api', plan: { selected: [] } });
    const changed = await store.updateRun('run-1', (stored) => ({ ...stored, note: 'a' }));
    expect(changed).toMatchObject({ schema: 1, note: 'a', rev: 2, colour: 'red' });
    expect(await openStoreReader('older').run('run-1')).toEqual(changed);
  });

  it('shows a run of a newer schema as what it is, and changes nothing of it', async () => {
    const newer = { ...makeRun(), schema: 7, plan: 'another shape' };
    await fixture('newer', 1, [newer]);
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

  it('shows a damaged run as what it is, and the others as they are', async () => {
    await fixture('damaged', 1, [{ id: 'run-0', schema: 1, phase: 'executing', leaver: 7 }, makeRun()]);
    const runs = await openStore('damaged').runs();
    expect(runs.map(({ id, phase }) => [id, phase])).toEqual([
      ['run-0', 'paused'],
      ['run-1', 'draft'],
    ]);
    expect(runs[0]?.pause?.detail).toMatch(/^Expected a run of schema 1, got one with .+\.$/);
  });

  it('says so when a newer version has made the database', async () => {
    await fixture('v9', 9, []);
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

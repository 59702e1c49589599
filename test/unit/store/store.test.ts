import 'fake-indexeddb/auto';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { openStore } from '../../../lib/store/index.ts';
import { beginning } from '../../../lib/store/journal.ts';
import { MissingRun, StorageFailed, type Store } from '../../../lib/store/store.ts';
import { firstBroken } from '../../crash/chain.ts';
import { createMemoryStore } from '../../crash/memory-store.ts';
import { at, makeAttempt, makeItem, makeRun, makeRunItem } from './material.ts';

let number = 0;
const created = { at, kind: 'created', data: {} } as const;
const entry = { at, kind: 'attempt', data: { seq: 1 } } as const;
const kinds = [
  {
    kind: 'IndexedDB',
    open: () => {
      number += 1;
      return openStore(`store-${number}`);
    },
  },
  { kind: 'memory', open: createMemoryStore },
];

describe.each(kinds)('the store in $kind', ({ open }) => {
  let store: Store;
  beforeEach(async () => {
    store = open();
    await store.createRun(makeRun(), created);
  });
  const states = async (): Promise<[string, string][]> =>
    (await store.items.category('run-1', 'tasks')).map(({ ref, state }) => [ref, state]);

  it('issue 6: keeps what a connector has learned with its connection, and nothing without one', async () => {
    const connection = {
      ...{
        id: 'con-1',
        kind: 'keyed',
        origin: 'https://a.example',
        origins: [],
        settings: {},
        createdAt: at,
      },
      workspace: { id: 'w', name: 'A' },
    };
    await store.putConnection(connection);
    await store.remember('con-1', 'write tasks', { state: 'works' });
    await store.remember('con-1', 'people', ['a']);
    await store.remember('con-1', 'people', ['a', 'b']);
    await store.remember('con-none', 'people', ['c']);
    expect(await store.connections()).toEqual([
      { ...connection, memory: { 'write tasks': { state: 'works' }, people: ['a', 'b'] } },
    ]);
  });

  it('W7.2 keeps one open run of a leaver', async () => {
    const second = await store.createRun(makeRun({ id: 'run-2' }), created);
    expect(second).toMatchObject({ created: false, run: { id: 'run-1' } });
    expect(await store.run('run-2')).toBeUndefined();
    await store.updateRun('run-1', ({ open: _open, ...run }) => ({ ...run, phase: 'discarded' }));
    expect((await store.createRun(makeRun({ id: 'run-2' }), created)).created).toBe(true);
    expect(await store.openRun(makeRun().open ?? '')).toMatchObject({ id: 'run-2' });
    expect((await store.runs()).map(({ id }) => id).sort()).toEqual(['run-1', 'run-2']);
  });

  it('numbers the changes of a run, and those alone', async () => {
    expect((await store.updateRun('run-1', (run) => ({ ...run, note: 'a' }))).rev).toBe(2);
    expect((await store.updateRun('run-1', () => undefined)).rev).toBe(2);
    expect((await store.updateRun('run-1', (run) => run)).rev).toBe(2);
    await expect(store.updateRun('none', (run) => run)).rejects.toBeInstanceOf(MissingRun);
  });

  it('writes a chained journal of what was changed', async () => {
    expect(await store.journalHead('none')).toBe(beginning);
    await store.updateRun('run-1', (run) => ({ ...run, note: 'a' }), [
      { at, kind: 'note', data: { note: 'a' } },
    ]);
    await store.updateRun('run-1', () => undefined, [{ at, kind: 'note', data: { note: 'never' } }]);
    const journal = await store.journal('run-1');
    expect(journal.map(({ seq, kind }) => [seq, kind])).toEqual([
      [1, 'created'],
      [2, 'note'],
    ]);
    expect(firstBroken(journal)).toBeUndefined();
    expect(await store.journalHead('run-1')).toBe(journal[1]?.hash);
    const [first, second] = journal;
    if (!first || !second) throw new Error('There is no journal.');
    expect(firstBroken([first, { ...second, data: { note: 'b' } }])?.seq).toBe(2);
    expect(firstBroken([second])?.seq).toBe(2);
  });

  it('stores nothing of a change that throws', async () => {
    await store.mergeItems('run-1', [makeItem(1)], 0);
    await store.beginAttempt(makeAttempt(1, ['t0001']));
    const fails = store.settleAttempt(
      makeAttempt(1, ['t0001']),
      [makeRunItem(1, { state: 'moved' })],
      () => {
        throw new Error('A bug.');
      },
      entry,
    );
    await expect(fails).rejects.toThrow('A bug.');
    expect(await states()).toEqual([['t0001', 'planned']]);
    expect(await store.openAttempts('run-1')).toHaveLength(1);
    expect(await store.journal('run-1')).toHaveLength(1);
  });

  it('merges by ref: new ones are planned, known ones keep their place, settled ones come again', async () => {
    expect(
      (
        await store.mergeItems(
          'run-1',
          [1, 2, 3, 4].map((n) => makeItem(n)),
          0,
        )
      ).added,
    ).toHaveLength(4);
    await store.putItems([
      makeRunItem(1, { state: 'moved' }),
      makeRunItem(2, { state: 'failed' }),
      makeRunItem(3, { state: 'unknown' }),
    ]);
    const merged = await store.mergeItems('run-1', [...[1, 2, 3, 4, 5, 5].map((n) => makeItem(n))], 100);
    expect(merged.added.map(({ ref }) => ref)).toEqual(['t0005']);
    expect(merged.returned.map(({ ref }) => ref)).toEqual(['t0001']);
    expect(merged.left).toBe(2);
    expect(await states()).toEqual([
      ['t0001', 'planned'],
      ['t0002', 'failed'],
      ['t0003', 'unknown'],
      ['t0004', 'planned'],
      ['t0005', 'planned'],
    ]);
    const [first, , , , fifth] = await store.items.category('run-1', 'tasks');
    expect([first?.position, fifth?.position]).toEqual([1, 104]);
  });

  it('removes what is not kept, and changes the run with it or not at all', async () => {
    await store.mergeItems(
      'run-1',
      [1, 2, 3].map((n) => makeItem(n)),
      0,
    );
    const fails = store.removeItems('run-1', 'tasks', new Set(['t0002']), () => {
      throw new Error('No.');
    });
    await expect(fails).rejects.toThrow('No.');
    expect(await states()).toHaveLength(3);
    const removed = await store.removeItems('run-1', 'tasks', new Set(['t0002']), (run, gone) => ({
      ...run,
      note: gone.map(({ ref }) => ref).join(),
    }));
    expect(removed.map(({ ref }) => ref)).toEqual(['t0001', 't0003']);
    expect((await store.run('run-1'))?.note).toBe('t0001,t0003');
    expect(await states()).toEqual([['t0002', 'planned']]);
  });

  it('reads items by page, by ref and by state, in the order of their refs', async () => {
    await store.mergeItems(
      'run-1',
      [3, 1, 2, 5, 4].map((n) => makeItem(n)),
      0,
    );
    await store.mergeItems('run-1', [makeItem(9, { category: 'tasks.other' })], 0);
    await store.putItems([makeRunItem(2, { state: 'moved' }), makeRunItem(4, { state: 'moved' })]);
    const refs = (items: ({ ref: string } | undefined)[]) => items.map((item) => item?.ref);
    expect(refs(await store.items.page('run-1', 'tasks', 2))).toEqual(['t0001', 't0002']);
    expect(refs(await store.items.page('run-1', 'tasks', 2, 't0002'))).toEqual(['t0003', 't0004']);
    expect(refs(await store.items.byRef('run-1', 'tasks', ['t0005', 'none']))).toEqual(['t0005', undefined]);
    expect(refs(await store.items.inState('run-1', 'tasks', 'planned', 2))).toEqual(['t0001', 't0003']);
    expect(refs(await store.items.inState('run-1', 'tasks', 'planned', 9, 't0003'))).toEqual(['t0005']);
    expect(refs(await store.items.inState('run-1', 'tasks', 'moved', 9))).toEqual(['t0002', 't0004']);
    expect((await store.items.counts('run-1', 'tasks')).planned).toBe(3);
    expect((await store.items.counts('run-1', 'tasks')).moved).toBe(2);
    expect((await store.items.counts('run-1', 'tasks')).failed).toBe(0);
  });

  it('tells a run without any item from one of which only half a page was stored', async () => {
    await store.mergeItems('run-2', [makeItem(1)], 0, true);
    expect(await store.hasNoItems('run-1')).toBe(true);
    await store.mergeItems('run-1', [makeItem(5)], 0, true);
    await store.mergeItems('run-1', [makeItem(3)], 1, true);
    expect(await store.hasNoItems('run-1')).toBe(false);
    await store.removeItems('run-1', 'tasks', new Set());
    expect(await store.hasNoItems('run-1')).toBe(true);
    await store.mergeItems('run-1', [makeItem(4)], 0);
    expect(await store.hasNoItems('run-1')).toBe(false);
  });

  it('R2 refuses an impossible change of an item', async () => {
    await store.mergeItems('run-1', [makeItem(1)], 0);
    await store.putItems([makeRunItem(1, { state: 'moved' })]);
    await expect(store.putItems([makeRunItem(1, { state: 'failed' })])).rejects.toThrow(/cannot go/);
    expect(await states()).toEqual([['t0001', 'moved']]);
  });

  it('R1 freezes an attempt once, and closes it with its outcome', async () => {
    await store.mergeItems('run-1', [makeItem(1)], 0);
    expect(await store.lastAttempt('run-1')).toBe(0);
    await store.beginAttempt(makeAttempt(1, ['t0001']));
    await expect(store.beginAttempt(makeAttempt(1, ['t0002']))).rejects.toThrow();
    await store.markAttempt(
      makeAttempt(1, ['t0001'], { maybe: true, tries: 1 }),
      [makeRunItem(1, { state: 'unknown' })],
      () => undefined,
    );
    expect(await store.openAttempts('run-1')).toMatchObject([{ seq: 1, maybe: true, tries: 1 }]);
    expect(await states()).toEqual([['t0001', 'unknown']]);
    const run = await store.settleAttempt(
      makeAttempt(1, ['t0001'], { settledAt: at }),
      [makeRunItem(1, { state: 'moved' })],
      (stored) => ({ ...stored, note: 'settled' }),
      entry,
    );
    expect([run.note, run.rev]).toEqual(['settled', 2]);
    expect(await store.openAttempts('run-1')).toEqual([]);
    expect(await store.lastAttempt('run-1')).toBe(1);
    expect(await states()).toEqual([['t0001', 'moved']]);
    expect(firstBroken(await store.journal('run-1'))).toBeUndefined();
  });

  it('stores many outcomes at once without losing a count', async () => {
    await store.mergeItems(
      'run-1',
      Array.from({ length: 30 }, (_, n) => makeItem(n)),
      0,
    );
    await Promise.all(
      Array.from({ length: 30 }, async (_, n) => {
        const { ref } = makeItem(n);
        await store.beginAttempt(makeAttempt(n + 1, [ref]));
        await store.settleAttempt(
          makeAttempt(n + 1, [ref]),
          [makeRunItem(n, { state: 'moved' })],
          (run) => ({ ...run, note: `${Number(run.note ?? 0) + 1}` }),
          entry,
        );
      }),
    );
    expect(await store.run('run-1')).toMatchObject({ note: '30', rev: 31 });
    expect((await store.items.counts('run-1', 'tasks')).moved).toBe(30);
    const journal = await store.journal('run-1');
    expect(journal).toHaveLength(31);
    expect(firstBroken(journal)).toBeUndefined();
  });

  it('takes a run out with everything of it', async () => {
    await store.mergeItems('run-1', [makeItem(1)], 0);
    await store.beginAttempt(makeAttempt(1, ['t0001']));
    await store.deleteRun('run-1');
    expect(await store.run('run-1')).toBeUndefined();
    expect(await states()).toEqual([]);
    expect(await store.openAttempts('run-1')).toEqual([]);
    expect(await store.journal('run-1')).toEqual([]);
  });
});

describe('the disk', () => {
  it('R4 says so when it is full, and stores again when there is space', async () => {
    const store = openStore('full');
    await store.createRun(makeRun(), created);
    const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('There is no space left.', 'QuotaExceededError');
    });
    await expect(store.updateRun('run-1', (run) => ({ ...run, note: 'a' }))).rejects.toBeInstanceOf(
      StorageFailed,
    );
    put.mockRestore();
    expect((await store.updateRun('run-1', (run) => ({ ...run, note: 'b' }))).note).toBe('b');
  });

  it('R4 opens anew when the database was taken away', async () => {
    const store = openStore('taken');
    await store.createRun(makeRun(), created);
    await new Promise<void>((resolve, reject) => {
      const request = indexedDB.deleteDatabase('taken');
      request.onsuccess = () => resolve();
      request.onerror = () => reject(request.error);
    });
    expect(await store.runs()).toEqual([]);
    await expect(store.updateRun('run-1', (run) => run)).rejects.toBeInstanceOf(MissingRun);
    expect((await store.createRun(makeRun(), created)).created).toBe(true);
  });
});

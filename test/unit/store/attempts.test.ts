import 'fake-indexeddb/auto';
import { expect, it } from 'vitest';
import type { Attempt } from '../../../lib/offboarding/attempt.ts';
import type { Item, Run, RunItem } from '../../../lib/offboarding/model.ts';
import { ImpossibleTransition } from '../../../lib/offboarding/transitions.ts';
import { openStore } from '../../../lib/store/index.ts';
import { MissingRun } from '../../../lib/store/store.ts';
import { firstBroken } from '../../crash/chain.ts';

const at = '2026-11-22T10:00:00.000Z';
const itemOf = (ref: string): Item => ({
  category: 'tasks.open',
  ref,
  title: ref,
  columns: {},
  value: { member: 'dana' },
  lock: ref,
});
const attemptOf = (seq: number, ref: string): Attempt => ({
  run: 'run',
  seq,
  key: `key-${seq}`,
  category: 'tasks.open',
  changes: [{ ref, expect: { member: 'dana' }, set: { member: 'tom' }, lock: ref }],
  open: 1,
  maybe: false,
  tries: 0,
  createdAt: at,
});
const entry = (seq: number) => ({ at, kind: 'attempt', data: { seq } }) as const;

const run: Run = {
  id: 'run',
  schema: 1,
  rev: 1,
  connection: 'acme',
  leaver: { id: 'dana', name: 'Dana Ruiz', email: 'dana@acme.example', active: true, admin: 'no' },
  by: { workspace: { id: 'acme', name: 'Acme' }, admin: 'yes' },
  mode: 'executeOnly',
  phase: 'executing',
  blockers: [],
  completion: 'api',
  plan: { defaults: {}, changes: [], selected: [] },
  scan: { state: 'done', changes: [] },
  categories: [],
  acknowledgements: [],
  steps: [],
  screen: 'execution',
  open: 'acme dana',
  createdAt: at,
  updatedAt: at,
};

async function prepared(name: string, refs: string[]) {
  const store = openStore(name);
  await store.createRun(run, { at, kind: 'created', data: {} });
  await store.mergeItems('run', refs.map(itemOf), 0, true);
  const items = await store.items.category('run', 'tasks.open');
  await Promise.all(refs.map((ref, index) => store.beginAttempt(attemptOf(index + 1, ref))));
  const moved = (ref: string): RunItem[] =>
    items.filter((item) => item.ref === ref).map((item) => ({ ...item, state: 'moved' }));
  const count = (stored: Run): Run => ({ ...stored, note: `${stored.note ?? ''}.` });
  return { store, moved, count };
}

it('R1 stores attempts that settle at the same time together: none is lost, each counts, the chain holds', async () => {
  const refs = Array.from({ length: 40 }, (_, index) => `t${String(index).padStart(2, '0')}`);
  const { store, moved, count } = await prepared('together', refs);
  expect(await store.openAttempts('run')).toHaveLength(40);
  const runs = await Promise.all(
    refs.map((ref, index) =>
      store.settleAttempt(attemptOf(index + 1, ref), moved(ref), count, entry(index + 1)),
    ),
  );
  expect(new Set(runs.map(({ rev }) => rev)).size).toBe(40);
  expect((await store.run('run'))?.note).toBe('.'.repeat(40));
  expect(await store.openAttempts('run')).toEqual([]);
  expect((await store.items.counts('run', 'tasks.open')).moved).toBe(40);
  expect((await store.items.counts('run', 'tasks.open')).planned).toBe(0);
  expect(await store.items.inState('run', 'tasks.open', 'planned', 10)).toEqual([]);
  const journal = await store.journal('run');
  expect(journal).toHaveLength(41);
  expect(firstBroken(journal)).toBeUndefined();
});

it('R1 one attempt that cannot be stored takes no other with it', async () => {
  const refs = ['t0', 't1', 't2', 't3'];
  const { store, moved, count } = await prepared('alone', refs);
  const settle = (index: number, items: RunItem[]) =>
    store.settleAttempt(attemptOf(index + 1, refs[index] ?? ''), items, count, entry(index + 1));
  await settle(1, moved('t1'));
  // A moved item cannot fail any more.
  const impossible = moved('t1').map((item): RunItem => ({ ...item, state: 'failed' }));
  const results = await Promise.allSettled([
    settle(0, moved('t0')),
    settle(1, impossible),
    settle(2, moved('t2')),
    settle(3, moved('t3')),
  ]);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
  expect(results[1]).toMatchObject({ reason: expect.any(ImpossibleTransition) });
  expect((await store.items.counts('run', 'tasks.open')).moved).toBe(4);
  expect((await store.run('run'))?.note).toBe('....');
  expect(firstBroken(await store.journal('run'))).toBeUndefined();
});

it.each([
  ['neighbours', ['t01', 't00']],
  ['far apart, with much between them', ['t39', 't00']],
])('R1 an impossible change is refused where the items of an attempt are %s', async (name, pair) => {
  const refs = Array.from({ length: 40 }, (_, index) => `t${String(index).padStart(2, '0')}`);
  const { store, moved, count } = await prepared(name, refs);
  for (const [index, ref] of refs.entries())
    if (ref !== 't00')
      await store.settleAttempt(attemptOf(index + 1, ref), moved(ref), count, entry(index + 1));
  const again = pair.flatMap(moved).map((item): RunItem => ({ ...item, state: 'failed' }));
  const settled = store.settleAttempt(attemptOf(1, 't00'), again, count, entry(1));
  await expect(settled).rejects.toBeInstanceOf(ImpossibleTransition);
  expect(await store.items.counts('run', 'tasks.open')).toMatchObject({ moved: 39, failed: 0, planned: 1 });
});

it('R4 reads planned items that an older version wrote with their state', async () => {
  const { store } = await prepared('older', ['t1', 't3']);
  const opening = indexedDB.open('older');
  await new Promise<void>((resolve) => {
    opening.onsuccess = () => {
      const transaction = opening.result.transaction('items', 'readwrite');
      transaction.objectStore('items').put({ ...itemOf('t2'), run: 'run', position: 2, state: 'planned' });
      transaction.oncomplete = () => {
        opening.result.close();
        resolve();
      };
    };
  });
  expect((await store.items.counts('run', 'tasks.open')).planned).toBe(3);
  const first = await store.items.inState('run', 'tasks.open', 'planned', 2);
  expect(first.map(({ ref, state }) => [ref, state])).toEqual([
    ['t1', 'planned'],
    ['t2', 'planned'],
  ]);
  expect((await store.items.inState('run', 'tasks.open', 'planned', 2, 't2')).map(({ ref }) => ref)).toEqual([
    't3',
  ]);
});

it('R1 begins no attempt of a run that the database does not know, as one that was emptied', async () => {
  const store = openStore('emptied');
  await expect(store.beginAttempt(attemptOf(1, 't00'))).rejects.toBeInstanceOf(MissingRun);
  expect(await store.openAttempts('run')).toEqual([]);
  await store.createRun(run, { at, kind: 'created', data: {} });
  await store.beginAttempt(attemptOf(1, 't00'));
  expect(await store.openAttempts('run')).toHaveLength(1);
});

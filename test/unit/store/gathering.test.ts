import 'fake-indexeddb/auto';
import { expect, it } from 'vitest';
import { gather } from '../../../lib/store/gathering.ts';
import { openStore } from '../../../lib/store/index.ts';
import { firstBroken } from '../../crash/chain.ts';
import { makeItem, makeRun, makeRunItem } from './material.ts';

const at = '2026-11-22T10:00:00.000Z';
const told = (text: string) => [{ at, kind: 'phase', data: { text } }] as const;

it('R1 what is wanted while one write is on its way goes together with the next', async () => {
  const stored: number[][] = [];
  const write = gather(async (writes: readonly number[]) => {
    stored.push([...writes]);
    await new Promise((resolve) => setTimeout(resolve, 1));
    return writes.map((each) => each * 10);
  });
  expect(await Promise.all([1, 2, 3].map(write))).toEqual([10, 20, 30]);
  expect(await write(4)).toBe(40);
  expect(stored).toEqual([[1], [2, 3], [4]]);
});

it('R1 one that cannot be stored takes no other with it', async () => {
  const write = gather(async (writes: readonly number[]) => {
    if (writes.includes(3)) throw new Error('no three');
    return writes;
  });
  const results = await Promise.allSettled([1, 2, 3, 4].map(write));
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
});

it('R2 changes of one run that come at once are made one after another, each on what the one before has stored', async () => {
  const store = openStore('gathering');
  await Promise.all(
    ['run-1', 'run-2'].map((id) =>
      store.createRun(makeRun({ id, open: id }), { at, kind: 'created', data: {} }),
    ),
  );
  const letters = [...'abcdefgh'];
  const changed = letters.flatMap((letter) => [
    store.updateRun('run-1', (run) => ({ ...run, note: `${run.note ?? ''}${letter}` }), told(letter)),
    store.updateRun('run-2', (run) => ({ ...run, note: `${letter}${run.note ?? ''}` }), told(letter)),
  ]);
  const refused = store.updateRun('run-1', () => {
    throw new Error('not now');
  });
  const missing = store.updateRun('run-3', (run) => run);
  await Promise.all(changed);
  await expect(refused).rejects.toThrow('not now');
  await expect(missing).rejects.toThrow('no run run-3');
  expect((await store.run('run-1'))?.note).toBe('abcdefgh');
  expect((await store.run('run-2'))?.note).toBe('hgfedcba');
  for (const run of ['run-1', 'run-2']) {
    const journal = await store.journal(run);
    expect(journal.map(({ data }) => data.text ?? '')).toEqual(['', ...letters]);
    expect(firstBroken(journal)).toBeUndefined();
  }
});

it('R2 items and their runs too, and one impossible move leaves the others of its moment stored', async () => {
  const store = openStore('gathered-items');
  await store.createRun(makeRun(), { at, kind: 'created', data: {} });
  await store.mergeItems(
    'run-1',
    [1, 2, 3].map((n) => makeItem(n)),
    0,
  );
  await store.putItems([makeRunItem(2, { state: 'moved' })]);
  const count = (run: { note?: string | undefined }) => `${run.note ?? ''}.`;
  const results = await Promise.allSettled([
    store.putItems([makeRunItem(1, { state: 'moved' })], (run) => ({ ...run, note: count(run) })),
    store.putItems([makeRunItem(2, { state: 'failed' })], (run) => ({ ...run, note: count(run) })),
    store.putItems([makeRunItem(3, { state: 'failed' })], (run) => ({ ...run, note: count(run) })),
  ]);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(await store.items.counts('run-1', 'tasks')).toEqual({
    planned: 0,
    unknown: 0,
    moved: 2,
    failed: 1,
    skipped: 0,
  });
  expect((await store.run('run-1'))?.note).toBe('..');
});

import { expect, it } from 'vitest';
import { openStoreReader } from '../../../lib/store/index.ts';
import { readLater } from '../../../lib/store/later.ts';
import 'fake-indexeddb/auto';

it('Q a reader is brought in by its first question, once, and answers all of them', async () => {
  let loads = 0;
  const reader = readLater(async () => {
    loads += 1;
    return openStoreReader('later');
  });
  expect(loads).toBe(0);
  const there = openStoreReader('later');
  expect(Object.keys(reader).sort()).toEqual(Object.keys(there).sort());
  expect(Object.keys(reader.items).sort()).toEqual(Object.keys(there.items).sort());
  const nothing = { planned: 0, unknown: 0, moved: 0, failed: 0, skipped: 0 };
  const answers = await Promise.all([
    reader.run('none'),
    reader.runs(),
    reader.runsById(['none']),
    reader.batch('none'),
    reader.batches(),
    reader.journal('none'),
    reader.openAttempts('none'),
    reader.items.category('none', 'tasks'),
    reader.items.page('none', 'tasks', 5),
    reader.items.byRef('none', 'tasks', ['a']),
    reader.items.inState('none', 'tasks', 'moved', 5),
    reader.items.counts('none', 'tasks'),
  ]);
  expect(answers).toEqual([
    undefined,
    [],
    [undefined],
    undefined,
    [],
    [],
    [],
    [],
    [],
    [undefined],
    [],
    nothing,
  ]);
  expect(await reader.journalHead('none')).toBe(await there.journalHead('none'));
  expect(loads).toBe(1);
});

it('Q a reader that cannot be loaded rejects with the reason, and tries again with the next question', async () => {
  let loads = 0;
  const reader = readLater(async () => {
    loads += 1;
    if (loads === 1) throw new Error('Failed to fetch the module');
    return openStoreReader('later-again');
  });
  const both = await Promise.allSettled([reader.run('none'), reader.items.category('none', 'tasks')]);
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  await expect(Promise.reject((both[0] as PromiseRejectedResult).reason)).rejects.toThrow('Failed to fetch');
  expect(loads).toBe(1);
  expect(await reader.runs()).toEqual([]);
  expect(loads).toBe(2);
});

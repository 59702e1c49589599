import { afterEach, describe, expect, it } from 'vitest';
import type { Run } from '../../../lib/offboarding/model.ts';
import { StorageFailed } from '../../../lib/store/store.ts';
import { WorkspaceError } from '../../../lib/workspace/errors.ts';
import { readyBatch, stateOf, statesOf, submit, untilBatch } from '../../crash/bulk-journey.ts';
import { createBulkWorld, crowd } from '../../crash/bulk-world.ts';
import { owned } from '../../crash/demo-workspace.ts';
import { type Life, startLife } from '../../crash/life.ts';
import { change, enter, sleep, world } from '../../crash/stage.ts';
import { tasks } from '../../crash/world.ts';

afterEach(() => world.clock.stop());

const tokens = 'tokens.api';

/** A batch of more users than can be at work at once, after its first write. */
async function underWay(life: Life): Promise<string> {
  const id = await readyBatch(world, life, ['mem_ada', 'mem_cleo', ...crowd]);
  await submit(world, life);
  while (world.demo.writes.length === 0) await sleep(100);
  return id;
}

const phaseOf = async (life: Life): Promise<string | undefined> => (await stateOf(life, world))?.batch.phase;

describe('N5 what is said while Continue is under way', () => {
  it.each(['stop', 'pause'] as const)('%s holds, before its rows and between them', async (word) => {
    for (const after of [0, 1, 3]) {
      enter(createBulkWorld(12, 5_000, crowd));
      const life = startLife(world);
      const id = await underWay(life);
      await life.engine.batches.pause(id);
      await sleep(30_000);
      const begun = (await statesOf(world, life)).filter((state) => state !== 'ready').length;
      const continuing = life.engine.batches.continue(id);
      for (let turn = 0; turn < after * 3; turn += 1) await Promise.resolve();
      await Promise.all([continuing, life.engine.batches[word](id)]);
      expect(await phaseOf(life), `${after}`).toBe(word === 'stop' ? 'stopping' : 'paused');
      await sleep(600_000);
      expect(await phaseOf(life), `${after}`).toBe(word === 'stop' ? 'ended' : 'paused');
      const untouched = (await statesOf(world, life)).filter((state) => /ready|left/.test(state)).length;
      expect(untouched).toBe(crowd.length + 2 - begun);
      world.clock.stop();
    }
  });
});

/** A new life that cannot read the run of the first user, nor change it. */
async function withUnreadable(first: Life): Promise<{ life: Life; bad: string }> {
  const bad = (await stateOf(first, world))?.batch.members[0]?.run ?? '';
  first.kill();
  const real = world.openStore();
  const standIn = <R extends Run | undefined>(run: R): R =>
    run?.id === bad
      ? { ...run, phase: 'paused', pause: { kind: 'unreadable', detail: 'newer' }, steps: [] }
      : run;
  const store = {
    ...real,
    run: async (id: string) => standIn(await real.run(id)),
    runsById: async (ids: readonly string[]) => (await real.runsById(ids)).map(standIn),
    runs: async () => (await real.runs()).map(standIn),
    updateRun: async (...about: Parameters<typeof real.updateRun>) => {
      if (about[0] === bad) throw new StorageFailed('It cannot be read.');
      return real.updateRun(...about);
    },
  };
  const life = startLife(world, { store });
  await life.engine.recover();
  return { life, bad };
}

describe('N5 a run that cannot be read', () => {
  it('keeps End here from nobody else', async () => {
    enter(createBulkWorld(12, 5_000, crowd));
    const first = startLife(world);
    const id = await underWay(first);
    const { life } = await withUnreadable(first);
    await sleep(200);
    expect((await life.engine.batches.stop(id)).phase).toBe('stopping');
    await sleep(60_000);
    const states = await statesOf(world, life);
    expect(states[0]).toBe('paused');
    expect(states.slice(1).every((state) => /partial|succeeded|left/.test(state))).toBe(true);
    expect(states.filter((state) => state === 'left').length).toBeGreaterThan(2);
  });

  it('keeps Continue from nobody else', async () => {
    enter(createBulkWorld(12, 5_000, crowd));
    const first = startLife(world);
    const id = await underWay(first);
    await first.engine.batches.pause(id);
    await sleep(30_000);
    const { life } = await withUnreadable(first);
    await life.engine.batches.continue(id);
    await sleep(600_000);
    expect((await statesOf(world, life)).slice(1).every((state) => state === 'succeeded')).toBe(true);
  });
});

describe('N5 B5 one tick for all is recorded for no count that nobody has seen', () => {
  it.each(['the end of the session', 'the end of the background'])(
    'after a check that was broken off by %s',
    async (end) => {
      enter(createBulkWorld(11));
      let [count, broken, surveys] = [2, false, 0];
      change((port) => ({
        async survey(leaver) {
          const found = await port.survey(leaver);
          if (broken) {
            surveys += 1;
            if (surveys === 2) count = 9;
          }
          const categories = found.categories.map((each) => (each.id === tokens ? { ...each, count } : each));
          return { ...found, categories };
        },
        async scan(leaver, ...about) {
          if (!broken) return port.scan(leaver, ...about);
          broken = false;
          if (end === 'the end of the background') life.kill();
          throw new WorkspaceError('auth', 'The session is over.');
        },
      }));
      let life = startLife(world);
      await readyBatch(world, life, ['mem_ada']);
      // One more, so that they are checked anew before their turn.
      world.demo.owners.get(tasks)?.set(`${tasks}-mem_ada-3`, { member: 'mem_ada' });
      broken = true;
      await submit(world, life);
      while (broken) await sleep(100);
      if (life.dead) {
        life = startLife(world);
        await life.engine.recover();
      }
      await untilBatch(world, life, ({ batch }) => batch.phase === 'ended');
      const last = await stateOf(life, world);
      expect(last?.states).toEqual(['refused']);
      expect(last?.batch.members[0]?.refused?.detail).toContain('(9)');
      const [run] = await world.clock.during(life.store.runs());
      expect(run?.acknowledgements).toEqual([]);
      expect(owned(world.demo.owners, tasks, 'mem_ada')).toHaveLength(3);
      expect(world.demo.members.get('mem_ada')?.active).toBe(true);
    },
  );
});

it('N5 W5.4 Continue of a batch goes past no pause that wants a tick', async () => {
  enter(createBulkWorld(18));
  change((port) => ({
    async apply(attempt, ...about) {
      if (attempt.changes.some(({ ref }) => ref.startsWith(`${tasks}-mem_ada`)))
        throw new WorkspaceError('manual', 'Only by hand.');
      return port.apply(attempt, ...about);
    },
  }));
  const life = startLife(world);
  const id = await readyBatch(world, life, ['mem_ada', 'mem_cleo']);
  await submit(world, life);
  await untilBatch(world, life, ({ states }) => states.join() === 'paused,succeeded');
  const stored = async (): Promise<Run | undefined> =>
    (await life.store.runs()).find(({ leaver }) => leaver.id === 'mem_ada');
  expect((await stored())?.pause?.kind).toBe('manual');
  await life.engine.batches.continue(id);
  await sleep(60_000);
  expect(await statesOf(world, life)).toEqual(['paused', 'succeeded']);
  await life.engine.edit((await stored())?.id ?? '', {
    kind: 'acknowledge',
    category: tasks,
    ticked: true,
  });
  await life.engine.batches.continue(id);
  await untilBatch(world, life, ({ batch }) => batch.phase === 'ended');
  expect((await statesOf(world, life))[0]).not.toBe('paused');
});

it('N5 who was left out as the one who submits takes part once somebody else has everybody checked', async () => {
  enter(createBulkWorld(21));
  const life = startLife(world);
  const id = await readyBatch(world, life, ['mem_ada', 'mem_cleo']);
  const who = world.demo.signedIn;
  world.demo.signedIn = 'mem_ada';
  const ada = world.demo.members.get('mem_ada');
  if (ada) ada.admin = 'yes';
  await expect(submit(world, life)).rejects.toMatchObject({ refusal: { code: 'self' } });
  expect(await statesOf(world, life)).toEqual(['refused', 'ready']);
  world.demo.signedIn = who;
  await life.engine.batches.check(id);
  await untilBatch(world, life, ({ states }) => states.every((state) => state === 'ready'));
  await submit(world, life);
  await untilBatch(world, life, ({ batch }) => batch.phase === 'ended');
  expect(await statesOf(world, life)).toEqual(['succeeded', 'succeeded']);
});

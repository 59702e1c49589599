import { afterEach, describe, expect, it } from 'vitest';
import type { Run } from '../../../lib/offboarding/model.ts';
import { StorageFailed } from '../../../lib/store/store.ts';
import { WorkspaceError } from '../../../lib/workspace/errors.ts';
import type { Workspace } from '../../../lib/workspace/port.ts';
import { openBatch, readyBatch, stateOf, submit, untilBatch } from '../../crash/bulk-journey.ts';
import { createBulkWorld } from '../../crash/bulk-world.ts';
import { owned } from '../../crash/demo-workspace.ts';
import { type Life, startLife } from '../../crash/life.ts';
import { enter, sleep, world } from '../../crash/stage.ts';
import { tasks } from '../../crash/world.ts';

afterEach(() => world.clock.stop());

const crowd = Array.from({ length: 8 }, (_none, index) => `mem_${index}`);
const tokens = 'tokens.api';

/** What the workspace does otherwise from now on. */
function change(more: (port: Workspace) => Partial<Workspace>): void {
  const inner = world.port;
  world.port = (workspace): Workspace => {
    const port = inner(workspace);
    return { ...port, ...more(port) };
  };
}

/** A batch of more users than can be at work at once, after its first write. */
async function underWay(life: Life): Promise<string> {
  const id = await readyBatch(world, life, ['mem_ada', 'mem_cleo', ...crowd]);
  await submit(world, life);
  while (world.demo.writes.length === 0) await sleep(100);
  return id;
}

const phaseOf = async (life: Life): Promise<string | undefined> => (await stateOf(life, world))?.batch.phase;
const statesOf = async (life: Life): Promise<string[]> => (await stateOf(life, world))?.states ?? [];

describe('N5 what is said while Continue is under way', () => {
  it.each(['stop', 'pause'] as const)('%s holds, before its rows and between them', async (word) => {
    for (const after of [0, 1, 3]) {
      enter(createBulkWorld(12, 5_000, crowd));
      const life = startLife(world);
      const id = await underWay(life);
      await life.engine.batches.pause(id);
      await sleep(30_000);
      const begun = (await statesOf(life)).filter((state) => state !== 'ready').length;
      const continuing = life.engine.batches.continue(id);
      for (let turn = 0; turn < after * 3; turn += 1) await Promise.resolve();
      await Promise.all([continuing, life.engine.batches[word](id)]);
      expect(await phaseOf(life), `${after}`).toBe(word === 'stop' ? 'stopping' : 'paused');
      await sleep(600_000);
      expect(await phaseOf(life), `${after}`).toBe(word === 'stop' ? 'ended' : 'paused');
      const untouched = (await statesOf(life)).filter((state) => /ready|left/.test(state)).length;
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
    const states = await statesOf(life);
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
    expect((await statesOf(life)).slice(1).every((state) => state === 'succeeded')).toBe(true);
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

describe('N5 a fault when a user is begun', () => {
  const kinds = { invalid: 'malformed', transient: 'unreachable', forbidden: 'forbidden' } as const;
  it.each(Object.entries(kinds))(
    'of one user alone (%s) leaves that one out, with its words',
    async (kind, code) => {
      enter(createBulkWorld(14));
      let bad = false;
      change((port) => ({
        async survey(leaver) {
          if (bad && leaver === 'mem_ada')
            throw new WorkspaceError(kind as keyof typeof kinds, 'What is this?');
          return port.survey(leaver);
        },
      }));
      const life = startLife(world);
      await readyBatch(world, life, ['mem_ada', 'mem_cleo']);
      bad = true;
      await submit(world, life);
      await untilBatch(world, life, ({ batch }) => batch.phase === 'ended');
      const end = await stateOf(life, world);
      expect(end?.states).toEqual(['refused', 'succeeded']);
      expect(end?.batch.members[0]?.refused).toEqual({ code, detail: 'What is this?' });
      expect(world.demo.members.get('mem_ada')?.active).toBe(true);
    },
  );

  it('that a second user meets too, or the question who is there, is one of all', async () => {
    for (const users of [['mem_ada', 'mem_cleo'], ['mem_ada']]) {
      enter(createBulkWorld(14));
      let bad = false;
      const fail = (): void => {
        if (bad) throw new WorkspaceError('transient', 'Bad gateway');
      };
      change((port) => ({
        async survey(...about) {
          fail();
          return port.survey(...about);
        },
        async identify(...about) {
          if (users.length === 1) fail();
          return port.identify(...about);
        },
      }));
      const life = startLife(world);
      await readyBatch(world, life, users);
      await submit(world, life);
      bad = true;
      await untilBatch(world, life, ({ batch }) => batch.pause?.kind === 'unreachable');
      expect((await statesOf(life)).includes('refused')).toBe(false);
      bad = false;
      await untilBatch(world, life, ({ batch }) => batch.phase === 'ended');
      expect((await statesOf(life)).every((state) => state === 'succeeded')).toBe(true);
      world.clock.stop();
    }
  });

  it.each(Object.entries(kinds))(
    'of several users (%s) that somebody else does not meet leaves each of them out',
    async (kind, code) => {
      const bad = new Set(['mem_ada', 'mem_0', 'mem_1']);
      enter(createBulkWorld(17, 5_000, crowd));
      let broken = false;
      change((port) => ({
        async survey(leaver) {
          if (broken && bad.has(leaver)) throw new WorkspaceError(kind as keyof typeof kinds, 'Not for you.');
          return port.survey(leaver);
        },
      }));
      const life = startLife(world);
      await readyBatch(world, life, ['mem_ada', 'mem_cleo', ...crowd]);
      broken = true;
      await submit(world, life);
      await untilBatch(world, life, ({ batch }) => batch.phase === 'ended');
      const { batch, states } = (await stateOf(life, world)) ?? {};
      for (const [index, { member, refused }] of (batch?.members ?? []).entries()) {
        expect([member.id, states?.[index]]).toEqual([
          member.id,
          bad.has(member.id) ? 'refused' : 'succeeded',
        ]);
        expect(refused).toEqual(bad.has(member.id) ? { code, detail: 'Not for you.' } : undefined);
        expect(world.demo.members.get(member.id)?.active).toBe(bad.has(member.id));
      }
    },
  );

  it('that ends when somebody else is looked at, to find out whom it concerns, leaves nobody out', async () => {
    enter(createBulkWorld(17, 5_000, crowd));
    const asked = new Map<string, number>();
    let broken = false;
    change((port) => ({
      async survey(leaver) {
        const times = (asked.get(leaver) ?? 0) + 1;
        asked.set(leaver, times);
        // All who are begun at once have been tried twice by then: who is new is looked at to compare.
        if (times === 1 && [...asked.values()].some((each) => each > 2)) broken = false;
        if (broken) throw new WorkspaceError('transient', 'Bad gateway');
        return port.survey(leaver);
      },
    }));
    const life = startLife(world);
    await readyBatch(world, life, ['mem_ada', 'mem_cleo', ...crowd]);
    asked.clear();
    broken = true;
    await submit(world, life);
    await untilBatch(world, life, ({ batch }) => batch.phase === 'ended');
    expect(broken).toBe(false);
    expect((await statesOf(life)).every((state) => state === 'succeeded')).toBe(true);
  });

  it('of all there are stands it still, and is theirs when an admin continues it and it is the same', async () => {
    for (const mended of [true, false]) {
      enter(createBulkWorld(17));
      let broken = false;
      change((port) => ({
        async survey(leaver) {
          if (broken) throw new WorkspaceError('invalid', 'Not for you.');
          return port.survey(leaver);
        },
      }));
      const life = startLife(world);
      const id = await readyBatch(world, life, ['mem_ada', 'mem_cleo']);
      broken = true;
      await submit(world, life);
      await untilBatch(world, life, ({ batch }) => batch.phase === 'paused');
      expect(await statesOf(life)).toEqual(['ready', 'ready']);
      if (mended) broken = false;
      await sleep(1_000);
      await life.engine.batches.continue(id);
      await untilBatch(world, life, ({ batch }) => batch.phase === 'ended');
      expect(new Set(await statesOf(life))).toEqual(new Set([mended ? 'succeeded' : 'refused']));
      world.clock.stop();
    }
  });

  it('of a token that is over says so, while all are checked and once they are begun', async () => {
    for (const when of ['checked', 'begun']) {
      enter(createBulkWorld(15));
      let over = when === 'checked';
      change((port) => ({
        async survey(...about) {
          if (over) throw new WorkspaceError('auth', 'The access token is over.', { typed: true });
          return port.survey(...about);
        },
      }));
      const life = startLife(world);
      if (when === 'checked') await openBatch(world, life, ['mem_ada']);
      else {
        await readyBatch(world, life, ['mem_ada']);
        over = true;
        await submit(world, life);
      }
      await untilBatch(world, life, ({ batch }) => batch.pause !== undefined);
      expect((await stateOf(life, world))?.batch.pause).toMatchObject({ kind: 'signedOut', typed: true });
      world.clock.stop();
    }
  });

  it.each([
    [new StorageFailed('The disk is full.'), 'storage', 'executing'],
    [new Error('A bug.'), 'internal', 'paused'],
  ])('of storage, or a bug, is told (%s)', async (error, kind, phase) => {
    enter(createBulkWorld(16));
    const life = startLife(world);
    const { run: real } = life.store;
    let broken = false;
    life.store.run = async (id) => {
      if (broken) throw error;
      return real(id);
    };
    await readyBatch(world, life, ['mem_ada']);
    broken = true;
    await submit(world, life);
    await untilBatch(world, life, ({ batch }) => batch.pause !== undefined);
    const { batch } = (await stateOf(life, world)) ?? {};
    expect(batch?.pause).toMatchObject({ kind, detail: error.message });
    expect(batch?.phase).toBe(phase);
    broken = false;
    if (phase === 'paused') await life.engine.batches.continue(batch?.id ?? '');
    await untilBatch(world, life, (each) => each.batch.phase === 'ended');
    expect(await statesOf(life)).toEqual(['succeeded']);
  });
});

describe('N5 a category that cannot be read when a user is begun', () => {
  it.each([
    ['for a moment is asked for again', 1],
    ['for long leaves that user out, and says so', 1_000],
  ])('%s', async (_what, times) => {
    enter(createBulkWorld(17));
    let left = 0;
    change((port) => ({
      async survey(leaver) {
        const found = await port.survey(leaver);
        if (leaver !== 'mem_ada' || left === 0) return found;
        left -= 1;
        const unread = { reason: 'failed', detail: 'Too many rows.' } as const;
        const categories = found.categories.map((each) =>
          each.id === tasks ? { ...each, count: null, unread } : each,
        );
        return { ...found, categories };
      },
    }));
    const life = startLife(world);
    await readyBatch(world, life, ['mem_ada', 'mem_cleo']);
    left = times;
    await submit(world, life);
    await untilBatch(world, life, ({ batch }) => batch.phase === 'ended');
    const end = await stateOf(life, world);
    expect(end?.states).toEqual([times === 1 ? 'succeeded' : 'refused', 'succeeded']);
    const words = end?.batch.members[0]?.refused?.detail ?? '';
    if (times === 1) expect(words).toBe('');
    else expect(words).toMatch(/^Could not be read: .*Too many rows\./);
    expect(owned(world.demo.owners, tasks, 'mem_ada')).toHaveLength(times === 1 ? 0 : 2);
  });
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
  expect(await statesOf(life)).toEqual(['paused', 'succeeded']);
  await life.engine.edit((await stored())?.id ?? '', {
    kind: 'acknowledge',
    category: tasks,
    ticked: true,
  });
  await life.engine.batches.continue(id);
  await untilBatch(world, life, ({ batch }) => batch.phase === 'ended');
  expect((await statesOf(life))[0]).not.toBe('paused');
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
  expect(await statesOf(life)).toEqual(['refused', 'ready']);
  world.demo.signedIn = who;
  await life.engine.batches.check(id);
  await untilBatch(world, life, ({ states }) => states.every((state) => state === 'ready'));
  await submit(world, life);
  await untilBatch(world, life, ({ batch }) => batch.phase === 'ended');
  expect(await statesOf(life)).toEqual(['succeeded', 'succeeded']);
});

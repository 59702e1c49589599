import { afterEach, describe, expect, it } from 'vitest';
import { StorageFailed } from '../../../lib/store/store.ts';
import { WorkspaceError } from '../../../lib/workspace/errors.ts';
import { openBatch, readyBatch, stateOf, statesOf, submit, untilBatch } from '../../crash/bulk-journey.ts';
import { createBulkWorld, crowd } from '../../crash/bulk-world.ts';
import { owned } from '../../crash/demo-workspace.ts';
import { startLife } from '../../crash/life.ts';
import { change, enter, sleep, world } from '../../crash/stage.ts';
import { tasks } from '../../crash/world.ts';

afterEach(() => world.clock.stop());

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
      expect((await statesOf(world, life)).includes('refused')).toBe(false);
      bad = false;
      await untilBatch(world, life, ({ batch }) => batch.phase === 'ended');
      expect((await statesOf(world, life)).every((state) => state === 'succeeded')).toBe(true);
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
    expect((await statesOf(world, life)).every((state) => state === 'succeeded')).toBe(true);
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
      expect(await statesOf(world, life)).toEqual(['ready', 'ready']);
      if (mended) broken = false;
      await sleep(1_000);
      await life.engine.batches.continue(id);
      await untilBatch(world, life, ({ batch }) => batch.phase === 'ended');
      expect(new Set(await statesOf(world, life))).toEqual(new Set([mended ? 'succeeded' : 'refused']));
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
    expect(await statesOf(world, life)).toEqual(['succeeded']);
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

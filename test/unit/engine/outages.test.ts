import { afterEach, describe, expect, it } from 'vitest';
import type { Run } from '../../../lib/offboarding/model.ts';
import type { Workspace } from '../../../lib/workspace/port.ts';
import { type Call, errorOf, type FaultName, faulty, spoilWrites } from '../../crash/faulty.ts';
import { startLife } from '../../crash/life.ts';
import { beforeApply, enter, now, sleep, world } from '../../crash/stage.ts';
import { expectTrue, problemsOf } from '../../crash/truth.ts';
import { createWorld, dashboards, over, prepare, start, takenElsewhere, tasks } from '../../crash/world.ts';

afterEach(() => world.clock.stop());

const stands = (run: Run): boolean => run.phase === 'paused' || over(run);

describe('an outage', () => {
  it.each([1, 8])('R4 of three seconds pauses nothing, with %i requests at once', async (concurrency) => {
    enter(createWorld({ counts: { [tasks]: 300, [dashboards]: 1 }, batch: 5, concurrency }));
    let from = 0;
    beforeApply(async () => {
      const asked = now();
      await sleep(50);
      if (world.demo.writes.length >= 20) from ||= asked;
      if (from > 0 && asked - from < 3_000) throw errorOf('unavailable', true);
    });
    const life = startLife(world);
    const run = await prepare(life);
    await start(life, run);
    const ended = await life.until(run, stands);
    expect(ended.phase).toBe('succeeded');
    expect(ended.troubles).toBeUndefined();
    expectTrue(await problemsOf(world, ended));
  });

  it.each([1, 8])(
    'R4 that lasts pauses after twenty rounds, with %i requests at once',
    async (concurrency) => {
      enter(createWorld({ counts: { [tasks]: 300, [dashboards]: 1 }, batch: 5, concurrency }));
      world.port = faulty(world, (call) => (call === 'apply' ? 'unavailable' : 'ok'));
      const life = startLife(world);
      const run = await prepare(life);
      const begun = now();
      await start(life, run);
      expect((await life.until(run, stands)).pause).toMatchObject({ kind: 'failures', count: 20 });
      expect(now() - begun).toBeGreaterThan(5 * 60_000);
    },
  );

  it('R4 counts on in the next life of the background', async () => {
    enter(createWorld());
    let calls = 0;
    let passed = false;
    world.port = faulty(world, (call) => {
      if (call !== 'survey' || world.demo.writes.length < 10 || passed) return 'ok';
      calls += 1;
      return 'unavailable';
    });
    const first = startLife(world);
    const run = await prepare(first);
    await start(first, run);
    await first.until(run, ({ retry }) => (retry?.tries ?? 0) >= 12);
    first.kill();
    const second = startLife(world);
    await second.engine.recover();
    expect((await second.until(run, stands)).pause).toMatchObject({ kind: 'failures', count: 20 });
    expect(calls).toBe(20);
    // Continue begins a new row.
    passed = true;
    await second.engine.continue(run);
    const ended = await second.until(run, over);
    expect(ended.phase).toBe('succeeded');
    expect(ended.retry ?? ended.troubles).toBeUndefined();
  });

  it('R4 of being asked to slow down is no failure, however long it lasts', async () => {
    enter(createWorld({ counts: { [tasks]: 3, [dashboards]: 1 } }));
    const writes = beforeApply((calls) => {
      if (calls <= 25) throw errorOf('throttled', true);
      if (calls <= 27) throw errorOf('unavailable', true);
    });
    const life = startLife(world);
    const run = await prepare(life);
    await start(life, run);
    expect((await life.until(run, stands)).phase).toBe('succeeded');
    expect(writes.calls).toBeGreaterThan(27);
  });

  it.each(['survey', 'members', 'identify'] as const)(
    'R4 waits longer each time for %s, whatever else is answered meanwhile',
    async (name: Call) => {
      enter(createWorld());
      const asked: number[] = [];
      const fault: FaultName = 'unavailable';
      world.port = faulty(world, (call) => {
        if (call !== name || world.demo.writes.length < 10) return 'ok';
        asked.push(now());
        return fault;
      });
      const life = startLife(world);
      const run = await prepare(life);
      await start(life, run);
      expect((await life.until(run, stands)).pause?.kind).toBe('failures');
      const gaps = asked.slice(1).map((time, index) => time - (asked[index] ?? 0));
      expect(gaps.at(-1)).toBeGreaterThan(20_000);
    },
  );
});

describe('answers that cannot be understood', () => {
  it.each([
    [true, 1],
    [false, 1],
    [true, 4],
    [false, 4],
  ])(
    'R2 stop blind writes that come to nothing (idempotent: %s, %i at once)',
    async (idempotent, concurrency) => {
      enter(createWorld({ idempotent, concurrency, counts: { [tasks]: 60, [dashboards]: 1 } }));
      const writes = spoilWrites(world, 'garbledBefore');
      const life = startLife(world);
      const run = await prepare(life);
      await start(life, run);
      expect((await life.until(run, stands)).pause?.kind).toBe('malformed');
      expect(writes.calls).toBeLessThanOrEqual(3 * 2 * concurrency);
      expect(world.demo.writes).toEqual([]);
    },
  );

  it('R2 are counted through the deaths of the background', async () => {
    enter(createWorld({ idempotent: false, concurrency: 1 }));
    const writes = spoilWrites(world, 'garbledBefore');
    const first = startLife(world);
    const run = await prepare(first);
    await start(first, run);
    let life = first;
    for (let death = 0; death < 6 && (await life.store.run(run))?.phase === 'executing'; death += 1) {
      const before = writes.calls;
      while (writes.calls === before && (await life.store.run(run))?.phase === 'executing') await sleep(100);
      await sleep(100);
      life.kill();
      life = startLife(world);
      await life.engine.recover();
    }
    expect((await life.until(run, stands)).pause?.kind).toBe('malformed');
    expect(writes.calls).toBeLessThanOrEqual(8);
  });
});

describe('what was superseded', () => {
  it('R2 is read back although reads fail for ten minutes', async () => {
    enter(createWorld({ registry: true, idempotent: false, concurrency: 1 }));
    let calls = 0;
    let until = Number.POSITIVE_INFINITY;
    world.port = (workspace): Workspace => ({
      ...workspace,
      async apply(attempt, signal) {
        calls += 1;
        if (calls > 1) return workspace.apply(attempt, signal);
        until = now() + 600_000;
        await sleep(5_000);
        await takenElsewhere(world, attempt.run);
        throw errorOf('cutBefore', true);
      },
      async read(...parameters) {
        if (now() < until) throw errorOf('unavailable', false);
        return workspace.read(...parameters);
      },
    });
    const life = startLife(world);
    const run = await prepare(life);
    await start(life, run);
    await life.until(run, ({ phase }) => phase === 'superseded');
    await sleep(60 * 60_000);
    expect(await life.store.openAttempts(run)).toEqual([]);
    expect((await life.store.items.counts(run, tasks)).unknown).toBe(0);
  });
});

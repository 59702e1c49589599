import { afterEach, describe, expect, it } from 'vitest';
import { WorkspaceError } from '../../../lib/workspace/errors.ts';
import type { Workspace } from '../../../lib/workspace/port.ts';
import { ines, leaver, priya } from '../../crash/demo-workspace.ts';
import { errorOf } from '../../crash/faulty.ts';
import { startLife } from '../../crash/life.ts';
import { createMemoryStore } from '../../crash/memory-store.ts';
import { enter, now, sleep, world } from '../../crash/stage.ts';
import { expectTrue, problemsOf, registryProblems } from '../../crash/truth.ts';
import { createWorld, over, prepare, start, takenElsewhere } from '../../crash/world.ts';

afterEach(() => world.clock.stop());

const minute = 60_000;

/** The first write is put off for half an hour; `sent` is told of every call that goes to the workspace. */
function putOff(sent: string[]): void {
  let calls = 0;
  world.port = (workspace): Workspace => {
    const { runs } = workspace;
    return {
      ...workspace,
      async identify(signal) {
        sent.push('identify');
        return workspace.identify(signal);
      },
      async apply(attempt, signal) {
        sent.push('apply');
        calls += 1;
        if (calls === 1)
          throw new WorkspaceError('throttled', 'Slow down (429).', { retryAfter: 30 * minute });
        return workspace.apply(attempt, signal);
      },
      ...(runs && {
        runs: {
          ...runs,
          async update(...parameters) {
            sent.push('update');
            return runs.update(...parameters);
          },
        },
      }),
    };
  };
}

describe('R4 a wait that the workspace asks for', () => {
  it('does not cost a run its lease while its browser lives, and sends nothing but that it does', async () => {
    enter(createWorld({ registry: true, concurrency: 1 }));
    const sent: string[] = [];
    putOff(sent);
    const first = startLife(world);
    const run = await prepare(first);
    await start(first, run);
    await sleep(minute);
    sent.length = 0;
    await sleep(10 * minute);
    expect(new Set(sent)).toEqual(new Set(['update']));
    expect(sent.length).toBeLessThanOrEqual(11);
    world.demo.signedIn = ines;
    const second = startLife(world, { store: createMemoryStore(), locks: new Set() });
    await expect(second.engine.takeOver('con', leaver, run)).rejects.toMatchObject({
      refusal: { code: 'openElsewhere' },
    });
    world.demo.signedIn = priya;
    const ended = await first.until(run, over);
    expect(ended.phase).toBe('succeeded');
    expectTrue(await problemsOf(world, ended));
  });

  it.each([false, true])(
    'issue 3: an end that the registry could not be told is told once it answers (in another life: %s)',
    async (dies) => {
      enter(createWorld({ registry: true }));
      let silentUntil = Number.POSITIVE_INFINITY;
      world.port = (workspace) => ({
        ...workspace,
        ...(workspace.runs && {
          runs: {
            ...workspace.runs,
            async update(...parameters) {
              const isEnd = parameters[2].phase === 'succeeded';
              if (isEnd && now() < silentUntil) throw errorOf('unavailable', true);
              return workspace.runs?.update(...parameters) as never;
            },
          },
        }),
      });
      const life = startLife(world);
      const run = await prepare(life);
      await start(life, run);
      const ended = await life.until(run, over);
      expect(ended.phase).toBe('succeeded');
      silentUntil = now() + 5 * minute;
      await sleep(2 * minute);
      expect(world.demo.registered.get(run)).toMatchObject({ open: true, record: { phase: 'executing' } });
      if (dies) life.kill();
      await sleep(4 * minute);
      if (dies) await startLife(world).engine.recover();
      await sleep(2 * minute);
      const told = await world.openStore().run(run);
      expect(registryProblems(world, told ?? ended)).toEqual([]);
      // All is said: nothing wakes the background any more.
      expect(told).not.toHaveProperty('untold');
      if (!dies) expect(life.wakeAt()).toBeNull();
    },
  );

  it('finds out meanwhile that another browser has taken the run over', async () => {
    enter(createWorld({ registry: true, concurrency: 1 }));
    putOff([]);
    const first = startLife(world);
    const run = await prepare(first);
    await start(first, run);
    await sleep(minute);
    await takenElsewhere(world, run);
    await sleep(2 * minute);
    expect((await first.store.run(run))?.phase).toBe('superseded');
  });

  it.each([true, false])(
    'is kept to by the next life before its first call (registry: %s)',
    async (registry) => {
      enter(createWorld({ registry, concurrency: 1 }));
      const sent: string[] = [];
      putOff(sent);
      const first = startLife(world);
      const run = await prepare(first);
      await start(first, run);
      await sleep(2_000);
      first.kill();
      sent.length = 0;
      const second = startLife(world);
      await second.engine.recover();
      await sleep(30_000);
      expect(sent.filter((call) => call !== 'update')).toEqual([]);
      expect(sent.length).toBeLessThanOrEqual(1);
      const ended = await second.until(run, over);
      expect(ended.phase).toBe('succeeded');
      expectTrue(await problemsOf(world, ended));
    },
  );
});

describe('R4 a full disk', () => {
  it('is not waited for once the admin says Continue', async () => {
    enter(createWorld());
    let ended = 0;
    world.atPlace = (place) => {
      if (place !== 'step.end' || ended > 0) return;
      ended += 1;
      world.diskFullUntil = world.clock.now().getTime() + 10_000;
    };
    let shown = '';
    const life = startLife(world, {
      told: (run) => {
        shown = run.pause?.kind ?? '';
      },
    });
    const run = await prepare(life);
    await start(life, run);
    while (shown !== 'storage') await sleep(100);
    await sleep(12_000);
    const pressed = world.clock.now().getTime();
    await life.engine.continue(run);
    expectTrue(await problemsOf(world, await life.until(run, over)));
    // The next look by itself would have come half a minute after the last one.
    expect(world.clock.now().getTime() - pressed).toBeLessThan(5_000);
  });
});

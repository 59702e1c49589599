import { afterAll, describe, expect, it } from 'vitest';
import type { Run } from '../../lib/offboarding/model.ts';
import { step } from '../../lib/offboarding/steps.ts';
import type { Store } from '../../lib/store/store.ts';
import { doubled, leaver, owned } from './demo-workspace.ts';
import { type Life, startLife } from './life.ts';
import { createMemoryStore } from './memory-store.ts';
import { createRandom } from './random.ts';
import { createWorld, dashboards, over, prepare, start, tasks, type World } from './world.ts';

const figures = { interleavings: 0, executors: 0, takeOvers: 0, superseded: 0, refused: 0, doubled: 0 };

afterAll(() =>
  console.log(
    `One run: ${figures.interleavings} interleavings, ${figures.takeOvers} take-overs, ` +
      `${figures.superseded} superseded, ${figures.refused} stale writes refused, ` +
      `${figures.executors} doubled executors, ${figures.doubled} doubled writes.`,
  ),
);

const sleep = (world: World, milliseconds: number): Promise<void> =>
  world.clock.sleep(milliseconds, new AbortController().signal);

/** Counts the writes that are in flight for each fence, and those that the workspace refused for theirs. */
function watch(world: World, random: () => number): void {
  world.port = (workspace) => ({
    ...workspace,
    async apply(attempt, signal) {
      await sleep(world, Math.floor(random() * 4_000));
      return workspace.apply(attempt, signal).catch((error: unknown) => {
        // Nothing else goes wrong here: what is not written is refused for its fence.
        expect(error).toMatchObject({ kind: 'conflict', applied: 'no' });
        figures.refused += 1;
        throw error;
      });
    },
  });
}

describe('R1 one run, one executor', () => {
  it('two workers on one store: 600 interleavings', async () => {
    for (let seed = 1; seed <= 600; seed += 1) {
      const random = createRandom(seed);
      const world = createWorld({ seed, registry: random() < 0.5, idempotent: random() < 0.5, batch: 2 });
      watch(world, random);
      const lives: Life[] = [];
      let run = '';
      const begin = (): Life => {
        const life: Life = startLife(world, {
          dies(place) {
            // Whoever begins, sends or settles anything has the lock, and so nobody else has.
            if (/^(session|step|attempt|verify|deactivation)\./.test(place) && !life.holds(`run:${run}`))
              figures.executors += 1;
            return false;
          },
        });
        lives.push(life);
        return life;
      };
      const first = begin();
      run = await prepare(first);
      await start(first, run);
      // Two or three workers are told to take it up, at any time; one of them may be killed at any time.
      const others = Array.from({ length: 1 + Math.floor(random() * 2) }, async () => {
        await sleep(world, Math.floor(random() * 20_000));
        const life = begin();
        await life.engine.recover();
        if (random() < 0.5) {
          await sleep(world, Math.floor(random() * 5_000));
          await life.engine.recover();
        }
      });
      const killing = (async () => {
        await sleep(world, Math.floor(random() * 20_000));
        if (random() < 0.7) first.kill();
      })();
      await Promise.all([...others, killing]);
      const last = lives.at(-1) as Life;
      await last.engine.recover();
      const ended = await last.until(run, over);
      figures.interleavings += 1;
      figures.doubled += doubled(world.demo).length;
      expect(doubled(world.demo), `seed ${seed}`).toEqual([]);
      expect(ended.phase, `seed ${seed}`).toBe('succeeded');
      expect(owned(world.demo.owners, tasks, leaver), `seed ${seed}`).toEqual([]);
      world.clock.stop();
    }
    expect(figures.executors).toBe(0);
  }, 60_000);

  it('two browser profiles, one of which takes over: 600 interleavings', async () => {
    for (let seed = 1; seed <= 600; seed += 1) {
      const random = createRandom(seed);
      const world = createWorld({ seed, registry: true, idempotent: random() < 0.5, batch: 2 });
      watch(world, random);
      const mine = startLife(world);
      const run = await prepare(mine);
      await start(mine, run);
      await mine.until(run, ({ steps }) => steps.some(({ state }) => state === 'running'));
      await sleep(world, Math.floor(random() * 7_000));
      const dies = random() < 0.3;
      if (dies) mine.kill();
      if (world.demo.registered.get(run)?.open !== true) {
        figures.interleavings += 1;
        world.clock.stop();
        continue;
      }
      const store = createMemoryStore();
      const theirs = startLife(world, { store, locks: new Set() });
      await adopt(world, mine.store, store, run);
      figures.takeOvers += 1;
      await theirs.engine.recover();
      // The stale one comes back, if it was gone.
      const back = dies ? startLife(world) : mine;
      await sleep(world, Math.floor(random() * 10_000));
      await back.engine.recover();
      const [stale, ended] = await Promise.all([back.until(run, over), theirs.until(run, over)]);
      figures.interleavings += 1;
      figures.superseded += stale.phase === 'superseded' ? 1 : 0;
      figures.doubled += doubled(world.demo).length;
      expect(doubled(world.demo), `seed ${seed}`).toEqual([]);
      expect(world.demo.deactivations, `seed ${seed}`).toBeLessThanOrEqual(1);
      expect(ended.phase, `seed ${seed}`).toBe('succeeded');
      // It may have done everything before the other began, and could not tell the registry any more.
      expect(['superseded', 'succeeded'], `seed ${seed}`).toContain(stale.phase);
      // What the stale one had in flight it reads back, once the workspace has settled.
      await sleep(world, 20_000);
      const open = await back.store.openAttempts(run);
      expect(open, `seed ${seed}`).toEqual([]);
      world.clock.stop();
    }
  }, 60_000);
});

/** Takes a run over from the registry into another profile: new fence, everything still to be done. */
async function adopt(world: World, from: Store, to: Store, id: string): Promise<void> {
  const taken = await world.demo.workspace.runs?.takeOver(id);
  const original = (await from.run(id)) as Run;
  const steps = [step('rescan', 'rescan', 0), step('deactivate', 'deactivate', 1)];
  const { pause: _pause, retry: _retry, ...rest } = original;
  const run: Run = {
    ...rest,
    phase: 'executing',
    plan: taken?.record.plan ?? original.plan,
    fence: taken?.fence ?? 0,
    steps,
    open: 'theirs',
  };
  await to.createRun(run, { at: original.createdAt, kind: 'created', data: { dashboards } });
}

import { afterAll, describe, expect, it } from 'vitest';
import { Refused } from '../../lib/messages/refused.ts';
import type { Run } from '../../lib/offboarding/model.ts';
import { WorkspaceError } from '../../lib/workspace/errors.ts';
import { doubled, leaver, mei, owned } from './demo-workspace.ts';
import { attend } from './journey.ts';
import { type Life, startLife } from './life.ts';
import { createMemoryStore } from './memory-store.ts';
import { createRandom } from './random.ts';
import { expectTrue, problemsOf, registryProblems } from './truth.ts';
import { createWorld, over, prepare, start, tasks, type World } from './world.ts';

const figures = {
  interleavings: 0,
  executors: 0,
  takeOvers: 0,
  superseded: 0,
  refused: 0,
  commands: 0,
  declined: 0,
  doubled: 0,
};

afterAll(() =>
  console.log(
    `One run: ${figures.interleavings} interleavings, ${figures.commands} commands of two panels at once ` +
      `(${figures.declined} declined), ${figures.takeOvers} take-overs, ${figures.superseded} superseded, ` +
      `${figures.refused} stale writes refused, ${figures.executors} doubled executors, ` +
      `${figures.doubled} doubled writes.`,
  ),
);

const sleep = (world: World, milliseconds: number): Promise<void> =>
  world.clock.sleep(milliseconds, new AbortController().signal);

/** Makes writes take a while, and counts those that the workspace refused since another fence holds. */
function watch(world: World, random: () => number): void {
  world.port = (workspace) => ({
    ...workspace,
    async apply(attempt, signal) {
      await sleep(world, Math.floor(random() * 4_000));
      return workspace.apply(attempt, signal).catch((error: unknown) => {
        if (error instanceof WorkspaceError && error.kind === 'conflict') figures.refused += 1;
        throw error;
      });
    },
  });
}

/** A life that counts whoever begins, sends or settles anything of the run without its lock: that is a second executor. */
function begin(world: World, run: () => string): Life {
  const life: Life = startLife(world, {
    dies(place) {
      if (/^(session|step|attempt|verify|deactivation)\./.test(place) && !life.holds(`run:${run()}`))
        figures.executors += 1;
      return false;
    },
  });
  return life;
}

describe('R1 one run, one executor', () => {
  it('two workers on one store: 500 interleavings', async () => {
    for (let seed = 1; seed <= 500; seed += 1) {
      const random = createRandom(seed);
      const world = createWorld({ seed, registry: random() < 0.5, idempotent: random() < 0.5, batch: 2 });
      watch(world, random);
      let run = '';
      const lives: Life[] = [];
      const another = (): Life => {
        const life = begin(world, () => run);
        lives.push(life);
        return life;
      };
      const first = another();
      run = await prepare(first);
      await start(first, run);
      // Two or three workers are told to take it up, at any time; one of them may be killed at any time.
      const others = Array.from({ length: 1 + Math.floor(random() * 2) }, async () => {
        await sleep(world, Math.floor(random() * 20_000));
        const life = another();
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

  it('two panels of one profile, whose commands cross: 300 interleavings', async () => {
    for (let seed = 1; seed <= 300; seed += 1) {
      const random = createRandom(seed);
      const world = createWorld({ seed, registry: random() < 0.5, idempotent: random() < 0.5, batch: 2 });
      watch(world, random);
      let run = '';
      const life = begin(world, () => run);
      const { engine, store } = life;
      run = await prepare(life);
      /** A press in one of the panels, some time soon. Resolves false when it is declined. */
      const press = async (command: () => Promise<unknown>, within = 3_000): Promise<boolean> => {
        await sleep(world, Math.floor(random() * within));
        figures.commands += 1;
        try {
          await command();
          return true;
        } catch (error) {
          if (!(error instanceof Refused)) throw error;
          figures.declined += 1;
          return false;
        }
      };
      const stored = async (): Promise<Run> => (await store.run(run)) as Run;

      // What both change is changed; who has seen only one half of it cannot start.
      const seen = (await stored()).rev;
      const give = (ref: string, to: string) => () =>
        engine.edit(run, { kind: 'override', category: tasks, selection: { refs: [ref] }, to, count: 1 });
      const swapped = [`${tasks}-00001`, `${tasks}-00004`];
      for (const ref of swapped) world.receivers.set(`${tasks} ${ref}`, mei);
      await Promise.all(swapped.map((ref) => press(give(ref, mei), 3)));
      expect((await stored()).plan.changes, `seed ${seed}`).toHaveLength(4);
      await expect(engine.start(run, seen)).rejects.toMatchObject({ refusal: { code: 'stale' } });

      // Started twice it is started once.
      const { rev } = await stored();
      const starts = await Promise.all([1, 2].map(() => press(() => engine.start(run, rev), 2)));
      expect(starts, `seed ${seed}`).toContain(true);
      for (let round = Math.floor(random() * 3); round > 0; round -= 1)
        await Promise.all([press(() => engine.pause(run)), press(() => engine.continue(run))]);
      if (random() < 0.6)
        await Promise.all([press(() => engine.stop(run), 8_000), press(() => engine.retry(run, []), 12_000)]);

      const ended = await attend(world, life, run, { retries: true, random });
      // Whatever is still to be told is told.
      await sleep(world, 90_000);
      const entries = await store.journal(run);
      const phases = entries.flatMap(({ kind, data }) => (kind === 'phase' ? [data.phase] : []));
      figures.interleavings += 1;
      figures.doubled += doubled(world.demo).length;
      expect(ended.phase, `seed ${seed}`).toBe('succeeded');
      expect(phases[0], `seed ${seed}`).toBe('executing');
      for (const [index, phase] of phases.entries())
        if (index > 0) expect(phase, `seed ${seed}: ${phases}`).not.toBe(phases[index - 1]);
      expectTrue(await problemsOf(world, await stored()));
      expect(registryProblems(world, await stored()), `seed ${seed}`).toEqual([]);
      world.clock.stop();
    }
    expect(figures.executors).toBe(0);
  }, 60_000);

  it('two browser profiles, one of which takes over: 500 interleavings', async () => {
    for (let seed = 1; seed <= 500; seed += 1) {
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
      const theirs = startLife(world, { store: createMemoryStore(), locks: new Set() });
      const taken = await theirs.engine.takeOver('con', leaver, run).catch((error: unknown) => {
        // It had ended by then.
        expect(error).toMatchObject({ refusal: { code: 'stale' } });
        return undefined;
      });
      figures.interleavings += 1;
      if (taken) {
        figures.takeOvers += 1;
        // The stale one comes back, if it was gone.
        const back = dies ? startLife(world) : mine;
        await sleep(world, Math.floor(random() * 10_000));
        await back.engine.recover();
        const [stale, ended] = await Promise.all([back.until(run, over), theirs.until(run, over)]);
        figures.superseded += stale.phase === 'superseded' ? 1 : 0;
        expect(ended.phase, `seed ${seed}`).toBe('succeeded');
        // It may have done everything before the other began, and could not tell the registry any more.
        expect(['superseded', 'succeeded'], `seed ${seed}`).toContain(stale.phase);
        // What the stale one had in flight it reads back, once the workspace has settled.
        await sleep(world, 90_000);
        expect(await back.store.openAttempts(run), `seed ${seed}`).toEqual([]);
        const told = (await theirs.store.run(run)) ?? ended;
        expect(registryProblems(world, told), `seed ${seed}`).toEqual([]);
      }
      figures.doubled += doubled(world.demo).length;
      expect(doubled(world.demo), `seed ${seed}`).toEqual([]);
      expect(world.demo.deactivations, `seed ${seed}`).toBeLessThanOrEqual(1);
      world.clock.stop();
    }
    expect(figures.refused).toBeGreaterThan(0);
  }, 60_000);
});

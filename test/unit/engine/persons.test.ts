import { afterEach, describe, expect, it } from 'vitest';
import type { Workspace } from '../../../lib/workspace/port.ts';
import { ines, leaver, priya } from '../../crash/demo-workspace.ts';
import { startLife } from '../../crash/life.ts';
import { beforeApply, enter, sleep, world } from '../../crash/stage.ts';
import { expectTrue, problemsOf } from '../../crash/truth.ts';
import { createWorld, dashboards, over, prepare, start, tasks } from '../../crash/world.ts';

afterEach(() => world.clock.stop());

describe('R4 the person whom a run belongs to', () => {
  it('is the only one in whose session it writes, however soon somebody else signs in', async () => {
    enter(createWorld({ counts: { [tasks]: 120, [dashboards]: 1 }, batch: 1 }));
    beforeApply(() => sleep(300));
    const life = startLife(world);
    const run = await prepare(life);
    await start(life, run);
    await sleep(2_000);
    world.demo.signedIn = ines;
    const stopped = await life.until(run, ({ pause }) => pause?.kind === 'otherPerson');
    expect(stopped.pause?.detail).toBe('Ines Kaya');
    const before = world.demo.writes.length;
    expect(before).toBeLessThan(120);
    await sleep(60_000);
    expect(world.demo.writes).toHaveLength(before);
    world.demo.signedIn = priya;
    // Every write says in whose session it was sent.
    expectTrue(await problemsOf(world, await life.until(run, over)));
  });

  it('is asked for directly before the deactivation, whether the connector knows persons or not', async () => {
    enter(createWorld());
    const senders: (string | null)[] = [];
    world.port = (workspace): Workspace => ({
      ...workspace,
      async setActive(member, active, { by: _by, ...attempt }, signal) {
        senders.push(world.demo.signedIn);
        return workspace.setActive?.(member, active, attempt, signal);
      },
    });
    world.atPlace = (place) => {
      if (place === 'deactivation.begin') world.demo.signedIn = ines;
    };
    const life = startLife(world);
    const run = await prepare(life);
    await start(life, run);
    await life.until(run, ({ pause }) => pause?.kind === 'otherPerson');
    expect(senders).toEqual([]);
    expect(world.demo.members.get(leaver)?.active).toBe(true);
    world.demo.signedIn = priya;
    const ended = await life.until(run, over);
    expect(ended.phase).toBe('succeeded');
    expect(senders).toEqual([priya]);
    expectTrue(await problemsOf(world, ended));
  });
});

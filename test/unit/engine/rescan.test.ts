import { afterEach, describe, expect, it } from 'vitest';
import { WorkspaceError } from '../../../lib/workspace/errors.ts';
import type { Workspace } from '../../../lib/workspace/port.ts';
import { leaver, mei, owned, tom } from '../../crash/demo-workspace.ts';
import { startLife } from '../../crash/life.ts';
import { enter, paused, sleep, world } from '../../crash/stage.ts';
import { expectTrue, problemsOf } from '../../crash/truth.ts';
import { createWorld, dashboards, over, prepare, scanned, start, tasks } from '../../crash/world.ts';

afterEach(() => world.clock.stop());

describe('the rescan', () => {
  it('B2 pauses for new items without a receiver, and goes on with the one it is given', async () => {
    enter(createWorld({ counts: { [tasks]: 3, [dashboards]: 0 } }));
    let gifts = 1;
    const life = startLife(world, {
      dies(place) {
        if (place === 'step.end' && gifts-- > 0) world.demo.give(dashboards, `${dashboards}-late`);
        return false;
      },
    });
    const { engine } = life;
    const run = await scanned(life);
    await engine.edit(run, { kind: 'default', category: tasks, to: { member: tom } });
    world.receivers.set(`${tasks} ${tasks}-00002`, tom);
    await engine.edit(run, { kind: 'acknowledge', category: 'tokens.api', ticked: true });
    await start(life, run);
    const asking = await life.until(run, paused);
    expect(asking.pause).toMatchObject({ kind: 'newItems', detail: dashboards, count: 1 });
    await expect(
      engine.edit(run, { kind: 'default', category: dashboards, to: { member: leaver } }),
    ).rejects.toMatchObject({ refusal: { code: 'incomplete' } });
    await engine.edit(run, { kind: 'default', category: dashboards, to: { member: mei } });
    expect((await life.store.journal(run)).at(-1)).toMatchObject({ kind: 'plan' });
    await engine.continue(run);
    const ended = await life.until(run, over);
    expectTrue(await problemsOf(world, ended));
    expect(owned(world.demo.owners, dashboards, mei)).toEqual([`${dashboards}-late`]);
  });

  it('B2 says so in the step when something keeps coming back', async () => {
    enter(createWorld());
    const life = startLife(world, {
      dies(place) {
        if (place === 'step.end') world.demo.give(tasks, `${tasks}-00004`);
        return false;
      },
    });
    const run = await prepare(life);
    await start(life, run);
    const ended = await life.until(run, over);
    expect(ended.phase).toBe('partial');
    expect(ended.steps.map(({ id, state, moved }) => [id, state, moved])).toEqual([
      [tasks, 'failed', 6],
      [dashboards, 'completed', 3],
      ['rescan', 'failed', 0],
      ['deactivate', 'notRun', 0],
    ]);
  });

  it('hands over nothing whose turn never came', async () => {
    enter(createWorld());
    world.port = (workspace): Workspace => ({
      ...workspace,
      async survey(...parameters) {
        const survey = await workspace.survey(...parameters);
        const categories = survey.categories.map((category) =>
          category.id === dashboards ? { ...category, after: [tasks] } : category,
        );
        return { ...survey, categories };
      },
      async apply(attempt, signal) {
        if (attempt.category === tasks) throw new WorkspaceError('forbidden', 'Not allowed (403).');
        return workspace.apply(attempt, signal);
      },
    });
    const life = startLife(world);
    const run = await prepare(life);
    await start(life, run);
    const ended = await life.until(run, over);
    expect(ended.steps.find(({ id }) => id === dashboards)?.state).toBe('notRun');
    expect(owned(world.demo.owners, dashboards, leaver)).toHaveLength(3);
    expect(ended.steps.find(({ id }) => id === 'rescan')?.state).toBe('failed');
  });

  it.each(['survey', 'scan'] as const)('W6.2 fails, and says why, where its %s is refused', async (call) => {
    enter(createWorld());
    let refuse = false;
    world.port = (workspace): Workspace => ({
      ...workspace,
      async [call](...parameters: never[]) {
        if (refuse) throw new WorkspaceError('forbidden', 'Not allowed (403).');
        return (workspace[call] as (...parameters: never[]) => Promise<never>)(...parameters);
      },
    });
    const life = startLife(world, {
      dies(place) {
        if (place !== 'step.end') return false;
        refuse = true;
        world.demo.give(tasks, `${tasks}-late`);
        return false;
      },
    });
    const run = await prepare(life);
    await start(life, run);
    const ended = await life.until(run, (each) => over(each) || paused(each));
    expect(ended.phase).toBe('partial');
    expect(ended.steps.find(({ id }) => id === 'rescan')).toMatchObject({
      state: 'failed',
      message: { key: 'step_rescan_unread', params: { detail: 'Not allowed (403).' } },
    });
    expect(ended.steps.find(({ id }) => id === 'deactivate')?.state).toBe('notRun');
  });

  it('B2 looks again before a deactivation that comes long after it', async () => {
    enter(createWorld());
    let pauseNow = true;
    const life = startLife(world, {
      dies(place) {
        if (place === 'deactivation.begin' && pauseNow) {
          pauseNow = false;
          void life.engine.pause(run);
        }
        return false;
      },
    });
    const run = await prepare(life);
    await start(life, run);
    await life.until(run, paused);
    await sleep(3_600_000);
    world.demo.give(tasks, `${tasks}-late`);
    await life.engine.continue(run);
    const ended = await life.until(run, over);
    expectTrue(await problemsOf(world, ended));
    expect(ended.phase).toBe('succeeded');
  });
});

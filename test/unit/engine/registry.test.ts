import { afterEach, expect, it } from 'vitest';
import { WorkspaceError } from '../../../lib/workspace/errors.ts';
import type { Workspace } from '../../../lib/workspace/port.ts';
import { ines, leaver } from '../../crash/demo-workspace.ts';
import { startLife } from '../../crash/life.ts';
import { enter, sleep, world } from '../../crash/stage.ts';
import { createWorld, dashboards, over, prepare, start, tasks } from '../../crash/world.ts';

afterEach(() => world.clock.stop());

const minute = 60_000;

it.each([2, 26 * 60])(
  'W7.3 a retry of another admin %i minutes after the end, that dies when it is registered, is closed in the registry',
  async (later) => {
    enter(createWorld({ registry: true }));
    world.demo.refusals.set(`${tasks} ${tasks}-00004`, 'forbidden');
    const first = startLife(world, { dies: (place) => place === 'retry.registered' });
    const run = await prepare(first);
    await start(first, run);
    expect((await first.until(run, over)).phase).toBe('partial');
    await sleep(later * minute);
    world.demo.signedIn = ines;
    void first.engine.retry(run, []).catch(() => {});
    await first.died;
    expect(world.demo.registered.get(run)).toMatchObject({ open: true, by: { id: ines } });
    const second = startLife(world);
    await second.engine.recover();
    await sleep(5 * minute);
    expect(world.demo.registered.get(run)).toMatchObject({ open: false, record: { phase: 'partial' } });
    expect((await second.engine.openDraft('con', leaver)).run).not.toMatchObject({ id: run });
  },
);

it('W7.2 R2 is superseded when somebody else takes it over while its own lease, that came late, is taken anew', async () => {
  enter(createWorld({ counts: { [tasks]: 40, [dashboards]: 1 }, registry: true }));
  let quicker = false;
  world.port = (workspace): Workspace => ({
    ...workspace,
    ...(workspace.runs && {
      runs: {
        ...workspace.runs,
        async takeOver(id) {
          const row = world.demo.registered.get(id);
          if (!row) throw new Error('It is not registered.');
          const record = { ...row.record, journalHead: 'f'.repeat(64) };
          world.demo.registered.set(id, {
            ...row,
            record,
            by: { id: ines, name: ines },
            fence: row.fence + 1,
          });
          quicker = true;
          throw new WorkspaceError('conflict', 'The lease of its browser lasts.', { status: 409 });
        },
      },
    }),
  });
  const life = startLife(world);
  const run = await prepare(life);
  await start(life, run);
  await life.until(run, ({ steps }) => steps.some(({ moved }) => moved > 0));
  await world.demo.workspace.runs?.takeOver(run);
  const ended = await life.until(run, (each) => over(each) || each.phase === 'paused');
  expect(quicker).toBe(true);
  expect([ended.phase, ended.pause]).toEqual(['superseded', undefined]);
});

import { afterEach, describe, expect, it } from 'vitest';
import type { Run } from '../../../lib/offboarding/model.ts';
import type { Workspace } from '../../../lib/workspace/port.ts';
import { ines, leaver, owned, priya } from '../../crash/demo-workspace.ts';
import { startLife } from '../../crash/life.ts';
import { beforeApply, enter, paused, sleep, world } from '../../crash/stage.ts';
import { expectTrue, problemsOf, registryProblems } from '../../crash/truth.ts';
import {
  createWorld,
  dashboards,
  over,
  prepare,
  scanned,
  start,
  takenElsewhere,
  tasks,
} from '../../crash/world.ts';

afterEach(() => world.clock.stop());

/** A promise that somebody else settles. */
function gate(): { opened: Promise<void>; open: () => void } {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

describe('the journal', () => {
  it('tells nothing of a change that was not made', async () => {
    enter(createWorld());
    const life = startLife(world);
    const run = await scanned(life);
    await life.engine.pause(run);
    expect((await life.store.journal(run)).map(({ kind }) => kind)).toEqual(['created']);
  });
});

describe('a tick', () => {
  it.each(['recount', 'scan'] as const)(
    'W4.1 is not revived when a %s finds its old count again',
    async (command) => {
      enter(createWorld());
      let tokens = 5;
      world.port = (workspace): Workspace => ({
        ...workspace,
        async survey(member, signal) {
          const survey = await workspace.survey(member, signal);
          const categories = survey.categories.map((category) =>
            category.id === 'tokens.api' ? { ...category, count: tokens } : category,
          );
          return { ...survey, categories };
        },
      });
      const life = startLife(world);
      const run = await prepare(life);
      const look = async (count: number): Promise<Run> => {
        tokens = count;
        await life.engine[command](run);
        return life.until(run, ({ scan }) => scan.state === 'done');
      };
      expect((await look(5)).acknowledgements).toMatchObject([{ category: 'tokens.api', count: 5 }]);
      expect((await look(6)).acknowledgements).toEqual([]);
      const back = await look(5);
      expect(back.categories.find(({ id }) => id === 'tokens.api')?.count).toBe(5);
      expect(back.acknowledgements).toEqual([]);
    },
  );
});

describe('pause, continue and stop', () => {
  it('W6.7 stays paused by the admin although a look at the session was under way', async () => {
    enter(createWorld());
    const looking = gate();
    let hold = false;
    world.port = (workspace): Workspace => ({
      ...workspace,
      async identify(signal) {
        const viewer = await workspace.identify(signal);
        if (hold) await looking.opened;
        return viewer;
      },
    });
    const life = startLife(world);
    const run = await prepare(life);
    await start(life, run);
    world.demo.signedIn = null;
    await life.until(run, paused);
    world.demo.signedIn = priya;
    hold = true;
    await sleep(6_000);
    const looked = life.engine.recover();
    hold = false;
    await life.engine.continue(run);
    await life.engine.pause(run);
    looking.open();
    await looked;
    await sleep(60_000);
    expect((await life.store.run(run))?.pause).toEqual({ kind: 'admin' });
  });

  it('W6.7 goes on with a heartbeat when it is continued before the old executor has let go', async () => {
    enter(createWorld({ counts: { [tasks]: 300, [dashboards]: 1 }, registry: true }));
    beforeApply(() => sleep(2_000));
    const life = startLife(world);
    const run = await prepare(life);
    await start(life, run);
    await life.until(run, ({ steps }) => steps.some(({ moved }) => moved > 0));
    await life.engine.pause(run);
    await life.engine.continue(run);
    await sleep(90_000);
    const [registered] = [...world.demo.registered.values()];
    expect(Date.parse(registered?.leaseUntil ?? '')).toBeGreaterThan(world.clock.now().getTime() + 100_000);
    expectTrue(await problemsOf(world, await life.until(run, over)));
  });

  it('W6.7 End here does not call a deactivation not run that has taken effect', async () => {
    enter(createWorld());
    const first = startLife(world, {
      dies: (place) => place === 'store.settleAttempt.after' && deactivated(),
    });
    const deactivated = (): boolean => world.demo.deactivations === 1;
    const run = await prepare(first);
    await start(first, run);
    await first.died;
    const second = startLife(world);
    await second.engine.stop(run);
    const ended = await second.until(run, over);
    expect(ended.steps.find(({ kind }) => kind === 'deactivate')?.state).toBe('completed');
    expect(ended.phase).toBe('succeeded');
  });
});

describe('one run', () => {
  it('R1 ends as superseded, not as a bug, when several writes are refused at once', async () => {
    enter(createWorld({ counts: { [tasks]: 40, [dashboards]: 1 }, registry: true, concurrency: 4 }));
    const life = startLife(world);
    const run = await prepare(life);
    await start(life, run);
    await life.until(run, ({ steps }) => steps.some(({ moved }) => moved > 0));
    await takenElsewhere(world, run);
    const ended = await life.until(run, over);
    expect(ended.phase).toBe('superseded');
    await sleep(60_000);
    const kinds = (await life.store.journal(run)).map(({ data }) => data.phase).filter(Boolean);
    expect(kinds).toEqual(['executing', 'superseded']);
    expect(await life.store.openAttempts(run)).toEqual([]);
  });

  it('R1 goes on under a new fence where its own lease came late, or who took it over never said a word', async () => {
    enter(createWorld({ counts: { [tasks]: 40, [dashboards]: 1 }, registry: true, concurrency: 4 }));
    let late = 2;
    world.port = (workspace): Workspace => ({
      ...workspace,
      async setActive(...parameters) {
        if (late-- > 0) await workspace.runs?.takeOver(parameters[2].run);
        return workspace.setActive?.(...parameters);
      },
    });
    const life = startLife(world);
    const run = await prepare(life);
    await start(life, run);
    await life.until(run, ({ steps }) => steps.some(({ moved }) => moved > 0));
    await world.demo.workspace.runs?.takeOver(run);
    const ended = await life.until(run, over);
    await sleep(60_000);
    expect(ended.phase).toBe('succeeded');
    expectTrue(await problemsOf(world, ended));
    expect(registryProblems(world, (await life.store.run(run)) ?? ended)).toEqual([]);
    expect(world.demo.registered.get(run)?.fence).toBe(7);
  });

  it('is superseded when the deactivation is refused for its fence', async () => {
    enter(createWorld({ registry: true }));
    world.port = (workspace): Workspace => ({
      ...workspace,
      async setActive(...parameters) {
        await takenElsewhere(world, parameters[2].run);
        return workspace.setActive?.(...parameters);
      },
    });
    const life = startLife(world);
    const run = await prepare(life);
    await start(life, run);
    expect((await life.until(run, over)).phase).toBe('superseded');
    expect(world.demo.deactivations).toBe(0);
  });

  it('W6.1 a scan that was asked for before Start does not touch the run after it', async () => {
    enter(createWorld());
    const asked = gate();
    let hold = false;
    world.port = (workspace): Workspace => ({
      ...workspace,
      async identify(signal) {
        const viewer = await workspace.identify(signal);
        if (hold) {
          hold = false;
          await asked.opened;
        }
        return viewer;
      },
    });
    const life = startLife(world);
    const run = await prepare(life);
    hold = true;
    const scan = life.engine.scan(run);
    await start(life, run);
    asked.open();
    await expect(scan).rejects.toMatchObject({ refusal: { code: 'locked' } });
    const ended = await life.until(run, over);
    expect(ended.scan.state).toBe('done');
    expectTrue(await problemsOf(world, ended));
  });

  it('W5.2 does not start another mode than the one that was confirmed', async () => {
    enter(createWorld());
    const asked = gate();
    let hold = false;
    world.port = (workspace): Workspace => ({
      ...workspace,
      async identify(signal) {
        const viewer = await workspace.identify(signal);
        if (hold) await asked.opened;
        return viewer;
      },
    });
    const life = startLife(world);
    const run = await prepare(life);
    await life.engine.edit(run, { kind: 'mode', mode: 'executeOnly' });
    hold = true;
    const started = start(life, run);
    await sleep(10);
    await life.engine.edit(run, { kind: 'mode', mode: 'executeAndDeactivate' });
    asked.open();
    await expect(started).rejects.toMatchObject({ refusal: { code: 'stale' } });
    expect((await life.store.run(run))?.phase).toBe('draft');
  });

  it('scans once when two ask at once', async () => {
    enter(createWorld());
    const life = startLife(world);
    const { run } = await life.engine.openDraft('con', leaver);
    await Promise.all([life.engine.scan(run.id), life.engine.scan(run.id)]);
    await life.until(run.id, ({ scan }) => scan.state === 'done');
    await sleep(60_000);
    expect(life.passed.filter((place) => place === 'survey.before')).toHaveLength(1);
    expect((await life.store.run(run.id))?.scan.state).toBe('done');
  });
});

describe('the scan of a draft', () => {
  it('R5 refuses items that name somebody else', async () => {
    enter(createWorld());
    world.port = (workspace): Workspace => ({
      ...workspace,
      async scan(...parameters) {
        const page = await workspace.scan(...parameters);
        return { ...page, items: page.items.map((item) => ({ ...item, value: { member: ines } })) };
      },
    });
    const life = startLife(world);
    const run = await scanned(life);
    const { categories } = (await life.store.run(run)) as Run;
    expect(categories.find(({ id }) => id === tasks)).toMatchObject({ state: 'failed', count: null });
    expect(categories.find(({ id }) => id === tasks)?.unread?.detail).toMatch(/^Expected .+, got .+\.$/);
    expect(await life.store.items.category(run, tasks)).toEqual([]);
  });

  it('reads again when the pages shift while it reads', async () => {
    enter(createWorld({ counts: { [tasks]: 12, [dashboards]: 1 } }));
    let pages = 0;
    world.port = (workspace): Workspace => ({
      ...workspace,
      async scan(...parameters) {
        const page = await workspace.scan(...parameters);
        if (parameters[1][0] === tasks && ++pages === 1) {
          world.demo.take(tasks, `${tasks}-00000`, ines);
        }
        return page;
      },
    });
    const life = startLife(world);
    const run = await scanned(life);
    const refs = (await life.store.items.category(run, tasks)).map(({ ref }) => ref);
    expect(refs).toEqual(owned(world.demo.owners, tasks, leaver));
  });

  it('W7.1 lists what appeared and vanished although it was interrupted midway', async () => {
    for (const place of ['store.mergeItems.after', 'store.removeItems.after']) {
      enter(createWorld());
      const first = startLife(world);
      const run = await scanned(first);
      first.kill();
      world.demo.give(tasks, `${tasks}-new`);
      world.demo.take(tasks, `${tasks}-00001`, ines);
      let left = 2;
      const second = startLife(world, { dies: (passed) => passed === place && --left === 0 });
      await second.engine.scan(run);
      await second.died;
      const third = startLife(world);
      await third.engine.recover();
      const { scan } = await third.until(run, (each) => each.scan.state === 'done');
      expect(scan.changes, place).toEqual([
        {
          category: tasks,
          appeared: [`Item ${tasks}-new`],
          appearedCount: 1,
          vanished: [`Item ${tasks}-00001`],
          vanishedCount: 1,
        },
      ]);
      world.clock.stop();
    }
  });
});

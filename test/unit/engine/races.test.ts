import { afterEach, describe, expect, it } from 'vitest';
import type { Run } from '../../../lib/offboarding/model.ts';
import { WorkspaceError } from '../../../lib/workspace/errors.ts';
import type { Workspace } from '../../../lib/workspace/port.ts';
import { ines, leaver, mei, owned, priya, tom } from '../../crash/demo-workspace.ts';
import { errorOf, faultsAt, faulty } from '../../crash/faulty.ts';
import { startLife } from '../../crash/life.ts';
import { expectTrue, problemsOf } from '../../crash/truth.ts';
import {
  createWorld,
  dashboards,
  over,
  prepare,
  scanned,
  start,
  tasks,
  type World,
} from '../../crash/world.ts';

let world: World;
afterEach(() => world.clock.stop());

/** A promise that somebody else settles. */
function gate(): { opened: Promise<void>; open: () => void } {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

const sleep = (milliseconds: number): Promise<void> =>
  world.clock.sleep(milliseconds, new AbortController().signal);
const paused = (run: Run): boolean => run.phase === 'paused';

describe('the journal', () => {
  it('tells nothing of a change that was not made', async () => {
    world = createWorld();
    const life = startLife(world);
    const run = await scanned(life);
    await life.engine.pause(run);
    expect((await life.store.journal(run)).map(({ kind }) => kind)).toEqual(['created']);
  });
});

describe('pause, continue and stop', () => {
  it('W6.7 stays paused by the admin although a look at the session was under way', async () => {
    world = createWorld();
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
    world = createWorld({ counts: { [tasks]: 300, [dashboards]: 1 }, registry: true });
    world.port = (workspace): Workspace => ({
      ...workspace,
      async apply(attempt, signal) {
        await sleep(2_000);
        return workspace.apply(attempt, signal);
      },
    });
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
    world = createWorld();
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

describe('waiting', () => {
  it('R1 always has an alarm to come back by while it executes', async () => {
    world = createWorld({ counts: { [tasks]: 200, [dashboards]: 1 } });
    world.port = (workspace): Workspace => ({
      ...workspace,
      async apply(attempt, signal) {
        await sleep(3_000);
        return workspace.apply(attempt, signal);
      },
    });
    const life = startLife(world);
    const run = await prepare(life);
    await start(life, run);
    for (let second = 0; second < 90; second += 1) {
      await sleep(1_000);
      if (over((await life.store.run(run)) as Run)) break;
      const wake = life.wakeAt();
      expect(wake, `after ${second} s`).not.toBeNull();
      expect((wake ?? 0) - world.clock.now().getTime()).toBeLessThanOrEqual(30_000);
    }
  });

  it('shows progress at least every 10 s, which keeps the background alive', async () => {
    world = createWorld();
    world.port = (workspace): Workspace => ({
      ...workspace,
      async apply(attempt, signal) {
        await sleep(19_000);
        return workspace.apply(attempt, signal);
      },
    });
    const life = startLife(world);
    const run = await prepare(life);
    const begun = world.clock.now().getTime();
    await start(life, run);
    await life.until(run, over);
    const times = [begun, ...life.progressed, world.clock.now().getTime()];
    const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(10_000);
  });

  it.each([true, false])('R4 a Retry-After outlives the background (idempotent: %s)', async (idempotent) => {
    world = createWorld({ idempotent, counts: { [tasks]: 3, [dashboards]: 1 } });
    let calls = 0;
    world.port = (workspace): Workspace => ({
      ...workspace,
      async apply(attempt, signal) {
        calls += 1;
        if (calls === 1) throw errorOf('throttledLong', true);
        return workspace.apply(attempt, signal);
      },
    });
    const first = startLife(world);
    const run = await prepare(first);
    await start(first, run);
    await sleep(2_000);
    first.kill();
    const second = startLife(world);
    await second.engine.recover();
    await sleep(60_000);
    expect(calls).toBe(1);
    expect((await second.store.run(run))?.phase).toBe('executing');
    expectTrue(await problemsOf(world, await second.until(run, over)));
  });

  it('does not spin while one attempt waits for long and another has waited enough', async () => {
    world = createWorld({ concurrency: 2 });
    const port = faultsAt(world, { apply: ['throttledLong', 'cutBefore', 'cutBefore'] });
    world.port = port;
    const life = startLife(world);
    const run = await prepare(life);
    await start(life, run);
    await sleep(3_000);
    const before = life.passed.length;
    await sleep(60_000);
    expect(life.passed.length - before).toBeLessThan(100);
    expectTrue(await problemsOf(world, await life.until(run, over)));
  });

  it('R4 says who is signed in instead, and goes on when the same person is back', async () => {
    world = createWorld();
    const life = startLife(world);
    const run = await prepare(life);
    await start(life, run);
    world.demo.signedIn = null;
    await life.until(run, ({ pause }) => pause?.kind === 'signedOut');
    world.demo.signedIn = ines;
    const other = await life.until(run, ({ pause }) => pause?.kind === 'otherPerson');
    expect(other.pause?.detail).toBe('Ines Kaya');
    expect(world.demo.writes.length).toBeLessThan(10);
    world.demo.signedIn = priya;
    expectTrue(await problemsOf(world, await life.until(run, over)));
  });

  it('takes up the others although one run cannot be looked after', async () => {
    world = createWorld();
    let hang = false;
    world.port = (workspace): Workspace => ({
      ...workspace,
      identify: (signal) => (hang ? new Promise(() => {}) : workspace.identify(signal)),
    });
    const first = startLife(world);
    const run = await prepare(first);
    await start(first, run);
    world.demo.signedIn = null;
    await first.until(run, paused);
    const other = (await first.store.run(run)) as Run;
    const { open: _open, ...copy } = other;
    await first.store.createRun(
      { ...copy, id: 'zz', phase: 'draft', scan: { state: 'running', changes: [] } },
      { at: other.createdAt, kind: 'created', data: {} },
    );
    first.kill();
    world.demo.signedIn = priya;
    await sleep(20_000);
    hang = true;
    const second = startLife(world);
    void second.engine.recover();
    await second.until('zz', ({ scan }) => scan.state === 'done');
  });

  it('ends by itself once the page has done what only the page can do', async () => {
    world = createWorld();
    world.port = (workspace): Workspace => ({
      ...workspace,
      survey: async (...parameters) => ({ ...(await workspace.survey(...parameters)), completion: 'page' }),
    });
    const life = startLife(world);
    const run = await prepare(life);
    await start(life, run);
    await life.until(run, ({ phase }) => phase === 'waiting');
    await sleep(100_000);
    expect((await life.store.run(run))?.phase).toBe('waiting');
    const member = world.demo.members.get(leaver);
    if (member) world.demo.members.set(leaver, { ...member, active: false });
    expect((await life.until(run, over)).phase).toBe('succeeded');
  });
});

describe('endless faults', () => {
  it.each([true, false])('R4 pause the run after 20 in a row (idempotent: %s)', async (idempotent) => {
    world = createWorld({ idempotent });
    let calls = 0;
    world.port = faulty(world, (call) => {
      if (call === 'apply') calls += 1;
      return call === 'apply' ? 'cutBefore' : 'ok';
    });
    const life = startLife(world);
    const run = await prepare(life);
    await start(life, run);
    const ended = await life.until(run, (each) => paused(each) || over(each));
    expect(ended.pause).toMatchObject({ kind: 'failures', count: 20 });
    expect(calls).toBeLessThanOrEqual(21);
    world.port = (workspace) => workspace;
  });

  it('R2 reads back what may have landed when it is refused afterwards', async () => {
    world = createWorld({ counts: { [tasks]: 3, [dashboards]: 1 } });
    let calls = 0;
    world.port = (workspace): Workspace => ({
      ...workspace,
      async apply(attempt, signal) {
        calls += 1;
        if (calls === 1) await workspace.apply(attempt, signal);
        if (calls === 1) throw errorOf('cutAfter', true);
        if (calls === 2)
          throw new WorkspaceError('invalid', 'The workspace did not understand the request (400).');
        return workspace.apply(attempt, signal);
      },
    });
    const life = startLife(world);
    const run = await prepare(life);
    await start(life, run);
    const ended = await life.until(run, over);
    expectTrue(await problemsOf(world, ended));
    expect(ended.phase).toBe('succeeded');
  });

  it('a deactivation that was refused although it landed is not called failed', async () => {
    world = createWorld();
    let calls = 0;
    world.port = (workspace): Workspace => ({
      ...workspace,
      async setActive(member, active, attempt) {
        calls += 1;
        if (calls > 1) throw new WorkspaceError('forbidden', 'The workspace does not allow this (403).');
        const land = world.demo.activation(member, active, attempt);
        world.clock.at(world.clock.now().getTime() + 2_500, land);
        throw errorOf('cutBefore', true);
      },
    });
    const life = startLife(world);
    const run = await prepare(life);
    await start(life, run);
    const ended = await life.until(run, over);
    await sleep(10_000);
    expectTrue(await problemsOf(world, ended));
    expect(ended.phase).toBe('succeeded');
  });
});

describe('one run', () => {
  it('R1 ends as superseded, not as a bug, when several writes are refused at once', async () => {
    world = createWorld({ counts: { [tasks]: 40, [dashboards]: 1 }, registry: true, concurrency: 4 });
    const life = startLife(world);
    const run = await prepare(life);
    await start(life, run);
    await life.until(run, ({ steps }) => steps.some(({ moved }) => moved > 0));
    await world.demo.workspace.runs?.takeOver(run);
    const ended = await life.until(run, over);
    expect(ended.phase).toBe('superseded');
    await sleep(60_000);
    const kinds = (await life.store.journal(run)).map(({ data }) => data.phase).filter(Boolean);
    expect(kinds).toEqual(['executing', 'superseded']);
    expect(await life.store.openAttempts(run)).toEqual([]);
  });

  it('is superseded when the deactivation is refused for its fence', async () => {
    world = createWorld({ registry: true });
    world.port = (workspace): Workspace => ({
      ...workspace,
      async setActive(...parameters) {
        await workspace.runs?.takeOver(parameters[2].run);
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
    world = createWorld();
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
    world = createWorld();
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
    world = createWorld();
    const life = startLife(world);
    const { run } = await life.engine.openDraft('con', leaver);
    await Promise.all([life.engine.scan(run.id), life.engine.scan(run.id)]);
    await life.until(run.id, ({ scan }) => scan.state === 'done');
    await sleep(60_000);
    expect(life.passed.filter((place) => place === 'survey.before')).toHaveLength(1);
    expect((await life.store.run(run.id))?.scan.state).toBe('done');
  });
});

describe('the rescan', () => {
  it('B2 pauses for new items without a receiver, and goes on with the one it is given', async () => {
    world = createWorld({ counts: { [tasks]: 3, [dashboards]: 0 } });
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
    world = createWorld();
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
    world = createWorld();
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
    world = createWorld();
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
    world = createWorld();
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

describe('the scan of a draft', () => {
  it('R5 refuses items that name somebody else', async () => {
    world = createWorld();
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
    world = createWorld({ counts: { [tasks]: 12, [dashboards]: 1 } });
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
      world = createWorld();
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

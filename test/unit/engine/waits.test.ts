import { afterEach, describe, expect, it } from 'vitest';
import type { Run } from '../../../lib/offboarding/model.ts';
import { WorkspaceError } from '../../../lib/workspace/errors.ts';
import type { Workspace } from '../../../lib/workspace/port.ts';
import { ines, leaver, priya } from '../../crash/demo-workspace.ts';
import { errorOf, faultsAt, spoilWrites } from '../../crash/faulty.ts';
import { startLife } from '../../crash/life.ts';
import { beforeApply, enter, paused, sleep, world } from '../../crash/stage.ts';
import { expectTrue, problemsOf } from '../../crash/truth.ts';
import { createWorld, dashboards, over, prepare, start, tasks } from '../../crash/world.ts';

afterEach(() => world.clock.stop());

describe('waiting', () => {
  it('R1 always has an alarm to come back by while it executes', async () => {
    enter(createWorld({ counts: { [tasks]: 200, [dashboards]: 1 } }));
    beforeApply(() => sleep(3_000));
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
    enter(createWorld());
    beforeApply(() => sleep(19_000));
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
    enter(createWorld({ idempotent, counts: { [tasks]: 3, [dashboards]: 1 } }));
    const writes = beforeApply((calls) => {
      if (calls === 1) throw errorOf('throttledLong', true);
    });
    const first = startLife(world);
    const run = await prepare(first);
    await start(first, run);
    await sleep(2_000);
    first.kill();
    const second = startLife(world);
    await second.engine.recover();
    await sleep(60_000);
    expect(writes.calls).toBe(1);
    expect((await second.store.run(run))?.phase).toBe('executing');
    expectTrue(await problemsOf(world, await second.until(run, over)));
  });

  it('R4 lets the background die when the wait is long, and is brought back by the alarm', async () => {
    enter(createWorld());
    world.port = faultsAt(world, { apply: ['throttledLong'] });
    const first = startLife(world);
    const run = await prepare(first);
    await start(first, run);
    await sleep(1_000);
    const alarm = first.wakeAt() ?? 0;
    const { writes } = world.demo;
    const before = writes.length;
    expect(alarm - world.clock.now().getTime()).toBeGreaterThan(60_000);
    // Nothing is held and nobody sleeps: it may die without a loss.
    expect(world.locks.size).toBe(0);
    first.kill();
    await sleep(alarm - world.clock.now().getTime());
    expect(writes).toHaveLength(before);
    const second = startLife(world);
    await second.engine.recover();
    expectTrue(await problemsOf(world, await second.until(run, over)));
  });

  it('R4 goes on from a stored wait of a read', async () => {
    enter(createWorld());
    world.port = faultsAt(world, { survey: ['ok', 'throttledLong'] });
    const first = startLife(world);
    const run = await prepare(first);
    await start(first, run);
    const waiting = await first.until(run, ({ retry }) => retry !== undefined);
    first.kill();
    const second = startLife(world);
    await second.engine.recover();
    await sleep(30_000);
    expect((await second.store.run(run))?.retry).toEqual(waiting.retry);
    const ended = await second.until(run, over);
    expect(ended.retry).toBeUndefined();
    expectTrue(await problemsOf(world, ended));
  });

  it('does not spin while one attempt waits for long and another has waited enough', async () => {
    enter(createWorld({ concurrency: 2 }));
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
    enter(createWorld());
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

  it.each(['the run begins', 'its heart beats'])(
    'R4 is not superseded by a registry that refuses somebody else when %s',
    async (when) => {
      enter(createWorld({ registry: true }));
      let switched = false;
      const someoneElse = (): void => {
        if (!switched) world.demo.signedIn = ines;
        switched = true;
      };
      world.port = (workspace): Workspace => ({
        ...workspace,
        async apply(attempt, signal) {
          if (when === 'its heart beats') {
            someoneElse();
            await sleep(15_000);
          }
          return workspace.apply(attempt, signal);
        },
        ...(workspace.runs && {
          runs: {
            ...workspace.runs,
            async update(id, fence, record) {
              if (when === 'the run begins' && record.phase === 'executing') someoneElse();
              if (world.demo.signedIn !== priya)
                throw new WorkspaceError('conflict', 'Somebody else holds this run.', { status: 409 });
              return workspace.runs?.update(id, fence, record) ?? Promise.reject(new Error('No registry.'));
            },
          },
        }),
      });
      const life = startLife(world);
      const run = await prepare(life);
      await start(life, run);
      const stopped = await life.until(run, ({ phase }) => phase === 'paused' || phase === 'superseded');
      expect(stopped).toMatchObject({ phase: 'paused', pause: { kind: 'otherPerson' } });
      world.demo.signedIn = priya;
      const ended = await life.until(run, over);
      expect(ended.phase).toBe('succeeded');
      expectTrue(await problemsOf(world, ended));
    },
  );

  it('takes up the others although one run cannot be looked after', async () => {
    enter(createWorld());
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
    enter(createWorld());
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
    enter(createWorld({ idempotent }));
    const writes = spoilWrites(world, 'cutBefore');
    const life = startLife(world);
    const run = await prepare(life);
    await start(life, run);
    const ended = await life.until(run, (each) => paused(each) || over(each));
    expect(ended.pause).toMatchObject({ kind: 'failures', count: 20 });
    // No oftener than once a round on each of the lanes.
    expect(writes.calls).toBeLessThanOrEqual(20 * 4);
    world.port = (workspace) => workspace;
  });

  it('R2 reads back what may have landed when it is refused afterwards', async () => {
    enter(createWorld({ counts: { [tasks]: 3, [dashboards]: 1 } }));
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
    enter(createWorld());
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

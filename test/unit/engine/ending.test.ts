import { afterEach, describe, expect, it } from 'vitest';
import type { Member, Run } from '../../../lib/offboarding/model.ts';
import type { Workspace } from '../../../lib/workspace/port.ts';
import { leaver, priya, settleTime } from '../../crash/demo-workspace.ts';
import { errorOf } from '../../crash/faulty.ts';
import { type Life, startLife } from '../../crash/life.ts';
import { beforeApply, enter, sleep, world } from '../../crash/stage.ts';
import { expectTrue, problemsOf } from '../../crash/truth.ts';
import { createWorld, dashboards, over, prepare, start, tasks } from '../../crash/world.ts';

afterEach(() => world.clock.stop());

/** A run that was told to end while its first writes are without an answer, and whose session ends with that. */
async function endingSignedOut(): Promise<{ life: Life; run: string }> {
  enter(createWorld({ idempotent: false, counts: { [tasks]: 3, [dashboards]: 1 } }));
  beforeApply(async (calls) => {
    if (calls > 1) return;
    await sleep(5_000);
    throw errorOf('cutBefore', true);
  });
  const life = startLife(world);
  const run = await prepare(life);
  await start(life, run);
  await sleep(1_000);
  await life.engine.stop(run);
  world.demo.signedIn = null;
  return { life, run };
}

describe('End here while nobody is signed in', () => {
  it('R4 says why it does not end, and ends with what the workspace says once somebody is back', async () => {
    const { life, run } = await endingSignedOut();
    const mute = await life.until(run, ({ phase, pause }) => phase === 'stopping' && pause !== undefined);
    expect(mute.pause).toMatchObject({ kind: 'signedOut', detail: 'Nobody is signed in.' });
    expect(mute.retry?.resumeAt).toBeDefined();
    world.demo.signedIn = priya;
    const ended = await life.until(run, over);
    expect(ended).toMatchObject({ phase: 'partial' });
    expect([ended.pause, ended.retry]).toEqual([undefined, undefined]);
    expectTrue(await problemsOf(world, ended));
  });

  it('R2 ends what cannot be verified as failed after a bounded number of tries, over restarts too', async () => {
    const { life, run } = await endingSignedOut();
    await life.until(run, ({ retry }) => (retry?.tries ?? 0) > 5);
    life.kill();
    const second = startLife(world);
    await second.engine.recover();
    const begun = world.clock.now().getTime();
    const ended = await second.until(run, over);
    expect(world.clock.now().getTime() - begun).toBeLessThan(30 * 60_000);
    expect(ended.phase).toBe('partial');
    const failed = await second.store.items.inState(run, tasks, 'failed', 9);
    expect(failed.map(({ reason }) => reason)).toEqual(
      failed.map(() => ({ code: 'unverifiable', message: 'Nobody is signed in.' })),
    );
    expect(failed).toHaveLength(3);
    expect(await second.store.openAttempts(run)).toEqual([]);
    await sleep(1_000);
    expect(second.wakeAt()).toBeNull();
  });

  it('R2 says so when the deactivation is what cannot be verified', async () => {
    enter(createWorld());
    world.port = (workspace): Workspace => ({
      ...workspace,
      async setActive() {
        world.demo.signedIn = null;
        await sleep(2_000);
        throw errorOf('cutBefore', true);
      },
    });
    const life = startLife(world);
    const run = await prepare(life);
    await start(life, run);
    await life.until(run, ({ steps }) =>
      steps.some(({ kind, state }) => kind === 'deactivate' && state === 'running'),
    );
    await sleep(1_000);
    world.demo.signedIn = priya;
    await life.engine.stop(run);
    world.demo.signedIn = null;
    const ended = await life.until(run, over);
    expect(ended.phase).toBe('partial');
    expect(ended.steps.at(-1)).toMatchObject({
      state: 'failed',
      message: { key: 'step_deactivation_unverified', params: { detail: 'Nobody is signed in.' } },
    });
    expect(await life.store.openAttempts(run)).toEqual([]);
  });
});

describe('the deactivation', () => {
  it('is judged only once the workspace has had its time to show it', async () => {
    enter(createWorld());
    let shownAt = Number.POSITIVE_INFINITY;
    const asSeen = (member: Member): Member =>
      world.clock.now().getTime() < shownAt ? { ...member, active: true } : member;
    world.port = (workspace): Workspace => ({
      ...workspace,
      async setActive(...parameters) {
        await workspace.setActive?.(...parameters);
        shownAt = world.clock.now().getTime() + settleTime - 500;
      },
      async members(query) {
        const { items } = await workspace.members(query);
        return { items: items.map((member) => (member.id === leaver ? asSeen(member) : member)) };
      },
    });
    const life = startLife(world);
    const run = await prepare(life);
    await start(life, run);
    const ended = await life.until(run, over);
    expect(ended.phase).toBe('succeeded');
    expect(ended.steps.at(-1)?.message).toBeUndefined();
    expectTrue(await problemsOf(world, ended));
  });

  it('says so when the member is not listed any more', async () => {
    enter(createWorld());
    world.port = (workspace): Workspace => ({
      ...workspace,
      async setActive() {
        world.demo.members.delete(leaver);
      },
    });
    const life = startLife(world);
    const run = await prepare(life);
    await start(life, run);
    const ended: Run = await life.until(run, over);
    expect(ended.phase).toBe('succeeded');
    expect(ended.steps.at(-1)).toMatchObject({ state: 'completed', message: { key: 'step_member_gone' } });
    const told = (await life.store.journal(run)).filter(({ kind }) => kind === 'step').at(-1);
    expect(told?.data).toMatchObject({ step: 'deactivate', found: 'gone' });
  });
});

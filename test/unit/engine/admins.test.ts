import { afterEach, describe, expect, it } from 'vitest';
import { failureOf } from '../../../lib/offboarding/failures.ts';
import type { Run } from '../../../lib/offboarding/model.ts';
import { totals } from '../../../lib/offboarding/steps.ts';
import { WorkspaceError } from '../../../lib/workspace/errors.ts';
import type { Workspace } from '../../../lib/workspace/port.ts';
import { doubled, ines, leaver, mei, owned, priya, tom } from '../../crash/demo-workspace.ts';
import { type Life, startLife } from '../../crash/life.ts';
import { createMemoryStore } from '../../crash/memory-store.ts';
import { enter, sleep, world } from '../../crash/stage.ts';
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

afterEach(() => world.clock.stop());

const minutes = (count: number): Promise<void> => sleep(count * 60_000);

/** A run in which one task is refused, at its end. */
async function endPartially(life: Life): Promise<Run> {
  world.demo.refusals.set(`${tasks} ${tasks}-00004`, 'forbidden');
  const id = await prepare(life);
  await start(life, id);
  return life.until(id, over);
}

describe('a retry', () => {
  it('W7.3 continues the same run, with another replacement, and deactivates at its end', async () => {
    enter(createWorld({ registry: true }));
    const life = startLife(world);
    const ended = await endPartially(life);
    expect(ended.phase).toBe('partial');
    const [failed] = await life.store.items.inState(ended.id, tasks, 'failed', 10);
    expect(failed?.ref).toBe(`${tasks}-00004`);
    world.demo.refusals.clear();
    world.receivers.set(`${tasks} ${tasks}-00004`, ines);
    await life.engine.retry(ended.id, [{ failure: failureOf(failed ?? {}), to: ines }]);
    // A second click finds it under way.
    await life.engine.retry(ended.id, []);
    const done = await life.until(ended.id, ({ phase }) => phase === 'succeeded');
    expect(owned(world.demo.owners, tasks, ines)).toEqual([`${tasks}-00004`]);
    expect(owned(world.demo.owners, tasks, leaver)).toEqual([]);
    expect(world.demo.members.get(leaver)?.active).toBe(false);
    // The registry hears of the end right after it is stored.
    await minutes(1);
    expect(world.demo.registered.get(ended.id)).toMatchObject({ open: false, fence: 2 });
    expect((await life.store.runs()).length).toBe(1);
    expectTrue(await problemsOf(world, done));
  });

  it.each(['retry.registered', 'store.updateRun.after', 'store.putItems.after', 'retry.planned'])(
    'W7.3 has either not begun or goes on by itself after a death at %s',
    async (place) => {
      enter(createWorld({ registry: true }));
      const first = startLife(world);
      const ended = await endPartially(first);
      first.kill();
      world.demo.refusals.clear();
      // The first commit says that the registry may come to hear of it, the second one that it is so.
      let commits = place === 'store.updateRun.after' ? 2 : 1;
      const second = startLife(world, { dies: (passed) => passed === place && --commits === 0 });
      const retried = second.engine.retry(ended.id, []).catch(() => undefined);
      await Promise.race([retried, second.died]);
      await second.died;
      const found = (await world.openStore().run(ended.id)) as Run;
      const third = startLife(world);
      await third.engine.recover();
      if (place === 'retry.registered') {
        expect(found).toMatchObject({ phase: ended.phase, steps: ended.steps, plan: ended.plan });
        expect(world.demo.registered.get(ended.id)?.open).toBe(false);
        await third.engine.retry(ended.id, []);
      } else expect(found.phase).toBe('executing');
      const done = await third.until(ended.id, ({ phase }) => phase === 'succeeded');
      expect(done).not.toHaveProperty('again');
      expectTrue(await problemsOf(world, done));
    },
  );

  it('W7.2 W7.3 is refused while another run for the member is open, here or elsewhere', async () => {
    enter(createWorld({ registry: true }));
    const life = startLife(world);
    const ended = await endPartially(life);
    const other = await scanned(life);
    expect(other).not.toBe(ended.id);
    await expect(life.engine.retry(ended.id, [])).rejects.toMatchObject({
      refusal: { code: 'openElsewhere' },
    });
    await life.engine.discard(other);
    world.demo.signedIn = ines;
    const elsewhere = startLife(world, { store: createMemoryStore(), locks: new Set() });
    await elsewhere.engine.openDraft('con', leaver);
    world.demo.signedIn = priya;
    await expect(life.engine.retry(ended.id, [])).rejects.toMatchObject({
      refusal: { code: 'openElsewhere' },
    });
    expect((await life.store.run(ended.id))?.phase).toBe('partial');
  });

  it('W3.3 gives nothing to who is inactive or leaves', async () => {
    enter(createWorld());
    const life = startLife(world);
    const ended = await endPartially(life);
    const [failed] = await life.store.items.inState(ended.id, tasks, 'failed', 1);
    const failure = failureOf(failed ?? {});
    for (const to of [leaver, tom]) {
      const member = world.demo.members.get(tom);
      if (member) world.demo.members.set(tom, { ...member, active: false });
      await expect(life.engine.retry(ended.id, [{ failure, to }])).rejects.toMatchObject({
        refusal: { code: 'incomplete' },
      });
    }
    expect((await life.store.run(ended.id))?.phase).toBe('partial');
  });
});

describe('a run of another browser', () => {
  /** Priya's run dies in the middle of the tasks; Ines has a browser of her own. */
  async function dieInTheMiddle(): Promise<{
    id: string;
    second: Life;
    priyasStore: ReturnType<World['openStore']>;
  }> {
    enter(createWorld({ registry: true }));
    let settled = 0;
    const first = startLife(world, {
      dies: (place) => place === 'attempt.settled' && ++settled === 2,
    });
    const id = await prepare(first);
    await start(first, id);
    await first.died;
    world.demo.signedIn = ines;
    const second = startLife(world, { store: createMemoryStore(), locks: new Set() });
    return { id, second, priyasStore: world.openStore() };
  }

  it('W7.2 cannot be opened or taken over while its lease lasts', async () => {
    const { id, second } = await dieInTheMiddle();
    await expect(second.engine.openDraft('con', leaver)).rejects.toMatchObject({
      refusal: { code: 'openElsewhere', by: { phase: 'executing' } },
    });
    await expect(second.engine.takeOver('con', leaver, id)).rejects.toMatchObject({
      refusal: { code: 'openElsewhere' },
    });
    expect(await second.store.runs()).toEqual([]);
  });

  it('W7.2 R2 is taken over from the registered plan, and its own browser finds itself superseded', async () => {
    const { id, second } = await dieInTheMiddle();
    const before = world.demo.writes.length;
    expect(before).toBeGreaterThan(0);
    await minutes(4);
    await second.engine.takeOver('con', leaver, id);
    const done = await second.until(id, over);
    expect(done.phase).toBe('succeeded');
    expect(done.by.id).toBe(ines);
    expect(world.demo.writes.length).toBe(10);
    expect(doubled(world.demo)).toEqual([]);
    // What the other browser moved since its last word counts too.
    expect(totals(done.steps)).toMatchObject({ total: 10, moved: 10, failed: 0 });
    // The plan's override holds: the third task is Mei's.
    expect(owned(world.demo.owners, tasks, mei)).toEqual([`${tasks}-00002`]);
    expect(owned(world.demo.owners, dashboards, mei).length).toBe(3);

    world.demo.signedIn = priya;
    const back = startLife(world);
    await back.engine.recover();
    const stale = await back.until(id, over);
    expect(stale.phase).toBe('superseded');
    expect(world.demo.writes.length).toBe(10);
  });

  it('W7.2 is taken back when the other browser is gone in its turn, and counts every item once', async () => {
    const { id, second, priyasStore } = await dieInTheMiddle();
    await minutes(4);
    let settled = 0;
    const { store } = second;
    second.kill();
    const dying = startLife(world, {
      store,
      locks: new Set(),
      dies: (place) => place === 'attempt.settled' && ++settled === 1,
    });
    await dying.engine.takeOver('con', leaver, id);
    await dying.died;
    await minutes(4);
    world.demo.signedIn = priya;
    const back = startLife(world, { store: priyasStore, locks: new Set() });
    await back.engine.takeOver('con', leaver, id);
    const done = await back.until(id, ({ phase }) => phase === 'succeeded');
    expect(totals(done.steps)).toMatchObject({ total: 10, moved: 10, failed: 0, skipped: 0 });
    expect(doubled(world.demo)).toEqual([]);
    expect(world.demo.writes.length).toBe(10);
  });

  it('W7.2 keeps its lease while it is paused and its browser lives, and loses it when that is gone', async () => {
    enter(createWorld({ registry: true }));
    const first = startLife(world);
    const id = await prepare(first);
    await start(first, id);
    await first.engine.pause(id);
    await first.until(id, ({ phase }) => phase === 'paused');
    const second = startLife(world, { store: createMemoryStore(), locks: new Set() });
    for (let turn = 0; turn < 6; turn += 1) {
      // The background itself may be stopped: its alarm brings it back.
      await minutes(5);
      world.demo.signedIn = ines;
      await expect(second.engine.takeOver('con', leaver, id)).rejects.toMatchObject({
        refusal: { code: 'openElsewhere' },
      });
      world.demo.signedIn = priya;
    }
    first.kill();
    await minutes(4);
    world.demo.signedIn = ines;
    expect((await second.engine.takeOver('con', leaver, id)).phase).toBe('executing');
    expect((await second.until(id, over)).phase).toBe('succeeded');

    world.demo.signedIn = priya;
    const stale = startLife(world);
    await stale.engine.recover();
    expect((await stale.until(id, over)).phase).toBe('superseded');
  });

  it('W7.2 goes on after the background that took it over died while it read again', async () => {
    const { id, second } = await dieInTheMiddle();
    await minutes(4);
    const store = second.store;
    second.kill();
    const dying = startLife(world, {
      store,
      locks: new Set(),
      dies: (place) => place === 'takeOver.surveyed',
    });
    await dying.engine.takeOver('con', leaver, id);
    await dying.died;
    const last = startLife(world, { store, locks: new Set() });
    await last.engine.recover();
    const done = await last.until(id, over);
    expect(done.phase).toBe('succeeded');
    expect(doubled(world.demo)).toEqual([]);
  });

  it('W6.7 W7.2 that was told to end is ended where it is taken over, and nothing more is written', async () => {
    const { id, second } = await dieInTheMiddle();
    const told = world.demo.registered.get(id);
    if (told) world.demo.registered.set(id, { ...told, record: { ...told.record, phase: 'stopping' } });
    const before = world.demo.writes.length;
    await minutes(4);
    const taken = await second.engine.takeOver('con', leaver, id);
    expect(taken.phase).toBe('stopping');
    const ended = await second.until(id, over);
    expect(ended.phase).toBe('partial');
    expect(ended.steps.filter(({ state }) => state !== 'completed').map(({ state }) => state)).toEqual(
      expect.arrayContaining(['notRun']),
    );
    expect(ended.steps.find(({ kind }) => kind === 'deactivate')?.state).toBe('notRun');
    expect(world.demo.writes.length).toBe(before);
    expect(world.demo.members.get(leaver)?.active).toBe(true);
    // What its steps are about has a name here too.
    expect(ended.categories.map(({ id: each }) => each)).toContain(tasks);
    await minutes(1);
    expect(world.demo.registered.get(id)).toMatchObject({ open: false, record: { phase: 'partial' } });
    // It can be taken up again from there: then what is left is read anew.
    await second.engine.retry(id, []);
    const done = await second.until(id, ({ phase }) => phase === 'succeeded');
    expect(totals(done.steps)).toMatchObject({ total: 10, moved: 10, failed: 0 });
    expect(doubled(world.demo)).toEqual([]);
  });

  it('W6.7 W7.2 that was told to end while it set the leaver inactive says so once it is taken over', async () => {
    enter(createWorld({ registry: true }));
    const first = startLife(world, { dies: (place) => place === 'deactivation.send' });
    const id = await prepare(first);
    await start(first, id);
    await first.died;
    const told = world.demo.registered.get(id);
    if (told)
      world.demo.registered.set(id, {
        ...told,
        record: {
          ...told.record,
          phase: 'stopping',
          steps: told.record.steps.map((step) => ({
            ...step,
            state: step.kind === 'deactivate' ? 'running' : 'completed',
          })),
        },
      });
    const member = world.demo.members.get(leaver);
    if (member) world.demo.members.set(leaver, { ...member, active: false });
    world.demo.signedIn = ines;
    const second = startLife(world, { store: createMemoryStore(), locks: new Set() });
    await minutes(4);
    await second.engine.takeOver('con', leaver, id);
    const ended = await second.until(id, over);
    expect(ended.steps.find(({ kind }) => kind === 'deactivate')?.state).toBe('completed');
    expect(ended.phase).toBe('succeeded');
  });

  it.each([
    ['transient', 'maybe'],
    ['invalid', 'maybe'],
    ['transient', 'no'],
  ] as const)('W7.2 a lost answer to its registration strands no draft (%s, %s)', async (kind, applied) => {
    enter(createWorld({ registry: true }));
    let lose = true;
    world.port = (workspace): Workspace => ({
      ...workspace,
      ...(workspace.runs && {
        runs: {
          ...workspace.runs,
          async open(id, member, record) {
            const answer = await workspace.runs?.open(id, member, record);
            if (lose || !answer) throw new WorkspaceError(kind, 'The answer was lost.', { applied });
            return answer;
          },
        },
      }),
    });
    const life = startLife(world);
    await expect(life.engine.openDraft('con', leaver)).rejects.toMatchObject({
      refusal: { code: kind === 'invalid' ? 'malformed' : 'unreachable' },
    });
    const [kept] = await life.store.runs();
    expect(kept?.phase).toBe('draft');
    lose = false;
    const { run } = await life.engine.openDraft('con', leaver);
    expect(run.id).toBe(kept?.id);
    expect(run.fence).toBe(1);
    expect([...world.demo.registered.keys()]).toEqual([run.id]);
  });

  it('W7.2 a draft that the registry surely refuses is not kept', async () => {
    enter(createWorld({ registry: true }));
    world.port = (workspace): Workspace => ({
      ...workspace,
      ...(workspace.runs && {
        runs: {
          ...workspace.runs,
          open: () => Promise.reject(new WorkspaceError('forbidden', 'No.', { applied: 'no', status: 403 })),
        },
      }),
    });
    const life = startLife(world);
    await expect(life.engine.openDraft('con', leaver)).rejects.toMatchObject({
      refusal: { code: 'forbidden' },
    });
    expect(await life.store.runs()).toEqual([]);
  });

  it('W7.2 W7.1 a draft is discarded by another admin, and its own browser begins anew', async () => {
    enter(createWorld({ registry: true }));
    const first = startLife(world);
    const id = await prepare(first);
    world.demo.signedIn = ines;
    const second = startLife(world, { store: createMemoryStore(), locks: new Set() });
    const { registered } = await second.engine.registered('con', leaver);
    expect(registered).toMatchObject({
      id,
      open: true,
      record: { phase: 'draft', leaver: { name: 'Dana Ruiz' } },
    });
    await second.engine.discardElsewhere('con', leaver, id);
    world.demo.signedIn = priya;
    const run = await first.store.run(id);
    await expect(first.engine.start(id, run?.rev ?? 0)).rejects.toMatchObject({ refusal: { code: 'stale' } });
    expect((await first.store.run(id))?.phase).toBe('discarded');
    const again = await first.engine.openDraft('con', leaver);
    expect(again.run.id).not.toBe(id);
    expect(world.demo.writes).toEqual([]);
  });

  it('W7.2 a draft that another browser took over cannot be started any more where it was made', async () => {
    enter(createWorld({ registry: true }));
    const first = startLife(world);
    const id = await prepare(first);
    await minutes(4);
    world.demo.signedIn = ines;
    const second = startLife(world, { store: createMemoryStore(), locks: new Set() });
    const taken = await second.engine.takeOver('con', leaver, id);
    expect(taken).toMatchObject({ phase: 'draft', scan: { state: 'none' } });
    expect(taken.plan.defaults[tasks]).toEqual({ member: tom });
    world.demo.signedIn = priya;
    const run = await first.store.run(id);
    await expect(first.engine.start(id, run?.rev ?? 0)).rejects.toMatchObject({ refusal: { code: 'stale' } });
    expect((await first.store.run(id))?.phase).toBe('superseded');
    expect(world.demo.writes).toEqual([]);
  });
});

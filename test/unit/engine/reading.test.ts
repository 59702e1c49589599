import { afterEach, describe, expect, it } from 'vitest';
import type { Run } from '../../../lib/offboarding/model.ts';
import { WorkspaceError } from '../../../lib/workspace/errors.ts';
import type { Workspace } from '../../../lib/workspace/port.ts';
import { ines, mei, tom } from '../../crash/demo-workspace.ts';
import { errorOf } from '../../crash/faulty.ts';
import { startLife } from '../../crash/life.ts';
import { beforeApply, enter, sleep, world } from '../../crash/stage.ts';
import { expectTrue, problemsOf } from '../../crash/truth.ts';
import { createWorld, dashboards, over, prepare, scanned, start, tasks } from '../../crash/world.ts';

afterEach(() => world.clock.stop());

const categoryOf = (run: Run | undefined, id: string) => run?.categories.find((each) => each.id === id);

describe('pages that never end', () => {
  it.each([
    ['empty ones', () => []],
    ['the same items again and again', (items: never[]) => items],
  ])('R5 under a new cursor each time, with %s, are malformed', async (_what, listed) => {
    enter(createWorld());
    let asked = 0;
    world.port = (workspace): Workspace => ({
      ...workspace,
      async scan(member, categories, _cursor, signal) {
        const page = await workspace.scan(member, categories, undefined, signal);
        if (categories[0] !== tasks) return page;
        asked += 1;
        return { items: listed(page.items as never[]), cursor: `page ${asked}` };
      },
    });
    const life = startLife(world);
    const run = await life.store.run(await scanned(life));
    expect(categoryOf(run, tasks)).toMatchObject({ state: 'failed', count: null });
    expect(categoryOf(run, tasks)?.unread?.detail).toMatch(
      /^Expected pages that end after about 7 items, got \d+ items and no end\.$/,
    );
    expect(categoryOf(run, dashboards)).toMatchObject({ state: 'done', count: 3 });
    expect(asked).toBeLessThan(1_000);
  });
});

describe('a second scan', () => {
  it('W7.1 lists what vanished from a category that is empty now, although another one fails', async () => {
    enter(createWorld());
    const life = startLife(world);
    const run = await scanned(life);
    for (const ref of [...(world.demo.owners.get(dashboards)?.keys() ?? [])])
      world.demo.take(dashboards, ref, ines);
    world.port = (workspace): Workspace => ({
      ...workspace,
      async scan() {
        throw new WorkspaceError('auth', 'Nobody is signed in.', { status: 401 });
      },
    });
    life.kill();
    const second = startLife(world);
    await second.engine.scan(run);
    const failed = await second.until(run, ({ scan }) => scan.state === 'failed');
    expect(failed.scan.changes).toMatchObject([{ category: dashboards, vanishedCount: 3 }]);
    expect(await second.store.items.category(run, dashboards)).toEqual([]);
    expect(await second.store.items.category(run, tasks)).toHaveLength(7);
  });

  it.each(['scan', 'recount'] as const)(
    'W4.3 a %s records each tick that it clears, with both counts',
    async (way) => {
      enter(createWorld());
      let tokens = 2;
      world.port = (workspace): Workspace => ({
        ...workspace,
        async survey(...parameters) {
          const survey = await workspace.survey(...parameters);
          return {
            ...survey,
            categories: survey.categories.map((each) =>
              each.id === 'tokens.api' ? { ...each, count: tokens } : each,
            ),
          };
        },
      });
      const life = startLife(world);
      const run = await prepare(life);
      tokens = 5;
      if (way === 'recount') await life.engine.recount(run);
      else {
        await life.engine.scan(run);
        await life.until(run, ({ scan }) => scan.state === 'done');
      }
      expect((await life.store.run(run))?.acknowledgements).toEqual([]);
      const entries = (await life.store.journal(run)).filter(({ kind }) => kind === 'acknowledgement');
      expect(entries.map(({ data }) => data)).toEqual([
        expect.objectContaining({ kind: 'acknowledge', ticked: true }),
        { kind: 'cleared', category: 'tokens.api', was: 2, now: 5 },
      ]);
    },
  );
});

describe('the background', () => {
  it('R4 looks again when the database cannot be read, and lets no rejection go unhandled', async () => {
    enter(createWorld());
    const first = startLife(world);
    const run = await prepare(first);
    await start(first, run);
    await sleep(1);
    first.kill();
    const store = world.openStore();
    let readable = false;
    const second = startLife(world, {
      store: {
        ...store,
        runs: () => (readable ? store.runs() : Promise.reject(new Error('The database is gone.'))),
      },
    });
    await expect(second.engine.recover()).resolves.toBeUndefined();
    readable = true;
    expectTrue(await problemsOf(world, await second.until(run, over)));
  });
});

describe('a receiver for new items', () => {
  it('W3.3 has to be an active member', async () => {
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
    for (const ref of [`${tasks} ${tasks}-00002`, `${dashboards} ${dashboards}-late`])
      world.receivers.set(ref, tom);
    await engine.edit(run, { kind: 'default', category: tasks, to: { member: tom } });
    await engine.edit(run, { kind: 'acknowledge', category: 'tokens.api', ticked: true });
    await start(life, run);
    await life.until(run, ({ pause }) => pause?.kind === 'newItems');
    const member = world.demo.members.get(mei);
    if (member) world.demo.members.set(mei, { ...member, active: false });
    const choose = (to: Parameters<typeof engine.edit>[1]) => engine.edit(run, to);
    await expect(
      choose({ kind: 'default', category: dashboards, to: { member: mei } }),
    ).rejects.toMatchObject({
      refusal: { code: 'incomplete' },
    });
    await expect(
      choose({ kind: 'default', category: dashboards, to: { sameAsCustomer: true, otherwise: mei } }),
    ).rejects.toMatchObject({ refusal: { code: 'incomplete' } });
    await expect(
      choose({ kind: 'default', category: dashboards, to: { member: 'none' } }),
    ).rejects.toMatchObject({
      refusal: { code: 'memberGone' },
    });
    expect((await life.store.run(run))?.plan.defaults[dashboards]).toBeUndefined();
    await choose({ kind: 'default', category: dashboards, to: { member: tom } });
    await engine.continue(run);
    expectTrue(await problemsOf(world, await life.until(run, over)));
  });
});

describe('a wait of the writes', () => {
  it.each([
    ['throttledLong', true],
    ['unavailable', false],
  ] as const)('R4 is shown until it is over (%s)', async (fault, asked) => {
    enter(createWorld({ counts: { [tasks]: 3, [dashboards]: 1 } }));
    beforeApply((calls) => {
      if (calls === 1) throw errorOf(fault, true);
    });
    const life = startLife(world);
    const run = await prepare(life);
    await start(life, run);
    const waiting = await life.until(run, ({ wait }) => wait !== undefined);
    const [attempt] = await life.store.openAttempts(run);
    expect(waiting.wait).toMatchObject({ until: attempt?.resumeAt, asked });
    expect(waiting.phase).toBe('executing');
    const ended = await life.until(run, over);
    expect(ended.wait).toBeUndefined();
    expectTrue(await problemsOf(world, ended));
  });
});

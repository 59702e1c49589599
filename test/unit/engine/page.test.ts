import { afterEach, describe, expect, it } from 'vitest';
import type { Refused } from '../../../lib/messages/refused.ts';
import type { Run, Viewer } from '../../../lib/offboarding/model.ts';
import type { Workspace } from '../../../lib/workspace/port.ts';
import { leaver, mei, priya } from '../../crash/demo-workspace.ts';
import { type Life, startLife } from '../../crash/life.ts';
import { enter, sleep, world } from '../../crash/stage.ts';
import { createWorld, over, prepare, start, tasks } from '../../crash/world.ts';

afterEach(() => world.clock.stop());

const viewer: Viewer = { id: priya, workspace: { id: 'ws_acme', name: 'Acme' }, admin: 'yes' };
const minutes = 60_000;

/** A workspace whose API cannot deactivate; `blind`: nor say whether somebody is active, nor list who owns nothing. */
function onPage(blind: boolean): void {
  world.port = ({ setActive: _setActive, ...workspace }): Workspace => ({
    ...workspace,
    ...(blind && { activeUnknown: true }),
    survey: async (...about) => ({ ...(await workspace.survey(...about)), completion: 'page' }),
    members: async (query) => {
      const page = await workspace.members(query);
      const named = [...world.demo.owners.values()].some((rows) =>
        [...rows.values()].some((value) => 'member' in value && value.member === leaver),
      );
      return blind && !named ? { items: page.items.filter(({ id }) => id !== leaver) } : page;
    },
  });
}

async function waiting(life: Life): Promise<string> {
  const run = await prepare(life);
  await start(life, run);
  await life.until(run, ({ phase }) => phase === 'waiting' || phase === 'partial');
  return run;
}
const lastPhase = (journal: readonly { kind: string; data: object }[]): object | undefined =>
  journal.filter(({ kind }) => kind === 'phase').at(-1)?.data;
const codeOf = (asked: Promise<unknown>): Promise<string> =>
  asked.then(
    () => 'done',
    (error: Refused) => error.refusal.code,
  );
const deactivation = (run: Run | undefined) => run?.steps.find(({ kind }) => kind === 'deactivate');

describe('issue 6: a run that ends on the page', () => {
  it('waits after the hand-over, although the member is listed no more', async () => {
    enter(createWorld());
    onPage(true);
    const life = startLife(world);
    const run = await waiting(life);
    const stored = await life.store.run(run);
    expect(stored?.phase).toBe('waiting');
    expect(deactivation(stored)?.state).toBe('running');
    await sleep(30 * minutes);
    expect((await life.store.run(run))?.phase).toBe('waiting');
    // It can be come back to.
    expect((await life.engine.openDraft('con', leaver)).run.id).toBe(run);
  });

  it('lets the click of that member through, and no other one', async () => {
    enter(createWorld());
    onPage(true);
    const life = startLife(world);
    const draft = await prepare(life);
    expect(await life.engine.passage('con', leaver, viewer, true)).toBeUndefined();
    await start(life, draft);
    await life.until(draft, ({ phase }) => phase === 'waiting');
    expect(await life.engine.passage('con', leaver, viewer, true)).toBe(draft);
    expect(await life.engine.passage('con', mei, viewer, true)).toBeUndefined();
    expect(await life.engine.passage('other', leaver, viewer, true)).toBeUndefined();
  });

  it('checks again first when the check is minutes old, and hands over what appeared', async () => {
    enter(createWorld());
    onPage(true);
    const life = startLife(world);
    const run = await waiting(life);
    const surveys = world.demo.surveys;
    expect(await life.engine.passage('con', leaver, viewer, true)).toBe(run);
    expect(world.demo.surveys).toBe(surveys);
    await sleep(6 * minutes);
    world.demo.give(tasks, 'late');
    expect(await life.engine.passage('con', leaver, viewer, true)).toBe(run);
    expect(world.demo.surveys).toBeGreaterThan(surveys);
    expect(world.demo.owners.get(tasks)?.get('late')).not.toEqual({ member: leaver });
    expect((await life.store.run(run))?.phase).toBe('waiting');
  });

  it('checks again for nobody but the person whose run it is', async () => {
    enter(createWorld());
    onPage(true);
    const life = startLife(world);
    const run = await waiting(life);
    await sleep(6 * minutes);
    expect(await life.engine.passage('con', leaver, { ...viewer, id: 'mem_ines' }, true)).toBeUndefined();
    expect((await life.store.run(run))?.phase).toBe('waiting');
  });

  it('R6 takes what the page shows as reported, and only after the click went through', async () => {
    enter(createWorld());
    onPage(true);
    const life = startLife(world);
    const run = await waiting(life);
    expect(await codeOf(life.engine.reported(run, 'https://app.example.com'))).toBe('locked');
    expect((await life.store.run(run))?.phase).toBe('waiting');
    await life.engine.passed(run, viewer);
    // The browser may die between the click and its effect.
    life.kill();
    const next = startLife(world);
    await next.engine.recover();
    const ended = await next.engine.reported(run, 'https://app.example.com');
    expect(ended.phase).toBe('succeeded');
    expect(deactivation(ended)).toMatchObject({
      state: 'completed',
      evidence: { kind: 'page', by: 'https://app.example.com' },
    });
    const journal = await next.store.journal(run);
    expect(lastPhase(journal)).toEqual({ phase: 'succeeded', by: 'page' });
    expect(journal.map(({ data }) => data)).toContainEqual({
      step: 'deactivate',
      state: 'completed',
      evidence: 'page',
      by: 'https://app.example.com',
    });
    expect(journal.some(({ data }) => data.what === 'clickLetThrough' && data.by === priya)).toBe(true);
  });

  it('what the page shows minutes after the click is no effect of it, until another click went through', async () => {
    enter(createWorld());
    onPage(true);
    const life = startLife(world);
    const run = await waiting(life);
    await life.engine.passed(run, viewer, { control: 'Active', texts: [] });
    expect((await life.store.run(run))?.waiting?.before).toEqual({ control: 'Active', texts: [] });
    await sleep(61_000);
    expect(await codeOf(life.engine.reported(run, 'https://app.example.com'))).toBe('locked');
    expect((await life.store.run(run))?.phase).toBe('waiting');
    await life.engine.passed(run, viewer);
    await sleep(30_000);
    expect((await life.engine.reported(run, 'https://app.example.com')).phase).toBe('succeeded');
  });

  it('issue 4: what only comes near the control starts no check; a press does', async () => {
    enter(createWorld());
    onPage(true);
    const life = startLife(world);
    const run = await waiting(life);
    expect(await life.engine.passage('con', leaver, viewer, false)).toBe(run);
    await sleep(6 * minutes);
    const { surveys } = world.demo;
    const { rev } = (await life.store.run(run)) ?? {};
    expect(await life.engine.passage('con', leaver, viewer, false)).toBeNull();
    expect((await life.store.run(run))?.rev).toBe(rev);
    expect(world.demo.surveys).toBe(surveys);
    expect(await life.engine.passage('con', leaver, viewer, true)).toBe(run);
    expect(world.demo.surveys).toBeGreaterThan(surveys);
  });

  it('records what the admin says as said by them', async () => {
    enter(createWorld());
    onPage(true);
    const life = startLife(world);
    const run = await waiting(life);
    const ended = await life.engine.said(run);
    expect(ended.phase).toBe('succeeded');
    expect(deactivation(ended)?.evidence).toEqual({ kind: 'admin', by: 'Priya Shah' });
    expect(lastPhase(await life.store.journal(run))).toEqual({ phase: 'succeeded', by: 'admin' });
  });

  it('checks again before the admin’s word ends a run whose check is minutes old', async () => {
    enter(createWorld());
    onPage(true);
    const life = startLife(world);
    const run = await waiting(life);
    await sleep(6 * minutes);
    world.demo.give(tasks, 'late');
    const ended = await life.engine.said(run);
    expect(ended.phase).toBe('succeeded');
    expect(world.demo.owners.get(tasks)?.get('late')).not.toEqual({ member: leaver });
    const checked = ended.steps.find(({ kind }) => kind === 'rescan')?.endedAt ?? '';
    expect(Date.parse(ended.endedAt ?? '') - Date.parse(checked)).toBeLessThan(5 * minutes);
  });

  it('believes the workspace rather than page or admin where it tells who is active', async () => {
    enter(createWorld());
    onPage(false);
    const life = startLife(world);
    const run = await waiting(life);
    await life.engine.passed(run, viewer);
    expect((await life.engine.reported(run, 'https://app.example.com')).phase).toBe('waiting');
    expect(await codeOf(life.engine.said(run))).toBe('incomplete');
    const member = world.demo.members.get(leaver);
    if (member) world.demo.members.set(leaver, { ...member, active: false });
    const ended = await life.engine.said(run);
    expect(ended.phase).toBe('succeeded');
    expect(deactivation(ended)?.evidence).toBeUndefined();
    expect(lastPhase(await life.store.journal(run))).toEqual({ phase: 'succeeded', by: 'workspace' });
  });

  it('counts again what is done by hand, while it waits and after its end', async () => {
    enter(createWorld());
    onPage(false);
    let tokens = 2;
    const { port } = world;
    world.port = (workspace): Workspace => {
      const ported = port(workspace);
      return {
        ...ported,
        survey: async (...about) => {
          const survey = await ported.survey(...about);
          const categories = survey.categories.map((each) =>
            each.id === 'tokens.api' ? { ...each, count: tokens } : each,
          );
          return { ...survey, categories };
        },
      };
    };
    const life = startLife(world);
    const run = await waiting(life);
    const counted = async (): Promise<number | null | undefined> =>
      (await life.engine.recount(run)).categories.find(({ id }) => id === 'tokens.api')?.count;
    tokens = 1;
    expect(await counted()).toBe(1);
    expect((await life.store.run(run))?.phase).toBe('waiting');
    const member = world.demo.members.get(leaver);
    if (member) world.demo.members.set(leaver, { ...member, active: false });
    await life.engine.said(run);
    tokens = 0;
    expect(await counted()).toBe(0);
    expect((await life.store.run(run))?.phase).toBe('succeeded');
    // The tick stays as it was given.
    expect((await life.store.run(run))?.acknowledgements[0]?.count).toBe(2);
  });

  it('can be ended without it: the deactivation is not run', async () => {
    enter(createWorld());
    onPage(true);
    const life = startLife(world);
    const run = await waiting(life);
    await life.engine.stop(run);
    const ended = await life.until(run, over);
    expect(ended.phase).toBe('partial');
    expect(deactivation(ended)?.state).toBe('notRun');
    expect(await codeOf(life.engine.said(run))).toBe('locked');
    expect(await codeOf(life.engine.passed(run, viewer))).toBe('locked');
  });
});

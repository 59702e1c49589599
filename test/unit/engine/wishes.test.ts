import { afterEach, describe, expect, it } from 'vitest';
import type { Viewer } from '../../../lib/offboarding/model.ts';
import { WorkspaceError } from '../../../lib/workspace/errors.ts';
import type { Workspace } from '../../../lib/workspace/port.ts';
import { readyBatch, submit, untilBatch } from '../../crash/bulk-journey.ts';
import { createBulkWorld } from '../../crash/bulk-world.ts';
import { leaver, priya } from '../../crash/demo-workspace.ts';
import { type Life, startLife } from '../../crash/life.ts';
import { enter, now, paused, sleep, world } from '../../crash/stage.ts';
import { createWorld, over, prepare, start } from '../../crash/world.ts';

afterEach(() => world.clock.stop());

const viewer: Viewer = { id: priya, workspace: { id: 'ws_acme', name: 'Acme' }, admin: 'yes' };

/** Only the workspace's page sets somebody inactive; `blind`: and only the page tells. */
function onPage(blind: boolean): void {
  enter(createWorld());
  world.port = ({ setActive: _none, ...workspace }): Workspace => ({
    ...workspace,
    ...(blind && { activeUnknown: true }),
    survey: async (...about) => ({ ...(await workspace.survey(...about)), completion: 'page' }),
  });
}

/** Nobody is signed in when this world's first scan is read. */
function signedOutOnce(): void {
  let broken = true;
  const inner = world.port;
  world.port = (workspace): Workspace => {
    const port = inner(workspace);
    return {
      ...port,
      async scan(...about) {
        if (!broken) return port.scan(...about);
        broken = false;
        throw new WorkspaceError('auth', 'The session is over.');
      },
    };
  };
}

/** A run that waits for the page. */
async function waitingRun(life: Life): Promise<string> {
  const run = await prepare(life);
  await start(life, run);
  await life.until(run, ({ phase }) => phase === 'waiting');
  return run;
}

describe('R1 what is over asks for no alarm', () => {
  it('a draft that was signed out and then discarded', async () => {
    enter(createWorld());
    signedOutOnce();
    const life = startLife(world);
    const { run } = await life.engine.openDraft('con', leaver);
    await life.engine.scan(run.id);
    await life.until(run.id, ({ scan }) => scan.state === 'failed');
    await sleep(10);
    expect(life.wakeAt()).not.toBeNull();
    await life.engine.discard(run.id);
    expect(life.wakeAt()).toBeNull();
  });

  it('a waiting run that ended by the page, or by what an admin says', async () => {
    for (const end of ['said', 'reported'] as const) {
      onPage(true);
      const life = startLife(world);
      const run = await waitingRun(life);
      if (end === 'reported') {
        await life.engine.passed(run, viewer);
        await life.engine.reported(run, 'https://acme.example');
      } else await life.engine.said(run);
      expect((await life.store.run(run))?.open).toBeUndefined();
      expect(life.wakeAt(), end).toBeNull();
      world.clock.stop();
    }
  });

  it('and one that ended unheard is not looked for again and again while a batch is at work', async () => {
    enter(createBulkWorld(13, 5_000));
    signedOutOnce();
    const life = startLife(world);
    let looks = 0;
    const { runs } = life.store;
    life.store.runs = (...about) => {
      looks += 1;
      if (looks > 1_000) life.kill();
      return runs(...about);
    };
    const { run } = await life.engine.openDraft('con', 'mem_cleo');
    await life.engine.scan(run.id);
    await life.until(run.id, ({ scan }) => scan.state === 'failed');
    // As another context of the browser would.
    await life.store.deleteRun(run.id);
    await sleep(60_000);
    await readyBatch(world, life, ['mem_ada']);
    await submit(world, life);
    await Promise.race([untilBatch(world, life, ({ batch }) => batch.phase === 'ended'), life.died]);
    expect(looks).toBeLessThan(100);
  });
});

describe('R1 what is not over keeps its alarm', () => {
  it('a run that was woken while it was at work, and then lost its session', async () => {
    enter(createWorld());
    world.port = (workspace): Workspace => ({
      ...workspace,
      async apply(...about) {
        await sleep(3_000);
        return workspace.apply(...about);
      },
    });
    const life = startLife(world);
    const run = await prepare(life);
    await start(life, run);
    await sleep(1_000);
    await life.engine.recover();
    const who = world.demo.signedIn;
    world.demo.signedIn = null;
    await life.until(run, paused);
    await sleep(1_000);
    expect(life.wakeAt()).not.toBeNull();
    world.demo.signedIn = who;
    expect((await life.until(run, over)).phase).toBe('succeeded');
  });

  it('a run whose old check was asked for twice before the click', async () => {
    onPage(false);
    const first = startLife(world);
    const run = await waitingRun(first);
    first.kill();
    await sleep(6 * 60_000);
    const life = startLife(world);
    const press = (): Promise<unknown> => life.engine.passage('con', leaver, viewer, true);
    expect(await Promise.all([press(), press()])).toEqual([run, run]);
    await sleep(10);
    expect(life.wakeAt()).toBeGreaterThan(now());
    const member = world.demo.members.get(leaver);
    if (member) member.active = false;
    expect((await life.until(run, over)).phase).toBe('succeeded');
  });
});

import { afterEach, describe, expect, it } from 'vitest';
import type { Run } from '../../../lib/offboarding/model.ts';
import { WorkspaceError } from '../../../lib/workspace/errors.ts';
import type { Workspace } from '../../../lib/workspace/port.ts';
import { ines, leaver, priya } from '../../crash/demo-workspace.ts';
import { errorOf, type FaultName } from '../../crash/faulty.ts';
import { type Life, startLife } from '../../crash/life.ts';
import { enter, now, sleep, world } from '../../crash/stage.ts';
import { createWorld, dashboards, tasks } from '../../crash/world.ts';

afterEach(() => world.clock.stop());

const counts = (run: Run | undefined): unknown =>
  run?.categories.map(({ id, state, count }) => [id, state, count]);
const whole = [
  [tasks, 'done', 12],
  [dashboards, 'done', 1],
  ['tokens.api', 'done', 2],
];

/** The second page is spoiled once, by `happens` and this fault; `asked` is told when each page was asked for. */
function spoilPage(fault: FaultName, asked: number[], happens = (): void => {}): void {
  enter(createWorld({ counts: { [tasks]: 12, [dashboards]: 1 } }));
  world.port = (workspace): Workspace => ({
    ...workspace,
    async scan(...parameters) {
      asked.push(now());
      if (asked.length !== 2) return workspace.scan(...parameters);
      happens();
      throw errorOf(fault, false);
    },
  });
}

async function begun(life: Life): Promise<string> {
  const { run } = await life.engine.openDraft('con', leaver);
  await life.engine.scan(run.id);
  return run.id;
}

describe('R4 a scan', () => {
  it('waits as long as the workspace asks, says so, and reads everything', async () => {
    const asked: number[] = [];
    spoilPage('throttledLong', asked);
    const life = startLife(world);
    const run = await begun(life);
    await sleep(30_000);
    const waiting = await life.store.run(run);
    expect(waiting?.scan).toMatchObject({ state: 'running', wait: { asked: true } });
    const before = asked.length;
    expect(before).toBeLessThanOrEqual(3);
    const done = await life.until(run, ({ scan }) => scan.state !== 'running');
    expect(counts(done)).toEqual(whole);
    expect(done.scan).not.toHaveProperty('wait');
    expect(asked[before]).toBeGreaterThanOrEqual((asked[1] ?? 0) + 90_000);
  });

  it('keeps to that wait in the next life of the background', async () => {
    const asked: number[] = [];
    spoilPage('throttledLong', asked);
    const first = startLife(world);
    const run = await begun(first);
    await sleep(10_000);
    first.kill();
    const before = [...asked];
    const surveys = world.demo.surveys;
    const second = startLife(world);
    await second.engine.recover();
    await sleep(60_000);
    expect(asked).toEqual(before);
    expect(world.demo.surveys).toBe(surveys);
    expect(counts(await second.until(run, ({ scan }) => scan.state !== 'running'))).toEqual(whole);
  });

  it.each([false, true])('goes on when the same person is back (another life: %s)', async (another) => {
    spoilPage('signedOut', [], () => (world.demo.signedIn = null));
    const first = startLife(world);
    const run = await begun(first);
    const failed = await first.until(run, ({ scan }) => scan.state === 'failed');
    expect(failed.scan.error?.key).toBe('auth');
    const life = another ? startLife(world) : first;
    if (another) {
      first.kill();
      await life.engine.recover();
    }
    await sleep(30_000);
    world.demo.signedIn = ines;
    await sleep(10 * 60_000);
    expect((await life.store.run(run))?.scan.state).toBe('failed');
    world.demo.signedIn = priya;
    const done = await life.until(run, ({ scan }) => scan.state === 'done');
    expect(counts(done)).toEqual(whole);
    expect(done.scan).not.toHaveProperty('resumeAt');
    expect(done.scan).not.toHaveProperty('error');
  });

  it.each([true, false])(
    'says whether what it needs was typed in, for nobody signs in to that (%s)',
    async (typed) => {
      enter(createWorld({ counts: { [tasks]: 1 } }));
      const refuse = async (): Promise<never> => {
        throw new WorkspaceError('auth', 'Connect this org again with a new one.', { typed });
      };
      world.port = (workspace): Workspace => ({ ...workspace, survey: refuse });
      const life = startLife(world);
      const failed = await life.until(await begun(life), ({ scan }) => scan.state === 'failed');
      expect(failed.scan.error?.typed).toBe(typed || undefined);
    },
  );

  it('of somebody else’s draft goes on for whoever asked for it', async () => {
    spoilPage('signedOut', [], () => (world.demo.signedIn = null));
    const life = startLife(world);
    const { run } = await life.engine.openDraft('con', leaver);
    world.demo.signedIn = ines;
    await life.engine.scan(run.id);
    await life.until(run.id, ({ scan }) => scan.state === 'failed');
    world.demo.signedIn = priya;
    await sleep(10 * 60_000);
    expect((await life.store.run(run.id))?.scan.state).toBe('failed');
    world.demo.signedIn = ines;
    expect(counts(await life.until(run.id, ({ scan }) => scan.state === 'done'))).toEqual(whole);
  });

  it('that waits for somebody is let be once the draft is discarded', async () => {
    spoilPage('signedOut', [], () => (world.demo.signedIn = null));
    const life = startLife(world);
    const run = await begun(life);
    await life.until(run, ({ scan }) => scan.state === 'failed');
    world.demo.signedIn = priya;
    await life.engine.discard(run);
    await sleep(10 * 60_000);
    expect((await life.store.run(run))?.scan.state).toBe('failed');
    expect(life.wakeAt()).toBeNull();
  });
});

import { Refused } from '../../lib/messages/refused.ts';
import type { Run } from '../../lib/offboarding/model.ts';
import { leaver, mei, tom } from './demo-workspace.ts';
import { type Life, type LifeOptions, startLife } from './life.ts';
import { dashboards, over, scanned, tasks, type World } from './world.ts';

export interface Journey {
  /** Scans a second time before Start, after this has happened to the workspace. */
  before2ndScan?: (world: World) => void;
  /** Presses End here as soon as the run is so. */
  endHere?: (run: Run) => boolean;
}

/**
 * What an admin does, from nothing to the end of the run, in one life: whatever an earlier life has left behind is
 * taken up where it is. Resolves with the run that is over; never, when the life ends first.
 */
export async function travel(world: World, life: Life, journey: Journey = {}): Promise<Run> {
  const { engine, store } = life;
  await engine.recover();
  const id = (await store.runs())[0]?.id ?? (await insist(world, () => scanned(life)));
  const found = await store.run(id);
  if (found?.phase === 'draft') await insist(world, () => plan(world, life, id, journey));
  const { endHere } = journey;
  if (endHere) {
    const run = await life.until(id, (each) => over(each) || endHere(each));
    if (!over(run)) await insist(world, () => engine.stop(id));
  }
  return life.until(id, over);
}

/** Presses again after a while when the workspace could not be asked. */
async function insist<T>(world: World, command: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await command();
    } catch (error) {
      const passing = ['unreachable', 'signedOut', 'malformed', 'otherPerson'];
      if (!(error instanceof Refused) || !passing.includes(error.refusal.code)) throw error;
      await world.clock.sleep(5_000, new AbortController().signal);
    }
  }
}

async function plan(world: World, life: Life, id: string, journey: Journey): Promise<void> {
  const { engine, store } = life;
  await scanned(life);
  const scannedOnce = await life.until(id, ({ scan }) => scan.state === 'done');
  if (journey.before2ndScan && scannedOnce.note !== 'again') {
    await engine.edit(id, { kind: 'note', note: 'again' });
    journey.before2ndScan(world);
    await engine.scan(id);
    await life.until(id, ({ scan }) => scan.state === 'done');
  }
  const run = await store.run(id);
  await engine.edit(id, { kind: 'default', category: tasks, to: { member: tom } });
  const selection = { refs: [`${tasks}-00002`] };
  if (run?.plan.changes.length === 0)
    await engine.edit(id, { kind: 'override', category: tasks, selection, to: mei, count: 1 });
  await engine.edit(id, { kind: 'default', category: dashboards, to: { member: mei } });
  await engine.edit(id, { kind: 'acknowledge', category: 'tokens.api', ticked: true });
  const ready = await store.run(id);
  await engine.start(id, ready?.rev ?? 0);
}

/**
 * The same through several lives, the next of which begins when the one before has died; `deaths` are asked in
 * turn, and the life after the last of them does not die. Resolves with the run and all lives.
 */
export async function throughLives(
  world: World,
  deaths: readonly NonNullable<LifeOptions['dies']>[],
  journey: Journey = {},
): Promise<{ run: Run; lives: Life[] }> {
  const lives: Life[] = [];
  for (const dies of [...deaths, () => false]) {
    const life = startLife(world, { dies });
    lives.push(life);
    const run = await Promise.race([travel(world, life, journey), life.died]);
    life.kill();
    if (run) return { run, lives };
  }
  throw new Error(`The run of ${leaver} has not come to an end.`);
}

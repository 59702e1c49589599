import { Refused } from '../../lib/messages/refused.ts';
import { unacknowledged } from '../../lib/offboarding/acknowledgement.ts';
import type { Run } from '../../lib/offboarding/model.ts';
import { leaver, mei, tom } from './demo-workspace.ts';
import { type Life, type LifeOptions, startLife } from './life.ts';
import { dashboards, over, scanned, tasks, type World } from './world.ts';

export interface Journey {
  /** Scans a second time before Start, after this has happened to the workspace. */
  before2ndScan?: (world: World) => void;
  /** Presses End here as soon as the run is so. */
  endHere?: (run: Run) => boolean;
  /** Presses Pause once when so many items are moved, and Continue a while later. */
  pauseAfter?: number;
  /** Takes a run up again that ended partially, once what was refused is allowed. */
  retries?: boolean;
  /** Takes this run over, whose browser is gone, in place of opening one. */
  takesOver?: string;
  /** How long the admin takes; half a minute unless told. */
  random?: () => number;
}

/**
 * What an admin does, from nothing to the end of the run, in one life: whatever an earlier life has left behind is
 * taken up where it is. Resolves with the run that is over; never, when the life ends first.
 */
export async function travel(world: World, life: Life, journey: Journey = {}): Promise<Run> {
  return attend(world, life, await travelTo(world, life, journey), journey);
}

/** From nothing to Start, or to wherever an earlier life has come. Resolves with the run's id. */
export async function travelTo(world: World, life: Life, journey: Journey = {}): Promise<string> {
  const { engine, store } = life;
  await engine.recover();
  const { takesOver } = journey;
  const begin = async (): Promise<string> =>
    takesOver === undefined ? scanned(life) : (await engine.takeOver('con', leaver, takesOver)).id;
  const id = (await store.runs())[0]?.id ?? (await insist(world, begin)) ?? '';
  const found = await store.run(id);
  if (found?.phase === 'draft') await insist(world, () => plan(world, life, id, journey));
  return id;
}

/** A run that goes on ending partially is wrong, and shall not go on for ever. */
const mostRetries = 5;

/** Stands by a run that has started: gives it what it asks for, until it is over. */
export async function attend(world: World, life: Life, id: string, journey: Journey = {}): Promise<Run> {
  const { engine } = life;
  const { endHere, pauseAfter, random = () => 0.5 } = journey;
  const moved = ({ steps }: Run): number => steps.reduce((sum, step) => sum + step.moved, 0);
  const asks = (run: Run): boolean => run.phase === 'paused' && run.pause?.resumeAt === undefined;
  const ends = (run: Run): boolean => run.phase !== 'stopping' && (endHere?.(run) ?? false);
  const pauses = (run: Run): boolean =>
    run.phase === 'executing' && pauseAfter !== undefined && moved(run) >= pauseAfter;
  for (;;) {
    const run = await life.until(id, (each) => over(each) || asks(each) || ends(each) || pauses(each));
    if (over(run)) {
      if (!journey.retries || run.phase !== 'partial' || world.retries >= mostRetries) return run;
      world.retries += 1;
      world.demo.refusals.clear();
      await insist(world, () => engine.retry(id, []));
      continue;
    }
    if (ends(run)) {
      await insist(world, () => engine.stop(id));
      return life.until(id, over);
    }
    if (pauses(run)) {
      delete journey.pauseAfter;
      await engine.pause(id);
      return attend(world, life, id, journey);
    }
    await world.clock.sleep(1 + random() * 60_000, new AbortController().signal);
    const asked = run.pause?.kind === 'newItems' ? run.pause.detail : undefined;
    if (asked !== undefined) await engine.edit(id, { kind: 'default', category: asked, to: { member: mei } });
    await insist(world, () => engine.continue(id));
  }
}

/** Presses again after a while when the workspace could not be asked; a run that has moved on is let be. */
async function insist<T>(world: World, command: () => Promise<T>): Promise<T | undefined> {
  for (;;) {
    try {
      return await command();
    } catch (error) {
      if (error instanceof Refused && error.refusal.code === 'locked') return undefined;
      const passing = ['unreachable', 'throttled', 'signedOut', 'malformed', 'otherPerson'];
      if (!(error instanceof Refused) || !passing.includes(error.refusal.code)) throw error;
      await world.clock.sleep(5_000, new AbortController().signal);
    }
  }
}

async function plan(world: World, life: Life, id: string, journey: Journey): Promise<void> {
  const { engine, store } = life;
  const first = await readWhole(life, id);
  if (journey.before2ndScan && first.note !== 'again') {
    // Before it is noted that it has happened: a life that dies in between lets it happen once more, which is the same.
    journey.before2ndScan(world);
    await engine.edit(id, { kind: 'note', note: 'again' });
    await engine.scan(id);
  }
  const run = await readWhole(life, id);
  await engine.edit(id, { kind: 'default', category: tasks, to: { member: tom } });
  const selection = { refs: [`${tasks}-00002`] };
  if (run.plan.changes.length === 0)
    await engine.edit(id, { kind: 'override', category: tasks, selection, to: mei, count: 1 });
  if (!world.noDefaults.includes(dashboards))
    await engine.edit(id, { kind: 'default', category: dashboards, to: { member: mei } });
  for (const category of unacknowledged((await store.run(id)) ?? run))
    await engine.edit(id, { kind: 'acknowledge', category: category.id, ticked: true });
  const ready = await store.run(id);
  await engine.start(id, ready?.rev ?? 0);
}

/** Scans until a scan comes to its end. */
async function readWhole(life: Life, id: string): Promise<Run> {
  for (;;) {
    const run = await life.until(id, ({ scan }) => scan.state !== 'running');
    if (run.scan.state === 'done') return run;
    await life.engine.scan(id);
  }
}

/** Virtual milliseconds for which a browser stays open once its run is over: whatever is still to be done is done then. */
const stayOpen = 90_000;

/** A journey, and the while after it (virtual milliseconds). Never resolves when the life ends first. */
export async function travelOn(
  world: World,
  life: Life,
  travelling: Promise<Run>,
  after = stayOpen,
): Promise<Run> {
  const ended = await travelling;
  await world.clock.sleep(after, new AbortController().signal);
  return (await life.store.run(ended.id)) ?? ended;
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
    const run = await Promise.race([travelOn(world, life, travel(world, life, journey)), life.died]);
    life.kill();
    if (run) return { run, lives };
  }
  throw new Error(`The run of ${leaver} has not come to an end.`);
}

import type { Run } from '../../lib/offboarding/model.ts';
import { ines, mei, owned, priya, tom } from './demo-workspace.ts';
import { type Call, type FaultName, faulty } from './faulty.ts';
import { attend, type Journey, travelOn, travelTo } from './journey.ts';
import { type Life, startLife } from './life.ts';
import { createRandom } from './random.ts';
import { type Problems, problemsOf, registryProblems } from './truth.ts';
import { createWorld, dashboards, over, tasks, type World, type WorldOptions } from './world.ts';

/** What one seeded schedule came to. */
export interface Result {
  seed: number;
  run: Run;
  problems: Problems;
  kills: number;
  faults: number;
  landedLate: number;
  moved: number;
  /** What it was made of, for whoever replays it. */
  description: string;
}

/** So long after its end a run is looked at, in virtual milliseconds: longer than anybody stays signed out. */
const aWhile = 300_000;

type Pick = <T>(choices: readonly [T, ...T[]]) => T;

const spoilers: readonly [FaultName, ...FaultName[]] = [
  'unavailable',
  'serverError',
  'serverErrorAfter',
  'cutBefore',
  'cutAfter',
  'throttled',
  'throttledShort',
  'throttledLong',
  'garbled',
  'slow',
  'signedOut',
  'twice',
];

/**
 * Offboards one leaver while everything goes wrong that a seed can think of: the browser dies several times, calls
 * are spoiled, sessions end and come back as somebody else's, owners change and items appear behind the back, single
 * items are refused, the admin pauses, continues and ends. Resolves with what the workspace says about the end.
 */
export async function runSchedule(seed: number, store: WorldOptions['store'] = 'memory'): Promise<Result> {
  const random = createRandom(seed);
  const between = (low: number, high: number): number => low + Math.floor(random() * (high - low + 1));
  const pick: Pick = (choices) => choices[between(0, choices.length - 1)] ?? choices[0];
  const chance = (probability: number): boolean => random() < probability;

  const blind = chance(0.2);
  const options: WorldOptions = {
    seed,
    store,
    idempotent: !blind && chance(0.6),
    condition: blind ? 'read' : 'server',
    registry: chance(0.5),
    batch: between(1, 4),
    concurrency: between(1, 3),
    counts: { [tasks]: between(1, 12), [dashboards]: between(0, 6) },
  };
  const world = createWorld(options);
  const { demo, clock } = world;
  const faultRate = pick([0, 0.05, 0.15, 0.35]);
  let faultsLeft = between(0, 40);
  const description = JSON.stringify({ ...options, faultRate, faultsLeft });

  let started = false;
  const signOut = (): void => {
    demo.signedIn = null;
    const back = clock.now().getTime() + between(1_000, 120_000);
    // A run belongs to whoever started it: nobody else comes before that.
    if (chance(0.4) && started) clock.at(back - 500, () => (demo.signedIn = ines));
    clock.at(back, () => (demo.signedIn = priya));
  };
  const fault = (call: Call): FaultName => {
    if (faultsLeft === 0 || !chance(faultRate)) return 'ok';
    faultsLeft -= 1;
    const name = pick(spoilers);
    if (name === 'twice' && call === 'setActive') return 'ok';
    if (name === 'signedOut') signOut();
    return name;
  };
  world.port = faulty(world, fault);

  // What happens behind the back, at places of the lives to come.
  const events = new Map<number, () => void>();
  const category = (): string => pick([tasks, dashboards]);
  for (let count = between(0, 4); count > 0; count -= 1) {
    const ref = (id: string): string => `${id}-0000${between(0, 9)}`;
    events.set(
      between(0, 400),
      pick([
        () => {
          const id = category();
          demo.give(id, chance(0.5) ? ref(id) : `${id}-new-${between(0, 99)}`);
        },
        () => {
          // Where the API writes blindly, nobody can tell a late write from somebody else's change.
          if (!blind) takeFrom(world, category(), ref, pick([ines, tom]));
        },
        () => {
          const id = category();
          demo.refusals.set(`${id} ${ref(id)}`, pick(['forbidden', 'gone', 'invalid']));
        },
      ]),
    );
  }
  const journey: Journey = { random };
  if (chance(0.08)) {
    const moved = between(0, 6);
    journey.endHere = ({ steps, phase }) =>
      phase !== 'draft' && steps.reduce((sum, step) => sum + step.moved, 0) >= moved;
  }
  if (chance(0.2)) journey.pauseAfter = between(0, 6);

  let places = 0;
  let kills = 0;
  const lives = between(2, 5);
  try {
    for (let number = 0; ; number += 1) {
      // The first two deaths come before most runs are over.
      const latest = number < 2 ? pick([20, 60, 110]) : pick([20, 80, 250]);
      const end = number < lives ? between(0, latest) : Number.POSITIVE_INFINITY;
      // The worst moments come oftener than chance would have them.
      const worst =
        number < lives && chance(0.5) ? pick(['apply.sent', 'setActive.sent', 'apply.after']) : '';
      let until = between(1, 4);
      const life: Life = startLife(world, {
        dies(place, index) {
          started ||= place === 'session.begin';
          events.get(places)?.();
          places += 1;
          return index === end || (place === worst && --until === 0);
        },
      });
      const travelling = travelTo(world, life, journey).then((id) => attend(world, life, id, journey));
      // Whatever is still on its way lands, and changes nothing any more; what is still to be told is told.
      const run = await Promise.race([travelOn(world, life, travelling, aWhile), life.died]);
      life.kill();
      if (run && over(run)) {
        const problems = await problemsOf(world, run);
        problems.wrong.push(...registryProblems(world, run));
        const moved = demo.writes.length;
        const { faults, landedLate } = world;
        return { seed, run, problems, kills, faults, landedLate, moved, description };
      }
      kills += 1;
      if (chance(0.5)) await clock.sleep(between(1, 200_000), new AbortController().signal);
    }
  } finally {
    clock.stop();
  }
}

/** Somebody takes an item, if the leaver or a receiver has it. */
function takeFrom(world: World, id: string, ref: (id: string) => string, member: string): void {
  const name = ref(id);
  if (![...owned(world.demo.owners, id, mei), ...(world.demo.owners.get(id)?.keys() ?? [])].includes(name))
    return;
  const key = `${id} ${name}`;
  world.taken.set(key, [...(world.taken.get(key) ?? []), member]);
  world.demo.take(id, name, member);
}

/** All lists of problems in one, empty when nothing is wrong. */
export const wrongs = ({ problems }: Result): string[] => Object.values(problems).flat();

/** The command that runs one seed again. */
export const replay = (seed: number, store: WorldOptions['store']): string =>
  `npm run soak -- --seed ${seed}${store === 'indexeddb' ? ' --indexeddb' : ''}`;

/** Runs the seeds from `first`, so many; tells of each result as it comes. Resolves with the sums. */
export async function runSchedules(
  first: number,
  count: number,
  told: (result: Result) => void = () => {},
  store: (seed: number) => WorldOptions['store'] = () => 'memory',
): Promise<Sums> {
  const sums: Sums = {
    seeds: 0,
    killedOften: 0,
    kills: 0,
    faults: 0,
    landedLate: 0,
    moved: 0,
    lost: 0,
    doubled: 0,
    ends: {},
  };
  for (let seed = first; seed < first + count; seed += 1) {
    const result = await runSchedule(seed, store(seed)).catch((error: unknown) => {
      throw new Error(replay(seed, store(seed)), { cause: error });
    });
    sums.seeds += 1;
    if (result.kills >= 2) sums.killedOften += 1;
    sums.kills += result.kills;
    sums.faults += result.faults;
    sums.landedLate += result.landedLate;
    sums.moved += result.moved;
    sums.lost += result.problems.lost.length;
    sums.doubled += result.problems.doubled.length;
    sums.ends[result.run.phase] = (sums.ends[result.run.phase] ?? 0) + 1;
    told(result);
  }
  return sums;
}

export interface Sums {
  seeds: number;
  /** Of those, how many died more than once. */
  killedOften: number;
  kills: number;
  faults: number;
  landedLate: number;
  moved: number;
  lost: number;
  doubled: number;
  /** Runs by the phase in which they ended. */
  ends: Record<string, number>;
}

/** One line about the sums. */
export function summary({
  seeds,
  killedOften,
  kills,
  faults,
  landedLate,
  moved,
  lost,
  doubled,
  ends,
}: Sums): string {
  const phases = Object.entries(ends)
    .map(([phase, count]) => `${count} ${phase}`)
    .join(', ');
  return (
    `${seeds} seeds, ${killedOften} of them killed more than once, ${kills} kills, ${faults} faults, ${landedLate} late commits, ${moved} items moved ` +
    `(${phases}): ${lost} lost, ${doubled} doubled.`
  );
}

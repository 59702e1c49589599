import 'fake-indexeddb/auto';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { leaver, mei, owned } from './demo-workspace.ts';
import { faultsAt } from './faulty.ts';
import { type Journey, throughLives } from './journey.ts';
import { startLife } from './life.ts';
import { createMemoryStore } from './memory-store.ts';
import { expectTrue, problemsOf, registryProblems } from './truth.ts';
import { createWorld, dashboards, prepare, start, tasks, type World, type WorldOptions } from './world.ts';

let world: World;
const figures = { points: new Set<string>(), kills: 0, late: 0, lost: 0, doubled: 0 };

afterEach(() => world.clock.stop());
afterAll(() => {
  console.log(
    `Crash everywhere: ${figures.points.size} named places, ${figures.kills} kills, ` +
      `${figures.late} late commits, ${figures.lost} lost, ${figures.doubled} doubled.`,
  );
});

interface Path {
  name: string;
  journey?: Journey | ((world: World) => Promise<Journey>);
  /** Everything that happens besides, made anew for each world. */
  prepare?: (world: World) => void;
  /** What the end has to look like, besides what is always true. */
  phase?: 'succeeded' | 'partial';
  /** Dies first at the first of these places, and then, in the next life, everywhere. */
  after?: string;
  /** Needs a registry of runs. */
  registry?: true;
  /** Dies only after this place was passed: what comes before dies in another path. */
  from?: string;
}

const paths: Path[] = [
  { name: 'scan and execution' },
  {
    name: 'a second scan of the draft',
    journey: {
      before2ndScan({ demo }) {
        demo.give(tasks, `${tasks}-new`);
        demo.take(dashboards, `${dashboards}-00001`, mei);
      },
    },
  },
  { name: 'the verification of what was cut off', after: 'apply.sent' },
  { name: 'the verification of what was committed', after: 'apply.after' },
  { name: 'the deactivation that was cut off', after: 'setActive.sent' },
  {
    name: 'the rescan that finds new items',
    prepare(each) {
      let surveys = 0;
      each.port = (workspace) => ({
        ...workspace,
        async survey(...parameters) {
          surveys += 1;
          if (surveys === 2) for (const n of [1, 2]) each.demo.give(tasks, `${tasks}-late-${n}`);
          return workspace.survey(...parameters);
        },
      });
    },
  },
  {
    name: 'retries after faults',
    prepare(each) {
      each.port = faultsAt(each, {
        apply: ['unavailable', 'cutBefore', 'ok', 'cutAfter', 'throttled', 'garbled'],
        scan: ['unavailable', 'ok', 'garbled'],
        survey: ['ok', 'throttled'],
        read: ['unavailable'],
        setActive: ['cutAfter'],
        members: ['ok', 'ok', 'unavailable'],
      });
    },
  },
  {
    name: 'a run that is taken up again',
    journey: { retries: true },
    prepare: ({ demo }) => demo.refusals.set(`${tasks} ${tasks}-00004`, 'forbidden'),
    from: 'run.end',
  },
  {
    name: 'a run that is taken over',
    registry: true,
    journey: leaveARun,
    // Answers take their time, so that what is late comes in the middle.
    prepare: (each) => {
      each.port = (workspace) => ({
        ...workspace,
        async apply(attempt, signal) {
          await each.clock.sleep(1_600, new AbortController().signal);
          return workspace.apply(attempt, signal);
        },
      });
    },
  },
  {
    name: 'End here',
    journey: { endHere: ({ steps }) => steps.some(({ moved }) => moved > 0) },
    phase: 'partial',
  },
];

/** Another browser begins a run and dies with a write on its way. Resolves with the journey of who takes it over. */
async function leaveARun(each: World): Promise<Journey> {
  let sent = 0;
  const gone = startLife(each, {
    store: createMemoryStore(),
    locks: new Set(),
    dies: (place) => place === 'apply.sent' && ++sent === 3,
  });
  const run = await prepare(gone);
  await start(gone, run);
  await gone.died;
  each.fencesElsewhere.add(1);
  return { takesOver: run };
}

const workspaces: (WorldOptions & { kind: string })[] = [
  { kind: 'an API with idempotency keys', idempotent: true },
  { kind: 'an API without', idempotent: false },
  { kind: 'an API that writes blindly', idempotent: false, condition: 'read' },
  { kind: 'a registry of runs', idempotent: true, registry: true },
];

function build(options: WorldOptions, { prepare }: Path): World {
  const built = createWorld(options);
  prepare?.(built);
  return built;
}

const dyingAfter = (path: Path) =>
  path.after === undefined ? [] : [(place: string): boolean => place === path.after];

/** Who has what, by category and item. */
const ownersOf = ({ demo }: World): Record<string, unknown> =>
  Object.fromEntries([...demo.owners].map(([category, rows]) => [category, Object.fromEntries(rows)]));

const journeyOf = async ({ journey }: Path): Promise<Journey | undefined> =>
  typeof journey === 'function' ? journey(world) : journey;

/** Kills at every place of a path, restarts on the same store, and looks what became of it. */
async function killEverywhere(options: WorldOptions, path: Path, step = 1): Promise<void> {
  world = build(options, path);
  const rehearsal = await throughLives(world, dyingAfter(path), await journeyOf(path));
  const places = rehearsal.lives.at(-1)?.passed ?? [];
  world.clock.stop();
  expect(places.length).toBeGreaterThan(20);
  const owners = ownersOf(world);

  const first = path.from === undefined ? 0 : places.indexOf(path.from);
  for (let index = first; index < places.length; index += step) {
    world = build({ ...options, seed: index + 1 }, path);
    const deaths = [...dyingAfter(path), (_place: string, passed: number) => passed === index];
    try {
      const { run, lives } = await throughLives(world, deaths, await journeyOf(path));
      figures.kills += lives.length - 1;
      figures.late += world.landedLate;
      figures.points.add(places[index] ?? '');
      const problems = await problemsOf(world, run);
      figures.doubled += problems.doubled.length;
      figures.lost += problems.lost.length;
      expectTrue(problems);
      expect(registryProblems(world, run)).toEqual([]);
      if (path.phase === 'partial') continue;
      expect(run.phase).toBe('succeeded');
      // Whoever was to receive something has it, wherever the death came.
      expect(ownersOf(world)).toEqual(owners);
    } catch (error) {
      throw new Error(`Killed at ${places[index]} (${index} of ${places.length})`, { cause: error });
    } finally {
      world.clock.stop();
    }
  }
}

describe.each(workspaces)('R1 a death at any place, with $kind', (options) => {
  it('moves everything once when nothing goes wrong', async () => {
    world = createWorld(options);
    const { run } = await throughLives(world, []);
    expectTrue(await problemsOf(world, run));
    expect(run.steps.map(({ id, state, moved }) => [id, state, moved])).toEqual([
      [tasks, 'completed', 7],
      [dashboards, 'completed', 3],
      ['rescan', 'completed', 0],
      ['deactivate', 'completed', 1],
    ]);
    expect(owned(world.demo.owners, tasks, mei)).toEqual([`${tasks}-00002`]);
    expect(world.demo.members.get(leaver)?.active).toBe(false);
    expect(world.demo.deactivations).toBe(1);
  });

  it.each(paths.filter(({ registry }) => registry !== true || options.registry))(
    'ends the same wherever it is killed: $name',
    (path) => killEverywhere(options, path),
    60_000,
  );
});

describe('R1 a death at any place, in the real store', () => {
  it.each(paths.filter(({ name }) => /execution|new items|faults/.test(name)))(
    'ends the same wherever it is killed: $name',
    (path) => killEverywhere({ idempotent: false, store: 'indexeddb' }, path, 3),
    60_000,
  );
});

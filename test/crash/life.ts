import type { Engine } from '../../lib/engine/engine.ts';
import { createEngine } from '../../lib/engine/index.ts';
import type { Run } from '../../lib/offboarding/model.ts';
import { StorageFailed, type Store } from '../../lib/store/store.ts';
import type { Workspace } from '../../lib/workspace/port.ts';
import { settleTime } from './demo-workspace.ts';
import type { World } from './world.ts';

/** One life of the background, from its start to its death. */
export interface Life {
  engine: Engine;
  store: Store;
  /** Every place that was passed, in order: the engine's named points and both sides of each call and commit. */
  readonly passed: string[];
  readonly died: Promise<void>;
  readonly dead: boolean;
  kill(): void;
  /** Whether it holds this lock now. */
  holds(lock: string): boolean;
  /** When the alarm would bring it back, in milliseconds since the epoch. */
  wakeAt(): number | null;
  /** The run as soon as it is so; rejects when four virtual hours pass first. */
  until(run: string, reached: (run: Run) => boolean): Promise<Run>;
  /** When progress was shown, in milliseconds since the epoch. */
  readonly progressed: number[];
  /** What was announced last, stored or not. */
  announced(run: string): Run | undefined;
}

export interface LifeOptions {
  /** Asked at every place, by its name and its number in this life. Yes: nothing of this life ever moves again. */
  dies?: (place: string, index: number) => boolean;
  /** What stands between this life and the workspace, in place of the world's. */
  port?: (workspace: Workspace) => Workspace;
  /** Told of each announced run. */
  told?: (run: Run) => void;
  /** Another browser profile's store. */
  store?: Store;
  locks?: Set<string>;
}

const committing = [
  'createBatch',
  'updateBatch',
  'createRun',
  'updateRun',
  'putAside',
  'deleteRun',
  'mergeItems',
  'sealItems',
  'removeItems',
  'putItems',
  'beginAttempt',
  'markAttempt',
  'settleAttempt',
] as const satisfies (keyof Store)[];
/** Virtual milliseconds after which a run that has not come there never will. */
const longestRun = 4 * 60 * 60 * 1000;

/** Starts a background on what survived. Its alarms ring by the world's clock. */
export function startLife(world: World, options: LifeOptions = {}): Life {
  const { dies = () => false, port = world.port, locks = world.locks } = options;
  const { clock } = world;
  let dead = false;
  let wake: number | null = null;
  let forgetAlarm = (): void => {};
  let announce = (): void => {};
  const held = new Set<string>();
  const passed: string[] = [];
  const progressed: number[] = [];
  const latest = new Map<string, Run>();
  const watchers = new Set<(run: Run) => void>();
  const never = new Promise<never>(() => {});
  const died = new Promise<void>((resolve) => {
    announce = resolve;
  });
  const kill = (): void => {
    dead = true;
    forgetAlarm();
    for (const name of held) locks.delete(name);
    announce();
  };
  const place = (name: string): Promise<void> | undefined => {
    if (dead) return never;
    passed.push(name);
    world.atPlace(name);
    if (!dies(name, passed.length - 1)) return undefined;
    kill();
    return never;
  };

  const real = options.store ?? world.openStore();
  const store = wrapStore(world, real, place, () => (dead ? never : undefined));
  const workspace = wrapWorkspace(world, port(world.demo.workspace), place, () => (dead ? never : undefined));

  const engine = createEngine({
    store,
    workspace: async () => workspace,
    clock: {
      now: () => clock.now(),
      sleep: async (milliseconds, signal) => {
        await clock.sleep(milliseconds, signal);
        if (dead) await never;
      },
    },
    async withLock(name, work) {
      if (dead) return never;
      if (locks.has(name)) return false;
      locks.add(name);
      held.add(name);
      try {
        await work();
        return true;
      } finally {
        if (!dead) locks.delete(name);
        held.delete(name);
      }
    },
    wakeAt(time) {
      if (dead) return;
      forgetAlarm();
      wake = time?.getTime() ?? null;
      if (wake === null) return;
      forgetAlarm = clock.at(wake, () => {
        wake = null;
        engine.recover().catch(() => {});
      });
    },
    progress() {
      if (!dead) progressed.push(clock.now().getTime());
    },
    changed(run) {
      if (dead) return;
      latest.set(run.id, run);
      options.told?.(run);
      for (const watcher of [...watchers]) watcher(run);
    },
    trouble(run, fields) {
      if (dead) return;
      const shown = { ...run, ...fields };
      options.told?.(shown);
      for (const watcher of [...watchers]) watcher(shown);
    },
    random: world.random,
    newId: () => `id-${++world.ids}`,
    reached: (name) => place(name),
  });

  const until = async (runId: string, reached: (run: Run) => boolean): Promise<Run> => {
    const now = await clock.during(real.run(runId));
    if (now && reached(now)) return now;
    return new Promise((resolve, reject) => {
      const end = (): void => {
        forget();
        watchers.delete(watcher);
      };
      const watcher = (run: Run): void => {
        if (run.id !== runId || !reached(run)) return;
        end();
        resolve(run);
      };
      const forget = clock.at(clock.now().getTime() + longestRun, () => {
        end();
        const run = latest.get(runId);
        reject(new Error(`Hours passed and the run is ${run?.phase} (${JSON.stringify(run?.pause)}).`));
      });
      watchers.add(watcher);
    });
  };

  return {
    engine,
    store: real,
    passed,
    progressed,
    died,
    kill,
    until,
    get dead() {
      return dead;
    },
    holds: (lock) => held.has(lock),
    wakeAt: () => wake,
    announced: (run) => latest.get(run),
  };
}

type Place = (name: string) => Promise<void> | undefined;
type Gone = () => Promise<never> | undefined;

/** Every commit is a place before and one after it; while the database works, time stands still. */
function wrapStore(world: World, real: Store, place: Place, gone: Gone): Store {
  const { clock } = world;
  const wrap =
    (owner: object, name: string, named: boolean) =>
    async (...parameters: unknown[]): Promise<unknown> => {
      if (named) await place(`store.${name}.before`);
      if (named && clock.now().getTime() < world.diskFullUntil)
        throw new StorageFailed('The disk is full (QuotaExceededError).');
      const method = (owner as Record<string, (...parameters: unknown[]) => Promise<unknown>>)[name];
      const result = await clock.during(method?.apply(owner, parameters) ?? Promise.resolve());
      if (named) await place(`store.${name}.after`);
      return gone() ?? result;
    };
  const methods = Object.keys(real).filter((name) => name !== 'items');
  return {
    ...Object.fromEntries(
      methods.map((name) => [name, wrap(real, name, (committing as readonly string[]).includes(name))]),
    ),
    items: Object.fromEntries(Object.keys(real.items).map((name) => [name, wrap(real.items, name, false)])),
  } as unknown as Store;
}

/**
 * Every call is a place before and one after it. A write that is on its way when this life ends (`.sent`) lands
 * later all the same, within the workspace's settling time.
 */
function wrapWorkspace(world: World, outside: Workspace, place: Place, gone: Gone): Workspace {
  const { demo, clock } = world;
  const landLate = (land: () => unknown): void => {
    const delay = 1 + Math.floor(world.random() * (settleTime - 2));
    clock.at(clock.now().getTime() + delay, () => {
      try {
        land();
        world.landedLate += 1;
      } catch {
        // Refused: there is nobody left who would hear of it.
      }
    });
  };
  /** Dies there with the request on its way (`ready`: what lands): `place` never comes back, so it is arranged before. */
  const onItsWay = async (name: string, ready: () => (() => unknown) | undefined): Promise<void> => {
    const passing = place(name);
    if (passing !== undefined) {
      const land = ready();
      if (land) landLate(land);
    }
    await passing;
  };
  const wrapped = <P extends unknown[], R>(name: string, call: (...parameters: P) => Promise<R>) => {
    return async (...parameters: P): Promise<R> => {
      await place(`${name}.before`);
      const result = await call(...parameters);
      await place(`${name}.after`);
      return gone() ?? result;
    };
  };
  const { runs, setActive } = outside;
  return {
    ...outside,
    identify: wrapped('identify', outside.identify),
    members: wrapped('members', outside.members),
    survey: wrapped('survey', outside.survey),
    scan: wrapped('scan', outside.scan),
    read: wrapped('read', outside.read),
    apply: wrapped('apply', async (attempt, signal) => {
      await onItsWay('apply.sent', () => demo.request(attempt));
      return outside.apply(attempt, signal);
    }),
    ...(setActive && {
      setActive: wrapped('setActive', async (member, active, attempt, signal) => {
        await onItsWay('setActive.sent', () => demo.activation(member, active, attempt));
        return setActive(member, active, attempt, signal);
      }),
    }),
    ...(runs && {
      runs: {
        open: wrapped('runs.open', async (...parameters) => {
          await onItsWay('runs.open.sent', () => demo.registry?.open(...parameters));
          return runs.open(...parameters);
        }),
        update: wrapped('runs.update', async (...parameters) => {
          await onItsWay('runs.update.sent', () => demo.registry?.update(...parameters));
          return runs.update(...parameters);
        }),
        takeOver: wrapped('runs.takeOver', async (id) => {
          await onItsWay('runs.takeOver.sent', () => demo.registry?.takeOver(id));
          return runs.takeOver(id);
        }),
        find: wrapped('runs.find', runs.find),
        listOpen: wrapped('runs.listOpen', runs.listOpen),
      },
    }),
  };
}

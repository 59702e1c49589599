import type { Engine } from '../../lib/engine/engine.ts';
import { createEngine } from '../../lib/engine/index.ts';
import type { Run } from '../../lib/offboarding/model.ts';
import { openStore } from '../../lib/store/index.ts';
import type { Store } from '../../lib/store/store.ts';
import type { Workspace } from '../../lib/workspace/port.ts';
import type { VirtualClock } from './clock.ts';
import type { DemoWorkspace } from './demo-workspace.ts';

/** What survives the death of a browser. */
export interface World {
  database: string;
  clock: VirtualClock;
  demo: DemoWorkspace;
  locks: Set<string>;
  random: () => number;
  /** Stands between the engine and the workspace: answers, faults, delays. */
  port: (workspace: Workspace) => Workspace;
  ids: number;
}

/** One life of the background, from its start to its death. */
export interface Life {
  engine: Engine;
  store: Store;
  /** Every place that was passed, in order: the engine's named points and both sides of each write and commit. */
  readonly passed: string[];
  readonly died: Promise<void>;
  kill(): void;
  wakeAt(): Date | null;
}

const committing = [
  'createRun',
  'updateRun',
  'mergeItems',
  'removeItems',
  'beginAttempt',
  'markAttempt',
  'settleAttempt',
] as const;
const never = new Promise<never>(() => {});

/**
 * Starts a background on what survived. `dies` is asked at every place, by its name and its number in this life;
 * when it says yes, nothing of this life ever moves again.
 */
export function startLife(world: World, dies: (place: string, index: number) => boolean): Life {
  let dead = false;
  let wake: Date | null = null;
  let announce = () => {};
  const held = new Set<string>();
  const passed: string[] = [];
  const died = new Promise<void>((resolve) => {
    announce = resolve;
  });
  const kill = (): void => {
    dead = true;
    for (const name of held) world.locks.delete(name);
    announce();
  };
  const place = (name: string): Promise<void> | undefined => {
    if (dead) return never;
    passed.push(name);
    if (!dies(name, passed.length - 1)) return undefined;
    kill();
    return never;
  };

  const real = openStore(world.database);
  const store = { ...real } as Store;
  for (const name of committing) {
    const method = real[name] as (...parameters: unknown[]) => Promise<unknown>;
    Object.assign(store, {
      [name]: async (...parameters: unknown[]) => {
        await place(`store.${name}.before`);
        const result = await method(...parameters);
        await place(`store.${name}.after`);
        return dead ? never : result;
      },
    });
  }

  const outside = world.port(world.demo.workspace);
  const workspace: Workspace = {
    ...outside,
    apply: async (attempt, signal) => {
      await place('apply.before');
      const result = await outside.apply(attempt, signal);
      await place('apply.after');
      return dead ? never : result;
    },
    setActive: async (member, active, attempt, signal) => {
      await place('setActive.before');
      await outside.setActive?.(member, active, attempt, signal);
      await place('setActive.after');
      if (dead) await never;
    },
    survey: async (...parameters) => {
      await place('survey');
      return outside.survey(...parameters);
    },
    scan: async (...parameters) => {
      await place('scan');
      return outside.scan(...parameters);
    },
    read: async (...parameters) => {
      await place('read');
      return outside.read(...parameters);
    },
  };

  const engine = createEngine({
    store,
    workspace: async () => workspace,
    clock: {
      now: () => world.clock.now(),
      sleep: async (milliseconds, signal) => {
        await world.clock.sleep(milliseconds, signal);
        if (dead) await never;
      },
    },
    async withLock(name, work) {
      if (world.locks.has(name)) return false;
      world.locks.add(name);
      held.add(name);
      try {
        await work();
        return true;
      } finally {
        if (!dead) world.locks.delete(name);
        held.delete(name);
      }
    },
    wakeAt(time) {
      if (!dead) wake = time;
    },
    progress: () => {},
    changed: () => {},
    random: world.random,
    newId: () => `id-${++world.ids}`,
    reached: (name) => place(name),
  });
  return { engine, store, passed, died, kill, wakeAt: () => wake };
}

/** Waits until the run is in one of these phases, waking the background as its alarms would. */
export async function until(
  world: World,
  life: Life,
  runId: string,
  reached: (run: Run) => boolean,
): Promise<Run> {
  for (let turn = 0; turn < 5_000; turn += 1) {
    const run = await openReader(world).run(runId);
    if (run && reached(run)) return run;
    const wake = life.wakeAt();
    if (wake && wake.getTime() <= world.clock.now().getTime())
      await Promise.race([life.engine.recover(), life.died]);
    await world.clock.sleep(
      wake ? Math.max(1, Math.min(30_000, wake.getTime() - world.clock.now().getTime())) : 1_000,
      new AbortController().signal,
    );
  }
  throw new Error('The run did not come to an end.');
}

const readers = new Map<string, Store>();
function openReader(world: World): Store {
  const reader = readers.get(world.database) ?? openStore(world.database);
  readers.set(world.database, reader);
  return reader;
}

import { expect } from 'vitest';
import type { Engine } from '../../lib/engine/engine.ts';
import { createEngine } from '../../lib/engine/index.ts';
import type { Run } from '../../lib/offboarding/model.ts';
import type { Store } from '../../lib/store/store.ts';
import { systemClock } from '../../lib/workspace/clock.ts';
import type { Workspace } from '../../lib/workspace/port.ts';

export interface BackgroundOptions {
  /** Waits take so many times less than they say; 1 by default. */
  hurry?: number;
  /** Milliseconds to wait for what a run comes to; 18 seconds by default. */
  patience?: number;
  now?: () => Date;
  reached?: (place: string) => void | Promise<void>;
}

export interface Background {
  engine: Engine;
  /** Resolves once the run is so; rejects when patience is at its end. */
  until(run: string, reached: (run: Run) => boolean): Promise<Run>;
  /** Scans the draft, and expects that to succeed. */
  scan(run: string): Promise<Run>;
  /** Expects nothing in the way of the draft, and starts it. */
  begin(run: string): Promise<void>;
  /** What is being worked on at this moment, by lock. */
  busy(): string[];
}

/** One background of one browser over a connection: the engine, with locks that it really has to hold. */
export function createBackground(
  store: Store,
  workspace: Workspace,
  options: BackgroundOptions = {},
): Background {
  const { hurry = 1, patience = 18_000, now = () => new Date(), reached = () => {} } = options;
  const locks = new Set<string>();
  const engine = createEngine({
    store,
    workspace: async () => workspace,
    clock: {
      now,
      sleep: (milliseconds, signal) =>
        systemClock()
          .sleep(milliseconds / hurry, signal)
          .catch(() => {}),
    },
    async withLock(name, work) {
      if (locks.has(name)) return false;
      locks.add(name);
      await work().finally(() => locks.delete(name));
      return true;
    },
    wakeAt: () => {},
    progress: () => {},
    changed: () => {},
    trouble: () => {},
    random: () => 0.5,
    newId: () => crypto.randomUUID(),
    reached,
  });
  const until: Background['until'] = async (id, isSo) => {
    const end = performance.now() + patience;
    while (performance.now() < end) {
      const run = await store.run(id);
      if (run && isSo(run)) return run;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error(`It did not come to that: ${JSON.stringify(await store.run(id))}`);
  };
  return {
    engine,
    until,
    async scan(id) {
      await engine.scan(id);
      const scanned = await until(id, ({ scan }) => scan.state === 'done' || scan.state === 'failed');
      expect(scanned.scan).toMatchObject({ state: 'done' });
      return scanned;
    },
    async begin(id) {
      expect((await engine.check(id)).filter(({ blocking }) => blocking)).toEqual([]);
      await engine.start(id, (await store.run(id))?.rev ?? 0);
    },
    busy: () => [...locks],
  };
}

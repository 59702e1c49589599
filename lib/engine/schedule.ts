import type { EngineDependencies } from './engine.ts';

/** When each run wants the background to be there again; the earliest of all is what the browser is asked for. */
export interface Schedule {
  set(run: string, at: Date | null): void;
}

/** Keeps the wishes of all runs. */
export function createSchedule(dependencies: Pick<EngineDependencies, 'wakeAt'>): Schedule {
  const wishes = new Map<string, Date>();
  return {
    set(run, at) {
      if (at) wishes.set(run, at);
      else if (!wishes.delete(run)) return;
      const times = [...wishes.values()].map((time) => time.getTime());
      dependencies.wakeAt(times.length === 0 ? null : new Date(Math.min(...times)));
    },
  };
}

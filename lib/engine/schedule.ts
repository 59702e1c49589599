import type { EngineDependencies } from './engine.ts';

/** When each run wants the background to be there again; the earliest of all is what the browser is asked for. */
export interface Schedule {
  set(run: string, at: Date | null): void;
  /**
   * Forgets every wish that has come due by then, for whoever wished takes it up now and wishes anew. One that stayed
   * would be the earliest for good, and wake the background again at once.
   */
  dropDue(now: Date): void;
}

/** Keeps the wishes of all runs. */
export function createSchedule(dependencies: Pick<EngineDependencies, 'wakeAt'>): Schedule {
  const wishes = new Map<string, Date>();
  const ask = (): void => {
    const times = [...wishes.values()].map((time) => time.getTime());
    dependencies.wakeAt(times.length === 0 ? null : new Date(Math.min(...times)));
  };
  return {
    set(run, at) {
      if (at) wishes.set(run, at);
      else if (!wishes.delete(run)) return;
      ask();
    },
    dropDue(now) {
      const due = [...wishes].filter(([, at]) => at <= now);
      if (due.length === 0) return;
      for (const [run] of due) wishes.delete(run);
      ask();
    },
  };
}

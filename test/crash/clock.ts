import type { Clock } from '../../lib/engine/engine.ts';

/** A clock whose time passes only when everybody sleeps: waits of minutes take no time, and their order is kept. */
export interface VirtualClock extends Clock {
  /** Ends the passing of time. */
  stop(): void;
  advance(milliseconds: number): void;
}

/** Starts at 2026-11-22T09:00:00Z. */
export function createVirtualClock(): VirtualClock {
  let now = Date.parse('2026-11-22T09:00:00.000Z');
  let sleepers: { at: number; wake: () => void }[] = [];
  let pending = false;
  let stopped = false;

  // Turns of the event loop to let pass, so that the database's own steps come first.
  const patience = 12;
  const pump = (turns: number): void => {
    if (stopped) return;
    if (turns > 0) {
      setImmediate(() => pump(turns - 1));
      return;
    }
    pending = false;
    sleepers.sort((a, b) => a.at - b.at);
    const next = sleepers.shift();
    if (next) {
      now = Math.max(now, next.at);
      next.wake();
    }
    if (sleepers.length > 0) schedule();
  };
  const schedule = (): void => {
    if (pending || stopped) return;
    pending = true;
    pump(patience);
  };

  return {
    now: () => new Date(now),
    advance(milliseconds) {
      now += milliseconds;
    },
    sleep(milliseconds, signal) {
      if (signal.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        const sleeper = { at: now + milliseconds, wake: resolve };
        sleepers.push(sleeper);
        signal.addEventListener('abort', () => {
          sleepers = sleepers.filter((each) => each !== sleeper);
          resolve();
        });
        schedule();
      });
    },
    stop() {
      stopped = true;
      sleepers = [];
    },
  };
}

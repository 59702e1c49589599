import type { Clock } from '../../lib/engine/engine.ts';

/**
 * A clock whose time passes only while everybody sleeps: waits of minutes take no time, their order is kept, and
 * no time passes while the database or a server works.
 */
export interface VirtualClock extends Clock {
  /** Calls back at that time (milliseconds since the epoch); the result calls it off. */
  at(time: number, wake: () => void): () => void;
  /** Time stands still until this is settled. */
  during<T>(work: Promise<T>): Promise<T>;
  /** Ends the passing of time: nobody who sleeps is ever woken. */
  stop(): void;
}

/** Starts at 2026-11-22T09:00:00Z. */
export function createVirtualClock(): VirtualClock {
  let now = Date.parse('2026-11-22T09:00:00.000Z');
  let sleepers: { at: number; wake: () => void }[] = [];
  let busy = 0;
  let pumping = false;
  let stopped = false;

  // What was just woken may go on in a turn or two before it asks the database for something.
  const idleTurns = 2;
  const pump = (idle: number): void => {
    pumping = false;
    if (stopped || sleepers.length === 0) return;
    if (busy > 0 || idle < idleTurns) {
      turn(busy > 0 ? 0 : idle + 1);
      return;
    }
    const next = sleepers.shift();
    if (!next) return;
    now = Math.max(now, next.at);
    next.wake();
    turn(0);
  };
  const turn = (idle: number): void => {
    if (pumping || stopped) return;
    pumping = true;
    setImmediate(() => pump(idle));
  };
  const add = (at: number, wake: () => void): (() => void) => {
    const sleeper = { at, wake };
    let index = sleepers.length;
    while (index > 0 && (sleepers[index - 1]?.at ?? 0) > at) index -= 1;
    sleepers.splice(index, 0, sleeper);
    turn(0);
    return () => {
      sleepers = sleepers.filter((each) => each !== sleeper);
    };
  };

  return {
    now: () => new Date(now),
    at: add,
    sleep(milliseconds, signal) {
      if (signal.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        const forget = add(now + milliseconds, () => {
          signal.removeEventListener('abort', abort);
          resolve();
        });
        const abort = (): void => {
          forget();
          resolve();
        };
        signal.addEventListener('abort', abort, { once: true });
      });
    },
    async during(work) {
      busy += 1;
      try {
        return await work;
      } finally {
        busy -= 1;
      }
    },
    stop() {
      stopped = true;
      sleepers = [];
    },
  };
}

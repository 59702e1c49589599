import type { Clock } from '../../../lib/workspace/dispatcher.ts';

/** A clock that stands still until everything waits, and then jumps to the next one who wakes. */
export interface FakeClock extends Clock {
  /** Milliseconds since it was made. */
  elapsed(): number;
  /** A pause in fake time. */
  wait(milliseconds: number): Promise<void>;
  /** Lets time pass until `work` is done. */
  until<T>(work: Promise<T>): Promise<T>;
}

export function createFakeClock(): FakeClock {
  const start = Date.UTC(2026, 0, 5);
  let time = start;
  const sleepers: { at: number; wake(): void }[] = [];

  const sleep = (milliseconds: number, signal?: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      const sleeper = { at: time + milliseconds, wake: resolve };
      sleepers.push(sleeper);
      signal?.addEventListener('abort', () => {
        const index = sleepers.indexOf(sleeper);
        if (index >= 0) sleepers.splice(index, 1);
        reject(signal.reason);
      });
    });

  return {
    now: () => new Date(time),
    sleep,
    wait: (milliseconds) => sleep(milliseconds),
    elapsed: () => time - start,
    async until(work) {
      let done = false;
      const end = () => {
        done = true;
      };
      work.then(end, end);
      for (;;) {
        await new Promise((resolve) => setImmediate(resolve));
        if (done) return work;
        sleepers.sort((a, b) => a.at - b.at);
        const next = sleepers.shift();
        if (!next) throw new Error('Nothing is left to wait for, and the work is not done.');
        time = Math.max(time, next.at);
        next.wake();
      }
    },
  };
}

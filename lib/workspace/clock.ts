import type { Clock } from './dispatcher.ts';

/** The machine's own clock and timers. */
export const systemClock = (): Clock => ({
  now: () => new Date(),
  sleep: (milliseconds, signal) =>
    new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(signal.reason);
        return;
      }
      const callOff = () => {
        clearTimeout(timer);
        reject(signal.reason);
      };
      const timer = setTimeout(() => {
        signal.removeEventListener('abort', callOff);
        resolve();
      }, milliseconds);
      signal.addEventListener('abort', callOff, { once: true });
    }),
});

import { type ReadonlySignal, signal } from '@preact/signals';

/** Least time between two polite messages, in milliseconds. */
const pause = 5000;

export interface Announcer {
  /** Said when there is silence; the newest replaces one that still waits. */
  polite(text: string): void;
  /** Said at once. */
  alert(text: string): void;
  /** What the two regions hold now. `LiveRegion` shows them. */
  readonly politeText: ReadonlySignal<string>;
  readonly alertText: ReadonlySignal<string>;
  /** Stops what still waits. */
  dispose(): void;
}

export interface AnnouncerClock {
  /** Milliseconds; only differences count. */
  now(): number;
  /** Calls back after so many milliseconds; returns how to cancel. */
  after(milliseconds: number, callback: () => void): () => void;
}

const systemClock: AnnouncerClock = {
  now: () => performance.now(),
  after(milliseconds, callback) {
    const timer = setTimeout(callback, milliseconds);
    return () => clearTimeout(timer);
  },
};

/**
 * The page's one voice: at most one polite message in five seconds (of those that come meanwhile the last is kept),
 * alerts at once, and a text that a region holds already is not said again.
 */
export function createAnnouncer(clock: AnnouncerClock = systemClock): Announcer {
  const politeText = signal('');
  const alertText = signal('');
  let last = Number.NEGATIVE_INFINITY;
  let waiting: string | undefined;
  let cancel: (() => void) | undefined;
  const say = (text: string): void => {
    last = clock.now();
    politeText.value = text;
  };
  return {
    politeText,
    alertText,
    polite(text) {
      if (text === '') return;
      const rest = last + pause - clock.now();
      if (rest <= 0 && waiting === undefined) {
        if (text !== politeText.peek()) say(text);
        return;
      }
      waiting = text;
      cancel ??= clock.after(Math.max(0, rest), () => {
        cancel = undefined;
        const next = waiting;
        waiting = undefined;
        if (next !== undefined && next !== politeText.peek()) say(next);
      });
    },
    alert(text) {
      if (text !== '') alertText.value = text;
    },
    dispose() {
      cancel?.();
      cancel = undefined;
      waiting = undefined;
    },
  };
}

/** A script that goes into a page beside the overlay, so that pages without need of it do not load it. */
interface SecondScript<T> {
  /** The script says that it is there, and what it can do. */
  offer(script: T): void;
  /** Undefined while it is not there (yet), or where the page has no need of it. */
  there(): T | undefined;
  /** What an earlier life was given may be of an earlier version. */
  forget(): void;
}

/** The two find each other under this name in the world that both share, and that no page can reach. */
export function secondScript<T>(name: string): SecondScript<T> {
  const world = (): Record<string, T | undefined> => globalThis as unknown as Record<string, T | undefined>;
  return {
    offer(script) {
      world()[name] = script;
    },
    there: () => world()[name],
    forget() {
      world()[name] = undefined;
    },
  };
}

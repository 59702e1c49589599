import type { Item } from '../../offboarding/model.ts';
import type { Clock } from '../dispatcher.ts';

/** So long what a survey has read is worth as much as reading it again, milliseconds. */
const lifetime = 5_000;

/** Items by category. */
export type ItemsByCategory = ReadonlyMap<string, readonly Item[]>;

/**
 * What surveys have just read, for the scan that follows: the rows that a survey counts are the very rows that a scan
 * lists, and an org allows only so many calls a day. Each category is given out once, so whoever asks again reads again.
 */
export function createSurveyed(clock: Pick<Clock, 'now'>) {
  const kept = new Map<string, { at: number; items: Map<string, readonly Item[]> }>();
  return {
    keep(leaver: string, items: ItemsByCategory): void {
      const at = clock.now().getTime();
      for (const [other, { at: then }] of kept) if (at - then > lifetime) kept.delete(other);
      kept.set(leaver, { at, items: new Map(items) });
    },
    /** All items of these categories, or undefined where one of them has to be read. */
    take(leaver: string, categories: readonly string[]): Item[] | undefined {
      const found = kept.get(leaver);
      if (!found || clock.now().getTime() - found.at > lifetime) return undefined;
      const items = categories.map((id) => found.items.get(id));
      for (const id of categories) found.items.delete(id);
      return items.includes(undefined) ? undefined : items.flatMap((each) => each ?? []);
    },
    /** Something is being written: what was read before says nothing any more. */
    forget: () => kept.clear(),
  };
}

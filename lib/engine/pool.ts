import type { RunItem, Value } from '../offboarding/model.ts';

/** An item and what it shall say. */
export interface Wish {
  item: RunItem;
  set: Value;
}

/** Items that wait to be sent. */
export interface Pool {
  readonly size: number;
  add(wish: Wish): void;
  /**
   * Takes up to `limit` of them, those of one lock together: calls that share no lock can be in flight at once. Items
   * whose lock is busy come last, only to fill a call up.
   */
  take(limit: number, busy: { has(lock: string): boolean }): Wish[];
}

/** An empty pool; otherwise first come, first served. */
export function createPool(): Pool {
  const byLock = new Map<string, Wish[]>();
  let size = 0;

  const takeFrom = (taken: Wish[], limit: number, allowed: (lock: string) => boolean): void => {
    for (const [lock, waiting] of byLock) {
      if (taken.length >= limit) return;
      if (!allowed(lock)) continue;
      taken.push(...waiting.splice(0, limit - taken.length));
      if (waiting.length === 0) byLock.delete(lock);
    }
  };

  return {
    get size() {
      return size;
    },
    add(wish) {
      const { lock } = wish.item;
      const waiting = byLock.get(lock);
      if (waiting) waiting.push(wish);
      else byLock.set(lock, [wish]);
      size += 1;
    },
    take(limit, busy) {
      const taken: Wish[] = [];
      takeFrom(taken, limit, (lock) => !busy.has(lock));
      takeFrom(taken, limit, () => true);
      size -= taken.length;
      return taken;
    },
  };
}

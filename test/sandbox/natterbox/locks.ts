import { ApiError } from './errors.ts';

/**
 * Row locks as the platform takes them: a write holds those of its parents until its transaction ends, and another
 * one that wants them meanwhile is refused. (The platform waits for ten seconds first; here nobody has to.)
 */
export interface Locks {
  /** The locks of one transaction. */
  begin(): { take(names: readonly string[]): void; release(): void };
  /** Somebody else holds the lock of this record until the returned function is called. */
  hold(id: string): () => void;
  /** How often somebody was refused. */
  readonly refused: number;
}

export function createLocks(): Locks {
  const held = new Map<string, symbol>();
  let refused = 0;
  const begin: Locks['begin'] = () => {
    const me = Symbol('transaction');
    return {
      take(names) {
        const taken = names.find((name) => held.has(name) && held.get(name) !== me);
        if (taken !== undefined) {
          refused += 1;
          throw new ApiError(
            400,
            'UNABLE_TO_LOCK_ROW',
            `unable to obtain exclusive access to this record or 1 records: ${taken}`,
          );
        }
        for (const name of names) held.set(name, me);
      },
      release() {
        for (const [name, holder] of held) if (holder === me) held.delete(name);
      },
    };
  };
  return {
    begin,
    hold(id) {
      const lock = begin();
      lock.take([id]);
      return lock.release;
    },
    get refused() {
      return refused;
    },
  };
}

import type { Run } from '../offboarding/model.ts';
import { WorkspaceError } from '../workspace/errors.ts';
import { backoff } from './backoff.ts';
import type { Context } from './context.ts';

/** So often a scan that was signed out looks whether the same person is back, milliseconds. */
export const lookAgain = 10_000;

/** A scan may be repeated at will, so a fault in it costs no more than a moment: so many in a row are its result. */
const failuresBeforeGivingUp = 5;

/** Repeats a read of a scan after what passes by itself. Throws WorkspaceError, and what a change of the run throws. */
export type Patience = <T>(call: () => Promise<T>) => Promise<T>;

/**
 * The patience of one scan. Its waits are stored with the run: the next life of the background keeps to them before it
 * asks for anything. What the workspace asks to wait for is waited for, however long; only faults are given up on.
 */
export function createPatience(context: Context, { id, scan }: Run): Patience {
  let until = scan.wait?.until ?? '';
  /** The others of this scan wait too: they would be told the same. */
  const sleep = async (): Promise<void> => {
    for (let left = leftOf(until); left > 0; left = leftOf(until))
      await context.clock.sleep(left, new AbortController().signal);
  };
  const leftOf = (time: string): number =>
    time === '' ? 0 : Date.parse(time) - context.clock.now().getTime();
  const wait = async (milliseconds: number, { kind, message }: WorkspaceError): Promise<void> => {
    const end = new Date(context.clock.now().getTime() + milliseconds).toISOString();
    if (end > until) until = end;
    await context.change(id, (stored) =>
      stored.phase === 'draft'
        ? {
            ...stored,
            scan: { ...stored.scan, wait: { until, asked: kind === 'throttled', detail: message } },
          }
        : undefined,
    );
    await sleep();
  };

  return async function patiently<T>(call: () => Promise<T>): Promise<T> {
    for (let tries = 1, failures = 0; ; tries += 1) {
      await sleep();
      try {
        return await call();
      } catch (error) {
        if (!(error instanceof WorkspaceError)) throw error;
        if (error.kind !== 'throttled' && error.kind !== 'transient') throw error;
        if (error.kind === 'transient') failures += 1;
        if (failures >= failuresBeforeGivingUp) throw error;
        await wait(backoff(tries, error.retryAfter, context.random()), error);
      }
    }
  };
}

/** A scan that waits for nothing, and for nobody. */
export function withoutWait({
  wait: _wait,
  resumeAt: _resumeAt,
  error: _error,
  ...scan
}: Run['scan']): Run['scan'] {
  return scan;
}

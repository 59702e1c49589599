import type { OverlayFailure } from '../messages/overlay-views.ts';
import type { Refusal } from '../messages/protocol.ts';

/** Waits before what failed for the moment is asked again, milliseconds. */
const waits = [1_000, 4_000, 15_000];

type Answered = { ok: true } | { ok: false; refusal: Pick<Refusal, 'code'> };

/** Whether asking again may help: the workspace, or the background, did not answer or wants to be asked less. */
export const isPassing = (reply: Answered): boolean =>
  !reply.ok && ['unreachable', 'throttled'].includes(reply.refusal.code);

/** Why something could not be found out, for who is asked about it. */
export const failureOf = ({ code }: Pick<Refusal, 'code'>): OverlayFailure =>
  code === 'signedOut' || code === 'unreachable' ? code : 'other';

/** Asks again by `ask` after replies that failed for the moment, three times in a row at most, until `signal`. */
export function createRetry(ask: () => void, signal?: AbortSignal) {
  let tries = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = (): void => clearTimeout(timer);
  signal?.addEventListener('abort', stop);
  return {
    /** Takes the reply to what was asked last. */
    after(reply: Answered): void {
      stop();
      const wait = waits[tries];
      if (isPassing(reply) && wait !== undefined) timer = setTimeout(ask, wait);
      tries = isPassing(reply) ? tries + 1 : 0;
    },
    /** Something else is asked from now on. */
    reset(): void {
      stop();
      tries = 0;
    },
  };
}

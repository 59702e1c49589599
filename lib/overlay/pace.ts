/** So many runs in a row come at once; further ones wait. */
const burst = 10;
/** After a burst one run comes in so long, milliseconds; as long without any fills it up again. */
const pause = 100;

/**
 * Calls `work` soon after it was asked for, before the next frame is drawn: once for many askings, and ever so often
 * as long as the page keeps still now and then. A page that changes without end gets it ten times a second.
 */
export function paced(work: () => void, signal: AbortSignal): () => void {
  let waiting = false;
  let left = burst;
  let refill: ReturnType<typeof setTimeout> | undefined;
  const run = (): void => {
    waiting = false;
    if (signal.aborted) return;
    left -= 1;
    clearTimeout(refill);
    refill = setTimeout(() => {
      left = burst;
    }, pause);
    work();
  };
  signal.addEventListener('abort', () => clearTimeout(refill));
  return () => {
    if (waiting || signal.aborted) return;
    waiting = true;
    if (left > 0) queueMicrotask(run);
    else setTimeout(run, pause);
  };
}

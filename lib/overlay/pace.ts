/** So many runs in a row come at once; further ones wait. */
const burst = 10;
/** After a burst one run comes in so long, milliseconds. */
const pause = 100;
/** As long without any run allows the next burst, milliseconds; more than `pause`, or a flood would refill it. */
const rest = 300;

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
    }, rest);
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

/** Waits longer than this are stored and slept by nobody: the background may be stopped meanwhile. */
export const longestSleep = 20_000;
/** So many transport or server errors in a row pause a run. */
export const failuresBeforePause = 20;

const first = 500;
const longest = 60_000;

/**
 * Milliseconds to wait before try number `tries` + 1: doubling from half a second to a minute, jittered between half
 * and all of it; never less than what the workspace asked for. `random` is in [0, 1).
 */
export function backoff(tries: number, retryAfter: number | undefined, random: number): number {
  const grown = Math.min(longest, first * 2 ** Math.min(tries, 16));
  return Math.max(retryAfter ?? 0, Math.round(grown * (0.5 + random / 2)));
}

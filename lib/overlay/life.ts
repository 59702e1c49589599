/** Where a life of this script is found by a later one in the same world, which no page can reach. */
const name = '__offboardingOverlay';
/** Says in the page that a new life has begun. */
const begun = 'offboarding-overlay-begun';

/** One life of the script in a page, from its start to the next one's. */
export interface Life {
  readonly signal: AbortSignal;
  end(): void;
}

/**
 * Begins a life and ends the one before: found in our own world while its extension lives, or told by an event of the
 * page after an update. A page can make that event too, so it counts only for who has lost their extension.
 */
export function takeOver(alive: () => boolean): Life {
  const world = globalThis as { [name]?: Life };
  world[name]?.end();
  // Into a page that is open already the browser puts a script once the page is there: before that, nobody was here.
  if (document.readyState !== 'loading') document.dispatchEvent(new CustomEvent(begun));
  const controller = new AbortController();
  const life: Life = { signal: controller.signal, end: () => controller.abort() };
  world[name] = life;
  const { signal } = controller;
  document.addEventListener(begun, () => alive() || life.end(), { signal });
  return life;
}

import type { createLists, memberIn } from './lists.ts';
import type { identityOf } from './said.ts';

/** What only some workspaces' pages need: a script of its own, so that no other page loads it. */
export interface Extras {
  createLists: typeof createLists;
  memberIn: typeof memberIn;
  identityOf: typeof identityOf;
}

/** Where the overlay finds it in the world that both share, and that no page can reach. */
const name = '__offboardingExtras';
const world = (): { [name]?: Extras } => globalThis as { [name]?: Extras };

export function offerExtras(extras: Extras): void {
  world()[name] = extras;
}

/** Undefined where the page's profile has no need of it. */
export const extras = (): Extras | undefined => world()[name];

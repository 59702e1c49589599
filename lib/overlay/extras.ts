import type { createLists, memberIn } from './lists.ts';
import type { identityOf } from './said.ts';
import { secondScript } from './second-script.ts';

/** What only some workspaces' pages need: a script of its own, so that no other page loads it. */
export interface Extras {
  createLists: typeof createLists;
  memberIn: typeof memberIn;
  identityOf: typeof identityOf;
}

export const { offer: offerExtras, there: extras } = secondScript<Extras>('__offboardingExtras');

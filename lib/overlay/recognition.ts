import type { createIdentity, emailsIn, profileFor } from './identity.ts';

/** What only pages need whose address does not say whose they are: a script of its own, so that no other page loads it. */
export interface Recognition {
  createIdentity: typeof createIdentity;
  profileFor: typeof profileFor;
  emailsIn: typeof emailsIn;
}

/** Where the overlay finds it in the world that both share, and that no page can reach. */
const name = '__offboardingRecognition';
const world = (): { [name]?: Recognition } => globalThis as { [name]?: Recognition };

export function offerRecognition(recognition: Recognition): void {
  world()[name] = recognition;
}

/** Undefined where the page's profile has no need of it. */
export const recognition = (): Recognition | undefined => world()[name];

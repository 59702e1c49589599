import type { createIdentity, emailsIn, profileFor } from './identity.ts';
import { secondScript } from './second-script.ts';

/** What only pages need whose address does not say whose they are: a script of its own, so that no other page loads it. */
export interface Recognition {
  createIdentity: typeof createIdentity;
  profileFor: typeof profileFor;
  emailsIn: typeof emailsIn;
}

export const { offer: offerRecognition, there: recognition } =
  secondScript<Recognition>('__offboardingRecognition');

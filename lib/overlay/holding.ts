import type { OverlaySetup } from '../messages/overlay-views.ts';
import type { createAftermath } from './aftermath.ts';
import type { Guard, GuardParts, ShowGuard } from './guard.ts';
import type { createHost } from './host.ts';
import { secondScript } from './second-script.ts';

/** Draws what stands over the page, in an element of ours. */
export interface GuardView {
  show: ShowGuard;
  /** Whether the element that shows something now was taken out of the page. */
  isGone(): boolean;
}

/**
 * What is needed once a control can be used that sets somebody inactive: a script of its own, so that no other page
 * loads it. What the overlay carries already is handed in.
 */
export interface Holding {
  createGuard(parts: GuardParts & { show: ShowGuard }): Guard;
  createAftermath: typeof createAftermath;
  createView(setup: OverlaySetup, host: typeof createHost, signal: AbortSignal): GuardView;
}

export const {
  offer: offerHolding,
  there: holding,
  forget: forgetHolding,
} = secondScript<Holding>('__offboardingHolding');

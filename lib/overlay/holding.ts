import type { OverlaySetup } from '../messages/overlay-views.ts';
import type { createAftermath } from './aftermath.ts';
import type { Guard, GuardParts, ShowGuard } from './guard.ts';
import type { createHost } from './host.ts';

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

/** Where the overlay finds it in the world that both share, and that no page can reach. */
const name = '__offboardingHolding';
const world = (): { [name]?: Holding | undefined } => globalThis as { [name]?: Holding };

export function offerHolding(holding: Holding): void {
  world()[name] = holding;
}

/** Undefined while it is not there (yet). */
export const holding = (): Holding | undefined => world()[name];

/** What an earlier life was given may be of an earlier version. */
export const forgetHolding = (): void => {
  world()[name] = undefined;
};

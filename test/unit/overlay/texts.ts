import type { OverlaySetup } from '../../../lib/messages/overlay-views.ts';

/** What the overlay says by itself, as its tests look for it. */
export const texts: OverlaySetup['texts'] = {
  someone: 'this member',
  checking: 'Checking {name}',
  cancel: 'Cancel',
  moved: 'Moved',
  unrecorded: 'Not recorded',
  kept: 'Still listed',
  covered: 'Covered',
  unopened: 'Not opened',
  own: 'Own way?',
};

import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script';
import { offerExtras } from '../../lib/overlay/extras.ts';
import { createLists, memberIn } from '../../lib/overlay/lists.ts';
import { identityOf } from '../../lib/overlay/said.ts';

/** Goes beside the overlay where a profile tells of lists with buttons, or of pages that say who is signed in. */
export default defineUnlistedScript(() => offerExtras({ createLists, memberIn, identityOf }));

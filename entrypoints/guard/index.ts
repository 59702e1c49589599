import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script';
import { createAftermath } from '../../lib/overlay/aftermath.ts';
import { createGuard } from '../../lib/overlay/guard.ts';
import { offerHolding } from '../../lib/overlay/holding.ts';
import { createView } from './view.ts';

/** Goes beside the overlay into pages where somebody can be set inactive. */
export default defineUnlistedScript(() => offerHolding({ createGuard, createAftermath, createView }));

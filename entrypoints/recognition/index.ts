import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script';
import { createIdentity, emailsIn, profileFor } from '../../lib/overlay/identity.ts';
import { offerRecognition } from '../../lib/overlay/recognition.ts';

/** Goes beside the overlay into pages whose address does not say whose they are. */
export default defineUnlistedScript(() => offerRecognition({ createIdentity, profileFor, emailsIn }));

import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script';
import { offerUsers } from '../../lib/overlay/users.ts';
import { startUsersPages } from '../../lib/overlay/users-pages.ts';
import { createLook } from './look.ts';

/** Goes beside the overlay into pages that are about users. */
export default defineUnlistedScript(() =>
  offerUsers({ startUsersPages: (parts) => startUsersPages({ ...parts, ...createLook(parts) }) }),
);

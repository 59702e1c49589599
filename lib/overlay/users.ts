import { secondScript } from './second-script.ts';
import type { UsersPages, UsersParts } from './users-pages.ts';

/** What pages about users need: a script of its own, so that no other page loads it. */
export interface Users {
  startUsersPages(parts: UsersParts): UsersPages;
}

export const {
  offer: offerUsers,
  there: users,
  forget: forgetUsers,
} = secondScript<Users>('__offboardingUsers');

import type { UsersPages, UsersParts } from './users-pages.ts';

/** What pages about users need: a script of its own, so that no other page loads it. */
export interface Users {
  startUsersPages(parts: UsersParts): UsersPages;
}

/** Where the overlay finds it in the world that both share, and that no page can reach. */
const name = '__offboardingUsers';
const world = (): { [name]?: Users | undefined } => globalThis as { [name]?: Users };

export function offerUsers(users: Users): void {
  world()[name] = users;
}

/** Undefined while it is not there (yet). */
export const users = (): Users | undefined => world()[name];

/** What an earlier life was given may be of an earlier version. */
export const forgetUsers = (): void => {
  world()[name] = undefined;
};

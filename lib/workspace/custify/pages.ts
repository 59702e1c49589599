import type { PageProfile } from '../page-profile.ts';

/**
 * The pages of the application. Neither the routes of Settings > Users nor anything of its markup is publicly known,
 * so these match by what such pages have to say to a person: paths with these words, a heading, a switch by its name.
 */
export const pages: PageProfile = {
  list: { path: '/settings/users' },
  member: {
    path: '/settings/users/:member',
    actions: [{ role: 'heading', name: '.' }],
    native: [{ role: 'button', name: '^offboard user$' }],
    banner: [{ role: 'main' }],
  },
  deactivation: [],
};

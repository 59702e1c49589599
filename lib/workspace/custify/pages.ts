import type { PageProfile } from '../page-profile.ts';

/** Settings, whatever lies behind: the routes of Settings > Users are found in no public source. */
const settings = '/settings/*';

/**
 * The pages of the application. Neither the routes of Settings > Users nor anything of its markup is publicly known,
 * so a member's page is one of the settings that shows one member by name or address, and the control that sets them
 * inactive one that says so by its role and name. An admin can point at what these do not find.
 */
export const pages: PageProfile = {
  list: { path: settings },
  member: {
    path: settings,
    identity: 'text',
    actions: [
      { role: 'heading', name: '^{name}$' },
      { text: '^{name}$', within: 'main,[role=main]' },
      { text: '^{email}$', within: 'main,[role=main]' },
    ],
    native: [{ role: 'button', name: '^offboard user$' }],
    banner: [{ role: 'heading', name: '^{name}$' }],
    inactive: [{ text: '^(status: ?)?inactive$', within: 'main,[role=main]' }],
  },
  deactivation: [
    {
      path: settings,
      control: [
        { role: 'switch', name: '\\bactive\\b' },
        { role: 'checkbox', name: '\\bactive\\b' },
        { role: 'button', name: '^(set (as )?inactive|deactivate( user)?)$' },
      ],
      memberFrom: 'text',
    },
  ],
};

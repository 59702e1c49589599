import type { PageProfile } from '../../lib/workspace/page-profile.ts';

/** What the discovery document says of the demo workspace's own pages (test/sandbox/web). */
export const pageProfile: PageProfile = {
  list: { path: '/settings/users' },
  member: {
    path: '/settings/users/:member',
    actions: [
      { role: 'group', name: '^member actions$' },
      { role: 'toolbar', name: '^member actions$' },
      { css: '[data-testid="member-actions"]' },
      { css: 'main header .page-actions' },
    ],
    native: [{ role: 'button', name: '^offboard' }],
    banner: [{ css: '[data-testid="member-header"]' }, { css: 'main header' }],
  },
  deactivation: [
    {
      path: '/settings/users',
      control: [
        { role: 'switch', name: '^active: ', within: 'tr[data-member-id]' },
        { css: 'tr[data-member-id] [role="switch"]' },
      ],
      memberFrom: 'row',
      row: 'tr[data-member-id]',
      memberAttribute: 'data-member-id',
    },
    {
      path: '/settings/users/:member',
      control: [{ role: 'button', name: '^set inactive$' }, { css: '[data-testid="set-inactive"]' }],
      memberFrom: 'path',
    },
  ],
};

import type { Anchor, Deactivation, PageProfile } from '../../../lib/workspace/page-profile.ts';

const list = '/settings/users';
const member = '/settings/users/:member';

function profile(actions: Anchor[], ...deactivation: Deactivation[]): PageProfile {
  return { list: { path: list }, member: { path: member, actions, native: [], banner: [] }, deactivation };
}

/** How each stored page is described: by role and name first, by CSS where a page has neither. */
export const profiles = {
  'plain.html': profile(
    [{ role: 'toolbar', name: '^no such name$' }, { role: 'group', name: '^actions$' }, { css: '#actions' }],
    { path: list, control: [{ role: 'checkbox', name: '^active$' }], memberFrom: 'row' },
    {
      path: member,
      control: [{ role: 'form', name: '^member$' }],
      memberFrom: 'path',
      when: '[name=active]:not(:checked)',
    },
  ),
  're-rendering.html': profile([{ role: 'toolbar', name: '^person$' }], {
    path: list,
    control: [{ role: 'button', name: '^deactivate' }],
    memberFrom: 'row',
    row: '[role=row]',
    memberAttribute: 'data-user',
  }),
  'components.html': profile([{ role: 'group', name: '^person$' }], {
    path: list,
    control: [{ role: 'switch', name: '^enabled$' }],
    memberFrom: 'row',
    row: 'user-row',
  }),
  'virtual.html': profile([{ css: '.actions' }], {
    path: list,
    control: [{ text: '^deactivate$', within: '.grid' }],
    memberFrom: 'row',
    row: '.line',
    memberAttribute: 'data-id',
  }),
  'right-to-left.html': profile([{ role: 'group', name: '^إجراءات$' }], {
    path: list,
    control: [{ role: 'button', name: '^تعطيل' }],
    memberFrom: 'row',
  }),
  'dark.html': profile([{ css: '.bar' }], {
    path: list,
    control: [{ role: 'switch', name: '^active' }],
    memberFrom: 'row',
    row: 'article',
  }),
  'focus-trap.html': profile([{ role: 'group', name: '^person$' }], {
    path: list,
    control: [{ role: 'button', name: '^deactivate$', within: '[role=dialog]' }],
    memberFrom: 'row',
    row: '[role=dialog]',
    memberAttribute: 'data-user',
  }),
  'hostile.html': profile([{ css: '#actions' }], {
    path: member,
    control: [{ role: 'button', name: '^set inactive$' }],
    memberFrom: 'path',
  }),
} satisfies Record<string, PageProfile>;

import type { Anchor, PageProfile } from '../page-profile.ts';
import type { OrgOrigins } from './hosts.ts';

/** A page of the package by its Visualforce name, with the package's prefix and without. */
const visualforce = (name: string, query = ''): string[] => [
  `/apex/nbavs__${name}${query}`,
  `/apex/${name}${query}`,
];
const toolbar = '[role="toolbar"],.pbButton';
/** Something to press with this name: the package's pages use links as buttons. */
const press = (name: string, within: string): Anchor[] => [
  { role: 'link', name, within },
  { role: 'button', name, within },
];
const userPage = {
  actions: [{ role: 'toolbar', name: '^Natterbox user$' }, { css: '.pbButton' }],
  native: press('^deactivate$', toolbar),
};
const recordPath = '/lightning/r/nbavs__User__c/:member/view';

/**
 * The pages of an org where Natterbox users are deactivated: the application on the Lightning host, and the package's
 * own pages on the Visualforce host, in frames of it. The names of the package's pages are not public; these are the
 * ones that are known (users, useredit). From version 1.250 on it has controls of its own.
 */
export const pagesOf = ({ lightning, visualforce: frames }: OrgOrigins): PageProfile => ({
  verb: 'deactivate',
  origins: [lightning, frames],
  list: { path: '/lightning/o/nbavs__User__c/list' },
  member: { path: recordPath, ...userPage, banner: [{ css: 'main' }] },
  frames: [
    ...visualforce('useredit', '?id=:member').map((path) => ({ path, ...userPage, banner: [] })),
    { path: recordPath, top: true, ...userPage, banner: [] },
  ],
  deactivation: [
    ...visualforce('users').map((path) => ({
      path,
      control: press('^deactivate$', 'tr'),
      memberFrom: 'row' as const,
      row: 'tr',
    })),
    ...visualforce('useredit', '?id=:member').map((path) => ({
      path,
      control: userPage.native,
      memberFrom: 'path' as const,
    })),
    { path: recordPath, control: userPage.native, memberFrom: 'path' },
    { path: recordPath, top: true, control: userPage.native, memberFrom: 'path' },
  ],
  rows: visualforce('users').map((path) => ({
    path,
    row: 'tr',
    actions: [{ css: 'td:first-child' }],
    // Who was deactivated already is said in the place of the control.
    native: [
      { role: 'link', name: '^deactivate$' },
      { role: 'button', name: '^deactivate$' },
      { text: '^deactivated$' },
    ],
  })),
  bulk: visualforce('users').map((path) => ({
    path,
    actions: [{ role: 'toolbar', name: '^Natterbox users$' }, { css: '.pbButton' }],
    native: press('^deactivate users$', toolbar),
  })),
  links: [recordPath, ...visualforce('useredit', '?id=:member')],
  // What Salesforce writes into its classic and Visualforce pages.
  identity: [
    {
      says: 'user',
      css: 'script:not([src])',
      pattern: 'UserContext\\.initialize\\([^]*?"userId"\\s*:\\s*"(005[A-Za-z0-9]{12,15})"',
    },
  ],
});

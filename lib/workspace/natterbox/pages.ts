import type { PageProfile } from '../page-profile.ts';

/** The pages of an org where Natterbox users are deactivated. The package's own page names are not public. */
export const pages: PageProfile = {
  list: { path: '/lightning/o/nbavs__User__c/list' },
  member: {
    path: '/lightning/r/nbavs__User__c/:member/view',
    actions: [{ role: 'toolbar', name: '^Natterbox user$' }],
    native: [],
    banner: [{ css: 'main' }],
  },
  deactivation: [],
};

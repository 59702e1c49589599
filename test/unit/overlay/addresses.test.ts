import { describe, expect, it } from 'vitest';
import { memberOfLinks, profileAt } from '../../../lib/overlay/addresses.ts';
import { originsOfOrg } from '../../../lib/workspace/natterbox/hosts.ts';
import { pagesOf } from '../../../lib/workspace/natterbox/pages.ts';

const origins = originsOfOrg('https://acme.lightning.force.com');
if (!origins) throw new Error('That is an org.');
const pages = pagesOf(origins);
const frame = (path: string) => new URL(path, origins.visualforce);
const record = (id: string) => new URL(`/lightning/r/nbavs__User__c/${id}/view`, origins.lightning);
const dana = 'a0U8d000000000DEAQ';
const tom = 'a0U8d000000000EEAQ';

describe('issue 5: the profile of one page in a frame', () => {
  it('a page that names its member is about them, whatever is around it', () => {
    const edit = frame(`/apex/nbavs__useredit?id=${dana}&sfdc.override=1`);
    for (const top of [undefined, record(tom)]) {
      const found = profileAt(pages, edit, top);
      expect([found.about, found.byTop]).toEqual([dana, false]);
      expect(found.pages.member.path).toBe('/*');
      expect(found.pages.rows).toEqual([]);
    }
  });

  it('a page that names nobody is about whom the page around it shows, and says that it has it from there', () => {
    const found = profileAt(pages, frame('/apex/nbavs__panel'), record(dana));
    expect([found.about, found.byTop]).toEqual([dana, true]);
    expect(found.pages.member).toMatchObject({ path: '/*', actions: pages.member.actions });
    expect(found.pages.member).not.toHaveProperty('top');
    expect(found.pages.deactivation).toMatchObject([{ path: '/*', memberFrom: 'path' }]);
  });

  it('a frame in another page of the org is about nobody and has nothing to guard', () => {
    const found = profileAt(
      pages,
      frame('/apex/nbavs__panel'),
      new URL('/lightning/page/home', origins.lightning),
    );
    expect(found.about).toBeUndefined();
    expect([found.pages.deactivation, found.pages.rows, found.pages.bulk]).toEqual([[], [], []]);
  });

  it('the list has its rows and its way to several users, and is about nobody', () => {
    const found = profileAt(
      pages,
      frame('/apex/nbavs__users'),
      new URL('/lightning/o/nbavs__User__c/list', origins.lightning),
    );
    expect(found.about).toBeUndefined();
    expect([found.pages.rows?.length, found.pages.bulk?.length]).toEqual([1, 1]);
  });

  it('a page without a frame keeps its profile', () => {
    expect(profileAt(pages, record(dana))).toEqual({ pages, byTop: false });
  });
});

describe('issue 5: whose row it is, by its links', () => {
  const link = (url: URL) => url as unknown as HTMLAnchorElement;
  const of = (...urls: URL[]) => memberOfLinks(urls.map(link), pages, origins.visualforce);
  it('one member, linked in whatever way; nobody where there are two or the site is another', () => {
    expect(of(record(dana), frame(`/apex/useredit?id=${dana}`))).toBe(dana);
    expect(of(record(dana), record(tom))).toBeUndefined();
    expect(of(new URL(record(dana).pathname, 'https://evil.example'))).toBeUndefined();
  });
});

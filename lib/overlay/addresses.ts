import type { PageProfile } from '../workspace/page-profile.ts';
import { matchPath } from './paths.ts';

/** An address as patterns with a query are matched against it: a page's location, a link. */
export interface Address {
  pathname: string;
  search: string;
}

/**
 * Matches an address against a path pattern that may name parameters too, as in `/edit?id=:member`; parameters that it
 * does not name may be there. Resolves to the named parts, or null when the address is another one.
 */
export function matchAddress(pattern: string, { pathname, search }: Address): Record<string, string> | null {
  const [path = '', query] = pattern.split('?');
  const named = matchPath(path, pathname);
  const given = new URLSearchParams(search);
  for (const [name, part] of new URLSearchParams(query)) {
    const value = given.get(name) ?? '';
    if (!named || (part.startsWith(':') ? value === '' : value !== part)) return null;
    if (part.startsWith(':')) named[part.slice(1)] = value;
  }
  return named;
}

/** The one member to whose pages some links lead; undefined where there is none, or where they lead to several. */
export function memberOfLinks(
  links: Iterable<HTMLAnchorElement>,
  pages: Pick<PageProfile, 'links' | 'origins'>,
  own: string,
): string | undefined {
  const linked = new Set<string>();
  for (const link of links) {
    if (link.origin !== own && !pages.origins?.includes(link.origin)) continue;
    for (const pattern of pages.links ?? []) {
      const member = matchAddress(pattern, link)?.member;
      if (member) linked.add(member);
    }
  }
  return linked.size === 1 ? [...linked][0] : undefined;
}

/**
 * The profile as it is on one page that is loaded anew for each of its addresses: what fits `here` (or, for entries of
 * the tab's own page around a frame, `top`) counts on all of it, and nothing else does. `about`: the member whom the
 * address names, and whether only the page around says it. A page that none of this is about keeps its profile.
 */
export function profileAt(
  pages: PageProfile,
  here: Address,
  top?: Address,
): { pages: PageProfile; about?: string; byTop: boolean } {
  let about: { member: string; byTop: boolean } | undefined;
  const fitting = <E extends { path: string; top?: true | undefined }>(entries: readonly E[] = []): E[] =>
    entries.flatMap((entry) => {
      const address = entry.top ? top : here;
      const named = address && matchAddress(entry.path, address);
      if (!named) return [];
      if (named.member) about ??= { member: named.member, byTop: entry.top === true };
      const { top: _top, ...rest } = entry;
      return [{ ...rest, path: '/*' } as E];
    });
  const [page] = fitting(pages.frames);
  const [deactivation, rows, bulk] = [fitting(pages.deactivation), fitting(pages.rows), fitting(pages.bulk)];
  if (!page && rows.length === 0 && !top) return { pages, byTop: false };
  return {
    pages: { ...pages, ...(page && { member: page }), deactivation, rows, bulk },
    ...(about && { about: about.member }),
    byTop: about?.byTop ?? false,
  };
}

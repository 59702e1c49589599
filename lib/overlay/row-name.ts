import type { PageProfile } from '../workspace/page-profile.ts';
import { memberOfLinks } from './addresses.ts';
import { openRoots } from './anchors.ts';
import { type Control, rowOf } from './controls.ts';
import { matchPath } from './paths.ts';

const address = /[^\s@<>()[\]",;:]{1,64}@[^\s@<>()[\]",;:]{1,190}\.[a-z]{2,24}/iu;
/** What names a row to who reads it. */
const labels = 'th[scope=row],[role=rowheader],h1,h2,h3,h4,h5,h6,[role=heading]';

/**
 * How the row around a control calls its member: by the link to their page, by what names the row, or by the address in
 * it. Undefined where it says nothing of that.
 */
export function nameInRow(
  { element, member }: Control,
  profile: PageProfile,
  page: Pick<Location, 'pathname' | 'origin'>,
): string | undefined {
  const entry = profile.deactivation.find(
    ({ path, memberFrom }) => memberFrom !== 'path' && matchPath(path, page.pathname),
  );
  const row = entry && rowOf(element, entry);
  if (!row) return undefined;
  const roots = openRoots(row);
  const all = <E extends Element>(selector: string): E[] =>
    roots.flatMap((root) => [...root.querySelectorAll<E>(selector)]);
  const leads = (link: HTMLAnchorElement): boolean =>
    memberOfLinks([link], profile, page.origin) === member ||
    (link.origin === page.origin && matchPath(profile.member.path, link.pathname)?.member === member);
  const texts = [
    ...all<HTMLAnchorElement>('a[href]').filter(leads).map(textOf),
    ...all(labels).map(textOf),
    (row.getAttribute('aria-label') ?? '').trim(),
    member.startsWith('email:') ? member.slice('email:'.length) : '',
    ...roots.map((root) => address.exec(root.textContent ?? '')?.[0] ?? ''),
  ];
  return texts.find((text) => text !== '' && text.length <= 200);
}

const textOf = (element: Element): string => (element.textContent ?? '').replace(/\s+/gu, ' ').trim();

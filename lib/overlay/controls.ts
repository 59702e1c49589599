import type { Deactivation, PageProfile } from '../workspace/page-profile.ts';
import { accessibleName, candidates, closest, matches, openRoots } from './anchors.ts';
import { extras } from './extras.ts';
import { matchPath } from './paths.ts';
import { recognition } from './recognition.ts';

/** A control of the page that would set a member inactive. */
export interface Control {
  element: HTMLElement;
  member: string;
}

/** Whom a page as a whole is about; `name`: its heading by which that is known, where its address does not say it. */
export interface Whose {
  member: string;
  name?: string;
}

/** Stands for the member of a control of which nobody could say (yet) whose it is. */
export const unknownMember = '?';

const defaultRow = 'tr,[role=row],li,[role=listitem],article,[role=article]';

/**
 * The control that an event reaches, by the event's path (innermost first); null where there is none, or where it
 * would set somebody active. `type` is the event's, or `reach` for what only comes near: a form counts when it is
 * submitted, anything else when it is pressed, and at a `click` a checkbox has changed already. `about` is the member
 * whom the page as a whole is about, where its own path does not say it.
 */
export function controlOf(
  path: readonly EventTarget[],
  profile: PageProfile,
  page: Pick<Location, 'pathname' | 'origin'>,
  type: string,
  about?: Whose,
): Control | null {
  const elements = path.filter((each): each is HTMLElement => each instanceof HTMLElement);
  for (const entry of profile.deactivation) {
    const named = matchPath(entry.path, page.pathname);
    if (!named) continue;
    const element = find(elements, entry);
    // Of a click on its label, a checkbox has not heard yet.
    const changed = type === 'click' && !!element && elements.includes(element);
    if (!element || !counts(element, type) || isDisabled(element) || !turnsOff(element, entry, changed))
      continue;
    const member = memberOf(element, entry, profile, page, named.member, about);
    if (member !== undefined) return { element, member };
  }
  return null;
}

/**
 * The control of a use that was held back, as it is by now: the element itself while it still would set the same member
 * inactive, or the one that took its place when the page drew itself anew. Null when it is gone, cannot be told apart,
 * or would do something else by now.
 */
export function findAgain(
  lost: Control,
  profile: PageProfile,
  page: Pick<Location, 'pathname' | 'origin'>,
  about?: Whose,
): HTMLElement | null {
  // Whose it is was not known at the click either: it is the same as long as it is where it was.
  const whose = lost.member === unknownMember ? { member: unknownMember } : about;
  const isSame = (element: HTMLElement): boolean =>
    controlOf([element], profile, page, 'reach', whose)?.member === lost.member;
  if (lost.element.isConnected && isSame(lost.element)) return lost.element;
  if (lost.member === unknownMember) return null;
  const roots = openRoots(document);
  const found = new Set<HTMLElement>();
  for (const { control } of profile.deactivation)
    for (const anchor of control)
      for (const element of candidates(roots, anchor)) if (isSame(element)) found.add(element);
  const [only, ...more] = found;
  return only && more.length === 0 ? only : null;
}

/** Whose control it is, by the page's address, its row, or what row or page show; undefined: nobody's. */
export function memberOf(
  element: HTMLElement,
  entry: Deactivation,
  profile: PageProfile,
  page: Pick<Location, 'pathname' | 'origin'>,
  inPath: string | undefined,
  about: Whose | undefined,
): string | undefined {
  if (entry.memberFrom === 'path') return inPath ?? about?.member;
  if (entry.memberFrom === 'row') return memberOfRow(element, entry, profile, page);
  const row = rowOf(element, entry);
  const [only, ...others] = recognition()?.emailsIn(row) ?? [];
  if (only !== undefined && others.length === 0) return `email:${only}`;
  if (!about || !row) return others.length > 0 ? undefined : about?.member;
  // A row in the page of one member may be another one's.
  return hasHeading(row, about.name) ? about.member : unknownMember;
}

const hasHeading = (row: Element, name: string | undefined): boolean =>
  !!name &&
  openRoots(row)
    .flatMap((root) => [...root.querySelectorAll('h1,h2,h3,h4,h5,h6,[role=heading]')])
    .some((each) => accessibleName(each) === name);

/** The row around a control of this entry; null where it stands in none. */
export const rowOf = (
  element: HTMLElement,
  { row = defaultRow }: Pick<Deactivation, 'row'>,
): Element | null => closest(element, row);

/** The control of an entry among these elements; a label stands for its field. */
function find(elements: readonly HTMLElement[], { control }: Deactivation): HTMLElement | undefined {
  const all = elements.flatMap((each) =>
    each instanceof HTMLLabelElement && each.control ? [each.control, each] : [each],
  );
  for (const anchor of control) {
    const element = all.find((each) => matches(each, anchor));
    if (element) return element;
  }
  return undefined;
}

const counts = (element: HTMLElement, type: string): boolean =>
  type === 'reach' || (type === 'submit') === element instanceof HTMLFormElement;

const isDisabled = (element: HTMLElement): boolean =>
  element.matches(':disabled') || element.getAttribute('aria-disabled') === 'true';

/** Whether using the control now sets inactive: a switch that is off would set active. */
function turnsOff(element: HTMLElement, { when }: Deactivation, toggled: boolean): boolean {
  if (when !== undefined && !element.matches(when) && !element.querySelector(when)) return false;
  const on = stateOf(element) ?? true;
  return toggled && isCheckbox(element) ? !on : on;
}

/** Whether a switch, checkbox or pressed button says of itself that it is on; undefined of anything else. */
export function stateOf(element: HTMLElement): boolean | undefined {
  if (isCheckbox(element)) return element.checked;
  const state = element.getAttribute('aria-checked') ?? element.getAttribute('aria-pressed');
  return state === null ? undefined : state === 'true';
}

const isCheckbox = (element: HTMLElement): element is HTMLInputElement =>
  element instanceof HTMLInputElement && element.type === 'checkbox';

/** The member of the row around a control: its attribute, or the one member to whom its links lead. */
function memberOfRow(
  element: HTMLElement,
  entry: Deactivation,
  profile: PageProfile,
  page: Pick<Location, 'pathname' | 'origin'>,
): string | undefined {
  const row = rowOf(element, entry);
  const { memberAttribute } = entry;
  const named = memberAttribute === undefined ? null : row?.getAttribute(memberAttribute);
  if (named) return named;
  const known = row && extras()?.memberIn(row, profile);
  if (known) return known;
  const linked = new Set<string>();
  for (const root of row ? openRoots(row) : [])
    for (const link of root.querySelectorAll<HTMLAnchorElement>('a[href]')) {
      const member = link.origin === page.origin && matchPath(profile.member.path, link.pathname)?.member;
      if (member) linked.add(member);
    }
  return linked.size === 1 ? [...linked][0] : undefined;
}

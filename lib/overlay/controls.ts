import type { Deactivation, PageProfile } from '../workspace/page-profile.ts';
import { candidates, closest, matches, openRoots } from './anchors.ts';
import { extras } from './extras.ts';
import { matchPath } from './paths.ts';
import { recognition } from './recognition.ts';

/** A control of the page that would set a member inactive. */
export interface Control {
  element: HTMLElement;
  member: string;
}

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
  page: Location,
  type: string,
  about?: string,
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

/** The same control after the page drew itself anew; null when it is gone or cannot be told apart. */
export function findAgain(
  lost: Control,
  profile: PageProfile,
  page: Location,
  about?: string,
): HTMLElement | null {
  if (lost.element.isConnected) return lost.element;
  const roots = openRoots(document);
  const found = new Set<HTMLElement>();
  for (const { control } of profile.deactivation)
    for (const anchor of control)
      for (const element of candidates(roots, anchor))
        if (controlOf([element], profile, page, 'reach', about)?.member === lost.member) found.add(element);
  const [only, ...more] = found;
  return only && more.length === 0 ? only : null;
}

/**
 * Whether the page shows this member as inactive: by a switch or checkbox of theirs that is off, or, on their own
 * page, by what stands there only then. A claim of the page.
 */
export function showsInactive(member: string, profile: PageProfile, page: Location, about?: string): boolean {
  const roots = openRoots(document);
  if (member === about && (profile.member.inactive ?? []).some((each) => candidates(roots, each).length > 0))
    return true;
  return profile.deactivation.some((entry) => {
    const named = matchPath(entry.path, page.pathname);
    return (
      named !== null &&
      entry.control.some((anchor) =>
        candidates(roots, anchor).some(
          (element) =>
            isOff(element) && memberOf(element, entry, profile, page, named.member, about) === member,
        ),
      )
    );
  });
}

/** A switch, checkbox or pressed button that says of itself that it is off. */
const isOff = (element: HTMLElement): boolean =>
  element instanceof HTMLInputElement && element.type === 'checkbox'
    ? !element.checked
    : (element.getAttribute('aria-checked') ?? element.getAttribute('aria-pressed')) === 'false';

/** Whose control it is, by the page's address, its row, or what row or page show. */
function memberOf(
  element: HTMLElement,
  entry: Deactivation,
  profile: PageProfile,
  page: Location,
  inPath: string | undefined,
  about: string | undefined,
): string | undefined {
  if (entry.memberFrom === 'path') return inPath ?? about;
  if (entry.memberFrom === 'row') return memberOfRow(element, entry, profile, page);
  const [only, ...others] = recognition()?.emailsIn(rowOf(element, entry)) ?? [];
  if (only === undefined) return about;
  return others.length === 0 ? `email:${only}` : undefined;
}

const rowOf = (element: HTMLElement, { row = defaultRow }: Deactivation): Element | null =>
  closest(element, row);

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
  if (element instanceof HTMLInputElement && element.type === 'checkbox') return element.checked !== toggled;
  const state = element.getAttribute('aria-checked') ?? element.getAttribute('aria-pressed');
  return state === null || state === 'true';
}

/** The member of the row around a control: its attribute, or the one member to whom its links lead. */
function memberOfRow(
  element: HTMLElement,
  entry: Deactivation,
  profile: PageProfile,
  page: Location,
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

import type { Deactivation, PageProfile } from '../workspace/page-profile.ts';
import { candidates, closest, matches, openRoots } from './anchors.ts';
import { matchPath } from './paths.ts';

/** A control of the page that would set a member inactive. */
export interface Control {
  element: HTMLElement;
  member: string;
}

const defaultRow = 'tr,[role=row],li,[role=listitem],article,[role=article]';

/**
 * The control that an event reaches, by the event's path (innermost first); null where there is none, or where it
 * would set somebody active. `type` is the event's, or `reach` for what only comes near: a form counts when it is
 * submitted, anything else when it is pressed, and at a `click` a checkbox has changed already.
 */
export function controlOf(
  path: readonly EventTarget[],
  profile: PageProfile,
  page: Location,
  type: string,
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
    const member = entry.memberFrom === 'path' ? named.member : memberOfRow(element, entry, profile, page);
    if (member !== undefined) return { element, member };
  }
  return null;
}

/** The same control after the page drew itself anew; null when it is gone or cannot be told apart. */
export function findAgain(lost: Control, profile: PageProfile, page: Location): HTMLElement | null {
  if (lost.element.isConnected) return lost.element;
  const roots = openRoots(document);
  const found = new Set<HTMLElement>();
  for (const { control } of profile.deactivation)
    for (const anchor of control)
      for (const element of candidates(roots, anchor))
        if (controlOf([element], profile, page, 'reach')?.member === lost.member) found.add(element);
  const [only, ...more] = found;
  return only && more.length === 0 ? only : null;
}

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
  { row: selector = defaultRow, memberAttribute }: Deactivation,
  profile: PageProfile,
  page: Location,
): string | undefined {
  const row = closest(element, selector);
  const named = memberAttribute === undefined ? null : row?.getAttribute(memberAttribute);
  if (named) return named;
  const linked = new Set<string>();
  for (const root of row ? openRoots(row) : [])
    for (const link of root.querySelectorAll<HTMLAnchorElement>('a[href]')) {
      const member = link.origin === page.origin && matchPath(profile.member.path, link.pathname)?.member;
      if (member) linked.add(member);
    }
  return linked.size === 1 ? [...linked][0] : undefined;
}

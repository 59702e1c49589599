import type { Description, OwnControl } from '../workspace/own-controls.ts';
import { anchorOf, lastingAttributes } from '../workspace/own-controls.ts';
import { accessibleName, candidates, closest, openRoots } from './anchors.ts';
import { emailsIn } from './identity.ts';

/** Something that was pointed at: how to find it again, and texts nearby that may be somebody's name or address. */
export interface Pointed {
  path: string;
  place: OwnControl['place'];
  found: Description[];
  nearby: { headings: string[]; emails: string[] };
}

const controls =
  'button,[role=button],[role=switch],[role=checkbox],[role=menuitem],[role=link],[role=radio],[role=tab],input[type=checkbox],input[type=radio],a[href],summary,select';
const rows = ['tr', '[role="row"]', 'li', '[role="listitem"]', 'article'];
const own: readonly [string, Extract<Description, { role: string }>['role']][] = [
  ['input[type=checkbox]', 'checkbox'],
  ['input[type=radio]', 'radio'],
  ['select', 'combobox'],
  ['a[href]', 'link'],
  ['button,summary,input[type=button],input[type=submit]', 'button'],
];

/** The control at, or around, an element; the element itself where none is. */
export const controlAt = (element: Element): HTMLElement =>
  (closest(element, controls) ?? element) as HTMLElement;

/**
 * Describes a control by what a person would say of it first (role and name), then by its place behind a heading or in
 * its row, then by attributes that are made to last. Only what leads back to this one, or to one in each row, is kept.
 */
export function describe(element: HTMLElement, path: string): Pointed {
  const selector = rows.find((each) => {
    const row = closest(element, each);
    return row !== null && emailsIn(row).length === 1;
  });
  const row = selector === undefined ? null : closest(element, selector);
  const place = row ? 'row' : 'page';
  const roots = openRoots(document);
  const role = roleOf(element);
  const name = role === undefined ? '' : accessibleName(element, role).slice(0, 200);
  const heading = row ? undefined : headingBefore(element);
  const within = selector === undefined ? {} : { within: selector };
  const tried: Description[] = [];
  if (role !== undefined && name !== '') tried.push({ role, name, ...within });
  if (role !== undefined && heading !== undefined) {
    const nth = placeOf(element, candidates(roots, anchorOf({ role, after: heading })));
    if (nth !== undefined) tried.push({ role, after: heading, nth });
  }
  if (role !== undefined && row && selector !== undefined) {
    const nth = placeOf(element, candidates([row], { role }));
    if (nth !== undefined) tried.push({ role, within: selector, nth });
  }
  const css = cssOf(element);
  if (css !== undefined) tried.push({ css });
  const found = tried.filter((each) => {
    const all = candidates(roots, anchorOf(each));
    return row
      ? all.filter((one) => row.contains(one)).length === 1 && all.includes(element)
      : all.length === 1 && all[0] === element;
  });
  return { path: patternOf(path), place, found, nearby: nearbyOf(row) };
}

/** The path with `:any` where a part looks like the id or the address of something. */
export function patternOf(path: string): string {
  return path
    .split('/')
    .map((part) => (/\d|%40|@/.test(part) || part.length > 24 ? ':any' : part))
    .join('/');
}

function roleOf(element: HTMLElement): Extract<Description, { role: string }>['role'] | undefined {
  const said = element.getAttribute('role');
  const known = own.map(([, role]) => role as string).concat('switch', 'menuitem', 'tab');
  if (said !== null) return known.includes(said) ? (said as ReturnType<typeof roleOf>) : undefined;
  return own.find(([selector]) => element.matches(selector))?.[1];
}

/** The last heading before an element whose words stand over nothing else. */
function headingBefore(element: HTMLElement): string | undefined {
  const headings = candidates(openRoots(document), { role: 'heading' });
  const texts = headings.map((each) => accessibleName(each, 'heading'));
  const before = headings.flatMap((each, index) =>
    each.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING ? [texts[index] ?? ''] : [],
  );
  const last = before.at(-1);
  const single = last && texts.filter((text) => text === last).length === 1;
  return single && last.length <= 200 ? last : undefined;
}

function placeOf(element: HTMLElement, among: readonly HTMLElement[]): number | undefined {
  const index = among.indexOf(element);
  return index < 0 || index > 200 ? undefined : index;
}

/** Tag and lasting attributes; undefined where there is none of them but the type. */
function cssOf(element: HTMLElement): string | undefined {
  const attributes = lastingAttributes.flatMap((name) => {
    const value = element.getAttribute(name);
    return value !== null && /^[^"\\\]]{1,120}$/.test(value) && !/\d{3}/.test(value) ? [[name, value]] : [];
  });
  if (!attributes.some(([name]) => name !== 'type')) return undefined;
  const tag = element.localName;
  return `${tag}${attributes
    .slice(0, 4)
    .map(([name, value]) => `[${name}="${value}"]`)
    .join('')}`;
}

/** What stands near that may name a person: the row's own short texts, or the page's headings, and the addresses. */
function nearbyOf(row: Element | null): Pointed['nearby'] {
  const place = row ?? document.querySelector('main,[role=main]') ?? document.body;
  const cells = row
    ? [...row.querySelectorAll('*')].filter((each) => each.childElementCount === 0)
    : candidates(openRoots(document), { role: 'heading' });
  const headings = cells
    .map((each) => (each.textContent ?? '').replace(/\s+/g, ' ').trim())
    .filter((text) => text.length >= 2 && text.length <= 200);
  return { headings: [...new Set(headings)].slice(0, 20), emails: emailsIn(place).slice(0, 20) };
}

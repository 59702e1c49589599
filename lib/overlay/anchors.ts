import type { Anchor } from '../workspace/page-profile.ts';

/** Elements that have a role without saying so. */
const implicit: Record<string, string> = {
  button: 'button,input[type=button],input[type=submit],summary',
  heading: 'h1,h2,h3,h4,h5,h6',
  link: 'a[href]',
  group: 'fieldset,details',
  form: 'form',
  main: 'main',
  navigation: 'nav',
  checkbox: 'input[type=checkbox]',
  combobox: 'select:not([multiple])',
  row: 'tr',
  banner: 'header',
};

/** A CSS selector of everything that an anchor may stand for, and of more: it asks for no name, text or place. */
export const roughly = (anchor: Anchor): string => {
  if ('css' in anchor) return anchor.css;
  if ('text' in anchor) return '*';
  const own = implicit[anchor.role];
  return `[role=${JSON.stringify(anchor.role)}]${own ? `,${own}` : ''}`;
};

/** Roles that are not named by what they hold. https://www.w3.org/TR/wai-aria-1.2/#namefromauthor */
const namedByAuthor = /^(group|toolbar|form|main|navigation|banner|region|combobox|textbox)$/;

/** The document (or an element, or another root), and every open shadow root in it. */
export function openRoots(root: ParentNode): ParentNode[] {
  const roots = [root];
  const own = (root as Element).shadowRoot;
  if (own) roots.push(own);
  for (const each of roots)
    for (const element of each.querySelectorAll('*')) if (element.shadowRoot) roots.push(element.shadowRoot);
  return roots;
}

/** The first anchor that leads to exactly one visible element in these roots; null when none does (yet). */
export function findAnchor(roots: readonly ParentNode[], anchors: readonly Anchor[]): HTMLElement | null {
  for (const anchor of anchors) {
    const [only, ...others] = candidates(roots, anchor);
    if (only && others.length === 0) return aroundOf(only, anchor);
  }
  return null;
}

/** All visible elements that an anchor describes. An anchor that the page's browser cannot read finds nothing. */
export function candidates(roots: readonly ParentNode[], anchor: Anchor): HTMLElement[] {
  try {
    const selector = 'css' in anchor ? anchor.css : 'role' in anchor ? selectorOf(anchor.role) : '*';
    const found = roots
      .flatMap((root) => [...root.querySelectorAll<HTMLElement>(selector)])
      .filter((element) => fits(element, anchor) && isVisible(element));
    return 'role' in anchor ? inPlace(found, roots, anchor) : found;
  } catch {
    return [];
  }
}

/** Whether an element is one that the anchor describes, wherever it is. */
export function matches(element: Element, anchor: Anchor): boolean {
  try {
    if ('css' in anchor) return element.matches(anchor.css);
    if (!('role' in anchor)) return fits(element, anchor);
    if (!element.matches(selectorOf(anchor.role)) || !fits(element, anchor)) return false;
    if (anchor.after === undefined && anchor.nth === undefined) return true;
    return candidates(openRoots(document), anchor).includes(element as HTMLElement);
  } catch {
    return false;
  }
}

/** Those behind the one heading that is named, and at their place among those of their kind. */
function inPlace(
  found: readonly HTMLElement[],
  roots: readonly ParentNode[],
  { after, nth, within }: Extract<Anchor, { role: string }>,
): HTMLElement[] {
  let placed = [...found];
  if (after !== undefined) {
    const [heading, ...others] = candidates(roots, { role: 'heading', name: after });
    if (!heading || others.length > 0) return [];
    placed = placed.filter(
      (each) => heading.compareDocumentPosition(each) & Node.DOCUMENT_POSITION_FOLLOWING,
    );
  }
  if (nth === undefined) return placed;
  if (after !== undefined || within === undefined) return placed.slice(nth, nth + 1);
  const counts = new Map<Element | null, number>();
  return placed.filter((each) => {
    const place = closest(each, within);
    const count = counts.get(place) ?? 0;
    counts.set(place, count + 1);
    return count === nth;
  });
}

/** The element that an anchor stands for: the found one, or what is around it. */
function aroundOf(element: HTMLElement, anchor: Anchor): HTMLElement | null {
  if (!('role' in anchor) || anchor.around === undefined) return element;
  return element.parentElement?.closest<HTMLElement>(anchor.around) ?? null;
}

/** What a selector alone cannot say: name, text and surroundings. */
function fits(element: Element, anchor: Anchor): boolean {
  if ('css' in anchor) return true;
  if (anchor.within !== undefined && !closest(element, anchor.within)) return false;
  if ('text' in anchor)
    return (
      element.childElementCount === 0 && new RegExp(anchor.text, 'i').test(tidy(element.textContent ?? ''))
    );
  return anchor.name === undefined || new RegExp(anchor.name, 'i').test(accessibleName(element, anchor.role));
}

function selectorOf(role: string): string {
  const own = implicit[role];
  const explicit = `[role="${CSS.escape(role)}"]`;
  return own ? `${explicit},:is(${own}):not([role])` : explicit;
}

/** The element itself, or the nearest around it that matches, also beyond the shadow roots that it is in. */
export function closest(element: Element, selector: string): Element | null {
  for (let current: Element | null = element; current; current = hostOf(current)) {
    const found = current.closest(selector);
    if (found) return found;
  }
  return null;
}

/** The element whose shadow root holds this one; null in the document itself. */
export const hostOf = (element: Element): Element | null =>
  (element.getRootNode() as ShadowRoot).host ?? null;

/**
 * The accessible name as far as pages give it: label by reference, label, the field's own label, text, title.
 * https://www.w3.org/TR/accname-1.2/ (its steps 2B, 2D, 2E, 2F and 2I)
 */
export function accessibleName(element: Element, role = ''): string {
  const root = element.getRootNode() as Document | ShadowRoot;
  const referenced = (element.getAttribute('aria-labelledby') ?? '')
    .split(/\s+/)
    .map((id) => (id && root.getElementById?.(id)?.textContent) || '')
    .join(' ');
  const labels = [...((element as HTMLInputElement).labels ?? [])]
    .map((label) => label.textContent)
    .join(' ');
  return (
    tidy(referenced) ||
    tidy(element.getAttribute('aria-label') ?? '') ||
    tidy(labels) ||
    (namedByAuthor.test(role) ? '' : tidy(element.textContent ?? '')) ||
    tidy((element as HTMLInputElement).value ?? '') ||
    tidy(element.getAttribute('title') ?? '')
  );
}

const tidy = (text: unknown): string => (typeof text === 'string' ? text.replace(/\s+/g, ' ').trim() : '');

const isVisible = (element: HTMLElement): boolean =>
  element.isConnected && element.getClientRects().length > 0;

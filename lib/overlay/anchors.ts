import type { Anchor } from '../workspace/page-profile.ts';

/** Elements that have a role without saying so. */
const implicit: Record<string, string> = {
  button: 'button,input[type=button],input[type=submit],summary',
  heading: 'h1,h2,h3,h4,h5,h6',
  link: 'a[href]',
  group: 'fieldset,details',
  main: 'main',
  navigation: 'nav',
  checkbox: 'input[type=checkbox]',
  combobox: 'select:not([multiple])',
  row: 'tr',
  banner: 'header',
};

/** The first anchor that leads to exactly one visible element; null when none does (yet). */
export function findAnchor(root: ParentNode, anchors: readonly Anchor[]): HTMLElement | null {
  for (const anchor of anchors) {
    const found = candidates(root, anchor);
    if (found.length === 1 && found[0]) return found[0];
  }
  return null;
}

/** All visible elements that an anchor describes. An anchor that the page's browser cannot read finds nothing. */
export function candidates(root: ParentNode, anchor: Anchor): HTMLElement[] {
  try {
    if ('css' in anchor) return visible(root.querySelectorAll<HTMLElement>(anchor.css));
    const own = implicit[anchor.role];
    const explicit = `[role="${CSS.escape(anchor.role)}"]`;
    const selector = own ? `${explicit},:is(${own}):not([role])` : explicit;
    const name = anchor.name === undefined ? undefined : new RegExp(anchor.name, 'i');
    return visible(root.querySelectorAll<HTMLElement>(selector)).filter(
      (element) =>
        (name === undefined || name.test(accessibleName(element))) &&
        (anchor.within === undefined || element.closest(anchor.within) !== null),
    );
  } catch {
    return [];
  }
}

/**
 * The accessible name as far as pages give it: label by reference, label, text, title.
 * https://www.w3.org/TR/accname-1.2/ (its first, third, sixth and ninth step)
 */
export function accessibleName(element: Element): string {
  const ids = element.getAttribute('aria-labelledby');
  const referenced = ids
    ?.split(/\s+/)
    .map((id) => (element.getRootNode() as Document | ShadowRoot).getElementById?.(id)?.textContent ?? '')
    .join(' ')
    .trim();
  const name =
    referenced ||
    element.getAttribute('aria-label') ||
    element.textContent ||
    element.getAttribute('title') ||
    '';
  return name.replace(/\s+/g, ' ').trim();
}

const visible = (elements: Iterable<HTMLElement>): HTMLElement[] =>
  [...elements].filter((element) => element.isConnected && element.getClientRects().length > 0);

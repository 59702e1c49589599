import type { PageIdentity, PageProfile } from '../workspace/page-profile.ts';

/** Who this page says is signed in, by its profile; a part that the page does not say (any more) is absent. */
export function identityOf(page: Document, { identity = [] }: Pick<PageProfile, 'identity'>): PageIdentity {
  const said: PageIdentity = {};
  for (const { says, css, attribute, pattern } of identity) {
    if (said[says] !== undefined) continue;
    for (const element of elementsOf(page, css)) {
      const text = (attribute === undefined ? element.textContent : element.getAttribute(attribute)) ?? '';
      const id = pattern === undefined ? text.trim() : new RegExp(pattern).exec(text)?.[1];
      if (id) {
        said[says] = id.slice(0, 100);
        break;
      }
    }
  }
  return said;
}

function elementsOf(page: Document, css: string): Iterable<Element> {
  try {
    return page.querySelectorAll(css);
  } catch {
    return [];
  }
}

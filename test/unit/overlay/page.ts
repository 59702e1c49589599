import type { PageProfile } from '../../../lib/workspace/page-profile.ts';

/** Pieces of pages for tests of the overlay, in a document without a layout. */

/** Everything that is in the document counts as visible. */
export function showEverything(): void {
  HTMLElement.prototype.getClientRects = function rects(this: HTMLElement) {
    return (this.closest('[hidden]') ? [] : [{}]) as unknown as DOMRectList;
  };
}

/** Goes to a path of the page, as an application does that is loaded once. */
export const goTo = (path: string): void => history.replaceState(null, '', path);

/** The element with this id. */
export function byId<E extends HTMLElement = HTMLElement>(id: string): E {
  const found = document.getElementById(id);
  if (!found) throw new Error(`There is no #${id}.`);
  return found as E;
}

/** An event as a person makes it. */
export function trusted<E extends Event>(event: E): E {
  Object.defineProperty(event, 'isTrusted', { value: true });
  return event;
}

export const click = (element: Element, type = 'click'): boolean =>
  element.dispatchEvent(trusted(new PointerEvent(type, { bubbles: true, cancelable: true, composed: true })));

/** A list whose rows name their members, and the page of one member. */
export const listProfile: PageProfile = {
  list: { path: '/u' },
  member: { path: '/u/:member', actions: [{ css: 'main' }], native: [], banner: [] },
  deactivation: [
    {
      path: '/u',
      control: [{ css: '.act' }],
      memberFrom: 'row',
      row: '.line',
      memberAttribute: 'data-id',
    },
    { path: '/u/:member', control: [{ css: '#set' }], memberFrom: 'path' },
  ],
};

import { type Appearance, appearanceOf } from './appearance.ts';

/** Our element in the page: closed to it, and the same one for as long as this life of the page lasts. */
export interface ButtonHost {
  /** Puts the element at the end of the anchor, unless it is there already. */
  placeIn(anchor: HTMLElement): void;
  remove(): void;
}

/**
 * Makes the element. `draw` renders into a place within the closed root and is called again whenever the place changes; `styles` is
 * the root's style sheet.
 */
export function createButtonHost(
  styles: string,
  draw: (place: HTMLElement, appearance: Appearance) => void,
): ButtonHost & { redraw(): void } {
  const host = document.createElement('div');
  // The page's own rules for div must not reach it; it takes part in the row like a button of the page.
  host.style.cssText = 'all: initial; display: inline-flex; flex: none; vertical-align: middle;';
  const root = host.attachShadow({ mode: 'closed' });
  const place = document.createElement('span');
  root.append(place);
  adopt(root, styles);
  let appearance: Appearance | undefined;
  const redraw = (): void => {
    if (appearance) draw(place, appearance);
  };
  return {
    placeIn(anchor) {
      if (host.parentNode === anchor && anchor.lastElementChild === host) return;
      appearance = appearanceOf(anchor);
      redraw();
      anchor.append(host);
    },
    remove() {
      host.remove();
    },
    redraw,
  };
}

function adopt(root: ShadowRoot, styles: string): void {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(styles);
    root.adoptedStyleSheets = [sheet];
  } catch {
    // Firefox forbids a content script to share a sheet with the page's document; an element does the same.
    const element = document.createElement('style');
    element.textContent = styles;
    root.append(element);
  }
}

import { type Appearance, appearanceOf } from './appearance.ts';
import { watchSeen } from './seen.ts';

/** An element of ours in the page: closed to it, and the same one for as long as this life of the page lasts. */
export interface Host {
  readonly element: HTMLElement;
  /** Draws again, where it is drawn already. */
  redraw(): void;
  /** Puts the element where `put` puts it; the look follows `model`. */
  place(model: HTMLElement, put: () => void): void;
  remove(): void;
  /** Whether a click in it is a person's own, on what they see; see watchSeen. */
  isSeen(event: MouseEvent): Promise<boolean>;
}

/** Something of ours in the page that shows a view. */
export type Shown<V> = Host & { show(view: V): void };

/**
 * Makes the element. `look` is its own style, `styles` the closed root's style sheet; `draw` renders into a place
 * within that root, and is called again with `null` when the element goes. `signal` ends all of it.
 */
export function createHost(
  look: string,
  styles: string,
  draw: (place: HTMLElement, appearance: Appearance | null) => void,
  signal: AbortSignal,
): Host {
  const element = document.createElement('div');
  const place = document.createElement('div');
  let made = false;
  /** Before it is shown for the first time: on most pages nothing of ours ever is. */
  const make = (): void => {
    made = true;
    // The page's own rules for div must not reach it.
    element.style.cssText = `all: initial; ${look}`;
    const root = element.attachShadow({ mode: 'closed' });
    root.append(place);
    adopt(root, styles);
    // What a person does in here is none of the page's business: its shortcuts and menus do not hear of it.
    for (const type of ours) root.addEventListener(type, (event) => event.stopPropagation());
  };
  let appearance: Appearance | undefined;
  let watched: Element | null = null;
  let seen: ReturnType<typeof watchSeen> | undefined;
  const watch = (): void => {
    if (watched === place.firstElementChild) return;
    seen?.stop();
    watched = place.firstElementChild;
    seen = watched ? watchSeen(watched) : undefined;
  };
  const redraw = (): void => {
    if (appearance) draw(place, appearance);
    watch();
  };
  signal.addEventListener('abort', () => seen?.stop());
  return {
    element,
    redraw,
    place(model, put) {
      if (!made) make();
      appearance = appearanceOf(model);
      redraw();
      put();
    },
    remove() {
      if (!made) return;
      if (appearance) draw(place, null);
      appearance = undefined;
      watch();
      element.remove();
    },
    isSeen: async (event) => (await seen?.of(event)) ?? false,
  };
}

const ours =
  'pointerdown pointerup mousedown mouseup click dblclick keydown keypress keyup focusin focusout wheel'.split(
    ' ',
  );

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

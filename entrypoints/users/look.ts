import { offboardButton, offboardButtonStyles } from '../../components/overlay/offboard-button.ts';
import { runBanner, runBannerStyles } from '../../components/overlay/run-banner.ts';
import type { Appearance } from '../../lib/overlay/appearance.ts';
import { createHost, type Shown } from '../../lib/overlay/host.ts';
import type { UsersLook, UsersParts } from '../../lib/overlay/users-pages.ts';

/** Button and banner in the page, each in an element of ours; `signal` ends them. */
export function createLook({
  setup: { language, direction },
  signal,
}: Pick<UsersParts, 'setup' | 'signal'>): UsersLook {
  /** The page may speak another language, in another direction. */
  const speak = (place: HTMLElement): HTMLElement => Object.assign(place, { lang: language, dir: direction });

  /** An element of ours that shows a view; a press on it counts where a person sees what they press. */
  const shows = <V>(
    look: string,
    styles: string,
    draw: (view: V, dark: boolean, onPress: (event: MouseEvent) => void) => HTMLElement,
    open: () => void,
    covered: () => void,
  ): Shown<V> => {
    let shown: V | undefined;
    const press = (event: MouseEvent): void =>
      void host.isSeen(event).then((seen) => {
        if (seen) open();
        else if (event.isTrusted) covered();
      });
    const host = createHost(
      look,
      styles,
      (place, appearance) => {
        if (!appearance || shown === undefined) place.replaceChildren();
        else {
          follow(speak(place), appearance);
          place.replaceChildren(draw(shown, appearance.dark, press));
        }
      },
      signal,
    );
    return {
      ...host,
      show(view) {
        shown = view;
        host.redraw();
      },
    };
  };

  return {
    createButton: (open, covered) =>
      shows(
        'display: inline-flex; flex: none; vertical-align: middle;',
        offboardButtonStyles,
        ({ label, title }, dark, onPress) => offboardButton({ label, title, dark, onPress }),
        open,
        covered,
      ),
    createBanner: (open, covered) =>
      shows(
        'display: block; flex: none; grid-column: 1 / -1;',
        runBannerStyles,
        (view, dark, onPress) => runBanner({ ...view, dark, onPress }),
        open,
        covered,
      ),
  };
}

/** Lets a place follow the page's font and corners. */
function follow({ style }: HTMLElement, look: Appearance): void {
  style.setProperty('--font', look.fontFamily);
  style.setProperty('--size', look.fontSize);
  style.setProperty('--radius', look.radius);
}

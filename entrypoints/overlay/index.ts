import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script';
import { offboardButton, offboardButtonStyles } from '../../components/overlay/offboard-button.ts';
import { runBanner, runBannerStyles } from '../../components/overlay/run-banner.ts';
import { pageRuntime } from '../../lib/browser/page-runtime.ts';
import { createClient } from '../../lib/messages/client.ts';
import type { OverlaySetup } from '../../lib/messages/overlay-views.ts';
import type { Appearance } from '../../lib/overlay/appearance.ts';
import { createHost, type Shown } from '../../lib/overlay/host.ts';
import { takeOver } from '../../lib/overlay/life.ts';
import { startOverlay } from '../../lib/overlay/overlay.ts';

/**
 * Goes into the pages of connected workspaces alone, registered at run time. It is a plain script rather than a content
 * script of the framework: that one lets any page end it by an event, and it carries what is not needed here.
 */
export default defineUnlistedScript(() => {
  const { alive, sendMessage, listen } = pageRuntime();
  const life = takeOver(alive);
  const { signal } = life;
  const send = createClient(sendMessage);

  const start = async (): Promise<void> => {
    const hello = await send('overlay.hello', {});
    if (signal.aborted) return;
    if (hello.ok && hello.value) run(hello.value);
    else if (hello.ok) life.end();
    // Signed out or offline: the page will be looked at again.
    else addEventListener('focus', () => void start(), { signal, once: true });
  };

  const run = (setup: OverlaySetup): void => {
    const { language, direction } = setup;
    /** The page may speak another language, in another direction. */
    const speak = (place: HTMLElement): HTMLElement =>
      Object.assign(place, { lang: language, dir: direction });

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

    const overlay = startOverlay(setup, {
      send,
      signal,
      alive,
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
      ended: life.end,
    });
    listen((message) => {
      if ((message as { refresh?: unknown } | null)?.refresh === 'overlay.refresh') overlay.refresh();
    }, signal);
  };

  void start();
});

/** Lets a place follow the page's font and corners. */
function follow({ style }: HTMLElement, look: Appearance): void {
  style.setProperty('--font', look.fontFamily);
  style.setProperty('--size', look.fontSize);
  style.setProperty('--radius', look.radius);
}

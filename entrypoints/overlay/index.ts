import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script';
import {
  deactivationGuardStyles,
  showControlNote,
  showDeactivationGuard,
} from '../../components/overlay/deactivation-guard.ts';
import { offboardButton, offboardButtonStyles } from '../../components/overlay/offboard-button.ts';
import { runBanner, runBannerStyles } from '../../components/overlay/run-banner.ts';
import { pageRuntime } from '../../lib/browser/page-runtime.ts';
import { createClient } from '../../lib/messages/client.ts';
import type { OverlaySetup } from '../../lib/messages/protocol.ts';
import type { Appearance } from '../../lib/overlay/appearance.ts';
import type { GuardChoice, GuardState } from '../../lib/overlay/guard.ts';
import { createHost, type Shown } from '../../lib/overlay/host.ts';
import { takeOver } from '../../lib/overlay/life.ts';
import { startOverlay } from '../../lib/overlay/overlay.ts';

/** A danger button does nothing for so long after it appeared, so that a double click cannot reach it; milliseconds. */
const arming = 400;

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
      const press = (event: MouseEvent): void => {
        if (host.isSeen(event)) open();
        else if (event.isTrusted) covered();
      };
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

    let state: GuardState | null = null;
    let since = 0;
    const guard = createHost(
      'position: fixed;',
      deactivationGuardStyles,
      (place, appearance) => {
        if (appearance && state) drawGuard(speak(place), state, { dark: appearance.dark, direction });
        else {
          // Closing gives the focus back to where it was.
          place.querySelector('dialog')?.close();
          place.replaceChildren();
        }
      },
      signal,
    );
    const drawGuard = (
      place: HTMLElement,
      now: GuardState,
      look: { dark: boolean; direction: 'ltr' | 'rtl' },
    ): void => {
      const { kind } = now;
      if (kind === 'note') {
        showControlNote(place, { ...look, at: now.at, text: now.text });
        return;
      }
      const { choose } = now;
      const onCancel = (event: Event): void => {
        if (event.isTrusted) choose('cancel');
      };
      if (kind === 'checking') {
        const cancel = { label: now.cancel, onPress: onCancel };
        showControlNote(place, { ...look, at: now.at, text: now.text, cancel });
        return;
      }
      /** Only a person's own press on what they see; a dangerous one not before they could have read it. */
      const press = (choice: GuardChoice, wait: number) => (event: MouseEvent) => {
        if (performance.now() - since < wait) return;
        if (guard.isSeen(event)) choose(choice);
        else if (event.isTrusted) drawGuard(place, { ...now, alert: setup.texts.covered }, look);
      };
      showDeactivationGuard(place, {
        ...look,
        words: now.modal,
        confirming: now.confirming,
        alert: now.alert,
        onCancel,
        onFirst: press('first', 0),
        onBack: press('back', 0),
        onAnyway: press('anyway', arming),
        onGo: press('go', arming),
      });
    };
    const showGuard = (next: GuardState | null): void => {
      state = next;
      since = performance.now();
      if (!next) {
        guard.remove();
        return;
      }
      // It has to be in the page before it can be put above it.
      if (!guard.element.isConnected) document.documentElement.append(guard.element);
      guard.place(document.body ?? document.documentElement, () => {});
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
      showGuard,
      isGuardGone: () => state !== null && !guard.element.isConnected,
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

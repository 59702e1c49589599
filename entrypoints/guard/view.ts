import {
  deactivationGuardStyles,
  showControlNote,
  showDeactivationGuard,
} from '../../components/overlay/deactivation-guard.ts';
import type { OverlaySetup } from '../../lib/messages/overlay-views.ts';
import type { GuardChoice, GuardState } from '../../lib/overlay/guard.ts';
import type { GuardView } from '../../lib/overlay/holding.ts';
import type { createHost } from '../../lib/overlay/host.ts';

/** A danger button does nothing for so long after it appeared, so that a double click cannot reach it; milliseconds. */
const arming = 400;

/** Ring, note and modal above the page, in an element that `createElement` makes; `signal` ends them. */
export function createView(
  { language, direction, texts }: OverlaySetup,
  createElement: typeof createHost,
  signal: AbortSignal,
): GuardView {
  let state: GuardState | null = null;
  let since = 0;
  const host = createElement(
    'position: fixed;',
    deactivationGuardStyles,
    (place, appearance) => {
      if (appearance && state) {
        // The page may speak another language, in another direction.
        Object.assign(place, { lang: language, dir: direction });
        draw(place, state, { dark: appearance.dark, direction });
        return;
      }
      // Closing gives the focus back to where it was.
      place.querySelector('dialog')?.close();
      place.replaceChildren();
    },
    signal,
  );
  const draw = (
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
    const press =
      (choice: GuardChoice, wait: number) =>
      (event: MouseEvent): void => {
        if (performance.now() - since < wait) return;
        void host.isSeen(event).then((seen) => {
          if (seen) choose(choice);
          else if (event.isTrusted && state === now) {
            state = { ...now, alert: texts.covered };
            // What is drawn anew has to be watched anew.
            host.redraw();
          }
        });
      };
    const { modal, confirming, busy, alert } = now;
    showDeactivationGuard(place, {
      ...look,
      words: modal,
      confirming,
      busy,
      alert,
      onCancel,
      onFirst: press('first', 0),
      onBack: press('back', 0),
      onAnyway: press('anyway', arming),
      onGo: press('go', arming),
    });
  };
  return {
    show(next) {
      state = next;
      since = performance.now();
      if (!next) {
        host.remove();
        return;
      }
      // It has to be in the page before it can be put above it.
      if (!host.element.isConnected) document.documentElement.append(host.element);
      host.place(document.body ?? document.documentElement, () => {});
    },
    isGone: () => state !== null && !host.element.isConnected,
  };
}

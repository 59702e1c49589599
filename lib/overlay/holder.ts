import type { GuardModal, OverlayView } from '../messages/overlay-views.ts';
import type { PageBefore } from '../offboarding/holdups.ts';
import type { AftermathParts, createAftermath } from './aftermath.ts';
import type { Control } from './controls.ts';
import type { Guard, GuardParts, ShowGuard } from './guard.ts';
import { forgetHolding, type GuardView, holding } from './holding.ts';
import { createHost } from './host.ts';
import type { Held } from './intercept.ts';
import type { AskByBrowser } from './last-resort.ts';

export interface HolderParts extends GuardParts, Omit<AftermathParts, 'send' | 'alive' | 'profile'> {
  /** Whether the site is still a connected workspace, as far as is known by now. */
  isConnected(): boolean;
  byBrowser: AskByBrowser;
}

/**
 * Stands for the guard in the overlay, and brings its script in as soon as a control may be used that sets somebody
 * inactive. A use that comes before that script waits for it.
 */
export function createHolder(parts: HolderParts) {
  const { setup, send, signal, alive, byBrowser } = parts;
  forgetHolding();
  let made: { guard: Guard; view: GuardView; aftermath: ReturnType<typeof createAftermath> } | undefined;
  let coming: Promise<unknown> | undefined;
  let isArmed = false;

  const there = (): typeof made => {
    const script = holding();
    if (!made && script) {
      const view = script.createView(setup, createHost, signal);
      const guard = script.createGuard({ ...parts, show: view.show });
      made = { view, guard, aftermath: script.createAftermath(parts) };
    }
    return made;
  };
  const arm = async (): Promise<typeof made> => {
    if (there()) return made;
    coming ??= send('overlay.arm', {}).finally(() => {
      coming = undefined;
    });
    await coming;
    return signal.aborted ? undefined : there();
  };

  /** Where the script cannot be brought in; `record` is called where the answer is yes, so that nothing is lost silently. */
  const ask = async (modal: GuardModal, record: () => Promise<boolean>): Promise<boolean> => {
    if (!(await byBrowser(parts, modal))) return false;
    if (!parts.isConnected() || (await record())) return true;
    alert(setup.texts.unrecorded);
    return false;
  };
  /** The same of the use of a control of which nobody could say what its member owns. */
  const askUnchecked = (member: string): Promise<boolean> =>
    ask(setup.failures[alive() ? 'other' : 'outdated'], async () => {
      // What outlived its extension can tell nobody, and has said so.
      if (!alive()) return true;
      const reply = await send('overlay.bypass', { member });
      return reply.ok || reply.refusal.code === 'notConnected';
    });

  const show: ShowGuard = (state) => made?.view.show(state);

  return {
    show,
    /** Brings the script in, once. */
    arm(): void {
      if (isArmed || !alive()) return;
      isArmed = true;
      void arm();
    },
    decide: async (held: Held, given: AbortSignal): Promise<boolean> =>
      (await arm())?.guard.decide(held, given) ?? askUnchecked(held.member),
    discuss: async (...asked: Parameters<Guard['discuss']>): ReturnType<Guard['discuss']> => {
      const [modal, , record] = asked;
      return (await arm())?.guard.discuss(...asked) ?? ((await ask(modal, record)) ? 'go' : 'cancel');
    },
    tell: async (near: Element, text: string): Promise<void> => (await arm())?.guard.tell(near, text),
    lost: (held: Held): void => made?.guard.lost(held),
    dismiss: (): void => made?.guard.dismiss(),
    isGone: (): boolean => made?.view.isGone() === true,
    /** The click that a run waits for is about to reach the page; with what the page shows until then. */
    used: (control: Control, run: string): PageBefore | undefined => there()?.aftermath.begin(control, run),
    /** It did so before the page was loaded anew. */
    resume: (member: string, { run, before }: NonNullable<OverlayView['passed']>): void =>
      void arm().then((ready) => ready?.aftermath.resume(member, run, before)),
    /** Looks whether the page shows the effect of that click by now. */
    look: (): void => made?.aftermath.look(),
  };
}

import type { Send } from '../messages/client.ts';
import type { GuardModal, OverlaySetup } from '../messages/protocol.ts';
import type { Answer, Checks } from './checks.ts';
import type { Held } from './intercept.ts';

export type GuardChoice = 'first' | 'cancel' | 'anyway' | 'back' | 'go';

/** What stands over the page while a deactivation is held back. */
export type GuardState =
  | { kind: 'checking'; at: DOMRect; text: string; cancel: string; choose(choice: GuardChoice): void }
  | { kind: 'note'; at: DOMRect; text: string }
  | {
      kind: 'modal';
      modal: GuardModal;
      /** The second question is asked. */
      confirming: boolean;
      alert: string | undefined;
      choose(choice: GuardChoice): void;
    };

/** Draws it, above everything else; null: nothing. */
export type ShowGuard = (state: GuardState | null) => void;

export interface GuardParts {
  setup: OverlaySetup;
  send: Send;
  checks: Checks;
  show: ShowGuard;
  /** Whether this script still belongs to a living extension. */
  alive(): boolean;
  reload(): void;
  /** Opens the wizard for a member. */
  open(member: string): void;
  /** The member's name, where the page's own view told it. */
  nameOf(member: string): string | undefined;
}

/** For so long a check says nothing of itself, milliseconds. */
const quiet = 150;
/** A note without buttons stays so long, milliseconds. */
const noteStays = 6_000;

/** Decides about held deactivations together with the admin: nothing passes silently, nothing is blocked silently. */
export function createGuard(parts: GuardParts) {
  const { setup, send, checks, show, alive, reload } = parts;
  let dismiss: (() => void) | undefined;

  /** Shows something with choices, until one is made or the admin's attention was called elsewhere. */
  const choice = (
    given: AbortSignal,
    draw: (choose: (choice: GuardChoice) => void) => void,
  ): Promise<GuardChoice> =>
    new Promise((resolve) => {
      const choose = (made: GuardChoice): void => {
        given.removeEventListener('abort', cancel);
        if (dismiss === cancel) dismiss = undefined;
        resolve(made);
      };
      const cancel = (): void => choose('cancel');
      given.addEventListener('abort', cancel);
      dismiss = cancel;
      draw(choose);
    });

  /** The answer; ring and note appear when it takes longer than one notices. */
  const answer = async (held: Held, given: AbortSignal): Promise<Answer | 'cancel'> => {
    if (!alive()) return { failure: 'outdated' };
    let timer: ReturnType<typeof setTimeout> | undefined;
    const cancelled = choice(given, (choose) => {
      timer = setTimeout(() => {
        const at = held.element.getBoundingClientRect();
        const text = fill(setup.texts.checking, nameOf(held));
        show({ kind: 'checking', at, text, cancel: setup.texts.cancel, choose });
      }, quiet);
    }).then(() => 'cancel' as const);
    const first = await Promise.race([checks.wait(held.member), cancelled]);
    clearTimeout(timer);
    dismiss = undefined;
    show(null);
    return first;
  };

  const nameOf = (held: Held): string => parts.nameOf(held.member) ?? setup.texts.someone;

  /** Shows the modal until the admin chose to go on, to do the first thing, or neither. */
  const discuss = async (
    modal: GuardModal,
    given: AbortSignal,
    record: () => Promise<boolean>,
  ): Promise<'first' | 'cancel' | 'go'> => {
    let confirming = false;
    let alert: string | undefined;
    for (;;) {
      const made = await choice(given, (choose) => show({ kind: 'modal', modal, confirming, alert, choose }));
      alert = undefined;
      if (made === 'first' || made === 'cancel') return made;
      confirming = made !== 'back';
      if (made !== 'go' && (modal.confirm || made === 'back')) continue;
      if (await record()) return 'go';
      alert = setup.texts.unrecorded;
    }
  };

  const decide = async (held: Held, given: AbortSignal): Promise<boolean> => {
    const { member } = held;
    for (;;) {
      const found = await answer(held, given);
      if (found === 'cancel' || given.aborted) return false;
      if ('guard' in found && found.guard.owns === 'none') return true;
      const owned = 'guard' in found && 'modal' in found.guard ? found.guard : undefined;
      const failure = 'failure' in found ? found.failure : 'other';
      const modal = owned?.modal ?? named(setup.failures[alive() ? failure : 'outdated'], nameOf(held));
      const made = await discuss(modal, given, async () => {
        // What outlived its extension can tell nobody; the modal has said so.
        if (!alive()) return true;
        return (await send('overlay.bypass', { member, ...(owned && { counts: owned.counts }) })).ok;
      });
      show(null);
      if (made === 'go') return true;
      if (made === 'cancel') return false;
      if (modal.first?.does === 'wizard') parts.open(member);
      if (modal.first?.does === 'reload') reload();
      if (modal.first?.does !== 'retry') return false;
    }
  };

  return {
    decide,
    discuss,
    /** A line beside an element, for some seconds. */
    tell(element: Element, text: string): void {
      show({ kind: 'note', at: element.getBoundingClientRect(), text });
      setTimeout(() => {
        if (!dismiss) show(null);
      }, noteStays);
    },
    /** What is shown went away without a choice: the same as Cancel. */
    dismiss: () => dismiss?.(),
  };
}

const fill = (text: string, name: string): string => text.replaceAll('{name}', name);

/** The modal with the name in each of its texts. */
const named = (modal: GuardModal, name: string): GuardModal =>
  JSON.parse(JSON.stringify(modal), (_key, value) => (typeof value === 'string' ? fill(value, name) : value));

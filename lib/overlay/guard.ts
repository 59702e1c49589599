import type { Send } from '../messages/client.ts';
import type { GuardModal, OverlayFailure, OverlaySetup } from '../messages/overlay-views.ts';
import type { PageProfile } from '../workspace/page-profile.ts';
import type { Answer, Checks } from './checks.ts';
import { unknownMember } from './controls.ts';
import type { Held } from './intercept.ts';
import { nameInRow } from './row-name.ts';

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
      /** It was answered with yes, which is being recorded: it can still be called off. */
      busy: boolean;
      alert: string | undefined;
      choose(choice: GuardChoice): void;
    };

/** Draws it, above everything else; null: nothing. */
export type ShowGuard = (state: GuardState | null) => void;

/** What the guard asks of the overlay that holds the uses back. */
export interface GuardParts {
  setup: OverlaySetup;
  send: Send;
  checks: Checks;
  /** Whether this script still belongs to a living extension. */
  alive(): boolean;
  reload(): void;
  /** Opens the wizard for a member; `near`: where to say that it could not be opened. */
  open(member: string, near: Element): void;
  /** A member's name, where the page's own view told it. */
  nameOf(member: string): string | undefined;
  /** The profile as it is on the page at that moment. */
  profile(): PageProfile;
  /**
   * Whose a held control is, once the page's own member is known: as it is by now, at the latest in 3 seconds. With the
   * reason where that could not be asked.
   */
  whose(held: Held): Promise<{ member: string | undefined; failure?: OverlayFailure | undefined }>;
  /** Whether a held control is still there, and would still set the same member inactive. */
  isThere(held: Held): boolean;
}

/** For so long a check says nothing of itself, milliseconds. */
const quiet = 150;
/** A note without buttons stays so long, milliseconds. */
const noteStays = 6_000;

/** Decides about held deactivations together with the admin: nothing passes silently, nothing is blocked silently. */
export function createGuard(parts: GuardParts & { show: ShowGuard }) {
  const { setup, send, checks, alive, reload } = parts;
  let dismiss: (() => void) | undefined;
  let noteEnds: ReturnType<typeof setTimeout> | undefined;
  /** Said once what stands over the page now is decided. */
  let later: (() => void) | undefined;
  const recorded = new WeakSet<Held>();

  const show: ShowGuard = (state) => {
    clearTimeout(noteEnds);
    parts.show(state);
  };

  /** Shows something with choices, until one is made or the admin's attention was called elsewhere. */
  const choice = (
    given: AbortSignal,
    draw: (choose: (choice: GuardChoice) => void) => void,
  ): Promise<GuardChoice> =>
    new Promise((resolve) => {
      const choose = (made: GuardChoice): void => {
        given.removeEventListener('abort', stop);
        if (dismiss === cancel) dismiss = undefined;
        resolve(made);
      };
      const cancel = (): void => choose('cancel');
      // What comes next shows itself: nothing may be taken away later than now.
      const stop = (): void => {
        if (dismiss === cancel) show(null);
        cancel();
      };
      if (given.aborted) {
        resolve('cancel');
        return;
      }
      given.addEventListener('abort', stop);
      dismiss = cancel;
      draw(choose);
    });

  /** The answer; ring and note appear when it takes longer than one notices. */
  const answer = async (held: Held, given: AbortSignal): Promise<Answer | 'cancel'> => {
    if (!alive()) return { failure: 'outdated' };
    let timer: ReturnType<typeof setTimeout> | undefined;
    let drop: (choice: GuardChoice) => void = () => {};
    const cancelled = choice(given, (choose) => {
      drop = choose;
      timer = setTimeout(() => {
        const at = held.element.getBoundingClientRect();
        const text = fill(setup.texts.checking, nameOf(held));
        show({ kind: 'checking', at, text, cancel: setup.texts.cancel, choose });
      }, quiet);
    }).then(() => 'cancel' as const);
    const first = await Promise.race([check(held), cancelled]);
    clearTimeout(timer);
    if (given.aborted) return 'cancel';
    drop('cancel');
    show(null);
    return first;
  };

  const check = async (held: Held): Promise<Answer> => {
    if (held.member === unknownMember) {
      const { member, failure = 'other' } = await parts.whose(held);
      // Nobody is set inactive by it.
      if (member === undefined) return { guard: { owns: 'none' } };
      if (member === unknownMember) return { failure };
      held.member = member;
    }
    return checks.wait(held.member);
  };

  const nameOf = (held: Held): string =>
    parts.nameOf(held.member) ?? nameInRow(held, parts.profile(), location) ?? setup.texts.someone;

  /** Whether it was recorded before the admin called it off; what is recorded after that is taken back. */
  const recording = async (
    given: AbortSignal,
    record: () => Promise<boolean>,
    draw: (choose: (choice: GuardChoice) => void) => void,
    withdraw: () => void,
  ): Promise<boolean | 'cancel' | 'back'> => {
    let drop: (choice: GuardChoice) => void = () => {};
    const left = new Promise<'cancel' | 'back'>((resolve) => {
      void choice(given, (choose) => {
        drop = choose;
        draw((made) => {
          if (made === 'cancel' || made === 'back') choose(made);
        });
      }).then((made) => resolve(made === 'back' ? 'back' : 'cancel'));
    });
    const result = record();
    const first = await Promise.race([result, left]);
    drop('cancel');
    if (typeof first !== 'boolean') void result.then((done) => done && withdraw());
    return first;
  };

  /** Shows the modal until the admin chose to go on, to do the first thing, or neither. */
  const discuss = async (
    modal: GuardModal,
    given: AbortSignal,
    record: () => Promise<boolean>,
    name = setup.texts.someone,
    withdraw: () => void = () => {},
  ): Promise<'first' | 'cancel' | 'go'> => {
    let asked = modal;
    let confirming = false;
    let alert: string | undefined;
    let gone = !alive();
    for (;;) {
      const state = { kind: 'modal', modal: asked, confirming, busy: false, alert } as const;
      const made = await choice(given, (choose) => show({ ...state, choose }));
      alert = undefined;
      if (made === 'cancel') return made;
      if (!alive() && !gone) {
        // The extension went meanwhile: nothing of what stood there can be done or recorded any more.
        gone = true;
        asked = named(setup.failures.outdated, name);
        confirming = false;
        continue;
      }
      if (made === 'first') {
        if (asked === modal) return made;
        reload();
        return 'cancel';
      }
      confirming = made !== 'back';
      if (made !== 'go' && (asked.confirm || made === 'back')) continue;
      const busy = { ...state, confirming: asked.confirm !== undefined, busy: true };
      const done = await recording(given, record, (choose) => show({ ...busy, choose }), withdraw);
      if (done === true) return 'go';
      if (done === 'cancel') return done;
      confirming = done !== 'back';
      if (done === false) alert = setup.texts.unrecorded;
    }
  };

  const withdraw = async (held: Held): Promise<void> => {
    const reply = await send('overlay.bypass', { member: held.member, withdrawn: true });
    if (!reply.ok && reply.refusal.code !== 'notConnected') tell(held.element, setup.texts.kept);
  };

  const decideNow = async (held: Held, given: AbortSignal): Promise<boolean> => {
    for (;;) {
      const found = await answer(held, given);
      if (found === 'cancel') return false;
      if ('guard' in found && found.guard.owns === 'none') return true;
      const { member } = held;
      const owned = 'guard' in found && 'modal' in found.guard ? found.guard : undefined;
      const failure = 'failure' in found ? found.failure : 'other';
      const name = nameOf(held);
      const modal = owned?.modal ?? named(setup.failures[alive() ? failure : 'outdated'], name);
      const record = async (): Promise<boolean> => {
        // What outlived its extension can tell nobody; the modal has said so. And what is gone will not happen.
        if (!alive() || !parts.isThere(held)) return true;
        const reply = await send('overlay.bypass', {
          member,
          ...(owned && { counts: owned.counts }),
          ...(name !== setup.texts.someone && { name: name.slice(0, 200) }),
        });
        if (reply.ok) recorded.add(held);
        return reply.ok || reply.refusal.code === 'notConnected';
      };
      const made = await discuss(modal, given, record, name, () => void withdraw(held));
      if (!given.aborted) show(null);
      if (made === 'go') return true;
      if (made === 'cancel') return false;
      if (modal.first?.does === 'wizard') parts.open(member, held.element);
      if (modal.first?.does === 'reload') reload();
      if (modal.first?.does !== 'retry') return false;
    }
  };

  /** What could not be said meanwhile is said now. */
  const settle = (): void => {
    if (dismiss) return;
    const say = later;
    later = undefined;
    say?.();
  };

  const decide = async (held: Held, given: AbortSignal): Promise<boolean> => {
    if (given.aborted) return false;
    return decideNow(held, given).finally(settle);
  };

  /** A line beside an element, for some seconds; while something is decided it waits for that. */
  const tell = (element: Element, text: string): void => {
    if (dismiss) {
      later = () => tell(element, text);
      return;
    }
    show({ kind: 'note', at: element.getBoundingClientRect(), text });
    noteEnds = setTimeout(() => show(null), noteStays);
  };

  return {
    decide,
    /** Asks what is not about one member's control, and takes the question away again. */
    discuss: async (...asked: Parameters<typeof discuss>): ReturnType<typeof discuss> => {
      const made = await discuss(...asked);
      if (!asked[1].aborted) show(null);
      settle();
      return made;
    },
    tell,
    /** The control of a use that was to happen is gone: nothing was done, and nothing shall be recorded. */
    lost(held: Held): void {
      tell(held.element, setup.texts.moved);
      if (recorded.has(held)) void withdraw(held);
    },
    /** What is shown went away without a choice: the same as Cancel. */
    dismiss: () => dismiss?.(),
  };
}

export type Guard = ReturnType<typeof createGuard>;

const fill = (text: string, name: string): string => text.replaceAll('{name}', name);

/** The modal with the name in each of its texts. */
const named = (modal: GuardModal, name: string): GuardModal =>
  JSON.parse(JSON.stringify(modal), (_key, value) => (typeof value === 'string' ? fill(value, name) : value));

import type { Send } from '../messages/client.ts';
import type { GuardView, OverlayFailure } from '../messages/overlay-views.ts';
import { unknownMember } from './controls.ts';
import { failureOf } from './retry.ts';

/** What is known of a member: what the workspace said, or why it could not be asked. */
export type Answer = { guard: Exclude<GuardView, { owns: 'atPress' }> } | { failure: OverlayFailure };

/** An answer that nothing is owned holds for so long; any other only for as long as a hand needs; milliseconds. */
const lifetimes = { none: 10_000, other: 2_000 };
/** The workspace has so long to answer, milliseconds. */
const patience = 3_000;

interface Check {
  /** Undefined: it is told only to who presses. */
  answer: Promise<Answer | undefined>;
  pressed: boolean;
  settled?: { at: number; answer: Answer | undefined };
}

/** Asks what members own, once for many events, and remembers it for a moment. `now` in milliseconds. */
export function createChecks(send: Send, now: () => number = () => performance.now()) {
  const checks = new Map<string, Check>();

  const ask = async (member: string, pressed: boolean): Promise<Answer | undefined> => {
    if (member === unknownMember) return { failure: 'other' };
    const reply = await send('overlay.guard', pressed ? { member, pressed } : { member });
    if (reply.ok) {
      const { value } = reply;
      if (value.owns === 'atPress') return undefined;
      return value.owns === 'late' ? { failure: 'timeout' } : { guard: value };
    }
    // Where nothing is connected (any more), nobody has to be asked.
    if (reply.refusal.code === 'notConnected') return { guard: { owns: 'none' } };
    return { failure: failureOf(reply.refusal) };
  };

  const isYoung = (check: Check | undefined, lifetime: number): boolean =>
    check?.settled !== undefined && now() - check.settled.at <= lifetime;

  /** The settled answer while it holds. */
  const known = (member: string): Answer | undefined => {
    const check = checks.get(member);
    const answer = check?.settled?.answer;
    if (!answer || !('guard' in answer)) return undefined;
    const lifetime = answer.guard.owns === 'none' ? lifetimes.none : lifetimes.other;
    return isYoung(check, lifetime) ? answer : undefined;
  };

  /**
   * Starts a check, unless one is under way or its answer still holds. `pressed`: the control is being used; what
   * only comes near it starts nothing that writes, and does not ask again at once what could not be answered.
   */
  const begin = (member: string, pressed: boolean): Check => {
    const before = checks.get(member);
    if (before && known(member)) return before;
    if (before && !before.settled && before.pressed >= pressed) return before;
    if (before && !pressed && isYoung(before, lifetimes.other)) return before;
    const running = before && !before.settled ? before.answer : undefined;
    const answer =
      running === undefined ? ask(member, pressed) : running.then((found) => found ?? ask(member, pressed));
    const check: Check = { answer, pressed };
    checks.set(member, check);
    void answer.then((found) => {
      check.settled = { at: now(), answer: found };
    });
    return check;
  };

  return {
    begin(member: string, pressed = false): void {
      begin(member, pressed);
    },
    /** Whether it is known by now that the member owns nothing. */
    ownsNothing(member: string): boolean {
      const answer = known(member);
      return !!answer && 'guard' in answer && answer.guard.owns === 'none';
    },
    /** The run that waits for just this member to be set inactive, as far as is known by now. */
    passing(member: string): string | undefined {
      const answer = known(member);
      return answer && 'guard' in answer && 'passes' in answer.guard ? answer.guard.passes : undefined;
    },
    /** The answer for who has pressed, or the failure `timeout` when there is none within 3 seconds from now. */
    async wait(member: string): Promise<Answer> {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const late = new Promise<Answer>((resolve) => {
        timer = setTimeout(() => resolve({ failure: 'timeout' }), patience);
      });
      const check = begin(member, true);
      const answer = (await Promise.race([check.answer, late])) ?? { failure: 'other' };
      clearTimeout(timer);
      // An answer that never came must not be waited for again.
      if ('failure' in answer && !check.settled && checks.get(member) === check) checks.delete(member);
      return answer;
    },
    /** What was known does not hold any more. */
    forget: () => checks.clear(),
  };
}

export type Checks = ReturnType<typeof createChecks>;

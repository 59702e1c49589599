import type { Send } from '../messages/client.ts';
import type { GuardView, OverlayFailure } from '../messages/protocol.ts';

/** What is known of a member: what the workspace said, or why it could not be asked. */
export type Answer = { guard: GuardView } | { failure: OverlayFailure };

/** An answer that nothing is owned holds for so long; any other only for as long as a hand needs; milliseconds. */
const lifetimes = { none: 10_000, other: 2_000 };
/** The workspace has so long to answer, milliseconds. */
const patience = 3_000;

interface Check {
  answer: Promise<Answer>;
  settled?: { at: number; answer: Answer };
}

/** Asks what members own, once for many events, and remembers it for a moment. `now` in milliseconds. */
export function createChecks(send: Send, now: () => number = () => performance.now()) {
  const checks = new Map<string, Check>();

  const ask = async (member: string): Promise<Answer> => {
    const reply = await send('overlay.guard', { member });
    if (reply.ok) return reply.value.owns === 'late' ? { failure: 'timeout' } : { guard: reply.value };
    const { code } = reply.refusal;
    return { failure: code === 'signedOut' || code === 'unreachable' ? code : 'other' };
  };

  /** The settled answer while it holds. */
  const known = (member: string): Answer | undefined => {
    const settled = checks.get(member)?.settled;
    if (!settled || !('guard' in settled.answer)) return undefined;
    const lifetime = settled.answer.guard.owns === 'none' ? lifetimes.none : lifetimes.other;
    return now() - settled.at <= lifetime ? settled.answer : undefined;
  };

  /** Starts a check, unless one is under way or its answer still holds. */
  const begin = (member: string): Check => {
    const running = checks.get(member);
    if (running && (!running.settled || known(member))) return running;
    const check: Check = { answer: ask(member) };
    checks.set(member, check);
    void check.answer.then((answer) => {
      check.settled = { at: now(), answer };
    });
    return check;
  };

  return {
    begin,
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
    /** The answer, or the failure `timeout` when there is none within 3 seconds from now. */
    async wait(member: string): Promise<Answer> {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const late = new Promise<Answer>((resolve) => {
        timer = setTimeout(() => resolve({ failure: 'timeout' }), patience);
      });
      const check = begin(member);
      const answer = await Promise.race([check.answer, late]);
      clearTimeout(timer);
      // An answer that never came must not be waited for again.
      if ('failure' in answer && checks.get(member) === check) checks.delete(member);
      return answer;
    },
    /** What was known does not hold any more. */
    forget: () => checks.clear(),
  };
}

export type Checks = ReturnType<typeof createChecks>;

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Send } from '../../../lib/messages/client.ts';
import { createChecks } from '../../../lib/overlay/checks.ts';

type Answer = { ok: true; value: unknown } | { ok: false; refusal: { code: string; detail: string } };

describe('W1.4 the check of what a member owns', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const setUp = (answer: () => Promise<Answer>) => {
    const send = vi.fn(answer);
    return { send, checks: createChecks(send as unknown as Send, () => Date.now()) };
  };
  const owns = (what: string) => async (): Promise<Answer> => ({ ok: true, value: { owns: what } });

  it('asks once while an answer is on its way, and remembers "nothing" for ten seconds', async () => {
    const { send, checks } = setUp(owns('none'));
    checks.begin('a');
    checks.begin('a');
    expect(checks.ownsNothing('a')).toBe(false);
    await vi.advanceTimersByTimeAsync(0);
    expect(checks.ownsNothing('a')).toBe(true);
    checks.begin('a');
    expect(send).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(10_001);
    expect(checks.ownsNothing('a')).toBe(false);
    checks.begin('a');
    expect(send).toHaveBeenCalledTimes(2);
    expect(checks.ownsNothing('b')).toBe(false);
  });

  it.each(['some', 'unknown', 'late'])('never takes "%s" for nothing', async (what) => {
    const { checks } = setUp(owns(what));
    checks.begin('a');
    await vi.advanceTimersByTimeAsync(0);
    expect(checks.ownsNothing('a')).toBe(false);
  });

  it('gives up after three seconds, and asks anew the next time', async () => {
    const { send, checks } = setUp(() => new Promise(() => {}));
    const waiting = checks.wait('a');
    await vi.advanceTimersByTimeAsync(2_999);
    expect(await Promise.race([waiting, 'still waiting'])).toBe('still waiting');
    await vi.advanceTimersByTimeAsync(1);
    expect(await waiting).toEqual({ failure: 'timeout' });
    void checks.wait('a');
    expect(send).toHaveBeenCalledTimes(2);
  });

  it.each([
    ['signedOut', 'signedOut'],
    ['unreachable', 'unreachable'],
    ['internal', 'other'],
    ['malformed', 'other'],
  ])('says of the refusal %s: %s', async (code, failure) => {
    const { checks } = setUp(async () => ({ ok: false, refusal: { code, detail: '' } }));
    expect(await checks.wait('a')).toEqual({ failure });
    expect(checks.ownsNothing('a')).toBe(false);
  });

  it('forgets everything when it is told to', async () => {
    const { checks } = setUp(owns('none'));
    checks.begin('a');
    await vi.advanceTimersByTimeAsync(0);
    checks.forget();
    expect(checks.ownsNothing('a')).toBe(false);
  });
});

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Send } from '../../../lib/messages/client.ts';
import { createChecks } from '../../../lib/overlay/checks.ts';
import { unknownMember } from '../../../lib/overlay/controls.ts';

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

  it('issue 4: what only comes near never starts what writes; a press asks for that anew', async () => {
    const { send, checks } = setUp(async () => ({ ok: true, value: { owns: 'none' } }));
    send.mockImplementationOnce(owns('atPress'));
    checks.begin('a');
    await vi.advanceTimersByTimeAsync(0);
    expect(send.mock.calls).toEqual([['overlay.guard', { member: 'a' }]]);
    expect(checks.ownsNothing('a')).toBe(false);
    expect(await checks.wait('a')).toEqual({ guard: { owns: 'none' } });
    expect(send.mock.calls.at(-1)).toEqual(['overlay.guard', { member: 'a', pressed: true }]);
    // The same while the first answer is still on its way.
    send.mockImplementationOnce(owns('atPress'));
    checks.begin('b');
    expect(await checks.wait('b')).toEqual({ guard: { owns: 'none' } });
    expect(send.mock.calls.slice(-2)).toEqual([
      ['overlay.guard', { member: 'b' }],
      ['overlay.guard', { member: 'b', pressed: true }],
    ]);
  });

  it('issue 4: keeps a failure for a moment for what only comes near, and asks again for a press', async () => {
    const { send, checks } = setUp(async () => ({ ok: false, refusal: { code: 'unreachable', detail: '' } }));
    checks.begin('a');
    await vi.advanceTimersByTimeAsync(0);
    checks.begin('a');
    expect(send).toHaveBeenCalledTimes(1);
    checks.begin('a', true);
    expect(send).toHaveBeenCalledTimes(2);
    await vi.advanceTimersByTimeAsync(2_001);
    checks.begin('a');
    expect(send).toHaveBeenCalledTimes(3);
  });

  it('issue 4: nobody has to be asked where nothing is connected any more', async () => {
    const { checks } = setUp(async () => ({ ok: false, refusal: { code: 'notConnected', detail: '' } }));
    expect(await checks.wait('a')).toEqual({ guard: { owns: 'none' } });
  });

  it('issue 6: asks nobody about a member who is not known', async () => {
    const { send, checks } = setUp(owns('none'));
    expect(await checks.wait(unknownMember)).toEqual({ failure: 'other' });
    expect(send).not.toHaveBeenCalled();
  });

  it('forgets everything when it is told to', async () => {
    const { checks } = setUp(owns('none'));
    checks.begin('a');
    await vi.advanceTimersByTimeAsync(0);
    checks.forget();
    expect(checks.ownsNothing('a')).toBe(false);
  });
});

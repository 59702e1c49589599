import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { paced } from '../../../lib/overlay/pace.ts';

describe('R6 the pace of looking again', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const setUp = () => {
    const controller = new AbortController();
    const work = vi.fn();
    return { controller, work, soon: paced(work, controller.signal) };
  };

  it('looks once for many changes, before anything else happens', async () => {
    const { work, soon } = setUp();
    for (let turn = 0; turn < 100; turn += 1) soon();
    expect(work).not.toHaveBeenCalled();
    await Promise.resolve();
    expect(work).toHaveBeenCalledTimes(1);
  });

  it('looks at most some 20 times in a second of endless change, and at once again after a rest', async () => {
    const { work, soon } = setUp();
    for (let time = 0; time < 1_000; time += 5) {
      soon();
      await vi.advanceTimersByTimeAsync(5);
    }
    expect(work.mock.calls.length).toBeGreaterThan(10);
    expect(work.mock.calls.length).toBeLessThanOrEqual(21);
    await vi.advanceTimersByTimeAsync(500);
    work.mockClear();
    soon();
    await Promise.resolve();
    expect(work).toHaveBeenCalledTimes(1);
  });

  it('looks no more once it was ended', async () => {
    const { controller, work, soon } = setUp();
    soon();
    controller.abort();
    await vi.advanceTimersByTimeAsync(500);
    soon();
    await vi.advanceTimersByTimeAsync(500);
    expect(work).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });
});

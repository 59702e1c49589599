import { describe, expect, it } from 'vitest';
import {
  isSlower,
  paceOf,
  roundLength,
  type Sample,
  waitOf,
  withSample,
} from '../../../lib/panel/time-left.ts';

const samples = (...given: [seconds: number, done: number, waiting?: boolean][]): Sample[] =>
  given.map(([at, done, waiting = false]) => ({ at: at * 1_000, done, waiting }));

describe('U6 an honest time left', () => {
  it('says nothing before 10 s and 50 items', () => {
    expect(paceOf(samples([0, 0], [9, 400]), 1_000)).toBeUndefined();
    expect(paceOf(samples([0, 0], [20, 49]), 1_000)).toBeUndefined();
    expect(paceOf(samples([0, 0], [10, 50]), 1_000)).toEqual({ perMinute: 300, left: 190_000 });
  });

  it('takes waits out of the pace', () => {
    const pace = paceOf(samples([0, 0], [10, 100, true], [40, 100], [50, 200]), 400);
    expect(pace).toEqual({ perMinute: 600, left: 20_000 });
  });

  it('gives no estimate while it waits, or when nothing moves', () => {
    expect(paceOf(samples([0, 0], [20, 100, true]), 400)).toBeUndefined();
    expect(paceOf(samples([0, 100], [20, 100]), 400)).toBeUndefined();
  });

  it('looks back over one minute only', () => {
    let kept: Sample[] = [];
    for (let second = 0; second <= 180; second += 1)
      kept = withSample(kept, {
        at: second * 1_000,
        done: second < 100 ? second : 100 + (second - 100) * 10,
        waiting: false,
      });
    expect(paceOf(kept, 2_000)?.perMinute).toBe(600);
  });

  it('rounds as one speaks', () => {
    expect(roundLength(59_000)).toEqual({ unit: 'less' });
    expect(roundLength(4 * 60_000 + 20_000)).toEqual({ unit: 'minutes', minutes: 4 });
    expect(roundLength(78 * 60_000)).toEqual({ unit: 'hours', hours: 1, minutes: 20 });
    expect(roundLength(119 * 60_000)).toEqual({ unit: 'hours', hours: 2, minutes: 0 });
  });

  it('admits that it grew by half', () => {
    expect(isSlower(100_000, 151_000)).toBe(true);
    expect(isSlower(100_000, 149_000)).toBe(false);
    expect(isSlower(undefined, 149_000)).toBe(false);
  });
});

describe('what a run waits for', () => {
  const now = new Date('2026-11-22T09:00:00.000Z');
  const at = (seconds: number): string => new Date(now.getTime() + seconds * 1_000).toISOString();
  const wait = { until: at(90), asked: true, detail: 'Too many requests.' };
  const retry = { tries: 2, resumeAt: at(4), detail: 'It is not available for now.' };

  it('is the longer one of its writes and its reads, as long as it lasts', () => {
    expect(waitOf({ phase: 'executing', wait, retry }, now)).toMatchObject({ seconds: 90, asked: true });
    expect(waitOf({ phase: 'executing', retry }, now)).toMatchObject({ seconds: 4, asked: false });
    expect(waitOf({ phase: 'stopping', retry }, now)).toMatchObject({ detail: retry.detail });
    expect(waitOf({ phase: 'executing', wait }, new Date(at(90)))).toBeUndefined();
    expect(waitOf({ phase: 'paused', retry }, now)).toBeUndefined();
    expect(waitOf({ phase: 'executing' }, now)).toBeUndefined();
  });
});

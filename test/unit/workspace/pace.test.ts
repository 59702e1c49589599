import { describe, expect, it } from 'vitest';
import { createDispatcher } from '../../../lib/workspace/dispatcher.ts';
import {
  answered,
  createPacerState,
  earliest,
  type PacerState,
  sent,
  settled,
} from '../../../lib/workspace/pacer.ts';
import { readRateLimit } from '../../../lib/workspace/ratelimit.ts';
import { createFakeClock } from './fake-clock.ts';

interface Answer {
  status: number;
  headers: Record<string, string>;
}
/** A workspace's limit: what it answers at a time in milliseconds. */
type Limit = (now: number) => Answer;

const refused = (wait: number): Answer => ({
  status: 429,
  headers: { 'retry-after': String(Math.max(1, Math.ceil(wait / 1000))) },
});

/** A bucket of `burst` requests that refills by `perSecond`; it tells what is left when `publishes`. */
function bucket(perSecond: number, burst: number, publishes = true): Limit {
  let tokens = burst;
  let at = 0;
  return (now) => {
    tokens = Math.min(burst, tokens + ((now - at) / 1000) * perSecond);
    at = now;
    const granted = tokens >= 1;
    if (granted) tokens -= 1;
    const answer = granted ? { status: 200, headers: {} } : refused(((1 - tokens) / perSecond) * 1000);
    if (!publishes) return answer;
    const full = Math.ceil((burst - tokens) / perSecond);
    const fields = {
      'ratelimit-policy': `"default";q=${perSecond};w=1`,
      ratelimit: `"default";r=${Math.floor(tokens)};t=${full}`,
    };
    return { status: answer.status, headers: { ...answer.headers, ...fields } };
  };
}

/** `quota` requests in each window of so many milliseconds. */
function windows(quota: number, window: number): Limit {
  let current = -1;
  let used = 0;
  return (now) => {
    // Windows do not begin when the first request comes.
    const index = Math.floor((now + window * 0.37) / window);
    if (index !== current) used = 0;
    current = index;
    const ends = (index + 1) * window - window * 0.37 - now;
    used += 1;
    const fields = {
      'ratelimit-policy': `"hour";q=100000;w=3600, "default";q=${quota};w=${window / 1000}`,
      ratelimit: `"default";r=${Math.max(0, quota - used)};t=${Math.ceil(ends / 1000)}`,
    };
    if (used <= quota) return { status: 200, headers: fields };
    return { status: 429, headers: { ...refused(ends).headers, ...fields } };
  };
}

/** Sends until `total` requests were let through; time until the last one, in seconds, and the share of 429s. */
async function run(limit: Limit, total: number, options: { latency?: number; concurrency?: number } = {}) {
  const { latency = 50, concurrency = 16 } = options;
  const clock = createFakeClock();
  const dispatcher = createDispatcher({ limits: { concurrency }, clock });
  let throttled = 0;
  let jitter = 1;
  const one = async (): Promise<void> => {
    const status = await dispatcher.dispatch({}, async (report) => {
      // The way there takes a third of the time, more or less, the same at every run of the test.
      jitter = (jitter * 16807) % 2147483647;
      const there = (latency / 3) * (0.8 + (0.4 * jitter) / 2147483647);
      await clock.wait(there);
      const answer = limit(clock.elapsed());
      await clock.wait(latency - there);
      report({ status: answer.status, headers: new Headers(answer.headers) });
      return answer.status;
    });
    if (status !== 429) return;
    throttled += 1;
    await one();
  };
  await clock.until(Promise.all(Array.from({ length: total }, one)));
  return { seconds: clock.elapsed() / 1000, throttled: throttled / (total + throttled) };
}

describe('the pace, against limits of several kinds', () => {
  it('takes at most 1.05 of the ideal time with under 1 % of 429s: a bucket with room for more than a second', async () => {
    const { seconds, throttled } = await run(bucket(20, 60), 1000);
    expect(seconds / ((1000 - 60) / 20)).toBeLessThanOrEqual(1.05);
    expect(throttled).toBeLessThan(0.01);
  });

  it('… a small bucket', async () => {
    const { seconds, throttled } = await run(bucket(50, 10), 1000);
    expect(seconds / (1000 / 50)).toBeLessThanOrEqual(1.05);
    expect(throttled).toBeLessThan(0.01);
  });

  it.each([
    [3, 20, 1.05],
    // It takes some answers until it knows how many requests may be in flight, and these are long.
    [12, 600, 1.1],
  ])('… a bucket of %i with answers after %i ms', async (burst, latency, bound) => {
    const { seconds, throttled } = await run(bucket(20, burst), 600, { latency, concurrency: 40 });
    expect(seconds / (600 / 20)).toBeLessThanOrEqual(bound);
    expect(throttled).toBeLessThan(0.01);
  });

  it.each([1, 2])('… and goes on where a bucket of %i leaves no room for any difference', async (burst) => {
    const { seconds, throttled } = await run(bucket(20, burst), 600, { latency: 20 });
    expect(seconds / (600 / 20)).toBeLessThanOrEqual(2);
    expect(throttled).toBeLessThan(0.05);
  });

  it('sends no more at once after a rest than the bucket holds', async () => {
    const limit = bucket(20, 30);
    const clock = createFakeClock();
    const dispatcher = createDispatcher({ limits: { concurrency: 64 }, clock });
    const statuses: number[] = [];
    const burst = (count: number) =>
      clock.until(
        Promise.all(
          Array.from({ length: count }, () =>
            dispatcher.dispatch({}, async (report) => {
              const answer = limit(clock.elapsed());
              await clock.wait(100);
              report({ status: answer.status, headers: new Headers(answer.headers) });
              statuses.push(answer.status);
            }),
          ),
        ),
      );
    await burst(100);
    await clock.until(clock.wait(3_600_000));
    await burst(60);
    expect(statuses.filter((status) => status === 429)).toEqual([]);
  });

  it('… windows of a second', async () => {
    const { seconds, throttled } = await run(windows(20, 1000), 1000);
    expect(seconds / (1000 / 20)).toBeLessThanOrEqual(1.05);
    expect(throttled).toBeLessThan(0.01);
  });

  it('… windows of a minute', async () => {
    const { seconds, throttled } = await run(windows(600, 60_000), 3000);
    expect(seconds / (3000 / 10)).toBeLessThanOrEqual(1.05);
    expect(throttled).toBeLessThan(0.01);
  });

  it('is ten times as fast as one after the other where latency rules', async () => {
    const { seconds } = await run(() => ({ status: 200, headers: {} }), 1000);
    expect((1000 * 0.05) / seconds).toBeGreaterThanOrEqual(10);
  });

  it('finds a limit that nobody publishes', async () => {
    const { seconds, throttled } = await run(bucket(20, 20, false), 2000);
    expect(seconds / (2000 / 20)).toBeLessThanOrEqual(1.3);
    expect(throttled).toBeLessThan(0.05);
  });

  it.each([
    ['tighter', 40, 10],
    ['wider', 10, 40],
  ])('follows a limit that becomes %s midway', async (_name, before, after) => {
    const first = bucket(before, before);
    const second = bucket(after, after);
    const { seconds, throttled } = await run((now) => (now < 10_000 ? first(now) : second(now)), 600);
    expect(seconds / (10 + (600 - before * 10) / after)).toBeLessThanOrEqual(1.1);
    // Those in flight at that moment cannot know; nobody else is refused.
    expect(throttled).toBeLessThanOrEqual(16 / 600);
  });

  it('spreads what is left of a window instead of sending it at once', async () => {
    const limit = windows(30, 30_000);
    const times: number[] = [];
    await run((now) => {
      times.push(now);
      return limit(now);
    }, 40);
    const perSecond = new Map<number, number>();
    for (const time of times)
      perSecond.set(Math.floor(time / 1000), (perSecond.get(Math.floor(time / 1000)) ?? 0) + 1);
    expect(Math.max(...perSecond.values())).toBeLessThanOrEqual(4);
  });
});

describe('the pace, once everything is let through again', () => {
  /** Answers everything with this status, as soon as it may go, until so long has passed. */
  const during = (state: PacerState, from: number, span: number, status: number) => {
    let now = from;
    let count = 0;
    for (; earliest(state, now) - from < span; count += 1) {
      now = Math.max(now, earliest(state, now));
      const request = state.next;
      state = sent(state, now);
      now += 50;
      state = answered(state, now, { request, status, retryAfter: undefined, advertised: [] });
      state = settled(state, request);
    }
    return { state, now, count };
  };

  it('is back within a minute after an hour of 429s that say nothing', () => {
    const minute = 60_000;
    const free = during(createPacerState({ concurrency: 4 }), 1_000_000, minute, 200);
    const refused = during(free.state, free.now, 60 * minute, 429);
    // It has asked all the time, and not oftener than every half minute in the end.
    expect(refused.count).toBeGreaterThan(60 * 1.5);
    expect(refused.count).toBeLessThan(60 * 2 + 20);
    expect(earliest(refused.state, refused.now) - refused.now).toBeLessThanOrEqual(40_000);
    const back = during(refused.state, refused.now, 2 * minute, 200);
    const then = during(back.state, back.now, minute, 200);
    expect(then.count).toBeGreaterThan(free.count * 0.8);
  });

  it('is not lost where nothing had ever been let through', () => {
    const minute = 60_000;
    const refused = during(createPacerState({ concurrency: 4 }), 1_000_000, 60 * minute, 429);
    const back = during(refused.state, refused.now, 2 * minute, 200);
    expect(during(back.state, back.now, minute, 200).count).toBeGreaterThan(50);
  });
});

describe('RateLimit fields', () => {
  it('are read as the draft writes them', () => {
    const headers = new Headers({
      'RateLimit-Policy': '"burst";q=100;w=60, "daily, all";q=1000;w=86400;pk=:dHJpYWw=:',
      RateLimit: '"burst";r=50;t=30',
    });
    expect(readRateLimit(headers)).toEqual([
      { name: 'burst', quota: 100, window: 60_000, remaining: 50, resetsIn: 30_000 },
      { name: 'daily, all', quota: 1000, window: 86_400_000 },
    ]);
  });

  it('are left out where they count something else, or say nothing that can be read', () => {
    const headers = new Headers({
      'RateLimit-Policy': '"bytes";q=65535;qu="content-bytes";w=10, "odd";q=many',
      RateLimit: '"bytes";r=5;t=1, limit=5, ;;, "plain"',
    });
    expect(readRateLimit(headers)).toEqual([]);
    expect(readRateLimit(new Headers())).toEqual([]);
  });
});

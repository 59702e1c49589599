import type { RequestHandler, Response } from 'express';
import { Problem } from './problem.ts';
import { sessionIn } from './sessions.ts';

export interface Limit {
  /** Requests per second; 0: no limit. */
  rate: number;
  /** Requests that a session may make at once before the rate rules. */
  burst: number;
  /** Milliseconds that every answer is held back. */
  latency: number;
}

export interface Limiter {
  limit: Limit;
  /** Requests that were let through and that were answered 429, since the start or the last `set`. */
  readonly counts: { passed: number; throttled: number };
  /** Changes the limit; buckets start full again and counts at zero. */
  set(change: Partial<Limit>): void;
  readonly middleware: RequestHandler;
}

/**
 * A token bucket for each session. Answers carry RateLimit and RateLimit-Policy
 * (draft-ietf-httpapi-ratelimit-headers); what is over it gets 429 with Retry-After in whole seconds (RFC 9110).
 * @param clock milliseconds that only grow
 */
export function createLimiter(initial: Limit, clock: () => number = () => performance.now()): Limiter {
  const buckets = new Map<string, { tokens: number; at: number }>();
  let policy = policyOf(initial);

  const take = (session: string, response: Response) => {
    const { rate, burst } = limiter.limit;
    if (rate <= 0) return;
    const now = clock();
    let bucket = buckets.get(session);
    if (!bucket) {
      bucket = { tokens: burst, at: now };
      buckets.set(session, bucket);
    }
    bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.at) / 1000) * rate);
    bucket.at = now;
    const granted = bucket.tokens >= 1;
    if (granted) bucket.tokens -= 1;
    const full = Math.ceil((burst - bucket.tokens) / rate);
    response.setHeader('RateLimit-Policy', policy);
    response.setHeader('RateLimit', `"default";r=${Math.floor(bucket.tokens)};t=${full}`);
    if (granted) return;
    limiter.counts.throttled += 1;
    const wait = Math.max(1, Math.ceil((1 - bucket.tokens) / rate));
    throw new Problem(429, 'too-many-requests', 'Too many requests', `Try again in ${wait} s.`, {
      headers: { 'Retry-After': String(wait) },
    });
  };

  const limiter: Limiter = {
    limit: { ...initial },
    counts: { passed: 0, throttled: 0 },
    set(change) {
      limiter.limit = { ...limiter.limit, ...change };
      policy = policyOf(limiter.limit);
      buckets.clear();
      limiter.counts.passed = 0;
      limiter.counts.throttled = 0;
    },
    middleware: (_request, response, next) => {
      take(sessionIn(response).id, response);
      limiter.counts.passed += 1;
      if (limiter.limit.latency > 0) setTimeout(next, limiter.limit.latency);
      else next();
    },
  };
  return limiter;
}

/** The policy as a quota in the smallest window of whole seconds that says the rate exactly (at most a minute). */
function policyOf({ rate }: Limit): string {
  let window = 1;
  while (window < 60 && !Number.isInteger(rate * window)) window += 1;
  return `"default";q=${Math.max(1, Math.round(rate * window))};w=${window}`;
}

import type { Limit, Limiter } from '../limits.ts';
import type { Variants } from './variants.ts';
import { ApiError } from './wire.ts';

/** A token bucket for each key that says nothing of itself: a 429, and of the wait what the variant says. */
export function createKeyLimiter(initial: Limit, variants: Variants): Limiter {
  const buckets = new Map<string, { tokens: number; at: number }>();
  const limiter: Limiter = {
    limit: { ...initial },
    counts: { passed: 0, throttled: 0 },
    set(change) {
      limiter.limit = { ...limiter.limit, ...change };
      buckets.clear();
      limiter.counts.passed = 0;
      limiter.counts.throttled = 0;
    },
    middleware(request, _response, next) {
      const { rate, burst, latency } = limiter.limit;
      const key = request.headers.authorization ?? '';
      const now = performance.now();
      const bucket = buckets.get(key) ?? { tokens: burst, at: now };
      buckets.set(key, bucket);
      bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.at) / 1000) * rate);
      bucket.at = now;
      if (rate > 0 && bucket.tokens < 1) {
        limiter.counts.throttled += 1;
        const seconds = String(Math.max(1, Math.ceil((1 - bucket.tokens) / rate)));
        const said = { seconds, none: undefined, words: 'in a moment' }[variants.retryAfter];
        throw new ApiError(429, 'Too many requests', said === undefined ? {} : { 'Retry-After': said });
      }
      if (rate > 0) bucket.tokens -= 1;
      limiter.counts.passed += 1;
      if (latency > 0) setTimeout(next, latency);
      else next();
    },
  };
  return limiter;
}

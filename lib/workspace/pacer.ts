import type { Advertised } from './ratelimit.ts';

/**
 * When may the next request go? A pure reckoning: what is known in, a time out. Times are milliseconds since the
 * epoch. It paces evenly at what the workspace publishes (RateLimit-Policy), spends at once what it says is left
 * over (RateLimit), waits as it is told (Retry-After), and where nothing is published finds the limit from 429s.
 */
export interface PacerState {
  readonly ceiling: number;
  /** Requests that may be in flight now: 1 at first, one more with each answer, up to `ceiling`. */
  readonly concurrency: number;
  readonly inFlight: readonly { readonly request: number; readonly at: number }[];
  /** Number of the next request. */
  readonly next: number;
  readonly blockedUntil: number;
  /** When an evenly paced request would be due. */
  readonly due: number;
  readonly limits: readonly KnownLimit[];
  /** Requests a millisecond, as configured or found out; undefined: not known. */
  readonly found: number | undefined;
  /** The rate at which requests were last seen to be let through: to that it returns quickly. */
  readonly measured: number | undefined;
  /** Share of the known rate that is used: below 1 for a while after a 429. */
  readonly share: number;
  readonly shareAt: number;
  /** Requests that are left in a bucket: they may overtake each other on the way. More after each 429. */
  readonly spare: number;
  /** Number of the first request after the last 429 that counted. */
  readonly slowedAt: number;
  /** When the last requests went that were not answered 429; at most `memory` of them. */
  readonly accepted: readonly number[];
  /** 429s and the like in a row that did not say how long to wait. */
  readonly unsaid: number;
}

interface KnownLimit {
  readonly name: string;
  readonly quota: number | undefined;
  readonly window: number | undefined;
  /** The most that was ever left. */
  readonly capacity: number;
  /** It was seen to refill bit by bit (a bucket), and not to start anew with each window. */
  readonly refills: boolean;
  /** What a bucket can hold at most at a time, reckoned from the requests that went. */
  readonly fill: { readonly most: number; readonly at: number };
  /** What is being watched to find that out: since when, and the least that was left. */
  readonly watch: { readonly of: number; readonly at: number; readonly lowest: number } | undefined;
  readonly left: Left | undefined;
  /** The latest of them, as many as can be in flight. */
  readonly reports: readonly Left[];
}

/** What was left when request number `of` was answered, and until when that holds. */
interface Left {
  readonly of: number;
  readonly remaining: number;
  /** When that request went. What went later reaches the workspace as much later, if all ways are equally long. */
  readonly sentAt: number;
  /** When the answer came. */
  readonly at: number;
  readonly span: number;
  readonly until: number;
}

/** An answer as far as the pace depends on it; status 0: none came. */
export interface PacerAnswer {
  request: number;
  status: number;
  retryAfter: number | undefined;
  advertised: readonly Advertised[];
}

const memory = 128;
const mostSpare = 9;
/** How late a timer may be and still be made up for. */
const lateness = 25;
/** Evenly, but a hair under the limit: clocks and networks differ. */
const margin = 0.98;
/** Longer windows than this are quotas: they are used up as needed, not spread. */
const longestPacedWindow = 60_000;
/** Slower limits than one in so many milliseconds are used up as needed too: nobody should wait for a search. */
const slowestPace = 2000;
const recoveryPerMillisecond = 0.05 / 1000;
/** However long everything is refused: one request in so many milliseconds finds out that it is not any more. */
const slowestFound = 1 / 10_000;
const growthPerMillisecond = 0.002 / 1000;

/** Nothing known but how many requests may be in flight and, perhaps, the requests a second that are published. */
export function createPacerState(limits: {
  concurrency: number;
  requestsPerSecond?: number | undefined;
}): PacerState {
  return {
    ceiling: Math.max(1, limits.concurrency),
    concurrency: 1,
    inFlight: [],
    next: 1,
    blockedUntil: 0,
    due: 0,
    limits: [],
    found: limits.requestsPerSecond === undefined ? undefined : limits.requestsPerSecond / 1000,
    measured: undefined,
    share: 1,
    shareAt: 0,
    spare: 1,
    slowedAt: 0,
    accepted: [],
    unsaid: 0,
  };
}

/** Is there a free place for one more request in flight? */
export const hasRoom = (state: PacerState): boolean => state.inFlight.length < state.concurrency;

/** The time from which on the next request may go; in the past or `now`: at once. */
export function earliest(state: PacerState, now: number): number {
  let time = Math.max(now, state.blockedUntil);
  if (rate(state, now) !== Number.POSITIVE_INFINITY) time = Math.max(time, state.due);
  for (const limit of state.limits) time = Math.max(time, available(state, limit, now));
  return time;
}

/** A request goes now; its number is `state.next` as it was before. */
export function sent(state: PacerState, now: number): PacerState {
  const pace = rate(state, now);
  return {
    ...state,
    next: state.next + 1,
    inFlight: [...state.inFlight, { request: state.next, at: now }],
    limits: state.limits.map((limit) => ({
      ...limit,
      fill: { most: filled(limit, now) - 1, at: now },
    })),
    due: Math.max(state.due, now - lateness) + 1 / pace,
  };
}

/** The headers of an answer came: learns from them. The request stays in flight until `settled`. */
export function answered(state: PacerState, now: number, answer: PacerAnswer): PacerState {
  const known = learn({ ...state, concurrency: Math.min(state.ceiling, state.concurrency + 1) }, now, answer);
  if (answer.status === 429) return slow(known, now, answer);
  if (answer.status === 503 && answer.retryAfter !== undefined)
    return { ...known, blockedUntil: Math.max(known.blockedUntil, now + answer.retryAfter) };
  return recover({ ...known, unsaid: 0, accepted: [...known.accepted, now].slice(-memory) }, now);
}

/** The request is over, whatever came of it. */
export const settled = (state: PacerState, request: number): PacerState => ({
  ...state,
  inFlight: state.inFlight.filter((other) => other.request !== request),
});

/** Requests a millisecond that may go now: the strictest of what is known; Infinity where nothing is. */
function rate(state: PacerState, now: number): number {
  const published = state.limits.flatMap((limit) => paceOf(state, limit, now));
  if (published.length > 0) return Math.min(...published) * state.share;
  const found = state.limits.some(isBucket) ? undefined : state.found;
  return found ?? Number.POSITIVE_INFINITY;
}

/** More left than its quota is what a window that starts anew never shows. A tiny bucket is better paced evenly. */
const isBucket = ({ capacity, refills, quota, window }: KnownLimit): boolean =>
  quota !== undefined && window !== undefined && capacity > 1 && (capacity > quota || refills);

const isPaced = ({ quota, window }: KnownLimit): boolean =>
  quota !== undefined &&
  window !== undefined &&
  window <= longestPacedWindow &&
  window / quota <= slowestPace;

/** When a limit has room for one more: now, when its bucket has dripped full enough, or when its window ends. */
function available(state: PacerState, limit: KnownLimit, now: number): number {
  const { left, quota, window } = limit;
  if (!left) return now;
  if (!isBucket(limit) || !quota || !window) {
    // An even pace cannot use a window up by itself: only what others took from it is waited for.
    const used = isPaced(limit)
      ? left.remaining < 1 && limit.capacity >= (quota ?? 0) / 2
      : unspent(state, left) < 1;
    return used && left.until > now ? left.until : now;
  }
  const refill = (quota / window) * state.share;
  // Requests overtake each other on their way, so one report may not have seen what was sent before: take the least.
  const rests = limit.reports.map((report) => unspent(state, report) + (now - report.sentAt) * refill);
  const missing = 1 + Math.min(state.spare, limit.capacity / 2) - Math.min(filled(limit, now), ...rests);
  return missing > 0 ? now + missing / refill : now;
}

/** The most that a bucket can hold now: the answer that told its capacity had taken one out. */
function filled({ capacity, quota, window, fill }: KnownLimit, now: number): number {
  const refill = quota && window ? quota / window : 0;
  return Math.min(capacity + 1, fill.most + (now - fill.at) * refill);
}

/** A limit's even pace, or the faster one that spends what it says is left. */
function paceOf(state: PacerState, limit: KnownLimit, now: number): number[] {
  const { quota, window, left } = limit;
  if (isBucket(limit) || (window !== undefined && !isPaced(limit))) return [];
  const even = quota !== undefined && window !== undefined ? (quota / window) * margin : undefined;
  const holds = left && left.until > now && left.span > 0;
  const rest = holds && left.span <= longestPacedWindow ? unspent(state, left) / left.span : undefined;
  if (even !== undefined) return [Math.max(even, (rest ?? 0) * margin)];
  return rest !== undefined && rest > 0 ? [rest] : [];
}

/** What is left when the requests are counted off that went after the one whose answer said so. */
const unspent = (state: PacerState, left: { of: number; remaining: number }): number =>
  left.remaining - (state.next - 1 - left.of);

function learn(state: PacerState, now: number, answer: PacerAnswer): PacerState {
  if (answer.advertised.length === 0) return state;
  const limits = new Map(state.limits.map((limit) => [limit.name, limit]));
  for (const said of answer.advertised) {
    const before = limits.get(said.name);
    const quota = said.quota ?? before?.quota;
    const window = said.window ?? before?.window;
    const same = quota === before?.quota && window === before?.window ? before : undefined;
    const sentAt = state.inFlight.find(({ request }) => request === answer.request)?.at ?? now;
    const report = reportOf(said, now, answer.request, sentAt);
    const capacity = Math.max(said.remaining ?? 0, same?.capacity ?? 0);
    limits.set(said.name, {
      name: said.name,
      quota,
      window,
      capacity,
      fill: same?.fill ?? { most: Number.POSITIVE_INFINITY, at: now },
      ...watched(report, same, capacity),
      left: report ? latest(report, same?.left) : same?.left,
      reports: [...(same?.reports ?? []), ...(report ? [report] : [])].slice(-state.ceiling),
    });
  }
  return { ...state, limits: [...limits.values()] };
}

function reportOf(said: Advertised, now: number, of: number, sentAt: number): Left | undefined {
  const { remaining, resetsIn } = said;
  if (remaining === undefined || resetsIn === undefined) return undefined;
  return { of, remaining, sentAt, at: now, span: Math.max(resetsIn, 1000), until: now + resetsIn };
}

/**
 * In a window that starts anew, what is left falls by what was sent: among the (at most three) windows that a span
 * of one window's length touches, one took a third of it. Where it never fell so far, it must have been refilled.
 */
function watched(
  report: Left | undefined,
  before: KnownLimit | undefined,
  capacity: number,
): Pick<KnownLimit, 'refills' | 'watch'> {
  const refills = before?.refills ?? false;
  if (!report) return { refills, watch: before?.watch };
  const fresh = { of: report.of, at: report.at, lowest: report.remaining };
  const watch = before?.watch;
  if (!watch || before.window === undefined) return { refills, watch: fresh };
  const lowest = Math.min(watch.lowest, report.remaining);
  if (report.at - watch.at < before.window) return { refills, watch: { ...watch, lowest } };
  const count = report.of - watch.of;
  const fellTooLittle = count >= 9 && lowest > capacity - count / 3 + 1;
  return { refills: refills || fellTooLittle, watch: fresh };
}

/** The one to the later request knows better, but of ends of one window the earliest: whole seconds are coarse. */
function latest(report: Left, before: Left | undefined): Left {
  if (!before) return report;
  if (before.of > report.of) return before;
  const sameWindow = before.until > report.at && report.remaining <= before.remaining;
  return sameWindow ? { ...report, until: Math.min(before.until, report.until) } : report;
}

/** After a 429: waits as told (or ever longer), and goes on slower. One burst of 429s counts once. */
function slow(state: PacerState, now: number, answer: PacerAnswer): PacerState {
  const wait = answer.retryAfter ?? Math.min(1000 * 2 ** state.unsaid, 30_000);
  const blockedUntil = Math.max(state.blockedUntil, now + wait);
  const waiting = { ...state, blockedUntil, due: Math.max(state.due, blockedUntil) };
  if (answer.request < state.slowedAt) return waiting;
  const counted = {
    ...waiting,
    slowedAt: state.next,
    spare: Math.min(state.spare + 2, mostSpare),
    unsaid: answer.retryAfter === undefined ? state.unsaid + 1 : 0,
  };
  if (state.limits.length > 0) {
    // What looked like a bucket may be none after all: watch it anew.
    const limits = state.limits.map((limit) => ({ ...limit, refills: false, watch: undefined }));
    return { ...counted, limits, share: Math.max(0.1, recover(state, now).share * 0.85), shareAt: now };
  }
  const found = observedRate(state, now);
  // Refusals in a row measure nothing: what was let through before the first of them did.
  const measured = state.accepted.length > 0 || state.measured === undefined ? found : state.measured;
  return { ...counted, found, measured, shareAt: now, accepted: [] };
}

/** Requests a millisecond that were let through since the last 429, and a little less than what was believed. */
function observedRate(state: PacerState, now: number): number {
  const [first] = state.accepted;
  const believed = state.found ?? Number.POSITIVE_INFINITY;
  if (first !== undefined && now > first)
    return Math.max(slowestFound, Math.min(believed, state.accepted.length / (now - first)) * 0.95);
  return believed === Number.POSITIVE_INFINITY ? 1 / 1000 : Math.max(slowestFound, believed / 2);
}

/** Without further 429s the known rate is used in full again; one that was only found is then tried a little higher. */
function recover(state: PacerState, now: number): PacerState {
  const passed = Math.max(0, now - state.shareAt);
  if (state.share < 1)
    return { ...state, share: Math.min(1, state.share + passed * recoveryPerMillisecond), shareAt: now };
  const isFound = state.found !== undefined && state.limits.length === 0 && state.slowedAt > 0;
  if (!isFound || state.found === undefined) return { ...state, shareAt: now };
  const doubled = Math.min(state.found * 2, state.measured ?? 0);
  const grown = state.found * (1 + passed * growthPerMillisecond);
  return { ...state, found: Math.max(doubled, grown), shareAt: now };
}

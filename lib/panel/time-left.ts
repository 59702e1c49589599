import type { Run } from '../offboarding/model.ts';

/**
 * How fast a run goes and how long it will still take, without flattery: measured over the last minute, waits taken
 * out, nothing said before 10 s and 50 items.
 */

export interface Sample {
  /** Milliseconds. */
  at: number;
  /** Items settled so far. */
  done: number;
  /** True while the run is paused or was asked to wait: the time until the next sample does not count. */
  waiting: boolean;
}

const window = 60_000;
const enoughTime = 10_000;
const enoughItems = 50;

export interface Pace {
  /** Items a minute, whole. */
  perMinute: number;
  /** Milliseconds until the rest is done at this pace. */
  left: number;
}

/** Adds a sample and drops those that are older than a minute, save one that still reaches into it. */
export function withSample(samples: readonly Sample[], sample: Sample): Sample[] {
  const next = [...samples, sample];
  while (next.length > 2 && (next[1]?.at ?? 0) <= sample.at - window) next.shift();
  return next;
}

/**
 * The pace from samples in order of time; undefined while there is too little to go by (less than 10 s or `enough`
 * items), or while it waits.
 */
export function paceOf(samples: readonly Sample[], total: number, enough = enoughItems): Pace | undefined {
  const first = samples[0];
  const last = samples.at(-1);
  if (!first || !last || last.waiting) return undefined;
  let busy = 0;
  for (let index = 1; index < samples.length; index += 1) {
    const [from, to] = [samples[index - 1], samples[index]];
    if (from && to && !from.waiting) busy += to.at - from.at;
  }
  const done = last.done - first.done;
  if (busy < enoughTime || last.done < enough || done <= 0) return undefined;
  return { perMinute: Math.round((done / busy) * 60_000), left: ((total - last.done) / done) * busy };
}

export type Length =
  | { unit: 'less' }
  | { unit: 'minutes'; minutes: number }
  | { unit: 'hours'; hours: number; minutes: number };

/** A length as one says it: less than a minute; minutes; hours and tens of minutes. `milliseconds` >= 0. */
export function roundLength(milliseconds: number): Length {
  if (milliseconds < 60_000) return { unit: 'less' };
  const minutes = Math.round(milliseconds / 60_000);
  if (minutes < 60) return { unit: 'minutes', minutes };
  const tens = Math.round(minutes / 10);
  return { unit: 'hours', hours: Math.floor(tens / 6), minutes: (tens % 6) * 10 };
}

/** True when the expected end has moved so that the estimate has grown by half against the best one so far. */
export function isSlower(best: number | undefined, left: number): boolean {
  return best !== undefined && left > best * 1.5 && left > 60_000;
}

/** What a run waits for although nobody paused it. */
export interface Wait {
  /** Milliseconds since the epoch. */
  until: number;
  /** Seconds from now. */
  seconds: number;
  /** The workspace asked for it; else something failed and is tried again. */
  asked: boolean;
  detail: string;
}

/**
 * The wait of a run's writes or reads, whichever is longer, or of a draft's scan; undefined where none lasts. `now` is
 * the panel's clock.
 */
export function waitOf(
  run: Pick<Run, 'phase' | 'wait' | 'retry'> & { scan?: Run['scan'] },
  now: Date,
): Wait | undefined {
  const scanWait = run.phase === 'draft' && run.scan?.state === 'running' ? run.scan.wait : undefined;
  if (run.phase !== 'executing' && run.phase !== 'stopping' && !scanWait) return undefined;
  const waits: Wait[] = [];
  const add = (time: string, asked: boolean, detail: string): void => {
    const until = Date.parse(time);
    waits.push({ until, seconds: Math.ceil((until - now.getTime()) / 1_000), asked, detail });
  };
  if (scanWait) add(scanWait.until, scanWait.asked, scanWait.detail);
  if (run.wait) add(run.wait.until, run.wait.asked, run.wait.detail);
  if (run.retry) add(run.retry.resumeAt, false, run.retry.detail);
  return waits.filter(({ seconds }) => seconds > 0).sort((a, b) => b.until - a.until)[0];
}

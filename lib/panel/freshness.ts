import type { Run } from '../offboarding/model.ts';

const minute = 60_000;
const day = 24 * 60 * minute;

export type Age = { unit: 'now' } | { unit: 'minutes' | 'hours' | 'days'; count: number };

/** How old something is, in the largest unit that fits. `from` is ISO 8601. */
export function ageOf(from: string, now: Date): Age {
  const milliseconds = Math.max(0, now.getTime() - Date.parse(from));
  if (milliseconds < minute) return { unit: 'now' };
  if (milliseconds < 60 * minute) return { unit: 'minutes', count: Math.floor(milliseconds / minute) };
  if (milliseconds < day) return { unit: 'hours', count: Math.floor(milliseconds / (60 * minute)) };
  return { unit: 'days', count: Math.floor(milliseconds / day) };
}

/** A scan from another day, or older than 24 hours, has to be made again before going on (W7.1). */
export function isStale(run: Pick<Run, 'scan'>, now: Date): boolean {
  const { endedAt } = run.scan;
  if (endedAt === undefined) return false;
  const then = new Date(endedAt);
  return now.getTime() - then.getTime() > day || then.toDateString() !== now.toDateString();
}

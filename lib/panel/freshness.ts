import { isStale } from '../offboarding/eligibility.ts';
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

/** Whether a scan that was made has to be made again before going on; one that never ended is no old one. */
export function isOutdated({ scan }: Pick<Run, 'scan'>, now: Date): boolean {
  return scan.endedAt !== undefined && isStale(scan.endedAt, now);
}

import type { JournalEntry } from './attempt.ts';

/** Deactivations that an admin let pass although the member still owned something, or nobody could tell. */

/** The name of a workspace's journal of them. */
export const bypassJournal = (workspace: string): string => `bypass:${workspace}`;

type Maybe<T> = T | null | undefined;

/** What such an entry tells. */
interface Recorded {
  what: 'deactivatedAnyway' | 'deactivatedAnywayWithdrawn';
  /** By id, or `email:` and the address where the page gave only that. */
  member: string;
  /** As the page named them; a withdrawal is of the last one that was named so. */
  reference?: Maybe<string>;
  name?: Maybe<string>;
  /** Their name as the page showed it, which is a claim. */
  shown?: Maybe<string>;
  by?: Maybe<{ id?: Maybe<string>; name?: Maybe<string> }>;
  /** By category, as the admin saw them; null where one could not be counted. */
  counts?: Maybe<Record<string, number | null>>;
}

const isFields = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): boolean =>
  value === undefined || value === null || typeof value === 'string';
const isCount = (value: unknown): boolean => value === null || Number.isFinite(value);

/** Told by hand, since a panel's first screen is not to wait for schemas. */
const isRecorded = (data: unknown): data is Recorded => {
  if (!isFields(data)) return false;
  const { what, member, reference, name, shown, by, counts } = data;
  return (
    (what === 'deactivatedAnyway' || what === 'deactivatedAnywayWithdrawn') &&
    typeof member === 'string' &&
    [reference, name, shown].every(isText) &&
    ((by ?? undefined) === undefined || (isFields(by) && isText(by.id) && isText(by.name))) &&
    ((counts ?? undefined) === undefined || (isFields(counts) && Object.values(counts).every(isCount)))
  );
};

export interface Bypass {
  /** ISO 8601. */
  at: string;
  /** The member's name, or what else is known of them. */
  who: string;
  /** Who let it pass, where the workspace could say. */
  by?: string;
  /** What the member owned then, and how many categories nobody could count; absent where the check failed. */
  left?: { items: number; unknown: number };
}

/**
 * What such a journal tells, the latest first; entries of another kind are passed over, and so is what was called off
 * before the page heard of it.
 */
export function bypassesOf(entries: readonly JournalEntry[]): Bypass[] {
  const happened: { at: string; data: Recorded }[] = [];
  for (const { at, data } of entries) {
    if (!isRecorded(data)) continue;
    if (data.what === 'deactivatedAnyway') happened.push({ at, data });
    else {
      const { reference } = data;
      const index = happened.findLastIndex((each) => each.data.reference === reference);
      if (index >= 0) happened.splice(index, 1);
    }
  }
  return happened
    .map(({ at, data }): Bypass => {
      const { member, name, shown, by, counts } = data;
      const named = by?.name ?? by?.id;
      const all = counts ? Object.values(counts) : undefined;
      const left = all && {
        items: all.reduce<number>((sum, count) => sum + (count ?? 0), 0),
        unknown: all.filter((count) => count === null).length,
      };
      return {
        at,
        who: name ?? shown ?? member.replace(/^email:/u, ''),
        ...(named ? { by: named } : {}),
        ...(left ? { left } : {}),
      };
    })
    .sort((a, b) => b.at.localeCompare(a.at));
}

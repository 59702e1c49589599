import { z } from 'zod';
import type { JournalEntry } from './attempt.ts';

/** Deactivations that an admin let pass although the member still owned something, or nobody could tell. */

/** The name of a workspace's journal of them. */
export const bypassJournal = (workspace: string): string => `bypass:${workspace}`;

const text = z.string().nullish();
const bypassSchema = z.object({
  what: z.enum(['deactivatedAnyway', 'deactivatedAnywayWithdrawn']),
  /** By id, or `email:` and the address where the page gave only that. */
  member: z.string(),
  /** As the page named them; a withdrawal is of the last one that was named so. */
  reference: text,
  name: text,
  /** Their name as the page showed it, which is a claim. */
  shown: text,
  by: z.object({ id: text, name: text }).nullish(),
  /** By category, as the admin saw them; null where one could not be counted. */
  counts: z.record(z.string(), z.number().nullable()).nullish(),
});

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
  const happened: { at: string; data: z.infer<typeof bypassSchema> }[] = [];
  for (const { at, data } of entries) {
    const parsed = bypassSchema.safeParse(data);
    if (!parsed.success) continue;
    if (parsed.data.what === 'deactivatedAnyway') happened.push({ at, data: parsed.data });
    else {
      const { reference } = parsed.data;
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

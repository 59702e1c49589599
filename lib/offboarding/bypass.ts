import { z } from 'zod';
import type { JournalEntry } from './model.ts';

/** Deactivations that an admin let pass although the member still owned something, or nobody could tell. */

/** The name of a workspace's journal of them. */
export const bypassJournal = (workspace: string): string => `bypass:${workspace}`;

const text = z.string().nullish();
const bypassSchema = z.object({
  what: z.literal('deactivatedAnyway'),
  /** By id, or `email:` and the address where the page gave only that. */
  member: z.string(),
  name: text,
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

/** What such a journal tells, the latest first; entries of another kind are passed over. */
export function bypassesOf(entries: readonly JournalEntry[]): Bypass[] {
  return entries
    .flatMap(({ at, data }): Bypass[] => {
      const parsed = bypassSchema.safeParse(data);
      if (!parsed.success) return [];
      const { member, name, by, counts } = parsed.data;
      const named = by?.name ?? by?.id;
      const all = counts ? Object.values(counts) : undefined;
      const left = all && {
        items: all.reduce<number>((sum, count) => sum + (count ?? 0), 0),
        unknown: all.filter((count) => count === null).length,
      };
      return [
        {
          at,
          who: name ?? member.replace(/^email:/u, ''),
          ...(named ? { by: named } : {}),
          ...(left ? { left } : {}),
        },
      ];
    })
    .sort((a, b) => b.at.localeCompare(a.at));
}

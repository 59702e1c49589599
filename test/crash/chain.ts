import type { JournalEntry } from '../../lib/offboarding/attempt.ts';
import { beginning, digest } from '../../lib/store/journal.ts';

/** The first entry that does not fit a journal's chain of hashes, or undefined when all do. */
export function firstBroken(entries: readonly JournalEntry[]): JournalEntry | undefined {
  let previous = beginning;
  let seq = 0;
  for (const entry of entries) {
    const { hash, ...rest } = entry;
    seq += 1;
    if (entry.seq !== seq || entry.previous !== previous || hash !== digest(rest)) return entry;
    previous = hash;
  }
  return undefined;
}

import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { JournalEntry } from '../offboarding/attempt.ts';
import type { JournalDraft } from './store.ts';

/** What the first entry of a journal names as the entry before it. */
export const beginning = '0'.repeat(64);

/**
 * The entry in its place of the chain: numbered, and bound by SHA-256 to the one before.
 * Synchronous, for awaiting anything else would end the IndexedDB transaction it is written in.
 */
export function chain(run: string, draft: JournalDraft, last: JournalEntry | undefined): JournalEntry {
  const entry = {
    run,
    seq: (last?.seq ?? 0) + 1,
    ...draft,
    previous: last?.hash ?? beginning,
  };
  return { ...entry, hash: digest(entry) };
}

/** SHA-256 of anything that JSON can say, with sorted keys, as hexadecimal. */
export function digest(value: unknown): string {
  return bytesToHex(sha256(utf8ToBytes(canonical(value))));
}

/** JSON with sorted keys, so that equal values have equal texts. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value && typeof value === 'object') {
    const fields = Object.entries(value)
      .filter(([, field]) => field !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, field]) => `${JSON.stringify(key)}:${canonical(field)}`);
    return `{${fields.join(',')}}`;
  }
  return JSON.stringify(value);
}

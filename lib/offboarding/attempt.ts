import { z } from 'zod';
import { count, id, time } from './fields.ts';
import { valueSchema } from './model.ts';

/** What is recorded of writing: each set of writes before it is sent, and the journal of what came of it. */

/** One wish to write: what it must say now, and what it shall say. */
export const changeSchema = z.object({
  ref: id,
  expect: valueSchema,
  set: valueSchema,
  lock: id,
});

/** A frozen set of writes; the same key is never used for anything else. */
export const attemptSchema = z.object({
  run: id,
  /** Whom the run belongs to, where the workspace says who that is: nobody else's session may send it. */
  by: id.optional(),
  seq: count,
  key: id,
  fence: count.optional(),
  /** A category's id, or `deactivate`. */
  category: id,
  changes: z.array(changeSchema).min(1),
  /** 1 while its outcome is not known; absent afterwards (an index holds only the open ones). */
  open: z.literal(1).optional(),
  /** It was sent and no answer came: it may have landed. */
  maybe: z.boolean(),
  tries: count,
  /** Tries that failed; absent: none. Those that the workspace asked to put off are none. */
  failures: count.optional(),
  resumeAt: time.optional(),
  createdAt: time,
  settledAt: time.optional(),
});

export const journalEntrySchema = z.object({
  run: id,
  seq: count,
  at: time,
  kind: z.enum(['created', 'phase', 'step', 'attempt', 'acknowledgement', 'plan', 'note']),
  data: z.record(z.string(), z.unknown()),
  /** SHA-256, hexadecimal, of the entry before and of this one (without `hash`). */
  previous: z.string(),
  hash: z.string(),
});

export type Change = z.infer<typeof changeSchema>;
export type Attempt = z.infer<typeof attemptSchema>;
export type JournalEntry = z.infer<typeof journalEntrySchema>;

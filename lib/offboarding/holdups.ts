import { z } from 'zod';
import { count, text, time } from './fields.ts';

/** What holds a run up: a pause, calls that came to nothing, and the page whose turn it is. */

/**
 * What a page showed before a click: the name of the switch or checkbox that was used and was on, where it was one, and
 * which of the profile's texts said already that the member is inactive. Claims of the page.
 */
export const pageBeforeSchema = z.object({
  control: z.string().max(200).optional(),
  texts: z.array(count).max(20),
});

/** Why a run waits or, while it is ending, what keeps it from that; and from when on it may try again by itself. */
export const pauseSchema = z.object({
  kind: z.enum([
    'admin',
    'signedOut',
    'otherPerson',
    'failures',
    'repeated',
    'refused',
    'newItems',
    'manual',
    'unreachable',
    'storage',
    'malformed',
    'internal',
    'unreadable',
  ]),
  /** The workspace's own words, or the name of what it is about. */
  detail: text.optional(),
  count: count.optional(),
  resumeAt: time.optional(),
  /** The session that has ended was a token or an API key: signing in does not help, a new one does. */
  typed: z.literal(true).optional(),
  /** It is the right person who is signed in, and they may not act any more. */
  noAdmin: z.literal(true).optional(),
});

/** Calls for one purpose that came to nothing, in a row: it outlives the background. */
export const troubleSchema = z.object({
  /** Tries without an answer to go on with; the waits grow by them. */
  tries: count,
  /** Those of them that were faults of transport, server or answer. */
  failures: count,
  /** Those of them whose answer could not be understood. */
  malformed: count,
  /** The next one is not before that. */
  resumeAt: time,
  /** The last one's words. */
  detail: text,
});

export type Pause = z.infer<typeof pauseSchema>;
export type PageBefore = z.infer<typeof pageBeforeSchema>;
export type Trouble = z.infer<typeof troubleSchema>;

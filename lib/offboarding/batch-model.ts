import { z } from 'zod';
import { count, id, text, time } from './fields.ts';
import { pauseSchema } from './holdups.ts';
import { memberSchema, noteSchema, viewerSchema } from './model.ts';
import { batchLimit } from './states.ts';

/** What is stored of several offboardings at once, and what can be changed before they start. */

/** Whom a batch is about, as far as choosing them tells. */
export const batchMemberSchema = memberSchema.pick({ id: true, name: true, email: true, active: true });

const batchSchema = z.object({
  id,
  schema: z.literal(1),
  /** Grows by one with every stored change. */
  rev: count,
  connection: id,
  by: viewerSchema,
  phase: z.enum(['draft', 'executing', 'paused', 'stopping', 'ended', 'discarded']),
  /** Why it stands still as a whole; in a draft: why the checking does. */
  pause: pauseSchema.optional(),
  members: z
    .array(
      z.object({
        /** The id of their run, known before it is made. */
        run: id,
        member: batchMemberSchema,
        /** Why they have no run in this batch. */
        refused: z.object({ code: z.string(), detail: text }).optional(),
      }),
    )
    .max(batchLimit),
  /** Selectable categories that are removed for everybody. */
  selected: z.array(id),
  /** One tick for all, with what it was given for. */
  acknowledgements: z.array(z.object({ category: id, by: text, at: time, count, unread: count })),
  /** What the ticks were confirmed for at Submit: of each run, the counts of what is left to a person. */
  seen: z.record(id, z.record(id, count.nullable())).optional(),
  /** What the workspace says of them all together. */
  notes: z.array(noteSchema).optional(),
  /** Runs to be taken up again, each with the end that it has had. */
  again: z.record(id, time),
  createdAt: time,
  updatedAt: time,
  startedAt: time.optional(),
  /** Since then it has been going on without a break. */
  continuedAt: time.optional(),
  endedAt: time.optional(),
});

export type Batch = z.infer<typeof batchSchema>;
export type BatchMember = z.infer<typeof batchMemberSchema>;

/** A change of a batch that has not started. */
export const batchEditSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('select'), category: id, selected: z.boolean() }),
  z.strictObject({ kind: z.literal('acknowledge'), category: id, ticked: z.boolean() }),
  z.strictObject({ kind: z.literal('leaveOut'), runs: z.array(id).max(batchLimit) }),
]);
export type BatchEdit = z.infer<typeof batchEditSchema>;

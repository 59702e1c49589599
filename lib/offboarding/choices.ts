import { z } from 'zod';
import { count, id, text, time } from './fields.ts';

/** What an admin chooses: who receives what. */

/** Who receives: one member, or whoever receives the item's customer (`otherwise`, where that says nobody). */
export const targetSchema = z.union([
  z.strictObject({ member: id }),
  z.strictObject({ sameAsCustomer: z.literal(true), otherwise: id.optional() }),
]);

/** Items by reference, or everything in the category that matches a search (the empty search: all). */
export const selectionSchema = z.union([
  z.strictObject({ refs: z.array(id) }),
  z.strictObject({ query: text, except: z.array(id).default([]) }),
]);

/** One change of the plan that can be taken back. Later ones win. */
export const planChangeSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('override'),
    id,
    at: time,
    category: id,
    selection: selectionSchema,
    /** null: back to the category's default. */
    to: id.nullable(),
    /** How many items it covered when it was made, for its label. */
    count,
  }),
  z.object({
    kind: z.literal('fill'),
    id,
    at: time,
    categories: z.array(id),
    to: targetSchema,
  }),
]);

export const planSchema = z.object({
  defaults: z.record(id, targetSchema),
  changes: z.array(planChangeSchema),
  /** Selectable manual categories which the admin ticked to have them done by the run. */
  selected: z.array(id).default([]),
});

export type Target = z.infer<typeof targetSchema>;
export type Selection = z.infer<typeof selectionSchema>;
export type PlanChange = z.infer<typeof planChangeSchema>;
export type Plan = z.infer<typeof planSchema>;

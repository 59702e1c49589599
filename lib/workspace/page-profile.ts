import { z } from 'zod';

/**
 * What the overlay has to know of a workspace's pages, as data. Paths are patterns of the URLPattern standard's
 * pathname syntax; `:member` is the member's id. Anchors are tried in order, the first that matches exactly one
 * element wins.
 */
const anchorSchema = z.union([
  /** An element by role and accessible name (`name` is a case-insensitive regular expression). */
  z.strictObject({ role: z.string(), name: z.string().optional(), within: z.string().optional() }),
  z.strictObject({ css: z.string() }),
]);

export const pageProfileSchema = z.object({
  /** Settings > Users. */
  list: z.object({ path: z.string() }),
  member: z.object({
    path: z.string(),
    /** Where the button goes: at the end of the first of these that is found. */
    actions: z.array(anchorSchema).min(1),
    /** A control of the product with the same purpose: where one is found, ours stays away. */
    native: z.array(anchorSchema).default([]),
    /** Where the banner goes: before the first of these. */
    banner: z.array(anchorSchema).default([]),
  }),
  /** Controls that set a member inactive, in the list and on the member's page. */
  deactivation: z
    .array(
      z.object({
        path: z.string(),
        control: z.array(anchorSchema).min(1),
        memberFrom: z.enum(['path', 'row']),
        row: z.string().optional(),
        memberAttribute: z.string().optional(),
      }),
    )
    .default([]),
});

export type PageProfile = z.infer<typeof pageProfileSchema>;
export type Anchor = z.infer<typeof anchorSchema>;

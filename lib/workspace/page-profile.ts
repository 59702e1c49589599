import { z } from 'zod';

/**
 * What the overlay has to know of a workspace's pages, as data. Paths are patterns of the URLPattern standard's
 * pathname syntax; `:member` is the member's id, and a last `*` stands for any rest. Anchors are tried in order, the
 * first that matches exactly one element wins; elements inside open shadow roots count as well. Where a page is known
 * by what it shows, `{name}` and `{email}` in an anchor's expressions stand for the texts by which its member was
 * recognised.
 */
const anchorSchema = z.union([
  /** An element by role and accessible name (`name` is a case-insensitive regular expression). */
  z.strictObject({
    role: z.string(),
    name: z.string().optional(),
    within: z.string().optional(),
    /** Only behind the one heading with this text (a case-insensitive regular expression). */
    after: z.string().optional(),
    /** The one at this place, from 0, among those of its role: behind that heading, else in its `within`. */
    nth: z.int().nonnegative().optional(),
    /** Not the element itself but the nearest around it that matches this CSS selector. */
    around: z.string().optional(),
  }),
  /** The innermost element with this text (a case-insensitive regular expression), for pages without roles. */
  z.strictObject({ text: z.string(), within: z.string().optional() }),
  z.strictObject({ css: z.string() }),
]);

const deactivationSchema = z.object({
  path: z.string(),
  /**
   * A button, a switch or checkbox (which sets inactive only while it is on), or the form itself, of which submitting
   * is what counts.
   */
  control: z.array(anchorSchema).min(1),
  /**
   * `row`: the member is named by the row around the control. `text`: by the one email address in that row, or, where
   * no row is around it, by what the page is about.
   */
  memberFrom: z.enum(['path', 'row', 'text']),
  /** The row, as a CSS selector; by default a table row, a list item or an article. */
  row: z.string().optional(),
  /** Attribute of the row with the member's id; without it, the row's link to the member's page says who it is. */
  memberAttribute: z.string().optional(),
  /** Counts only while the control is, or holds, something that matches this CSS selector: for forms above all. */
  when: z.string().optional(),
});

export const pageProfileSchema = z.object({
  /** Settings > Users. */
  list: z.object({ path: z.string() }),
  member: z.object({
    path: z.string(),
    /** Further paths of members' pages. */
    paths: z.array(z.string()).optional(),
    /** `text`: no path says whose page it is; it is the one known member whose name or address it shows. */
    identity: z.enum(['path', 'text']).optional(),
    /** Where the button goes: at the end of the first of these that is found. */
    actions: z.array(anchorSchema).min(1),
    /** A control of the product with the same purpose: where one is found, ours stays away. */
    native: z.array(anchorSchema).default([]),
    /** Where the banner goes: before the first of these. */
    banner: z.array(anchorSchema).default([]),
    /** One of these is there only while the member is inactive; a switch or checkbox says so by itself. */
    inactive: z.array(anchorSchema).optional(),
  }),
  /** Controls that set a member inactive, in the list and on the member's page. */
  deactivation: z.array(deactivationSchema).default([]),
});

export { anchorSchema, deactivationSchema };
export type PageProfile = z.infer<typeof pageProfileSchema>;
export type Anchor = z.infer<typeof anchorSchema>;
export type Deactivation = z.infer<typeof deactivationSchema>;

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

const anchorsSchema = z.array(anchorSchema);

/** The path is that of the tab's own page: it names the member while what is looked for is in a frame of it. */
const top = z.literal(true).optional();

const deactivationSchema = z.object({
  path: z.string(),
  top,
  /**
   * A button, a switch or checkbox (which sets inactive only while it is on), or the form itself, of which submitting
   * is what counts.
   */
  control: anchorsSchema.min(1),
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

const memberPageSchema = z.object({
  path: z.string(),
  /** Further paths of members' pages. */
  paths: z.array(z.string()).optional(),
  /** `text`: no path says whose page it is; it is the one known member whose name or address it shows. */
  identity: z.enum(['path', 'text']).optional(),
  /** Where the button goes: at the end of the first of these that is found. */
  actions: anchorsSchema.min(1),
  /** A control of the product with the same purpose: where one is found, ours stays away. */
  native: anchorsSchema.default([]),
  /** Where the banner goes: before the first of these. */
  banner: anchorsSchema.default([]),
  /** One of these is there only while the member is inactive; a switch or checkbox says so by itself. */
  inactive: anchorsSchema.optional(),
});

const rowsSchema = z.object({
  path: z.string(),
  /** The row, as a CSS selector. Its link to the member's page says whose it is, or this attribute of it. */
  row: z.string(),
  memberAttribute: z.string().optional(),
  /** Where in the row the button goes: at the end of the first of these. */
  actions: anchorsSchema.min(1),
  /** A control of the product with the same purpose: a row with one of these gets none of ours. */
  native: anchorsSchema.default([]),
});

const bulkSchema = z.object({
  path: z.string(),
  /** Where the button for several members goes: at the end of the first of these. */
  actions: anchorsSchema.min(1),
  /** The product's own way to several members: ours stays away, and using it asks first. */
  native: anchorsSchema.default([]),
});

const identitySchema = z.object({
  /** What is said: the id of who is signed in, or of the workspace. */
  says: z.enum(['user', 'workspace']),
  /** The element that says it, as a CSS selector: in this attribute of it, else in its text. */
  css: z.string(),
  attribute: z.string().optional(),
  /** A regular expression whose first group is the id; without it all of the text is. */
  pattern: z.string().optional(),
});

export const pageProfileSchema = z.object({
  /** Settings > Users. */
  list: z.object({ path: z.string() }),
  member: memberPageSchema,
  /**
   * Pages of a member that are loaded anew for each address: in frames of the page above, or by themselves. Their paths
   * may name parameters, as in `/edit?id=:member`; so may those of what follows, where it is on such pages.
   */
  frames: z.array(memberPageSchema.extend({ top })).optional(),
  /** Controls that set a member inactive, in the list and on the member's page. */
  deactivation: z.array(deactivationSchema).default([]),
  /** Lists with a button in each row. */
  rows: z.array(rowsSchema).optional(),
  /** Lists with a button for several members at once. */
  bulk: z.array(bulkSchema).optional(),
  /** Where the pages say who is signed in: a page of somebody else's session is told by that. */
  identity: z.array(identitySchema).optional(),
  /** Paths of links that lead to a member's pages, with parameters where they need them; `:member` is the id. */
  links: z.array(z.string()).optional(),
  /** The origins of these pages, where they are more than the one that the workspace is known by. */
  origins: z.array(z.url()).optional(),
  /** What the workspace calls it when somebody goes: the button says it. */
  verb: z.enum(['offboard', 'deactivate']).optional(),
});

export { anchorSchema, deactivationSchema };
export type PageProfile = z.infer<typeof pageProfileSchema>;
export type RowsPage = z.infer<typeof rowsSchema>;
export type BulkPage = z.infer<typeof bulkSchema>;
export type Anchor = z.infer<typeof anchorSchema>;
export type Deactivation = z.infer<typeof deactivationSchema>;

/** Who a page says is signed in, and where; ids as the page has them. */
export interface PageIdentity {
  user?: string;
  workspace?: string;
}

import { z } from 'zod';

/** Where public sources disagree about the API or say nothing, a variant plays each possibility. */
export const variantsSchema = z.strictObject({
  /** How owners_csm and owners_account say whom they mean, and what they take. */
  owner: z.enum(['id', 'email', 'object']).default('id'),
  /** owners_csm_name and owners_csm_email come with it. */
  companions: z.boolean().default(true),
  /** Whether POST /company changes owners at all. */
  ownerWrite: z.enum(['accepted', 'ignored', 'refused']).default('accepted'),
  /** By which key POST /company takes owners: by either, or by the external one alone. */
  ownerKey: z.enum(['either', 'companyIdAlone', 'companyIdOrRefused']).default('either'),
  /** What PUT /task/:id makes of an assignee: takes it at the top level, or elsewhere, or not at all. */
  assignee: z.enum(['assignedTo', 'otherName', 'ignored', 'refused']).default('assignedTo'),
  /** How user attributes say whom they mean, and what they take. */
  attribute: z.enum(['id', 'email', 'object']).default('id'),
  attributeWrite: z.enum(['accepted', 'ignored', 'refused']).default('accepted'),
  /** Names in /company/attributes: as in custom_attributes, or with that before them. */
  attributeNames: z.enum(['bare', 'prefixed']).default('bare'),
  customAttributes: z.enum(['merge', 'replace']).default('merge'),
  /** What the User filter of company lists takes, and the assignedTo filter of tasks. */
  userFilter: z.enum(['id', 'email', 'ignored']).default('id'),
  taskFilter: z.enum(['id', 'email', 'ignored']).default('id'),
  total: z.enum(['there', 'missing']).default('there'),
  idKey: z.enum(['id', '_id']).default('id'),
  people: z.enum(['array', 'object']).default('array'),
  /** What assignedToModel says of users; `absent`: there is no such field. */
  userModel: z.enum(['User', 'user', 'absent', 'other']).default('User'),
  /** Whether playbooks carry actions, and lifecycles assignees. */
  automations: z.enum(['named', 'silent']).default('named'),
  /** Objectives of all companies, or of one at a time. */
  objectives: z.enum(['all', 'company']).default('all'),
  /** So many reads of a record still say what it said before a write. */
  lag: z.int().nonnegative().default(0),
  /** What a 429 says of the wait. */
  retryAfter: z.enum(['seconds', 'none', 'words']).default('seconds'),
  /** The pages' control for active and inactive: a switch of that name, or a button that says something else. */
  control: z.enum(['switch', 'button']).default('switch'),
  /** Whether the page asks before it sets somebody inactive, while it shows that as done already. */
  asks: z.boolean().default(false),
  /** The product's own button for offboarding on a member's page. */
  native: z.boolean().default(false),
});
export type Variants = z.infer<typeof variantsSchema>;

import { z } from 'zod';
import { categorySchema, itemSchema, valueSchema } from '../../offboarding/model.ts';
import { modes, phases } from '../../offboarding/states.ts';
import { pageProfileSchema } from '../page-profile.ts';

/**
 * The open contract on the wire: what a workspace that wants the wizard without a vendor API has to answer.
 * The OpenAPI document (openapi.json) is generated from these schemas; the connector and the demo workspace both
 * parse with them. Unknown fields are no error. Times are ISO 8601 in UTC.
 */

const id = z.string().min(1).max(512);
const text = z.string();
const time = z.iso.datetime();

/** GET /.well-known/offboarding */
export const discoverySchema = z
  .object({
    contract: z.literal('1'),
    workspace: z.object({ id, name: text }),
    /** Origins besides the one that was asked which `urls` may name. */
    origins: z.array(z.url()).optional(),
    urls: z.object({
      /** Base of the ownership and run calls, without a trailing slash. */
      api: z.url(),
      /** Base of SCIM 2.0. */
      scim: z.url(),
      /** Server-sent events. */
      events: z.url(),
      /** Settings > Users, for a person. */
      users: z.url(),
      /** A member's page; `{member}` stands for the id. */
      member: z.string().includes('{member}'),
    }),
    limits: z.object({
      batch: z.int().positive().max(100),
      pageSize: z.int().positive().max(10_000),
      concurrency: z.int().positive().max(100),
      /** Milliseconds after which a request that was cut off has landed or never will; 10 minutes at most. */
      settle: z.int().nonnegative().max(600_000),
    }),
    pages: pageProfileSchema,
  })
  .meta({ id: 'Discovery' });

/** GET {api}/me: who the session or the token belongs to; `csrf` goes into X-CSRF-Token of every write. */
export const meSchema = z
  .object({ id, name: text, email: text, admin: z.boolean(), csrf: text })
  .meta({ id: 'Me' });

/** A SCIM 2.0 user (RFC 7643) as far as the contract reads it; the extension carries what decides eligibility. */
export const scimExtension = 'urn:ietf:params:scim:schemas:extension:offboarding:2.0:User';
export const scimUserSchema = z
  .object({
    id,
    userName: text,
    displayName: text.optional(),
    title: text.optional(),
    active: z.boolean(),
    emails: z.array(z.object({ value: text, primary: z.boolean().optional() })).optional(),
    roles: z.array(z.object({ value: text })).optional(),
    [scimExtension]: z
      .object({
        mailbox: z.enum(['yes', 'no', 'unknown']),
        signature: z.enum(['yes', 'no', 'unknown']),
        customers: z.int().nonnegative().optional(),
        tasks: z.int().nonnegative().optional(),
      })
      .optional(),
  })
  .meta({ id: 'ScimUser' });
export const scimListSchema = z
  .object({
    totalResults: z.int().nonnegative(),
    startIndex: z.int().positive().optional(),
    itemsPerPage: z.int().nonnegative().optional(),
    Resources: z.array(scimUserSchema).default([]),
  })
  .meta({ id: 'ScimList' });

/** GET {api}/categories?member=ID */
export const categoriesSchema = z
  .object({ member: id, categories: z.array(categorySchema) })
  .meta({ id: 'Categories' });

/** GET {api}/items?member=ID&category=ID&cursor=&limit= */
export const itemsSchema = z
  .object({ items: z.array(itemSchema), cursor: text.optional(), total: z.int().nonnegative() })
  .meta({ id: 'Items' });

type Cells = z.infer<typeof itemSchema>['columns'];

const isCells = (value: unknown): value is Cells =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.entries(value).every(
    ([key, cell]) =>
      key !== '__proto__' && (typeof cell === 'string' || cell === null || Number.isFinite(cell)),
  );

/**
 * The same answer as itemsSchema, read in half the time: cells are two thirds of what there is to check in a scan, and
 * good ones are told at a glance. What is no good one is said as itemsSchema says it.
 */
export const itemsAnswerSchema = itemsSchema.extend({
  items: z.array(
    itemSchema.extend({
      columns: z.unknown().transform((value, context): Cells => {
        if (isCells(value)) return value;
        const parsed = itemSchema.shape.columns.safeParse(value);
        if (parsed.success) return parsed.data;
        for (const issue of parsed.error.issues)
          context.issues.push({ ...issue, input: value } as (typeof context.issues)[number]);
        return z.NEVER;
      }),
    }),
  ),
});

/**
 * POST {api}/reassignments, with Idempotency-Key. Compare-and-set for each change. Whoever holds the run writes under
 * its fence, and nobody else: 409, and no change, where the session is another member's.
 */
export const reassignmentsRequestSchema = z
  .object({
    run: id,
    fence: z.int().nonnegative(),
    category: id,
    changes: z
      .array(z.object({ ref: id, expect: valueSchema, set: valueSchema }))
      .min(1)
      .max(100),
  })
  .meta({ id: 'ReassignmentsRequest' });
export const outcomeSchema = z
  .discriminatedUnion('result', [
    z.object({ ref: id, result: z.literal('applied'), value: valueSchema }),
    z.object({ ref: id, result: z.literal('conflict'), value: valueSchema }),
    z.object({
      ref: id,
      result: z.literal('failed'),
      code: z.enum(['gone', 'forbidden', 'invalid', 'other']),
      message: text,
    }),
  ])
  .meta({ id: 'Outcome' });
export const reassignmentsSchema = z
  .object({ outcomes: z.array(outcomeSchema) })
  .meta({ id: 'Reassignments' });

/** POST {api}/owners: what these items say now. */
export const ownersRequestSchema = z
  .object({ category: id, refs: z.array(id).min(1).max(500) })
  .meta({ id: 'OwnersRequest' });
export const ownersSchema = z
  .object({
    owners: z.array(
      z.union([
        z.object({ ref: id, value: valueSchema }),
        z.object({ ref: id, unreadable: text, gone: z.boolean() }),
      ]),
    ),
  })
  .meta({ id: 'Owners' });

/** What the registry keeps of a run; the connector writes `record` whole and the server does not look into it. */
export const runRecordSchema = z
  .looseObject({ mode: z.enum(modes), phase: z.enum(phases), planHash: text, journalHead: text })
  .meta({ id: 'RunRecord' });
export const registeredRunSchema = z
  .object({
    id,
    leaver: id,
    by: z.object({ id, name: text }),
    fence: z.int().nonnegative(),
    leaseUntil: time,
    open: z.boolean(),
    updatedAt: time,
    record: runRecordSchema,
  })
  .meta({ id: 'RegisteredRun' });
/** POST {api}/runs: 201 with the run (200 when the same id stands already); 409 with a problem that holds `run`. */
export const openRunRequestSchema = z
  .object({ id, leaver: id, record: runRecordSchema })
  .meta({ id: 'OpenRunRequest' });
/** PUT {api}/runs/{id}: stores and renews the lease; 409 when the fence is stale; `open: false` ends the run. */
export const updateRunRequestSchema = z
  .object({ fence: z.int().nonnegative(), open: z.boolean(), record: runRecordSchema })
  .meta({ id: 'UpdateRunRequest' });
/**
 * POST {api}/runs/{id}/lease: a new fence for the caller; 409 while another browser's lease lasts.
 * GET {api}/runs?leaver=ID: every run of a leaver, open or not. GET {api}/runs?open=true: every open run.
 */
export const runsSchema = z.object({ runs: z.array(registeredRunSchema) }).meta({ id: 'Runs' });

/** Problem details (RFC 9457). */
export const problemSchema = z
  .looseObject({
    type: text.default('about:blank'),
    title: text,
    status: z.int().optional(),
    detail: text.optional(),
    run: registeredRunSchema.optional(),
  })
  .meta({ id: 'Problem' });

/** What {events} sends, by event name. */
export const eventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('member'), member: id }),
  z.object({ type: z.literal('owner'), category: id }),
  z.object({ type: z.literal('run'), run: id }),
]);

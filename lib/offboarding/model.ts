import { z } from 'zod';
import { planSchema } from './choices.ts';
import { count, id, text, time, tristate } from './fields.ts';
import { pageBeforeSchema, pauseSchema, troubleSchema } from './holdups.ts';
import { categoryKinds, itemStates, modes, phases, screens, stepStates } from './states.ts';

/**
 * The words of the field as data: what a leaver is named by, who receives it, and how far a run is.
 * Everything that is stored or crosses a border between contexts is one of these shapes.
 * Times are ISO 8601 strings in UTC.
 */

/** What an item says now or shall say: an owner, a cleared field, a removed row, or a flag such as a licence. */
export const valueSchema = z.union([
  z.strictObject({ member: id }),
  z.strictObject({ none: z.literal(true) }),
  z.strictObject({ absent: z.literal(true) }),
  z.strictObject({ flag: z.boolean() }),
]);

/** A user of the workspace, as the workspace describes them, with the facts that decide what they can receive. */
export const memberSchema = z.object({
  id,
  name: text,
  email: text,
  active: z.boolean(),
  admin: tristate,
  title: text.optional(),
  /** For email senders: is a mailbox connected, is a signature set. */
  sender: z.object({ mailbox: tristate, signature: tristate }).optional(),
  /** What they hold today, by unit, where the workspace tells: customers, tasks, … */
  holds: z.record(z.string(), z.number()).optional(),
  /** The one who acts, where the workspace tells; nobody offboards themselves. */
  self: z.boolean().optional(),
  /** Categories (`*`: all) of which the workspace gives them nothing, and why. */
  cannotReceive: z.array(z.object({ category: id, reason: text })).optional(),
  /** Nothing but a name is known of them, which names nobody for sure. */
  nameAlone: z.boolean().optional(),
  /** Set when another open run offboards this member. */
  leaving: z.object({ by: text, phase: text }).optional(),
});

/** Who acts: the person behind the connection, at the moment of asking. */
export const viewerSchema = z.object({
  id: id.optional(),
  name: text.optional(),
  email: text.optional(),
  /** The members that they are, where members have ids of their own; else `id` is also the member's. */
  members: z.array(id).optional(),
  workspace: z.object({ id, name: text }),
  admin: tristate,
});

export const columnSchema = z.object({
  key: id,
  label: text,
  type: z.enum(['text', 'number', 'money', 'date', 'member', 'status']),
  /** 1: the title line of a narrow row; 2: its meta line; 3: wide layouts only. */
  priority: z.union([z.literal(1), z.literal(2), z.literal(3)]),
  align: z.enum(['start', 'end']).default('start'),
});

/** One kind of thing that can name the leaver, as a connector's survey describes it. */
export const categorySchema = z.object({
  /** Stable within the workspace, for example `tasks.open` or `attributes.user:renewal_lead`. */
  id,
  kind: z.enum(categoryKinds),
  /** The workspace's own name, where the kind alone does not say it. */
  name: text.optional(),
  /** What a run does with its items. `manual` needs a person. */
  action: z.enum(['reassign', 'remove', 'clear', 'manual']),
  /** How many items name the leaver; null when that could not be found out, then `unread` says why. */
  count: count.nullable(),
  unread: z
    .object({
      reason: z.enum(['forbidden', 'failed', 'unsupported']),
      detail: text,
    })
    .optional(),
  /** Why a person has to do it, where that is not plain from its kind: for manual ones that were counted. */
  why: text.optional(),
  /** Ids of categories whose steps must have completed before this one may start. */
  after: z.array(id).default([]),
  /** A manual category which the admin may tick to have it done by the run. */
  selectable: z.boolean().default(false),
  /** At most so many changes in one attempt. */
  batch: z.int().positive(),
  /** `server`: the write itself is compare-and-set; `read`: the connector reads before and after. */
  condition: z.enum(['server', 'read']),
  /** The same attempt may be sent again under the same key without a second effect. */
  idempotent: z.boolean(),
  columns: z.array(columnSchema),
  /** The page of the workspace where a person does this by hand. */
  link: z.url().optional(),
  /** Its items belong to a customer, so that "same as the customer's new CSM" is possible. */
  perCustomer: z.boolean().default(false),
  /** Its items are the customers themselves; their new owner is what `sameAsCustomer` means. */
  decidesCustomer: z.boolean().default(false),
  /** The replacement sends email: show and check their set-up. */
  needsSender: z.boolean().default(false),
  /** It goes on working after the deactivation (tokens, mailboxes): the strongest warning. */
  outlives: z.boolean().default(false),
  /** Categories of the same pass are read together; without it each is read by itself. */
  pass: id.optional(),
  /** Steps run in ascending order. */
  order: z.number(),
});

/** One thing of a category, as a scan found it. */
export const itemSchema = z.object({
  category: id,
  ref: id,
  title: text,
  link: z.url().optional(),
  /** `owner`: the customer's CSM today; `ownerInactive`: who has left already and can receive nothing. */
  customer: z
    .object({ ref: id, name: text, owner: id.nullable(), ownerInactive: z.boolean().optional() })
    .optional(),
  columns: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
  /** What it says now: the leaver, in some form. */
  value: valueSchema,
  /** What must not be written twice at once: a company, a group. */
  lock: id,
});

/** An item of a run, as the store keeps it. An item in flight is `planned` and named by an open attempt. */
export const runItemSchema = itemSchema.extend({
  run: id,
  /** Order within its category, as found. */
  position: count,
  state: z.enum(itemStates),
  /** What went wrong, or why it was skipped; for the admin. */
  reason: z
    .object({
      code: z.enum([
        'ownerChanged',
        'gone',
        'forbidden',
        'invalid',
        'unverifiable',
        'stillHeld',
        'otherValue',
        'other',
      ]),
      message: text,
    })
    .optional(),
  /** Who holds it now, when that is neither the leaver nor the replacement. */
  heldBy: valueSchema.optional(),
  before: valueSchema.optional(),
  after: valueSchema.optional(),
});

/** Something to know before Start that is no obstacle: what cannot be proved, what follows from it, what is left out. */
export const noteSchema = z.object({
  tone: z.enum(['info', 'warning']),
  message: text,
  /** The category that it is about, where it is about one. */
  category: id.optional(),
  link: z.url().optional(),
});

export const acknowledgementSchema = z.object({
  category: id,
  by: text,
  at: time,
  /** The count at that moment; null: it could not be checked. */
  count: count.nullable(),
});

/** What the run executes: one category, the rescan, or the deactivation. */
export const stepSchema = z.object({
  id,
  kind: z.enum(['category', 'rescan', 'deactivate']),
  category: id.optional(),
  state: z.enum(stepStates),
  total: count,
  moved: count,
  failed: count,
  skipped: count,
  unknown: count,
  /** Moved by another browser before this one took the run over; counted in none of the other numbers. */
  elsewhere: count.optional(),
  message: z
    .object({
      key: z.string(),
      params: z.record(z.string(), z.union([z.string(), z.number()])),
    })
    .optional(),
  startedAt: time.optional(),
  endedAt: time.optional(),
  /** A deactivation that no API confirmed: what the page showed, or what an admin said. Absent: verified. */
  evidence: z.object({ kind: z.enum(['page', 'admin']), by: text }).optional(),
});

export const scannedCategorySchema = categorySchema.extend({
  state: z.enum(['queued', 'running', 'done', 'failed']),
  /** Items read so far. */
  found: count,
});

export const scanSchema = z.object({
  state: z.enum(['none', 'running', 'done', 'failed']),
  startedAt: time.optional(),
  endedAt: time.optional(),
  /** Id of who asked for it, where the workspace tells. */
  by: id.optional(),
  /** While it runs: until when it asks for nothing, whether the workspace wants that, and the words. */
  wait: z.object({ until: time, asked: z.boolean(), detail: text }).optional(),
  /** It ended since nobody was signed in: from when on it looks whether the same person is back. */
  resumeAt: time.optional(),
  /** What stopped it, in words for the admin. */
  error: z
    .object({
      key: z.string(),
      detail: text,
      /** It was a token or an API key that is not taken: signing in does not help, a new one does. */
      typed: z.literal(true).optional(),
    })
    .optional(),
  /** Since the scan before, by category: how many items appeared and vanished, and the first names of each. */
  changes: z
    .array(
      z.object({
        category: id,
        appeared: z.array(text),
        appearedCount: count,
        vanished: z.array(text),
        vanishedCount: count,
      }),
    )
    .default([]),
});

/** One offboarding of one leaver, from draft to its end. Its items, attempts and journal are rows of their own. */
export const runSchema = z.object({
  id,
  schema: z.literal(1),
  /** Grows by one with every stored change. */
  rev: count,
  connection: id,
  leaver: memberSchema,
  by: viewerSchema,
  mode: z.enum(modes),
  phase: z.enum(phases),
  pause: pauseSchema.optional(),
  /** Reasons why this member cannot be offboarded now, in the workspace's words. */
  blockers: z.array(
    z.object({
      message: text,
      remedy: text.optional(),
      link: z.url().optional(),
    }),
  ),
  /** What the survey had to say besides, in the workspace's words. */
  notes: z.array(noteSchema).optional(),
  /** `page`: only the workspace's own page can deactivate; the run then waits for it. */
  completion: z.enum(['api', 'page']),
  plan: planSchema,
  scan: scanSchema,
  categories: z.array(scannedCategorySchema),
  acknowledgements: z.array(acknowledgementSchema),
  steps: z.array(stepSchema),
  /** Where the admin is in the wizard. */
  screen: z.enum(screens),
  /** Ticket or reason, for the record. */
  note: z.string().max(200).optional(),
  batch: id.optional(),
  fence: count.optional(),
  /**
   * While it waits for the page: since when, and when the click that sets the leaver inactive was let through, with
   * what the page showed until then.
   */
  waiting: z
    .object({ since: time, passedAt: time.optional(), before: pageBeforeSchema.optional() })
    .optional(),
  /** It was taken up again and has yet to plan what failed, with these receivers by what it failed of. */
  again: z.array(z.object({ failure: z.string(), to: id })).optional(),
  /** By what the calls are for: only an answer to such a call ends the row of its faults. */
  troubles: z.record(z.string(), troubleSchema).optional(),
  /** Reads failed: how often in a row, and from when on the run may try again. */
  retry: z.object({ tries: count, resumeAt: time, detail: text }).optional(),
  /** Writes have to wait: until when, whether the workspace asked for that, and its words. Past times say nothing. */
  wait: z.object({ until: time, asked: z.boolean(), detail: text }).optional(),
  /** It is over, and the workspace's registry has to be told so (again): not before this time. */
  untold: time.optional(),
  /** Who asked the registry to open it again, and when, though it is not under way here (yet). */
  claimed: z.object({ by: id.optional(), at: time }).optional(),
  /** `[connection, leaver]` while the run is open; a unique index forbids a second one. */
  open: z.string().optional(),
  createdAt: time,
  updatedAt: time,
  startedAt: time.optional(),
  endedAt: time.optional(),
});

export type Value = z.infer<typeof valueSchema>;
export type Member = z.infer<typeof memberSchema>;
export type Viewer = z.infer<typeof viewerSchema>;
export type Column = z.infer<typeof columnSchema>;
export type CategoryKind = (typeof categoryKinds)[number];
export type Note = z.infer<typeof noteSchema>;
export type Category = z.infer<typeof categorySchema>;
export type ScannedCategory = z.infer<typeof scannedCategorySchema>;
export type Item = z.infer<typeof itemSchema>;
export type ItemState = (typeof itemStates)[number];
export type RunItem = z.infer<typeof runItemSchema>;
export type Mode = (typeof modes)[number];
export type Screen = (typeof screens)[number];
export type Acknowledgement = z.infer<typeof acknowledgementSchema>;
export type Evidence = NonNullable<Step['evidence']>;
export type StepState = (typeof stepStates)[number];
export type Step = z.infer<typeof stepSchema>;
export type Phase = (typeof phases)[number];
export type Scan = z.infer<typeof scanSchema>;
export type Run = z.infer<typeof runSchema>;

import { z } from 'zod';
import { batchEditSchema, batchMemberSchema } from '../offboarding/batch-model.ts';
import { editSchema } from '../offboarding/edit.ts';
import { pageBeforeSchema } from '../offboarding/holdups.ts';
import type { Member, Run, Viewer } from '../offboarding/model.ts';
import { batchLimit } from '../offboarding/states.ts';
import type { KeyFindings } from '../workspace/keyed.ts';
import { largestFile, type OwnControl, ownControlSchema } from '../workspace/own-controls.ts';
import type { Access, BulkWords, SecretUse } from '../workspace/port.ts';
import type { OpenElsewhere, WatchedRun } from './elsewhere.ts';
import type { BannerView, GuardView, OverlayList, OverlaySetup, OverlayView } from './overlay-views.ts';

/**
 * What the contexts say to each other. One entry a command: the schema of what is asked and who may ask it.
 * A command is answered once its effect is stored; what follows is seen in the store and on the live port.
 */

const id = z.string().min(1).max(512);
const run = z.object({ run: id });
const batch = z.object({ batch: id });

/**
 * A member as the overlay names them: by id, or, where the page gives only that, as `email:` and the address. The
 * background finds out who that is; no list of members ever reaches a page.
 */
const memberRef = z.string().min(1).max(512);
/** Texts that a page shows, of which one may name a member. */
const shown = z.array(z.string().min(2).max(200)).max(20);
/** Who a page says is signed in, and where: a claim, which can only hold something back. */
const pageIdentity = z.object({ user: id.optional(), workspace: id.optional() });

/** What was pointed at, and texts beside it that may name somebody and are not to be kept. */
const pointed = ownControlSchema.omit({ id: true }).extend({
  nearby: z.object({ headings: shown, emails: shown }),
});
const keyed = z.object({
  kind: id,
  origin: z.url(),
  api: z.url(),
  key: z.string().min(1).max(4_000),
  /** Who acts, in their own words: the workspace cannot say it. */
  actor: z.object({ name: z.string().max(200), email: z.string().max(320) }).optional(),
});

/** Who may send a command: the extension's own pages, or the overlay on a connected workspace's page. */
export type Sender = 'page' | 'overlay';

export const commands = {
  // What the overlay may say. The page's own claims travel as `member` only.
  'overlay.hello': { from: ['overlay'], request: z.object({}) },
  /** What a page about users takes besides the overlay. */
  'overlay.users': { from: ['overlay'], request: z.object({}) },
  'overlay.member': { from: ['overlay'], request: z.object({ member: memberRef }) },
  'overlay.banner': { from: ['overlay'], request: z.object({ member: memberRef }) },
  /** `pressed`: the control is being used; what only comes near it starts nothing that writes. */
  'overlay.guard': {
    from: ['overlay'],
    request: z.object({ member: memberRef, pressed: z.boolean().optional() }),
  },
  /** What a page takes besides the overlay as soon as it may hold a use back. */
  'overlay.arm': { from: ['overlay'], request: z.object({}) },
  /**
   * "Deactivate anyway": to be recorded before the page hears of it; `counts` as the admin saw them, `name` as the page
   * called the member. `withdrawn`: what was recorded just now did not happen, because it was called off or the control
   * was gone.
   */
  'overlay.bypass': {
    from: ['overlay'],
    request: z.object({
      member: memberRef,
      counts: z.record(id, z.int().nonnegative().nullable()).optional(),
      name: z.string().max(200).optional(),
      withdrawn: z.boolean().optional(),
    }),
  },
  /** Whose page this is: the one known member among the headings and addresses that it shows. */
  'overlay.who': { from: ['overlay'], request: z.object({ headings: shown, emails: shown }) },
  /** The click for which a run waits has been let through; `before`: what the page showed until then. */
  'overlay.passed': {
    from: ['overlay'],
    request: z.object({ member: memberRef, run: id, before: pageBeforeSchema.optional() }),
  },
  /** The page shows the member as inactive, after that click: a claim of the page, never a proof. */
  'overlay.reported': { from: ['overlay'], request: z.object({ member: memberRef, run: id }) },
  /** What a list of members may offer in its rows. */
  'overlay.list': { from: ['overlay'], request: z.object({}) },
  'offboard.open': {
    from: ['overlay'],
    request: z.object({ member: memberRef, page: pageIdentity.optional() }),
  },
  /** Several members at once. */
  'offboard.bulk': { from: ['overlay'], request: z.object({ page: pageIdentity.optional() }) },
  'offboard.review': { from: ['overlay'], request: z.object({ member: memberRef, run: id }) },

  // What the panel and the tab may say.
  /** What the panel of a window is about, or a run that the page's address names. */
  'panel.hello': { from: ['page'], request: z.object({ window: z.int().optional(), run: id.optional() }) },
  /** What it takes to connect a site, by its name alone: nobody is asked. */
  'connection.needs': { from: ['page'], request: z.object({ origin: z.url() }) },
  'connection.preview': { from: ['page'], request: z.object({ origin: z.url() }) },
  /** `secret`: a token or an API key that was typed in. It is never answered back. */
  'connection.add': {
    from: ['page'],
    request: z.object({ origin: z.url(), secret: z.string().min(1).max(4_096).optional() }),
  },
  /** The kinds of workspaces that a key opens. */
  'connection.kinds': { from: ['page'], request: z.object({}) },
  /** Tries a key by harmless reads; nothing is stored. */
  'connection.tryKey': { from: ['page'], request: keyed },
  /** The same, and keeps the connection with its key; one of the same site gets this key instead of its own. */
  'connection.addByKey': { from: ['page'], request: keyed },
  /** Controls that an admin has pointed at on a connection's pages. */
  'control.list': { from: ['page'], request: z.object({ connection: id }) },
  'control.add': { from: ['page'], request: z.object({ connection: id, pointed }) },
  'control.remove': { from: ['page'], request: z.object({ connection: id, control: id }) },
  'control.import': {
    from: ['page'],
    request: z.object({ connection: id, text: z.string().max(largestFile) }),
  },
  'connection.list': { from: ['page'], request: z.object({}) },
  'member.search': {
    from: ['page'],
    request: z.object({
      connection: id,
      text: z.string().max(200),
      cursor: z.string().optional(),
    }),
  },
  'draft.open': { from: ['page'], request: z.object({ connection: id, member: id }) },
  'draft.edit': { from: ['page'], request: run.extend({ edit: editSchema }) },
  'draft.scan': { from: ['page'], request: run },
  'draft.recount': { from: ['page'], request: run },
  'draft.discard': { from: ['page'], request: run },
  'run.check': { from: ['page'], request: run },
  'run.start': { from: ['page'], request: run.extend({ rev: z.int() }) },
  'run.pause': { from: ['page'], request: run },
  'run.continue': { from: ['page'], request: run },
  'run.stop': { from: ['page'], request: run },
  /** The admin says that they have set the leaver of a waiting run inactive. */
  'run.said': { from: ['page'], request: run },
  /** Continues an ended run; `replacements` names other receivers by what the items failed of. */
  'run.retry': {
    from: ['page'],
    request: run.extend({
      replacements: z.array(z.object({ failure: z.string().max(11_000), to: id })).max(1_000),
    }),
  },
  // Several offboardings at once.
  'member.find': {
    from: ['page'],
    request: z.object({ connection: id, names: z.array(z.string().min(1).max(320)).max(batchLimit) }),
  },
  /** `page`: what the page that it was opened from says of who is signed in. */
  'batch.open': {
    from: ['page'],
    request: z.object({
      connection: id,
      members: z.array(batchMemberSchema).min(1).max(batchLimit),
      page: pageIdentity.optional(),
    }),
  },
  'batch.check': { from: ['page'], request: batch },
  'batch.edit': { from: ['page'], request: batch.extend({ edit: batchEditSchema }) },
  'batch.start': { from: ['page'], request: batch.extend({ rev: z.int(), users: z.int() }) },
  'batch.pause': { from: ['page'], request: batch },
  'batch.continue': { from: ['page'], request: batch },
  'batch.stop': { from: ['page'], request: batch },
  'batch.retry': { from: ['page'], request: batch },
  'batch.discard': { from: ['page'], request: batch },
  // About a run in another browser, as the workspace's registry has it.
  'run.watch': { from: ['page'], request: z.object({ connection: id, member: id }) },
  'run.listElsewhere': { from: ['page'], request: z.object({ connection: id }) },
  'run.takeOver': { from: ['page'], request: run.extend({ connection: id, member: id }) },
  'run.discardElsewhere': { from: ['page'], request: run.extend({ connection: id, member: id }) },
  'connection.test': { from: ['page'], request: z.object({ connection: id }) },
  'connection.remove': { from: ['page'], request: z.object({ connection: id }) },
} as const satisfies Record<string, { from: readonly Sender[]; request: z.ZodType }>;

export type CommandName = keyof typeof commands;
export type Request<C extends CommandName> = z.infer<(typeof commands)[C]['request']>;

/** Why a command was refused; the panel has a text for each. */
export type RefusalCode =
  | 'notAdmin'
  | 'adminUnknown'
  | 'self'
  | 'signedOut'
  | 'memberGone'
  | 'notConnected'
  | 'noWorkspace'
  | 'unreachable'
  | 'malformed'
  | 'forbidden'
  | 'openElsewhere'
  | 'otherPerson'
  | 'otherPage'
  | 'otherKind'
  | 'throttled'
  | 'stale'
  | 'oldCheck'
  | 'locked'
  | 'incomplete'
  | 'storage'
  | 'internal';

export interface Refusal {
  code: RefusalCode;
  /** The workspace's or the check's own words. */
  detail: string;
  /** For `signedOut`: what has ended is a token or an API key, so that signing in does not help. */
  typed?: true;
  /** For `openElsewhere`: who, since when, and how far. */
  by?: { name: string; phase: string; since: string };
}

export interface ConnectionView {
  id: string;
  origin: string;
  kind: string;
  workspace: { id: string; name: string };
  /** Page of Settings > Users and of one member (`{member}`), for links. */
  usersLink: string;
  memberLink: string;
  /** True where the workspace keeps no registry of runs: "one open run" then holds within this browser only. */
  localOnly: boolean;
  /** Whether who is signed in there is an admin; 'unknown' also while the workspace does not say. */
  admin: 'yes' | 'no' | 'unknown';
  /** What offboarding several at once is called there; absent where it is not offered. */
  bulk?: BulkWords;
  /** One that is opened by a key: the key's last characters, and who acts, as an admin said it. */
  keyed?: { hint: string; api: string; actor?: { name: string; email: string } };
  /** Why what is stored of it cannot be used (any more); it can only be removed, or connected again. */
  broken?: string;
}

/** What it takes to connect a site: what the browser has to allow, and whether a token or a key is typed in. */
export interface SiteNeeds extends Access {
  secret: SecretUse;
}

/** What a connection says when it is asked who acts, now. */
export interface ConnectionTest {
  viewer: { name: string; email: string; admin: Viewer['admin'] };
  /** Milliseconds until the answer. */
  took: number;
}

/** What the panel of a window is about. */
export type PanelTarget =
  | { kind: 'home' }
  | { kind: 'run'; run: string }
  | { kind: 'member'; connection: string; member: string };

/** Something about the plan that is worth looking at before Start; `blocking` ones hold Start back. */
export interface Problem {
  kind:
    | 'replacementInactive'
    | 'replacementGone'
    | 'replacementCannot'
    | 'replacementLeaving'
    | 'senderSetup'
    | 'unassigned'
    | 'staleScan'
    | 'unacknowledged'
    | 'blocked';
  blocking: boolean;
  category?: string;
  member?: { id: string; name: string };
  count?: number;
  detail?: string;
}

export interface Replies {
  'overlay.hello': OverlaySetup | null;
  'overlay.users': { added: true };
  'overlay.member': OverlayView;
  'overlay.banner': { name?: string; banner: BannerView | null };
  'overlay.guard': GuardView;
  'overlay.arm': { armed: true };
  'overlay.bypass': { recorded: true };
  /**
   * `name` and `email`: which of the page's own texts it was recognised by; empty where it does not show that. `unsure`:
   * a text names somebody who cannot be told from another one.
   */
  'overlay.who': { member: string | null; name: string; email: string; unsure?: true };
  'overlay.passed': { recorded: true };
  'overlay.reported': { ended: boolean };
  'overlay.list': OverlayList;
  'offboard.open': { opened: 'panel' | 'tab' };
  'offboard.bulk': { opened: 'tab' };
  'offboard.review': { opened: 'tab' };
  /**
   * Where the target is a run: whether who is signed in to its workspace is an `admin`, and, unless they are none, the
   * `run` as it is stored. Absent where it cannot be read, or is not in this browser.
   */
  /** `mark`: of the request that the window's panel is about, where there was one (see live.ts). */
  'panel.hello': { target: PanelTarget; mark?: string; admin?: ConnectionView['admin']; run?: Run };
  'connection.needs': SiteNeeds;
  'connection.preview': {
    workspace: { id: string; name: string } | null;
    viewer: { name: string; admin: string } | null;
    needs: SiteNeeds;
  };
  /** `missing`: what the browser has not allowed yet; nothing was connected. */
  'connection.add': { connection: ConnectionView } | { missing: Access };
  'connection.kinds': {
    kinds: { kind: string; name: string; pages: string[]; apis: string[]; keyPage: string }[];
  };
  'connection.tryKey': { findings: KeyFindings } | { missing: Access };
  'connection.addByKey': { connection: ConnectionView } | { missing: Access };
  'control.list': { controls: OwnControl[] };
  'control.add': { controls: OwnControl[] };
  'control.remove': { controls: OwnControl[] };
  'control.import': { controls: OwnControl[] };
  'connection.list': { connections: ConnectionView[] };
  'member.search': { members: Member[]; cursor?: string };
  'draft.open': { run: string; resumed: boolean };
  'draft.edit': { rev: number };
  'draft.scan': { rev: number };
  'draft.recount': { rev: number };
  'draft.discard': { rev: number };
  'run.check': { problems: Problem[] };
  'run.start': { rev: number };
  'run.pause': { rev: number };
  'run.continue': { rev: number };
  'run.stop': { rev: number };
  'run.said': { rev: number };
  'run.retry': { rev: number };
  'member.find': { found: { name: string; members: Member[] }[] };
  'batch.open': { batch: string };
  'batch.check': { rev: number };
  'batch.edit': { rev: number };
  'batch.start': { rev: number };
  'batch.pause': { rev: number };
  'batch.continue': { rev: number };
  'batch.stop': { rev: number };
  'batch.retry': { rev: number };
  'batch.discard': { rev: number };
  /** `live`: the workspace tells by itself what changes; without that one has to ask again. */
  'run.watch': { run: WatchedRun | null; leaver: Member | null; live: boolean };
  'run.listElsewhere': { runs: OpenElsewhere[] };
  'run.takeOver': { run: string };
  'run.discardElsewhere': { discarded: true };
  'connection.test': ConnectionTest;
  'connection.remove': { removed: true };
}

export type Reply<C extends CommandName> = { ok: true; value: Replies[C] } | { ok: false; refusal: Refusal };

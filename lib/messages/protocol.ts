import { z } from 'zod';
import { editSchema } from '../offboarding/edit.ts';
import type { Member, Run } from '../offboarding/model.ts';

/**
 * What the contexts say to each other. One entry a command: the schema of what is asked and who may ask it.
 * A command is answered once its effect is stored; what follows is seen in the store and on the live port.
 */

const id = z.string().min(1).max(512);
const run = z.object({ run: id });

/** Who may send a command: the extension's own pages, or the overlay on a connected workspace's page. */
export type Sender = 'page' | 'overlay';

export const commands = {
  // What the overlay may say. The page's own claims travel as `member` only.
  'overlay.hello': { from: ['overlay'], request: z.object({}) },
  'overlay.member': { from: ['overlay'], request: z.object({ member: id }) },
  'offboard.open': { from: ['overlay'], request: z.object({ member: id }) },

  // What the panel and the tab may say.
  'panel.hello': { from: ['page'], request: z.object({ window: z.int(), run: id.optional() }) },
  'connection.preview': { from: ['page'], request: z.object({ origin: z.url() }) },
  'connection.add': { from: ['page'], request: z.object({ origin: z.url() }) },
  'connection.list': { from: ['page'], request: z.object({}) },
  'member.search': {
    from: ['page'],
    request: z.object({
      connection: id,
      text: z.string().max(200),
      cursor: z.string().optional(),
      leaver: id.optional(),
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
} as const satisfies Record<string, { from: readonly Sender[]; request: z.ZodType }>;

export type { Edit } from '../offboarding/edit.ts';
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
  | 'stale'
  | 'locked'
  | 'incomplete'
  | 'storage'
  | 'internal';

export interface Refusal {
  code: RefusalCode;
  /** The workspace's or the check's own words. */
  detail: string;
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

export interface OverlayView {
  /** null: draw nothing. */
  button: null | { kind: 'offboard' | 'resume'; label: string; title: string };
}

export interface OverlaySetup {
  /** The page profile of the connection, JSON. */
  pages: unknown;
  texts: Record<string, string>;
}

export interface Replies {
  'overlay.hello': OverlaySetup | null;
  'overlay.member': OverlayView;
  'offboard.open': { opened: 'panel' | 'tab' };
  'panel.hello': { target: PanelTarget };
  'connection.preview': {
    workspace: { id: string; name: string } | null;
    viewer: { name: string; admin: string } | null;
  };
  'connection.add': { connection: ConnectionView };
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
}

export type Reply<C extends CommandName> = { ok: true; value: Replies[C] } | { ok: false; refusal: Refusal };

/** On the live port (named `live`), panel to background. */
export const livePortName = 'live';
export const liveRequestSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('subscribe'), run: id }),
  z.object({ kind: z.literal('unsubscribe') }),
  z.object({ kind: z.literal('window'), window: z.int() }),
]);
export type LiveRequest = z.infer<typeof liveRequestSchema>;

/**
 * On the live port, background to panel. A patch holds the fields that changed after revision `from`, as they are at
 * `rev`; who has not seen `from` asks for a snapshot.
 */
export type LiveMessage =
  | { kind: 'snapshot'; run: Run }
  | { kind: 'patch'; run: string; from: number; rev: number; fields: Partial<Run>; cleared: (keyof Run)[] }
  | { kind: 'target'; target: PanelTarget }
  | { kind: 'waiting'; run: string; until: string };

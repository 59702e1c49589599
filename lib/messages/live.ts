import { z } from 'zod';
import type { Batch, BatchRow } from '../offboarding/batch.ts';
import type { Run } from '../offboarding/model.ts';
import type { PanelTarget } from './protocol.ts';

/** What the background and a panel say to each other on their live connection. */

const id = z.string().min(1).max(512);

/** On the live port (named `live`), panel to background. */
export const livePortName = 'live';
export const liveRequestSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('subscribe'), run: id }),
  z.object({ kind: z.literal('unsubscribe') }),
  z.object({ kind: z.literal('follow'), batch: id }),
  z.object({ kind: z.literal('unfollow') }),
  z.object({ kind: z.literal('window'), window: z.int() }),
]);
export type LiveRequest = z.infer<typeof liveRequestSchema>;

/** A place for what is not looked at here. */
const any = z.looseObject({});
const targetSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('home') }),
  z.object({ kind: z.literal('run'), run: id }),
  z.object({ kind: z.literal('member'), connection: id, member: id }),
]);
/** As much of each message as who hears it relies on. */
const liveMessageSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('hello') }),
  z.object({ kind: z.literal('snapshot'), run: z.looseObject({ id, rev: z.int(), phase: z.string() }) }),
  z.object({
    kind: z.literal('patch'),
    run: id,
    from: z.int(),
    rev: z.int(),
    fields: any,
    cleared: z.array(z.string()),
  }),
  z.object({
    kind: z.literal('batch'),
    batch: z.looseObject({
      id,
      rev: z.int(),
      members: z.array(z.looseObject({ run: id, member: any })),
    }),
    rows: z.array(z.looseObject({ run: id, rev: z.int(), state: z.string() })),
    whole: z.boolean(),
  }),
  z.object({ kind: z.literal('target'), target: targetSchema }),
  z.object({ kind: z.literal('trouble'), run: id, rev: z.int(), fields: any }),
  z.object({ kind: z.literal('news'), connection: id, live: z.boolean(), run: id.optional() }),
]);

/** Whether this is a message of the background, in the shape that the panel relies on. */
export function isLiveMessage(message: unknown): message is LiveMessage {
  return liveMessageSchema.safeParse(message).success;
}

/**
 * On the live port, background to panel. A patch holds the fields that changed after revision `from`, as they are at
 * `rev`; who has not seen `from` asks for a snapshot.
 */
export type LiveMessage =
  /** The first word on every connection: somebody is there. */
  | { kind: 'hello' }
  | { kind: 'snapshot'; run: Run }
  | { kind: 'patch'; run: string; from: number; rev: number; fields: Partial<Run>; cleared: (keyof Run)[] }
  /** `whole`: a row for everybody; otherwise those that changed. A row is newer by its revision. */
  | { kind: 'batch'; batch: Batch; rows: BatchRow[]; whole: boolean }
  | { kind: 'target'; target: PanelTarget }
  /** The run could not be stored: it is shown with these fields until a revision after `rev` arrives. */
  | { kind: 'trouble'; run: string; rev: number; fields: Partial<Run> }
  /** To every panel: the workspace's own news of a connection stand or are gone, or tell of a run. */
  | { kind: 'news'; connection: string; live: boolean; run?: string };

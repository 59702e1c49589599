import type { BatchRow } from '../offboarding/batch.ts';
import type { Batch } from '../offboarding/batch-model.ts';
import type { Run } from '../offboarding/model.ts';
import type { PanelTarget } from './protocol.ts';

/**
 * What the background and a panel say to each other on their live connection. What a panel says is checked by
 * `live-requests.ts`; what the background says is checked here, by hand: this is code that a panel loads before it is
 * first drawn, and schemas would hold that up. The connection begins after the panel's first question was asked:
 * what its window is told between the two is told again when it says which window it is in.
 */

/** The name of the port. */
export const livePortName = 'live';

/** What a window's panel shall be about. Each time that somebody asks for it, that has a mark of its own. */
export interface WindowTarget {
  target: PanelTarget;
  mark: string;
}

type Fields = Record<string, unknown>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isId = (value: unknown): boolean => typeof value === 'string' && value !== '' && value.length <= 512;
const isRevision = (value: unknown): boolean => Number.isSafeInteger(value);
const isEvery = (value: unknown, holds: (each: Fields) => boolean): boolean =>
  Array.isArray(value) && value.every((each) => isFields(each) && holds(each));

/** As much of each message as who hears it relies on. */
const shapes: Record<LiveMessage['kind'], (message: Fields) => boolean> = {
  hello: () => true,
  snapshot: ({ run }) =>
    isFields(run) && isId(run.id) && isRevision(run.rev) && typeof run.phase === 'string',
  patch: ({ run, from, rev, fields, cleared }) =>
    isId(run) &&
    isRevision(from) &&
    isRevision(rev) &&
    isFields(fields) &&
    Array.isArray(cleared) &&
    cleared.every((key) => typeof key === 'string'),
  batch: ({ batch, rows, whole }) =>
    isFields(batch) &&
    isId(batch.id) &&
    isRevision(batch.rev) &&
    isEvery(batch.members, ({ run, member }) => isId(run) && isFields(member)) &&
    isEvery(rows, ({ run, rev, state }) => isId(run) && isRevision(rev) && typeof state === 'string') &&
    typeof whole === 'boolean',
  target: ({ target, mark }) =>
    isId(mark) &&
    isFields(target) &&
    (target.kind === 'home' ||
      (target.kind === 'run' && isId(target.run)) ||
      (target.kind === 'member' && isId(target.connection) && isId(target.member))),
  trouble: ({ run, rev, fields }) => isId(run) && isRevision(rev) && isFields(fields),
  news: ({ connection, live, run }) =>
    isId(connection) && typeof live === 'boolean' && (run === undefined || isId(run)),
};

/** Whether this is a message of the background, in the shape that the panel relies on. */
export function isLiveMessage(message: unknown): message is LiveMessage {
  if (!isFields(message) || typeof message.kind !== 'string' || !Object.hasOwn(shapes, message.kind))
    return false;
  return shapes[message.kind as LiveMessage['kind']](message);
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
  /** Told when it is asked for, and to every panel that says its window: the same mark may be told more than once. */
  | ({ kind: 'target' } & WindowTarget)
  /** The run could not be stored: it is shown with these fields until a revision after `rev` arrives. */
  | { kind: 'trouble'; run: string; rev: number; fields: Partial<Run> }
  /** To every panel: the workspace's own news of a connection stand or are gone, or tell of a run. */
  | { kind: 'news'; connection: string; live: boolean; run?: string };

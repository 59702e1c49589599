import type { RefusalCode } from '../messages/protocol.ts';
import { Refused } from '../messages/refused.ts';
import type { Pause } from '../offboarding/holdups.ts';
import type { Run } from '../offboarding/model.ts';
import { StorageFailed } from '../store/store.ts';
import { WorkspaceError } from '../workspace/errors.ts';
import type { Context } from './context.ts';
import { later } from './session.ts';

/** Something that is no matter of one user keeps the whole batch from going on. */
export class Stuck extends Error {
  override readonly name = 'Stuck';
  readonly pause: Pause;

  constructor(pause: Pause) {
    super(pause.detail);
    this.pause = pause;
  }
}

/** Something of this user cannot be read now that could be when they were checked: asked again, it may be. */
export class Unread extends Refused {
  /** `detail`: which, and the workspace's own words. */
  constructor(detail: string) {
    super('incomplete', detail);
  }
}

/** Refusals that concern the user alone who was to be begun: the others go on. */
const own: ReadonlySet<RefusalCode> = new Set([
  'self',
  'memberGone',
  'openElsewhere',
  'stale',
  'locked',
  'incomplete',
]);

/** After so long the batch looks again whether somebody is signed in, or something answers; milliseconds. */
const lookAgain = { signedOut: 10_000, otherPerson: 10_000, unreachable: 30_000 } as const;

/** What a refusal at the beginning of one run says of all of them; undefined when it concerns that user alone. */
export function holdOf({ refusal, cause }: Refused, context: Context): Pause | undefined {
  const { code, detail, typed } = refusal;
  if (own.has(code)) return undefined;
  if (code === 'signedOut' || code === 'otherPerson')
    return { kind: code, detail, resumeAt: later(context, lookAgain[code]), ...(typed && { typed }) };
  if (code === 'unreachable' || code === 'throttled') {
    const asked = cause instanceof WorkspaceError ? cause.retryAfter : undefined;
    return { kind: 'unreachable', detail, resumeAt: later(context, asked ?? lookAgain.unreachable) };
  }
  return { kind: code === 'malformed' ? 'malformed' : 'refused', detail };
}

/** The same for a check that failed of what would meet all others too. */
export function holdOfScan(
  kind: Pause['kind'],
  { detail, typed }: NonNullable<Run['scan']['error']>,
  context: Context,
): Pause {
  const wait = kind === 'signedOut' ? lookAgain.signedOut : lookAgain.unreachable;
  return { kind, detail, resumeAt: later(context, wait), ...(typed && { typed }) };
}

/** The same for what nobody expected when one was begun: storage may be back by itself, a bug is shown. */
export function holdOfFault(error: unknown, context: Context): Pause {
  const detail = error instanceof Error ? error.message : String(error);
  return error instanceof StorageFailed
    ? { kind: 'storage', detail, resumeAt: later(context, lookAgain.unreachable) }
    : { kind: 'internal', detail };
}

/** What may be the fault of one user's data as well as of the workspace. */
const doubtful: readonly RefusalCode[] = ['unreachable', 'malformed', 'forbidden'];

/** The refusal of a user that others may not meet at all; undefined where it is clear whom it concerns. */
export function inDoubt(error: unknown): Pick<Refused['refusal'], 'code' | 'detail'> | undefined {
  if (error instanceof Stuck)
    return error.pause.kind === 'unreachable' ? { code: 'unreachable', detail: error.message } : undefined;
  if (error instanceof Unread) return error.refusal;
  if (!(error instanceof Refused) || !doubtful.includes(error.refusal.code)) return undefined;
  // Whoever says how long to wait is there, and means all.
  return error.cause instanceof WorkspaceError && error.cause.retryAfter !== undefined
    ? undefined
    : error.refusal;
}

import type { RefusalCode } from '../messages/protocol.ts';
import type { Refused } from '../messages/refused.ts';
import type { Pause } from '../offboarding/holdups.ts';
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
  const { code, detail } = refusal;
  if (own.has(code)) return undefined;
  if (code === 'signedOut' || code === 'otherPerson')
    return { kind: code, detail, resumeAt: later(context, lookAgain[code]) };
  if (code === 'unreachable' || code === 'throttled') {
    const asked = cause instanceof WorkspaceError ? cause.retryAfter : undefined;
    return { kind: 'unreachable', detail, resumeAt: later(context, asked ?? lookAgain.unreachable) };
  }
  return { kind: code === 'malformed' ? 'malformed' : 'refused', detail };
}

/** The same for a check that failed of what would meet all others too. */
export function holdOfScan(kind: Pause['kind'], detail: string, context: Context): Pause {
  const wait = kind === 'signedOut' ? lookAgain.signedOut : lookAgain.unreachable;
  return { kind, detail, resumeAt: later(context, wait) };
}

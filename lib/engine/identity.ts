import type { RefusalCode } from '../messages/protocol.ts';
import { Refused } from '../messages/refused.ts';
import { isSelf } from '../offboarding/eligibility.ts';
import type { Pause } from '../offboarding/holdups.ts';
import type { Run, Viewer } from '../offboarding/model.ts';
import { WorkspaceError, type WorkspaceErrorKind } from '../workspace/errors.ts';
import type { PageIdentity, Workspace } from '../workspace/port.ts';

const refusals: Record<WorkspaceErrorKind, RefusalCode> = {
  auth: 'signedOut',
  forbidden: 'forbidden',
  gone: 'memberGone',
  conflict: 'stale',
  throttled: 'throttled',
  transient: 'unreachable',
  invalid: 'malformed',
  unsupported: 'noWorkspace',
  manual: 'noWorkspace',
};

/** A fault of the workspace as the refusal of a command; any other error is passed on as it is. */
export function refusalOf(error: unknown): unknown {
  if (!(error instanceof WorkspaceError)) return error;
  const refused = new Refused(error.otherPage ? 'otherPage' : refusals[error.kind], error.message);
  if (error.typed) refused.refusal.typed = true;
  refused.cause = error;
  return refused;
}

const certain: ReadonlySet<RefusalCode> = new Set([
  'openElsewhere',
  'forbidden',
  'notAdmin',
  'stale',
  'malformed',
]);

/** Whether a command was surely not carried out: an answer that was lost or garbled may have followed its effect. */
export function isCertain(error: unknown): boolean {
  if (!(error instanceof Refused) || !certain.has(error.refusal.code)) return false;
  return !(error.cause instanceof WorkspaceError) || error.cause.applied === 'no';
}

/**
 * Asks the workspace who acts, and refuses who may not: people who are no admins, and the leaver themselves.
 * `page`: what the page that this was asked from says of who is signed in; somebody else is refused too. Throws Refused.
 */
export async function authorise(workspace: Workspace, leaver?: string, page?: PageIdentity): Promise<Viewer> {
  let viewer: Viewer;
  try {
    viewer = await workspace.identify(undefined, page);
  } catch (error) {
    throw refusalOf(error);
  }
  if (viewer.admin === 'no')
    throw new Refused('notAdmin', `${viewer.name ?? 'The signed-in person'} is no admin.`);
  if (leaver !== undefined && isSelf(viewer, leaver))
    throw new Refused('self', 'Nobody can offboard themselves.');
  return viewer;
}

/** Whether the person behind the session is the one the run, or the batch, is bound to. */
export function isSamePerson(run: Pick<Run, 'by'>, viewer: Viewer): boolean {
  return viewer.workspace.id === run.by.workspace.id && viewer.id === run.by.id && viewer.admin !== 'no';
}

/**
 * The pause of a run, or a batch, while the session is not that of an admin whom it is bound to: somebody else is signed
 * in, or the same person may not act any more. It looks again at `resumeAt`.
 */
export function otherPerson({ by }: Pick<Run, 'by'>, viewer: Viewer, resumeAt: string): Pause {
  const same = viewer.workspace.id === by.workspace.id && viewer.id === by.id;
  return {
    kind: 'otherPerson',
    detail: viewer.name ?? '',
    resumeAt,
    ...(same && viewer.admin === 'no' ? { noAdmin: true } : {}),
  };
}

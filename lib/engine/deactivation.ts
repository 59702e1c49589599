import type { Attempt } from '../offboarding/model.ts';
import { deactivationStep } from '../offboarding/steps.ts';
import { toPhase } from '../offboarding/transitions.ts';
import { WorkspaceError } from '../workspace/errors.ts';
import { backoff, failuresBeforePause } from './backoff.ts';
import { later, moveStep, type Session, signedOut, withStep } from './session.ts';

/**
 * The last step: sets the leaver inactive, if every other step completed, and believes it only after reading back.
 * Resolves with `waiting` where only a person on the workspace's page can do it. Throws Halt.
 */
export async function deactivate(session: Session): Promise<'ended' | 'waiting'> {
  const { context, workspace } = session;
  const run = session.run();
  const others = run.steps.filter(({ kind }) => kind !== 'deactivate');
  const unfinished = others.filter(({ state }) => state !== 'completed');
  if (unfinished.length > 0) {
    await moveStep(session, deactivationStep, 'notRun', {
      key: 'step_deactivation_held',
      params: { count: unfinished.length },
    });
    return 'ended';
  }
  if (run.steps.some(({ kind, state }) => kind === 'deactivate' && state === 'queued'))
    await moveStep(session, deactivationStep, 'running');
  if (await isInactive(session)) {
    await closeOpen(session);
    await finish(session);
    return 'ended';
  }
  if (run.completion === 'page' || !workspace.setActive) {
    const at = context.timestamp();
    await session.change(
      (stored) => toPhase(stored, 'waiting', at),
      [{ at, kind: 'phase', data: { phase: 'waiting' } }],
    );
    return 'waiting';
  }
  const open = (await context.store.openAttempts(run.id)).find(
    ({ category }) => category === deactivationStep,
  );
  await send(session, open ?? (await begin(session)));
  return 'ended';
}

/** Reads what became of a deactivation that may have landed, and closes its attempt. Nothing is sent. */
export async function settleDeactivation(session: Session, attempt: Attempt): Promise<void> {
  const { workspace } = session;
  await session.sleep(workspace.limits.settle);
  const inactive = await isInactive(session);
  await close(session, attempt, inactive ? 'moved' : 'planned');
  if (inactive && session.run().steps.some(({ kind, state }) => kind === 'deactivate' && state === 'running'))
    await finish(session);
}

async function begin(session: Session): Promise<Attempt> {
  const { context } = session;
  const { id: run, fence, leaver } = session.run();
  const attempt: Attempt = {
    run,
    seq: session.nextSeq(),
    key: context.newId(),
    ...(fence === undefined ? {} : { fence }),
    category: deactivationStep,
    changes: [{ ref: leaver.id, expect: { flag: true }, set: { flag: false }, lock: leaver.id }],
    open: 1,
    maybe: false,
    tries: 0,
    createdAt: context.timestamp(),
  };
  await context.reached('deactivation.begin');
  await context.store.beginAttempt(attempt);
  return attempt;
}

/** Sends the deactivation until the workspace is seen to have done it, or refuses. */
async function send(session: Session, first: Attempt): Promise<void> {
  const { context, workspace } = session;
  let attempt = first;
  for (;;) {
    await session.waitUntil(attempt.resumeAt);
    session.checkExecuting();
    try {
      await context.reached('deactivation.send');
      await workspace.setActive?.(session.run().leaver.id, false, attempt, session.writing);
      await context.reached('deactivation.answered');
      session.succeeded();
    } catch (error) {
      if (!(error instanceof WorkspaceError)) throw error;
      if (error.kind === 'auth') return session.pause(signedOut(context, error));
      if (['transient', 'throttled', 'invalid'].includes(error.kind) && attempt.tries < failuresBeforePause) {
        const tries = attempt.tries + 1;
        const resumeAt = later(context, backoff(tries, error.retryAfter, context.random()));
        attempt = { ...attempt, tries, resumeAt, maybe: attempt.maybe || error.applied === 'maybe' };
        context.observe(await context.store.markAttempt(attempt, [], () => undefined));
        if (error.kind !== 'throttled') await session.failed(error);
        if (!(await isInactive(session))) continue;
      } else {
        await close(session, attempt, 'failed');
        return moveStep(session, deactivationStep, 'failed', {
          key: 'step_deactivation_refused',
          params: { detail: error.message },
        });
      }
    }
    if (await isInactive(session)) {
      await close(session, attempt, 'moved');
      return finish(session);
    }
    await close(session, attempt, 'failed');
    return moveStep(session, deactivationStep, 'failed', { key: 'step_deactivation_ignored', params: {} });
  }
}

async function isInactive(session: Session): Promise<boolean> {
  const { id } = session.run().leaver;
  const page = await session.persistently((signal) => session.workspace.members({ id }, signal));
  // A member who was deleted meanwhile has no access either.
  return page.items[0]?.active !== true;
}

async function closeOpen(session: Session): Promise<void> {
  for (const attempt of await session.context.store.openAttempts(session.run().id))
    if (attempt.category === deactivationStep) await close(session, attempt, 'moved');
}

async function close(
  session: Session,
  attempt: Attempt,
  outcome: 'moved' | 'planned' | 'failed',
): Promise<void> {
  const { context } = session;
  const at = context.timestamp();
  await context.reached('deactivation.settle');
  context.observe(
    await context.store.settleAttempt({ ...attempt, settledAt: at }, [], () => undefined, {
      at,
      kind: 'attempt',
      data: { seq: attempt.seq, key: attempt.key, category: attempt.category, outcome },
    }),
  );
}

async function finish(session: Session): Promise<void> {
  await session.change((run) => ({
    ...withStep(run, deactivationStep, (step) => ({ ...step, moved: 1 })),
    leaver: { ...run.leaver, active: false },
  }));
  await moveStep(session, deactivationStep, 'completed');
}

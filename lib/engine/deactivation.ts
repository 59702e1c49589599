import type { Attempt } from '../offboarding/attempt.ts';
import type { Evidence, Member, Run, Step } from '../offboarding/model.ts';
import { deactivationStep, isLeftByHand, rescanStep } from '../offboarding/steps.ts';
import { toPhase, toStepState } from '../offboarding/transitions.ts';
import { WorkspaceError } from '../workspace/errors.ts';
import { backoff } from './backoff.ts';
import type { Context } from './context.ts';
import { checkHolder, withWait } from './delivery.ts';
import {
  checkPerson,
  checkRow,
  Halt,
  later,
  moveStep,
  type Session,
  signedOut,
  Unverifiable,
} from './session.ts';
import { deactivating, grown, troubleOf, withTrouble } from './troubles.ts';

/** A rescan that ended longer ago says nothing about now: the run was paused, or the browser closed. */
const freshness = 5 * 60_000;

/**
 * The last step: sets the leaver inactive, if every other step completed, and believes it only after reading back.
 * Resolves with `waiting` where only a person on the workspace's page can do it, and with `rescan` where the last
 * look was so long ago that it has to be repeated first. Throws Halt.
 */
export async function deactivate(session: Session): Promise<'ended' | 'waiting' | 'rescan'> {
  const { context, workspace } = session;
  const run = session.run();
  const others = run.steps.filter(({ kind }) => kind !== 'deactivate');
  const unfinished = others.filter((step) => step.state !== 'completed' && !isLeftByHand(run, step));
  if (unfinished.length > 0) {
    await moveStep(session, deactivationStep, 'notRun', {
      key: 'step_deactivation_held',
      params: { count: unfinished.length },
    });
    return 'ended';
  }
  if (lookedLongAgo(context, run)) {
    await moveStep(session, rescanStep, 'running');
    return 'rescan';
  }
  if (run.steps.some(({ kind, state }) => kind === 'deactivate' && state === 'queued'))
    await moveStep(session, deactivationStep, 'running');
  const now = await look(session);
  if (now !== 'active') {
    await closeOpen(session);
    await finish(session, now);
    return 'ended';
  }
  if (run.completion === 'page' || !workspace.setActive) {
    const at = context.timestamp();
    await session.change(
      (stored) => toPhase(executing(stored), 'waiting', at),
      [{ at, kind: 'phase', data: { phase: 'waiting' } }],
    );
    return 'waiting';
  }
  const open = (await context.store.openAttempts(run.id)).find(
    ({ category }) => category === deactivationStep,
  );
  // What an earlier session left open may have landed, or may still.
  await send(session, open ? { ...open, maybe: true } : await begin(session));
  return 'ended';
}

/** Reads what became of a deactivation that may have landed, and closes its attempt. Nothing is sent. */
export async function settleDeactivation(session: Session, attempt: Attempt): Promise<void> {
  const { workspace } = session;
  await session.sleep(workspace.limits.settle);
  const now = await look(session).catch((error: unknown) => {
    if (error instanceof Unverifiable) return 'unverified' as const;
    throw error;
  });
  await close(session, attempt, now === 'active' ? 'planned' : now === 'unverified' ? 'failed' : 'moved');
}

/**
 * A run that ends in the middle of its deactivation: completes the step if the leaver is inactive by now. The
 * attempt may have been closed by a session that died before it could say so in the step. Where that cannot be found
 * out, the step fails and says so.
 */
export async function finishIfInactive(session: Session): Promise<void> {
  const step = session.run().steps.find(({ kind }) => kind === 'deactivate');
  if (step?.state !== 'running') return;
  let detail = '';
  const now = await look(session).catch((error: unknown) => {
    if (!(error instanceof Unverifiable)) throw error;
    detail = error.message;
    return 'unverified' as const;
  });
  if (now === 'unverified')
    await moveStep(session, deactivationStep, 'failed', {
      key: 'step_deactivation_unverified',
      params: { detail },
    });
  else if (now !== 'active') await finish(session, now);
}

async function begin(session: Session): Promise<Attempt> {
  const { context } = session;
  const { id: run, by, fence, leaver } = session.run();
  const attempt: Attempt = {
    run,
    ...(by.id === undefined ? {} : { by: by.id }),
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
  let now: Found = 'active';
  for (;;) {
    await session.waitUntil(attempt.resumeAt);
    // It cannot be taken back: who is signed in is asked directly before, and not a minute ago.
    await checkPerson(
      session,
      await session.persistently('identify', (signal) => workspace.identify(signal)),
    );
    session.checkExecuting();
    try {
      await context.reached('deactivation.send');
      await workspace.setActive?.(session.run().leaver.id, false, attempt, session.writing);
      await context.reached('deactivation.answered');
    } catch (error) {
      if (!(error instanceof WorkspaceError)) throw error;
      if (error.kind === 'auth') return session.pause(signedOut(context, error));
      const doubtful = error.kind === 'invalid' && error.applied === 'maybe';
      if (error.kind === 'transient' || error.kind === 'throttled' || doubtful) {
        const tries = attempt.tries + 1;
        const resumeAt = later(context, backoff(tries, error.retryAfter, context.random()));
        attempt = { ...attempt, tries, resumeAt, maybe: attempt.maybe || error.applied === 'maybe' };
        const wait = { until: resumeAt, asked: error.kind === 'throttled', detail: error.message };
        context.observe(
          await context.store.markAttempt(attempt, [], (run) =>
            withWait(
              withTrouble(run, deactivating, grown(troubleOf(run, deactivating), error, resumeAt)),
              wait,
            ),
          ),
        );
        await checkRow(session, deactivating, error);
        now = await look(session);
        if (now === 'active') continue;
        break;
      }
      await checkHolder(session, error);
      const { fence } = session.run();
      if (fence !== undefined && attempt.fence !== fence) {
        attempt = { ...attempt, fence };
        continue;
      }
      if (attempt.maybe) now = await landsYet(session);
      if (now !== 'active') break;
      await close(session, attempt, 'failed');
      return moveStep(session, deactivationStep, 'failed', {
        key: 'step_deactivation_refused',
        params: { detail: error.message },
      });
    }
    // A workspace may take a moment until it shows what it has accepted.
    now = await landsYet(session);
    if (now !== 'active') break;
    await close(session, attempt, 'failed');
    return moveStep(session, deactivationStep, 'failed', { key: 'step_deactivation_ignored', params: {} });
  }
  await close(session, attempt, 'moved');
  await finish(session, now);
}

/** What a try has come to, once it has landed or never will. */
async function landsYet(session: Session): Promise<Found> {
  const now = await look(session);
  if (now !== 'active') return now;
  await session.sleep(session.workspace.limits.settle);
  return look(session);
}

/** Whether a run's last look at what the leaver owns is too old to act on; a run without one has nothing to be old. */
export function lookedLongAgo(context: Context, { steps }: Run): boolean {
  const at = steps.find(({ kind }) => kind === 'rescan')?.endedAt;
  return at !== undefined && context.clock.now().getTime() - Date.parse(at) > freshness;
}

const executing = (run: Run): Run => {
  if (run.phase !== 'executing') throw new Halt(`The run is ${run.phase}.`);
  return run;
};

/** What the workspace says of the leaver. Who is `gone` has no access either, and the step says that it was so. */
type Found = 'active' | 'inactive' | 'gone';

async function look(session: Session): Promise<Found> {
  const { id } = session.run().leaver;
  // Who is named by nothing any more is not listed there: that says nothing of their access.
  if (session.workspace.activeUnknown) return 'active';
  const page = await session.persistently('member', (signal) => session.workspace.members({ id }, signal));
  return foundOf(page.items[0]);
}

/** What a member's record says, where there still is one. */
export const foundOf = (member: Member | undefined): Found =>
  member === undefined ? 'gone' : member.active ? 'active' : 'inactive';

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
    await context.store.settleAttempt(
      { ...attempt, settledAt: at },
      [],
      (run) => run.troubles && withTrouble(run, deactivating, undefined),
      {
        at,
        kind: 'attempt',
        data: { seq: attempt.seq, key: attempt.key, category: attempt.category, outcome },
      },
    ),
  );
}

async function finish(session: Session, found: Found): Promise<void> {
  const at = session.context.timestamp();
  await session.change(
    (run) => deactivated(run, at, { found }),
    [{ at, kind: 'step', data: { step: deactivationStep, state: 'completed', found } }],
  );
}

/**
 * The run whose leaver is inactive. `evidence`: how that is known where the workspace did not confirm it; `found`: how
 * it shows the leaver where it did.
 */
export function deactivated(
  run: Run,
  at: string,
  { evidence, found }: { evidence?: Evidence | undefined; found?: Found | undefined },
): Run {
  const message: Step['message'] = found === 'gone' ? { key: 'step_member_gone', params: {} } : undefined;
  const steps = run.steps.map((step) =>
    step.kind === 'deactivate'
      ? { ...toStepState(step, 'completed', at, message), moved: 1, ...(evidence && { evidence }) }
      : step,
  );
  return { ...run, steps, leaver: { ...run.leaver, active: false } };
}

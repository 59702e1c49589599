import type { Attempt } from '../offboarding/attempt.ts';
import type { Pause } from '../offboarding/holdups.ts';
import type { Run, RunItem } from '../offboarding/model.ts';
import { deactivationStep, endOfRun, endOfStep } from '../offboarding/steps.ts';
import { toPhase, toStepState } from '../offboarding/transitions.ts';
import { MissingRun, StorageFailed } from '../store/store.ts';
import { WorkspaceError } from '../workspace/errors.ts';
import { longestSleep } from './backoff.ts';
import { announceStorageFailure, type Context } from './context.ts';
import { deactivate, finishIfInactive, settleDeactivation } from './deactivation.ts';
import { ByHand, checkHolder, deliver, type Held, mark, verify } from './delivery.ts';
import { becomeManual, handOver, recount } from './hand-over.ts';
import { heartbeat, reconcile, release, report } from './registry.ts';
import { rescanToZero } from './rescan.ts';
import { planFailed } from './retry.ts';
import type { Schedule } from './schedule.ts';
import { blockedBy, checkPerson, createSession, Halt, moveStep, type Session, signedOut } from './session.ts';
import { nameTaken, readTaken } from './take-over.ts';
import { heldUntil } from './troubles.ts';

/** While a run executes, the background asks to be woken after so long, should it be stopped. */
const watch = 30_000;
/** So often that wish is renewed and progress is shown, which keeps the background alive. */
const pulse = 10_000;

/** Executes runs: at most one executor for each, whoever asks how often. */
export function createExecutor(context: Context, schedule: Schedule) {
  const active = new Map<string, { again: boolean; interrupt: AbortController; ended: Promise<void> }>();

  /** Makes sure that somebody executes this run; resolves when this browser has let go of it. */
  const ensure = (runId: string): Promise<void> => {
    const existing = active.get(runId);
    if (existing) {
      existing.again = true;
      schedule.set(runId, new Date(context.clock.now().getTime() + watch));
      return existing.ended;
    }
    const interrupt = new AbortController();
    const entry = { again: false, interrupt, ended: Promise.resolve() };
    active.set(runId, entry);
    entry.ended = context
      .withLock(`run:${runId}`, () => execute(context, schedule, runId, interrupt.signal))
      .then(
        (held) => {
          // Another context has it; should that one end, the alarm brings us back.
          if (!held) schedule.set(runId, new Date(context.clock.now().getTime() + watch));
        },
        () => schedule.set(runId, new Date(context.clock.now().getTime() + watch)),
      )
      .finally(() => {
        active.delete(runId);
        if (entry.again) void ensure(runId);
      });
    return entry.ended;
  };

  /** Ends the sleeps of a run that was paused or stopped, so that it lets go at once. */
  const interrupt = (runId: string): void => active.get(runId)?.interrupt.abort();

  return { ensure, interrupt };
}

async function execute(
  context: Context,
  schedule: Schedule,
  runId: string,
  signal: AbortSignal,
): Promise<void> {
  const stored = await context.store.run(runId);
  if (!stored || !['executing', 'stopping', 'superseded'].includes(stored.phase))
    return schedule.set(runId, stored ? wakeTime(context, stored, undefined) : null);
  context.observe(stored);
  schedule.set(runId, new Date(context.clock.now().getTime() + watch));
  let until: string | undefined;
  try {
    const workspace = await context.workspace(stored.connection);
    const session = createSession(context, workspace, runId, await context.store.lastAttempt(runId), signal);
    const beating = new AbortController();
    const beats = beat(session, schedule, AbortSignal.any([signal, beating.signal]));
    try {
      await drive(session);
    } finally {
      beating.abort();
      await beats;
    }
  } catch (error) {
    if (error instanceof StorageFailed || error instanceof MissingRun)
      return storageFailed(context, schedule, runId, error);
    if (error instanceof Halt) until = error.until;
    else await unexpected(context, runId, error);
  }
  const run = context.latest(runId);
  schedule.set(runId, run ? wakeTime(context, run, until) : null);
  // Refused elsewhere in mid-flight: what became of it is still to be read.
  if (run?.phase === 'superseded' && stored.phase !== 'superseded')
    await execute(context, schedule, runId, signal);
}

/** From taking the run up to its end. Throws Halt. */
async function drive(session: Session): Promise<void> {
  const { context, workspace } = session;
  await context.reached('session.begin');
  await keepLease(session);
  if (session.run().phase === 'executing')
    await checkPerson(
      session,
      await session.persistently('identify', (signal) => context.viewerOf(session.run(), workspace, signal)),
    );
  if (session.run().phase === 'executing') await showRegistry(session);
  await settleOpen(session);
  if (session.run().phase === 'superseded') return;
  if (session.run().phase === 'stopping') {
    if (session.run().categories.length === 0) await nameTaken(session);
    return endHere(session);
  }
  if (session.run().scan.state === 'running') await readTaken(session);
  await planFailed(context, session.run());
  for (;;) {
    session.checkExecuting();
    const step = session.run().steps.find(({ state }) => state === 'running' || state === 'queued');
    if (!step) break;
    await context.reached('step.begin');
    if (step.state === 'queued') {
      if (blockedBy(session.run(), step.category)) {
        await moveStep(session, step.id, 'notRun', { key: 'step_after_failed', params: {} });
        continue;
      }
      if (step.kind !== 'deactivate') await moveStep(session, step.id, 'running');
    }
    if (step.kind === 'category' && step.category !== undefined)
      await handOver(session, step.id, step.category);
    else if (step.kind === 'rescan') await rescanToZero(session);
    else if (step.kind === 'deactivate' && (await deactivate(session)) === 'waiting') return;
    void report(context, session.workspace, session.run()).catch(() => {});
  }
  const at = context.timestamp();
  await context.reached('run.end');
  const phase = endOfRun(session.run().steps);
  const ended = await session.change(
    (run) => {
      if (run.phase !== 'executing') throw new Halt(`The run is ${run.phase}.`);
      return toPhase(run, phase, at);
    },
    [{ at, kind: 'phase', data: { phase } }],
  );
  context.progress(ended);
  await release(context, session.workspace, ended);
}

/**
 * A run that waits for long, since the workspace asked for that, sends nothing but the sign that its browser lives: it
 * would lose its lease, and be taken over although nothing is wrong with it.
 */
async function keepLease({ context, workspace, run }: Session): Promise<void> {
  const until = heldUntil(run());
  const long = until !== undefined && Date.parse(until) - context.clock.now().getTime() > longestSleep;
  if (!long || run().phase !== 'executing' || run().fence === undefined) return;
  try {
    await report(context, workspace, run());
  } catch (error) {
    if (error instanceof WorkspaceError && error.kind === 'conflict')
      await reconcile(context, workspace, run()).catch(() => {});
  }
}

/** Takes up what an earlier session left open: each may have landed, whatever was written of it. */
async function settleOpen(session: Session): Promise<void> {
  const { context } = session;
  const repeats = { message: '', count: 0 };
  for (const attempt of await context.store.openAttempts(session.run().id)) {
    if (attempt.category === deactivationStep) {
      if (session.run().phase !== 'executing') await settleDeactivation(session, attempt);
      continue;
    }
    const held = await holdOf(session, attempt);
    if (session.run().phase === 'executing')
      await deliver(
        session,
        await mark(session, held, held.attempt.maybe || !waits(session, attempt)),
        repeats,
      ).catch(async (error: unknown) => {
        if (error instanceof ByHand) await becomeManual(session, attempt.category, error.message);
        throw error;
      });
    else await verify(session, held);
  }
}

/** Whether an attempt still waits for its turn after a fault: then nobody has sent it since. */
function waits({ context }: Session, { resumeAt }: Attempt): boolean {
  return resumeAt !== undefined && Date.parse(resumeAt) > context.clock.now().getTime();
}

/** An open attempt with its items as stored. */
async function holdOf(session: Session, attempt: Attempt): Promise<Held> {
  const refs = attempt.changes.map(({ ref }) => ref);
  const items = await session.context.store.items.byRef(attempt.run, attempt.category, refs);
  return { attempt, items: items.filter((item): item is RunItem => item !== undefined) };
}

/** End here: what is in flight is known by now; nothing more is written. */
async function endHere(session: Session): Promise<void> {
  const { context } = session;
  for (const step of session.run().steps)
    if (step.kind === 'category' && step.state === 'running')
      await recount(session, step.id, step.category ?? step.id);
  await finishIfInactive(session);
  const at = context.timestamp();
  const ended = await session.change(
    (run) => {
      const steps = run.steps.map((step) => {
        if (step.state === 'queued')
          return toStepState(step, 'notRun', at, { key: 'step_ended_before', params: {} });
        if (step.state !== 'running') return step;
        if (step.kind !== 'category')
          return toStepState(step, 'notRun', at, { key: 'step_ended_before', params: {} });
        const end = endOfStep(step);
        const left = step.total - step.moved - step.skipped;
        return end === 'completed'
          ? toStepState(step, end, at)
          : toStepState(step, end, at, { key: 'step_ended_here', params: { count: left } });
      });
      // It came too late to end anything before its time.
      const phase = steps.every(({ state }) => state === 'completed') ? 'succeeded' : 'partial';
      return toPhase({ ...run, steps }, phase, at);
    },
    [{ at, kind: 'phase', data: { endedHere: true } }],
  );
  await release(context, session.workspace, ended);
}

/**
 * Tells the registry how far the run is before anything is written: another admin who takes it over finds the plan
 * there, and a browser that was away for long learns here that somebody has. Throws Halt then.
 */
async function showRegistry(session: Session): Promise<void> {
  try {
    await report(session.context, session.workspace, session.run());
  } catch (error) {
    if (!(error instanceof WorkspaceError)) throw error;
    await checkHolder(session, error);
    // Any other fault meets the next calls too; the heartbeat tries again.
  }
}

/**
 * Shows that work goes on, so that nobody stops the background; and once a minute: is it still the same person, and
 * does the workspace know that this browser lives? Its own faults are no matter: the executor's calls meet them too.
 */
async function beat(session: Session, schedule: Schedule, signal: AbortSignal): Promise<void> {
  const { context, workspace } = session;
  for (let beats = 1; ; beats += 1) {
    await context.clock.sleep(pulse, signal);
    if (signal.aborted) return;
    schedule.set(session.run().id, new Date(context.clock.now().getTime() + watch));
    context.progress(session.run());
    if ((heldUntil(session.run()) ?? '') > context.timestamp()) continue;
    try {
      if ((beats * pulse) % heartbeat === 0) await checkPerson(session, await workspace.identify(signal));
      await report(context, workspace, session.run());
    } catch (error) {
      if (!(error instanceof WorkspaceError)) continue;
      if (error.kind === 'auth') await session.pause(signedOut(context, error)).catch(() => {});
      await checkHolder(session, error).catch(() => {});
    }
  }
}

/** When a run that was let go wants to be taken up again; null when nothing is to be done without a person. */
function wakeTime(context: Context, run: Run, until: string | undefined): Date | null {
  if (run.phase === 'paused') {
    if (run.pause?.resumeAt) return new Date(run.pause.resumeAt);
    // Standing still it keeps its lease all the same.
    return run.fence === undefined ? null : new Date(context.clock.now().getTime() + heartbeat);
  }
  if (run.phase === 'waiting') return new Date(context.clock.now().getTime() + watch);
  if (run.phase === 'superseded') return until === undefined ? null : new Date(until);
  if (run.untold !== undefined) return new Date(run.untold);
  if (run.phase !== 'executing' && run.phase !== 'stopping') return null;
  const now = context.clock.now().getTime();
  if (until === undefined) return new Date(now + watch);
  // However long it waits, its lease has to be renewed.
  const latest = run.fence === undefined ? Number.POSITIVE_INFINITY : now + heartbeat;
  return new Date(Math.min(Date.parse(until), latest));
}

function storageFailed(context: Context, schedule: Schedule, runId: string, error: Error): void {
  const run = context.latest(runId);
  if (run) announceStorageFailure(context, run, error);
  schedule.set(runId, new Date(context.clock.now().getTime() + watch));
}

/** A refusal that nobody expected must not spin or vanish, and neither must a bug: the run stands still and shows it. */
async function unexpected(context: Context, runId: string, error: unknown): Promise<void> {
  const at = context.timestamp();
  const detail = error instanceof Error ? error.message : String(error);
  const kind = pauseOf(error);
  await context.change(
    runId,
    (run) => (run.phase === 'executing' ? toPhase(run, 'paused', at, { kind, detail }) : undefined),
    [{ at, kind: 'phase', data: { phase: 'paused', reason: kind } }],
  );
}

/** What the workspace does not allow is for a person to settle; any other answer of it was expected by nobody here. */
function pauseOf(error: unknown): Pause['kind'] {
  if (!(error instanceof WorkspaceError)) return 'internal';
  return ['forbidden', 'unsupported', 'manual'].includes(error.kind) ? 'refused' : 'malformed';
}

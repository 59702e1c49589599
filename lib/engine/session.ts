import type { Pause, Run, ScannedCategory, Step, Viewer } from '../offboarding/model.ts';
import { toPhase, toStepState } from '../offboarding/transitions.ts';
import type { JournalDraft } from '../store/store.ts';
import { WorkspaceError } from '../workspace/errors.ts';
import type { Workspace } from '../workspace/port.ts';
import { backoff, failuresBeforePause, longestSleep } from './backoff.ts';
import type { Context } from './context.ts';
import { isSamePerson, otherPerson } from './identity.ts';

/** The executor lets go: the run was paused or stopped, or waits for longer than anybody should sleep. */
export class Halt extends Error {
  override readonly name = 'Halt';
  /** When the run wants to be taken up again, where a wait is the reason. */
  readonly until: string | undefined;

  /** `message` is for whoever debugs; nobody is shown it. */
  constructor(message: string, until?: string) {
    super(message);
    this.until = until;
  }
}

/**
 * A run that is ending could not read what became of something, however often it asked. What is left of it then ends
 * as failed, and says so.
 */
export class Unverifiable extends Error {
  override readonly name = 'Unverifiable';
}

/** So many unusable answers to one call pause the run. */
const malformedBeforePause = 3;

/** One executor's hold on one run, from taking it up to letting go. */
export interface Session {
  readonly context: Context;
  readonly workspace: Workspace;
  /** Ends sleeps and reads when the run is paused or stopped. */
  readonly signal: AbortSignal;
  /** Never aborted: a write that is on its way is waited for, whatever the admin does meanwhile. */
  readonly writing: AbortSignal;
  /** The run as last stored. */
  run(): Run;
  change(change: (run: Run) => Run | undefined, entries?: readonly JournalDraft[]): Promise<Run>;
  /** Throws Halt unless the run is still executing, and by this executor. */
  checkExecuting(): void;
  /** Pauses the run for this reason and throws Halt. A run that stands still already keeps its own reason. */
  pause(pause: Pause): Promise<never>;
  /** Sleeps so long, or throws Halt when the run is interrupted meanwhile. */
  sleep(milliseconds: number): Promise<void>;
  /** Sleeps until then, or throws Halt where that is too long to sleep. */
  waitUntil(time: string | undefined): Promise<void>;
  /**
   * Does a read until it succeeds: waits are stored, and what does not pass by itself pauses the run. One that is
   * ending cannot be paused: it tries twenty times, shows why it has to, and then throws Unverifiable.
   */
  persistently<T>(call: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /** Counts a write that the connection or the server failed; the twentieth in a row pauses the run. */
  failed(error: WorkspaceError): Promise<void>;
  /** A write was answered. Reads that succeed between failing writes say nothing about writes. */
  succeeded(): void;
  nextSeq(): number;
}

/** Takes up a run. `lastSeq` is the number of its last attempt, `signal` ends every sleep. */
export function createSession(
  context: Context,
  workspace: Workspace,
  runId: string,
  lastSeq: number,
  signal: AbortSignal,
): Session {
  let failures = 0;
  let failedReads = 0;
  let seq = lastSeq;
  const run = (): Run => {
    const latest = context.latest(runId);
    if (!latest) throw new Halt('The run is not loaded.');
    return latest;
  };
  const session: Session = {
    context,
    workspace,
    signal,
    writing: new AbortController().signal,
    run,
    change: (change, entries) => context.change(runId, change, entries),
    nextSeq: () => ++seq,
    checkExecuting() {
      // Continued before it had let go: the next executor goes on, with a heartbeat and signals of its own.
      if (signal.aborted) throw new Halt('The run was interrupted.');
      if (run().phase !== 'executing') throw new Halt(`The run is ${run().phase}.`);
    },
    async pause(pause) {
      const at = context.timestamp();
      await session.change(
        (stored) => (stored.phase === 'executing' ? toPhase(stored, 'paused', at, pause) : undefined),
        [{ at, kind: 'phase', data: { phase: 'paused', reason: pause.kind } }],
      );
      throw new Halt(`The run was paused: ${pause.kind}.`);
    },
    async sleep(milliseconds) {
      await context.clock.sleep(milliseconds, signal);
      if (signal.aborted) throw new Halt('The run was interrupted.');
    },
    async waitUntil(time) {
      if (time === undefined) return;
      const wait = Date.parse(time) - context.clock.now().getTime();
      if (wait > longestSleep) throw new Halt('The run waits.', time);
      if (wait > 0) await session.sleep(wait);
    },
    async failed(error) {
      failures += 1;
      if (failures >= failuresBeforePause)
        await session.pause({ kind: 'failures', detail: error.message, count: failures });
    },
    succeeded() {
      failures = 0;
    },
    async persistently(call) {
      await session.waitUntil(run().retry?.resumeAt);
      for (let malformed = 0; ; ) {
        try {
          const result = await call(signal);
          failedReads = 0;
          if (run().retry) await session.change(withoutRetry);
          return result;
        } catch (error) {
          if (signal.aborted) throw new Halt('The run was interrupted.');
          if (!(error instanceof WorkspaceError)) throw error;
          const ending = run().phase === 'stopping';
          if (!ending && error.kind === 'auth') await session.pause(signedOut(context, error));
          if (!ending && error.kind === 'invalid' && ++malformed >= malformedBeforePause)
            await session.pause({ kind: 'malformed', detail: error.message });
          const passing = ['transient', 'throttled', 'invalid', ...(ending ? ['auth'] : [])];
          if (!passing.includes(error.kind)) throw error;
          if (error.kind !== 'throttled') failedReads += 1;
          if (!ending && failedReads >= failuresBeforePause)
            await session.pause({ kind: 'failures', detail: error.message, count: failedReads });
          const tries = (run().retry?.tries ?? 0) + 1;
          if (ending && tries >= failuresBeforePause) throw new Unverifiable(error.message);
          const resumeAt = later(context, backoff(tries, error.retryAfter, context.random()));
          await session.change((stored) => ({
            ...stored,
            retry: { tries, resumeAt, detail: error.message },
            ...(ending && { pause: whyStill(error, tries) }),
          }));
          await session.waitUntil(resumeAt);
        }
      }
    },
  };
  return session;
}

/** Now plus so many milliseconds, as a record's time. */
export function later(context: Context, milliseconds: number): string {
  return new Date(context.clock.now().getTime() + milliseconds).toISOString();
}

/** The pause of a run whose session has ended; it looks again by itself. */
export function signedOut(context: Context, error: WorkspaceError): Pause {
  return { kind: 'signedOut', detail: error.message, resumeAt: later(context, 5_000) };
}

/** What keeps a run from ending that wants to. */
const whyStill = (error: WorkspaceError, count: number): Pause =>
  error.kind === 'auth'
    ? { kind: 'signedOut', detail: error.message }
    : { kind: error.kind === 'invalid' ? 'malformed' : 'failures', detail: error.message, count };

/** The run as it goes on after a read that succeeded. */
function withoutRetry({ retry: _retry, ...run }: Run): Run {
  if (run.phase !== 'stopping') return run;
  const { pause: _pause, ...ending } = run;
  return ending;
}

/** The category of a run by id. */
export function categoryOf(run: Run, id: string): ScannedCategory {
  const category = run.categories.find((each) => each.id === id);
  if (!category) throw new Error(`The run has no category ${id}.`);
  return category;
}

/** The run is bound to one person: somebody else's session pauses it. Throws Halt then. */
export async function checkPerson(session: Session, viewer: Viewer): Promise<void> {
  if (isSamePerson(session.run(), viewer)) return;
  await session.pause(otherPerson(viewer, later(session.context, 5_000)));
}

/** A category may have to wait for others; when one of them did not complete, its turn never comes. */
export function blockedBy(run: Run, category: string | undefined): boolean {
  const after = run.categories.find(({ id }) => id === category)?.after ?? [];
  return run.steps.some(({ id, state }) => after.includes(id) && state !== 'completed');
}

/** The run with one step changed. */
export function withStep(run: Run, id: string, change: (step: Step) => Step): Run {
  return { ...run, steps: run.steps.map((step) => (step.id === id ? change(step) : step)) };
}

/** Stores a step's new state, and writes it into the journal. */
export async function moveStep(
  session: Session,
  id: string,
  state: Step['state'],
  message?: Step['message'],
): Promise<void> {
  const at = session.context.timestamp();
  await session.change(
    (run) => withStep(run, id, (step) => toStepState(step, state, at, message)),
    [{ at, kind: 'step', data: { step: id, state } }],
  );
}

import type { Pause } from '../offboarding/holdups.ts';
import type { Run, ScannedCategory, Step, Viewer } from '../offboarding/model.ts';
import { toPhase, toStepState } from '../offboarding/transitions.ts';
import type { JournalDraft, RunChange } from '../store/store.ts';
import { WorkspaceError } from '../workspace/errors.ts';
import type { Workspace } from '../workspace/port.ts';
import { backoff, failuresBeforePause, longestSleep } from './backoff.ts';
import type { Context } from './context.ts';
import { isSamePerson, otherPerson } from './identity.ts';
import { grown, heldUntil, troubleOf, withTrouble, writing } from './troubles.ts';

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

/** So many unusable answers in a row, to calls for one purpose, pause the run. */
export const malformedBeforePause = 3;

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
  /** Sleeps until then, or throws Halt where that is too long to sleep. A time that is over is none. */
  waitUntil(time: string | undefined): Promise<void>;
  /**
   * Does a read until it succeeds: waits are stored, and what does not pass by itself pauses the run. One that is
   * ending cannot be paused: it tries twenty times, shows why it has to, and then throws Unverifiable. `purpose`: what
   * is read; only an answer to that ends a row of faults.
   */
  persistently<T>(purpose: string, call: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /**
   * Waits while writes are held back after a fault, and resolves with the round of sending that has come. Several
   * faults of one round are one: they are told of one moment.
   */
  turn(): Promise<number>;
  /** Counts a fault that writes of this round met: how the run is to be changed, with the fault's own commit. */
  faulted(error: WorkspaceError, round: number): RunChange;
  /** Pauses the run after the twentieth failure of writes in a row, or the third answer that was malformed. */
  checkWrites(error: WorkspaceError): Promise<void>;
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
  let seq = lastSeq;
  let round = 0;
  const run = (): Run => {
    const latest = context.latest(runId);
    if (!latest) throw new Halt('The run is not loaded.');
    return latest;
  };
  /** Until when writes are held back; undefined when they are not. */
  const held = (): string | undefined => {
    const { resumeAt } = troubleOf(run(), writing);
    return resumeAt > context.timestamp() ? resumeAt : undefined;
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
    async turn() {
      // Whoever waited with others finds that one of them has failed again meanwhile.
      for (let until = held(); until !== undefined; until = held()) await session.waitUntil(until);
      return round;
    },
    faulted(error, of) {
      if (of !== round) return (stored) => stored;
      round += 1;
      return (stored) => {
        const before = troubleOf(stored, writing);
        const wait = backoff(before.tries + 1, error.retryAfter, context.random());
        return withTrouble(stored, writing, grown(before, error, later(context, wait)));
      };
    },
    checkWrites: (error) => checkRow(session, writing, error),
    async persistently(purpose, call) {
      await session.waitUntil(heldUntil(run()));
      for (;;) {
        try {
          const result = await call(signal);
          if (run().retry) await session.change((stored) => passed(stored, purpose));
          return result;
        } catch (error) {
          if (signal.aborted) throw new Halt('The run was interrupted.');
          if (!(error instanceof WorkspaceError)) throw error;
          const ending = run().phase === 'stopping' || run().phase === 'superseded';
          if (!ending && error.kind === 'auth') await session.pause(signedOut(context, error));
          const passing = ['transient', 'throttled', 'invalid', ...(ending ? ['auth'] : [])];
          if (!passing.includes(error.kind)) throw error;
          const name = ending ? endingReads : purpose;
          const { tries } = troubleOf(run(), name);
          if (ending && tries + 1 >= failuresBeforePause) throw new Unverifiable(error.message);
          const resumeAt = later(context, backoff(tries + 1, error.retryAfter, context.random()));
          await session.change((stored) => ({
            ...withTrouble(stored, name, grown(troubleOf(stored, name), error, resumeAt)),
            ...(stored.phase === 'stopping' && { pause: whyStill(error, tries + 1) }),
          }));
          if (!ending) await checkRow(session, purpose, error);
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

const over = ({ message, typed }: WorkspaceError): Pause => ({
  kind: 'signedOut',
  detail: message,
  ...(typed && { typed }),
});

/** The pause of a run whose session has ended; it looks again by itself. */
export function signedOut(context: Context, error: WorkspaceError): Pause {
  return { ...over(error), resumeAt: later(context, 5_000) };
}

/** What keeps a run from ending that wants to. */
const whyStill = (error: WorkspaceError, count: number): Pause =>
  error.kind === 'auth'
    ? over(error)
    : { kind: error.kind === 'invalid' ? 'malformed' : 'failures', detail: error.message, count };

/** All reads of a run that is ending are one: it shall end, and not try twenty times for each of them. */
const endingReads = 'ending';

/** The run as it goes on after a read that succeeded. */
function passed(run: Run, purpose: string): Run | undefined {
  const next = withTrouble(withTrouble(run, purpose, undefined), endingReads, undefined);
  if (run.phase !== 'stopping') return sameTroubles(run, next) ? undefined : next;
  const { pause: _pause, ...ending } = next;
  return ending;
}

const sameTroubles = (a: Run, b: Run): boolean =>
  Object.keys(a.troubles ?? {}).length === Object.keys(b.troubles ?? {}).length && !a.retry === !b.retry;

/** Pauses the run when too much in a row has come of this purpose. */
export async function checkRow(session: Session, purpose: string, error: WorkspaceError): Promise<void> {
  const { failures, malformed } = troubleOf(session.run(), purpose);
  if (malformed >= malformedBeforePause && error.kind === 'invalid')
    await session.pause({ kind: 'malformed', detail: error.message });
  if (failures >= failuresBeforePause)
    await session.pause({ kind: 'failures', detail: error.message, count: failures });
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
  await session.pause(otherPerson(session.run(), viewer, later(session.context, 5_000)));
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

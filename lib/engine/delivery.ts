import type { Attempt } from '../offboarding/attempt.ts';
import type { ItemState, Run, RunItem, Step } from '../offboarding/model.ts';
import { type Outcome, settle, settleByReading } from '../offboarding/outcome.ts';
import { isOpen, toPhase } from '../offboarding/transitions.ts';
import { digest } from '../store/journal.ts';
import type { RunChange } from '../store/store.ts';
import { WorkspaceError } from '../workspace/errors.ts';
import type { Observed } from '../workspace/port.ts';
import { backoff, failuresBeforePause } from './backoff.ts';
import { holds } from './registry.ts';
import {
  categoryOf,
  checkPerson,
  Halt,
  later,
  malformedBeforePause,
  type Session,
  signedOut,
  Unverifiable,
  withStep,
} from './session.ts';
import { withTrouble, writing } from './troubles.ts';

/** The category cannot be changed here after all: what is planned of it becomes an admin's to do by hand. */
export class ByHand extends Error {
  override readonly name = 'ByHand';
}

/** The same refusal for so many items in a row pauses the run. */
const repeatsBeforePause = 20;

/** A frozen attempt with its items as they are stored now. */
export interface Held {
  attempt: Attempt;
  items: readonly RunItem[];
}

/** Refusals in a row with the same message, over all attempts of a session. */
export interface Repeats {
  message: string;
  count: number;
}

/**
 * Brings one frozen attempt to its outcomes: sends it, and after a fault sends the very same again or reads back
 * what became of it, until each of its items has an outcome that is stored. Throws Halt when the run has to let go;
 * the attempt then stays open and is taken up again by the next session. Throws ByHand when its category cannot be
 * changed here after all; its items are planned again then.
 */
export async function deliver(session: Session, first: Held, repeats: Repeats): Promise<void> {
  const { context, workspace } = session;
  const category = categoryOf(session.run(), first.attempt.category);
  let held = first;
  let malformed = 0;
  for (;;) {
    await session.waitUntil(held.attempt.resumeAt);
    session.checkExecuting();
    if (held.attempt.maybe && !category.idempotent) return verify(session, held);
    const round = await session.turn();
    session.checkExecuting();
    await context.reached('attempt.send');
    try {
      const outcomes = await workspace.apply(held.attempt, session.writing);
      await context.reached('attempt.answered');
      checkComplete(held.attempt, outcomes);
      return await record(session, held, outcomes, repeats);
    } catch (error) {
      if (!(error instanceof WorkspaceError)) throw error;
      const maybe = held.attempt.maybe || error.applied === 'maybe';
      switch (error.kind) {
        case 'auth':
          await mark(session, held, maybe);
          return session.pause(signedOut(context, error));
        case 'invalid':
          if (error.applied === 'no') return refused(session, held, error, repeats);
          if (++malformed >= malformedBeforePause) {
            await mark(session, held, maybe);
            return session.pause({ kind: 'malformed', detail: error.message });
          }
          held = await mark(session, held, maybe, error, session.faulted(error, round));
          await session.checkWrites(error);
          break;
        case 'manual':
          if (held.attempt.maybe) return verify(session, held);
          await store(session, held, held.items, 'put back');
          throw new ByHand(error.message);
        case 'throttled':
          held = await mark(session, held, maybe, error);
          break;
        case 'transient':
          held = await mark(session, held, maybe, error, session.faulted(error, round));
          await session.checkWrites(error);
          if ((held.attempt.failures ?? 0) % failuresBeforePause === 0)
            return session.pause({ kind: 'failures', detail: error.message, count: failuresBeforePause });
          break;
        default:
          await checkHolder(session, error);
          return refused(session, held, error, repeats);
      }
    }
  }
}

/** Refused as a whole. What an earlier try may have done can only be told by reading. */
async function refused(session: Session, held: Held, error: WorkspaceError, repeats: Repeats): Promise<void> {
  // One that was sent under a lease of before the present one is planned again.
  if (held.attempt.maybe || held.attempt.fence !== session.run().fence) return verify(session, held);
  return record(session, held, refuseAll(held.attempt, error), repeats);
}

/**
 * Finds out by reading alone what became of an attempt that may have landed. An item that still says what it said
 * is read a second time after the workspace's settling time, since the request may arrive late; then it is planned
 * again. One that can never be read ends as failed and says so.
 */
export async function verify(session: Session, first: Held): Promise<void> {
  const { context, workspace } = session;
  const held = await mark(session, first, true);
  const { attempt, items } = held;
  const wished = new Map(attempt.changes.map(({ ref, set }) => [ref, set]));
  const settled = new Map<string, RunItem>();
  let open = [...items];

  for (const last of [false, true]) {
    if (open.length === 0) break;
    if (last) await session.sleep(workspace.limits.settle);
    const refs = open.map(({ ref }) => ref);
    await context.reached('verify.read');
    const observed = await session
      .persistently(`read ${attempt.seq}`, (signal) =>
        workspace.read(attempt.category, refs, signal).catch((error: unknown) => {
          if (error instanceof WorkspaceError && ['forbidden', 'gone', 'unsupported'].includes(error.kind))
            return unreadable(refs, error);
          throw error;
        }),
      )
      .catch((error: unknown) => {
        if (error instanceof Unverifiable) return unreadable(refs, error);
        throw error;
      });
    const byRef = new Map(observed.map((each) => [each.ref, each]));
    for (const item of open) {
      const seen = byRef.get(item.ref);
      const set = wished.get(item.ref);
      if (!set) continue;
      if (!seen || 'unreadable' in seen) {
        const code = seen?.gone ? 'gone' : 'unverifiable';
        settled.set(item.ref, {
          ...item,
          state: 'failed',
          reason: { code, message: seen?.unreadable ?? '' },
        });
      } else {
        const next = settleByReading(item, set, seen.value, workspace.sameMember);
        if (next.state !== 'planned' || last) settled.set(item.ref, next);
      }
    }
    open = open.filter(({ ref }) => !settled.has(ref));
  }
  await store(session, held, [...settled.values()], 'read back');
}

const unreadable = (refs: readonly string[], { message }: Error): Observed[] =>
  refs.map((ref) => ({ ref, unreadable: message, gone: false }));

/** Stores the outcomes of an attempt, all at once, and pauses the run when the same refusal keeps coming. */
async function record(
  session: Session,
  held: Held,
  outcomes: readonly Outcome[],
  repeats: Repeats,
): Promise<void> {
  const { attempt, items } = held;
  const byRef = new Map(outcomes.map((outcome) => [outcome.ref, outcome]));
  const wished = new Map(attempt.changes.map(({ ref, set }) => [ref, set]));
  const settled = items.map((item) => {
    const outcome = byRef.get(item.ref);
    const set = wished.get(item.ref);
    if (!outcome || !set) throw new Error(`No outcome for ${item.ref}.`);
    return settle(item, set, outcome);
  });
  await store(session, held, settled, 'answered');
  for (const outcome of outcomes) {
    if (outcome.result !== 'failed') repeats.count = 0;
    else if (outcome.message === repeats.message) repeats.count += 1;
    else Object.assign(repeats, { message: outcome.message, count: 1 });
  }
  if (repeats.count >= repeatsBeforePause) {
    const { message, count } = repeats;
    Object.assign(repeats, { message: '', count: 0 });
    await session.pause({ kind: 'repeated', detail: message, count });
  }
}

async function store(
  session: Session,
  { attempt, items: before }: Held,
  after: readonly RunItem[],
  how: 'answered' | 'read back' | 'put back',
): Promise<void> {
  const { context } = session;
  const at = context.timestamp();
  await context.reached('attempt.settle');
  const run = await context.store.settleAttempt(
    { ...attempt, settledAt: at },
    after,
    (stored) => {
      // Reads that succeed between failing writes say nothing about writes.
      const next = how === 'answered' && stored.troubles ? withTrouble(stored, writing, undefined) : stored;
      return counted(withoutPastWait(next, at), attempt.category, before, after);
    },
    {
      at,
      kind: 'attempt',
      data: {
        seq: attempt.seq,
        key: attempt.key,
        category: attempt.category,
        how,
        ...tally(after),
        digest: digest(
          after.map(({ ref, state, before, after, reason }) => [
            ref,
            state,
            before ?? null,
            after ?? null,
            reason?.code ?? null,
          ]),
        ),
      },
    },
  );
  await context.reached('attempt.settled');
  context.progress(context.observe(run));
}

/**
 * Stores what is known of an open attempt: that it may have landed (its items then show as being verified), and,
 * after a fault, that it was tried and when it may be tried again. `besides` is stored with it.
 */
export async function mark(
  session: Session,
  held: Held,
  maybe: boolean,
  error?: WorkspaceError,
  besides: RunChange = (run) => run,
): Promise<Held> {
  const { context } = session;
  const tries = error ? held.attempt.tries + 1 : held.attempt.tries;
  // A wait that was agreed on outlives whoever agreed to it.
  const attempt: Attempt = { ...held.attempt, maybe, tries };
  if (error && error.kind !== 'throttled') attempt.failures = (attempt.failures ?? 0) + 1;
  const wait = error && {
    until: later(context, backoff(tries, error.retryAfter, context.random())),
    asked: error.kind === 'throttled',
    detail: error.message,
  };
  if (wait) attempt.resumeAt = wait.until;
  const items = maybe ? held.items.map((item): RunItem => ({ ...item, state: 'unknown' })) : held.items;
  const changed = items.filter(({ state }, index) => state !== held.items[index]?.state);
  if (changed.length > 0 || error || held.attempt.maybe !== maybe) {
    const run = await context.store.markAttempt(attempt, changed, (stored) => {
      const told = besides(stored) ?? stored;
      const next = changed.length === 0 ? told : counted(told, attempt.category, held.items, changed);
      return wait ? withWait(next, wait) : next;
    });
    context.observe(run);
  }
  return { attempt, items };
}

/** The run with a wait that was agreed on; of several it shows the longest. */
export function withWait(run: Run, wait: NonNullable<Run['wait']>): Run {
  return run.wait && run.wait.until > wait.until ? run : { ...run, wait };
}

/** The run without a wait that is over at `at`. */
function withoutPastWait(run: Run, at: string): Run {
  if (run.wait === undefined || run.wait.until > at) return run;
  const { wait: _wait, ...rest } = run;
  return rest;
}

/** The run with its step's counters moved by what became of these items. */
function counted(run: Run, category: string, before: readonly RunItem[], after: readonly RunItem[]): Run {
  const was = new Map(before.map(({ ref, state }) => [ref, state]));
  return withStep(run, category, (step) => {
    const next: Step = { ...step };
    const add = (state: ItemState, by: number): void => {
      if (state !== 'planned') next[state] = Math.max(0, next[state] + by);
    };
    for (const { ref, state } of after) {
      add(was.get(ref) ?? 'planned', -1);
      add(state, 1);
    }
    return next;
  });
}

function tally(items: readonly RunItem[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { state } of items) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}

function refuseAll(attempt: Attempt, error: WorkspaceError): Outcome[] {
  const code =
    error.kind === 'gone' || error.kind === 'forbidden' || error.kind === 'invalid' ? error.kind : 'other';
  return attempt.changes.map(({ ref }) => ({ ref, result: 'failed', code, message: error.message }));
}

/** An answer that leaves a ref out, or speaks of one twice or of another, may have landed all the same. */
function checkComplete(attempt: Attempt, outcomes: readonly Outcome[]): void {
  const asked = new Set(attempt.changes.map(({ ref }) => ref));
  const told = new Set(outcomes.map(({ ref }) => ref));
  if (outcomes.length === asked.size && told.size === asked.size && [...told].every((ref) => asked.has(ref)))
    return;
  throw new WorkspaceError(
    'invalid',
    `Expected one outcome for each of ${asked.size} items, got ${outcomes.length}.`,
    {
      applied: 'maybe',
    },
  );
}

/**
 * A refused write may mean that somebody else is signed in, or that another browser has taken the run over: then it
 * is no outcome of any item. Throws Halt.
 */
export async function checkHolder(session: Session, refusal: WorkspaceError): Promise<void> {
  const { workspace } = session;
  if (refusal.kind !== 'conflict' && refusal.kind !== 'forbidden') return;
  await checkPerson(session, await session.persistently('identify', (signal) => workspace.identify(signal)));
  if (!workspace.runs || refusal.kind !== 'conflict') return;
  const isOurs = await session.persistently('registry', async (signal) => {
    signal.throwIfAborted();
    const run = session.run();
    return holds(session.context, workspace, run, await workspace.runs?.find(run.leaver.id));
  });
  if (!isOurs) await supersede(session, refusal.message);
}

/** The run goes on elsewhere: this browser only watches it from now on. Throws Halt. */
export async function supersede(session: Session, detail: string): Promise<never> {
  const { context } = session;
  const at = context.timestamp();
  await session.change(
    (run) => (isOpen(run.phase) ? toPhase(run, 'superseded', at) : undefined),
    [{ at, kind: 'phase', data: { phase: 'superseded', detail } }],
  );
  throw new Halt('The run goes on elsewhere.');
}

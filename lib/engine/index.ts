import type { Problem } from '../messages/protocol.ts';
import { Refused } from '../messages/refused.ts';
import { wantsTick } from '../offboarding/acknowledgement.ts';
import { isShared } from '../offboarding/batch.ts';
import type { Edit } from '../offboarding/edit.ts';
import { isSelf } from '../offboarding/eligibility.ts';
import type { Pause } from '../offboarding/holdups.ts';
import type { Run, Viewer } from '../offboarding/model.ts';
import { stepsOf } from '../offboarding/steps.ts';
import { isOpen, toPhase } from '../offboarding/transitions.ts';
import { StorageFailed } from '../store/store.ts';
import { WorkspaceError } from '../workspace/errors.ts';
import type { Workspace } from '../workspace/port.ts';
import { createBatches } from './batches.ts';
import { createContext } from './context.ts';
import { createDrafts, load, openKey, problemsOf } from './drafts.ts';
import type { Engine, EngineDependencies } from './engine.ts';
import { createExecutor } from './executor.ts';
import { authorise, isSamePerson, otherPerson, refusalOf } from './identity.ts';
import { heartbeat, reconcile, register, release, report, untoldAt } from './registry.ts';
import { type Replacement, retry } from './retry.ts';
import { createSchedule } from './schedule.ts';
import { later, signedOut } from './session.ts';
import { discardElsewhere, findRegistered, takeOver } from './take-over.ts';
import { createWaiting } from './waiting.ts';

/** How often a run that waits for a sign-in looks whether the session is back. */
const lookAgain = 10_000;
/** How often a run that waits for the workspace's own page looks whether it is done. */
const lookAtPage = 30_000;
/** While everything is taken up, the background asks to be woken after so long, should it be stopped. */
const recovering = 30_000;
/** A run that writes nothing shows its browser's life at most so often. */
const renewAfter = 30_000;

/** What an admin confirms with Start; when any of it has changed since, it was not that which they confirmed. */
const confirmed = ({ plan, mode, acknowledgements, scan, categories }: Run): string =>
  JSON.stringify([plan, mode, acknowledgements, scan, categories.map(({ id, count }) => [id, count])]);

/** What holds Start back, where the workspace has no words of its own for it. */
const problemWords: Record<Problem['kind'], string> = {
  replacementInactive: 'Somebody who shall receive something is inactive.',
  replacementGone: 'Somebody who shall receive something is not in the workspace any more.',
  replacementCannot: 'Somebody who shall receive something cannot receive it.',
  replacementLeaving: 'Somebody who shall receive something is being offboarded.',
  senderSetup: 'Somebody who shall send email is not set up for it.',
  unassigned: 'It is not said yet who receives everything.',
  staleScan: 'The check is not from today. Check again first.',
  unacknowledged: 'What is left to a person has not been acknowledged.',
  blocked: 'This member cannot be offboarded now.',
};

const isSamePause = (a: Pause | undefined, b: Pause): boolean =>
  a !== undefined && a.kind === b.kind && a.resumeAt === b.resumeAt;

/** Builds the engine. Call `recover` once the background has started. */
export function createEngine(dependencies: EngineDependencies): Engine {
  const context = createContext({
    ...dependencies,
    changed(run) {
      dependencies.changed(run);
      if (!isOpen(run.phase) && run.phase !== 'superseded')
        schedule.set(run.id, untoldAt(run, context.clock.now()));
      batches.seen(run);
    },
  });
  const schedule = createSchedule(context);
  const drafts = createDrafts(context, schedule);
  const executor = createExecutor(context, schedule);
  const waiting = createWaiting(context, executor.ensure);

  const start = async (runId: string, rev: number): Promise<Run> => {
    const run = await load(context, runId);
    // A second click finds the run under way: that is what it asked for.
    if (run.phase !== 'draft') return run;
    if (run.rev !== rev) throw new Refused('stale', 'The plan has changed since this screen was drawn.');
    const workspace = await context.workspace(run.connection);
    return begin(run, workspace, await authorise(workspace, run.leaver.id));
  };

  /** Starts a draft in the name of somebody who may; `decide` brings in what was decided for several of them at once. */
  const begin = async (
    run: Run,
    workspace: Workspace,
    viewer: Viewer,
    decide: (run: Run) => Run = (same) => same,
  ): Promise<Run> => {
    if (isSelf(viewer, run.leaver.id)) throw new Refused('self', 'Nobody can offboard themselves.');
    const decided = decide(run);
    try {
      const blocking = (await problemsOf(context, workspace, decided)).find((problem) => problem.blocking);
      if (blocking) throw new Refused('incomplete', blocking.detail ?? problemWords[blocking.kind]);
    } catch (error) {
      throw refusalOf(error);
    }
    await register(context, workspace, run, viewer);
    const at = context.timestamp();
    const ticks = decided.acknowledgements.slice(run.acknowledgements.length);
    const started = await context.change(
      run.id,
      (stored) => {
        if (stored.phase !== 'draft' || confirmed(stored) !== confirmed(run)) return undefined;
        const next = decide(stored);
        return toPhase({ ...next, by: viewer, steps: stepsOf(next), screen: 'execution' }, 'executing', at);
      },
      [
        ...ticks.map(({ category, by, count }) => ({
          at,
          kind: 'acknowledgement' as const,
          data: { kind: 'acknowledge', category, ticked: true, count, by: viewer.id ?? null, name: by },
        })),
        { at, kind: 'phase', data: { phase: 'executing', by: viewer.id ?? null, mode: run.mode } },
      ],
    );
    if (started.phase === 'draft')
      throw new Refused('stale', 'The plan has changed since this screen was drawn.');
    void executor.ensure(run.id);
    return started;
  };

  const pause = async (runId: string): Promise<Run> => {
    const at = context.timestamp();
    const byAdmin: Pause = { kind: 'admin' };
    const paused = await context.change(
      runId,
      (run) => {
        if (run.phase === 'executing') return toPhase(run, 'paused', at, byAdmin);
        // What passes by itself would else take it up again, against the admin's word.
        return run.phase === 'paused' && run.pause && isShared(run.pause)
          ? { ...run, pause: byAdmin }
          : undefined;
      },
      [{ at, kind: 'phase', data: { phase: 'paused', reason: 'admin' } }],
    );
    executor.interrupt(runId);
    return paused;
  };

  const resume = async (runId: string): Promise<Run> => {
    const run = await load(context, runId);
    if (run.phase === 'executing') {
      // Shown as paused, since a pause could not be stored: it goes on all the same when it is told to.
      void executor.ensure(runId);
      return run;
    }
    if (run.phase !== 'paused') throw new Refused('locked', 'This run is not paused.');
    await checkBatch(run);
    const workspace = await context.workspace(run.connection);
    const viewer = await authorise(workspace, run.leaver.id);
    if (!isSamePerson(run, viewer))
      throw new Refused('otherPerson', `This run belongs to ${run.by.name ?? 'somebody else'}.`);
    if (wantsTick(run)) throw new Refused('incomplete', 'Tick first that you have seen what is left to you.');
    return goOn(runId);
  };

  /** What was said to a batch is not taken back in one of its runs. Throws Refused. */
  const checkBatch = async (run: Run): Promise<void> => {
    if (!(await batches.lets(run)))
      throw new Refused('incomplete', 'Its batch does not go on at the moment: continue that first.');
  };

  /** Continues a paused run; with `pause`, only while it stands still for that very reason. */
  const goOn = async (runId: string, pause?: Pause): Promise<Run> => {
    const at = context.timestamp();
    const run = await context.change(
      runId,
      ({ retry: _retry, troubles: _troubles, ...stored }) =>
        stored.phase === 'paused' && (!pause || isSamePause(stored.pause, pause))
          ? toPhase(stored, 'executing', at)
          : undefined,
      [{ at, kind: 'phase', data: { phase: 'executing' } }],
    );
    void executor.ensure(runId);
    return run;
  };

  /** What no version here can read cannot be ended; put aside, it holds its leaver no more. */
  const putAside = async (run: Run): Promise<Run> => {
    const workspace = await context.workspace(run.connection);
    const viewer = await authorise(workspace, run.leaver.id);
    const data = { phase: 'failed', putAside: run.pause?.detail ?? '', by: viewer.id ?? null };
    return context.observe(
      await context.store.putAside(run.id, { at: context.timestamp(), kind: 'phase', data }),
    );
  };

  const stop = async (runId: string): Promise<Run> => {
    const found = await context.store.run(runId);
    if (found?.pause?.kind === 'unreadable') return isOpen(found.phase) ? putAside(found) : found;
    const run = await load(context, runId);
    if (run.phase === 'stopping') return run;
    if (run.phase !== 'executing' && run.phase !== 'paused' && run.phase !== 'waiting')
      throw new Refused('locked', 'This run has ended already.');
    const workspace = await context.workspace(run.connection);
    await authorise(workspace, run.leaver.id);
    return end(runId);
  };

  const end = async (runId: string): Promise<Run> => {
    const at = context.timestamp();
    const stopping = await context.change(
      runId,
      (stored) =>
        ['executing', 'paused', 'waiting'].includes(stored.phase)
          ? toPhase(stored, 'stopping', at)
          : undefined,
      [{ at, kind: 'phase', data: { phase: 'stopping' } }],
    );
    executor.interrupt(runId);
    void executor.ensure(runId);
    return stopping;
  };

  const renewed = new Map<string, number>();
  /** Shows the registry that this browser lives, or finds out that another one holds the run; its faults are no matter. */
  const renew = async (run: Run): Promise<void> => {
    const now = context.clock.now().getTime();
    if (run.fence === undefined || now - (renewed.get(run.id) ?? 0) < renewAfter) return;
    renewed.set(run.id, now);
    try {
      const workspace = await context.workspace(run.connection);
      await report(context, workspace, run).catch(() => reconcile(context, workspace, run));
    } catch {
      // The next look tries again.
    }
  };

  /** A run that an admin has to continue keeps its lease as long as this browser is there to continue it. */
  const standStill = async (run: Run): Promise<void> => {
    if (run.fence === undefined || run.pause?.kind === 'unreadable') return schedule.set(run.id, null);
    schedule.set(run.id, new Date(context.clock.now().getTime() + heartbeat));
    await renew(run);
    if (context.latest(run.id)?.phase === 'superseded') schedule.set(run.id, null);
  };

  /** A run that was paused until something passes: looks whether it has passed, and goes on. */
  const lookAfter = async (run: Run, pause: Pause): Promise<void> => {
    const at = pause.resumeAt;
    if (at === undefined) return standStill(run);
    const now = context.clock.now().getTime();
    const passed = Date.parse(at) <= now;
    // Should nobody live to see the answer, or none come.
    schedule.set(run.id, passed ? new Date(now + lookAgain) : new Date(at));
    if (!(await batches.lets(run))) return standStill(run);
    if (!passed) return;
    let found = pause;
    try {
      const workspace = await context.workspace(run.connection);
      const viewer = await workspace.identify();
      if (isSamePerson(run, viewer)) {
        await goOn(run.id, pause);
        return;
      }
      found = otherPerson(run, viewer, at);
    } catch (error) {
      if (error instanceof WorkspaceError && error.kind === 'auth') found = signedOut(context, error);
      // Any other fault says nothing about who is signed in: the reason stays as it was.
    }
    const resumeAt = later(context, lookAgain);
    const next = await context.change(run.id, (stored) =>
      stored.phase === 'paused' && isSamePause(stored.pause, pause)
        ? { ...stored, pause: { ...found, resumeAt } }
        : undefined,
    );
    if (next.pause?.resumeAt === resumeAt) schedule.set(run.id, new Date(resumeAt));
  };

  /** A run that waits for the workspace's own page. */
  const lookWhetherDone = async (run: Run): Promise<void> => {
    schedule.set(run.id, new Date(context.clock.now().getTime() + lookAtPage));
    const workspace = await context.workspace(run.connection);
    const next = await waiting.look(workspace, run);
    // Where only the page or a person can tell, asking again would tell nothing.
    if (next.phase !== 'waiting' || workspace.activeUnknown) schedule.set(run.id, null);
    else await renew(next);
  };

  /** A run that is over, and whose end the registry may not have heard. */
  const tellAgain = async (run: Run): Promise<void> => {
    schedule.set(run.id, untoldAt(run, context.clock.now()));
    if (Date.parse(run.untold ?? '') > context.clock.now().getTime()) return;
    await release(context, await context.workspace(run.connection), run);
  };

  const takeUp = async (run: Run): Promise<void> => {
    if (run.phase === 'executing' || run.phase === 'stopping') void executor.ensure(run.id);
    else if (run.phase === 'paused' && run.pause) await lookAfter(run, run.pause);
    else if (run.phase === 'waiting') await lookWhetherDone(run);
    else if (run.untold !== undefined) await tellAgain(run);
    else if (run.phase === 'superseded' && (await context.store.openAttempts(run.id)).length > 0)
      void executor.ensure(run.id);
  };

  const recover = async (): Promise<void> => {
    let next: Date | null = null;
    /** What could not be stored or read is looked at again by an alarm: the database may be back by then. */
    const failed = (): void => {
      next = new Date(context.clock.now().getTime() + lookAgain);
    };
    const now = context.clock.now();
    // First, since without any wish the alarm is gone, and this background may die before it has taken up anything.
    schedule.set('', new Date(now.getTime() + recovering));
    schedule.dropDue(now);
    await takeUpAll(failed);
    schedule.set('', next);
  };

  const takeUpAll = async (failed: () => void): Promise<void> => {
    let runs: Run[];
    try {
      runs = await context.store.runs();
    } catch {
      // Whoever opens the panel is told.
      return failed();
    }
    for (const run of runs) context.observe(run);
    const scans = drafts.recoverScans(runs);
    // First what was said to a batch: its runs may not have heard of it yet.
    await batches.recover(runs).catch(failed);
    // One that cannot be looked after keeps nobody else waiting; its alarm or the next start tries again.
    await Promise.allSettled([
      scans,
      ...runs.map((run) =>
        takeUp(context.latest(run.id) ?? run).catch((error: unknown) => {
          if (error instanceof StorageFailed) failed();
        }),
      ),
    ]);
  };

  const batches = createBatches(context, schedule, drafts, {
    begin,
    pause,
    goOn,
    async end(runId) {
      if (context.latest(runId)?.phase !== 'stopping') await end(runId);
    },
    async retry(runId, viewer) {
      const run = await retry(context, runId, [], viewer);
      void executor.ensure(runId);
      return run;
    },
  });

  /** A draft that is worked on keeps its lease, and is seen elsewhere as it is; one that only lies open does not. */
  const edit = async (runId: string, wish: Edit, editor?: Viewer): Promise<Run> => {
    const run = await drafts.edit(runId, wish, editor);
    if (run.phase === 'draft') void renew(run);
    return run;
  };

  /** The workspace says that somebody wrote about a run: what executes here finds that out by itself. */
  const compare = async (runId: string): Promise<void> => {
    const run = await context.store.run(runId);
    if (!run || !['draft', 'paused', 'waiting'].includes(run.phase)) return;
    await reconcile(context, await context.workspace(run.connection), run);
  };

  const takeUpAgain = async (runId: string, replacements: readonly Replacement[]): Promise<Run> => {
    await checkBatch(await load(context, runId));
    const run = await retry(context, runId, replacements);
    void executor.ensure(runId);
    return run;
  };

  const takeRunOver = async (connection: string, member: string, runId: string): Promise<Run> => {
    const run = await takeOver(context, connection, member, runId);
    if (run.phase !== 'draft') void executor.ensure(runId);
    return run;
  };

  const { openDraft, scan, recount, discard, check } = drafts;
  return {
    openDraft,
    edit,
    scan,
    recount,
    discard,
    check,
    start,
    pause,
    continue: resume,
    stop,
    recover,
    retry: takeUpAgain,
    takeOver: takeRunOver,
    discardElsewhere: (...about) => discardElsewhere(context, ...about),
    registered: async (connection, member) => {
      const { viewer, registered } = await findRegistered(context, connection, member);
      return { viewer, registered };
    },
    compare,
    passage: (connection, member, viewer, pressed) =>
      waiting.passage(openKey(connection, member), viewer, pressed),
    passed: waiting.passed,
    reported: waiting.reported,
    said: waiting.said,
    batches: batches.commands,
  };
}

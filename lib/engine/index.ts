import { Refused } from '../messages/refused.ts';
import type { Run } from '../offboarding/model.ts';
import { stepsOf } from '../offboarding/steps.ts';
import { toPhase } from '../offboarding/transitions.ts';
import { createContext } from './context.ts';
import { createDrafts, load, problemsOf } from './drafts.ts';
import type { Engine, EngineDependencies } from './engine.ts';
import { createExecutor } from './executor.ts';
import { authorise, isSamePerson, refusalOf } from './identity.ts';
import { register } from './registry.ts';
import { createSchedule } from './schedule.ts';
import { later } from './session.ts';

/** How often a run that waits for a sign-in looks whether the session is back. */
const lookAgain = 10_000;

/** Builds the engine. Call `recover` once the background has started. */
export function createEngine(dependencies: EngineDependencies): Engine {
  const context = createContext(dependencies);
  const schedule = createSchedule(context);
  const drafts = createDrafts(context);
  const executor = createExecutor(context, schedule);

  const start = async (runId: string, rev: number): Promise<Run> => {
    const run = await load(context, runId);
    // A second click finds the run under way: that is what it asked for.
    if (run.phase !== 'draft') return run;
    if (run.rev !== rev) throw new Refused('stale', 'The plan has changed since this screen was drawn.');
    const workspace = await context.workspace(run.connection);
    const viewer = await authorise(workspace, run.leaver.id);
    try {
      const blocking = (await problemsOf(context, workspace, run)).find((problem) => problem.blocking);
      if (blocking) throw new Refused('incomplete', blocking.detail ?? blocking.kind);
    } catch (error) {
      throw refusalOf(error);
    }
    const registered = await register(context, workspace, run);
    if (registered.plan !== run.plan && JSON.stringify(registered.plan) !== JSON.stringify(run.plan))
      throw new Refused('stale', 'The plan has changed since this screen was drawn.');
    const at = context.timestamp();
    const started = await context.change(
      runId,
      (stored) => {
        if (stored.phase !== 'draft' || JSON.stringify(stored.plan) !== JSON.stringify(run.plan))
          return undefined;
        return toPhase(
          { ...stored, by: viewer, steps: stepsOf(stored), screen: 'execution' },
          'executing',
          at,
        );
      },
      [{ at, kind: 'phase', data: { phase: 'executing', by: viewer.id ?? null, mode: run.mode } }],
    );
    if (started.phase === 'draft')
      throw new Refused('stale', 'The plan has changed since this screen was drawn.');
    void executor.ensure(runId);
    return started;
  };

  const pause = async (runId: string): Promise<Run> => {
    const at = context.timestamp();
    const paused = await context.change(
      runId,
      (run) => (run.phase === 'executing' ? toPhase(run, 'paused', at, { kind: 'admin' }) : undefined),
      [{ at, kind: 'phase', data: { phase: 'paused', reason: 'admin' } }],
    );
    executor.interrupt(runId);
    return paused;
  };

  const resume = async (runId: string): Promise<Run> => {
    const run = await load(context, runId);
    if (run.phase === 'executing') return run;
    if (run.phase !== 'paused') throw new Refused('locked', 'This run is not paused.');
    const workspace = await context.workspace(run.connection);
    const viewer = await authorise(workspace, run.leaver.id);
    if (!isSamePerson(run, viewer))
      throw new Refused('otherPerson', `This run belongs to ${run.by.name ?? 'somebody else'}.`);
    return goOn(runId);
  };

  const goOn = async (runId: string): Promise<Run> => {
    const at = context.timestamp();
    const run = await context.change(
      runId,
      ({ retry: _retry, ...stored }) =>
        stored.phase === 'paused' ? toPhase(stored, 'executing', at) : undefined,
      [{ at, kind: 'phase', data: { phase: 'executing' } }],
    );
    void executor.ensure(runId);
    return run;
  };

  const stop = async (runId: string): Promise<Run> => {
    const run = await load(context, runId);
    if (run.phase === 'stopping') return run;
    if (run.phase !== 'executing' && run.phase !== 'paused' && run.phase !== 'waiting')
      throw new Refused('locked', 'This run has ended already.');
    const workspace = await context.workspace(run.connection);
    await authorise(workspace, run.leaver.id);
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

  /** A run that was paused until something passes: looks whether it has passed, and goes on. */
  const lookAfter = async (run: Run): Promise<void> => {
    const at = run.pause?.resumeAt;
    if (at === undefined) return;
    if (Date.parse(at) > context.clock.now().getTime()) return schedule.set(run.id, new Date(at));
    try {
      const workspace = await context.workspace(run.connection);
      if (isSamePerson(run, await workspace.identify())) {
        await goOn(run.id);
        return;
      }
    } catch {
      // Not yet; what is wrong is shown as the pause's reason already.
    }
    const resumeAt = later(context, lookAgain);
    const next = await context.change(run.id, (stored) =>
      stored.phase === 'paused' && stored.pause
        ? { ...stored, pause: { ...stored.pause, resumeAt } }
        : undefined,
    );
    schedule.set(run.id, next.phase === 'paused' ? new Date(resumeAt) : null);
  };

  const recover = async (): Promise<void> => {
    for (const run of await context.store.runs()) {
      context.observe(run);
      if (run.phase === 'executing' || run.phase === 'stopping') void executor.ensure(run.id);
      else if (run.phase === 'paused') await lookAfter(run);
    }
    await drafts.recoverScans();
  };

  const { openDraft, edit, scan, recount, discard, check } = drafts;
  return { openDraft, edit, scan, recount, discard, check, start, pause, continue: resume, stop, recover };
}

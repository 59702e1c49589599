import { Refused } from '../messages/refused.ts';
import type { Run } from '../offboarding/model.ts';
import { isOpen } from '../offboarding/transitions.ts';
import { digest } from '../store/journal.ts';
import type { RunRecord, Workspace } from '../workspace/port.ts';
import type { Context } from './context.ts';
import { refusalOf } from './identity.ts';

/** How often a run that executes shows its browser's life to the workspace; a lease lasts three minutes. */
export const heartbeat = 60_000;

/** What the workspace's registry keeps of a run: enough to watch it, or to take it over. */
export async function recordOf(context: Context, run: Run): Promise<RunRecord> {
  const { mode, phase, plan, steps, acknowledgements, startedAt, endedAt, pause, note } = run;
  return {
    mode,
    phase,
    plan,
    steps,
    acknowledgements,
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(endedAt === undefined ? {} : { endedAt }),
    ...(pause === undefined ? {} : { pause }),
    ...(note === undefined ? {} : { note }),
    planHash: digest(plan),
    journalHead: await context.store.journalHead(run.id),
  };
}

/**
 * Makes sure that the workspace's registry has this run, and keeps its fence. Does nothing where the workspace keeps
 * no registry. Throws Refused (`openElsewhere`) when another open run of this leaver is in the way.
 */
export async function register(context: Context, workspace: Workspace, run: Run): Promise<Run> {
  if (!workspace.runs) return run;
  const { runs } = workspace;
  const record = await recordOf(context, run);
  let answer: Awaited<ReturnType<typeof runs.open>>;
  try {
    answer = await runs.open(run.id, run.leaver.id, record);
    // A run of ours that is over, but whose end the workspace never heard of, is in nobody's way.
    const ended = 'conflict' in answer ? await context.store.run(answer.conflict.id) : undefined;
    if (ended && !isOpen(ended.phase)) {
      await report(context, workspace, ended);
      answer = await runs.open(run.id, run.leaver.id, record);
    }
  } catch (error) {
    throw refusalOf(error);
  }
  if ('conflict' in answer) {
    const { by, record, updatedAt } = answer.conflict;
    throw new Refused('openElsewhere', `${by.name} has an open run for ${run.leaver.name}.`, {
      name: by.name,
      phase: record.phase,
      since: record.startedAt ?? updatedAt,
    });
  }
  const { fence } = answer.registered;
  return context.change(run.id, (stored) => (stored.fence === fence ? undefined : { ...stored, fence }));
}

/** Writes the run's state into the registry and renews its lease. Throws WorkspaceError (`conflict`: superseded). */
export async function report(context: Context, workspace: Workspace, run: Run): Promise<void> {
  if (!workspace.runs || run.fence === undefined) return;
  await workspace.runs.update(run.id, run.fence, await recordOf(context, run));
}

/** Tells the registry that the run is over, or at least tries: its lease runs out by itself. */
export async function release(context: Context, workspace: Workspace, run: Run): Promise<void> {
  if (isOpen(run.phase)) return;
  await report(context, workspace, run).catch(() => {});
}

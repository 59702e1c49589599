import { Refused } from '../messages/refused.ts';
import type { Run, Viewer } from '../offboarding/model.ts';
import { isOpen, toPhase } from '../offboarding/transitions.ts';
import { digest } from '../store/journal.ts';
import { WorkspaceError } from '../workspace/errors.ts';
import type { RegisteredRun, RunRecord, Workspace } from '../workspace/port.ts';
import type { Context } from './context.ts';
import { refusalOf } from './identity.ts';

/** How often a run that executes asks who is signed in, and one that stands still renews its lease. */
export const heartbeat = 60_000;

/** What the workspace's registry keeps of a run: enough to watch it, or to take it over. */
export async function recordOf(context: Context, run: Run): Promise<RunRecord> {
  const { mode, phase, plan, steps, acknowledgements, startedAt, endedAt, pause, note } = run;
  const { name, email, active } = run.leaver;
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
    leaver: { name, email, active },
    categories: run.categories.map(({ id, kind, name, action, count }) => ({
      id,
      kind,
      ...(name === undefined ? {} : { name }),
      action,
      count,
    })),
  };
}

/**
 * Makes sure that the workspace's registry has this run, and keeps its fence. Does nothing where the workspace keeps
 * no registry. With `viewer`, the run is also theirs from now on. Throws Refused: `openElsewhere` when another open
 * run of this leaver is in the way, `stale` when this run was taken over or discarded in another browser.
 */
export async function register(
  context: Context,
  workspace: Workspace,
  run: Run,
  viewer?: Viewer,
): Promise<Run> {
  if (!workspace.runs) return run;
  const current = await reconcile(context, workspace, run).catch((error: unknown) => {
    throw refusalOf(error);
  });
  if (!isOpen(current.phase))
    throw new Refused('stale', 'This run was taken over or discarded in another browser.');
  let registered = await claim(context, workspace, run, await recordOf(context, run));
  // Somebody else made this draft in the same browser: a registry lets only its holder write.
  if (viewer?.id !== undefined && registered.by.id !== viewer.id)
    registered = await holdLease(workspace, registered);
  return withFence(context, run, registered);
}

/**
 * Opens a run in the registry, or finds it open there. A run of ours that is over, but whose end the workspace never
 * heard of, is in nobody's way. Throws Refused (`openElsewhere`).
 */
export async function claim(
  context: Context,
  workspace: Workspace,
  run: Run,
  record: RunRecord,
): Promise<RegisteredRun> {
  const { runs } = workspace;
  if (!runs) throw new Refused('noWorkspace', 'This workspace keeps no registry of runs.');
  let answer: Awaited<ReturnType<typeof runs.open>>;
  try {
    answer = await runs.open(run.id, run.leaver.id, record);
    const ended = 'conflict' in answer ? await context.store.run(answer.conflict.id) : undefined;
    if (ended && !isOpen(ended.phase) && ended.phase !== 'superseded') {
      await report(context, workspace, ended);
      answer = await runs.open(run.id, run.leaver.id, record);
    }
  } catch (error) {
    throw refusalOf(error);
  }
  if ('conflict' in answer) throw openElsewhere(answer.conflict, run.leaver.name);
  return answer.registered;
}

/** Takes the lease of a registered run. Throws Refused (`openElsewhere`) while somebody else's lasts. */
export async function holdLease(workspace: Workspace, registered: RegisteredRun): Promise<RegisteredRun> {
  const { runs } = workspace;
  if (!runs) throw new Refused('noWorkspace', 'This workspace keeps no registry of runs.');
  try {
    return await runs.takeOver(registered.id);
  } catch (error) {
    if (error instanceof WorkspaceError && error.kind === 'conflict')
      throw openElsewhere(registered, registered.record.leaver?.name ?? registered.leaver);
    throw refusalOf(error);
  }
}

/** Keeps the fence that the registry gave. */
export function withFence(context: Context, run: Run, { fence }: RegisteredRun): Promise<Run> {
  return context.change(run.id, (stored) => (stored.fence === fence ? undefined : { ...stored, fence }));
}

/**
 * Compares an open run that was registered with what the registry says of it now: when another browser has taken it
 * over, or holds another run of the same leaver, it is superseded here; a draft that was discarded elsewhere is
 * discarded here too. Resolves with the run as it stands. Throws WorkspaceError.
 */
export async function reconcile(context: Context, workspace: Workspace, run: Run): Promise<Run> {
  if (!workspace.runs || run.fence === undefined || !isOpen(run.phase)) return run;
  const found = await workspace.runs.find(run.leaver.id);
  const same = found?.id === run.id;
  if (!found || (same ? found.open && found.fence === run.fence : !found.open)) return run;
  const over = same && found.fence === run.fence;
  // Under our own fence only somebody who discards a draft can have closed it.
  if (over && run.phase !== 'draft') return run;
  const phase = over ? 'discarded' : 'superseded';
  const at = context.timestamp();
  return context.change(
    run.id,
    (stored) => (isOpen(stored.phase) && stored.fence === run.fence ? toPhase(stored, phase, at) : undefined),
    [{ at, kind: 'phase', data: { phase, elsewhere: true } }],
  );
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

function openElsewhere({ by, record, updatedAt }: RegisteredRun, leaver: string): Refused {
  return new Refused('openElsewhere', `${by.name} has an open run for ${leaver}.`, {
    name: by.name,
    phase: record.phase,
    since: record.startedAt ?? updatedAt,
  });
}

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

/** The registry is told of an end for so long: by then its lease has long run out. */
const untoldFor = 60 * 60_000;
/** An end is told again not before so long. */
const lookAgain = 10_000;

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
      await tellEnd(context, workspace, ended);
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
  if (same && (await holds(context, workspace, run, found))) return (await context.store.run(run.id)) ?? run;
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

/**
 * Whether a run is still this browser's by what the registry says of it. Another fence may be our own doing: the lease
 * that we asked for before we died, or were cut off, came late. Then nobody has reported since, and we take it anew:
 * should it be somebody else's all the same, one of the two fences is the later one. Throws WorkspaceError.
 */
export async function holds(
  context: Context,
  workspace: Workspace,
  run: Run,
  found: RegisteredRun | undefined,
): Promise<boolean> {
  if (!workspace.runs || found?.id !== run.id || !found.open) return false;
  // Fences only grow: one that is lower than what is stored by now was read before.
  if (found.fence <= (context.latest(run.id)?.fence ?? run.fence ?? 0)) return true;
  if (found.by.id !== run.by.id || !(await isOurs(context, run, found))) return false;
  let regaining = context.regaining.get(run.id);
  if (!regaining) {
    regaining = regain(context, workspace, run).finally(() => context.regaining.delete(run.id));
    context.regaining.set(run.id, regaining);
  }
  return regaining;
}

/** Whether it is ours still: somebody else may have been quicker. Throws WorkspaceError. */
async function regain(context: Context, workspace: Workspace, run: Run): Promise<boolean> {
  try {
    const leased = await workspace.runs?.takeOver(run.id);
    if (leased) await report(context, workspace, await withFence(context, run, leased));
    return true;
  } catch (error) {
    if (!(error instanceof WorkspaceError) || error.kind !== 'conflict') throw error;
    const found = await workspace.runs?.find(run.leaver.id);
    return (
      found?.id === run.id && found.open && found.by.id === run.by.id && (await isOurs(context, run, found))
    );
  }
}

/** Whether the last word that the registry has of a run is this browser's, or the one that it took the run over from. */
async function isOurs(context: Context, run: Run, { record }: RegisteredRun): Promise<boolean> {
  const entries = await context.store.journal(run.id);
  return entries.some(({ hash, data }) => [hash, data.journalHead].includes(record.journalHead));
}

/** Writes the run's state into the registry and renews its lease. Throws WorkspaceError (`conflict`: superseded). */
export async function report(context: Context, workspace: Workspace, run: Run): Promise<void> {
  if (!workspace.runs || run.fence === undefined) return;
  await workspace.runs.update(run.id, run.fence, await recordOf(context, run));
}

/**
 * Tells the registry that a run is over, and once more when everything has landed that may have been on its way then:
 * an earlier word that comes late would open it again. What could not be told stays with the run, as the time from when
 * on it is to be told again. Never throws.
 */
export async function release(context: Context, workspace: Workspace, run: Run): Promise<void> {
  if (isOpen(run.phase) || run.untold === undefined) return;
  const told = await tellEnd(context, workspace, run).then(
    () => true,
    () => false,
  );
  const now = context.clock.now().getTime();
  const landed = lastWord(run, run.untold) + workspace.limits.settle;
  const again = told ? landed : now + heartbeat;
  await context
    .change(run.id, ({ untold, claimed, ...stored }) => {
      if (untold === undefined || isOpen(stored.phase)) return undefined;
      if (again <= now) return stored;
      return { ...stored, untold: new Date(again).toISOString(), ...(claimed && { claimed }) };
    })
    .catch(() => {});
}

/** When the registry is to be told again of the end of a run; null where it has heard, or it is of use to nobody any more. */
export function untoldAt(run: Run, now: Date): Date | null {
  const { untold } = run;
  if (untold === undefined || now.getTime() - lastWord(run, untold) > untoldFor) return null;
  return new Date(Math.max(Date.parse(untold), now.getTime() + lookAgain));
}

/** When this browser sent the last word that may have opened the run in the registry; milliseconds. */
const lastWord = ({ claimed, endedAt }: Run, untold: string): number =>
  Date.parse(claimed?.at ?? endedAt ?? untold);

/** Throws WorkspaceError where the registry could not be told. */
async function tellEnd(context: Context, workspace: Workspace, run: Run): Promise<void> {
  try {
    await report(context, workspace, run);
  } catch (error) {
    if (!(error instanceof WorkspaceError)) throw error;
    if (error.kind === 'gone') return;
    if (error.kind !== 'conflict') throw error;
    const found = await workspace.runs?.find(run.leaver.id);
    const isOpenUnderUs =
      found?.id === run.id && found.open && [run.by.id, run.claimed?.by].includes(found.by.id);
    // Opened again by a request that came late, and by nobody who goes on with it.
    if (!isOpenUnderUs || !(await isOurs(context, run, found))) return;
    if ((await context.store.run(run.id))?.phase !== run.phase) return;
    await report(context, workspace, await withFence(context, run, found));
  }
}

function openElsewhere({ by, record, updatedAt }: RegisteredRun, leaver: string): Refused {
  return new Refused('openElsewhere', `${by.name} has an open run for ${leaver}.`, {
    name: by.name,
    phase: record.phase,
    since: record.startedAt ?? updatedAt,
  });
}

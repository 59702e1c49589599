import { Refused } from '../messages/refused.ts';
import type { Member, Run, ScannedCategory, Step, Viewer } from '../offboarding/model.ts';
import { isExecuted, stepsOf } from '../offboarding/steps.ts';
import { isOpen } from '../offboarding/transitions.ts';
import { WorkspaceError } from '../workspace/errors.ts';
import type { RegisteredRun, RunRecord, Survey, Workspace } from '../workspace/port.ts';
import type { Context } from './context.ts';
import { load, memberOf, openKey } from './drafts.ts';
import { authorise, refusalOf } from './identity.ts';
import { inParallel, passes, readPages } from './pages.ts';
import { holdLease, reconcile, report } from './registry.ts';
import type { Session } from './session.ts';

/** A run of a leaver as the workspace's registry has it, and who asks. */
export interface FoundRun {
  workspace: Workspace;
  viewer: Viewer;
  registered: RegisteredRun | undefined;
}

/** The open run of a member in the registry, else their most recent one. Throws Refused. */
export async function findRegistered(
  context: Context,
  connection: string,
  member: string,
): Promise<FoundRun> {
  const workspace = await context.workspace(connection);
  const viewer = await authorise(workspace, member);
  try {
    return { workspace, viewer, registered: await workspace.runs?.find(member) };
  } catch (error) {
    throw refusalOf(error);
  }
}

/**
 * Takes a run over whose browser is gone: a new fence, so that the other browser can write no more, and a run of this
 * browser made from the registered plan. A draft stays a draft, and a run that was told to end is ended; every other
 * run reads again what the leaver still owns and goes on. The workspace decides whether the other browser is gone. Throws Refused.
 */
export async function takeOver(
  context: Context,
  connection: string,
  member: string,
  runId: string,
): Promise<Run> {
  const { workspace, viewer, registered } = await findRegistered(context, connection, member);
  if (!registered?.open || registered.id !== runId)
    throw new Refused('stale', 'This run has ended, or another one has taken its place.');
  const known = await context.store.run(runId);
  if (known && isOpen(known.phase)) {
    const now = await reconcile(context, workspace, known);
    if (isOpen(now.phase)) return now;
  }
  if (await context.store.openRun(openKey(connection, member)))
    throw new Refused('locked', 'Another run for this member is open in this browser.');
  if (known && (await context.store.openAttempts(runId)).length > 0)
    throw new Refused('locked', 'This browser is still verifying what it wrote itself in this run.');
  const leaver = await memberOf(workspace, member);
  const taken = await holdLease(workspace, registered);
  await context.reached('takeOver.leased');
  const made = runOf(context, connection, viewer, leaver, taken);
  const at = context.timestamp();
  const entry = {
    at,
    kind: 'phase' as const,
    data: {
      phase: made.phase,
      by: viewer.id ?? null,
      from: registered.by.id,
      fence: taken.fence,
      journalHead: registered.record.journalHead,
    },
  };
  if (!known) {
    const created = await context.store.createRun(made, { ...entry, kind: 'created' });
    if (!created.created) throw new Refused('locked', 'Another run for this member is open in this browser.');
    context.observe(created.run);
  }
  // Its items are known here still: what moved stays moved.
  else
    await context.change(
      runId,
      ({ rev, createdAt, categories }) => ({ ...made, rev, createdAt, categories }),
      [entry],
    );
  const run = await load(context, runId);
  await report(context, workspace, run).catch(() => {});
  return run;
}

/** Gives up a draft that another browser holds. Throws Refused: `locked` when it has started meanwhile. */
export async function discardElsewhere(
  context: Context,
  connection: string,
  member: string,
  runId: string,
): Promise<void> {
  const { workspace, registered } = await findRegistered(context, connection, member);
  if (!registered?.open || registered.id !== runId) return;
  if (registered.record.phase !== 'draft')
    throw new Refused('locked', 'This run has started meanwhile; it cannot be discarded any more.');
  const record: RunRecord = {
    ...registered.record,
    phase: 'discarded',
    endedAt: context.timestamp(),
  };
  try {
    await workspace.runs?.update(runId, registered.fence, record);
  } catch (error) {
    throw refusalOf(error);
  }
}

/**
 * The first thing that an executor does with a run that was taken over: surveys the leaver, reads all that still
 * names them, and lists the steps anew. What the other browser moved, told or untold, is counted apart. Throws Halt.
 */
export async function readTaken(session: Session): Promise<void> {
  const { context, workspace } = session;
  const { leaver, id: runId } = session.run();
  const survey = await session.persistently('survey', (signal) => workspace.survey(leaver.id, signal));
  await context.reached('takeOver.surveyed');
  const run = await session.change((stored) => surveyed(stored, survey));
  const readable = run.categories.filter(
    (category) => isExecuted(category, run.plan) && (category.count ?? 0) > 0,
  );
  const seen = new Map(run.categories.map(({ id }) => [id, new Set<string>()]));
  const unread = new Set(run.categories.filter(({ count }) => count === null).map(({ id }) => id));
  await inParallel(passes(readable), workspace.limits.concurrency, async (pass) => {
    try {
      await session.persistently(`scan ${pass.map(({ id }) => id).join(' ')}`, (signal) =>
        readPages(
          workspace,
          leaver.id,
          pass,
          async (items, position) => void (await context.store.mergeItems(runId, items, position)),
          (items) => {
            for (const { category, ref } of items) seen.get(category)?.add(ref);
          },
          signal,
        ),
      );
    } catch (error) {
      // What can no longer be read is the last look's to find out, and to say.
      if (!(error instanceof WorkspaceError)) throw error;
      for (const { id } of pass) unread.add(id);
    }
  });
  const found = new Map<string, Found>();
  for (const { id } of run.categories) {
    const refs = unread.has(id) ? undefined : seen.get(id);
    if (refs) await forgetMoved(context, runId, id, refs);
    const { planned, failed, unknown, moved } = await context.store.items.counts(runId, id);
    found.set(id, { planned, left: planned + failed + unknown, moved, read: refs !== undefined });
  }
  const at = context.timestamp();
  await session.change(
    (stored) => {
      const categories = stored.categories.map((category): ScannedCategory => {
        return { ...category, state: 'done', found: found.get(category.id)?.planned ?? 0 };
      });
      const { startedAt } = stored.scan;
      return {
        ...stored,
        categories,
        steps: stepsAgain({ ...stored, categories }, found),
        scan: { state: 'done', changes: [], endedAt: at, ...(startedAt === undefined ? {} : { startedAt }) },
      };
    },
    [
      {
        at,
        kind: 'note',
        data: { readAgain: [...found.values()].reduce((sum, { planned }) => sum + planned, 0) },
      },
    ],
  );
}

/** A run that was taken over only to be ended: what its steps are about, where the workspace says so. */
export async function nameTaken({ workspace, run, change, signal }: Session): Promise<void> {
  const survey = await workspace.survey(run().leaver.id, signal).catch(() => undefined);
  if (survey) await change((stored) => surveyed(stored, survey));
}

/** What a category holds in this browser once it was read again. */
interface Found {
  planned: number;
  /** Planned, failed, or being verified: not settled yet. */
  left: number;
  moved: number;
  /** Whether all of it could be read. */
  read: boolean;
}

/** What this browser once planned itself and the other one has moved meanwhile is counted there, and no item here. */
async function forgetMoved(
  context: Context,
  run: string,
  category: string,
  seen: ReadonlySet<string>,
): Promise<void> {
  if ((await context.store.items.counts(run, category)).planned <= seen.size) return;
  const items = await context.store.items.category(run, category);
  const kept = items.filter(({ ref, state }) => state !== 'planned' || seen.has(ref));
  await context.store.removeItems(run, category, new Set(kept.map(({ ref }) => ref)));
}

/** The steps for what is left: one for each category with something in it, and those that completed elsewhere. */
function stepsAgain(run: Run, found: ReadonlyMap<string, Found>): Step[] {
  const before = new Map(run.steps.map((step) => [step.id, step]));
  const fresh = new Map(stepsOf(run).map((step) => [step.id, step]));
  const order = (id: string): number =>
    run.categories.find((category) => category.id === id)?.order ?? Number.POSITIVE_INFINITY;
  const kept = run.steps.filter(({ id, kind }) => kind === 'category' && !fresh.has(id));
  const categories = [...kept, ...[...fresh.values()].filter(({ kind }) => kind === 'category')]
    .map((step): Step => {
      const known = before.get(step.id);
      const { left = 0, moved = 0, read = false } = found.get(step.id) ?? {};
      if (!known) return { ...step, total: left };
      if (left === 0 && known.state === 'completed') return known;
      const { elsewhere = 0, ...rest } = toQueued(known);
      // What its browser had not told yet is not the leaver's any more.
      const untold = read ? Math.max(0, known.total - left) : 0;
      const others = elsewhere + untold - moved;
      return { ...rest, total: left, ...(others > 0 ? { elsewhere: others } : {}) };
    })
    .sort((a, b) => order(a.id) - order(b.id));
  return [...categories, ...[...fresh.values()].filter(({ kind }) => kind !== 'category')];
}

/** A run of this browser, from what the registry has. */
function runOf(
  context: Context,
  connection: string,
  viewer: Viewer,
  leaver: Member,
  { id, fence, record }: RegisteredRun,
): Run {
  const now = context.timestamp();
  const { mode, plan, acknowledgements, startedAt, note } = record;
  const isDraft = record.phase === 'draft';
  const phase = isDraft || record.phase === 'stopping' ? record.phase : 'executing';
  return {
    id,
    schema: 1,
    rev: 1,
    connection,
    leaver,
    by: viewer,
    mode,
    phase,
    blockers: [],
    completion: 'api',
    plan,
    scan: isDraft ? { state: 'none', changes: [] } : { state: 'running', startedAt: now, changes: [] },
    categories: [],
    acknowledgements,
    steps: isDraft ? [] : record.steps.map((step) => toElsewhere(step, phase)),
    screen: isDraft ? 'scan' : 'execution',
    ...(note === undefined ? {} : { note }),
    fence,
    open: openKey(connection, leaver.id),
    createdAt: now,
    updatedAt: now,
    ...(isDraft ? {} : { startedAt: startedAt ?? now }),
  };
}

/**
 * A step as another browser left it: what moved there is counted apart, since its items are not here. `total` is what
 * was left by its last word.
 */
function toElsewhere(step: Step, phase: Run['phase']): Step {
  const elsewhere = step.moved + (step.elsewhere ?? 0);
  const { state } = step;
  // A deactivation that was on its way may have landed: the end looks whether it has.
  if (step.kind !== 'category') return phase === 'stopping' ? step : toQueued(step);
  const total = Math.max(0, step.total - step.moved - step.skipped);
  const own = { total, moved: 0, failed: 0, skipped: 0, unknown: 0 };
  const left: Step = { ...step, ...own, ...(elsewhere > 0 ? { elsewhere } : {}) };
  return state === 'completed' ? left : toQueued(left);
}

function toQueued({ message: _message, endedAt: _endedAt, ...step }: Step): Step {
  return { ...step, state: 'queued' };
}

function surveyed(run: Run, survey: Survey): Run {
  return {
    ...run,
    leaver: survey.leaver,
    completion: survey.completion,
    categories: survey.categories.map((category) => ({ ...category, state: 'running', found: 0 })),
  };
}

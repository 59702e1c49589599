import { Refused } from '../messages/refused.ts';
import type { Member, Run, ScannedCategory, Step, Viewer } from '../offboarding/model.ts';
import { isExecuted, stepsOf } from '../offboarding/steps.ts';
import { isOpen } from '../offboarding/transitions.ts';
import { WorkspaceError } from '../workspace/errors.ts';
import type { RegisteredRun, RunRecord, Survey, Workspace } from '../workspace/port.ts';
import type { Context } from './context.ts';
import { load, memberOf, openKey } from './drafts.ts';
import { authorise, refusalOf } from './identity.ts';
import { holdLease, reconcile, report } from './registry.ts';
import { inParallel, passes, readPages } from './scanner.ts';
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
 * browser made from the registered plan. A draft stays a draft; every other run reads again what the leaver still
 * owns and goes on. The workspace decides whether the other browser is gone. Throws Refused.
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
  if (known && isOpen(known.phase) && (await reconcile(context, workspace, known)) === known) return known;
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
 * names them, and lists the steps anew. What the other browser moved is counted apart. Throws Halt.
 */
export async function readTaken(session: Session): Promise<void> {
  const { context, workspace } = session;
  const { leaver, id: runId } = session.run();
  const survey = await session.persistently((signal) => workspace.survey(leaver.id, signal));
  await context.reached('takeOver.surveyed');
  const run = await session.change((stored) => surveyed(stored, survey));
  const readable = run.categories.filter(
    (category) => isExecuted(category, run.plan) && (category.count ?? 0) > 0,
  );
  await inParallel(passes(readable), workspace.limits.concurrency, async (pass) => {
    try {
      await session.persistently((signal) =>
        readPages(
          workspace,
          leaver.id,
          pass,
          async (items, position) => void (await context.store.mergeItems(runId, items, position)),
          () => {},
          signal,
        ),
      );
    } catch (error) {
      // What can no longer be read is the last look's to find out, and to say.
      if (!(error instanceof WorkspaceError)) throw error;
    }
  });
  const counts = new Map<string, number>();
  const movedHere = new Map<string, number>();
  for (const { id } of run.categories) {
    counts.set(id, await context.store.items.countInState(runId, id, 'planned'));
    movedHere.set(id, await context.store.items.countInState(runId, id, 'moved'));
  }
  const at = context.timestamp();
  await session.change(
    (stored) => {
      const categories = stored.categories.map((category): ScannedCategory => {
        const found = counts.get(category.id) ?? 0;
        return { ...category, state: 'done', found };
      });
      const { startedAt } = stored.scan;
      return {
        ...stored,
        categories,
        steps: stepsAgain({ ...stored, categories }, counts, movedHere),
        scan: { state: 'done', changes: [], endedAt: at, ...(startedAt === undefined ? {} : { startedAt }) },
      };
    },
    [{ at, kind: 'note', data: { readAgain: [...counts.values()].reduce((sum, count) => sum + count, 0) } }],
  );
}

/** The steps for what is left: one for each category with something in it, and those that completed elsewhere. */
function stepsAgain(
  run: Run,
  counts: ReadonlyMap<string, number>,
  movedHere: ReadonlyMap<string, number>,
): Step[] {
  const before = new Map(run.steps.map((step) => [step.id, step]));
  const fresh = new Map(stepsOf(run).map((step) => [step.id, step]));
  const order = (id: string): number =>
    run.categories.find((category) => category.id === id)?.order ?? Number.POSITIVE_INFINITY;
  const kept = run.steps.filter(({ id, kind }) => kind === 'category' && !fresh.has(id));
  const categories = [...kept, ...[...fresh.values()].filter(({ kind }) => kind === 'category')]
    .map((step): Step => {
      const known = before.get(step.id);
      const left = counts.get(step.id) ?? 0;
      if (!known) return { ...step, total: left };
      if (left === 0 && known.state === 'completed') return known;
      const { elsewhere = 0, ...rest } = toQueued(known);
      const others = elsewhere - (movedHere.get(step.id) ?? 0);
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
  return {
    id,
    schema: 1,
    rev: 1,
    connection,
    leaver,
    by: viewer,
    mode,
    phase: isDraft ? 'draft' : 'executing',
    blockers: [],
    completion: 'api',
    plan,
    scan: isDraft ? { state: 'none', changes: [] } : { state: 'running', startedAt: now, changes: [] },
    categories: [],
    acknowledgements,
    steps: isDraft ? [] : record.steps.map(toElsewhere),
    screen: isDraft ? 'scan' : 'execution',
    ...(note === undefined ? {} : { note }),
    fence,
    open: openKey(connection, leaver.id),
    createdAt: now,
    updatedAt: now,
    ...(isDraft ? {} : { startedAt: startedAt ?? now }),
  };
}

/** A step as another browser left it: what moved there is counted apart, since its items are not here. */
function toElsewhere(step: Step): Step {
  const elsewhere = step.moved + (step.elsewhere ?? 0);
  const { state } = step;
  if (step.kind !== 'category') return toQueued(step);
  const own = { total: 0, moved: 0, failed: 0, skipped: 0, unknown: 0 };
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

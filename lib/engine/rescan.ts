import type { Category, Run, ScannedCategory, Step } from '../offboarding/model.ts';
import { isExecuted, step as queuedStep, rescanStep } from '../offboarding/steps.ts';
import { toStepState } from '../offboarding/transitions.ts';
import { WorkspaceError } from '../workspace/errors.ts';
import { handOver, recount } from './hand-over.ts';
import { inParallel, passes, readPages } from './pages.ts';
import { blockedBy, moveStep, type Session } from './session.ts';

/** So often what came back is handed over again; after that something gives it back on purpose. */
const mostRounds = 5;

/**
 * Scans all that can be read and handed over, hands over what appeared, and scans again until nothing new is found.
 * The step completes only when the leaver was seen to own nothing. Throws Halt.
 */
export async function rescanToZero(session: Session): Promise<void> {
  for (let round = 1; ; round += 1) {
    session.checkExecuting();
    const found = await rescan(session);
    await session.context.reached('rescan.read');
    if (found.fresh.size > 0 && round <= mostRounds) {
      for (const category of found.fresh.keys()) {
        await reopenStep(session, category);
        await handOver(session, category, category);
      }
      continue;
    }
    for (const category of found.fresh.keys()) await leaveOver(session, category);
    if (found.unread.length > 0)
      return moveStep(session, rescanStep, 'failed', {
        key: 'step_rescan_unread',
        params: { count: found.unread.length, detail: found.unread[0] ?? '' },
      });
    if (found.fresh.size === 0 && found.left === 0 && found.short.length > 0) {
      // Something may have changed hands between counting and listing; if not, something would stay behind unseen.
      if (round <= mostRounds) continue;
      return moveStep(session, rescanStep, 'failed', {
        key: 'step_rescan_unread',
        params: { count: found.short.length, detail: found.short[0] ?? '' },
      });
    }
    if (found.fresh.size === 0) {
      if (found.left === 0) return moveStep(session, rescanStep, 'completed');
      return moveStep(session, rescanStep, 'failed', {
        key: 'step_rescan_left',
        params: { count: found.left },
      });
    }
    return moveStep(session, rescanStep, 'failed', {
      key: 'step_rescan_returns',
      params: { count: [...found.fresh.values()].reduce((sum, count) => sum + count, 0) },
    });
  }
}

/** What keeps coming back stays with the leaver, and its step says so. */
async function leaveOver(session: Session, category: string): Promise<void> {
  await reopenStep(session, category);
  const step = session.run().steps.find(({ id }) => id === category);
  const count = step ? step.total - step.moved - step.skipped : 0;
  await moveStep(session, category, 'failed', { key: 'step_not_moved', params: { count } });
}

/** What one scan found: new or returned items by category, items that did not move, categories that could not be read. */
interface Found {
  fresh: Map<string, number>;
  left: number;
  unread: string[];
  /** Categories that list fewer items than they count. */
  short: string[];
}

async function rescan(session: Session): Promise<Found> {
  const { context, workspace } = session;
  const { leaver, id: runId } = session.run();
  const refused: Found = { fresh: new Map(), left: 0, unread: [], short: [] };
  const survey = await reading(refused, '', () =>
    session.persistently('survey', (signal) => workspace.survey(leaver.id, signal)),
  );
  if (!survey) return refused;
  const run = await session.change((stored) => withSurvey(stored, survey.categories));
  const executed = run.categories.filter((category) => isExecuted(category, run.plan));
  const found: Found = { fresh: new Map(), left: 0, unread: [], short: [] };
  for (const { count, name, id, unread } of executed)
    if (count === null && !wasAcknowledged(run, id)) found.unread.push(unread?.detail ?? name ?? id);

  const readable = survey.categories.filter(
    (category) => (category.count ?? 0) > 0 && executed.some(({ id }) => id === category.id),
  );
  await inParallel(passes(readable), workspace.limits.concurrency, async (pass) => {
    const listed = new Map<string, Set<string>>();
    let left = 0;
    const read = async (signal: AbortSignal): Promise<true> => {
      listed.clear();
      left = 0;
      await readPages(
        workspace,
        leaver.id,
        pass,
        async (items, position) => {
          const merged = await context.store.mergeItems(runId, items, position);
          left += merged.left;
        },
        (items) => {
          for (const { category, ref } of items)
            listed.set(category, (listed.get(category) ?? new Set()).add(ref));
        },
        signal,
      );
      return true;
    };
    const names = pass.map(({ id, name }) => name ?? id).join(', ');
    if (!(await reading(found, names, () => session.persistently(`scan ${names}`, read)))) return;
    found.left += left;
    for (const { id, count, name } of pass) {
      // Items that an interrupted rescan had merged already are planned, and as new as the others.
      const { planned } = await context.store.items.counts(runId, id);
      // What has to wait for a step that did not complete waits on, and so does the deactivation.
      if (planned > 0 && blockedBy(session.run(), id)) found.left += planned;
      else if (planned > 0) found.fresh.set(id, planned);
      if ((listed.get(id)?.size ?? 0) < (count ?? 0)) found.short.push(name ?? id);
    }
  });
  return found;
}

/** What the workspace refuses to be read is unread, in its own words; every other fault is the caller's. */
async function reading<T>(found: Found, names: string, read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    const refusals = ['forbidden', 'gone', 'conflict', 'unsupported'];
    if (!(error instanceof WorkspaceError) || !refusals.includes(error.kind)) throw error;
    found.unread.push(error.message || names);
    return undefined;
  }
}

/** The run with what the survey says now: manual counts as they are, categories that had nothing before. */
function withSurvey(run: Run, surveyed: readonly Category[]): Run {
  const categories = run.categories.map((category): ScannedCategory => {
    const now = surveyed.find(({ id }) => id === category.id);
    if (!now) return category;
    if (isExecuted(category, run.plan) && category.count !== null && now.count !== null) return category;
    const { unread: _unread, ...rest } = category;
    return { ...rest, count: now.count, ...(now.unread ? { unread: now.unread } : {}) };
  });
  for (const category of surveyed)
    if (!categories.some(({ id }) => id === category.id))
      categories.push({ ...category, state: 'done', found: 0 });
  return { ...run, categories };
}

const wasAcknowledged = (run: Run, category: string): boolean =>
  run.acknowledgements.some((each) => each.category === category && each.count === null);

/** Makes sure that a category in which something appeared has a running step, before the rescan's own. */
async function reopenStep(session: Session, category: string): Promise<void> {
  const at = session.context.timestamp();
  await session.change((run) => {
    const steps = [...run.steps];
    const index = steps.findIndex(({ id }) => id === category);
    const existing = steps[index];
    if (existing) steps[index] = running(existing, at);
    else
      steps.splice(
        steps.findIndex(({ id }) => id === rescanStep),
        0,
        toStepState(queuedStep(category, 'category', 0, category), 'running', at),
      );
    return { ...run, steps };
  });
  await recount(session, category, category);
}

function running(step: Step, at: string): Step {
  if (step.state === 'running') return step;
  const queued =
    step.state === 'completed' || step.state === 'queued' ? step : toStepState(step, 'queued', at);
  return toStepState(queued, 'running', at);
}

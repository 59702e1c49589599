import { Refused } from '../messages/refused.ts';
import { isSelf } from '../offboarding/eligibility.ts';
import { failureOf } from '../offboarding/failures.ts';
import type { Run, RunItem, Step, Viewer } from '../offboarding/model.ts';
import { withChange } from '../offboarding/plan.ts';
import { isExecuted } from '../offboarding/steps.ts';
import { isOpen, toPhase, toStepState } from '../offboarding/transitions.ts';
import type { Context } from './context.ts';
import { checkReceiver, load, openKey } from './drafts.ts';
import { authorise } from './identity.ts';
import { claim, recordOf, release } from './registry.ts';

/** Failed items are given back in pieces of so many. */
const pieceSize = 1_000;

/** Another receiver for all items that failed for one reason (`failureOf`). */
export type Replacement = NonNullable<Run['again']>[number];

/**
 * Takes a run up again that ended before everything was done: what failed is planned once more, with the receivers
 * that `replacements` name, and every step that did not complete is queued. It is the same run, bound to whoever asks
 * for it (`known`: who has been asked for already). A second call finds it under way. Throws Refused.
 */
export async function retry(
  context: Context,
  runId: string,
  replacements: readonly Replacement[],
  known?: Viewer,
): Promise<Run> {
  const run = await load(context, runId);
  if (run.phase === 'executing') return run;
  if (run.phase !== 'partial' && run.phase !== 'failed')
    throw new Refused('locked', 'Only a run that ended before everything was done can be taken up again.');
  const workspace = await context.workspace(run.connection);
  const viewer = known ?? (await authorise(workspace, run.leaver.id));
  if (isSelf(viewer, run.leaver.id)) throw new Refused('self', 'Nobody can offboard themselves.');
  for (const { to } of replacements) await checkReceiver(workspace, run, to);
  const open = openKey(run.connection, run.leaver.id);
  const other = await context.store.openRun(open);
  if (other)
    throw new Refused('openElsewhere', `There is another open run for ${run.leaver.name}.`, {
      name: other.by.name ?? '',
      phase: other.phase,
      since: other.startedAt ?? other.createdAt,
    });

  const record = { ...(await recordOf(context, run)), phase: 'executing' as const };
  const claimed = { ...(viewer.id === undefined ? {} : { by: viewer.id }), at: context.timestamp() };
  // Opened there and not taken up here, it is closed again.
  if (workspace.runs)
    await context.change(runId, (stored) =>
      isOpen(stored.phase) ? undefined : { ...stored, untold: claimed.at, claimed },
    );
  const registered = workspace.runs && (await claim(context, workspace, run, record));
  const fence = registered?.fence;
  try {
    await context.reached('retry.registered');
    const at = context.timestamp();
    return await context.change(
      runId,
      (stored) => {
        if (isOpen(stored.phase)) return undefined;
        const next: Run = {
          ...toPhase(stored, 'executing', at),
          by: viewer,
          open,
          screen: 'execution',
          again: [...replacements],
          steps: stored.steps.map((step) => (isForPerson(stored, step) ? step : queuedAgain(step, at))),
        };
        if (fence !== undefined) next.fence = fence;
        return next;
      },
      (_next, stored) => [
        {
          at,
          kind: 'phase',
          data: {
            phase: 'executing',
            by: viewer.id ?? null,
            retried: stored.steps.reduce(
              (sum, step) => sum + (isForPerson(stored, step) ? 0 : step.failed),
              0,
            ),
            replacements: [...replacements],
          },
        },
      ],
    );
  } catch (error) {
    const untold = context.timestamp();
    await release(context, workspace, { ...run, untold, claimed, ...(fence === undefined ? {} : { fence }) });
    throw error;
  }
}

/**
 * What the executor does first with a run that was taken up again: plans every failed item once more, with the receivers
 * that were named. Whoever dies in it goes on with it; it is over with the commit that says so.
 */
export async function planFailed(context: Context, run: Run): Promise<void> {
  if (!run.again) return;
  await planAgain(context, run, new Map(run.again.map(({ failure, to }) => [failure, to])));
  await context.reached('retry.planned');
  await context.change(run.id, ({ again: _again, ...stored }) => stored);
}

/** Plans every failed item again, piece by piece; each piece carries its overrides with it. */
async function planAgain(context: Context, run: Run, receivers: ReadonlyMap<string, string>): Promise<void> {
  for (const { id: step, category } of run.steps) {
    if (category === undefined || isForPerson(run, { category })) continue;
    const reassigned = run.categories.some(({ id, action }) => id === category && action === 'reassign');
    for (;;) {
      const failed = await context.store.items.inState(run.id, category, 'failed', pieceSize);
      if (failed.length === 0) break;
      const changes = reassigned ? overridesOf(context, category, failed, receivers) : [];
      const planned = failed.map(
        ({ reason: _reason, heldBy: _heldBy, ...item }): RunItem => ({
          ...item,
          state: 'planned',
        }),
      );
      const stored = await context.store.putItems(planned, (before) => ({
        ...before,
        plan: changes.reduce(withChange, before.plan),
        steps: before.steps.map((each) =>
          each.id === step ? { ...each, failed: Math.max(0, each.failed - planned.length) } : each,
        ),
      }));
      if (stored) context.observe(stored);
    }
  }
}

function overridesOf(
  context: Context,
  category: string,
  failed: readonly RunItem[],
  receivers: ReadonlyMap<string, string>,
) {
  const byReceiver = new Map<string, string[]>();
  for (const item of failed) {
    const to = receivers.get(failureOf(item));
    if (to !== undefined) byReceiver.set(to, [...(byReceiver.get(to) ?? []), item.ref]);
  }
  return [...byReceiver].map(([to, refs]) => ({
    kind: 'override' as const,
    id: context.newId(),
    at: context.timestamp(),
    category,
    selection: { refs },
    to,
    count: refs.length,
  }));
}

/** What turned out to be for a person stays so: the same would come of it again. */
const isForPerson = ({ categories, plan }: Run, step: Pick<Step, 'category'>): boolean =>
  categories.some((category) => category.id === step.category && !isExecuted(category, plan));

/** What did not complete is queued; the last look is taken again in any case, after what is written now. */
function queuedAgain(step: Step, at: string): Step {
  if (step.state === 'failed' || step.state === 'notRun') return toStepState(step, 'queued', at);
  return step.kind === 'rescan' && step.state === 'completed' ? toStepState(step, 'running', at) : step;
}

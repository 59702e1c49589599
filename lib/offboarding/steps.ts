import type { Plan } from './choices.ts';
import type { Category, Phase, Run, Step } from './model.ts';

export const rescanStep = 'rescan';
export const deactivationStep = 'deactivate';

/** Whether the run itself hands this category over (as opposed to a person). */
export function isExecuted(category: Pick<Category, 'id' | 'action' | 'selectable'>, plan: Plan): boolean {
  return category.action !== 'manual' || (category.selectable && plan.selected.includes(category.id));
}

/** A category that needs a person or could not be read, and has something to look at: it wants a tick. */
export function needsAcknowledgement(
  category: Pick<Category, 'id' | 'action' | 'selectable'> & Pick<Category, 'count'>,
  plan: Plan,
): boolean {
  if (category.count === null) return true;
  return !isExecuted(category, plan) && category.count > 0;
}

/** The categories that a run hands over, in the order of their steps. */
export function executedCategories<C extends Category>(categories: readonly C[], plan: Plan): C[] {
  return categories
    .filter((category) => isExecuted(category, plan) && category.count !== null)
    .sort((a, b) => a.order - b.order || (a.id < b.id ? -1 : 1));
}

/** Whether a run hands nothing to anybody: all that it does itself is to take things away from the leaver. */
export function removesOnly({ categories, plan }: Pick<Run, 'categories' | 'plan'>): boolean {
  const executed = executedCategories(categories, plan);
  return executed.length > 0 && executed.every(({ action }) => action !== 'reassign');
}

/**
 * The exact list of steps of a run, in the order in which they run: the categories in which the leaver owns
 * something, the rescan, and the deactivation where the mode asks for it.
 */
export function stepsOf(run: Pick<Run, 'categories' | 'plan' | 'mode'>): Step[] {
  const steps = executedCategories(run.categories, run.plan)
    .filter((category) => (category.count ?? 0) > 0)
    .map((category) => step(category.id, 'category', category.count ?? 0, category.id));
  steps.push(step(rescanStep, 'rescan', 0));
  if (run.mode === 'executeAndDeactivate') steps.push(step(deactivationStep, 'deactivate', 1));
  return steps;
}

/** A queued step for a category, also for one that the rescan found. */
export function step(id: string, kind: Step['kind'], total: number, category?: string): Step {
  return {
    id,
    kind,
    ...(category === undefined ? {} : { category }),
    state: 'queued',
    total,
    moved: 0,
    failed: 0,
    skipped: 0,
    unknown: 0,
  };
}

/**
 * Whether a step was left to a person, since its category could not be changed here after all, and an admin has seen
 * that: like the groups that were manual from the start, it is no obstacle any more.
 */
export function isLeftByHand(
  run: Pick<Run, 'categories' | 'plan' | 'acknowledgements'>,
  { state, category: id }: Pick<Step, 'state' | 'category'>,
): boolean {
  const category = run.categories.find((each) => each.id === id);
  if (state !== 'notRun' || !category || isExecuted(category, run.plan)) return false;
  return run.acknowledgements.some((each) => each.category === id);
}

/** How many of a step's items are settled. */
export function done(step: Step): number {
  return step.moved + step.failed + step.skipped;
}

/**
 * The state in which a category's step ends: completed when none of its items is failed, unknown or left over.
 * A skipped item is no obstacle, for somebody else holds it now.
 */
export function endOfStep(step: Step): 'completed' | 'failed' {
  return step.failed === 0 && step.unknown === 0 && done(step) === step.total ? 'completed' : 'failed';
}

/** The phase in which a run ends: success only when every step completed; failure when nothing moved at all. */
export function endOfRun(steps: readonly Step[]): Extract<Phase, 'succeeded' | 'partial' | 'failed'> {
  if (steps.every(({ state }) => state === 'completed')) return 'succeeded';
  const deactivated = steps.some(({ kind, state }) => kind === 'deactivate' && state === 'completed');
  const moved = steps.some((step) => step.moved > 0 || (step.elsewhere ?? 0) > 0);
  return deactivated || moved ? 'partial' : 'failed';
}

/**
 * For which categories the hand-over is known to be complete: the workspace was read, the run hands them over, and no
 * step of theirs is unfinished; and which could not be read at all, so that nothing is known of them.
 */
export function coverageOf<C extends Category>(
  run: { categories: readonly C[] } & Pick<Run, 'plan' | 'steps'>,
): { verified: C[]; unread: C[] } {
  const unfinished = new Set(
    run.steps.filter(({ state }) => state !== 'completed').map(({ category }) => category),
  );
  const unread = run.categories.filter(({ count }) => count === null);
  const verified = run.categories.filter(
    (category) => category.count !== null && isExecuted(category, run.plan) && !unfinished.has(category.id),
  );
  return { verified, unread };
}

/** Items of a run by outcome, over all steps of categories, whichever browser moved them. */
export function totals(
  steps: readonly Step[],
): Pick<Step, 'total' | 'moved' | 'failed' | 'skipped' | 'unknown'> {
  const sum = { total: 0, moved: 0, failed: 0, skipped: 0, unknown: 0 };
  for (const each of steps) {
    if (each.kind !== 'category') continue;
    const elsewhere = each.elsewhere ?? 0;
    sum.total += each.total + elsewhere;
    sum.moved += each.moved + elsewhere;
    sum.failed += each.failed;
    sum.skipped += each.skipped;
    sum.unknown += each.unknown;
  }
  return sum;
}

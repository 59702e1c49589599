import type { Acknowledgement, Category, Run } from './model.ts';
import { needsAcknowledgement } from './steps.ts';

/** The tick for a category, if there was one; it may be for another count than today's. */
export function acknowledgementOf(
  run: Pick<Run, 'acknowledgements'>,
  category: string,
): Acknowledgement | undefined {
  return run.acknowledgements.find((each) => each.category === category);
}

/** A tick counts only for the count it was given for: when the count changed, the admin has not seen that. */
export function isAcknowledged(
  run: Pick<Run, 'acknowledgements'>,
  category: Pick<Category, 'id' | 'count'>,
): boolean {
  return acknowledgementOf(run, category.id)?.count === category.count;
}

/** Whether a run stands still until somebody ticks that they have seen what is left to them. */
export function wantsTick(run: Pick<Run, 'pause' | 'categories' | 'acknowledgements'>): boolean {
  if (run.pause?.kind !== 'manual') return false;
  const asked = run.categories.find(({ id }) => id === run.pause?.detail);
  return asked !== undefined && !isAcknowledged(run, asked);
}

/**
 * The run without the ticks that were given for another count than today's: one that goes 5, 6, 5 wants a new tick,
 * for what makes it five may be something else.
 */
export function withoutOutdatedTicks(run: Run): Run {
  const acknowledgements = run.acknowledgements.filter(({ category, count }) =>
    run.categories.some((each) => each.id === category && each.count === count),
  );
  return acknowledgements.length === run.acknowledgements.length ? run : { ...run, acknowledgements };
}

/** The ticks of `before` that `run` has no more, with the count that each category has now. */
export function droppedTicks(
  run: Run,
  before: Run,
): { category: string; was: number | null; now: number | null | undefined }[] {
  return before.acknowledgements
    .filter(({ category }) => acknowledgementOf(run, category) === undefined)
    .map(({ category, count }) => ({
      category,
      was: count,
      now: run.categories.find(({ id }) => id === category)?.count,
    }));
}

/** The categories that still want a tick before the run may start. */
export function unacknowledged(run: Pick<Run, 'acknowledgements' | 'categories' | 'plan'>): Category[] {
  return run.categories.filter(
    (category) => needsAcknowledgement(category, run.plan) && !isAcknowledged(run, category),
  );
}

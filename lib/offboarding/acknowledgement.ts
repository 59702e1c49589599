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

/** The categories that still want a tick before the run may start. */
export function unacknowledged(run: Pick<Run, 'acknowledgements' | 'categories' | 'plan'>): Category[] {
  return run.categories.filter(
    (category) => needsAcknowledgement(category, run.plan) && !isAcknowledged(run, category),
  );
}

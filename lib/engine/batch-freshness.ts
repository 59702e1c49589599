import { Refused } from '../messages/refused.ts';
import { type Batch, refusalOfMember, sharedFault } from '../offboarding/batch.ts';
import { isStale } from '../offboarding/eligibility.ts';
import type { Category, Run, Viewer } from '../offboarding/model.ts';
import { needsAcknowledgement } from '../offboarding/steps.ts';
import type { Survey, Workspace } from '../workspace/port.ts';
import { holdOfScan, Stuck } from './batch-holds.ts';
import type { Context } from './context.ts';
import type { createDrafts } from './drafts.ts';
import { refusalOf } from './identity.ts';

/**
 * Looks at a user once more just before their run begins: hours, or a pause, may lie between their check and their
 * turn.
 */
export function createFreshness(
  context: Context,
  drafts: Pick<ReturnType<typeof createDrafts>, 'scanToEnd'>,
) {
  /**
   * The run as it may begin; undefined when this user cannot be offboarded any more, which is then stored with the
   * reason. Throws Refused where it concerns this user alone and cannot be stored in the run, Stuck where it concerns
   * everybody.
   */
  async function renew(
    run: Run,
    batch: Batch,
    workspace: Workspace,
    viewer: Viewer,
  ): Promise<Run | undefined> {
    if (run.scan.state === 'done') {
      const survey = await workspace.survey(run.leaver.id).catch((error: unknown) => {
        throw refusalOf(error);
      });
      const { refused } = refusalOfMember(survey.leaver, viewer);
      if (refused) throw new Refused(refused.code === 'self' ? 'self' : 'stale', refused.detail);
      if (survey.blockers.length > 0) {
        await hold(run, survey);
        return undefined;
      }
      const grown = beyondTicks(run, survey.categories, batch);
      if (grown.length > 0) throw new Refused('incomplete', words(grown));
      if (!isStale(run.scan.endedAt, context.clock.now()) && isSame(run, survey)) return run;
    }
    await drafts.scanToEnd(run, workspace);
    const scanned = await context.store.run(run.id);
    const { state, error } = scanned?.scan ?? {};
    const shared = error && sharedFault(error.key);
    if (shared) throw new Stuck(holdOfScan(shared, error.detail, context));
    return state === 'done' && scanned?.blockers.length === 0 ? scanned : undefined;
  }

  const hold = (run: Run, { blockers, notes = [] }: Survey): Promise<Run> =>
    context.change(run.id, (stored) =>
      stored.phase === 'draft' ? { ...stored, blockers, notes } : undefined,
    );

  return { renew };
}

/** Whether the survey finds what the check has found. */
const isSame = (run: Run, survey: Survey): boolean =>
  JSON.stringify(survey.categories.map(countOf)) === JSON.stringify(run.categories.map(countOf));

const countOf = ({ id, count }: Category): [string, number | null] => [id, count];

/** What is left to a person now and was not when the tick was given: nobody has seen it. */
function beyondTicks(run: Run, now: readonly Category[], batch: Batch): Category[] {
  const plan = { ...run.plan, selected: [...run.plan.selected, ...batch.selected] };
  return now.filter((category) => {
    if (!needsAcknowledgement(category, plan)) return false;
    const before = run.categories.find(({ id }) => id === category.id);
    if (!before || !needsAcknowledgement(before, plan)) return true;
    return before.count !== null && (category.count === null || category.count > before.count);
  });
}

const words = (categories: readonly Category[]): string =>
  `Since the check more has come up that is left to a person: ${categories
    .map(({ name, id, count }) => (count === null ? (name ?? id) : `${name ?? id} (${count})`))
    .join(', ')}. Nothing was changed. Offboard this user by themselves, or in another batch.`;

import { Refused } from '../messages/refused.ts';
import { refusalOfMember, sharedFault } from '../offboarding/batch.ts';
import type { Batch } from '../offboarding/batch-model.ts';
import { isStale } from '../offboarding/eligibility.ts';
import type { Category, Run, Viewer } from '../offboarding/model.ts';
import { needsAcknowledgement } from '../offboarding/steps.ts';
import type { Survey, Workspace } from '../workspace/port.ts';
import { holdOfScan, Stuck, Unread } from './batch-holds.ts';
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
      checkSeen(run, survey.categories, batch);
      if (!isStale(run.scan.endedAt, context.clock.now()) && isSame(run, survey)) return run;
    }
    await drafts.scanToEnd(run, workspace);
    const scanned = await context.store.run(run.id);
    const { state, error } = scanned?.scan ?? {};
    const shared = error && sharedFault(error.key);
    if (shared) throw new Stuck(holdOfScan(shared, error, context));
    if (state !== 'done' || scanned?.blockers.length !== 0) return undefined;
    // More may have come up since the survey; or there was none, since an earlier look was broken off.
    checkSeen(run, scanned.categories, batch);
    return scanned;
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

/** Throws Refused (`incomplete`) where more is left to a person than the admin has seen, Unread where that is unknown. */
function checkSeen(run: Run, now: readonly Category[], batch: Batch): void {
  const grown = beyondTicks(run, now, batch);
  const unread = grown.filter(({ count }) => count === null);
  if (unread.length > 0) throw new Unread(unreadWords(unread));
  if (grown.length > 0) throw new Refused('incomplete', words(grown));
}

/** What is left to a person now and was not when the ticks were confirmed: nobody has seen it. */
function beyondTicks(
  { id: runId, plan: own, categories }: Run,
  now: readonly Category[],
  batch: Batch,
): Category[] {
  const plan = { ...own, selected: [...own.selected, ...batch.selected] };
  // A batch from before that was stored has the check itself to go by.
  const seen: Record<string, number | null> =
    batch.seen?.[runId] ??
    Object.fromEntries(
      categories.filter((each) => needsAcknowledgement(each, plan)).map(({ id, count }) => [id, count]),
    );
  return now.filter((category) => {
    if (!needsAcknowledgement(category, plan)) return false;
    const before = seen[category.id];
    if (before === undefined) return true;
    return before !== null && (category.count === null || category.count > before);
  });
}

const words = (categories: readonly Category[]): string =>
  `Since the check more has come up that is left to a person: ${categories
    .map(({ name, id, count }) => `${name ?? id} (${count})`)
    .join(', ')}. Nothing was changed. Offboard this user by themselves, or in another batch.`;

const unreadWords = (categories: readonly Category[]): string =>
  `Could not be read: ${categories
    .map(({ name, id, unread }) => (unread ? `${name ?? id}: ${unread.detail}` : (name ?? id)))
    .join('; ')} Nothing was changed. Offboard this user by themselves, or in another batch.`;

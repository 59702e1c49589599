import type {
  BannerView,
  GuardModal,
  OverlayFailure,
  OverlaySetup,
} from '../../lib/messages/overlay-views.ts';
import type { Run, Step } from '../../lib/offboarding/model.ts';
import { coverageOf, totals } from '../../lib/offboarding/steps.ts';
import { stillByHand } from '../../lib/panel/execution.ts';
import { categoryName } from '../../lib/panel/words.ts';
import type { MessageKey, Text } from '../../lib/text/text.ts';
import type { PageProfile } from '../../lib/workspace/page-profile.ts';
import type { Guard } from '../../lib/workspace/port.ts';

/** What the overlay says, put into words here, for the page's script carries no catalogue. */

const name = '{name}';

/** Short words, with `{name}` where a member's name goes. */
export function overlayTexts(text: Text): OverlaySetup['texts'] {
  return {
    someone: text('overlay_someone'),
    checking: text('overlay_checking', { name }),
    cancel: text('overlay_cancel'),
    moved: text('overlay_moved'),
    unrecorded: text('overlay_unrecorded'),
    kept: text('overlay_kept'),
    covered: text('overlay_covered'),
    unopened: text('overlay_unopened'),
    own: text('overlay_bulk_native_ask'),
  };
}

/** A button's words: on a member's page, in their row, for an open run, for several members. */
export function buttonWords(
  text: Text,
  { verb = 'offboard' }: Pick<PageProfile, 'verb'>,
  what: 'member' | 'row' | 'resume' | 'bulk',
): { label: string; title: string } {
  const [label, title] = buttonKeys[verb][what];
  return { label: text(label), title: text(title, { name }) };
}

const buttonKeys = {
  offboard: {
    member: ['overlay_offboard', 'overlay_offboard_title'],
    row: ['overlay_offboard', 'overlay_offboard_row_title'],
    resume: ['overlay_resume', 'overlay_resume_title'],
    bulk: ['overlay_offboard_users', 'overlay_bulk_title'],
  },
  deactivate: {
    member: ['overlay_deactivate', 'overlay_deactivate_title'],
    row: ['overlay_deactivate', 'overlay_deactivate_row_title'],
    resume: ['overlay_resume_deactivate', 'overlay_resume_deactivate_title'],
    bulk: ['overlay_deactivate_users', 'overlay_bulk_title'],
  },
} as const;

/** What is asked before the product's own way to several members is gone. */
export function bulkModal(text: Text): GuardModal {
  return {
    title: text('overlay_bulk_ask'),
    body: text('overlay_bulk_ask_body'),
    rows: [],
    notes: [],
    first: { label: text('overlay_wizard'), does: 'wizard' },
    cancel: text('overlay_cancel'),
    anyway: text('overlay_bulk_native'),
  };
}

/** What the modal says when the check was not possible. */
export function failureModals(text: Text): OverlaySetup['failures'] {
  const failed = (body: MessageKey): GuardModal => ({
    ...unchecked(text, name, 'overlay_unchecked_recorded'),
    title: text('overlay_failed', { name }),
    body: text(body),
    first: { label: text('overlay_retry'), does: 'retry' },
  });
  const modals: Record<OverlayFailure, GuardModal> = {
    timeout: failed('overlay_failed_timeout'),
    unreachable: failed('overlay_failed_unreachable'),
    signedOut: failed('overlay_failed_signed_out'),
    other: failed('overlay_failed_other'),
    outdated: {
      ...unchecked(text, name, 'overlay_unchecked_unrecorded'),
      title: text('overlay_outdated'),
      body: text('overlay_outdated_body', { name }),
      first: { label: text('overlay_reload'), does: 'reload' },
    },
  };
  return modals;
}

/** What the modal says of a member who owns something, or of whom that could not be ruled out. */
export function guardModal(text: Text, name: string, guard: Guard, isSelf: boolean): GuardModal {
  const count = sum(guard.counts);
  const some = guard.owns === 'some';
  const unread = guard.counts.filter((each) => each.count === null).length;
  // Where nothing is handed to anybody, nothing is left with an inactive owner either.
  const removes = !guard.counts.some(({ category }) => category.action === 'reassign');
  const base = unchecked(text, name, 'overlay_unchecked_recorded');
  return {
    ...(some
      ? {
          ...base,
          title: text(removes ? 'overlay_holds' : 'overlay_owns', { name, count }),
          body: text(removes ? 'overlay_holds_body' : 'overlay_owns_body'),
          confirm: {
            ...base.confirm,
            title: text(removes ? 'overlay_holds_confirm' : 'overlay_confirm', { name, count }),
            body: text(removes ? 'overlay_holds_confirm_body' : 'overlay_confirm_body'),
          },
        }
      : {
          ...base,
          title: text('overlay_unknown', { name }),
          body: text('overlay_unknown_body'),
        }),
    rows: guard.counts
      .filter((each) => each.count !== 0)
      .map((each) => ({
        label: categoryName(text, each.category),
        value: each.count === null ? text('overlay_unread') : text('overlay_number', { count: each.count }),
      })),
    notes: [
      ...guard.counts.flatMap(({ category, count }) => {
        if (!category.outlives || !count) return [];
        if (category.kind === 'tokens.api') return [text('overlay_tokens', { count })];
        return [text('overlay_outlives', { name: categoryName(text, category), count })];
      }),
      ...(some && unread > 0 ? [text('overlay_some_unread', { count: unread })] : []),
      ...(isSelf ? [text('overlay_self')] : []),
    ],
    ...(isSelf ? {} : { first: { label: text('overlay_wizard'), does: 'wizard' as const } }),
  };
}

/** How a member's last run ended, when it did not end well. */
export function runBanner(
  text: Text,
  name: string,
  run: string,
  phase: 'partial' | 'failed',
  steps: readonly Step[],
): BannerView {
  const { moved, skipped, total } = totals(steps);
  const left = Math.max(0, total - moved - skipped);
  const key = phase === 'failed' ? 'overlay_banner_failed' : 'overlay_banner_partial';
  return { text: text(key, { name, moved, total, left }), link: text('overlay_banner_review'), run };
}

/** The hand-over is done and was checked: what is safe to do now, and for what exactly that holds. */
export function waitingBanner(
  text: Text,
  run: Pick<Run, 'id' | 'leaver' | 'categories' | 'plan' | 'steps'>,
): BannerView {
  const { verified, unread } = coverageOf(run);
  const { name } = run.leaver;
  const left = sum(stillByHand(run));
  return {
    text: text('overlay_banner_waiting', { name, left, verified: verified.length, unread: unread.length }),
    link: text('overlay_banner_waiting_link'),
    ...(left === 0 && { tone: 'ok' }),
  };
}

/** Somebody is inactive and still owns something; `byWizard`: a run has set them inactive, at least once. */
export function outsideBanner(
  text: Text,
  name: string,
  counts: Guard['counts'],
  byWizard = false,
): BannerView {
  const key = byWizard ? 'overlay_banner_inactive' : 'overlay_banner_outside';
  return { text: text(key, { name, count: sum(counts) }), link: text('overlay_wizard') };
}

const sum = (counts: readonly { count: number | null }[]): number =>
  counts.reduce((total, { count }) => total + (count ?? 0), 0);

/** What all modals have; the second question of one that knows no counts. */
function unchecked(
  text: Text,
  name: string,
  body: MessageKey,
): Omit<GuardModal, 'title' | 'body'> & Required<Pick<GuardModal, 'confirm'>> {
  return {
    rows: [],
    notes: [],
    cancel: text('overlay_cancel'),
    anyway: text('overlay_anyway'),
    confirm: {
      title: text('overlay_unchecked', { name }),
      body: text(body, { name }),
      back: text('overlay_back'),
      go: text('overlay_go', { name }),
    },
  };
}

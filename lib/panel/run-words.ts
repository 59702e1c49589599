import type { Run, RunItem, Step } from '../offboarding/model.ts';
import type { Text } from '../text/text.ts';
import { coverageOf, type End, evidenceOf, notMoved, progressOf, removesOnly } from './execution.ts';
import { messageText, type NamedCategories, pauseWords } from './words.ts';

/** What a run says of itself to whoever watches it: why it stands still, what became of a step or an item, its end. */

/** A heading, and what it means and what to do. */
export interface Said {
  title: string;
  body: string;
}

/** Why a run stands still, or cannot end yet; undefined where nothing holds it up. */
export function holdupWords(text: Text, run: Run): (Said & { tone: 'info' | 'warn' }) | undefined {
  const { phase, pause } = run;
  if (phase === 'stopping' && pause) {
    const body = pause.kind === 'signedOut' ? 'stopping_signedOut' : 'stopping_failures';
    return { tone: 'warn', title: text('stopping_title'), body: text(body, { detail: pause.detail ?? '' }) };
  }
  // One that was put aside says why it could not be ended otherwise.
  if (phase !== 'paused' && pause?.kind !== 'unreadable') return undefined;
  return { tone: pause?.kind === 'admin' ? 'info' : 'warn', ...pauseWords(text, run, progressOf(run)) };
}

/** What a list of steps has to know of its run. */
export type StepsRun = NamedCategories & { leaver: Pick<Run['leaver'], 'name'>; steps: Run['steps'] };

/** What is said beneath a step: the engine's own message, and what the counts mean. */
export function stepWords(text: Text, run: StepsRun, step: Step): string[] {
  const lines: string[] = [];
  if (step.message) lines.push(messageText(text, step.message));
  if (step.kind === 'category') {
    if (step.elsewhere)
      lines.push(text('run_step_elsewhere', { count: step.elsewhere, name: run.leaver.name }));
    if (step.state === 'completed' && step.total === 0 && !step.elsewhere)
      lines.push(text('run_step_nothing'));
    if (step.skipped > 0) lines.push(text('run_step_skipped', { count: step.skipped }));
    if (step.failed > 0 && !step.message) lines.push(text('run_step_failed', { count: step.failed }));
    if (step.unknown > 0) lines.push(text('run_step_unknown', { count: step.unknown }));
  }
  if (step.kind === 'deactivate' && step.evidence)
    lines.push(text(`run_step_${step.evidence.kind}`, { by: step.evidence.by }));
  if (step.kind === 'deactivate' && step.state === 'notRun' && !step.message)
    lines.push(text('run_step_notRun', { name: run.leaver.name, count: notMoved(run) }));
  return lines;
}

/** What became of an item; '' where nothing is to be said. `name`: of a member by id. */
export function itemWords(
  text: Text,
  item: Pick<RunItem, 'state' | 'reason' | 'heldBy' | 'after'>,
  name: (member: string) => string,
): string {
  const { reason, heldBy, after } = item;
  if (item.state === 'moved')
    return after && 'member' in after ? text('item_moved', { name: name(after.member) }) : '';
  if (item.state === 'skipped') {
    if (heldBy && 'member' in heldBy) return text('item_skipped_by', { name: name(heldBy.member) });
    return text(reason?.code === 'gone' ? 'item_skipped_gone' : 'item_skipped');
  }
  if (reason?.code === 'unverifiable') return text('item_unverifiable');
  if (!reason?.message) return text(reason?.code === 'stillHeld' ? 'item_still_held' : 'item_failed_plain');
  return text('item_failed', { detail: reason.message });
}

/** How a run ended, in one sentence and what follows from it. */
export function endWords(text: Text, run: Run, end: End): Said {
  const { name, active } = run.leaver;
  const { moved, skipped, total } = progressOf(run);
  const deactivated = run.steps.some(({ kind, state }) => kind === 'deactivate' && state === 'completed');
  const inactive = deactivated || !active;
  if (end === 'superseded') return { title: text('end_superseded_title'), body: text('end_superseded_body') };
  if (end === 'failed') {
    const status = text(inactive ? 'status_inactive' : 'status_active').toLowerCase();
    return { title: text('end_failed_title'), body: text('end_failed_body', { total, name, status }) };
  }
  if (end === 'partial')
    return {
      title: text('end_partial_title', { moved, total, left: notMoved(run) }),
      body: [
        skipped > 0 && text('end_partial_skipped', { count: skipped }),
        text(inactive ? 'end_partial_inactive' : 'end_partial_active', { name }),
      ]
        .filter(Boolean)
        .join(' '),
    };
  // Where something could not be looked at, nobody can say that nothing is left.
  const partly = coverageOf(run).unread.length > 0;
  const evidence = evidenceOf(run);
  if (run.mode === 'executeAndDeactivate')
    return {
      title:
        partly || evidence
          ? text('end_success_partly_title', {
              name,
              evidence: evidence?.kind ?? 'none',
              by: evidence?.by ?? '',
            })
          : text(removesOnly(run) ? 'end_success_removed_title' : 'end_success_title', { name }),
      body: '',
    };
  const title = partly ? 'end_success_only_partly_title' : 'end_success_only_title';
  return active
    ? { title: text(title, { name }), body: text('end_success_only_body') }
    : {
        title: text(partly ? 'end_success_only_partly_inactive_title' : 'end_success_only_inactive_title', {
          name,
        }),
        body: '',
      };
}

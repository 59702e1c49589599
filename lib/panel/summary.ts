import type { ConnectionView } from '../messages/protocol.ts';
import type { Run } from '../offboarding/model.ts';
import { coverageOf } from '../offboarding/steps.ts';
import type { PanelDependencies } from './dependencies.ts';
import { stillByHand } from './execution.ts';
import { categoryName, manualEntry, stepName } from './words.ts';

/** The run in plain text, for a ticket: who, when, each step, and what is still to do by hand. */
export function summaryOf(
  { text, locale }: Pick<PanelDependencies, 'text' | 'locale'>,
  run: Run,
  connection: ConnectionView | undefined,
): string {
  const when = (time: string | undefined): string =>
    time === undefined
      ? ''
      : new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(time));
  const lines = [
    text('summary_head', {
      name: run.leaver.name,
      email: run.leaver.email,
      workspace: connection?.workspace.name ?? run.by.workspace.name,
    }),
    text('summary_by', {
      by: run.by.name ?? run.by.email ?? '',
      from: when(run.startedAt),
      to: when(run.endedAt),
      mode: text(`mode_${run.mode}`),
    }),
  ];
  if (run.note) lines.push(text('summary_note', { note: run.note }));
  lines.push('');
  for (const step of run.steps) {
    const state = text(`state_${step.state}`);
    const name = stepName(text, run, step);
    lines.push(
      step.kind === 'category'
        ? text('summary_step', { step: name, state, done: step.moved, total: step.total })
        : `${name}: ${state}${step.evidence ? `. ${text(`run_step_${step.evidence.kind}`, { by: step.evidence.by })}` : ''}`,
    );
  }
  const { verified, unread } = coverageOf(run);
  const names = (categories: typeof unread): string =>
    new Intl.ListFormat(locale).format(categories.map((each) => categoryName(text, each)));
  if (unread.length > 0) {
    lines.push('');
    if (verified.length > 0) lines.push(text('coverage_verified', { list: names(verified) }));
    lines.push(text('coverage_unread', { list: names(unread) }));
  }
  const byHand = stillByHand(run);
  if (byHand.length > 0) {
    lines.push('', `${text('end_manual_title')}:`);
    for (const category of byHand) lines.push(`- ${manualEntry(text, category)}`);
  }
  return lines.join('\n');
}

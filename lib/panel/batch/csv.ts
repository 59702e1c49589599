import type { BatchRow } from '../../offboarding/batch.ts';
import type { Batch } from '../../offboarding/batch-model.ts';
import type { Run } from '../../offboarding/model.ts';
import type { PanelDependencies } from '../dependencies.ts';
import { messageText, stepName } from '../words.ts';

/**
 * A cell: always in quotes, and one that a spreadsheet would take for a formula begins with an apostrophe, which it shows
 * as text (OWASP, CSV injection).
 */
export function csvCell(value: string | number): string {
  const text = String(value);
  const safe = typeof value === 'string' && /^[\s]*[=+\-@\t\r]/u.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}

/**
 * What a batch came to, as comma-separated values (RFC 4180): one line for each user and step, and one for each user who
 * has no steps. Begins with a byte order mark, so that spreadsheets read it as UTF-8.
 */
export function batchCsv(
  { text }: Pick<PanelDependencies, 'text'>,
  batch: Batch,
  rows: readonly BatchRow[],
  runs: readonly (Run | undefined)[],
): string {
  const columns = [
    'name',
    'email',
    'outcome',
    'step',
    'state',
    'total',
    'moved',
    'skipped',
    'failed',
    'message',
    'started',
    'ended',
  ] as const;
  const lines = [columns.map((column) => csvCell(text(`bulk_csv_${column}`)))];
  const byId = new Map(runs.flatMap((run) => (run ? [[run.id, run] as const] : [])));
  for (const row of rows) {
    const run = byId.get(row.run);
    const who = [row.member.name, row.member.email, stateName(text, batch, row)];
    if (!run || run.steps.length === 0)
      lines.push([...who, '', '', '', '', '', '', reasonText(text, row), '', row.endedAt ?? ''].map(csvCell));
    for (const step of run?.steps ?? [])
      lines.push(
        [
          ...who,
          run ? stepName(text, run, step) : step.id,
          text(`state_${step.state}`),
          step.total,
          step.moved + (step.elsewhere ?? 0),
          step.skipped,
          step.failed,
          step.message ? messageText(text, step.message) : '',
          step.startedAt ?? '',
          step.endedAt ?? '',
        ].map(csvCell),
      );
  }
  return `\uFEFF${lines.map((line) => line.join(',')).join('\r\n')}\r\n`;
}

/** What holds a user up, or went wrong with them, in words; '' for nothing. */
export function reasonText(text: PanelDependencies['text'], { reason }: Pick<BatchRow, 'reason'>): string {
  if (!reason) return '';
  if ('key' in reason) return messageText(text, reason);
  return [reason.text, reason.remedy ?? ''].join(' ').trim();
}

/** The word for a user's state; who is ready in a batch that has started is queued. */
export function stateName(
  text: PanelDependencies['text'],
  batch: Pick<Batch, 'phase'>,
  row: BatchRow,
): string {
  const queued = row.state === 'ready' && batch.phase !== 'draft';
  return text(queued ? 'bulk_state_queued' : `bulk_state_${row.state}`);
}

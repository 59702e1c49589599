import {
  coverageOf,
  type End,
  type ExecutionModel,
  evidenceOf,
  goneByHand,
  notMoved,
  stillByHand,
} from '../../lib/panel/execution.ts';
import { endWords } from '../../lib/panel/run-words.ts';
import { summaryOf } from '../../lib/panel/summary.ts';
import { manualEntry } from '../../lib/panel/words.ts';
import { Button } from '../ui/Button.tsx';
import { Icon } from '../ui/Icon.tsx';
import { ByHand } from './ByHand.tsx';
import { Coverage } from './Coverage.tsx';
import { useDependencies, useNavigation, useWords } from './context.ts';
import type { StepProps } from './ImpactScanStep.tsx';

const tones: Record<End, 'ok' | 'warn' | 'danger'> = {
  succeeded: 'ok',
  partial: 'warn',
  failed: 'danger',
  superseded: 'warn',
};
const icons = { ok: 'completed', warn: 'warning', danger: 'failed' } as const;

/** How it ended: one sentence, three facts, what is still to do by hand, and where to go. */
export function EndBanner({ wizard, execution, onHome }: StepProps & { execution: ExecutionModel }) {
  const { text, number, locale } = useWords();
  const dependencies = useDependencies();
  const navigation = useNavigation();
  const run = wizard.run.value;
  const end = execution.end.value;
  if (!end) return null;
  const tone = tones[end];
  const { moved, failed } = execution.progress.value;
  const left = notMoved(run);
  const byHand = stillByHand(run);
  const gone = goneByHand(run);
  const evidence = evidenceOf(run);
  const coverage = coverageOf(run);
  const words = endWords(text, run, end);
  const connection = wizard.connection.value;
  const facts: [string, string][] = [
    [number(moved), text('end_fact_moved')],
    [number(left), text('end_fact_not')],
    [number(byHand.reduce((sum, { count }) => sum + (count ?? 0), 0)), text('end_fact_manual')],
  ];
  return (
    <section id="end-banner" class={`ow-end ow-end-${tone}`} tabIndex={-1} aria-labelledby="end-title">
      <h2 id="end-title" class="ow-section ow-end-title">
        <Icon name={icons[tone]} size={20} />
        <span>{words.title}</span>
      </h2>
      {words.body !== '' && <p>{words.body}</p>}
      {evidence && <p>{text(`end_evidence_${evidence.kind}`, { by: evidence.by })}</p>}
      {coverage.unread.length > 0 && end !== 'superseded' && <Coverage run={run} />}
      <dl class="ow-end-facts">
        {facts.map(([value, label]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd class="ow-number">{value}</dd>
          </div>
        ))}
      </dl>
      <ByHand run={run} />
      {gone.length > 0 && (
        <div>
          <h3 class="ow-strong">{text('end_gone_title')}</h3>
          <ul class="ow-end-manual">
            {gone.map(({ category, ticked }) => (
              <li key={category.id}>
                <Icon name="check" />
                <span>{manualEntry(text, { ...category, count: ticked })}</span>
              </li>
            ))}
          </ul>
        </div>
      )}
      <div class="ow-line ow-end-actions">
        {failed > 0 && (
          <Button variant="primary" onClick={() => navigation.review(run.id)}>
            {text('end_review_failures', { count: failed })}
          </Button>
        )}
        {failed === 0 && (end === 'partial' || end === 'failed') && (
          <Button variant="primary" onClick={() => navigation.review(run.id)}>
            {text('end_review')}
          </Button>
        )}
        {end === 'superseded' && (
          <Button variant="primary" onClick={() => navigation.watch(run.connection, run.leaver.id)}>
            {text('end_watch')}
          </Button>
        )}
        {connection && (
          <Button
            icon="external"
            onClick={() =>
              dependencies.openTab(
                connection.memberLink.replace('{member}', encodeURIComponent(run.leaver.id)),
              )
            }
          >
            {text('end_open_member', { name: run.leaver.name })}
          </Button>
        )}
        {connection && run.mode === 'executeOnly' && (
          <Button icon="external" onClick={() => dependencies.openTab(connection.usersLink)}>
            {text('end_open_users')}
          </Button>
        )}
        <Button
          icon={execution.copied.value === 'yes' ? 'check' : 'copy'}
          onClick={() => void execution.copy(summaryOf({ text, locale }, run, connection))}
        >
          {text(execution.copied.value === 'yes' ? 'end_copied' : 'end_copy')}
        </Button>
        <Button variant="text" onClick={onHome}>
          {text('end_home')}
        </Button>
      </div>
      {execution.copied.value === 'failed' && <p class="ow-meta">{text('end_copy_failed')}</p>}
    </section>
  );
}

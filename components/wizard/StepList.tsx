import type { Run, Step } from '../../lib/offboarding/model.ts';
import { notMoved } from '../../lib/panel/execution.ts';
import type { WizardModel } from '../../lib/panel/wizard.ts';
import { messageText, type NamedCategories, stepName } from '../../lib/panel/words.ts';
import { ProgressBar } from '../ui/ProgressBar.tsx';
import { StateMark } from '../ui/StateMark.tsx';
import { useWords } from './context.ts';

/** Every step with its state in shape, word and colour, how far it is, and its message beneath. */
export function StepList({ wizard }: { wizard: WizardModel }) {
  const { text } = useWords();
  const run = wizard.run.value;
  return <Steps title={text('run_steps')} run={run} steps={run.steps} />;
}

/** What a list of steps has to know of its run. */
export type StepsRun = NamedCategories & { leaver: Pick<Run['leaver'], 'name'>; steps: Run['steps'] };

/** A list of steps, whoever runs them. */
export function Steps({ title, run, steps }: { title: string; run: StepsRun; steps: readonly Step[] }) {
  const { text, number } = useWords();
  return (
    <section class="ow-stack ow-tight">
      <h2 class="ow-section">{title}</h2>
      <ol class="ow-list">
        {steps.map((step) => {
          const elsewhere = step.elsewhere ?? 0;
          const total = step.total + elsewhere;
          const settled = step.moved + step.failed + step.skipped + elsewhere;
          const name = stepName(text, run, step);
          const lines = linesOf(step, run, text);
          const counted = step.kind === 'category' && total > 0;
          return (
            <li key={step.id} class="ow-row ow-step">
              <span class="ow-step-line">
                <span class="ow-row-title ow-grow">{name}</span>
                {counted && step.state !== 'queued' && (
                  <span class="ow-meta ow-number">{text('run_step_progress', { done: settled, total })}</span>
                )}
                {counted && step.state === 'queued' && <span class="ow-meta ow-number">{number(total)}</span>}
                <StateMark state={step.state} text={text(`state_${step.state}`)} />
              </span>
              {step.state === 'running' && (
                <ProgressBar thin decorative label={name} value={counted ? settled / total : null} />
              )}
              {lines.map((line) => (
                <span key={line} class={`ow-step-message${step.state === 'failed' ? ' ow-step-failed' : ''}`}>
                  {line}
                </span>
              ))}
            </li>
          );
        })}
      </ol>
    </section>
  );
}

/** What is said beneath a step: the engine's own message, and what the counts mean. */
function linesOf(step: Step, run: StepsRun, text: ReturnType<typeof useWords>['text']): string[] {
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

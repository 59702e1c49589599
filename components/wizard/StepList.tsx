import type { Run, Step } from '../../lib/offboarding/model.ts';
import { notMoved } from '../../lib/panel/execution.ts';
import type { WizardModel } from '../../lib/panel/wizard.ts';
import { messageText, stepName } from '../../lib/panel/words.ts';
import { ProgressBar } from '../ui/ProgressBar.tsx';
import { StateMark } from '../ui/StateMark.tsx';
import { useWords } from './context.ts';

/** Every step with its state in shape, word and colour, how far it is, and its message beneath. */
export function StepList({ wizard }: { wizard: WizardModel }) {
  const { text, number } = useWords();
  const run = wizard.run.value;
  return (
    <section class="ow-stack ow-tight">
      <h2 class="ow-section">{text('run_steps')}</h2>
      <ol class="ow-list">
        {run.steps.map((step) => {
          const settled = step.moved + step.failed + step.skipped;
          const name = stepName(text, run, step);
          const lines = linesOf(step, run, text);
          const counted = step.kind === 'category' && step.total > 0;
          return (
            <li key={step.id} class="ow-row ow-step">
              <span class="ow-step-line">
                <span class="ow-row-title ow-grow">{name}</span>
                {counted && step.state !== 'queued' && (
                  <span class="ow-meta ow-number">
                    {text('run_step_progress', { done: settled, total: step.total })}
                  </span>
                )}
                {counted && step.state === 'queued' && (
                  <span class="ow-meta ow-number">{number(step.total)}</span>
                )}
                <StateMark state={step.state} text={text(`state_${step.state}`)} />
              </span>
              {step.state === 'running' && (
                <ProgressBar thin decorative label={name} value={counted ? settled / step.total : null} />
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
function linesOf(step: Step, run: Run, text: ReturnType<typeof useWords>['text']): string[] {
  const lines: string[] = [];
  if (step.message) lines.push(messageText(text, step.message));
  if (step.kind === 'category') {
    if (step.state === 'completed' && step.total === 0) lines.push(text('run_step_nothing'));
    if (step.skipped > 0) lines.push(text('run_step_skipped', { count: step.skipped }));
    if (step.failed > 0 && !step.message) lines.push(text('run_step_failed', { count: step.failed }));
    if (step.unknown > 0) lines.push(text('run_step_unknown', { count: step.unknown }));
  }
  if (step.kind === 'deactivate' && step.state === 'notRun' && !step.message)
    lines.push(text('run_step_notRun', { name: run.leaver.name, count: notMoved(run) }));
  return lines;
}

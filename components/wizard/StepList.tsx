import type { Step } from '../../lib/offboarding/model.ts';
import { type StepsRun, stepWords } from '../../lib/panel/run-words.ts';
import type { WizardModel } from '../../lib/panel/wizard.ts';
import { stepName } from '../../lib/panel/words.ts';
import { ProgressBar } from '../ui/ProgressBar.tsx';
import { StateMark } from '../ui/StateMark.tsx';
import { useWords } from './context.ts';

/** Every step with its state in shape, word and colour, how far it is, and its message beneath. */
export function StepList({ wizard }: { wizard: WizardModel }) {
  const { text } = useWords();
  const run = wizard.run.value;
  return <Steps title={text('run_steps')} run={run} steps={run.steps} />;
}

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
          const lines = stepWords(text, run, step);
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

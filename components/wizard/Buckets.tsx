import type { ExecutionModel } from '../../lib/panel/execution.ts';
import type { WizardModel } from '../../lib/panel/wizard.ts';
import { Icon } from '../ui/Icon.tsx';
import { Notice } from '../ui/Notice.tsx';
import { useWords } from './context.ts';

const states = ['moved', 'skipped', 'failed', 'unknown'] as const;

/** Items by outcome; each number leads to its rows. */
export function Buckets({ wizard, execution }: { wizard: WizardModel; execution: ExecutionModel }) {
  const { text, number } = useWords();
  const progress = execution.progress.value;
  return (
    <>
      <ul class="ow-buckets" aria-label={text('run_buckets')}>
        {states.map((state) => {
          const count = progress[state];
          const inner = (
            <>
              <span class="ow-bucket-count ow-number">
                <Icon name={state} class={`ow-bucket-icon-${state}`} />
                {number(count)}
              </span>{' '}
              <span class="ow-bucket-word">{text(`state_${state}`)}</span>
            </>
          );
          return (
            <li key={state}>
              {count === 0 ? (
                <span class="ow-bucket ow-bucket-empty">{inner}</span>
              ) : (
                <button
                  type="button"
                  class="ow-bucket"
                  data-opens={state}
                  onClick={() => {
                    wizard.sheet.value = { kind: 'bucket', state };
                  }}
                >
                  {inner}
                  <span class="ow-hidden">{text('run_bucket_open')}</span>
                </button>
              )}
            </li>
          );
        })}
      </ul>
      {progress.unknown > 0 && (
        <Notice tone="unknown" title={text('unknown_title', { count: progress.unknown })}>
          {text('unknown_body')}
        </Notice>
      )}
    </>
  );
}

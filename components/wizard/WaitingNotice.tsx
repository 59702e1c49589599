import { coverageOf, stillByHand, verifiedAt } from '../../lib/panel/execution.ts';
import { Button } from '../ui/Button.tsx';
import { Notice } from '../ui/Notice.tsx';
import { ByHand } from './ByHand.tsx';
import { Coverage } from './Coverage.tsx';
import { useDependencies, useWords } from './context.ts';
import type { Parts } from './ExecutionStep.tsx';

/** The hand-over is done and was checked: for what that holds, and the one thing that is left to a person. */
export function WaitingNotice({ wizard, execution }: Parts) {
  const { text, time } = useWords();
  const dependencies = useDependencies();
  const run = wizard.run.value;
  const { name } = run.leaver;
  const connection = wizard.connection.value;
  const at = verifiedAt(run);
  const passed = run.waiting?.passedAt !== undefined;
  const left = stillByHand(run).reduce((sum, { count }) => sum + (count ?? 0), 0);
  return (
    <div id="waiting" class="ow-stack" tabIndex={-1}>
      <Notice
        tone={left > 0 ? 'warn' : 'ok'}
        title={text('waiting_title', { name, left, unread: coverageOf(run).unread.length })}
      >
        {at !== undefined && <p>{text('waiting_checked', { time: time(at) })}</p>}
        <Coverage run={run} />
        <ByHand run={run} />
        <p>{text(passed ? 'waiting_passed' : 'waiting_body', { name })}</p>
        <div class="ow-line">
          {connection && (
            <Button
              icon="external"
              variant="primary"
              onClick={() =>
                dependencies.openTab(
                  connection.memberLink.replace('{member}', encodeURIComponent(run.leaver.id)),
                )
              }
            >
              {text('end_open_member', { name })}
            </Button>
          )}
          <Button busy={execution.asked.value === 'said'} onClick={() => void execution.said()}>
            {text('waiting_said')}
          </Button>
        </div>
      </Notice>
    </div>
  );
}

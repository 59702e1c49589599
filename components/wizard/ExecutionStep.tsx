import type { ExecutionModel } from '../../lib/panel/execution.ts';
import type { ReassignmentsModel } from '../../lib/panel/reassignments.ts';
import { holdupWords } from '../../lib/panel/run-words.ts';
import { formatLength, waitWords } from '../../lib/panel/words.ts';
import { Button } from '../ui/Button.tsx';
import { Chip } from '../ui/Chip.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Notice } from '../ui/Notice.tsx';
import { ProgressBar } from '../ui/ProgressBar.tsx';
import { Buckets } from './Buckets.tsx';
import { useWords } from './context.ts';
import { EndBanner } from './EndBanner.tsx';
import { Footer } from './Footer.tsx';
import type { StepProps } from './ImpactScanStep.tsx';
import { LeftByHand } from './LeftByHand.tsx';
import { MissingDefaults } from './MissingDefaults.tsx';
import { RefusalNotice } from './RefusalNotice.tsx';
import { Shell } from './Shell.tsx';
import { StepList } from './StepList.tsx';
import { WaitingNotice } from './WaitingNotice.tsx';

type ExecutionProps = StepProps & { execution: ExecutionModel; reassignments: ReassignmentsModel };

const headings = {
  executing: 'run_title_executing',
  paused: 'run_title_paused',
  stopping: 'run_title_stopping',
  waiting: 'run_title_waiting',
} as const;

/** Step 5: how far it is, what did not move, and how to stop; at the end, what came of it. */
export function ExecutionStep({ wizard, execution, reassignments, ...ways }: ExecutionProps) {
  const { text } = useWords();
  const run = wizard.run.value;
  const end = execution.end.value;
  const heading = run.phase in headings ? headings[run.phase as keyof typeof headings] : 'run_title_ended';
  return (
    <Shell
      wizard={wizard}
      {...ways}
      footer={end ? undefined : <Controls wizard={wizard} execution={execution} />}
    >
      <div class="ow-title-line">
        <h1 id="step-title" class="ow-title" tabIndex={-1}>
          {text(heading)}
        </h1>
        {!end && <ConnectionChip wizard={wizard} />}
      </div>
      {end && <EndBanner wizard={wizard} execution={execution} {...ways} />}
      <PauseNotice wizard={wizard} execution={execution} reassignments={reassignments} />
      {execution.refusal.value && <RefusalNotice refusal={execution.refusal.value} />}
      {!end && run.phase !== 'waiting' && <Bar wizard={wizard} execution={execution} />}
      <Buckets wizard={wizard} execution={execution} />
      <StepList wizard={wizard} />
      {!end && run.phase !== 'waiting' && <p class="ow-meta">{text('run_close_panel')}</p>}
      <StopDialog wizard={wizard} execution={execution} />
    </Shell>
  );
}

export type Parts = Pick<ExecutionProps, 'wizard' | 'execution'>;

function ConnectionChip({ wizard }: Pick<Parts, 'wizard'>) {
  const { text } = useWords();
  const state = wizard.feed.state.value;
  return (
    <Chip tone={state === 'polling' ? 'warn' : 'neutral'} icon={state === 'polling' ? 'retry' : 'ok'}>
      {text(`live_${state}`)}
    </Chip>
  );
}

function Bar({ wizard, execution }: Parts) {
  const { text } = useWords();
  const run = wizard.run.value;
  const { settled, total } = execution.progress.value;
  const pace = execution.pace.value;
  const words = [text('run_progress', { done: settled, total })];
  if (run.phase === 'executing' && settled < total) {
    if (pace) {
      const left = formatLength(text, pace.left);
      words.push(text('run_rate', { rate: pace.perMinute }));
      words.push(text(execution.slower.value ? 'run_left_slower' : 'run_left', { left }));
    } else words.push(text('run_measuring'));
  }
  const wait = execution.wait.value;
  return (
    <div class="ow-stack ow-tight">
      <ProgressBar
        value={total === 0 ? 0 : settled / total}
        label={text('run_progress_label')}
        valueText={text('run_progress', { done: settled, total })}
      />
      <p class="ow-number">
        <span class="ow-strong">{words[0]}</span>
        {words.length > 1 && ` · ${words.slice(1).join(' · ')}`}
      </p>
      {wait && <p class="ow-meta ow-number">{waitWords(text, wait)}</p>}
    </div>
  );
}

function PauseNotice({ wizard, execution, reassignments }: Omit<ExecutionProps, 'onHome' | 'onConnections'>) {
  const { text } = useWords();
  const run = wizard.run.value;
  if (run.phase === 'waiting') return <WaitingNotice wizard={wizard} execution={execution} />;
  const words = holdupWords(text, run);
  if (!words) return null;
  if (run.phase === 'stopping')
    return (
      <Notice tone={words.tone} title={words.title}>
        {words.body}
      </Notice>
    );
  return (
    <div id="pause-reason" class="ow-stack" tabIndex={-1}>
      <Notice tone={words.tone} icon="paused" title={words.title}>
        {words.body}
      </Notice>
      {run.pause?.kind === 'manual' && <LeftByHand wizard={wizard} />}
      {run.pause?.kind === 'newItems' && <MissingDefaults wizard={wizard} reassignments={reassignments} />}
    </div>
  );
}

function Controls({ wizard, execution }: Parts) {
  const { text } = useWords();
  const { phase, pause } = wizard.run.value;
  const unreadable = pause?.kind === 'unreadable';
  const asked = execution.asked.value;
  return (
    <Footer wizard={wizard} back={false}>
      {phase === 'stopping' && <span class="ow-meta">{text('run_pausing')}</span>}
      {(phase === 'paused' || phase === 'waiting') && (
        <Button variant="dangerText" large onClick={() => execution.askStop()}>
          {text(unreadable ? 'put_aside' : 'run_end_here')}
        </Button>
      )}
      {phase === 'paused' && !unreadable && (
        <Button
          id="primary"
          variant="primary"
          large
          busy={asked === 'continue'}
          onClick={() => void execution.continue()}
        >
          {text('run_continue')}
        </Button>
      )}
      {phase === 'executing' && (
        <Button large icon="paused" busy={asked === 'pause'} onClick={() => void execution.pause()}>
          {text(asked === 'pause' ? 'run_pausing' : 'run_pause')}
        </Button>
      )}
    </Footer>
  );
}

function StopDialog({ wizard, execution }: Parts) {
  const { text } = useWords();
  const { settled, total } = execution.progress.value;
  const { leaver, pause } = wizard.run.value;
  const unreadable = pause?.kind === 'unreadable';
  return (
    <Dialog
      open={execution.stopping.value}
      alert
      title={text(unreadable ? 'put_aside_title' : 'end_here_title')}
      onClose={() => execution.keepRunning()}
      actions={
        <>
          <Button onClick={() => execution.keepRunning()}>{text('end_here_cancel')}</Button>
          <Button
            variant="danger"
            armAfter={400}
            busy={execution.asked.value === 'stop'}
            onClick={() => void execution.stop()}
          >
            {text(unreadable ? 'put_aside' : 'end_here_action')}
          </Button>
        </>
      }
    >
      <p>
        {unreadable
          ? text('put_aside_body', { name: leaver.name })
          : text('end_here_body', { left: total - settled, name: leaver.name })}
      </p>
    </Dialog>
  );
}

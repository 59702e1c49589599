import { useEffect, useRef } from 'preact/hooks';
import type { BatchScreenModel } from '../../lib/panel/batch/batch.ts';
import { formatLength } from '../../lib/panel/words.ts';
import { Page } from '../runs/Page.tsx';
import { Button } from '../ui/Button.tsx';
import { Chip } from '../ui/Chip.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Notice } from '../ui/Notice.tsx';
import { ProgressBar } from '../ui/ProgressBar.tsx';
import { useWords } from '../wizard/context.ts';
import { focusOn } from '../wizard/layout.ts';
import { RefusalNotice } from '../wizard/RefusalNotice.tsx';
import { AttentionList, BatchTable } from './BatchTable.tsx';
import { HeldNotice } from './HeldNotice.tsx';

/** How far everybody is, and at the end what came of it. */
export function BatchProgress({ model }: { model: BatchScreenModel }) {
  const { text } = useWords();
  const phase = model.batch.value?.phase ?? 'executing';
  const ended = phase === 'ended' || phase === 'discarded';
  const state = model.feed.state.value;
  const before = useRef(phase);
  useEffect(() => {
    if (before.current !== phase && ended) focusOn('end-banner');
    before.current = phase;
  }, [phase, ended]);
  return (
    <Page
      title={text('bulk_run_title', { phase })}
      aside={
        !ended && (
          <Chip tone={state === 'polling' ? 'warn' : 'neutral'} icon={state === 'polling' ? 'retry' : 'ok'}>
            {text(`live_${state}`)}
          </Chip>
        )
      }
      footer={<Controls model={model} ended={ended} />}
    >
      {ended && <EndNotice model={model} />}
      {!ended && <HeldNotice model={model} />}
      {model.refusal.value && <RefusalNotice refusal={model.refusal.value} />}
      {!ended && <Bar model={model} />}
      <AttentionList model={model} />
      <BatchTable model={model} />
      {!ended && <p class="ow-meta">{text('bulk_close_panel')}</p>}
      <Questions model={model} />
    </Page>
  );
}

function Bar({ model }: { model: BatchScreenModel }) {
  const { text } = useWords();
  const { total, over } = model.progress.value;
  const pace = model.pace.value;
  const words = [text('bulk_progress', { done: over, total })];
  if (model.batch.value?.phase === 'executing' && over < total && !model.held.value) {
    if (pace) {
      words.push(text('bulk_rate', { rate: pace.perMinute }));
      words.push(text('run_left', { left: formatLength(text, pace.left) }));
    } else words.push(text('run_measuring'));
  }
  return (
    <div class="ow-stack ow-tight">
      <ProgressBar
        value={total === 0 ? 0 : model.done.value / total}
        label={text('bulk_progress_label')}
        valueText={text('bulk_progress', { done: over, total })}
      />
      <p class="ow-number">
        <span class="ow-strong">{words[0]}</span>
        {words.length > 1 && ` · ${words.slice(1).join(' · ')}`}
      </p>
    </div>
  );
}

function EndNotice({ model }: { model: BatchScreenModel }) {
  const { text } = useWords();
  const { total, byState } = model.progress.value;
  const failed = byState.partial + byState.failed;
  const heldBack = byState.blocked + byState.unchecked + byState.refused;
  const tone =
    failed === 0 && heldBack + byState.left === 0 ? 'ok' : byState.succeeded === 0 ? 'danger' : 'warn';
  return (
    <div id="end-banner" tabIndex={-1}>
      <Notice tone={tone} title={text('bulk_end_title', { succeeded: byState.succeeded, total })}>
        {text('bulk_end_body', { failed, heldBack, left: byState.left })} {model.connection.value?.bulk?.why}
      </Notice>
    </div>
  );
}

function Controls({ model, ended }: { model: BatchScreenModel; ended: boolean }) {
  const { text } = useWords();
  const phase = model.batch.value?.phase;
  const asked = model.asked.value;
  const { byState } = model.progress.value;
  const failed = byState.partial + byState.failed;
  const stuck =
    phase === 'paused' ||
    (phase === 'executing' && model.held.value?.resumeAt === undefined && model.held.value !== undefined);
  return (
    <footer class="ow-footer">
      <div class="ow-runs-column ow-runs-footer">
        <Button
          large
          icon="copy"
          variant="text"
          busy={model.saving.value}
          onClick={() => void model.saveCsv()}
        >
          {text('bulk_csv')}
        </Button>
        {(phase === 'paused' || stuck) && (
          <Button
            variant="dangerText"
            large
            onClick={() => {
              model.question.value = 'stop';
            }}
          >
            {text('run_end_here')}
          </Button>
        )}
        {ended && failed > 0 && (
          <Button
            id="retry"
            variant="primary"
            large
            onClick={() => {
              model.question.value = 'retry';
            }}
          >
            {text('bulk_retry', { count: failed })}
          </Button>
        )}
        {stuck && (
          <Button
            id="primary"
            variant="primary"
            large
            busy={asked === 'continue'}
            onClick={() => void model.command('continue')}
          >
            {text('run_continue')}
          </Button>
        )}
        {phase === 'executing' && !stuck && (
          <Button large icon="paused" busy={asked === 'pause'} onClick={() => void model.command('pause')}>
            {text(asked === 'pause' ? 'run_pausing' : 'run_pause')}
          </Button>
        )}
        {phase === 'stopping' && <span class="ow-meta">{text('run_pausing')}</span>}
      </div>
    </footer>
  );
}

function Questions({ model }: { model: BatchScreenModel }) {
  const { text } = useWords();
  const { total, over, byState } = model.progress.value;
  const failed = byState.partial + byState.failed;
  const close = () => {
    model.question.value = undefined;
  };
  return (
    <>
      <Dialog
        open={model.question.value === 'stop'}
        alert
        title={text('bulk_stop_title')}
        onClose={close}
        actions={
          <>
            <Button onClick={close}>{text('end_here_cancel')}</Button>
            <Button
              variant="danger"
              armAfter={400}
              busy={model.asked.value === 'stop'}
              onClick={() => void model.command('stop').then(close)}
            >
              {text('end_here_action')}
            </Button>
          </>
        }
      >
        <p>{text('bulk_stop_body', { left: total - over })}</p>
      </Dialog>
      <Dialog
        open={model.question.value === 'retry'}
        alert
        title={text('bulk_retry_title', { count: failed })}
        onClose={close}
        actions={
          <>
            <Button onClick={close}>{text('cancel')}</Button>
            <Button
              variant="danger"
              armAfter={400}
              busy={model.asked.value === 'retry'}
              onClick={() => void model.command('retry').then(close)}
            >
              {text('bulk_retry', { count: failed })}
            </Button>
          </>
        }
      >
        <p>{text('bulk_retry_body')}</p>
      </Dialog>
    </>
  );
}

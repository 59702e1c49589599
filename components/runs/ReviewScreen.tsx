import { useModel, useSignalEffect } from '@preact/signals';
import { useState } from 'preact/hooks';
import type { Run } from '../../lib/offboarding/model.ts';
import { notMoved, progressOf } from '../../lib/panel/execution.ts';
import { Failures, type FailuresModel } from '../../lib/panel/failures.ts';
import { Members } from '../../lib/panel/members.ts';
import { RunFeed } from '../../lib/panel/run-feed.ts';
import { phaseName } from '../../lib/panel/words.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Notice } from '../ui/Notice.tsx';
import { Skeleton } from '../ui/Skeleton.tsx';
import { useDependencies, useNavigation, useWords } from '../wizard/context.ts';
import { RefusalNotice } from '../wizard/RefusalNotice.tsx';
import { Steps } from '../wizard/StepList.tsx';
import { Unreadable } from '../wizard/Unreadable.tsx';
import { FailureCard } from './FailureCard.tsx';
import { Page } from './Page.tsx';
import { Tried } from './Tried.tsx';

/** What did not move and why, what was tried, and how to take the run up again. */
export function ReviewScreen({ run: id }: { run: string }) {
  const dependencies = useDependencies();
  const { text } = useWords();
  const navigation = useNavigation();
  const feed = useModel(() => new RunFeed(dependencies, id));
  const failures = useModel(() => new Failures(dependencies, feed, id));
  const run = feed.run.value;
  useSignalEffect(() => {
    const name = feed.run.value?.leaver.name;
    if (name !== undefined) document.title = text('review_page_title', { name });
  });
  if (!run)
    return (
      <Page title={text('review_title')}>
        {feed.unreadable.value !== undefined ? (
          <Unreadable
            title={text('unreadable_run')}
            detail={feed.unreadable.value}
            onRetry={() => void feed.retry()}
          />
        ) : feed.missing.value ? (
          <p>{text('run_missing_body')}</p>
        ) : (
          <Skeleton rows={6} height={48} text={text('loading_run')} />
        )}
      </Page>
    );
  return <Reviewed run={run} failures={failures} toRun={() => navigation.show(run.id)} />;
}

function Reviewed({ run, failures, toRun }: { run: Run; failures: FailuresModel; toRun: () => void }) {
  const dependencies = useDependencies();
  const { text } = useWords();
  const members = useModel(() => new Members(dependencies, run.connection));
  const [asking, setAsking] = useState(false);
  const groups = failures.groups.value;
  const { moved, total } = progressOf(run);
  const left = notMoved(run);
  const incomplete = run.steps.filter(({ state }) => state === 'failed' || state === 'notRun');
  const retryable = run.phase === 'partial' || run.phase === 'failed';
  const { name, active } = run.leaver;
  const deactivated = run.steps.some(({ kind, state }) => kind === 'deactivate' && state === 'completed');
  const deactivates = run.mode === 'executeAndDeactivate' && active && !deactivated;
  const action = left > 0 ? text('review_retry', { count: left }) : text('review_retry_steps');
  return (
    <Page
      title={text('review_title')}
      leaver={{ ...run.leaver, active: active && !deactivated }}
      back={{ label: text('review_back'), go: toRun }}
      footer={
        retryable ? (
          <footer class="ow-footer">
            <div class="ow-runs-column ow-runs-footer">
              <Button id="primary" variant="primary" large onClick={() => setAsking(true)}>
                {action}
              </Button>
            </div>
          </footer>
        ) : undefined
      }
    >
      <p class="ow-lead">
        {text('review_outcome', { phase: phaseName(text, run.phase), moved, total, left })}
      </p>
      {failures.refusal.value && <RefusalNotice refusal={failures.refusal.value} />}
      {!retryable && run.endedAt === undefined && (
        <Notice tone="info" action={{ label: text('review_back'), onClick: toRun }}>
          {text('review_running')}
        </Notice>
      )}
      {incomplete.length > 0 && <Steps title={text('review_steps')} run={run} steps={incomplete} />}
      {failures.failed.value !== undefined && (
        <Unreadable
          title={text('sheet_failed_title')}
          detail={failures.failed.value}
          onRetry={() => failures.reread()}
        />
      )}
      <section class="ow-stack">
        <h2 class="ow-section">{text('review_failures')}</h2>
        {!groups && failures.failed.value === undefined && (
          <Skeleton rows={4} height={52} text={text('sheet_loading')} />
        )}
        {groups?.length === 0 && <p class="ow-meta">{text('review_no_failures')}</p>}
        {groups?.map((group) => (
          <FailureCard
            key={group.failure}
            run={run}
            group={group}
            failures={failures}
            members={members}
            editable={retryable}
          />
        ))}
      </section>
      <Tried run={run} entries={failures.journal.value} />
      <Dialog
        open={asking}
        alert
        title={text('review_confirm_title', { count: left, name })}
        onClose={() => setAsking(false)}
        actions={
          <>
            <Button onClick={() => setAsking(false)}>{text('cancel')}</Button>
            <Button
              variant={deactivates ? 'danger' : 'primary'}
              armAfter={400}
              busy={failures.busy.value}
              onClick={() =>
                void failures.retry().then((going) => {
                  setAsking(false);
                  if (going) toRun();
                })
              }
            >
              {action}
            </Button>
          </>
        }
      >
        <p>{text('review_confirm_body')}</p>
        {deactivates && <p>{text('review_confirm_deactivates', { name, email: run.leaver.email })}</p>}
      </Dialog>
    </Page>
  );
}

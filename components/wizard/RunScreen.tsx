import { useModel, useSignalEffect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Run } from '../../lib/offboarding/model.ts';
import { Execution } from '../../lib/panel/execution.ts';
import { FutureImpact } from '../../lib/panel/future.ts';
import { Reassignments } from '../../lib/panel/reassignments.ts';
import { Review } from '../../lib/panel/review.ts';
import { RunFeed, type RunFeedModel } from '../../lib/panel/run-feed.ts';
import { Wizard, type WizardModel } from '../../lib/panel/wizard.ts';
import { Button } from '../ui/Button.tsx';
import { Skeleton } from '../ui/Skeleton.tsx';
import { CategorySheet } from './CategorySheet.tsx';
import { useDependencies, useWords } from './context.ts';
import { ExecutionStep } from './ExecutionStep.tsx';
import { FutureImpactStep } from './FutureImpactStep.tsx';
import { ImpactScanStep } from './ImpactScanStep.tsx';
import { focusOn, useLayout } from './layout.ts';
import { OutcomeSheet } from './OutcomeSheet.tsx';
import { ReassignmentsStep } from './ReassignmentsStep.tsx';
import { ReviewStep } from './ReviewStep.tsx';
import { Unreadable } from './Unreadable.tsx';

export interface RunScreenProps {
  run: string;
  /** What the store told of it a moment ago. */
  known?: Run | undefined;
  onHome: () => void;
  onConnections: () => void;
}

/** One run, from the first thing that the store tells of it. */
export function RunScreen(props: RunScreenProps) {
  const dependencies = useDependencies();
  const { text } = useWords();
  const feed = useModel(() => new RunFeed(dependencies, props.run, props.known));
  const run = feed.run.value;
  const unreadable = feed.unreadable.value;
  if (unreadable !== undefined && !run)
    return (
      <main class="ow-page ow-gutter">
        <h1 id="step-title" class="ow-title" tabIndex={-1}>
          {text('unreadable_run')}
        </h1>
        <Unreadable title={text('unreadable_title')} detail={unreadable} onRetry={() => void feed.retry()} />
      </main>
    );
  if (feed.missing.value && !run)
    return (
      <main class="ow-page ow-gutter">
        <h1 id="step-title" class="ow-title" tabIndex={-1}>
          {text('run_missing_title')}
        </h1>
        <p>{text('run_missing_body')}</p>
        <div>
          <Button variant="primary" onClick={props.onHome}>
            {text('menu_home')}
          </Button>
        </div>
      </main>
    );
  if (!run)
    return (
      <main class="ow-page ow-gutter">
        <Skeleton rows={6} height={48} text={text('loading_run')} />
      </main>
    );
  return <RunWizard {...props} feed={feed} first={run} />;
}

function RunWizard({
  feed,
  first,
  onHome,
  onConnections,
}: RunScreenProps & { feed: RunFeedModel; first: Run }) {
  const dependencies = useDependencies();
  const { text } = useWords();
  const layout = useLayout();
  const wizard = useModel(() => new Wizard(dependencies, feed, first));
  const reassignments = useModel(() => new Reassignments(dependencies, wizard));
  const future = useModel(() => new FutureImpact(dependencies, wizard));
  const review = useModel(() => new Review(dependencies, wizard));
  const execution = useModel(() => new Execution(dependencies, wizard));

  useSignalEffect(() => {
    const { name } = wizard.run.value.leaver;
    const steps = wizard.steps.value;
    document.title = text('page_title', {
      name,
      step: steps.indexOf(wizard.screen.value) + 1,
      count: steps.length,
    });
  });
  useStepFocus(wizard);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      const field =
        event.target instanceof Element && event.target.closest('input, textarea, [contenteditable]');
      if (event.key.toLowerCase() === 'z' && (event.ctrlKey || event.metaKey) && !event.shiftKey && !field) {
        if (wizard.run.peek().phase !== 'draft') return;
        event.preventDefault();
        void reassignments.undoLast();
      }
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [wizard, reassignments]);

  const ways = { onHome, onConnections };
  const sheet = wizard.sheet.value;
  const screen = wizard.screen.value;
  // In the tab the rows have a place of their own; in the panel they take the step's.
  const room =
    (screen === 'scan' && layout === 'full') ||
    (screen === 'reassignments' && (layout === 'wide' || layout === 'full'));
  const rows = sheet?.kind === 'category' && (
    <CategorySheet
      key={sheet.category}
      wizard={wizard}
      reassignments={reassignments}
      category={sheet.category}
      pane={room}
      {...ways}
    />
  );
  if (rows && !room) return rows;
  const detail = rows || undefined;
  if (sheet?.kind === 'bucket')
    return (
      <OutcomeSheet key={sheet.state} wizard={wizard} execution={execution} state={sheet.state} {...ways} />
    );
  switch (screen) {
    case 'scan':
      return <ImpactScanStep wizard={wizard} detail={detail} {...ways} />;
    case 'reassignments':
      return <ReassignmentsStep wizard={wizard} reassignments={reassignments} detail={detail} {...ways} />;
    case 'future':
      return <FutureImpactStep wizard={wizard} future={future} {...ways} />;
    case 'review':
      return <ReviewStep wizard={wizard} review={review} {...ways} />;
    case 'execution':
      return <ExecutionStep wizard={wizard} execution={execution} reassignments={reassignments} {...ways} />;
  }
}

/** A new step: its heading. A sheet closed: the row it came from. Started and finished: the heading, the banner. */
function useStepFocus(wizard: WizardModel): void {
  const opener = useRef<string | undefined>(undefined);
  const before = useRef<{ moves: number; screen: string; sheet: boolean; ended: boolean } | undefined>(
    undefined,
  );
  const run = wizard.run.value;
  const sheet = wizard.sheet.value;
  const state = {
    moves: wizard.moves.value,
    screen: wizard.screen.value,
    sheet: sheet !== undefined,
    ended: run.endedAt !== undefined && run.phase !== 'discarded',
  };
  if (sheet) opener.current = sheet.kind === 'category' ? sheet.category : sheet.state;
  useEffect(() => {
    const last = before.current;
    before.current = state;
    if (!last) return;
    if (state.moves !== last.moves || state.screen !== last.screen) {
      focusOn('step-title');
      document.querySelector('.ow-shell, .ow-shell-main')?.scrollTo({ top: 0 });
    } else if (last.sheet && !state.sheet) {
      const row =
        opener.current && document.querySelector<HTMLElement>(`[data-opens="${CSS.escape(opener.current)}"]`);
      if (row) row.focus();
      else focusOn('step-title');
    } else if (state.ended && !last.ended) focusOn('end-banner');
  });
}

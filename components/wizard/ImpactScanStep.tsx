import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { ScannedCategory } from '../../lib/offboarding/model.ts';
import { isOutdated } from '../../lib/panel/freshness.ts';
import { groupsOf, isPending, totalsOf } from '../../lib/panel/scan.ts';
import { mustRescan } from '../../lib/panel/steps.ts';
import { waitOf } from '../../lib/panel/time-left.ts';
import type { WizardModel } from '../../lib/panel/wizard.ts';
import { categoryName, scanAge, scanFailedWords, waitWords } from '../../lib/panel/words.ts';
import { Button } from '../ui/Button.tsx';
import { Chip } from '../ui/Chip.tsx';
import { Link } from '../ui/Link.tsx';
import { Notice } from '../ui/Notice.tsx';
import { RadioCards } from '../ui/RadioCards.tsx';
import { Skeleton } from '../ui/Skeleton.tsx';
import { CategoryRow } from './CategoryRow.tsx';
import { useDependencies, useWords } from './context.ts';
import { Footer } from './Footer.tsx';
import { RefusalNotice } from './RefusalNotice.tsx';
import { RunNotes } from './RunNotes.tsx';
import type { RunScreenProps } from './RunScreen.tsx';
import { ScanChanges } from './ScanChanges.tsx';
import { Shell } from './Shell.tsx';
import { Uncounted } from './Unreadable.tsx';

export type StepProps = Pick<RunScreenProps, 'onHome' | 'onConnections'> & { wizard: WizardModel };

/** Step 1: what names the leaver, and how the run shall end. */
export function ImpactScanStep({ wizard, detail, ...ways }: StepProps & { detail?: ComponentChildren }) {
  const { text } = useWords();
  const { now } = useDependencies();
  const run = wizard.run.value;
  const gone = wizard.gone.value;
  const readOnly = run.phase !== 'draft' || gone;
  const gap = wizard.gap.value;
  const rescan = mustRescan(run, wizard.now.value);
  const name = run.leaver.name;
  const wait = waitOf(run, wizard.now.value);
  return (
    <Shell
      wizard={wizard}
      {...ways}
      detail={detail}
      footer={
        run.phase !== 'draft' ? undefined : (
          <Footer
            wizard={wizard}
            gap={gap && { text: text(`gap_${gap.kind}`, { count: gap.count }), target: gap.target }}
            primary={{
              label: text(rescan ? 'continue_rescan' : 'continue'),
              onClick: () => void wizard.next(),
            }}
          />
        )
      }
    >
      <div class="ow-title-line">
        <h1 id="step-title" class="ow-title" tabIndex={-1}>
          {text('scan_title')}
        </h1>
        <Freshness wizard={wizard} />
      </div>
      {run.phase === 'discarded' && (
        <Notice
          tone="info"
          title={text('discarded_title')}
          action={{ label: text('discarded_home'), onClick: ways.onHome }}
        >
          {text('discarded_body')}
        </Notice>
      )}
      <Summary wizard={wizard} />
      {wait && <p class="ow-meta ow-number">{waitWords(text, wait)}</p>}
      <Uncounted tallies={wizard.tallies} />
      {wizard.refusal.value && !gone && (
        <RefusalNotice
          refusal={wizard.refusal.value}
          title={text('scan_refused_title')}
          action={{ label: text('retry'), onClick: () => void wizard.scan() }}
        />
      )}
      {run.scan.state === 'failed' && !gone && (
        <Notice
          tone="danger"
          title={text('scan_failed_title')}
          action={{ label: text('scan_again'), onClick: () => void wizard.scan() }}
        >
          {scanFailedWords(text, run.scan)}
        </Notice>
      )}
      {run.blockers.length > 0 && (
        <div id="blockers" class="ow-stack" tabIndex={-1}>
          {run.blockers.map((blocker) => (
            <Notice key={blocker.message} tone="danger" title={text('scan_blocked_title', { name })}>
              <bdi>{blocker.message}</bdi> <bdi>{blocker.remedy}</bdi>{' '}
              {blocker.link && (
                <Link href={blocker.link} newTabLabel={text('new_tab')}>
                  {new URL(blocker.link).host}
                </Link>
              )}
            </Notice>
          ))}
        </div>
      )}
      {run.scan.state === 'done' && <RunNotes run={run} />}
      {rescan && !readOnly && <Notice tone="warn">{text('scan_stale')}</Notice>}
      {run.scan.changes.length > 0 && run.scan.state === 'done' && !isOutdated(run, now()) && (
        <ScanChanges run={run} />
      )}
      {!readOnly && <ModeCards wizard={wizard} />}
      <Groups wizard={wizard} />
    </Shell>
  );
}

function Freshness({ wizard }: { wizard: WizardModel }) {
  const { text } = useWords();
  const run = wizard.run.value;
  const age = scanAge(text, run, wizard.now.value);
  const stale = isOutdated(run, wizard.now.value);
  if (run.phase !== 'draft') return null;
  return (
    <span class="ow-line ow-freshness">
      {age !== undefined && run.scan.state !== 'running' && (
        <Chip tone={stale ? 'warn' : 'neutral'} icon="clock">
          {age}
        </Chip>
      )}
      {run.scan.state !== 'running' && (
        <Button id="scan-again" variant="text" small onClick={() => void wizard.scan()}>
          {text(run.scan.state === 'none' ? 'scan_now' : 'scan_again')}
        </Button>
      )}
    </span>
  );
}

function Summary({ wizard }: { wizard: WizardModel }) {
  const { text } = useWords();
  const run = wizard.run.value;
  const totals = totalsOf(run);
  const { name } = run.leaver;
  if (run.scan.state === 'running' && run.categories.length === 0)
    return <p>{text('scan_summary_surveying', { name })}</p>;
  if (run.scan.state === 'running')
    return (
      <p>
        {text('scan_summary_running', {
          name,
          items: totals.items + totals.manual,
          read: run.categories.filter((category) => !isPending(category)).length,
          all: totals.categories,
        })}
      </p>
    );
  if (run.scan.state === 'none') return <p>{text('gap_scanMissing')}.</p>;
  if (totals.items + totals.manual === 0)
    return (
      <p>
        {text('scan_summary_empty', { name, read: totals.read })} {text('scan_summary_empty_skips')}
      </p>
    );
  return (
    <p>
      {text('scan_summary', {
        name,
        items: totals.items,
        customers: wizard.tallies.customers.value ?? 0,
        manual: totals.manual,
      })}{' '}
      {totals.items === 0 && text('scan_summary_empty_skips')}
    </p>
  );
}

function ModeCards({ wizard }: { wizard: WizardModel }) {
  const { text } = useWords();
  const run = wizard.run.value;
  const { name, active } = run.leaver;
  if (!active)
    return (
      <section class="ow-stack ow-tight">
        <RadioCards
          label={text('mode_legend')}
          value={run.mode}
          options={[
            {
              value: 'executeOnly' as const,
              label: text('mode_executeOnly'),
              description: text('mode_executeOnly_text_inactive', { name }),
            },
          ]}
          onChange={() => {}}
        />
        <p class="ow-meta">{text('mode_inactive', { name })}</p>
      </section>
    );
  return (
    <RadioCards
      label={text('mode_legend')}
      value={run.mode}
      options={[
        {
          value: 'executeAndDeactivate',
          label: text('mode_executeAndDeactivate'),
          description: text('mode_executeAndDeactivate_text', { name }),
        },
        {
          value: 'executeOnly',
          label: text('mode_executeOnly'),
          description: text('mode_executeOnly_text', { name }),
        },
      ]}
      onChange={(mode) => void wizard.edits.edit({ kind: 'mode', mode })}
    />
  );
}

function Groups({ wizard }: { wizard: WizardModel }) {
  const { text } = useWords();
  const run = wizard.run.value;
  const [open, setOpen] = useState(false);
  const groups = groupsOf(run);
  if (run.categories.length === 0)
    return run.scan.state === 'running' ? (
      <Skeleton rows={8} height={48} text={text('scan_summary_surveying', { name: run.leaver.name })} />
    ) : null;
  const row = (category: ScannedCategory) => (
    <CategoryRow key={category.id} wizard={wizard} category={category} />
  );
  return (
    <>
      <div class="ow-columns">
        <section class="ow-stack ow-tight">
          <h2 class="ow-section">{text('scan_group_reassigned')}</h2>
          {groups.reassigned.length > 0 ? (
            <ul class="ow-list">{groups.reassigned.map(row)}</ul>
          ) : (
            <p class="ow-meta">{text('scan_group_reassigned_none')}</p>
          )}
        </section>
        <section class="ow-stack ow-tight">
          <h2 class="ow-section">{text('scan_group_manual')}</h2>
          {groups.manual.length > 0 ? (
            <ul class="ow-list">{groups.manual.map(row)}</ul>
          ) : (
            <p class="ow-meta">{text('scan_group_manual_none')}</p>
          )}
        </section>
      </div>
      {groups.nothing.length > 0 && (
        <section class="ow-stack ow-tight">
          <p class="ow-line ow-meta">
            {text('scan_nothing', { count: groups.nothing.length })}
            <Button variant="text" small aria-expanded={open} onClick={() => setOpen(!open)}>
              {text(open ? 'scan_nothing_hide' : 'scan_nothing_show')}
            </Button>
          </p>
          {open && (
            <ul class="ow-list ow-list-quiet">
              {groups.nothing.map((category) => (
                <li key={category.id} class="ow-row">
                  <span class="ow-row-text">{categoryName(text, category)}</span>
                  <span class="ow-number">0</span>
                </li>
              ))}
            </ul>
          )}
        </section>
      )}
    </>
  );
}

import { useEffect, useState } from 'preact/hooks';
import type { RunItem } from '../../lib/offboarding/model.ts';
import type { ExecutionModel } from '../../lib/panel/execution.ts';
import { nameOf } from '../../lib/panel/members.ts';
import type { WizardModel } from '../../lib/panel/wizard.ts';
import { nameOfCategory } from '../../lib/panel/words.ts';
import { Link } from '../ui/Link.tsx';
import { Notice } from '../ui/Notice.tsx';
import { Skeleton } from '../ui/Skeleton.tsx';
import { StateMark } from '../ui/StateMark.tsx';
import { useWords } from './context.ts';
import type { StepProps } from './ImpactScanStep.tsx';
import { Sheet } from './Sheet.tsx';

export interface OutcomeSheetProps extends StepProps {
  execution: ExecutionModel;
  state: 'moved' | 'skipped' | 'failed' | 'unknown';
}

type Loaded = { items: RunItem[]; more: number } | 'loading' | { failed: string };

/** The items of one outcome, over all categories, each with what is known of it. */
export function OutcomeSheet({ wizard, execution, state, ...ways }: OutcomeSheetProps) {
  const { text } = useWords();
  const [loaded, setLoaded] = useState<Loaded>('loading');
  const run = wizard.run.value;
  const count = execution.progress.value[state];
  // biome-ignore lint/correctness/useExhaustiveDependencies: another count means other rows
  useEffect(() => {
    let current = true;
    execution.rows(state).then(
      (rows) => current && setLoaded(rows),
      (error: unknown) => current && setLoaded({ failed: String(error) }),
    );
    return () => {
      current = false;
    };
  }, [execution, state, count]);
  return (
    <Sheet wizard={wizard} title={text(`state_${state}`)} count={count} {...ways}>
      {loaded === 'loading' ? (
        <Skeleton rows={6} height={52} text={text('sheet_loading')} />
      ) : 'failed' in loaded ? (
        <Notice tone="danger" title={text('sheet_failed_title')}>
          {text('sheet_failed_body', { detail: loaded.failed })}
        </Notice>
      ) : (
        <div class="ow-sheet-scroll">
          {loaded.items.length === 0 && <p class="ow-meta">{text('bucket_empty')}</p>}
          <ul class="ow-list">
            {loaded.items.map((item) => (
              <li key={`${item.category} ${item.ref}`} class="ow-row">
                <span class="ow-row-text">
                  <span class="ow-row-title ow-wrap">
                    {item.link === undefined ? (
                      item.title
                    ) : (
                      <Link href={item.link} newTabLabel={text('new_tab')}>
                        {item.title}
                      </Link>
                    )}
                  </span>
                  <span class="ow-row-meta">
                    {nameOfCategory(text, run, item.category)}
                    {item.customer && item.customer.name !== item.title && ` · ${item.customer.name}`}
                  </span>
                  <span class="ow-row-meta ow-wrap">{outcomeOf(item, wizard, text)}</span>
                </span>
                <StateMark state={state} text={text(`state_${state}`)} iconOnly />
              </li>
            ))}
          </ul>
          {loaded.more > 0 && (
            <p class="ow-meta">{text('bucket_more', { shown: loaded.items.length, more: loaded.more })}</p>
          )}
        </div>
      )}
    </Sheet>
  );
}

function outcomeOf(item: RunItem, wizard: WizardModel, text: ReturnType<typeof useWords>['text']): string {
  const members = wizard.members.byId.value;
  const { reason, heldBy, after } = item;
  if (item.state === 'moved')
    return after && 'member' in after ? text('item_moved', { name: nameOf(members, after.member) }) : '';
  if (item.state === 'unknown') return text('item_unknown');
  if (item.state === 'skipped') {
    if (heldBy && 'member' in heldBy)
      return text('item_skipped_by', { name: nameOf(members, heldBy.member) });
    return text(reason?.code === 'gone' ? 'item_skipped_gone' : 'item_skipped');
  }
  if (reason?.code === 'unverifiable') return text('item_unverifiable');
  if (!reason?.message) return text(reason?.code === 'stillHeld' ? 'item_still_held' : 'item_failed_plain');
  return text('item_failed', { detail: reason.message });
}

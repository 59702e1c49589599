import { useModel } from '@preact/signals';
import { useState } from 'preact/hooks';
import type { ExecutionModel } from '../../lib/panel/execution.ts';
import { nameOf } from '../../lib/panel/members.ts';
import { type OutcomeState, OutcomeTable } from '../../lib/panel/outcomes.ts';
import { itemWords } from '../../lib/panel/run-words.ts';
import type { ProjectedRow, ShownItem } from '../../lib/panel/table/projection.ts';
import type { WizardModel } from '../../lib/panel/wizard.ts';
import { nameOfCategory } from '../../lib/panel/words.ts';
import { Button } from '../ui/Button.tsx';
import { DataTable } from '../ui/DataTable.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { IconButton } from '../ui/IconButton.tsx';
import { Link } from '../ui/Link.tsx';
import { useDependencies, useWords } from './context.ts';
import type { StepProps } from './ImpactScanStep.tsx';
import { Sheet } from './Sheet.tsx';
import { useTableTexts } from './table-texts.ts';

export interface OutcomeSheetProps extends StepProps {
  execution: ExecutionModel;
  state: OutcomeState;
}

/** The items of one outcome, over all categories, each with what is known of it. */
export function OutcomeSheet({ wizard, execution, state, ...ways }: OutcomeSheetProps) {
  const dependencies = useDependencies();
  const { text } = useWords();
  const model = useModel(() => new OutcomeTable(dependencies, wizard, execution, state));
  const [asking, setAsking] = useState<ProjectedRow | undefined>(undefined);
  const source = model.source();
  const texts = useTableTexts(source.total.value);
  const run = wizard.run.value;
  const changed = model.changed.value;
  const title = text(`bucket_title_${state}`);
  const category = (item: ShownItem): string => nameOfCategory(text, run, item.category);
  // What did not move says why; the whole of it is a press away, for a row has one line.
  const explained = state === 'failed' || state === 'skipped';
  return (
    <Sheet wizard={wizard} title={title} count={model.count.value} {...ways}>
      <DataTable<ProjectedRow>
        label={title}
        source={source}
        columns={model.columns()}
        cell={({ item }, { key }) =>
          key === '$category' ? category(item) : key === 'customer' ? (item.customer?.name ?? '') : item.title
        }
        name={({ item }) => item.title}
        href={({ item }) => item.link}
        newTabLabel={text('new_tab')}
        height="fill"
        focusSearch
        announce={(words) => dependencies.voice.polite(words)}
        texts={{ ...texts, empty: text('bucket_empty') }}
        outcome={({ item }) => ({
          state,
          // The message says what came of it, in words; while it is being verified there is none.
          text: state === 'unknown' ? text('state_unknown') : '',
          message: state === 'unknown' ? undefined : outcomeOf(item, wizard, text),
        })}
        pending={
          changed > 0
            ? {
                text: text('outcome_changed', { count: changed }),
                action: text('outcome_show'),
                onShow: model.read,
              }
            : undefined
        }
        {...(explained
          ? {
              onActivate: setAsking,
              action: (row: ProjectedRow) => (
                <IconButton
                  icon="info"
                  size={24}
                  label={text('outcome_details', { name: row.item.title })}
                  onClick={() => setAsking(row)}
                />
              ),
            }
          : {})}
      />
      <Dialog
        open={asking !== undefined}
        title={asking?.item.title ?? ''}
        onClose={() => setAsking(undefined)}
        actions={<Button onClick={() => setAsking(undefined)}>{text('close')}</Button>}
      >
        {asking && (
          <>
            <p class="ow-meta">
              {category(asking.item)}
              {asking.item.customer && ` · ${asking.item.customer.name}`}
            </p>
            <p>{outcomeOf(asking.item, wizard, text)}</p>
            {asking.item.link !== undefined && (
              <p>
                <Link href={asking.item.link} newTabLabel={text('new_tab')}>
                  {text('scan_open_page', { category: asking.item.title })}
                </Link>
              </p>
            )}
          </>
        )}
      </Dialog>
    </Sheet>
  );
}

function outcomeOf(item: ShownItem, wizard: WizardModel, text: ReturnType<typeof useWords>['text']): string {
  const members = wizard.members.byId.value;
  return itemWords(text, item, (member) => nameOf(members, member));
}

import { useModel } from '@preact/signals';
import { useState } from 'preact/hooks';
import { nameOf } from '../../lib/panel/members.ts';
import type { ReassignmentsModel } from '../../lib/panel/reassignments.ts';
import { CategoryTable, type CategoryTableModel } from '../../lib/panel/sheet.ts';
import type { ProjectedRow } from '../../lib/panel/table/projection.ts';
import type { WizardModel } from '../../lib/panel/wizard.ts';
import { categoryName, formatCell } from '../../lib/panel/words.ts';
import { Button } from '../ui/Button.tsx';
import { DataTable } from '../ui/DataTable.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Disclosure } from '../ui/Disclosure.tsx';
import { MemberList } from '../ui/MemberList.tsx';
import { MemberPicker } from '../ui/MemberPicker.tsx';
import { useDependencies, useWords } from './context.ts';
import type { StepProps } from './ImpactScanStep.tsx';
import { Pane } from './Pane.tsx';
import { usePicker } from './picker.ts';
import { Sheet } from './Sheet.tsx';
import { useTableTexts } from './table-texts.ts';

export interface CategorySheetProps extends StepProps {
  reassignments: ReassignmentsModel;
  category: string;
  /** Beside or beneath the step, instead of in its place. */
  pane?: boolean;
}

/** The rows of a category: to look at in step 1, to give away one by one or many at once in step 2. */
export function CategorySheet({
  wizard,
  reassignments,
  category: id,
  pane = false,
  ...ways
}: CategorySheetProps) {
  const dependencies = useDependencies();
  const { text, locale } = useWords();
  const model = useModel(() => new CategoryTable(dependencies, wizard, reassignments, id));
  const [asking, setAsking] = useState<ProjectedRow | undefined>(undefined);
  const picker = usePicker(wizard);
  const source = model.source();
  const category = model.category.value;
  const texts = useTableTexts(Math.max(source.total.value, category?.count ?? 0));
  const members = wizard.members.byId.value;
  if (!category) return null;
  const editable = model.editable.value;
  const name = categoryName(text, category);
  const summary = model.summary.value;
  const used = reassignments.used.value.map(picker.show);
  const content = (
    <>
      {editable && <Changes wizard={wizard} reassignments={reassignments} model={model} />}
      <DataTable<ProjectedRow>
        label={name}
        source={source}
        columns={category.columns}
        expected={category.count ?? undefined}
        cell={(row, column) => formatCell(locale, column, row.item.columns[column.key])}
        name={(row) => row.item.title}
        href={(row) => row.item.link}
        newTabLabel={text('new_tab')}
        height="fill"
        focusSearch={!pane}
        announce={(words) => dependencies.voice.polite(words)}
        texts={texts}
        {...(editable
          ? {
              selectable: true,
              owner: (row: ProjectedRow) =>
                row.member === null ? null : { name: nameOf(members, row.member), own: row.own },
              noOwner: text('to_nobody'),
              warning: (row: ProjectedRow) => (row.warned ? text('row_warned') : undefined),
              filters: [
                { id: 'all', label: text('filter_all') },
                {
                  id: 'default',
                  label: text('filter_default'),
                  count: summary ? source.total.value - summary.own : undefined,
                },
                { id: 'own', label: text('filter_own'), count: summary?.own },
                ...(summary && summary.warned > 0
                  ? [{ id: 'warned', label: text('filter_warned'), count: summary.warned }]
                  : []),
              ],
              onActivate: (row: ProjectedRow) => setAsking(row),
              onDelete: (row: ProjectedRow) =>
                void (source.selectedCount.peek() > 0 ? model.give(null) : model.giveRow(row.ref, null)),
              actions: (
                <>
                  <MemberPicker
                    form="button"
                    label={text('give_to')}
                    value={null}
                    search={picker.search}
                    used={used}
                    showSender={category.needsSender}
                    texts={picker.texts}
                    disabled={wizard.gone.value}
                    onChange={(member) => void model.give(member)}
                  />
                  <Button disabled={wizard.gone.value} onClick={() => void model.give(null)}>
                    {text('use_default')}
                  </Button>
                </>
              ),
            }
          : {})}
      />
      <Dialog
        open={asking !== undefined}
        title={text('table_pick_title', { name: asking?.item.title ?? '' })}
        initialFocus="input"
        onClose={() => setAsking(undefined)}
      >
        {asking && (
          <MemberList
            label={text('give_to')}
            selected={asking.member ?? undefined}
            search={picker.search}
            used={used}
            showSender={category.needsSender}
            texts={picker.texts}
            onCancel={() => setAsking(undefined)}
            onChoose={(member) => {
              setAsking(undefined);
              void model.giveRow(asking.ref, member);
            }}
          />
        )}
      </Dialog>
      <ManyItems model={model} name={(member) => nameOf(members, member)} />
    </>
  );
  const head = { wizard, title: name, count: category.count ?? 0 };
  return pane ? (
    <Pane {...head}>{content}</Pane>
  ) : (
    <Sheet {...head} {...ways}>
      {content}
    </Sheet>
  );
}

/** Above 500 rows the change is asked about once, with the number on the button. */
function ManyItems({ model, name }: { model: CategoryTableModel; name: (member: string) => string }) {
  const { text } = useWords();
  const pending = model.pending.value;
  const to = pending?.to ?? null;
  const count = pending?.count ?? 0;
  return (
    <Dialog
      open={pending !== undefined}
      alert
      title={
        to === null
          ? text('default_many_title', { count })
          : text('give_many_title', { count, name: name(to) })
      }
      onClose={() => model.cancel()}
      actions={
        <>
          <Button onClick={() => model.cancel()}>{text('cancel')}</Button>
          <Button variant="primary" onClick={() => void model.confirm()}>
            {text(to === null ? 'default_many_action' : 'give_many_action', { count })}
          </Button>
        </>
      }
    >
      <p>{text('give_many_body')}</p>
    </Dialog>
  );
}

/** Every bulk change of this category with its own undo, for as long as the draft lives. */
function Changes({
  wizard,
  reassignments,
  model,
}: {
  wizard: WizardModel;
  reassignments: ReassignmentsModel;
  model: CategoryTableModel;
}) {
  const { text } = useWords();
  const members = wizard.members.byId.value;
  const changes = model.changes.value;
  if (changes.length === 0) return null;
  return (
    <div class="ow-changes">
      <Disclosure summary={text('changes', { count: changes.length })}>
        <ul class="ow-stack ow-tight">
          {changes.map((change) => {
            const what =
              change.to === null
                ? text('change_default', { count: change.count })
                : text('change_given', { count: change.count, name: nameOf(members, change.to) });
            const query = 'query' in change.selection ? change.selection.query : undefined;
            return (
              <li key={change.id} class="ow-change">
                <span class="ow-grow">
                  <span class="ow-strong">{what}</span>
                  {query !== undefined && (
                    <span class="ow-meta ow-block">
                      {query === '' ? text('change_all') : text('change_by_search', { query })}
                    </span>
                  )}
                </span>
                <Button
                  small
                  icon="undo"
                  aria-label={text('change_undo', { change: what })}
                  onClick={() => void reassignments.undo(change)}
                >
                  {text('undo')}
                </Button>
              </li>
            );
          })}
        </ul>
      </Disclosure>
    </div>
  );
}

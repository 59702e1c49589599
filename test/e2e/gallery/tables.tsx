import { useEffect, useMemo, useState } from 'preact/hooks';
import { Button } from '../../../components/ui/Button.tsx';
import { DataTable, type DataTableTexts, type TableColumn } from '../../../components/ui/DataTable.tsx';
import { IconButton } from '../../../components/ui/IconButton.tsx';
import { MemberPopover } from '../../../components/ui/MemberPopover.tsx';
import type { StateName } from '../../../components/ui/StateMark.tsx';
import type { Plan } from '../../../lib/offboarding/choices.ts';
import type { Column, ItemState, RunItem } from '../../../lib/offboarding/model.ts';
import { createProjections } from '../../../lib/panel/table/engine.ts';
import type { PlanRequest, ProjectedRow } from '../../../lib/panel/table/projection.ts';
import { createTable, type TableModel } from '../../../lib/panel/table/table.ts';
import type { ItemReader } from '../../../lib/store/store.ts';
import { countsOf } from '../../crash/counts.ts';
import type { Announce } from './main.tsx';
import { pickerTexts } from './pickers.tsx';

const columns: Column[] = [
  { key: 'title', label: 'Task', type: 'text', priority: 1, align: 'start' },
  { key: 'customer', label: 'Customer', type: 'text', priority: 2, align: 'start' },
  { key: 'due', label: 'Due', type: 'date', priority: 2, align: 'start' },
  { key: 'status', label: 'Status', type: 'status', priority: 3, align: 'start' },
  { key: 'arr', label: 'ARR', type: 'money', priority: 3, align: 'end' },
];
const companies = [
  'Northwind',
  'Globex',
  'Initech',
  'Umbrella Consulting and Partners International',
  'Hooli',
];
const work = [
  'Renewal call prep',
  'QBR deck',
  'Onboarding checklist',
  'Health review',
  'Follow up on the escalation about invoices',
];
const states: ItemState[] = ['planned', 'unknown', 'moved', 'failed', 'skipped'];

function items(count: number, withStates: boolean): RunItem[] {
  return Array.from({ length: count }, (_, index) => ({
    run: 'run',
    category: 'tasks.open',
    ref: `t${String(index).padStart(6, '0')}`,
    position: index,
    title: `${work[index % work.length]} ${index + 1}`,
    link: `https://acme.example/tasks/${index}`,
    customer: { ref: `c${index % 5}`, name: companies[index % 5] ?? '', owner: 'dana' },
    columns: {
      customer: companies[index % 5] ?? null,
      due: `2026-${String((index % 12) + 1).padStart(2, '0')}-${String((index % 27) + 1).padStart(2, '0')}`,
      status: index % 3 === 0 ? 'Snoozed' : 'Open',
      arr: index % 7 === 0 ? null : (index * 7919) % 250_000,
    },
    value: { member: 'dana' },
    lock: `t${index}`,
    state: withStates ? (states[index % states.length] ?? 'planned') : 'planned',
    ...(withStates && index % 5 === 3
      ? { reason: { code: 'forbidden', message: 'Owner needs the CSM role' } }
      : {}),
  }));
}

function readerOf(all: RunItem[]): ItemReader {
  const byRef = new Map(all.map((item) => [item.ref, item]));
  return {
    category: async () => all,
    page: async (_run, _category, limit, after) => {
      const start = after === undefined ? 0 : all.findIndex(({ ref }) => ref === after) + 1;
      return all.slice(start, start + limit);
    },
    byRef: async (_run, _category, refs) => refs.map((ref) => byRef.get(ref)),
    inState: async () => [],
    counts: async () => countsOf([]),
  };
}

const names: Record<string, string> = { tom: 'Tom Okafor', mei: 'Mei Tanaka' };
const plan: Plan = {
  defaults: { 'tasks.open': { member: 'tom' } },
  changes: [
    {
      kind: 'override',
      id: 'o',
      at: '2026-11-22T10:00:00Z',
      category: 'tasks.open',
      selection: { query: 'QBR deck', except: [] },
      to: 'mei',
      count: 1,
    },
  ],
  selected: [],
};
const planRequest: PlanRequest = { plan, leaver: 'dana', deciding: undefined, names, warned: ['mei'] };

function useTable(count: number, withStates = false): TableModel {
  const table = useMemo(
    () =>
      createTable(
        createProjections(
          readerOf(items(count, withStates)),
          () => new Promise((resolve) => setTimeout(resolve)),
        ),
      ),
    [count, withStates],
  );
  useEffect(() => {
    table.open({ run: 'run', category: 'tasks.open', columns, locale: 'en' }, planRequest);
    return () => table.dispose();
  }, [table]);
  return table;
}

const number = (value: number) => value.toLocaleString('en');
const texts: DataTableTexts = {
  search: 'Search tasks',
  clearSearch: 'Clear search',
  sort: 'Sort',
  sortOption: (column, direction) => `${column}, ${direction}`,
  sortNone: 'As found',
  filters: 'Filter',
  number,
  owner: 'Goes to',
  state: 'Outcome',
  action: 'More',
  own: 'own',
  selectRow: (name) => `Select ${name}`,
  selectAll: (count) => `Select all ${number(count)}`,
  results: (matching, total) =>
    matching === total ? `${number(total)} tasks.` : `${number(matching)} of ${number(total)} tasks.`,
  selected: (count, hidden) =>
    `${number(count)} selected${hidden > 0 ? `, ${number(hidden)} not in view` : ''}`,
  selectAllMatching: (count) => `Select all ${number(count)} that match`,
  clearSelection: 'Clear selection',
  selectedAll: (count) => `All ${number(count)} matching tasks selected.`,
  loading: 'Loading tasks',
  reading: (read, total) => `${number(read)} of ${number(total ?? 0)} read.`,
  searchGoesOn: 'The search goes on with the rest.',
  sortWaits: 'They are sorted once all are here.',
  noMatch: (query) => `No task matches “${query}”.`,
  noneInFilter: (filter) => `No task is in “${filter}”.`,
  showAll: 'Show all',
  empty: 'There are no tasks.',
  failed: 'The tasks could not be read from this browser.',
  retry: 'Try again',
};

function cell(row: ProjectedRow, column: TableColumn): string {
  const value = row.item.columns[column.key] ?? (column.key === 'title' ? row.item.title : null);
  if (value === null) return '';
  if (column.type === 'date')
    return new Date(value).toLocaleDateString('en', { day: 'numeric', month: 'short', timeZone: 'UTC' });
  return typeof value === 'number' ? number(value) : value;
}

const marks: Record<ItemState, [StateName, string]> = {
  planned: ['queued', 'Queued'],
  unknown: ['unknown', 'Being verified'],
  moved: ['moved', 'Moved'],
  failed: ['failed', 'Failed'],
  skipped: ['skipped', 'Skipped'],
};

const shared = {
  columns,
  cell,
  texts,
  newTabLabel: 'new tab',
  name: (row: ProjectedRow) => row.item.title,
  href: (row: ProjectedRow) => row.item.link,
};

export function LargeTableSection({ announce }: { announce: Announce }) {
  const table = useTable(100_000);
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const [log, setLog] = useState('');
  return (
    <div class="gallery-fill">
      <DataTable
        {...shared}
        label="Open tasks"
        source={table}
        height="fill"
        selectable
        announce={announce}
        owner={(row) => (row.member ? { name: names[row.member] ?? row.member, own: row.own } : null)}
        noOwner="Nobody yet"
        warning={(row) => (row.warned ? 'Mei Tanaka leaves too' : undefined)}
        filters={[
          { id: 'all', label: 'All' },
          { id: 'default', label: 'Default' },
          { id: 'own', label: 'Overridden', count: table.summary.value?.own },
          { id: 'warned', label: 'Warnings', count: table.summary.value?.warned },
          { id: 'unassigned', label: 'Nobody yet' },
        ]}
        onActivate={(row, element) => {
          setLog(`open ${row.ref}`);
          setAnchor(element);
        }}
        onDelete={(row) => setLog(`default ${row.ref}`)}
        actions={
          <>
            <Button
              variant="primary"
              small
              onClick={() => table.selection().then((selection) => setLog(JSON.stringify(selection)))}
            >
              Give to…
            </Button>
            <Button small>Use default</Button>
          </>
        }
        action={(row) => (
          <IconButton icon="more" size={24} tabIndex={-1} label={`More about ${row.item.title}`} />
        )}
        pending={{ text: '14 changed', action: 'Show', onShow: () => table.reload() }}
      />
      <output id="log" class="ow-hidden">
        {log}
      </output>
      <MemberPopover
        anchor={anchor}
        onClose={() => setAnchor(null)}
        label="Give to"
        search={async () => [{ id: 'tom', name: 'Tom Okafor', email: 'tom.okafor@acme.example' }]}
        texts={pickerTexts}
        onChoose={(id) => setLog(`gave to ${id}`)}
      />
    </div>
  );
}

export function SmallTableSection() {
  const five = useTable(5);
  const run = useTable(12, true);
  return (
    <>
      <DataTable {...shared} label="Five tasks" source={five} toolbar={false} />
      <DataTable
        {...shared}
        label="Tasks of a run"
        source={run}
        outcome={(row) => {
          const [state, text] = marks[row.state];
          return { state, text, message: row.item.reason?.message };
        }}
        filters={[
          { id: 'all', label: 'All', count: 12 },
          { id: 'state:moved', label: 'Moved', count: 3 },
          { id: 'state:failed', label: 'Failed', count: 2 },
        ]}
      />
    </>
  );
}

/** A table whose store answers like this. */
function tableThat(page: ItemReader['page']): TableModel {
  return createTable(createProjections({ ...readerOf([]), page }, () => Promise.resolve()));
}

/** The first rows come at once, the others never. */
const slowly: ItemReader['page'] = (_run, _category, limit, after) =>
  after === undefined ? Promise.resolve(items(limit, false)) : new Promise(() => undefined);

export function TableStateSection() {
  const none = useTable(0);
  const some = useTable(20);
  useEffect(() => {
    const timer = setTimeout(() => some.search('nothing like it'), 50);
    return () => clearTimeout(timer);
  }, [some]);
  const never = useMemo(() => tableThat(() => new Promise(() => undefined)), []);
  const broken = useMemo(() => tableThat(() => Promise.reject(new Error('disk'))), []);
  const slow = useMemo(() => tableThat(slowly), []);
  useEffect(() => {
    never.open({ run: 'run', category: 'tasks.open', columns, locale: 'en' });
    broken.open({ run: 'run', category: 'tasks.open', columns, locale: 'en' });
    slow.open({ run: 'run', category: 'tasks.open', columns, locale: 'en' });
    slow.sortBy({ column: 'title', direction: 'ascending' });
  }, [never, broken, slow]);
  return (
    <>
      <DataTable {...shared} label="No tasks" source={none} toolbar={false} />
      <DataTable {...shared} label="Nothing found" source={some} />
      <DataTable {...shared} label="Broken" source={broken} toolbar={false} />
      <DataTable {...shared} label="Loading" source={never} toolbar={false} />
      <DataTable {...shared} label="Reading" source={slow} expected={5_000} />
    </>
  );
}

import type { DataTableTexts, TableColumn } from './table-types.ts';

/** A column of the wide layout. Widths are fixed by kind, so that every row is laid out alone and alike. */
export interface GridColumn {
  key: string;
  kind: 'select' | 'data' | 'owner' | 'state' | 'action';
  label: string;
  align: 'start' | 'end';
  /** Least width in pixels. */
  min: number;
  /** Share of what is left over; 0: never wider than `min`. */
  grow: number;
  sticky: boolean;
  /** Distance from the start edge at which a sticky one stays, in pixels. */
  offset: number;
  column?: TableColumn;
}

interface Wanted {
  columns: readonly TableColumn[];
  selectable?: boolean | undefined;
  owner?: unknown;
  outcome?: unknown;
  action?: unknown;
  actionWidth?: number | undefined;
  texts: Pick<DataTableTexts, 'owner' | 'state' | 'action'>;
}

const widths: Record<TableColumn['type'], number> = {
  text: 132,
  number: 88,
  money: 104,
  date: 108,
  member: 140,
  status: 112,
};

/** The columns of the wide layout from start to end: selection, data, receiver, outcome, controls. */
export function gridColumns(wanted: Wanted): GridColumn[] {
  const plain = { align: 'start', grow: 0, sticky: false, offset: 0 } as const;
  const columns: GridColumn[] = [];
  if (wanted.selectable)
    columns.push({ ...plain, key: '$select', kind: 'select', label: '', min: 44, sticky: true });
  const [first, ...others] = byPriority(wanted.columns);
  if (first)
    columns.push({
      ...plain,
      key: first.key,
      kind: 'data',
      label: first.label,
      align: first.align,
      min: 200,
      grow: 2,
      sticky: true,
      offset: wanted.selectable ? 44 : 0,
      column: first,
    });
  for (const column of others)
    columns.push({
      ...plain,
      key: column.key,
      kind: 'data',
      label: column.label,
      align: column.type === 'number' || column.type === 'money' ? 'end' : column.align,
      min: widths[column.type],
      grow: column.type === 'text' || column.type === 'member' ? 1 : 0.5,
      column,
    });
  if (wanted.outcome)
    columns.push({ ...plain, key: '$state', kind: 'state', label: wanted.texts.state, min: 160, grow: 1.5 });
  if (wanted.owner)
    columns.push({ ...plain, key: '$owner', kind: 'owner', label: wanted.texts.owner, min: 172, grow: 1 });
  if (wanted.action)
    columns.push({
      ...plain,
      key: '$action',
      kind: 'action',
      label: wanted.texts.action,
      min: wanted.actionWidth ?? 48,
    });
  return columns;
}

/** The title column first; the rest in the order given. */
function byPriority(columns: readonly TableColumn[]): TableColumn[] {
  const first = columns.find((column) => column.priority === 1) ?? columns[0];
  return first ? [first, ...columns.filter((column) => column !== first)] : [];
}

/** What a narrow row shows: its title column and up to three for the line beneath. */
export function narrowColumns(columns: readonly TableColumn[]): {
  title: TableColumn | undefined;
  meta: TableColumn[];
} {
  const [title, ...others] = byPriority(columns);
  return { title, meta: others.filter((column) => column.priority === 2).slice(0, 3) };
}

/** `grid-template-columns` for every row. */
export function columnTemplate(columns: readonly GridColumn[]): string {
  return columns
    .map((column) => (column.grow === 0 ? `${column.min}px` : `minmax(${column.min}px, ${column.grow}fr)`))
    .join(' ');
}

import type { ComponentChildren } from 'preact';
import type { StateName } from './StateMark.tsx';
import type {
  DataTableTexts,
  RowOwner,
  TableColumn,
  TableFilter,
  TableRow,
  TableSource,
} from './table-types.ts';

export interface DataTableProps<Row extends TableRow> {
  /** What the rows are; accessible name of grid and search. */
  label: string;
  source: TableSource<Row>;
  columns: readonly TableColumn[];
  /** How many rows there will be once all are here, where that is known. */
  expected?: number | undefined;
  /** The text of a cell, formatted; '' for nothing. */
  cell: (row: Row, column: TableColumn) => string;
  /** The row's full name, for its checkbox and its title. */
  name: (row: Row) => string;
  /** Page of the row, opened in another tab, marked ↗ (`newTabLabel` says so). */
  href?: (row: Row) => string | undefined;
  newTabLabel?: string;
  /** Who receives the row; null: nobody yet. Without it there is no such column. */
  owner?: (row: Row) => RowOwner | null;
  /** Text of the owner's cell when `owner` gives null. */
  noOwner?: string;
  /** How the row fares in a run. Without it there is no such column. */
  outcome?: (row: Row) => { state: StateName; text: string; message?: string | undefined } | null;
  /** An amber mark with these words. */
  warning?: (row: Row) => string | undefined;
  /** Controls at the row's end (reached with the arrow towards the end). */
  action?: (row: Row) => ComponentChildren;
  /** Width of the action column in pixels. Default 48. */
  actionWidth?: number;
  /** The first one lets everything through. */
  filters?: readonly TableFilter[];
  selectable?: boolean;
  /** Controls of the selection bar. */
  actions?: ComponentChildren;
  /** Enter on a row, or a press on its owner: `element` is what a picker may hang on. */
  onActivate?: (row: Row, element: HTMLElement) => void;
  /** Delete on a row. The caller looks at the selection first. */
  onDelete?: (row: Row) => void;
  /** Says something through the page's live region. */
  announce?: (text: string) => void;
  /** Data that arrived while the table is open waits behind this line ("14 changed · Show"). */
  pending?: { text: string; action: string; onShow: () => void } | undefined;
  /** `fill`: as high as its container, which must have a height. `content`: as high as its rows, up to a limit. */
  height?: 'fill' | 'content';
  /** Search field, sort menu and filters. Default true; switch off for a handful of rows. */
  toolbar?: boolean;
  /** Focus starts in the search field (a sheet that was just opened). */
  focusSearch?: boolean;
  texts: DataTableTexts;
}

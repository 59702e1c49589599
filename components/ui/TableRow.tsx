import { Component, type ComponentChildren } from 'preact';
import { highlight } from './highlight.tsx';
import { Icon } from './Icon.tsx';
import { StateMark } from './StateMark.tsx';
import { type GridColumn, narrowColumns } from './table-layout.ts';
import type { DataTableProps } from './table-props.ts';
import type { TableColumn, TableRow } from './table-types.ts';

/** What a row's events do. The same object for all rows. */
export interface RowHands {
  focus(position: number): void;
  /** Returns whether the row is selected now. */
  toggle(position: number, extend: boolean): boolean;
}

interface GridRowProps<Row extends TableRow> {
  table: DataTableProps<Row>;
  /** Empty: the narrow layout. */
  columns: readonly GridColumn[];
  /** Undefined until it is here. */
  row: Row | undefined;
  position: number;
  rowIndex: number;
  /** Distance from the top of the canvas, in pixels. */
  top: number;
  focusable: boolean;
  selected: boolean;
  query: string;
  hands: RowHands;
}

/** One row, in two lines or in columns. Drawn anew only when something of it changed. */
export class GridRow<Row extends TableRow> extends Component<GridRowProps<Row>> {
  override shouldComponentUpdate(next: GridRowProps<Row>): boolean {
    return (Object.keys(next) as (keyof GridRowProps<Row>)[]).some((key) => next[key] !== this.props[key]);
  }

  /** What it showed last: while its next row is on its way, its elements stay, out of sight, to be filled again. */
  #last: Row | undefined;

  override render(props: GridRowProps<Row>) {
    this.#last = props.row ?? this.#last;
    return rowElement(props, this.#last);
  }
}

/** Its controls are out of the tab order: arrows reach them. */
function rowElement<Row extends TableRow>(props: GridRowProps<Row>, shown: Row | undefined) {
  const { table, row, selected } = props;
  const own = row !== undefined && table.owner?.(row)?.own === true;
  return (
    // biome-ignore lint/a11y/useSemanticElements lint/a11y/useKeyWithClickEvents: a virtual grid cannot be a native table, and its keys go to the grid
    <div
      role="row"
      class={`ow-grid-row${row ? '' : ' ow-grid-row-wait'}${selected ? ' ow-grid-selected' : ''}${own ? ' ow-grid-own' : ''}`}
      data-position={props.position}
      style={{ insetBlockStart: `${props.top}px` }}
      tabIndex={props.focusable ? 0 : -1}
      aria-rowindex={props.rowIndex}
      aria-selected={table.selectable ? selected : undefined}
      aria-label={row && fullText(table, row)}
      aria-busy={row === undefined ? 'true' : undefined}
      onFocusIn={() => {
        if (!props.focusable) props.hands.focus(props.position);
      }}
      onClick={(event) => {
        if (!table.selectable || !(event.shiftKey || event.ctrlKey || event.metaKey)) return;
        if (event.target instanceof Element && event.target.closest('a, button, input')) return;
        event.preventDefault();
        props.hands.toggle(props.position, event.shiftKey);
      }}
    >
      {shown === undefined ? (
        <Cell class="ow-grid-wait">
          <span />
        </Cell>
      ) : props.columns.length === 0 ? (
        <NarrowCells {...props} row={shown} />
      ) : (
        props.columns.map((column) => <WideCell key={column.key} {...props} row={shown} column={column} />)
      )}
    </div>
  );
}

type Here<Row extends TableRow> = Omit<GridRowProps<Row>, 'row'> & { row: Row };

function Cell(props: { class: string; offset?: number | undefined; children: ComponentChildren }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements lint/a11y/useFocusableInteractive: the row takes the focus
    <div
      role="gridcell"
      class={`ow-grid-cell ${props.class}`}
      style={props.offset === undefined ? undefined : { insetInlineStart: `${props.offset}px` }}
    >
      {props.children}
    </div>
  );
}

function NarrowCells<Row extends TableRow>(props: Here<Row>) {
  const { table, row, query } = props;
  const { title, meta } = narrowColumns(table.columns);
  const facts = meta
    .map((column) => ({ key: column.key, text: table.cell(row, column) }))
    .filter(({ text }) => text !== '');
  const outcome = table.outcome?.(row);
  return (
    <>
      {table.selectable && (
        <Cell class="ow-grid-select">
          <RowCheckbox {...props} />
        </Cell>
      )}
      <Cell class="ow-grid-main">
        <span class="ow-grid-title">
          <Title table={table} row={row} column={title} query={query} />
          <Warning text={table.warning?.(row)} />
        </span>
        <span class="ow-grid-under">
          {outcome?.message === undefined ? (
            <span class="ow-grid-facts" dir={outcome ? undefined : 'auto'}>
              {outcome && <StateMark state={outcome.state} text={outcome.text} />}
              {facts.map((fact, index) => (
                <span key={fact.key}>
                  {(index > 0 || outcome) && ' · '}
                  <bdi>{highlight(fact.text, query)}</bdi>
                </span>
              ))}
            </span>
          ) : (
            <span class="ow-grid-facts ow-grid-outcome">
              <StateMark state={outcome.state} text={outcome.text} />
              <span class="ow-ellipsis" dir="auto" title={outcome.message}>
                {outcome.message}
              </span>
            </span>
          )}
          {table.owner && <Owner {...props} />}
        </span>
      </Cell>
      {table.action && <Cell class="ow-grid-action">{table.action(row)}</Cell>}
    </>
  );
}

function WideCell<Row extends TableRow>(props: Here<Row> & { column: GridColumn }) {
  const { table, row, column, query } = props;
  const offset = column.sticky ? column.offset : undefined;
  switch (column.kind) {
    case 'select':
      return (
        <Cell class="ow-grid-select ow-grid-sticky" offset={offset}>
          <RowCheckbox {...props} />
        </Cell>
      );
    case 'owner':
      return (
        <Cell class="ow-grid-start">
          <Owner {...props} />
        </Cell>
      );
    case 'state': {
      const outcome = table.outcome?.(row);
      return (
        <Cell class="ow-grid-start">
          {outcome && (
            <span class="ow-grid-outcome" title={outcome.message}>
              <StateMark state={outcome.state} text={outcome.text} />
              {outcome.message !== undefined && (
                <span class="ow-ellipsis" dir="auto">
                  {outcome.message}
                </span>
              )}
            </span>
          )}
        </Cell>
      );
    }
    case 'action':
      return <Cell class="ow-grid-action">{table.action?.(row)}</Cell>;
    case 'data':
      if (column.sticky)
        return (
          <Cell class={`ow-grid-${column.align} ow-grid-sticky ow-grid-title`} offset={offset}>
            <Title table={table} row={row} column={column.column} query={query} />
            <Warning text={table.warning?.(row)} />
          </Cell>
        );
      return (
        <Cell class={`ow-grid-${column.align}`}>
          <span class="ow-ellipsis" dir={column.align === 'start' ? 'auto' : undefined}>
            {column.column && highlight(table.cell(row, column.column), query)}
          </span>
        </Cell>
      );
  }
}

function Title<Row extends TableRow>(props: {
  table: DataTableProps<Row>;
  row: Row;
  column: TableColumn | undefined;
  query: string;
}) {
  const { table, row } = props;
  const text = (props.column && table.cell(row, props.column)) || table.name(row);
  const href = table.href?.(row);
  return (
    <>
      <span class="ow-ellipsis" dir="auto" title={text}>
        {highlight(text, props.query)}
      </span>
      {href !== undefined && /^https?:\/\//iu.test(href) && (
        <a
          class="ow-grid-link"
          href={href}
          target="_blank"
          rel="noopener noreferrer"
          tabIndex={-1}
          aria-label={`${text} (${table.newTabLabel ?? ''})`}
        >
          <Icon name="external" size={12} />
        </a>
      )}
    </>
  );
}

function Owner<Row extends TableRow>({ table, row }: Here<Row>) {
  const owner = table.owner?.(row) ?? null;
  const inner = (
    <>
      {owner?.own && (
        <span class="ow-grid-own-mark">
          <span class="ow-grid-dot" aria-hidden="true" />
          {table.texts.own}
        </span>
      )}
      <Icon name="arrowEnd" size={12} class="ow-icon-directed" />
      <span class="ow-ellipsis">{owner?.name ?? table.noOwner ?? ''}</span>
    </>
  );
  const classes = `ow-grid-owner${owner?.own ? ' ow-grid-owner-own' : ''}${owner ? '' : ' ow-grid-owner-none'}`;
  const { onActivate } = table;
  if (!onActivate) return <span class={classes}>{inner}</span>;
  return (
    <button
      type="button"
      class={classes}
      tabIndex={-1}
      aria-haspopup="dialog"
      onClick={(event) => onActivate(row, event.currentTarget)}
    >
      <span class="ow-hidden">{table.texts.owner}: </span>
      {inner}
    </button>
  );
}

function RowCheckbox<Row extends TableRow>(props: Here<Row>) {
  const { table, row, selected } = props;
  return (
    <span class="ow-checkbox">
      <span class="ow-checkbox-target">
        <input
          type="checkbox"
          class="ow-checkbox-input"
          tabIndex={-1}
          aria-label={table.texts.selectRow(table.name(row))}
          checked={selected}
          onClick={(event) => {
            // Cancelling the click would put the box back after the row was drawn anew: it is told its state instead.
            event.currentTarget.checked = props.hands.toggle(props.position, event.shiftKey);
          }}
        />
        <Icon name="check" size={12} class="ow-checkbox-mark" />
      </span>
    </span>
  );
}

function Warning({ text }: { text: string | undefined }) {
  if (text === undefined) return null;
  return (
    <span class="ow-grid-warning" title={text}>
      <Icon name="warning" size={12} />
      <span class="ow-hidden">{text}</span>
    </span>
  );
}

/** Everything that the row says, in one sentence, since cells may be cut off. */
function fullText<Row extends TableRow>(table: DataTableProps<Row>, row: Row): string {
  const owner = table.owner?.(row);
  const outcome = table.outcome?.(row);
  const parts = [
    table.name(row),
    ...table.columns.filter((column) => column.priority === 2).map((column) => table.cell(row, column)),
    outcome?.text,
    outcome?.message,
    table.warning?.(row),
    owner ? `${table.texts.owner}: ${owner.name}` : table.owner && table.noOwner,
    owner?.own ? table.texts.own : undefined,
  ];
  return parts.filter((part) => part !== undefined && part !== '').join(', ');
}

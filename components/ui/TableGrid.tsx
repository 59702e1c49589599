import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { Icon } from './Icon.tsx';
import { GridRow, type RowHands } from './TableRow.tsx';
import { SelectAll } from './TableSelection.tsx';
import { gridAction } from './table-keys.ts';
import { columnTemplate, type GridColumn, gridColumns } from './table-layout.ts';
import type { DataTableProps } from './table-props.ts';
import type { TableRow, TableSort } from './table-types.ts';
import { useWindowRows } from './table-window.ts';
import { snapped, visibleWindow } from './windowing.ts';
import './TableGrid.css';

interface TableGridProps<Row extends TableRow> extends DataTableProps<Row> {
  narrow: boolean;
  /** Changes when the reader changed what is in view: back to the top. */
  view: number;
  onSelectAll: () => void;
  onSort: (sort: TableSort | null) => void;
  onSearchKey: () => void;
}

/** Height of the line of column heads, in pixels. */
const headHeight = 36;

/** The rows: an ARIA grid in which rows take the focus, with only those in sight in the document. */
export function TableGrid<Row extends TableRow>(props: TableGridProps<Row>) {
  const { source, narrow } = props;
  const grid = useRef<HTMLDivElement>(null);
  const count = source.matching.value;
  void source.selectionVersion.value;
  const rowHeight = narrow ? 52 : 36;
  const head = narrow ? 0 : headHeight;
  const [window, setWindow] = useState({ from: 0, to: 24 });
  const [focused, setFocused] = useState(0);
  // Set when a key moved the focus to a row which may not be mounted yet.
  const claim = useRef(false);
  const anchor = useRef(0);

  const at = Math.min(focused, count - 1);
  const rows = useWindowRows(source, window, at);
  const columns = useMemo(() => (narrow ? [] : gridColumns(props)), [props, narrow]);
  const template = columnTemplate(columns);

  // Rows are drawn anew only when others come into sight, not with every pixel.
  const measure = () => {
    const element = grid.current;
    if (!element) return;
    const visible = visibleWindow(element.scrollTop, element.clientHeight, rowHeight, count);
    const next = snapped(visible, 4, count);
    setWindow((now) => (now.from === next.from && now.to === next.to ? now : next));
  };
  const latest = useRef(measure);
  latest.current = measure;
  useLayoutEffect(() => {
    if (!grid.current) return;
    const observer = new ResizeObserver(() => latest.current());
    observer.observe(grid.current);
    return () => observer.disconnect();
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `measure` reads these two
  useLayoutEffect(() => latest.current(), [rowHeight, count]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new view starts at its top
  useEffect(() => {
    setFocused(0);
    anchor.current = 0;
    if (grid.current) grid.current.scrollTop = 0;
  }, [props.view]);
  useLayoutEffect(() => {
    if (claim.current && focusMounted(at)) claim.current = false;
  });

  const focusMounted = (position: number): boolean => {
    const row = grid.current?.querySelector<HTMLElement>(`[data-position="${position}"]`);
    row?.focus({ preventScroll: true });
    return row !== null && row !== undefined;
  };
  const reveal = (position: number) => {
    const element = grid.current;
    if (!element) return;
    const top = position * rowHeight;
    const room = element.clientHeight - head;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + rowHeight > element.scrollTop + room) element.scrollTop = top + rowHeight - room;
  };
  const focusRow = (position: number) => {
    reveal(position);
    claim.current = !focusMounted(position);
    setFocused(position);
    measure();
  };
  const toggle = (position: number, extend: boolean): boolean => {
    if (!props.selectable || !rows.current) return false;
    if (extend) {
      const [low, high] = anchor.current < position ? [anchor.current, position] : [position, anchor.current];
      source.select(low, high + 1, true);
    } else {
      source.select(position, position + 1, !source.isSelected(position));
      anchor.current = position;
    }
    return source.isSelected(position);
  };
  const rowOf = (target: EventTarget | null) =>
    target instanceof Element ? target.closest<HTMLElement>('[data-position]') : null;

  const onKeyDown = (event: KeyboardEvent) => {
    const element = rowOf(event.target);
    if (!element || count === 0) return;
    const inside = event.target !== element;
    const rtl = getComputedStyle(element).direction === 'rtl';
    const page = Math.floor(((grid.current?.clientHeight ?? 0) - head) / rowHeight);
    const action = gridAction(event, at, count, page, inside, rtl);
    if (!action) return;
    const row = rows.at(at);
    if (action.kind === 'into' || action.kind === 'out') {
      if (!moveWithin(element, event.target as HTMLElement, action.kind)) return;
    } else if (action.kind === 'move') {
      if (action.extend && props.selectable && rows.current) {
        if (!source.isSelected(at)) source.select(at, at + 1, true);
        const [low, high] = at < action.to ? [at, action.to] : [action.to, at];
        source.select(low, high + 1, true);
      } else if (!action.extend) anchor.current = action.to;
      focusRow(action.to);
    } else if (action.kind === 'toggle') {
      if (!props.selectable) return;
      toggle(at, false);
    } else if (action.kind === 'all') {
      if (!props.selectable) return;
      props.onSelectAll();
    } else if (action.kind === 'activate') {
      if (!row || !props.onActivate) return;
      props.onActivate(row, element);
    } else if (action.kind === 'delete') {
      if (!row || !props.onDelete) return;
      props.onDelete(row);
    } else if (action.kind === 'search') props.onSearchKey();
    event.preventDefault();
    event.stopPropagation();
  };

  const hands = useRef<RowHands>({ focus: setFocused, toggle });
  hands.current = {
    focus: (position) => setFocused(position),
    toggle: (position, extend) => {
      setFocused(position);
      return toggle(position, extend);
    },
  };
  // The same functions for every row and drawing, so that a row is drawn anew only when it changed itself.
  const stable = useMemo<RowHands>(
    () => ({
      focus: (position) => hands.current.focus(position),
      toggle: (position, extend) => hands.current.toggle(position, extend),
    }),
    [],
  );

  const positions: number[] = [];
  for (let position = window.from; position < Math.min(window.to, count); position += 1)
    positions.push(position);
  if (at >= 0 && (at < window.from || at >= window.to)) positions.push(at);
  const keys = useRecycledKeys(positions);
  const minWidth = columns.reduce((sum, column) => sum + column.min, 0);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a virtual grid cannot be a native table
    <div
      ref={grid}
      role="grid"
      class={`ow-grid ow-grid-${narrow ? 'narrow' : 'wide'}`}
      aria-label={props.label}
      aria-rowcount={count + (narrow ? 0 : 1)}
      aria-multiselectable={props.selectable ? 'true' : undefined}
      style={{ '--ow-columns': template, '--ow-row': `${rowHeight}px`, scrollPaddingBlockStart: `${head}px` }}
      onScroll={measure}
      onKeyDown={onKeyDown}
    >
      {!narrow && <Head {...props} heads={columns} minWidth={minWidth} />}
      {/* biome-ignore lint/a11y/useSemanticElements: a virtual grid cannot be a native table */}
      <div
        role="rowgroup"
        class="ow-grid-canvas"
        style={{ blockSize: `${count * rowHeight}px`, minInlineSize: `${minWidth}px` }}
      >
        {positions.map((position) => (
          <GridRow
            key={keys.get(position)}
            table={props}
            columns={columns}
            row={rows.at(position)}
            position={position}
            rowIndex={position + (narrow ? 1 : 2)}
            top={position * rowHeight}
            focusable={position === at}
            selected={props.selectable === true && rows.current && source.isSelected(position)}
            query={source.query.value}
            hands={stable}
          />
        ))}
      </div>
    </div>
  );
}

/**
 * A key for each position: who comes into sight takes over the elements of who left it, for making new ones costs
 * several times as much. Whoever stays keeps their own, the row with the focus above all.
 */
function useRecycledKeys(positions: readonly number[]): ReadonlyMap<number, number> {
  const before = useRef<ReadonlyMap<number, number>>(new Map());
  const made = useRef(0);
  const wanted = new Set(positions);
  const free = [...before.current].filter(([position]) => !wanted.has(position)).map(([, key]) => key);
  const keys = new Map<number, number>();
  for (const position of positions) {
    let key = before.current.get(position) ?? free.pop();
    if (key === undefined) {
      key = made.current;
      made.current += 1;
    }
    keys.set(position, key);
  }
  before.current = keys;
  return keys;
}

function Head<Row extends TableRow>(props: TableGridProps<Row> & { heads: GridColumn[]; minWidth: number }) {
  const { source, texts } = props;
  const sort = source.sort.value;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a virtual grid cannot be a native table
    <div role="rowgroup" class="ow-grid-head" style={{ minInlineSize: `${props.minWidth}px` }}>
      {/* biome-ignore lint/a11y/useSemanticElements lint/a11y/useFocusableInteractive: as above */}
      <div role="row" aria-rowindex={1} class="ow-grid-head-row">
        {props.heads.map((column) =>
          column.kind === 'select' ? (
            // biome-ignore lint/a11y/useSemanticElements lint/a11y/useFocusableInteractive: as above
            <div key={column.key} role="columnheader" class="ow-grid-cell ow-grid-select ow-grid-sticky">
              <SelectAll
                source={source}
                texts={texts}
                matching={source.matching.value}
                onSelectAll={props.onSelectAll}
              />
            </div>
          ) : (
            // biome-ignore lint/a11y/useSemanticElements lint/a11y/useFocusableInteractive: as above
            <div
              key={column.key}
              role="columnheader"
              class={`ow-grid-cell ow-grid-${column.align}${column.sticky ? ' ow-grid-sticky' : ''}`}
              style={column.sticky ? { insetInlineStart: `${column.offset}px` } : undefined}
              aria-sort={sort?.column === column.key ? sort.direction : undefined}
            >
              {column.kind === 'action' ? (
                <span class="ow-hidden">{column.label}</span>
              ) : (
                <button
                  type="button"
                  class="ow-grid-sort"
                  title={column.label}
                  onClick={() => props.onSort(nextSort(sort, column.key))}
                >
                  <span class="ow-ellipsis">{column.label}</span>
                  {sort?.column === column.key && (
                    <Icon
                      name={sort.direction === 'ascending' ? 'sortAscending' : 'sortDescending'}
                      size={12}
                    />
                  )}
                </button>
              )}
            </div>
          ),
        )}
      </div>
    </div>
  );
}

/** Up, down, then the order as found. */
function nextSort(sort: TableSort | null, column: string): TableSort | null {
  if (sort?.column !== column) return { column, direction: 'ascending' };
  return sort.direction === 'ascending' ? { column, direction: 'descending' } : null;
}

/** Moves the focus among a row's own controls; false when there is nowhere to go. */
function moveWithin(row: HTMLElement, from: HTMLElement, way: 'into' | 'out'): boolean {
  const stops = [
    row,
    ...row.querySelectorAll<HTMLElement>('button:not(:disabled), a[href], input:not(:disabled)'),
  ];
  const next = stops[stops.indexOf(from) + (way === 'into' ? 1 : -1)];
  if (!next) return false;
  next.focus({ preventScroll: way === 'out' });
  return true;
}

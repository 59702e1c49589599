import type { RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Menu, type MenuItem } from './Menu.tsx';
import { TextField } from './TextField.tsx';
import type { DataTableTexts, TableColumn, TableFilter, TableRow, TableSource } from './table-types.ts';

/** Milliseconds of silence before a search is made. */
const debounce = 120;

export interface TableToolbarProps<Row extends TableRow> {
  label: string;
  source: TableSource<Row>;
  columns: readonly TableColumn[];
  hasOwner: boolean;
  hasState: boolean;
  filters: readonly TableFilter[];
  narrow: boolean;
  texts: DataTableTexts;
  inputRef: RefObject<HTMLInputElement | null>;
  /** Runs a change of what is in view, and follows it up. */
  onChange: (act: () => void) => void;
}

/** Search, sort (a menu where there are no column heads) and filter chips above the rows. */
export function TableToolbar<Row extends TableRow>(props: TableToolbarProps<Row>) {
  const { source, texts, filters } = props;
  const query = source.query.value;
  const [typed, setTyped] = useState(query);
  const change = useRef(props.onChange);
  change.current = props.onChange;
  // The query changes from elsewhere too (Clear, a chart). What was searched for from here is no news: more may have
  // been typed since.
  const sent = useRef(query);
  useEffect(() => {
    if (query === sent.current) return;
    sent.current = query;
    setTyped(query);
  }, [query]);
  useEffect(() => {
    if (typed === source.query.peek()) return;
    const timer = setTimeout(() => {
      sent.current = typed;
      change.current(() => source.search(typed));
    }, debounce);
    return () => clearTimeout(timer);
  }, [typed, source]);

  return (
    <div class="ow-table-tools">
      <div class="ow-table-search">
        <TextField
          label={texts.search}
          hideLabel
          type="search"
          icon="search"
          placeholder={texts.search}
          value={typed}
          onInput={setTyped}
          clearLabel={texts.clearSearch}
          inputRef={props.inputRef}
          onKeyDown={(event) => {
            if (event.key !== 'Escape' || typed === '') return;
            event.preventDefault();
            event.stopPropagation();
            setTyped('');
          }}
        />
      </div>
      {props.narrow && (
        <Menu
          label={texts.sort}
          showLabel
          icon="sort"
          items={sortItems(props)}
          onSelect={(id) => {
            const [column, direction] = splitOption(id);
            props.onChange(() => source.sortBy(column === '' ? null : { column, direction }));
          }}
        />
      )}
      {filters.length > 1 && (
        // biome-ignore lint/a11y/useSemanticElements: a set of toggles is no form fieldset
        <div class="ow-table-filters" role="group" aria-label={texts.filters}>
          {filters.map((filter) => (
            <button
              key={filter.id}
              type="button"
              class="ow-filter"
              aria-pressed={source.filter.value === filter.id}
              onClick={() => props.onChange(() => source.filterBy(filter.id))}
            >
              {filter.label}
              {filter.count !== undefined && <span class="ow-number">{texts.number(filter.count)}</span>}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}

function sortItems<Row extends TableRow>(props: TableToolbarProps<Row>): MenuItem[] {
  const { texts } = props;
  const sort = props.source.sort.value;
  const sortable = [
    ...props.columns.map(({ key, label }) => ({ key, label })),
    ...(props.hasOwner ? [{ key: '$owner', label: texts.owner }] : []),
    ...(props.hasState ? [{ key: '$state', label: texts.state }] : []),
  ];
  const items: MenuItem[] = [{ id: '', label: texts.sortNone, checked: sort === null }];
  for (const { key, label } of sortable)
    for (const direction of ['ascending', 'descending'] as const)
      items.push({
        id: `${direction}:${key}`,
        label: texts.sortOption(label, direction),
        checked: sort?.column === key && sort.direction === direction,
      });
  return items;
}

function splitOption(id: string): [string, 'ascending' | 'descending'] {
  const at = id.indexOf(':');
  return [at < 0 ? '' : id.slice(at + 1), id.startsWith('descending') ? 'descending' : 'ascending'];
}

import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Button } from './Button.tsx';
import { Notice } from './Notice.tsx';
import { ProgressBar } from './ProgressBar.tsx';
import { Skeleton } from './Skeleton.tsx';
import { TableGrid } from './TableGrid.tsx';
import { SelectAll, SelectionBar } from './TableSelection.tsx';
import { TableToolbar } from './TableToolbar.tsx';
import type { DataTableProps } from './table-props.ts';
import type { DataTableTexts, TableRow, TableSource } from './table-types.ts';
import './DataTable.css';

export type { DataTableTexts, TableColumn } from './table-types.ts';

/** Below this width of the table itself, in pixels, rows have two lines and no columns. */
const narrowBelow = 560;

/** Rows to look through, search, sort, filter and select, from 5 to 100,000, in the panel and in the tab. */
export function DataTable<Row extends TableRow>(props: DataTableProps<Row>) {
  const { source, texts, toolbar = true } = props;
  const root = useRef<HTMLDivElement>(null);
  const search = useRef<HTMLInputElement>(null);
  const narrow = useNarrow(root);
  const state = source.state.value;
  const matching = source.matching.value;
  const total = source.total.value;
  const reading = source.reading.value;
  const query = source.query.value;
  const filter = props.filters?.find((each) => each.id === source.filter.value);
  const filtered = filter !== undefined && filter !== props.filters?.[0];
  const say = useResultsAnnouncement(source, texts, props.announce);
  // A new view starts at its top; `view` remounts nothing, it only tells the grid.
  const [view, setView] = useState(0);
  const change = (act: () => void) => {
    say();
    act();
    setView((now) => now + 1);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when the table appears
  useEffect(() => {
    if (props.focusSearch) search.current?.focus();
  }, []);

  const selectAll = () => {
    source.selectAll();
    props.announce?.(texts.selectedAll(matching));
  };
  return (
    <div ref={root} class={`ow-table ow-table-${props.height ?? 'content'}`}>
      {toolbar && (
        <TableToolbar
          label={props.label}
          source={source}
          columns={props.columns}
          hasOwner={props.owner !== undefined}
          hasState={props.outcome !== undefined}
          filters={props.filters ?? []}
          narrow={narrow}
          texts={texts}
          inputRef={search}
          onChange={change}
        />
      )}
      {props.pending && (
        <div class="ow-table-pending">
          <span>{props.pending.text}</span>
          <Button small variant="text" onClick={props.pending.onShow}>
            {props.pending.action}
          </Button>
        </div>
      )}
      {state === 'ready' && total > 0 && (narrow || toolbar || reading) && (
        <div class="ow-table-count">
          {props.selectable && narrow && matching > 0 && (
            <SelectAll source={source} texts={texts} matching={matching} onSelectAll={selectAll} />
          )}
          {(!reading || query !== '' || filtered) && (
            <span class="ow-meta ow-number">{texts.results(matching, total)}</span>
          )}
          {reading && (
            <Reading
              source={source}
              texts={texts}
              expected={props.expected}
              found={query !== '' || filtered}
            />
          )}
        </div>
      )}
      {state === 'loading' ? (
        <Skeleton rows={8} height={narrow ? 52 : 36} text={texts.loading} />
      ) : state === 'failed' ? (
        <Notice tone="danger" action={{ label: texts.retry, onClick: () => source.reload() }}>
          {texts.failed}
        </Notice>
      ) : matching === 0 ? (
        <div class="ow-table-empty">
          <p>
            {total === 0
              ? texts.empty
              : query !== ''
                ? texts.noMatch(query)
                : texts.noneInFilter(filter?.label ?? '')}
          </p>
          {total > 0 && (
            <Button
              small
              onClick={() =>
                change(() => {
                  if (query !== '') source.search('');
                  else if (filtered) source.filterBy(props.filters?.[0]?.id ?? '');
                })
              }
            >
              {query === '' ? texts.showAll : texts.clearSearch}
            </Button>
          )}
        </div>
      ) : (
        <TableGrid
          {...props}
          narrow={narrow}
          view={view}
          onSelectAll={selectAll}
          onSort={(sort) => change(() => source.sortBy(sort))}
          onSearchKey={() => search.current?.focus()}
        />
      )}
      {props.selectable && (
        <SelectionBar source={source} texts={texts} onSelectAll={selectAll}>
          {props.actions}
        </SelectionBar>
      )}
    </div>
  );
}

/** How far reading is, and what that means for what was searched for or sorted by. */
function Reading<Row extends TableRow>(props: {
  source: TableSource<Row>;
  texts: DataTableTexts;
  expected: number | undefined;
  /** Not all of them are in view. */
  found: boolean;
}) {
  const { source, texts } = props;
  const read = source.total.value;
  const expected = props.expected !== undefined && props.expected >= read ? props.expected : undefined;
  const how = texts.reading(read, expected);
  return (
    <>
      <span class="ow-meta ow-number">
        {how}
        {props.found && ` ${texts.searchGoesOn}`}
        {source.sort.value !== null && ` ${texts.sortWaits}`}
      </span>
      <ProgressBar
        thin
        value={expected === undefined ? null : read / expected}
        label={texts.loading}
        valueText={how}
      />
    </>
  );
}

function useNarrow(root: { current: HTMLElement | null }): boolean {
  const [narrow, setNarrow] = useState(true);
  useLayoutEffect(() => {
    const element = root.current;
    if (!element) return;
    const measure = (width: number) => {
      if (width > 0) setNarrow(width < narrowBelow);
    };
    measure(element.getBoundingClientRect().width);
    const observer = new ResizeObserver(([entry]) => {
      if (entry) measure(entry.contentRect.width);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [root]);
  return narrow;
}

/** Says how many rows are in view after the reader changed what is in view, once the source has answered. */
function useResultsAnnouncement<Row extends TableRow>(
  source: TableSource<Row>,
  texts: DataTableTexts,
  announce: ((text: string) => void) | undefined,
): () => void {
  const asked = useRef(false);
  const version = source.version.value;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new version is the answer
  useEffect(() => {
    if (!asked.current) return;
    asked.current = false;
    announce?.(texts.results(source.matching.peek(), source.total.peek()));
  }, [version]);
  return () => {
    asked.current = true;
  };
}

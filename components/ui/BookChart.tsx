import { useId, useState } from 'preact/hooks';
import { Button } from './Button.tsx';
import type { BookChartProps, BookChartTexts, BookRow, BookUnit } from './book.ts';
import './BookChart.css';

export type { BookChartTexts, BookUnit } from './book.ts';

/** Rows shown before "Show 9 more". */
const firstRows = 6;
/** Height of a row in pixels. */
const rowHeight = 28;
/** Between "today" and "added", in pixels; their hues alone are too close to each other. */
const gap = 2;

/** Each replacement's book before and after: bars on one scale, and the same figures as a table for everybody. */
export function BookChart({ units, texts, onSelect }: BookChartProps) {
  const id = useId();
  const [unitId, setUnitId] = useState(units[0]?.id);
  const [all, setAll] = useState(false);
  const [asTable, setAsTable] = useState(false);
  const unit = units.find((each) => each.id === unitId) ?? units[0];
  if (!unit) return null;
  const rows = [...unit.rows].sort((a, b) => b.today + b.added - (a.today + a.added));
  const shown = all ? rows : rows.slice(0, firstRows);
  const scale = Math.max(1, unit.median ?? 0, ...rows.map((row) => row.today + row.added));
  return (
    <figure class="ow-book" aria-labelledby={`${id}-title`}>
      <div class="ow-book-head">
        <figcaption id={`${id}-title`} class="ow-strong">
          {texts.title}
        </figcaption>
        {units.length > 1 && (
          // biome-ignore lint/a11y/useSemanticElements: a set of toggles is no form fieldset
          <div class="ow-book-units" role="group" aria-label={texts.unit}>
            {units.map((each) => (
              <button
                key={each.id}
                type="button"
                class="ow-filter"
                aria-pressed={each === unit}
                onClick={() => setUnitId(each.id)}
              >
                {each.label}
              </button>
            ))}
          </div>
        )}
      </div>
      {!asTable && (
        <>
          <div class="ow-book-rows">
            {shown.map((row) => (
              <Row key={row.id} row={row} unit={unit} scale={scale} texts={texts} onSelect={onSelect} />
            ))}
          </div>
          <Legend unit={unit} texts={texts} />
        </>
      )}
      <FigureTable rows={rows} unit={unit} texts={texts} visible={asTable} />
      <div class="ow-line">
        {rows.length > firstRows && !asTable && (
          <Button small variant="text" onClick={() => setAll(!all)}>
            {all ? texts.showFewer : texts.showMore(rows.length - firstRows)}
          </Button>
        )}
        <Button small variant="text" icon="table" onClick={() => setAsTable(!asTable)}>
          {asTable ? texts.hideTable : texts.showTable}
        </Button>
      </div>
    </figure>
  );
}

function Row(props: {
  row: BookRow;
  unit: BookUnit;
  scale: number;
  texts: BookChartTexts;
  onSelect: ((id: string) => void) | undefined;
}) {
  const { row, unit, scale, texts, onSelect } = props;
  const after = row.today + row.added;
  const factor = unit.median !== undefined && unit.median > 0 ? after / unit.median : 0;
  const inner = (
    <>
      <span class="ow-book-name ow-ellipsis" dir="auto">
        {row.name}
      </span>
      <Bars row={row} scale={scale} median={unit.median} />
      <span class="ow-book-figures ow-number">
        <bdi dir="ltr">
          {unit.format(row.today)} → {unit.format(after)}
        </bdi>
        {factor >= 2 && <span class="ow-book-warning">{texts.timesMedian(factor)}</span>}
      </span>
    </>
  );
  if (!onSelect)
    return (
      <div class="ow-book-row" aria-hidden="true">
        {inner}
      </div>
    );
  return (
    <button
      type="button"
      class="ow-book-row"
      title={texts.filterTo(row.name)}
      onClick={() => onSelect(row.id)}
    >
      {inner}
    </button>
  );
}

function Bars({ row, scale, median }: { row: BookRow; scale: number; median: number | undefined }) {
  const hatch = useId();
  const share = (value: number) => `${((value / scale) * 100).toFixed(3)}%`;
  const added = row.added > 0;
  return (
    <svg
      class="ow-book-bars"
      aria-hidden="true"
      focusable="false"
      height={rowHeight}
      preserveAspectRatio="none"
    >
      <defs>
        <pattern id={hatch} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect class="ow-book-added" width="6" height="6" />
          <rect class="ow-book-hatch" width="1.5" height="6" />
        </pattern>
      </defs>
      <rect class="ow-book-today" x="0" y="7" width={share(row.today)} height="14" />
      {added && (
        <svg
          x={share(row.today)}
          y="0"
          width={share(row.added)}
          height={rowHeight}
          overflow="hidden"
          aria-hidden="true"
        >
          <rect x={row.today > 0 ? gap : 0} y="7" width="100%" height="14" fill={`url(#${hatch})`} />
          <rect class="ow-book-outline" x={row.today > 0 ? gap : 0} y="7" width="100%" height="14" />
        </svg>
      )}
      {median !== undefined && median > 0 && (
        <line class="ow-book-median" x1={share(median)} x2={share(median)} y1="0" y2={rowHeight} />
      )}
    </svg>
  );
}

function Legend({ unit, texts }: { unit: BookUnit; texts: BookChartTexts }) {
  return (
    <p class="ow-book-legend" aria-hidden="true">
      <span>
        <span class="ow-book-key ow-book-key-today" /> {texts.today}
      </span>
      <span>
        <span class="ow-book-key ow-book-key-added" /> {texts.added}
      </span>
      {unit.median !== undefined && (
        <span>
          <span class="ow-book-key ow-book-key-median" /> {texts.median(unit.format(unit.median))}
        </span>
      )}
    </p>
  );
}

function FigureTable(props: { rows: BookRow[]; unit: BookUnit; texts: BookChartTexts; visible: boolean }) {
  const { rows, unit, texts } = props;
  return (
    <div class={props.visible ? 'ow-book-scroll' : 'ow-hidden'}>
      <table class="ow-book-table">
        <caption class="ow-hidden">
          {texts.title}, {unit.label}
        </caption>
        <thead>
          <tr>
            <th scope="col">{texts.name}</th>
            <th scope="col">{texts.today}</th>
            <th scope="col">{texts.added}</th>
            <th scope="col">{texts.after}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <th scope="row" dir="auto">
                {row.name}
              </th>
              <td>{unit.format(row.today)}</td>
              <td>{unit.format(row.added)}</td>
              <td>{unit.format(row.today + row.added)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

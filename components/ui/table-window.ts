import { useEffect, useRef, useState } from 'preact/hooks';
import type { TableRow, TableSource } from './table-types.ts';
import type { Window } from './windowing.ts';

interface Loaded<Row> {
  version: number;
  rows: Map<number, Row>;
}

export interface WindowRows<Row> {
  /** The row at a position; undefined until it is here. */
  at(position: number): Row | undefined;
  /** False while the rows shown are of an order that is gone: nothing may be chosen by position then. */
  current: boolean;
}

/** How many rows beyond the window are kept before the farthest are forgotten. */
const kept = 400;

/**
 * Asks the source for the rows of a window, and again when its version changes. Rows of the version before stay until
 * the new ones are here, so that nothing flickers; an answer that comes too late is dropped.
 */
export function useWindowRows<Row extends TableRow>(
  source: TableSource<Row>,
  window: Window,
  extra: number,
): WindowRows<Row> {
  const version = source.version.value;
  const [loaded, setLoaded] = useState<Loaded<Row>>({ version: -1, rows: new Map() });
  const latest = useRef(loaded);
  latest.current = loaded;
  const { from, to } = window;
  useEffect(() => {
    let stale = false;
    const have = latest.current.version === version ? latest.current.rows : new Map<number, Row>();
    const wanted: [number, number][] = [];
    let start = from;
    while (start < to && have.has(start)) start += 1;
    let end = to;
    while (end > start && have.has(end - 1)) end -= 1;
    if (start < end) wanted.push([start, end]);
    if (extra >= 0 && (extra < from || extra >= to) && !have.has(extra)) wanted.push([extra, extra + 1]);
    if (wanted.length === 0) return;
    Promise.all(wanted.map(([low, high]) => source.rows(low, high))).then(
      (answers) => {
        if (stale) return;
        const before = latest.current.version === version ? latest.current.rows : new Map<number, Row>();
        const rows = before.size > kept ? new Map<number, Row>() : new Map(before);
        answers.forEach((answer, index) => {
          const low = wanted[index]?.[0] ?? 0;
          answer.forEach((row, offset) => {
            rows.set(low + offset, row);
          });
        });
        // What was forgotten with the rest but is still in sight comes back from the map before.
        for (let position = from; position < to; position += 1) {
          const row = before.get(position);
          if (row && !rows.has(position)) rows.set(position, row);
        }
        setLoaded({ version, rows });
      },
      () => {
        // The source says itself that it failed.
      },
    );
    return () => {
      stale = true;
    };
  }, [source, version, from, to, extra]);
  return { at: (position) => loaded.rows.get(position), current: loaded.version === version };
}

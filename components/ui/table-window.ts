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

/** How many rows are kept before those out of sight are forgotten. */
const kept = 600;
/** So many rows beyond each edge of the window are asked for ahead of the reader, once half of them are missing. */
const ahead = 64;

/**
 * Asks the source for the rows of a window, and again when its version changes; then for those around it, so that they
 * are there when somebody scrolls. Rows of the version before stay until the new ones are here, so that nothing
 * flickers; an answer of another version is dropped.
 */
export function useWindowRows<Row extends TableRow>(
  source: TableSource<Row>,
  window: Window,
  extra: number,
): WindowRows<Row> {
  const version = source.version.value;
  const [loaded, setLoaded] = useState<Loaded<Row>>({ version: -1, rows: new Map() });
  const latest = useRef({ loaded, window, source, version });
  latest.current = { loaded, window, source, version };
  const asked = useRef({ source, version, positions: new Set<number>() });
  const { from, to } = window;
  const { rows } = loaded;
  useEffect(() => {
    if (asked.current.source !== source || asked.current.version !== version)
      asked.current = { source, version, positions: new Set() };
    const { positions } = asked.current;
    const here = loaded.version === version ? rows : undefined;
    const has = (position: number): boolean => here?.has(position) === true || positions.has(position);
    for (const [low, high] of missing(has, from, to, extra, source.matching.peek())) {
      for (let position = low; position < high; position += 1) positions.add(position);
      const answered = (): void => {
        for (let position = low; position < high; position += 1) positions.delete(position);
      };
      source.rows(low, high).then(
        (answer) => {
          answered();
          const now = latest.current;
          if (now.source !== source || now.version !== version) return;
          const next = withRows(
            now.loaded.version === version ? now.loaded.rows : new Map(),
            now.window,
            low,
            answer,
          );
          latest.current = { ...now, loaded: { version, rows: next } };
          setLoaded(latest.current.loaded);
        },
        // The source says itself that it failed.
        answered,
      );
    }
  }, [source, version, from, to, extra, rows, loaded.version]);
  return { at: (position) => rows.get(position), current: loaded.version === version };
}

/** The rows that are kept, with those from `low` on that have come. */
function withRows<Row>(
  before: ReadonlyMap<number, Row>,
  { from, to }: Window,
  low: number,
  answer: readonly Row[],
): Map<number, Row> {
  const next = before.size > kept ? new Map<number, Row>() : new Map(before);
  // What would be forgotten with the rest but is still in sight stays.
  if (before.size > kept)
    for (let position = from; position < to; position += 1) {
      const row = before.get(position);
      if (row) next.set(position, row);
    }
  answer.forEach((row, offset) => {
    next.set(low + offset, row);
  });
  return next;
}

/** Which rows to ask for: those in sight that are not here, or, where all are, those around them. */
function missing(
  has: (position: number) => boolean,
  from: number,
  to: number,
  extra: number,
  count: number,
): [number, number][] {
  const wanted: [number, number][] = [];
  let start = from;
  while (start < to && has(start)) start += 1;
  let end = to;
  while (end > start && has(end - 1)) end -= 1;
  if (start < end) wanted.push([start, end]);
  if (extra >= 0 && (extra < from || extra >= to) && !has(extra)) wanted.push([extra, extra + 1]);
  if (wanted.length > 0) return wanted;
  const lowest = Math.max(0, from - ahead);
  let low = from;
  while (low > lowest && has(low - 1)) low -= 1;
  if (low > Math.max(0, from - ahead / 2)) wanted.push([lowest, low]);
  const highest = Math.min(count, to + ahead);
  let high = to;
  while (high < highest && has(high)) high += 1;
  if (high < Math.min(count, to + ahead / 2)) wanted.push([high, highest]);
  return wanted;
}

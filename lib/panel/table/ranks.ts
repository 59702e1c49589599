import type { Column } from '../../offboarding/model.ts';
import type { ColumnValues } from './columnar.ts';

/** Every index in ascending order; from `empty` on those without a value, which come last in both directions. */
export interface Ranked {
  order: Uint32Array;
  empty: number;
}

type Value = string | number | null;

/**
 * Orders the indexes of a column: numbers and money by size, dates by time, everything else as a reader of the
 * collator's language expects. Equal values keep the order of `found`. Values that are no number or no date come last.
 */
export function rankColumn(
  { unique, codes }: ColumnValues,
  type: Column['type'],
  collator: Intl.Collator,
  found: Uint32Array,
): Ranked {
  const ranks = rankUnique(unique, type, collator);
  const rank = Int32Array.from(codes, (code) => ranks[code] ?? -1);
  return rankCodes(rank, ranks.reduce((most, each) => Math.max(most, each), -1) + 1, found);
}

/**
 * Orders the indexes in `found` by the code that each has, from 0 to `codes - 1`; -1 is no value. Equal codes keep the
 * order of `found`. Counting, so it takes one pass.
 */
export function rankCodes(code: ArrayLike<number>, codes: number, found: Uint32Array): Ranked {
  const starts = new Uint32Array(codes + 2);
  for (const index of found) {
    const value = code[index] ?? -1;
    const slot = (value < 0 ? codes : value) + 1;
    starts[slot] = (starts[slot] ?? 0) + 1;
  }
  for (let slot = 1; slot < starts.length; slot += 1)
    starts[slot] = (starts[slot] ?? 0) + (starts[slot - 1] ?? 0);
  const empty = starts[codes] ?? 0;
  const order = new Uint32Array(found.length);
  for (const index of found) {
    const value = code[index] ?? -1;
    const slot = value < 0 ? codes : value;
    const place = starts[slot] ?? 0;
    order[place] = index;
    starts[slot] = place + 1;
  }
  return { order, empty };
}

/** The place of each value among the others; equal ones share one, -1 is no value. */
function rankUnique(unique: readonly Value[], type: Column['type'], collator: Intl.Collator): Int32Array {
  if (type === 'number' || type === 'money') return places(unique.map(toNumber), (a, b) => a - b, isNumber);
  if (type === 'date') return places(unique.map(toTime), (a, b) => a - b, isNumber);
  return places(
    unique.map((value) => (value === null ? '' : String(value))),
    collator.compare,
    (text) => text !== '',
  );
}

const isNumber = (value: number): boolean => !Number.isNaN(value);

function places<T>(
  values: readonly T[],
  compare: (a: T, b: T) => number,
  counts: (value: T) => boolean,
): Int32Array {
  const result = new Int32Array(values.length).fill(-1);
  const order = [...values.keys()].filter((at) => counts(values[at] as T));
  order.sort((a, b) => compare(values[a] as T, values[b] as T));
  let place = -1;
  let before: T | undefined;
  for (const at of order) {
    const value = values[at] as T;
    // Texts that a reader takes for equal keep their own places, so that each stays with its likes.
    if (value !== before) place += 1;
    before = value;
    result[at] = place;
  }
  return result;
}

function toNumber(value: Value): number {
  if (value === null || value === '') return Number.NaN;
  return Number(value);
}

function toTime(value: Value): number {
  if (value === null || value === '') return Number.NaN;
  return typeof value === 'number' ? value : Date.parse(value);
}

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
  column: ColumnValues,
  type: Column['type'],
  collator: Intl.Collator,
  found: Uint32Array,
): Ranked {
  const { values, compare } = comparable(column.unique, type, collator);
  return rankSorted(column, values, present(values).sort(compare), found);
}

/** The same, bit by bit: whoever goes through the steps may do other things in between. */
export function* rankInSteps(
  column: ColumnValues,
  type: Column['type'],
  collator: Intl.Collator,
  found: Uint32Array,
): Generator<undefined, Ranked> {
  const { values, compare } = comparable(column.unique, type, collator);
  let runs: number[][] = [];
  const all = present(values);
  for (let at = 0; at < all.length; at += step) {
    runs.push(all.slice(at, at + step).sort(compare));
    yield;
  }
  while (runs.length > 1) {
    const merged: number[][] = [];
    for (let at = 0; at < runs.length; at += 2)
      merged.push(yield* merge(runs[at] ?? [], runs[at + 1] ?? [], compare));
    runs = merged;
  }
  return rankSorted(column, values, runs[0] ?? [], found);
}

/** So many values are compared in one step. */
const step = 2_000;

function* merge(
  left: readonly number[],
  right: readonly number[],
  compare: (a: number, b: number) => number,
): Generator<undefined, number[]> {
  const result: number[] = [];
  let at = 0;
  let beside = 0;
  while (at < left.length || beside < right.length) {
    const a = left[at];
    const b = right[beside];
    if (b === undefined || (a !== undefined && compare(a, b) <= 0)) {
      result.push(a ?? 0);
      at += 1;
    } else {
      result.push(b);
      beside += 1;
    }
    if (result.length % step === 0) yield;
  }
  return result;
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

type Comparable = string | number | undefined;

/** Values as they are compared, undefined for what has no place, and how two of them are, by where they stand. */
function comparable(
  unique: readonly Value[],
  type: Column['type'],
  collator: Intl.Collator,
): { values: Comparable[]; compare: (a: number, b: number) => number } {
  if (type === 'number' || type === 'money' || type === 'date') {
    const numbers = unique.map(type === 'date' ? toTime : toNumber);
    return {
      values: numbers.map((number) => (Number.isNaN(number) ? undefined : number)),
      compare: (a, b) => (numbers[a] ?? 0) - (numbers[b] ?? 0),
    };
  }
  const texts = unique.map((value) => (value === null ? '' : String(value)));
  const { compare } = collator;
  return {
    values: texts.map((text) => (text === '' ? undefined : text)),
    compare: (a, b) => compare(texts[a] ?? '', texts[b] ?? ''),
  };
}

const present = (values: readonly Comparable[]): number[] =>
  [...values.keys()].filter((at) => values[at] !== undefined);

/** `sorted`: the values that have a place, in their order. */
function rankSorted(
  { codes }: ColumnValues,
  values: readonly Comparable[],
  sorted: readonly number[],
  found: Uint32Array,
): Ranked {
  const places = new Int32Array(values.length).fill(-1);
  let place = -1;
  let before: Comparable;
  for (const at of sorted) {
    // Texts that a reader takes for equal keep their own places, so that each stays with its likes.
    if (values[at] !== before) place += 1;
    before = values[at];
    places[at] = place;
  }
  return rankCodes(
    Int32Array.from(codes, (code) => places[code] ?? -1),
    place + 1,
    found,
  );
}

function toNumber(value: Value): number {
  if (value === null || value === '') return Number.NaN;
  return Number(value);
}

function toTime(value: Value): number {
  if (value === null || value === '') return Number.NaN;
  return typeof value === 'number' ? value : Date.parse(value);
}

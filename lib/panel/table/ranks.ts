import type { Column } from '../../offboarding/model.ts';

/** Every index in ascending order; from `empty` on those without a value, which come last in both directions. */
export interface Ranked {
  order: Uint32Array;
  empty: number;
}

type Value = string | number | null;

/**
 * Orders the indexes of a column: numbers and money by size, dates by time, everything else as a reader of the
 * collator's language expects. Equal values keep their order. Values that are no number or no date come last.
 */
export function rankColumn(values: readonly Value[], type: Column['type'], collator: Intl.Collator): Ranked {
  if (type === 'number' || type === 'money') return rankNumbers(values.map(toNumber));
  if (type === 'date') return rankNumbers(values.map(toTime));
  const unique = [...new Set(values.filter((value) => value !== null && value !== '').map(String))];
  unique.sort(collator.compare);
  const rank = new Map(unique.map((value, index) => [value, index]));
  return rankCodes(
    Int32Array.from(values, (value) => (value === null ? -1 : (rank.get(String(value)) ?? -1))),
    unique.length,
  );
}

/** Orders indexes by a code from 0 to `codes - 1`; -1 is no value. Counting, so it takes one pass. */
export function rankCodes(code: Int32Array, codes: number): Ranked {
  const starts = new Uint32Array(codes + 2);
  for (const value of code) {
    const slot = (value < 0 ? codes : value) + 1;
    starts[slot] = (starts[slot] ?? 0) + 1;
  }
  for (let slot = 1; slot < starts.length; slot += 1)
    starts[slot] = (starts[slot] ?? 0) + (starts[slot - 1] ?? 0);
  const empty = starts[codes] ?? 0;
  const order = new Uint32Array(code.length);
  code.forEach((value, index) => {
    const slot = value < 0 ? codes : value;
    const place = starts[slot] ?? 0;
    order[place] = index;
    starts[slot] = place + 1;
  });
  return { order, empty };
}

function rankNumbers(numbers: number[]): Ranked {
  const unique = Float64Array.from(new Set(numbers.filter((value) => !Number.isNaN(value)))).sort();
  const rank = new Map<number, number>();
  unique.forEach((value, index) => {
    rank.set(value, index);
  });
  return rankCodes(
    Int32Array.from(numbers, (value) => (Number.isNaN(value) ? -1 : (rank.get(value) ?? -1))),
    unique.length,
  );
}

function toNumber(value: Value): number {
  if (value === null || value === '') return Number.NaN;
  const number = Number(value);
  // Two zeros would be two values.
  return number === 0 ? 0 : number;
}

function toTime(value: Value): number {
  if (value === null || value === '') return Number.NaN;
  return typeof value === 'number' ? value : Date.parse(value);
}

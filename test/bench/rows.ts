/** One line of the table. */
export interface Row {
  name: string;
  value: number;
  unit: string;
  /** What the value must keep to, for example `<= 1.05`; null: told for comparison only. */
  bound: string | null;
  ok: boolean;
}

/** A row whose bound is an upper one (`most`) or a lower one (`least`); with neither it is told for comparison. */
export function row(
  name: string,
  value: number,
  unit: string,
  bound: { most: number } | { least: number } | null,
): Row {
  if (bound === null) return { name, value, unit, bound: null, ok: true };
  const [sign, limit] = 'most' in bound ? ['<=', bound.most] : ['>=', bound.least];
  const ok = 'most' in bound ? value <= limit : value >= limit;
  return { name, value, unit, bound: `${sign} ${limit}`, ok };
}

/** A part of the benchmark: the rows that it fills, and how. */
export interface Group {
  name: string;
  rows: readonly string[];
  run(tell: (line: string) => void): Promise<Row[]>;
}

/** The middle of some measurements; of an even number the mean of the two in the middle. Throws when there is none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[sorted.length >> 1];
  const lower = sorted[(sorted.length - 1) >> 1];
  if (upper === undefined || lower === undefined) throw new Error('Expected a measurement, got none.');
  return (lower + upper) / 2;
}

/** The table as text, columns aligned. */
export function table(rows: readonly Row[]): string {
  const cells = rows.map(({ name, value, unit, bound, ok }) => [
    name,
    `${shown(value)} ${unit}`.trim(),
    bound === null ? '' : `${bound} ${unit}`.trim(),
    bound === null ? '' : ok ? 'met' : 'MISSED',
  ]);
  const all = [['what', 'value', 'bound', ''], ...cells];
  const widths = [0, 1, 2].map((column) => Math.max(...all.map((line) => line[column]?.length ?? 0)));
  const lines = all.map(([name = '', value = '', bound = '', ok = '']) =>
    [name.padEnd(widths[0] ?? 0), value.padStart(widths[1] ?? 0), bound.padStart(widths[2] ?? 0), ok]
      .join('  ')
      .trimEnd(),
  );
  const rule = '-'.repeat(Math.max(...lines.map((line) => line.length)));
  return [lines[0], rule, ...lines.slice(1)].join('\n');
}

/** Whole numbers from 100 on, three decimals below 10. */
const shown = (value: number): string => {
  if (Math.abs(value) >= 100) return value.toFixed(0);
  return String(Number(value.toFixed(Math.abs(value) >= 10 ? 1 : 3)));
};

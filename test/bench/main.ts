import { writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import type { Browser } from 'puppeteer-core';
import { z } from 'zod';
import { batchGroup } from './batch.ts';
import { bundle, launchPlainChromium } from './browser.ts';
import { type EngineParts, executionGroups } from './execution.ts';
import { pageGroup, sizeGroup } from './overlay.ts';
import { pacingGroup } from './pacing.ts';
import { panelGroup } from './panel.ts';
import { type Group, type Row, table } from './rows.ts';
import { startBenchSandbox } from './sandbox.ts';
import { scanGroup } from './scan.ts';
import { tableGroup } from './table.ts';

/** `npm run bench -- …`: the numbers of the specification, measured. Ends with 1 when a bound is missed. */
const { values } = parseArgs({
  options: {
    /** Writes `{"rows":[{"name","value","unit","bound","ok"}]}` there too. */
    json: { type: 'string' },
    /** Draws the pacer at a limit that changes into this SVG file. */
    plot: { type: 'string' },
    /** Only groups or rows whose name contains this. */
    only: { type: 'string' },
    /** The workspace's limit in the rows where it rules: requests a second, and at once. */
    rate: { type: 'string', default: '50' },
    burst: { type: 'string', default: '100' },
    /** Milliseconds an answer takes: of a write where latency rules, and of a page of 500 items in a scan. */
    latency: { type: 'string', default: '50' },
    pageLatency: { type: 'string', default: '100' },
    /** The same of any answer of the org, in the batch. */
    orgLatency: { type: 'string', default: '60' },
  },
});
const amount = (name: 'rate' | 'burst' | 'latency' | 'pageLatency' | 'orgLatency'): number =>
  z.coerce
    .number({ error: `--${name} has to be a number.` })
    .nonnegative()
    .parse(values[name]);

const once = <T>(make: () => Promise<T>): (() => Promise<T>) => {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
};
let opened: Browser | undefined;
const parts: EngineParts = {
  browser: once(async () => {
    opened = await launchPlainChromium();
    return opened;
  }),
  script: once(() => bundle('worker/main.ts')),
  sandbox: () => startBenchSandbox('large'),
};
const groups: Group[] = [
  ...executionGroups(parts, { rate: amount('rate'), burst: amount('burst'), latency: amount('latency') }),
  scanGroup(parts, { latency: amount('pageLatency') }),
  batchGroup(parts, { latency: amount('orgLatency') }),
  pacingGroup(values.plot),
  tableGroup,
  sizeGroup,
  pageGroup,
  panelGroup,
];
// The benchmark's build of the extension is its own, so that a test beside it builds in peace.
process.env.SANDBOX_BUILD ??= '-bench';

const wanted = values.only?.toLowerCase();
const isGroup = groups.some(({ name }) => name === wanted);
const matches = (name: string): boolean =>
  wanted === undefined || (isGroup ? name === wanted : name.toLowerCase().includes(wanted));
const chosen = groups.filter(({ name, rows }) => matches(name) || rows.some(matches));
if (chosen.length === 0)
  throw new Error(`No row is called so. Groups: ${groups.map(({ name }) => name).join(', ')}.`);

const rows: Row[] = [];
try {
  for (const group of chosen) {
    const start = performance.now();
    const found = await group.run((line) => console.log(`  ${group.name}: ${line}`));
    rows.push(...found.filter(({ name }) => matches(group.name) || matches(name)));
    console.log(`${group.name}: ${((performance.now() - start) / 1000).toFixed(0)} s`);
  }
} finally {
  await opened?.close();
}
console.log(`\n${table(rows)}`);
// A machine that others use at the same time makes every absolute time worse: whoever reads it should know.
const [load = 0] = loadavg();
console.log(`\nLoad of the last minute: ${load.toFixed(1)} on ${availableParallelism()} processors.`);
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ rows }, null, 2)}\n`);
const missed = rows.filter(({ ok }) => !ok);
if (missed.length > 0) console.log(`\n${missed.length} of ${rows.length} bounds missed.`);
process.exitCode = missed.length > 0 ? 1 : 0;

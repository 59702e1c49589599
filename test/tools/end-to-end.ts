import { globSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildForSandbox, root } from './build.ts';
import { runNodeTests, summaryLine } from './report.ts';

/** `npm run test:e2e -- [FILES…] [--name PATTERN]`: the tests in real browsers. */
const { values, positionals } = parseArgs({
  options: { name: { type: 'string' } },
  allowPositionals: true,
});
const files =
  positionals.length > 0
    ? positionals
    : globSync('test/e2e/**/*.e2e.ts', { cwd: root })
        .toSorted((a, b) => Number(takesLong(b)) - Number(takesLong(a)) || a.localeCompare(b))
        .map((file) => join(root, file));
/** Begun first, since two files run at a time and the longest would otherwise end alone. */
function takesLong(file: string): boolean {
  return /screens[^/\\]*$/u.test(file);
}

for (const browser of ['chrome', 'firefox'] as const) buildForSandbox(browser);
const tally = await runNodeTests(files, values.name);
console.log(summaryLine(tally));
process.exitCode = tally.failed > 0 || tally.passed === 0 ? 1 : 0;

import { readFileSync } from 'node:fs';
import { run as runTests } from 'node:test';
import { spec } from 'node:test/reporters';
import { z } from 'zod';

/** How many tests of a part passed and failed. */
export interface Tally {
  passed: number;
  failed: number;
}

/** Vitest's JSON report, as far as it is read. */
const vitestReport = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numFailedTestSuites: z.int(),
  success: z.boolean(),
});

/** Reads what Vitest wrote. A file that did not load counts as one failure, even where none of its tests failed. */
export function readVitestReport(file: string): Tally {
  const report = vitestReport.parse(JSON.parse(readFileSync(file, 'utf8')));
  const failed = report.success ? 0 : Math.max(1, report.numFailedTests, report.numFailedTestSuites);
  return { passed: report.numPassedTests, failed: Math.max(failed, report.numFailedTests) };
}

/**
 * Runs test files of Node's own runner, one file after the other, and prints what happens. Counts tests, not the
 * files and suites that hold them; a file that fails as a whole is one failure.
 */
export async function runNodeTests(files: string[], pattern?: string): Promise<Tally> {
  const tally = { passed: 0, failed: 0 };
  const stream = runTests({
    files,
    concurrency: false,
    ...(pattern === undefined ? {} : { testNamePatterns: new RegExp(pattern) }),
  });
  stream.on('test:pass', ({ details, skip, todo }) => {
    if (details.type !== 'suite' && skip === undefined && todo === undefined) tally.passed += 1;
  });
  stream.on('test:fail', ({ details }) => {
    if (details.type !== 'suite') tally.failed += 1;
  });
  const shown = stream.compose(spec);
  for await (const chunk of shown) process.stdout.write(chunk as string);
  return tally;
}

/** The last line of every test command. */
export const summaryLine = ({ passed, failed }: Tally): string => `${passed} passed, ${failed} failed`;

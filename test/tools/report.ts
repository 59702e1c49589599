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
  testResults: z.array(
    z.object({
      status: z.string(),
      assertionResults: z.array(z.object({ status: z.string() })),
    }),
  ),
});

/** Reads what Vitest wrote. A file that failed without a test of it, because it did not load, counts as one failure. */
export function readVitestReport(file: string): Tally {
  const { numPassedTests, testResults } = vitestReport.parse(JSON.parse(readFileSync(file, 'utf8')));
  let failed = 0;
  for (const { status, assertionResults } of testResults) {
    const tests = assertionResults.filter((test) => test.status === 'failed').length;
    failed += status === 'failed' ? Math.max(1, tests) : tests;
  }
  return { passed: numPassedTests, failed };
}

/**
 * Runs test files of Node's own runner, two at a time (most of a browser test is waiting), and prints what happens. Counts tests, not the
 * files and suites that hold them; a file that fails as a whole is one failure.
 */
export async function runNodeTests(files: string[], pattern?: string): Promise<Tally> {
  const tally = { passed: 0, failed: 0 };
  const stream = runTests({
    files,
    concurrency: 2,
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

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './build.ts';
import { readVitestReport, summaryLine, type Tally } from './report.ts';

/**
 * `npm test`: types, lint and unused code; unit, contract, crash and shape tests; then real browsers. Every part runs,
 * also after one has failed. The last line sums them up; a part that breaks without naming a test counts as one failure.
 */
const folder = mkdtempSync(join(tmpdir(), 'offboarding-test-'));
const parts: { name: string; run(): Promise<Tally> }[] = [
  { name: 'Types, lint, unused code', run: async () => check(await npm(['run', 'check'])) },
  {
    name: 'Unit, contract, crash and shape tests',
    async run() {
      const report = join(folder, 'unit.json');
      const { status } = await npm([
        'run',
        'test:unit',
        '--',
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${report}`,
      ]);
      return withStatus(status, () => readVitestReport(report));
    },
  },
  {
    name: 'Real browsers',
    async run() {
      const { status, lastLine } = await npm(['run', 'test:e2e']);
      return withStatus(status, () => readSummary(lastLine));
    },
  },
];

const sum: Tally = { passed: 0, failed: 0 };
for (const { name, run } of parts) {
  console.log(`\n── ${name}`);
  const { passed, failed } = await run();
  sum.passed += passed;
  sum.failed += failed;
}
rmSync(folder, { recursive: true, force: true });
console.log(`\n${summaryLine(sum)}`);
process.exitCode = sum.failed === 0 ? 0 : 1;

/** Runs an npm command, passing on what it prints; resolves with its status and the last line it printed. */
function npm(parameters: string[]): Promise<{ status: number; lastLine: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn('npm', parameters, { cwd: root, stdio: ['inherit', 'pipe', 'inherit'] });
    let tail = '';
    child.stdout.on('data', (chunk: Buffer) => {
      process.stdout.write(chunk);
      tail = (tail + chunk.toString()).slice(-2_000);
    });
    child.on('error', reject);
    child.on('close', (code) =>
      resolve({ status: code ?? 1, lastLine: tail.trimEnd().split('\n').at(-1) ?? '' }),
    );
  });
}

function check({ status }: { status: number }): Tally {
  return { passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1 };
}

/** A tally never says better than the status of the command that it comes from. */
function withStatus(status: number, read: () => Tally): Tally {
  let tally: Tally;
  try {
    tally = read();
  } catch {
    return { passed: 0, failed: 1 };
  }
  return status !== 0 && tally.failed === 0 ? { ...tally, failed: 1 } : tally;
}

function readSummary(line: string): Tally {
  const match = /^(\d+) passed, (\d+) failed$/.exec(line);
  if (!match) throw new Error(`Expected “N passed, N failed”, got “${line}”.`);
  return { passed: Number(match[1]), failed: Number(match[2]) };
}

import 'fake-indexeddb/auto';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import packageFile from '../../package.json' with { type: 'json' };
import { replay, runSchedule, runSchedules, type Sums, summary, wrongs } from './schedule.ts';

const { scripts } = packageFile;
const root = fileURLToPath(new URL('../..', import.meta.url));
const seeds = 2_200;
const perTest = 200;
/** Every so many seeds one runs over the real store; the others run over the one in memory. */
const realStore = 20;
const storeOf = (seed: number) => (seed % realStore === 0 ? 'indexeddb' : 'memory') as 'indexeddb' | 'memory';
const totals: Sums = {
  seeds: 0,
  killedOften: 0,
  kills: 0,
  faults: 0,
  landedLate: 0,
  moved: 0,
  lost: 0,
  doubled: 0,
  ends: {},
};

afterAll(() => console.log(`Random schedules: ${summary(totals)}`));

describe('R1 to R4 random schedules: deaths, faults, sessions, other people', () => {
  const starts = Array.from({ length: seeds / perTest }, (_, index) => 1 + index * perTest);
  it.each(starts)(
    'ends with what the workspace says, from seed %i',
    async (first) => {
      const failing: string[] = [];
      const sums = await runSchedules(
        first,
        perTest,
        (result) => {
          const wrong = wrongs(result);
          if (wrong.length > 0)
            failing.push(
              `${replay(result.seed, storeOf(result.seed))} (${result.run.phase}): ${wrong.join('; ')}`,
            );
        },
        storeOf,
      );
      for (const [phase, count] of Object.entries(sums.ends))
        totals.ends[phase] = (totals.ends[phase] ?? 0) + count;
      for (const key of [
        'seeds',
        'killedOften',
        'kills',
        'faults',
        'landedLate',
        'moved',
        'lost',
        'doubled',
      ] as const)
        totals[key] += sums[key];
      expect(failing).toEqual([]);
    },
    60_000,
  );

  it('issue 3: the command that a failing seed prints plays it again, in the store in which it failed', async () => {
    const seed = realStore;
    const [program, ...words] = replay(seed, storeOf(seed)).split(' ');
    expect([program, ...words.slice(0, 3)]).toEqual(['npm', 'run', 'soak', '--']);
    const [node, file = '', ...rest] = scripts.soak.split(' ');
    expect([node, rest]).toEqual(['node', []]);
    const { stdout } = await promisify(execFile)(process.execPath, [file, ...words.slice(3)], { cwd: root });
    const { run, description } = await runSchedule(seed, 'indexeddb');
    expect(description).toContain('"store":"indexeddb"');
    expect(stdout).toContain(`seed ${seed}: ${run.phase}, ${description}`);
    expect(stdout).toContain('1 seeds');
  });

  it('has killed at least 2,000 of them more than once', () => {
    expect(totals.seeds).toBe(seeds);
    expect(totals.killedOften).toBeGreaterThanOrEqual(2_000);
  });
});

import 'fake-indexeddb/auto';
import { parseArgs } from 'node:util';
import { runSchedules, summary, wrongs } from './schedule.ts';

/**
 * Runs seeded schedules: `npm run soak -- --runs 10000` for many, `npm run soak -- --seed 4711` to replay one,
 * with `--indexeddb` over the real store. Ends with code 1 when anything was lost, doubled or untrue.
 */
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
    indexeddb: { type: 'boolean', default: false },
  },
});
const runs = Number(values.runs);
let failed = 0;
const sums = await runSchedules(
  Number(values.seed),
  runs,
  (result) => {
    const wrong = wrongs(result);
    if (wrong.length > 0) failed += 1;
    if (wrong.length > 0 || runs === 1)
      console.log(`seed ${result.seed}: ${result.run.phase}, ${result.description}\n  ${wrong.join('\n  ')}`);
    if (runs > 1 && result.seed % 1000 === 0) console.log(`… seed ${result.seed}`);
  },
  () => (values.indexeddb ? 'indexeddb' : 'memory'),
);
console.log(summary(sums));
if (failed > 0) process.exitCode = 1;

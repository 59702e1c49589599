import { openWorker } from './browser.ts';
import { type EngineParts, type Pace, seconds } from './execution.ts';
import { type Group, median, row } from './rows.ts';
import { giveBack, people } from './workspace.ts';

/** Scans, each between two bare loops, so that a busy moment of the machine meets both. */
const rounds = 1;

/** The scan of 100,000 items, over the same requests without an engine, a schema or a store. */
export function scanGroup(parts: EngineParts, pace: Pick<Pace, 'latency'>): Group {
  const name = `scan of 100,000 items at ${pace.latency} ms an answer, over a bare loop of its requests`;
  return {
    name: 'scan',
    rows: [name],
    async run(tell) {
      const sandbox = await parts.sandbox();
      try {
        const calls = await openWorker(await parts.browser(), sandbox, await parts.script(), people.admin);
        const base = { origin: sandbox.url, leaver: people.leaver, receiver: people.receiver };
        await sandbox.limit({ rate: 0, latency: pace.latency });
        const bare: number[] = [];
        const scans: number[] = [];
        for (let round = 0; round < rounds; round += 1) {
          const loop = await calls.bareScan(base);
          const scan = await calls.scan({ ...base, store: 'disk', database: `scan-${round}` });
          tell(
            `bare: ${seconds(loop)} for ${loop.requests} requests, scan: ${seconds(scan)} for ${scan.requests}`,
          );
          if (scan.items !== loop.items) throw new Error(`Expected ${loop.items} items, got ${scan.items}.`);
          bare.push(loop.milliseconds);
          scans.push(scan.milliseconds);
          await giveBack(sandbox);
        }
        bare.push((await calls.bareScan(base)).milliseconds);
        await calls.close();
        return [row(name, median(scans) / median(bare), 'x', { most: 1.1 })];
      } finally {
        await sandbox.close();
      }
    },
  };
}

import { openWorker } from './browser.ts';
import { type EngineParts, type Pace, seconds } from './execution.ts';
import { type Group, median, row } from './rows.ts';
import { giveBack, people } from './workspace.ts';

/** Scans, each between two bare loops: it is compared with their mean, so that a busy moment meets both. */
const rounds = 2;

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
        const ratios: number[] = [];
        let before = await calls.bareScan(base);
        for (let round = 0; round < rounds; round += 1) {
          const scan = await calls.scan({ ...base, store: 'disk', database: `scan-${round}` });
          if (scan.items !== before.items)
            throw new Error(`Expected ${before.items} items, got ${scan.items}.`);
          await giveBack(sandbox);
          const after = await calls.bareScan(base);
          const ratio = scan.milliseconds / ((before.milliseconds + after.milliseconds) / 2);
          tell(
            `bare ${seconds(before)}, scan ${seconds(scan)}, bare ${seconds(after)}: ${ratio.toFixed(3)} x, ` +
              `${scan.requests} requests for ${before.requests}`,
          );
          ratios.push(ratio);
          before = after;
        }
        await calls.close();
        return [row(name, median(ratios), 'x', { most: 1.1 })];
      } finally {
        await sandbox.close();
      }
    },
  };
}

import { openWorker } from './browser.ts';
import { type EngineParts, type Pace, seconds } from './execution.ts';
import { type Group, row } from './rows.ts';
import { giveBack, people } from './workspace.ts';

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
        // A busy moment meets both: the scan is compared with the mean of the loops before and after it.
        const before = await calls.bareScan(base);
        const scan = await calls.scan({ ...base, store: 'disk', database: 'scan' });
        if (scan.items !== before.items)
          throw new Error(`Expected ${before.items} items, got ${scan.items}.`);
        await giveBack(sandbox);
        const after = await calls.bareScan(base);
        tell(
          `bare ${seconds(before)}, scan ${seconds(scan)}, bare ${seconds(after)}, ` +
            `${scan.requests} requests for ${before.requests}`,
        );
        await calls.close();
        const bare = (before.milliseconds + after.milliseconds) / 2;
        return [row(name, scan.milliseconds / bare, 'x', { most: 1.1 })];
      } finally {
        await sandbox.close();
      }
    },
  };
}

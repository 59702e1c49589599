import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { limits } from '../../lib/workspace/natterbox/connector.ts';
import { natterboxUserId } from '../sandbox/natterbox/seed.ts';
import { openWorker } from './browser.ts';
import type { EngineParts } from './execution.ts';
import { type Group, row } from './rows.ts';

/** Users of the batch. */
const users = 500;

const names = {
  batch: '500-user Natterbox batch, over the ideal time at the org’s limits',
  calls: '… API calls for each user, from the check to the deactivation',
} as const;

/** Linked to an active Salesforce user, and active themselves. */
const chosen = Array.from({ length: 700 }, (_none, index) => 42 + index)
  .filter((user) => [17, 29, 41].every((held) => user % held !== 0))
  .slice(0, users);

/**
 * A batch by the real engine in real Chromium. The org sets no rate, only how many requests it answers at once and how
 * long it takes for each (`latency`, milliseconds, and its own time): ideal is that so many are being answered all the
 * time.
 */
export function batchGroup(
  parts: Pick<EngineParts, 'browser' | 'script'>,
  { latency }: { latency: number },
): Group {
  return {
    name: 'batch',
    rows: [names.batch, names.calls],
    async run(tell) {
      const child = fork(fileURLToPath(new URL('org.ts', import.meta.url)), [
        String((chosen.at(-1) ?? 0) + 1),
        String(latency),
      ]);
      const answer = <T>(): Promise<T> =>
        new Promise((resolve, reject) => {
          child.once('message', (message) => resolve(message as T));
          child.once('exit', (code) => reject(new Error(`The demo org ended (${code}).`)));
        });
      try {
        const org = await answer<{ url: string; session: string }>();
        const stats = (): Promise<{ busy: number; calls: number }> => {
          const told = answer<{ busy: number; calls: number }>();
          child.send('stats');
          return told;
        };
        const page = {
          url: org.url,
          session: async () => ({ cookie: `sid=${org.session}`, csrf: '' }),
        };
        const calls = await openWorker(
          await parts.browser(),
          page,
          await parts.script(),
          '',
          '/services/data',
        );
        const before = await stats();
        const done = await calls.batch({
          origin: org.url,
          session: org.session,
          members: chosen.map(natterboxUserId),
          database: 'bench-batch',
        });
        const after = await stats();
        const bare = await calls.replay({ concurrency: limits.concurrency });
        const last = await stats();
        await calls.close();
        if (done.succeeded !== users)
          throw new Error(`Expected ${users} users to be deactivated, got ${done.succeeded}.`);
        const made = after.calls - before.calls;
        // A bare loop has the browser's and the network's own time too, which no engine could save.
        const ideal = ((after.busy - before.busy) * bare) / (last.busy - after.busy);
        const took = done.checking + done.executing;
        tell(
          `checked in ${(done.checking / 1000).toFixed(1)} s, executed in ${(done.executing / 1000).toFixed(1)} s, ` +
            `${made} calls of ${((after.busy - before.busy) / made).toFixed(1)} ms; ` +
            `bare loop: ${((bare * limits.concurrency) / (last.busy - after.busy)).toFixed(3)} of the org's own time`,
        );
        return [
          row(names.batch, took / ideal, 'x', { most: 1.1 }),
          row(names.calls, made / users, 'calls', { most: 31 }),
        ];
      } finally {
        child.kill('SIGTERM');
      }
    },
  };
}

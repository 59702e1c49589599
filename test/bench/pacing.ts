import { writeFileSync } from 'node:fs';
import { systemClock } from '../../lib/workspace/clock.ts';
import { createDispatcher } from '../../lib/workspace/dispatcher.ts';
import { drawPace } from './pacer-plot.ts';
import { type Group, row } from './rows.ts';
import { type BenchSandbox, startBenchSandbox } from './sandbox.ts';
import { people } from './workspace.ts';

/** A stretch of time under one limit. */
export interface Stretch {
  /** Seconds from the start. */
  from: number;
  until: number;
  /** Requests a second, and at once. */
  rate: number;
  burst: number;
}

export interface PaceMeasured {
  stretches: readonly Stretch[];
  /** Seconds from the start, and the status, of each answer. */
  answers: { at: number; status: number }[];
}

/** The limit falls to a third in mid-run and rises again beyond what it was. Nobody tells the client. */
export const stretches: readonly Stretch[] = [
  { from: 0, until: 9, rate: 50, burst: 50 },
  { from: 9, until: 18, rate: 15, burst: 15 },
  { from: 18, until: 27, rate: 80, burst: 80 },
];
const latency = 40;
const waiting = 24;

/**
 * Keeps the dispatcher of one connection busy with reads of a demo workspace whose limit changes twice. Rejects when
 * the workspace answers anything but 200 or 429.
 */
export async function measurePace(sandbox: BenchSandbox): Promise<PaceMeasured> {
  const { cookie } = await sandbox.session(people.admin);
  const dispatcher = createDispatcher({ limits: { concurrency: 8 }, clock: systemClock() });
  const answers: PaceMeasured['answers'] = [];
  const start = performance.now();
  const elapsed = (): number => (performance.now() - start) / 1000;
  const end = stretches.at(-1)?.until ?? 0;
  let failure: Error | undefined;

  const ask = (): Promise<void> =>
    dispatcher.dispatch({ priority: 'read' }, async (report) => {
      const response = await fetch(`${sandbox.url}/api/v1/me`, { headers: { cookie } });
      report({ status: response.status, headers: response.headers });
      await response.arrayBuffer();
      answers.push({ at: elapsed(), status: response.status });
      if (response.status !== 200 && response.status !== 429)
        failure = new Error(`Expected 200 or 429, got ${response.status}.`);
    });
  const lane = async (): Promise<void> => {
    while (elapsed() < end && !failure) await ask();
  };
  const change = async (): Promise<void> => {
    for (const { from, rate, burst } of stretches.slice(1)) {
      await new Promise((resolve) => setTimeout(resolve, from * 1000 - (performance.now() - start)));
      await sandbox.limit({ rate, burst });
    }
  };
  const [first] = stretches;
  await sandbox.limit({ rate: first?.rate ?? 0, burst: first?.burst ?? 1, latency });
  await Promise.all([change(), ...Array.from({ length: waiting }, lane)]);
  if (failure) throw failure;
  return { stretches, answers };
}

const names = {
  used: 'limit that changes in mid-run: calls let through, over what the limits allow',
  throttled: 'limit that changes in mid-run: calls answered 429',
} as const;

/** Neither idle nor in bursts: how much of a changing limit is used, and how much is refused. `plot`: a file for it. */
export const pacingGroup = (plot: string | undefined): Group => ({
  name: 'pacing',
  rows: [names.used, names.throttled],
  async run(tell) {
    const sandbox = await startBenchSandbox('demo');
    try {
      const measured = await measurePace(sandbox);
      const { answers } = measured;
      if (plot !== undefined) writeFileSync(plot, drawPace(measured));
      const throttled = answers.filter(({ status }) => status === 429).length;
      const passed = answers.length - throttled;
      // Each limit begins with a full bucket.
      const allowed = stretches.reduce(
        (sum, { from, until, rate, burst }) => sum + burst + rate * (until - from),
        0,
      );
      tell(`${passed} of ${allowed} let through, ${throttled} answered 429`);
      return [
        row(names.used, passed / allowed, 'x', { least: 0.9 }),
        row(names.throttled, (throttled / answers.length) * 100, '%', { most: 1 }),
      ];
    } finally {
      await sandbox.close();
    }
  },
});

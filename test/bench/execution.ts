import type { Browser } from 'puppeteer-core';
import { openWorker } from './browser.ts';
import { type Group, median, row } from './rows.ts';
import type { BenchSandbox } from './sandbox.ts';
import type { EngineSetting, Executed } from './worker/protocol.ts';
import { giveBack, keepOneIn, people } from './workspace.ts';

export interface EngineParts {
  browser(): Promise<Browser>;
  /** A large workspace of the caller's own: whoever asks ends it. */
  sandbox(): Promise<BenchSandbox>;
  script(): Promise<string>;
}

/** Requests a second and burst of the limited rows: what the demo workspace allows unless told otherwise. */
export interface Pace {
  rate: number;
  burst: number;
  /** Milliseconds an answer takes where latency rules. */
  latency: number;
}

/** Changes in one call of the limited rows: small, so that the limit rules and not the workspace. */
const batch = 5;
/** Calls of one item each that stand for all of a client that sends one after another. */
const sample = 60;

/** Milliseconds of an answer where nothing limits the run: of a workspace that is near. */
const nearby = 20;
/** Runs with no limit, disk and memory in turn, so that each run in memory lies between two on disk. */
const turns = ['disk', 'memory', 'disk'] as const;

const names = {
  limit: '10,000 items at the limit, over the ideal time',
  throttled: '10,000 items at the limit: calls answered 429',
  journal: 'durable journal: time over the same run in memory',
  unlimited: `durable journal with no limit, ${nearby} ms an answer: time over the same run in memory`,
  cost: '… what it costs a call of five items',
  single: '10,000 items at 50 ms an answer, speed over one item after another',
  batches: '… speed over the same batches one after another (a browser has 6 connections)',
} as const;

/** Rows about executing a run of some 10,000 items, by the real engine in real Chromium. */
export function executionGroups(parts: EngineParts, pace: Pace): Group[] {
  const withRuns = async <T>(
    work: (
      run: (setting: Partial<EngineSetting>, limit: Partial<Pace>) => Promise<Executed>,
      sandbox: BenchSandbox,
      setting: EngineSetting,
      calls: Awaited<ReturnType<typeof openWorker>>,
    ) => Promise<T>,
    every = 10,
  ): Promise<T> => {
    const sandbox = await parts.sandbox();
    try {
      await keepOneIn(every, sandbox);
      const calls = await openWorker(await parts.browser(), sandbox, await parts.script(), people.admin);
      const base: EngineSetting = {
        origin: sandbox.url,
        leaver: people.leaver,
        receiver: people.receiver,
        store: 'disk',
        database: 'bench',
      };
      let number = 0;
      const run = async (change: Partial<EngineSetting>, limit: Partial<Pace>): Promise<Executed> => {
        number += 1;
        const setting = { ...base, ...change, database: `bench-${number}` };
        await sandbox.limit({ rate: 0, latency: 0 });
        await calls.scan(setting);
        await sandbox.limit(limit);
        return calls.execute(setting);
      };
      try {
        return await work(run, sandbox, base, calls);
      } finally {
        await calls.close();
      }
    } finally {
      await sandbox.close();
    }
  };

  const limited: Group = {
    name: 'limit',
    rows: [names.limit, names.throttled, names.journal],
    run: (tell) =>
      withRuns(async (run, sandbox) => {
        const limit = { rate: pace.rate, burst: pace.burst };
        const disk = await run({ batch }, limit);
        const { passed, throttled } = await sandbox.stats();
        tell(`on disk: ${seconds(disk)}, ${disk.moved} items, ${passed} calls, ${throttled} answered 429`);
        await giveBack(sandbox);
        const memory = await run({ batch, store: 'memory' }, limit);
        tell(`in memory: ${seconds(memory)}`);
        // A full bucket may be spent at once; the writes beyond it can come no faster than the limit.
        const ideal = ((disk.needed - pace.burst) / pace.rate) * 1000;
        return [
          row(names.limit, disk.milliseconds / ideal, 'x', { most: 1.05 }),
          row(names.throttled, (throttled / (passed + throttled)) * 100, '%', { most: 1 }),
          row(names.journal, disk.milliseconds / memory.milliseconds, 'x', { most: 1.05 }),
        ];
      }),
  };

  const unlimited: Group = {
    name: 'unlimited',
    rows: [names.unlimited, names.cost],
    run: (tell) =>
      withRuns(async (run, sandbox) => {
        const times: Record<(typeof turns)[number], number[]> = { disk: [], memory: [] };
        let calls = 0;
        for (const store of turns) {
          const done = await run({ batch, store }, { rate: 0, latency: nearby });
          tell(`${store}: ${seconds(done)}, ${done.moved} items, ${done.needed} calls`);
          times[store].push(done.milliseconds);
          calls = done.needed;
          await giveBack(sandbox);
        }
        const [disk, memory] = [median(times.disk), median(times.memory)];
        return [
          row(names.unlimited, disk / memory, 'x', null),
          row(names.cost, (disk - memory) / calls, 'ms', null),
        ];
      }, 40),
  };

  const latency: Group = {
    name: 'latency',
    rows: [names.single, names.batches],
    run: (tell) =>
      withRuns(async (run, sandbox, base, calls) => {
        const limit = { rate: 0, latency: pace.latency };
        await sandbox.limit(limit);
        const single = await calls.sequential({ ...base, batch: 1, most: sample });
        await giveBack(sandbox);
        const engine = await run({}, limit);
        await giveBack(sandbox);
        await sandbox.limit(limit);
        const again = await calls.sequential({ ...base, batch: 1, most: sample });
        await giveBack(sandbox);
        const batches = await calls.sequential(base);
        const perItem = (single.milliseconds + again.milliseconds) / (single.items + again.items);
        tell(
          `engine: ${seconds(engine)}, one by one: ${perItem.toFixed(1)} ms an item, in batches: ${seconds(batches)}`,
        );
        return [
          row(names.single, (perItem * engine.moved) / engine.milliseconds, 'x', { least: 10 }),
          row(names.batches, batches.milliseconds / engine.milliseconds, 'x', null),
        ];
      }),
  };
  return [limited, unlimited, latency];
}

export const seconds = ({ milliseconds }: { milliseconds: number }): string =>
  `${(milliseconds / 1000).toFixed(1)} s`;

import type { Engine } from '../../../lib/engine/engine.ts';
import { createEngine } from '../../../lib/engine/index.ts';
import type { Run } from '../../../lib/offboarding/model.ts';
import { openStore } from '../../../lib/store/index.ts';
import type { Store } from '../../../lib/store/store.ts';
import { systemClock } from '../../../lib/workspace/clock.ts';
import type { Discovery } from '../../../lib/workspace/contract/discovery.ts';
import { connect, discoverWorkspace } from '../../../lib/workspace/registry.ts';
import { createMemoryStore } from '../memory-store.ts';
import type { EngineSetting, Executed, Scanned, Setting } from './protocol.ts';

interface Bench {
  engine: Engine;
  store: Store;
  requests(): number;
  /** The run once it is so, told by the engine's own changes. */
  until(run: string, reached: (run: Run) => boolean): Promise<Run>;
}

const built = new Map<string, Promise<Bench>>();

/** The engine on a workspace and a store, built once for each database. */
function benchOf(setting: EngineSetting): Promise<Bench> {
  let bench = built.get(setting.database);
  if (!bench) {
    bench = build(setting);
    built.set(setting.database, bench);
  }
  return bench;
}

/** The workspace's description with the limits that this row plays. Throws when the origin is no workspace. */
export async function discoveryOf(setting: Setting): Promise<Discovery> {
  const discovered = await discoverWorkspace(setting.origin, (input, init) => fetch(input, init));
  if (!discovered) throw new Error('The demo workspace was not found.');
  const discovery = discovered.settings as Discovery;
  const { batch = discovery.limits.batch, concurrency = discovery.limits.concurrency } = setting;
  return { ...discovery, limits: { ...discovery.limits, batch, concurrency } };
}

async function build(setting: EngineSetting): Promise<Bench> {
  let requests = 0;
  const settings = await discoveryOf(setting);
  const workspace = connect(
    { kind: 'contract', origin: setting.origin, settings },
    {
      fetch: (input, init) => {
        requests += 1;
        return fetch(input, init);
      },
      clock: systemClock(),
    },
  );
  const store = setting.store === 'memory' ? createMemoryStore() : openStore(setting.database);
  const watchers = new Set<(run: Run) => void>();
  const engine = createEngine({
    store,
    workspace: async () => workspace,
    clock: {
      now: () => new Date(),
      sleep: (milliseconds, signal) =>
        new Promise((resolve) => {
          const timer = setTimeout(resolve, milliseconds);
          signal.addEventListener('abort', () => {
            clearTimeout(timer);
            resolve();
          });
        }),
    },
    withLock: (name, work) =>
      navigator.locks.request(`${setting.database} ${name}`, { ifAvailable: true }, async (lock) => {
        if (!lock) return false;
        await work();
        return true;
      }),
    wakeAt: () => {},
    progress: () => {},
    changed: (run) => {
      for (const watcher of watchers) watcher(run);
    },
    trouble: () => {},
    random: Math.random,
    newId: () => crypto.randomUUID(),
    reached: () => {},
  });
  const until = (id: string, reached: (run: Run) => boolean): Promise<Run> =>
    new Promise((resolve, reject) => {
      const look = (run: Run): void => {
        if (run.id !== id || !reached(run)) return;
        watchers.delete(look);
        resolve(run);
      };
      watchers.add(look);
      store.run(id).then((run) => run && look(run), reject);
    });
  return { engine, store, requests: () => requests, until };
}

/** A new draft, scanned. Rejects when the scan did not end well. */
export async function scan(setting: EngineSetting): Promise<Scanned> {
  const { engine, until, requests } = await benchOf(setting);
  const { run } = await engine.openDraft('bench', setting.leaver);
  const start = performance.now();
  const before = requests();
  await engine.scan(run.id);
  const scanned = await until(run.id, ({ scan }) => scan.state === 'done' || scan.state === 'failed');
  const milliseconds = performance.now() - start;
  if (scanned.scan.state !== 'done') throw new Error(`The scan failed: ${scanned.scan.error?.detail}`);
  const items = scanned.categories.reduce((sum, { found }) => sum + found, 0);
  return { milliseconds, items, requests: requests() - before, run: run.id };
}

/** Hands everything over and deactivates. Rejects when the run did not succeed. */
export async function execute(setting: EngineSetting): Promise<Executed> {
  const { engine, store, until } = await benchOf(setting);
  const draft = (await store.runs()).find(({ phase }) => phase === 'draft');
  if (!draft) throw new Error('There is no draft to execute.');
  await engine.edit(draft.id, { kind: 'fill', to: { member: setting.receiver } });
  for (const { id, action, count } of draft.categories)
    if (action === 'manual' && count !== 0)
      await engine.edit(draft.id, { kind: 'acknowledge', category: id, ticked: true });
  const ready = await store.run(draft.id);
  const start = performance.now();
  await engine.start(draft.id, ready?.rev ?? 0);
  const ended = await until(draft.id, ({ phase }) => !['draft', 'executing', 'stopping'].includes(phase));
  const milliseconds = performance.now() - start;
  if (ended.phase !== 'succeeded')
    throw new Error(`The run ended ${ended.phase}: ${JSON.stringify(ended.pause ?? ended.steps)}`);
  const handed = ended.steps.filter(({ kind }) => kind === 'category');
  const batchOf = (id: string | undefined): number =>
    ended.categories.find((category) => category.id === id)?.batch ?? 1;
  return {
    milliseconds,
    moved: handed.reduce((sum, { moved }) => sum + moved, 0),
    phase: ended.phase,
    needed: handed.reduce((sum, { total, category }) => sum + Math.ceil(total / batchOf(category)), 1),
  };
}

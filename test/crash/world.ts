import type { Run } from '../../lib/offboarding/model.ts';
import { openStore } from '../../lib/store/index.ts';
import type { Store } from '../../lib/store/store.ts';
import type { Workspace } from '../../lib/workspace/port.ts';
import { createVirtualClock, type VirtualClock } from './clock.ts';
import {
  createDemoWorkspace,
  type DemoOptions,
  type DemoWorkspace,
  leaver,
  mei,
  tom,
} from './demo-workspace.ts';
import type { Life } from './life.ts';
import { createMemoryStore } from './memory-store.ts';
import { createRandom } from './random.ts';

/** What survives the death of a browser. */
export interface World {
  /** The store of this browser profile, as every new life opens it. */
  openStore: () => Store;
  /** What the real store's database is called. */
  database: string;
  clock: VirtualClock;
  demo: DemoWorkspace;
  locks: Set<string>;
  random: () => number;
  /** Stands between the engine and the workspace: answers, faults, delays. */
  port: (workspace: Workspace) => Workspace;
  ids: number;
  /** Writes of the dead that landed after their death. */
  landedLate: number;
  /** How often the admin has taken a run up again. */
  retries: number;
  /** Calls that a fault has spoiled. */
  faults: number;
  /** Items that somebody else took meanwhile, as "category ref". */
  taken: Map<string, string[]>;
  /** Under these fences another browser wrote: what it moved is no item of this one's run. */
  fencesElsewhere: Set<number>;
  /** Who shall receive single items ("category ref") that the admin gives to somebody else than the plan does. */
  receivers: Map<string, string>;
  /** Told of every place that a life passes. */
  atPlace: (place: string) => void;
  /** Categories to which the admin gives no default. */
  noDefaults: string[];
  /** Until then (milliseconds since the epoch) nothing can be stored. */
  diskFullUntil: number;
  /** The browser throws the database away. */
  evict: () => void;
}

export interface WorldOptions extends Partial<Omit<DemoOptions, 'registry'>> {
  seed?: number;
  /** `indexeddb` needs fake-indexeddb; it is the real store. */
  store?: 'memory' | 'indexeddb';
  registry?: boolean;
}

let databases = 0;

export const tasks = 'tasks.open';
export const dashboards = 'dashboards.personal';

/** Seven tasks and three dashboards, unless told otherwise. */
export function createWorld(options: WorldOptions = {}): World {
  const { seed = 1, store = 'memory', registry = false, ...demo } = options;
  const clock = createVirtualClock();
  databases += 1;
  const name = `crash-${databases}`;
  const memory = createMemoryStore();
  return {
    database: name,
    openStore: store === 'memory' ? () => memory : () => openStore(name),
    clock,
    demo: createDemoWorkspace({
      counts: { [tasks]: 7, [dashboards]: 3 },
      idempotent: true,
      batch: 3,
      concurrency: 2,
      ...demo,
      ...(registry && { registry: { now: () => clock.now() } }),
    }),
    locks: new Set(),
    random: createRandom(seed),
    port: (workspace) => workspace,
    ids: 0,
    landedLate: 0,
    retries: 0,
    faults: 0,
    taken: new Map(),
    fencesElsewhere: new Set(),
    receivers: new Map(),
    atPlace: () => {},
    noDefaults: [],
    diskFullUntil: 0,
    evict() {
      indexedDB.deleteDatabase(name);
    },
  };
}

export const over = (run: Run): boolean =>
  ['succeeded', 'partial', 'failed', 'superseded'].includes(run.phase);

/** Who shall have an item in the end: what the admins of `prepare` and of a journey want, whatever was stored of it. */
export function receiverOf({ receivers }: World, category: string, ref: string): string {
  const one = receivers.get(`${category} ${ref}`);
  if (one !== undefined) return one;
  return category === tasks && ref !== `${tasks}-00002` ? tom : mei;
}

/** The id of the draft, opened and scanned. */
export async function scanned(life: Life): Promise<string> {
  const { engine } = life;
  const { run } = await engine.openDraft('con', leaver);
  if (run.scan.state !== 'done') {
    await engine.scan(run.id);
    await life.until(run.id, ({ scan }) => scan.state === 'done' || scan.state === 'failed');
  }
  return run.id;
}

/** A draft that is ready to start: tasks go to Tom save the third, dashboards to Mei. */
export async function prepare(life: Life): Promise<string> {
  const { engine } = life;
  const run = await scanned(life);
  await engine.edit(run, { kind: 'default', category: tasks, to: { member: tom } });
  await engine.edit(run, {
    kind: 'override',
    category: tasks,
    selection: { refs: [`${tasks}-00002`] },
    to: mei,
    count: 1,
  });
  await engine.edit(run, { kind: 'fill', to: { member: mei } });
  await engine.edit(run, { kind: 'acknowledge', category: 'tokens.api', ticked: true });
  return run;
}

/** Another browser of the same person takes a run over, and says so. */
export async function takenElsewhere({ demo }: World, run: string): Promise<void> {
  const { runs } = demo.workspace;
  const taken = await runs?.takeOver(run);
  if (taken) await runs?.update(run, taken.fence, { ...taken.record, journalHead: 'f'.repeat(64) });
}

/** Starts a prepared draft. */
export async function start(life: Life, runId: string): Promise<void> {
  const run = await life.store.run(runId);
  await life.engine.start(runId, run?.rev ?? 0);
}

import { afterEach, describe, expect, it } from 'vitest';
import { createEngine } from '../../../lib/engine/index.ts';
import { unacknowledged } from '../../../lib/offboarding/acknowledgement.ts';
import type { Run } from '../../../lib/offboarding/model.ts';
import type { Clock as HttpClock } from '../../../lib/workspace/dispatcher.ts';
import type { Workspace } from '../../../lib/workspace/port.ts';
import { connect, discoverWorkspace } from '../../../lib/workspace/registry.ts';
import { createVirtualClock, type VirtualClock } from '../../crash/clock.ts';
import type { Seen } from '../../crash/fault-words.ts';
import { createMemoryStore } from '../../crash/memory-store.ts';
import { createWitness, failedOrSkipped, saidOf, success } from '../../crash/shown.ts';
import { leaverId } from '../../sandbox/seed.ts';
import { type Sandbox, startSandbox } from '../../sandbox/server.ts';
import { type HttpRow, httpRows } from './http-rows.ts';
import { seenOverHttp } from './http-words.ts';

/** Ends what a test has started. */
let end = async (): Promise<void> => {};
afterEach(() => end());

const over = (run: Run): boolean =>
  ['succeeded', 'partial', 'failed', 'superseded'].includes(run.phase) ||
  (run.phase === 'paused' && run.pause?.resumeAt === undefined);

describe('R4 and R5 what the engine does over real connections about', () => {
  it.each(Object.entries(httpRows))('%s', (name, row) => meet(row, seenOverHttp[name] as Seen), 30_000);
});

/** A workspace whose waits take no time, while those for its answers do. */
async function connectAs(
  sandbox: Sandbox,
  clock: VirtualClock,
  cookie: { value: string },
): Promise<Workspace> {
  const fetched = (input: string, init: RequestInit): Promise<Response> => {
    const headers = new Headers(init.headers);
    headers.set('cookie', cookie.value);
    return clock.during(
      fetch(input, { ...init, headers }).then(async (response) => {
        const body = await response.arrayBuffer();
        const { status, headers } = response;
        return new Response(status === 204 ? null : body, { status, headers });
      }),
    );
  };
  const httpClock: HttpClock = {
    now: () => clock.now(),
    async sleep(milliseconds, signal) {
      await clock.sleep(milliseconds, signal);
      signal.throwIfAborted();
    },
  };
  const discovered = await discoverWorkspace(sandbox.url, fetched, httpClock);
  if (!discovered) throw new Error('The demo server is no workspace.');
  const { kind, settings } = discovered;
  return connect({ kind, origin: sandbox.url, settings }, { fetch: fetched, clock: httpClock });
}

/** How many items the demo's leaver has that a run hands over. */
const held = 280;

/** Has a run meet a fault of the server, and looks at its end and at what the server says. */
async function meet(row: HttpRow, seen: Seen): Promise<void> {
  // Its own, for what a run has still to tell when its test is over shall not meet the next one's.
  const clock = createVirtualClock();
  const sandbox = await startSandbox({ limit: { rate: 0 }, settle: 50 });
  end = async () => {
    clock.stop();
    await sandbox.close();
  };
  if (row.before) sandbox.database.raw.exec(row.before);
  const cookie = { value: sandbox.session('mem_01').cookie };
  const workspace = await connectAs(sandbox, clock, cookie);
  const store = createMemoryStore();
  const pauses = new Set<string>();
  const watchers = new Set<(run: Run) => void>();
  const witness = createWitness();
  let later = row.later ?? [];
  let alarm = (): void => {};
  let ids = 0;
  const engine = createEngine({
    store,
    workspace: async () => workspace,
    clock,
    async withLock(_name, work) {
      await work();
      return true;
    },
    wakeAt(time) {
      alarm();
      if (time) alarm = clock.at(time.getTime(), () => void engine.recover());
    },
    progress: () => {},
    changed(run) {
      witness.watch(run, clock.now());
      if (later.length > 0 && run.steps.some(({ moved }) => moved > 0)) {
        sandbox.faults.add(later);
        later = [];
      }
      if (run.scan.state === 'failed' && run.phase === 'draft')
        clock.at(clock.now().getTime() + 30_000, () => row.back?.(sandbox, cookie));
      if (run.pause && !pauses.has(run.pause.kind)) {
        pauses.add(run.pause.kind);
        // The fault has had its say; then the admin does what it asks for.
        if (run.pause.kind === row.pause)
          clock.at(clock.now().getTime() + 30_000, () => row.back?.(sandbox, cookie));
      }
      for (const watcher of [...watchers]) watcher(run);
    },
    trouble: () => {},
    random: () => 0.5,
    newId: () => `http-${++ids}`,
    reached: () => {},
  });
  const until = (reached: (run: Run) => boolean): Promise<Run> =>
    new Promise((resolve) => {
      const watcher = (run: Run): void => {
        if (!reached(run)) return;
        watchers.delete(watcher);
        resolve(run);
      };
      watchers.add(watcher);
    });

  const { run } = await engine.openDraft('con', leaverId);
  sandbox.faults.add(row.rules ?? []);
  const scanned = until(({ scan }) => scan.state === 'done' || (scan.state === 'failed' && !scan.resumeAt));
  await engine.scan(run.id);
  const draft = await scanned;
  expect(draft.scan.error).toBeUndefined();
  await engine.edit(run.id, { kind: 'fill', to: { member: 'mem_04' } });
  for (const { id } of unacknowledged(draft))
    await engine.edit(run.id, { kind: 'acknowledge', category: id, ticked: true });
  const ready = await store.run(run.id);
  const ending = until(over);
  await engine.start(run.id, ready?.rev ?? 0);
  const ended = await ending;

  expect(ended.phase, JSON.stringify(ended.pause)).toBe(row.ends);
  if (row.pause === undefined) expect([...pauses]).toEqual([]);
  else expect([...pauses]).toContain(row.pause);
  expect(witness.saw.toSorted()).toEqual(seen.sees.toSorted());
  const name = (id: string): string =>
    sandbox.database.get<{ name: string }>('SELECT name FROM member WHERE id = ?', id)?.name ?? id;
  expect(saidOf(await failedOrSkipped(store, ended), name)).toEqual(seen.items ?? []);
  const total = ended.steps.reduce((sum, step) => sum + (step.kind === 'category' ? step.total : 0), 0);
  expect(total).toBe(seen.total ?? held);
  if (row.ends === 'succeeded') expect(witness.ended).toBe(success);
  const { database } = sandbox;
  const doubled = database.all(
    'SELECT ref FROM write_log WHERE ref IS NOT ? GROUP BY category, ref, before HAVING count(*) > 1',
    row.comesBack ?? null,
  );
  expect(doubled).toEqual([]);
  const active = database.get<{ active: number }>('SELECT active FROM member WHERE id = ?', leaverId)?.active;
  expect(active).toBe(row.ends === 'succeeded' ? 0 : 1);
  if (row.ends !== 'succeeded') {
    expect(ended.steps.some(({ state }) => state === 'failed')).toBe(row.fails ?? false);
    return;
  }
  const left = (await workspace.survey(leaverId)).categories.filter(({ action }) => action === 'reassign');
  expect(left.map(({ count }) => count)).toEqual(left.map(() => 0));
  const sum = (key: 'moved' | 'skipped' | 'failed' | 'unknown'): number =>
    ended.steps.reduce((total, step) => total + (step.kind === 'category' ? step[key] : 0), 0);
  const written = "SELECT count(*) AS n FROM write_log WHERE category <> 'deactivate'";
  expect(sum('moved')).toBe(database.get<{ n: number }>(written)?.n);
  expect([sum('skipped'), sum('failed'), sum('unknown')]).toEqual([row.skipped ?? 0, 0, 0]);
}

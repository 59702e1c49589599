import { createEngine } from '../../../lib/engine/index.ts';
import type { Batch, BatchMember } from '../../../lib/offboarding/batch-model.ts';
import { summarise } from '../../../lib/offboarding/batch-summary.ts';
import { batchRows } from '../../../lib/store/batch-rows.ts';
import { openStore } from '../../../lib/store/index.ts';
import { systemClock } from '../../../lib/workspace/clock.ts';
import type { Fetch } from '../../../lib/workspace/http.ts';
import { connect, discoverWorkspace } from '../../../lib/workspace/registry.ts';
import type { BatchSetting, Bulked } from './protocol.ts';

/** An org's own host name; its server on loopback learns it from a header. */
const host = 'acme.my.salesforce.com';

/** So many calls are kept to be made again. */
const mostKept = 400;
/** Calls of the check, which only reads: another loop can make them again. */
const kept: (() => Promise<Response>)[] = [];

/** Makes the kept calls again, so many at once, and reads their answers as JSON: milliseconds. Nothing else is done. */
export async function replay({ concurrency }: { concurrency: number }): Promise<number> {
  const start = performance.now();
  const calls = kept.values();
  const lane = async (): Promise<void> => {
    for (const call of calls) await (await call()).json();
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
  return performance.now() - start;
}

/** Offboards these users in one batch: checked, acknowledged, submitted, done. Rejects when it does not come to an end. */
export async function batch(setting: BatchSetting): Promise<Bulked> {
  const orgFetch: Fetch = (input, init) => {
    const url = new URL(input);
    const headers = new Headers(init.headers);
    headers.set('x-forwarded-host', url.host);
    const call = (signal?: AbortSignal | null) =>
      fetch(`${setting.origin}${url.pathname}${url.search}`, { ...init, headers, signal: signal ?? null });
    if (checking && kept.length < mostKept) kept.push(() => call());
    return call(init.signal);
  };
  let checking = false;
  const session = async () => ({ instanceUrl: `https://${host}`, sid: setting.session });
  const clock = systemClock();
  const found = await discoverWorkspace(`https://${host}`, orgFetch, clock, session);
  if (!found) throw new Error('The demo org was not found.');
  const workspace = connect(
    { kind: found.kind, origin: `https://${host}`, settings: found.settings },
    { fetch: orgFetch, clock, session },
  );
  const store = openStore(setting.database);
  const watchers = new Set<() => void>();
  const look = (): void => {
    for (const watcher of watchers) watcher();
  };
  let wake: ReturnType<typeof setTimeout> | undefined;
  const engine = createEngine({
    store,
    workspace: async () => workspace,
    clock: {
      now: () => new Date(),
      sleep: (milliseconds, signal) => clock.sleep(milliseconds, signal).catch(() => {}),
    },
    withLock: (name, work) =>
      navigator.locks.request(`${setting.database} ${name}`, { ifAvailable: true }, async (lock) => {
        if (!lock) return false;
        await work();
        return true;
      }),
    // As the browser's alarms: never sooner than in half a minute.
    wakeAt(time) {
      clearTimeout(wake);
      if (time) wake = setTimeout(() => void engine.recover(), Math.max(30_000, time.getTime() - Date.now()));
    },
    progress: () => {},
    changed: () => {},
    batchChanged: look,
    trouble: () => {},
    random: Math.random,
    newId: () => crypto.randomUUID(),
    reached: () => {},
  });
  const until = (id: string, reached: (batch: Batch) => boolean): Promise<void> =>
    new Promise((resolve, reject) => {
      const watcher = (): void => {
        store.batch(id).then((now) => {
          if (!now || !reached(now)) return;
          watchers.delete(watcher);
          resolve();
        }, reject);
      };
      watchers.add(watcher);
      watcher();
    });

  const members = setting.members.map((id): BatchMember => ({ id, name: id, email: '', active: true }));
  checking = true;
  const start = performance.now();
  const { id } = await engine.batches.open('bench', members);
  await until(id, ({ notes }) => notes !== undefined);
  const checked = performance.now();
  checking = false;
  const prepared = await batchRows(store, id);
  if (!prepared) throw new Error('The batch is gone.');
  for (const category of summarise(prepared.batch, prepared.rows).unacknowledged)
    await engine.batches.edit(id, { kind: 'acknowledge', category, ticked: true });
  const ready = await batchRows(store, id);
  const users = ready ? summarise(ready.batch, ready.rows).users : 0;
  const submitted = performance.now();
  await engine.batches.start(id, ready?.batch.rev ?? 0, users);
  await until(id, ({ phase }) => phase === 'ended');
  const ended = performance.now();
  clearTimeout(wake);
  const after = await batchRows(store, id);
  return {
    checking: checked - start,
    executing: ended - submitted,
    succeeded: after?.rows.filter(({ state }) => state === 'succeeded').length ?? 0,
  };
}

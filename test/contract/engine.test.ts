import 'fake-indexeddb/auto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStore } from '../../lib/store/index.ts';
import { systemClock } from '../../lib/workspace/clock.ts';
import { connect, discoverWorkspace } from '../../lib/workspace/registry.ts';
import { leaverId } from '../sandbox/seed.ts';
import { type Sandbox, startSandbox } from '../sandbox/server.ts';
import { createBackground } from './engine.fixture.ts';

/** The engine, the contract connector and the demo workspace, over real HTTP: the main job without a browser. */

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ limit: { rate: 0 }, control: true });
});
afterAll(() => sandbox.close());

async function engineAs(member: string, database: string) {
  const { cookie } = sandbox.session(member);
  const fetchAs: typeof fetch = (input, init) => {
    const headers = new Headers(init?.headers);
    headers.set('cookie', cookie);
    return fetch(input, { ...init, headers });
  };
  const discovered = await discoverWorkspace(sandbox.url, fetchAs as never);
  if (!discovered) throw new Error('The demo workspace was not found.');
  const workspace = connect(
    { kind: discovered.kind, origin: sandbox.url, settings: discovered.settings },
    { fetch: fetchAs as never, clock: systemClock() },
  );
  return createBackground(openStore(database), workspace);
}

it('hands over everything that names the leaver, and deactivates them (W6.2, W6.4, B2)', async () => {
  const { engine, until, scan, begin } = await engineAs('mem_01', 'main-job');
  const { run } = await engine.openDraft('con', leaverId);
  const scanned = await scan(run.id);
  expect(scanned.categories.filter(({ count }) => count === null || count === 0)).toEqual([]);
  expect(scanned.categories.length).toBeGreaterThanOrEqual(14);

  const tom = 'mem_04';
  await engine.edit(run.id, { kind: 'default', category: 'customers.csm', to: { member: tom } });
  await engine.edit(run.id, { kind: 'fill', to: { sameAsCustomer: true, otherwise: tom } });
  await engine.edit(run.id, { kind: 'fill', to: { member: tom } });
  for (const { id, action } of scanned.categories)
    if (action === 'manual') await engine.edit(run.id, { kind: 'acknowledge', category: id, ticked: true });
  await begin(run.id);
  const ended = await until(run.id, ({ phase }) =>
    ['succeeded', 'partial', 'failed', 'paused'].includes(phase),
  );
  expect(ended.steps.filter(({ state }) => state !== 'completed')).toEqual([]);
  expect(ended.phase).toBe('succeeded');

  const owned = await (await fetch(`${sandbox.url}/__sandbox/owned?member=${leaverId}`)).json();
  expect(owned.active).toBe(false);
  const manual = new Set(scanned.categories.filter(({ action }) => action === 'manual').map(({ id }) => id));
  for (const [category, count] of Object.entries(owned.counts))
    if (!manual.has(category)) expect([category, count]).toEqual([category, 0]);
  const writes = await (await fetch(`${sandbox.url}/__sandbox/writes?run=${run.id}`)).json();
  expect(writes.doubled).toBe(0);
  // Every item, and the deactivation.
  expect(writes.total).toBe(ended.steps.reduce((sum, { moved }) => sum + moved, 0));
});

it('refuses people who are no admins, and the leaver themselves (W1.2, W1.3)', async () => {
  const csm = await engineAs('mem_05', 'no-admin');
  await expect(csm.engine.openDraft('con', 'mem_06')).rejects.toMatchObject({
    refusal: { code: 'notAdmin' },
  });
  const admin = await engineAs('mem_01', 'self');
  await expect(admin.engine.openDraft('con', 'mem_01')).rejects.toMatchObject({ refusal: { code: 'self' } });
});

import 'fake-indexeddb/auto';
import { afterEach, describe, expect, it } from 'vitest';
import type { Run } from '../../lib/offboarding/model.ts';
import { openStore } from '../../lib/store/index.ts';
import { firstBroken } from '../../lib/store/journal.ts';
import { createVirtualClock } from './clock.ts';
import { createDemoWorkspace, leaver, mei, owned, tom } from './demo-workspace.ts';
import { type Life, startLife, until, type World } from './life.ts';
import { createRandom } from './random.ts';

const over = (run: Run): boolean => ['succeeded', 'partial', 'failed'].includes(run.phase);
const neverDies = (): boolean => false;
let number = 0;
let world: World;

afterEach(() => world.clock.stop());

function createWorld(idempotent: boolean): World {
  number += 1;
  return {
    database: `crash-${number}`,
    clock: createVirtualClock(),
    demo: createDemoWorkspace({
      counts: { 'tasks.open': 7, 'dashboards.personal': 3 },
      idempotent,
      batch: 3,
      concurrency: 2,
    }),
    locks: new Set(),
    random: createRandom(number),
    port: (workspace) => workspace,
    ids: 0,
  };
}

/** From nothing to Start, in this life; the plan gives tasks to Tom save one, and dashboards to Mei. */
async function prepare(life: Life): Promise<string> {
  const { engine } = life;
  const { run } = await engine.openDraft('con', leaver);
  await engine.scan(run.id);
  const scanned = await until(world, life, run.id, ({ scan }) => scan.state === 'done');
  expect(scanned.categories.map(({ id, count }) => [id, count])).toEqual([
    ['tasks.open', 7],
    ['dashboards.personal', 3],
    ['tokens.api', 2],
  ]);
  await engine.edit(run.id, { kind: 'default', category: 'tasks.open', to: { member: tom } });
  await engine.edit(run.id, {
    kind: 'override',
    category: 'tasks.open',
    selection: { refs: ['tasks.open-00002'] },
    to: mei,
    count: 1,
  });
  await engine.edit(run.id, { kind: 'fill', to: { member: mei } });
  await engine.edit(run.id, { kind: 'acknowledge', category: 'tokens.api', ticked: true });
  return run.id;
}

async function start(life: Life, runId: string): Promise<void> {
  const run = await life.store.run(runId);
  await life.engine.start(runId, run?.rev ?? 0);
}

async function expectAllMovedOnce(runId: string): Promise<void> {
  const { demo, database } = world;
  const store = openStore(database);
  const run = await store.run(runId);
  expect(run?.steps.map(({ id, state, moved }) => [id, state, moved])).toEqual([
    ['tasks.open', 'completed', 7],
    ['dashboards.personal', 'completed', 3],
    ['rescan', 'completed', 0],
    ['deactivate', 'completed', 1],
  ]);
  expect(run?.phase).toBe('succeeded');
  expect(owned(demo.owners, 'tasks.open', leaver)).toEqual([]);
  expect(owned(demo.owners, 'tasks.open', mei)).toEqual(['tasks.open-00002']);
  expect(owned(demo.owners, 'dashboards.personal', mei)).toHaveLength(3);
  expect(demo.writes).toHaveLength(10);
  expect(new Set(demo.writes.map(({ ref }) => ref)).size).toBe(10);
  expect(demo.members.get(leaver)?.active).toBe(false);
  expect(demo.deactivations).toBe(1);
  const items = [
    ...(await store.items.category(runId, 'tasks.open')),
    ...(await store.items.category(runId, 'dashboards.personal')),
  ];
  expect(items.map(({ state }) => state)).toEqual(Array(10).fill('moved'));
  expect(await store.openAttempts(runId)).toEqual([]);
  const journal = await store.journal(runId);
  expect(firstBroken(journal)).toBeUndefined();
}

describe.each([
  { idempotent: true, kind: 'an API with idempotency keys' },
  { idempotent: false, kind: 'an API without' },
])('R1 a death at any place, with $kind', ({ idempotent }) => {
  it('moves everything once when nothing goes wrong', async () => {
    world = createWorld(idempotent);
    const life = startLife(world, neverDies);
    const runId = await prepare(life);
    await start(life, runId);
    await until(world, life, runId, over);
    await expectAllMovedOnce(runId);
  });

  it('ends in the same state wherever the execution is killed', async () => {
    world = createWorld(idempotent);
    const rehearsal = startLife(world, neverDies);
    const rehearsed = await prepare(rehearsal);
    const from = rehearsal.passed.length;
    await start(rehearsal, rehearsed);
    await until(world, rehearsal, rehearsed, over);
    const places = rehearsal.passed.slice(from);
    expect(places.length).toBeGreaterThan(60);
    world.clock.stop();

    for (let index = 0; index < places.length; index += 1) {
      world = createWorld(idempotent);
      const first = startLife(world, neverDies);
      const runId = await prepare(first);
      first.kill();
      const second = startLife(world, (_place, passed) => passed === index);
      const run = await second.store.run(runId);
      const starting = second.engine.start(runId, run?.rev ?? 0).catch(() => {});
      await Promise.race([second.died, starting.then(() => until(world, second, runId, over))]);
      second.kill();
      const third = startLife(world, neverDies);
      // Where it died before Start was stored, the draft is still there and the admin presses Start again.
      const stored = await third.store.run(runId);
      if (stored?.phase === 'draft') await third.engine.start(runId, stored.rev);
      await third.engine.recover();
      await until(world, third, runId, over);
      await expectAllMovedOnce(runId).catch((error: unknown) => {
        throw new Error(`Killed at ${places[index]} (${index} of ${places.length})`, { cause: error });
      });
      third.kill();
      world.clock.stop();
    }
  }, 120_000);
});

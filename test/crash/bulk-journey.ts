import { expect } from 'vitest';
import { rowOf } from '../../lib/offboarding/batch.ts';
import type { Batch } from '../../lib/offboarding/batch-model.ts';
import { summarise } from '../../lib/offboarding/batch-summary.ts';
import { leavers, sleep } from './bulk-world.ts';
import type { Life } from './life.ts';
import type { World } from './world.ts';

/** What the admin of a batch does besides starting it, once something has been written. */
export type BatchJourney = 'end' | 'pause' | 'stop' | 'retry' | 'discard';

/** One admin through several lives of the background: what they saw carried out they do not ask for again. */
export interface BatchAdmin {
  journey: BatchJourney;
  /** Whom they choose. */
  users: readonly string[];
  done: boolean;
}

/** An admin who has not begun. */
export const admin = (journey: BatchJourney = 'end', users: readonly string[] = leavers): BatchAdmin => ({
  journey,
  users,
  done: false,
});

/** The batch of this browser, and the state of each of its users in order; undefined while there is none. */
export const stateOf = async (
  life: Life,
  world: World,
): Promise<{ batch: Batch; states: string[] } | undefined> =>
  world.clock.during(
    (async () => {
      const [batch] = await life.store.batches();
      if (!batch) return undefined;
      const runs = await life.store.runsById(batch.members.map(({ run }) => run));
      return { batch, states: batch.members.map((member, index) => rowOf(member, runs[index]).state) };
    })(),
  );

/** The state of each user of the only batch, in their order. */
export const statesOf = async (world: World, life: Life): Promise<string[]> =>
  (await stateOf(life, world))?.states ?? [];

/** What an admin does until the batch is over, whatever has been done of it already. Never rejects while the life lasts. */
export async function attend(world: World, life: Life, who = admin()): Promise<void> {
  const { batches } = life.engine;
  for (let turn = 0; turn < 4_000; turn += 1) {
    const now = await stateOf(life, world);
    const phase = now?.batch.phase;
    const written = world.demo.writes.length > 0;
    if (!now) await openBatch(world, life, who.users);
    else if (phase === 'discarded') return;
    else if (phase === 'draft' && now.batch.notes && now.states.every((each) => /ready|blocked/.test(each))) {
      if (who.journey === 'discard') await batches.discard(now.batch.id);
      else await begin(world, life, now.batch);
    } else if (phase === 'executing' && written && who.journey === 'pause' && !who.done)
      await batches.pause(now.batch.id);
    else if (phase === 'executing' && written && who.journey === 'stop') await batches.stop(now.batch.id);
    else if (phase === 'paused') {
      await standsStill(world);
      if (life.dead) return;
      who.done = true;
      await batches.continue(now.batch.id);
    } else if (phase === 'ended') {
      if (who.journey !== 'retry' || !now.states.some((each) => /partial|failed/.test(each))) return;
      world.demo.refusals.clear();
      who.done = true;
      await batches.retry(now.batch.id);
    }
    await sleep(world, 500);
  }
  throw new Error(`It never ended: ${JSON.stringify(await stateOf(life, world))}`);
}

/** What was in flight is finished within seconds; after that nothing is written, for as long as it stands still. */
async function standsStill(world: World): Promise<void> {
  await sleep(world, 20_000);
  const writes = world.demo.writes.length;
  await sleep(world, 120_000);
  expect(world.demo.writes.length, 'written while the batch was paused').toBe(writes);
}

/** Chooses these users; their check begins. */
export async function openBatch(world: World, life: Life, users: readonly string[] = leavers): Promise<void> {
  const members = users.flatMap((id) => world.demo.members.get(id) ?? []);
  await life.engine.batches.open(
    'con',
    members.map(({ id, name, email, active }) => ({ id, name, email, active })),
  );
}

/** One tick at a time, and then Submit. */
async function begin(world: World, life: Life, batch: Batch): Promise<void> {
  const runs = await world.clock.during(life.store.runsById(batch.members.map(({ run }) => run)));
  const rows = batch.members.map((member, index) => rowOf(member, runs[index]));
  const { unacknowledged, users } = summarise(batch, rows);
  const [category] = unacknowledged;
  if (category !== undefined)
    await life.engine.batches.edit(batch.id, { kind: 'acknowledge', category, ticked: true });
  else await life.engine.batches.start(batch.id, batch.rev, users);
}

/** A batch of these users, all of whom are ready to be submitted; resolves with its id. */
export async function readyBatch(world: World, life: Life, users: readonly string[]): Promise<string> {
  await openBatch(world, life, users);
  return untilBatch(
    world,
    life,
    ({ batch, states }) => batch.notes !== undefined && states.every((state) => state === 'ready'),
  );
}

/** Ticks everything that has to be ticked, and submits; rejects as the commands do. */
export async function submit(world: World, life: Life): Promise<void> {
  for (;;) {
    const { batch } = (await stateOf(life, world)) ?? {};
    if (batch?.phase !== 'draft') return;
    await begin(world, life, batch);
  }
}

/** Resolves with the batch's id once it is so. */
export async function untilBatch(
  world: World,
  life: Life,
  reached: (state: { batch: Batch; states: string[] }) => boolean,
): Promise<string> {
  for (let turn = 0; turn < 20_000; turn += 1) {
    const now = await stateOf(life, world);
    if (now && reached(now)) return now.batch.id;
    await sleep(world, 50);
  }
  throw new Error(`It did not come to that: ${JSON.stringify(await stateOf(life, world))}`);
}

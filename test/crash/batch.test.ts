import { afterAll, expect, it } from 'vitest';
import { sameValue } from '../../lib/offboarding/outcome.ts';
import { admin, attend, type BatchJourney, openBatch, stateOf, untilBatch } from './bulk-journey.ts';
import { blocked, createBulkWorld, crowd, leavers, sleep } from './bulk-world.ts';
import { owned } from './demo-workspace.ts';
import { type Life, startLife } from './life.ts';
import { dashboards, tasks, type World } from './world.ts';

/** N5 R1: a batch of three users, and a background that dies at one place after the other. */

const figures = { places: 0, kills: 0, late: 0, doubled: 0 };

afterAll(() =>
  console.log(
    `Batches: ${figures.places} places, ${figures.kills} kills, ${figures.late} late commits: ${figures.doubled} doubled.`,
  ),
);

/** One batch from its first user to its end, with a death at a place of the first life. Resolves with the places. */
async function play(
  seed: number,
  journey: BatchJourney,
  dies: (place: string, index: number) => boolean,
): Promise<string[]> {
  const world = createBulkWorld(seed, journey === 'stop' || journey === 'pause' ? 700 : 0);
  if (journey === 'retry') world.demo.refusals.set(`${tasks} ${tasks}-mem_cleo-1`, 'forbidden');
  const who = admin(journey);
  const first = startLife(world, { dies });
  let life = first;
  await Promise.race([attend(world, first, who), first.died]);
  if (first.dead) {
    figures.kills += 1;
    await sleep(world, 1 + (seed % 7) * 1_000);
    life = startLife(world);
    await life.engine.recover();
    await attend(world, life, who);
  }
  await sleep(world, 10_000);
  const where = `${journey}, killed at ${first.passed.at(-1)} (${first.passed.length - 1})`;
  const written = new Map<string, number>();
  for (const { ref, before, after } of world.demo.writes) {
    if (sameValue(before, after)) figures.doubled += 1;
    written.set(ref, (written.get(ref) ?? 0) + 1);
  }
  expect(
    [...written.values()].filter((count) => count !== 1),
    where,
  ).toEqual([]);
  const runs = await world.clock.during(life.store.runs());
  expect(runs.filter(({ open }) => open !== undefined).map(({ id, phase }) => [id, phase])).toEqual([]);
  if (journey === 'discard') expect(written.size, where).toBe(0);
  else if (journey === 'stop') await checkStopped(world, life, where);
  else await checkWhole(world, life, where);
  if (journey === 'pause' || journey === 'retry') expect(who.done, where).toBe(true);
  figures.late += world.landedLate;
  world.clock.stop();
  return first.passed;
}

/** Everybody who could be offboarded is, once. */
async function checkWhole(world: World, life: Life, where: string): Promise<void> {
  expect((await stateOf(life, world))?.states, where).toEqual(['succeeded', 'blocked', 'succeeded']);
  for (const id of leavers) {
    const kept = id === blocked ? 2 : 0;
    expect(owned(world.demo.owners, tasks, id).length, where).toBe(kept);
    expect(world.demo.members.get(id)?.active, where).toBe(id === blocked);
  }
  expect(world.demo.writes.length, where).toBe(8);
  expect(world.demo.deactivations, where).toBe(2);
  const runs = await world.clock.during(life.store.runs());
  expect(runs.map(({ phase }) => phase).sort(), where).toEqual(['discarded', 'succeeded', 'succeeded']);
  // One tick for all is recorded for each.
  for (const run of runs.filter(({ phase }) => phase === 'succeeded'))
    expect(
      run.acknowledgements.map(({ category, count }) => [category, count]),
      where,
    ).toEqual([['tokens.api', 2]]);
}

/** It is over; who was not begun is as they were, and who was not finished is no success. */
async function checkStopped(world: World, life: Life, where: string): Promise<void> {
  const end = await stateOf(life, world);
  expect(end?.batch.phase, where).toBe('ended');
  for (const [index, id] of leavers.entries()) {
    const state = end?.states[index] ?? '';
    const left = [...owned(world.demo.owners, tasks, id), ...owned(world.demo.owners, dashboards, id)];
    if (state === 'left' || state === 'blocked') expect(left.length, where).toBe(4);
    else expect(state, where).toMatch(/^(partial|succeeded)$/);
    expect(world.demo.members.get(id)?.active, `${where}: ${id} ${state}`).toBe(state !== 'succeeded');
  }
}

const journeys: BatchJourney[] = ['end', 'pause', 'stop', 'retry', 'discard'];
it.each(journeys)(
  'N5 R1 killed anywhere in a batch (%s): what was asked for is done, nothing doubled, nobody left out',
  async (journey) => {
    const places = await play(1, journey, () => false);
    figures.places += places.length;
    for (const index of places.keys()) await play(index + 1, journey, (_place, at) => at === index);
    expect(figures.doubled).toBe(0);
    if (journey === 'end') expect(places.some((place) => place === 'batch.begin')).toBe(true);
  },
  120_000,
);

it('N5 paused and continued: nobody is begun meanwhile, and everybody comes to an end', async () => {
  const world = createBulkWorld(3, 5_000);
  const life = startLife(world);
  const who = admin('pause');
  await attend(world, life, who);
  expect(who.done).toBe(true);
  expect((await stateOf(life, world))?.states).toEqual(['succeeded', 'blocked', 'succeeded']);
  world.clock.stop();
});

it('N5 ended here: who is at work finishes what is in flight, who is not begun stays as they are', async () => {
  const world = createBulkWorld(4, 5_000, crowd);
  const life = startLife(world);
  await attend(world, life, admin('stop', [...leavers, ...crowd]));
  const end = await stateOf(life, world);
  expect(end?.batch.phase).toBe('ended');
  const left = end?.batch.members.filter((_each, index) => end.states[index] === 'left') ?? [];
  expect(left.length).toBeGreaterThan(2);
  for (const { member } of left) {
    expect(world.demo.members.get(member.id)?.active).toBe(true);
    expect(owned(world.demo.owners, tasks, member.id)).toHaveLength(2);
    expect(owned(world.demo.owners, dashboards, member.id)).toHaveLength(2);
  }
  expect(end?.states.filter((state) => state === 'partial').length).toBeGreaterThan(0);
  expect(world.demo.writes.every(({ ref }) => !left.some(({ member }) => ref.includes(member.id)))).toBe(
    true,
  );
  const open = (await world.clock.during(life.store.runs())).filter((run) => run.open !== undefined);
  expect(open).toEqual([]);
  world.clock.stop();
});

it('N5 R4 paused while nobody is signed in, it stays paused when they are back', async () => {
  const world = createBulkWorld(5, 5_000);
  const life = startLife(world);
  const attending = attend(world, life, admin('end'));
  const id = await untilBatch(world, life, ({ batch }) => batch.phase === 'executing');
  while (world.demo.writes.length === 0) await sleep(world, 100);
  const who = world.demo.signedIn;
  world.demo.signedIn = null;
  await untilBatch(world, life, ({ states }) => states.includes('paused'));
  await life.engine.batches.pause(id);
  await sleep(world, 1_000);
  world.demo.signedIn = who;
  const writes = world.demo.writes.length;
  // The admin of this test continues what is paused after two minutes and more.
  await sleep(world, 120_000);
  expect(world.demo.writes.length).toBe(writes);
  await attending;
  expect((await stateOf(life, world))?.states).toEqual(['succeeded', 'blocked', 'succeeded']);
  world.clock.stop();
});

it('N5 left out before Submit: their draft is given up, whatever dies, and the others go on', async () => {
  let places = 1;
  for (let index = -1; index < places; index += 1) {
    const world = createBulkWorld(6);
    const first = startLife(world);
    await openBatch(world, first);
    const id = await untilBatch(world, first, ({ batch }) => batch.notes !== undefined);
    first.kill();
    const second = startLife(world, { dies: (_place, at) => at === index });
    const out = (await stateOf(second, world))?.batch.members[0]?.run ?? '';
    const leaving = second.engine.batches.edit(id, { kind: 'leaveOut', runs: [out] });
    await Promise.race([leaving, second.died]);
    if (index < 0) places = second.passed.length;
    second.kill();
    const third = startLife(world);
    await third.engine.recover();
    // Who sees that they are still there asks again.
    if ((await stateOf(third, world))?.batch.members.some(({ run }) => run === out))
      await third.engine.batches.edit(id, { kind: 'leaveOut', runs: [out] });
    expect((await third.store.run(out))?.phase).toBe('discarded');
    await attend(world, third);
    expect((await stateOf(third, world))?.states).toEqual(['blocked', 'succeeded']);
    expect(owned(world.demo.owners, tasks, 'mem_ada')).toHaveLength(2);
    expect(world.demo.members.get('mem_ada')?.active).toBe(true);
    world.clock.stop();
  }
  expect(places).toBeGreaterThan(3);
});

it('N5 who had an open run elsewhere takes part once that is over and everybody is checked again', async () => {
  const world = createBulkWorld(7);
  const life = startLife(world);
  const { run } = await life.engine.openDraft('con', 'mem_cleo');
  await openBatch(world, life);
  const id = await untilBatch(world, life, ({ batch }) => batch.notes !== undefined);
  expect((await stateOf(life, world))?.states).toEqual(['ready', 'blocked', 'refused']);
  await life.engine.discard(run.id);
  await life.engine.batches.check(id);
  await untilBatch(world, life, ({ states }) => states[2] === 'ready');
  await attend(world, life);
  expect((await stateOf(life, world))?.states).toEqual(['succeeded', 'blocked', 'succeeded']);
  world.clock.stop();
});

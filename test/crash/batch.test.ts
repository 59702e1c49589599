import { afterAll, expect, it } from 'vitest';
import { type Batch, rowOf } from '../../lib/offboarding/batch.ts';
import { summarise } from '../../lib/offboarding/batch-summary.ts';
import type { Item, Member } from '../../lib/offboarding/model.ts';
import { sameValue } from '../../lib/offboarding/outcome.ts';
import type { Workspace } from '../../lib/workspace/port.ts';
import { owned } from './demo-workspace.ts';
import { type Life, startLife } from './life.ts';
import { createWorld, dashboards, tasks, type World } from './world.ts';

/** N5 R1: a batch of three users, and a background that dies at one place after the other. */

const leavers = ['mem_ada', 'mem_ben', 'mem_cleo'];
/** One of them is linked to nobody. */
const blocked = 'mem_ben';
const figures = { places: 0, kills: 0, late: 0, doubled: 0 };

afterAll(() =>
  console.log(
    `Batches: ${figures.places} places, ${figures.kills} kills, ${figures.late} late commits: ${figures.doubled} doubled.`,
  ),
);

/** A workspace whose things are removed and not handed over, for several leavers at once. */
function createBulkWorld(seed: number, writeTime = 0): World {
  const world = createWorld({ seed, counts: { [tasks]: 0, [dashboards]: 0 }, idempotent: false });
  for (const id of leavers) {
    world.demo.members.set(id, { id, name: id, email: `${id}@acme.example`, active: true, admin: 'no' });
    for (const category of [tasks, dashboards]) {
      const rows = world.demo.owners.get(category) ?? new Map();
      for (const number of [1, 2]) rows.set(`${category}-${id}-${number}`, { member: id });
      world.demo.owners.set(category, rows);
    }
  }
  world.port = (workspace): Workspace => ({
    ...workspace,
    async survey(leaver) {
      const found = await workspace.survey(leaver);
      return {
        ...found,
        blockers: leaver === blocked ? [{ message: 'Linked to nobody.' }] : [],
        categories: found.categories.map((category) =>
          category.action === 'manual'
            ? category
            : {
                ...category,
                action: 'remove',
                after: category.id === dashboards ? [tasks] : [],
                count: owned(world.demo.owners, category.id, leaver).length,
              },
        ),
      };
    },
    async scan(leaver, [category = '']) {
      await workspace.identify();
      const items = owned(world.demo.owners, category, leaver).map(
        (ref): Item => ({
          category,
          ref,
          title: ref,
          columns: {},
          value: { member: leaver },
          // All share a lock, as members of one group do.
          lock: category,
        }),
      );
      return { items };
    },
    async apply(attempt, signal) {
      if (writeTime > 0) await sleep(world, writeTime);
      return workspace.apply(attempt, signal);
    },
    bulk: {
      words: { title: 'Bulk', submit: 'Submit', why: 'Nobody is deleted.' },
      find: async () => [],
      together: async (ids) => [{ tone: 'warning', message: `${ids.length} together.`, category: tasks }],
    },
  });
  return world;
}

const stateOf = async (life: Life, world: World): Promise<{ batch: Batch; states: string[] } | undefined> =>
  world.clock.during(
    (async () => {
      const [batch] = await life.store.batches();
      if (!batch) return undefined;
      const runs = await life.store.runsById(batch.members.map(({ run }) => run));
      return { batch, states: batch.members.map((member, index) => rowOf(member, runs[index]).state) };
    })(),
  );

const sleep = (world: World, milliseconds: number): Promise<void> =>
  world.clock.sleep(milliseconds, new AbortController().signal);

/** What an admin does until the batch is over, whatever has been done of it already. Never rejects while the life lasts. */
async function attend(world: World, life: Life): Promise<void> {
  for (let turn = 0; turn < 4_000; turn += 1) {
    const now = await stateOf(life, world);
    if (now?.batch.phase === 'ended') return;
    if (!now) {
      const members = leavers.map((id) => world.demo.members.get(id) as Member);
      await life.engine.batches.open(
        'con',
        members.map(({ id, name, email, active }) => ({ id, name, email, active })),
      );
    } else if (
      now.batch.phase === 'draft' &&
      now.batch.notes &&
      now.states.every((each) => /ready|blocked/.test(each))
    ) {
      const runs = await world.clock.during(life.store.runsById(now.batch.members.map(({ run }) => run)));
      const rows = now.batch.members.map((member, index) => rowOf(member, runs[index]));
      const { unacknowledged, users } = summarise(now.batch, rows);
      const [category] = unacknowledged;
      if (category !== undefined)
        await life.engine.batches.edit(now.batch.id, { kind: 'acknowledge', category, ticked: true });
      else await life.engine.batches.start(now.batch.id, now.batch.rev, users);
    }
    await sleep(world, 500);
  }
  throw new Error(`It never ended: ${JSON.stringify(await stateOf(life, world))}`);
}

/** One batch from its first user to its end, with a death at a place of the first life. Resolves with the places. */
async function play(seed: number, dies: (place: string, index: number) => boolean): Promise<string[]> {
  const world = createBulkWorld(seed);
  const first = startLife(world, { dies });
  let life = first;
  await Promise.race([attend(world, first), first.died]);
  if (first.dead) {
    figures.kills += 1;
    await sleep(world, 1 + (seed % 7) * 1_000);
    life = startLife(world);
    await life.engine.recover();
    await attend(world, life);
  }
  await sleep(world, 10_000);
  const end = await stateOf(life, world);
  const where = `killed at ${first.passed.at(-1)} (${first.passed.length - 1})`;
  expect(end?.states, where).toEqual(['succeeded', 'blocked', 'succeeded']);
  for (const id of leavers) {
    const kept = id === blocked ? 2 : 0;
    expect(owned(world.demo.owners, tasks, id).length, where).toBe(kept);
    expect(world.demo.members.get(id)?.active, where).toBe(id === blocked);
  }
  const written = new Map<string, number>();
  for (const { ref, before, after } of world.demo.writes) {
    if (sameValue(before, after)) figures.doubled += 1;
    written.set(ref, (written.get(ref) ?? 0) + 1);
  }
  expect(
    [...written.values()].filter((count) => count !== 1),
    where,
  ).toEqual([]);
  expect(written.size, where).toBe(8);
  expect(world.demo.deactivations, where).toBe(2);
  const runs = await world.clock.during(life.store.runs());
  expect(runs.map(({ phase }) => phase).sort(), where).toEqual(['discarded', 'succeeded', 'succeeded']);
  // One tick for all is recorded for each.
  for (const run of runs.filter(({ phase }) => phase === 'succeeded'))
    expect(
      run.acknowledgements.map(({ category, count }) => [category, count]),
      where,
    ).toEqual([['tokens.api', 2]]);
  figures.late += world.landedLate;
  world.clock.stop();
  return first.passed;
}

it('N5 R1 killed anywhere in a batch: the same end, nothing doubled, nobody left out', async () => {
  const places = await play(1, () => false);
  figures.places = places.length;
  expect(places.some((place) => place === 'batch.begin')).toBe(true);
  for (const index of places.keys()) await play(index + 1, (_place, at) => at === index);
  expect(figures.doubled).toBe(0);
}, 120_000);

it('N5 paused and continued: nobody is begun meanwhile, and everybody comes to an end', async () => {
  const world = createBulkWorld(3, 5_000);
  const life = startLife(world);
  const attending = attend(world, life);
  for (;;) {
    const now = await stateOf(life, world);
    if (now?.batch.phase === 'executing') break;
    await sleep(world, 50);
  }
  const id = (await stateOf(life, world))?.batch.id ?? '';
  const paused = await life.engine.batches.pause(id);
  expect(paused).toMatchObject({ phase: 'paused', pause: { kind: 'admin' } });
  await sleep(world, 60_000);
  const writes = world.demo.writes.length;
  await sleep(world, 60_000);
  expect(world.demo.writes.length).toBe(writes);
  await life.engine.batches.continue(id);
  await attending;
  expect((await stateOf(life, world))?.states).toEqual(['succeeded', 'blocked', 'succeeded']);
  world.clock.stop();
});

it('N5 ended here: what is not begun stays as it is', async () => {
  const world = createBulkWorld(4, 5_000);
  const life = startLife(world);
  const attending = attend(world, life);
  for (;;) {
    const now = await stateOf(life, world);
    if (now?.batch.phase === 'executing') break;
    await sleep(world, 50);
  }
  const id = (await stateOf(life, world))?.batch.id ?? '';
  await life.engine.batches.stop(id);
  await attending;
  const end = await stateOf(life, world);
  expect(end?.batch.phase).toBe('ended');
  const open = (await world.clock.during(life.store.runs())).filter((run) => run.open !== undefined);
  expect(open).toEqual([]);
  world.clock.stop();
});

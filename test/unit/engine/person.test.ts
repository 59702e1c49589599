import { afterEach, expect, it } from 'vitest';
import type { Member } from '../../../lib/offboarding/model.ts';
import { createBulkWorld, sleep } from '../../crash/bulk-world.ts';
import { ines, owned, priya } from '../../crash/demo-workspace.ts';
import { type Life, startLife } from '../../crash/life.ts';
import { dashboards, tasks, type World } from '../../crash/world.ts';

let world: World;
afterEach(() => world.clock.stop());

/** A batch of one user, checked, ticked and submitted. */
async function offboard(life: Life, user: string): Promise<void> {
  const { batches } = life.engine;
  const { id, name, email, active } = world.demo.members.get(user) as Member;
  const batch = await batches.open('con', [{ id, name, email, active }]);
  await life.until(batch.members[0]?.run ?? '', ({ scan }) => scan.state === 'done');
  await sleep(world, 1);
  const { rev } = await batches.edit(batch.id, {
    kind: 'acknowledge',
    category: 'tokens.api',
    ticked: true,
  });
  await batches.start(batch.id, rev, 1);
}
const left = (category: string, user: string): number => owned(world.demo.owners, category, user).length;

it('R4 issue 5: as soon as one run finds somebody else signed in, none of that connection writes any more', async () => {
  world = createBulkWorld(1, 40_000);
  const life = startLife(world);
  await offboard(life, 'mem_ada');
  await sleep(world, 30_000);
  await offboard(life, 'mem_cleo');
  const [first, second] = (await life.store.runs()).map(({ id }) => id);
  await sleep(world, 15_000);
  expect([left(tasks, 'mem_ada'), left(tasks, 'mem_cleo')]).toEqual([0, 2]);
  world.demo.signedIn = ines;
  // The first run asks once a minute who it is; the second one began half a minute later.
  await sleep(world, 20_000);
  for (const run of [first, second])
    expect((await life.store.run(run ?? ''))?.pause, run).toMatchObject({
      kind: 'otherPerson',
      detail: 'Ines Kaya',
    });
  await sleep(world, 120_000);
  // What was in flight the workspace refuses by itself; nothing was sent after it.
  expect([left(tasks, 'mem_cleo'), left(dashboards, 'mem_cleo')]).toEqual([2, 2]);
  expect(world.demo.deactivations).toBe(0);
  world.demo.signedIn = priya;
  for (const run of [first, second]) await life.until(run ?? '', ({ phase }) => phase === 'succeeded');
  expect(world.demo.deactivations).toBe(2);
});

it('R4 issue 5: a command of somebody else is enough to find that out, and their own runs go on', async () => {
  world = createBulkWorld(2, 40_000);
  const life = startLife(world);
  await offboard(life, 'mem_ada');
  await sleep(world, 5_000);
  const [run] = await life.store.runs();
  world.demo.signedIn = ines;
  await offboard(life, 'mem_cleo');
  expect((await life.store.run(run?.id ?? ''))?.pause?.kind).toBe('otherPerson');
  const own = (await life.store.runs()).find(({ id }) => id !== run?.id);
  await life.until(own?.id ?? '', ({ phase }) => phase === 'succeeded');
  expect([left(dashboards, 'mem_ada'), left(dashboards, 'mem_cleo')]).toEqual([2, 0]);
});

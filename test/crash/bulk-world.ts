import type { Item } from '../../lib/offboarding/model.ts';
import type { Workspace } from '../../lib/workspace/port.ts';
import { owned } from './demo-workspace.ts';
import { createWorld, dashboards, tasks, type World } from './world.ts';

/** Whom a batch of the demo workspace is about. */
export const leavers = ['mem_ada', 'mem_ben', 'mem_cleo'];
/** One of them is linked to nobody. */
export const blocked = 'mem_ben';

/** More users than can be at work at once. */
export const crowd = Array.from({ length: 8 }, (_none, index) => `mem_${index}`);

/** A workspace whose things are removed and not handed over, for several leavers at once. */
export function createBulkWorld(seed: number, writeTime = 0, more: readonly string[] = []): World {
  const world = createWorld({ seed, counts: { [tasks]: 0, [dashboards]: 0 }, idempotent: false });
  for (const id of [...leavers, ...more]) {
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

/** So many milliseconds of the world pass. */
export const sleep = (world: World, milliseconds: number): Promise<void> =>
  world.clock.sleep(milliseconds, new AbortController().signal);

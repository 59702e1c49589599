import type { Engine } from '../../lib/engine/engine.ts';
import { refusalOf } from '../../lib/engine/identity.ts';
import type { WatchedRun } from '../../lib/messages/elsewhere.ts';
import { Refused } from '../../lib/messages/refused.ts';
import type { Handlers } from '../../lib/messages/server.ts';
import { isOpen } from '../../lib/offboarding/transitions.ts';
import type { Store } from '../../lib/store/store.ts';
import type { Connections } from './connections.ts';
import type { Browser } from './handlers.ts';

/** Phases in which a run writes, or will by itself. */
const atWork: readonly string[] = ['executing', 'paused', 'waiting', 'stopping'];

type AdminCommands =
  | 'run.watch'
  | 'run.listElsewhere'
  | 'run.takeOver'
  | 'run.discardElsewhere'
  | 'connection.test'
  | 'connection.remove';

/** What admins ask beyond a run of their own browser: runs of other browsers, and the connections. */
export function createAdminHandlers(
  engine: Engine,
  store: Store,
  connections: Connections,
  browser: Pick<Browser, 'listen' | 'forget'>,
): Pick<Handlers, AdminCommands> {
  return {
    'run.watch': async ({ connection, member }) => {
      browser.listen(connection);
      const { viewer, registered } = await engine.registered(connection, member);
      const workspace = await connections.workspace(connection);
      const leaver = (await workspace.members({ id: member }).catch(() => undefined))?.items[0] ?? null;
      // As it is by now: the line may have come or gone meanwhile.
      const live = browser.listen(connection);
      if (!registered) return { run: null, leaver, live };
      const { id, by, leaseUntil, updatedAt, open, record } = registered;
      const run: WatchedRun = {
        id,
        by,
        mine: by.id === viewer.id,
        leaseUntil,
        seenAt: updatedAt,
        open,
        record,
      };
      return { run, leaver, live };
    },
    'run.listElsewhere': async ({ connection }) => {
      const workspace = await connections.workspace(connection);
      try {
        const viewer = await connections.viewer(connection);
        if (viewer.admin === 'no') throw new Refused('notAdmin', 'Only admins may see the runs of others.');
        const open = (await workspace.runs?.listOpen()) ?? [];
        const here = new Set((await store.runs()).filter(({ phase }) => isOpen(phase)).map(({ id }) => id));
        return {
          runs: open
            .filter(({ id }) => !here.has(id))
            .map(({ id, leaver, by, updatedAt, record }) => ({
              id,
              leaver: {
                id: leaver,
                name: record.leaver?.name ?? leaver,
                email: record.leaver?.email ?? '',
              },
              by,
              mine: by.id === viewer.id,
              phase: record.phase,
              seenAt: updatedAt,
            })),
        };
      } catch (error) {
        throw refusalOf(error);
      }
    },
    'run.takeOver': async ({ connection, member, run }) => ({
      run: (await engine.takeOver(connection, member, run)).id,
    }),
    'run.discardElsewhere': async ({ connection, member, run }) => {
      await engine.discardElsewhere(connection, member, run);
      return { discarded: true };
    },

    'connection.test': async ({ connection }) => {
      try {
        const { viewer, took } = await connections.test(connection);
        const { name = '', email = '', admin } = viewer;
        return { viewer: { name, email, admin }, took };
      } catch (error) {
        throw refusalOf(error);
      }
    },
    'connection.remove': async ({ connection }) => {
      // Asked again because the first answer was lost: it is gone already.
      if (!(await store.connection(connection))) return { removed: true };
      const runs = (await store.runs()).filter((run) => run.connection === connection);
      // One that this version cannot read never ends here: it would hold its connection for ever.
      const busy = runs.find(({ phase, pause }) => atWork.includes(phase) && pause?.kind !== 'unreadable');
      if (busy) throw new Refused('locked', `The run for ${busy.leaver.name} has not ended. End it first.`);
      // Nobody shall find a draft in their way of which nothing is left.
      for (const { id, phase } of runs) if (phase === 'draft') await engine.discard(id).catch(() => {});
      await browser.forget(connection, await connections.remove(connection));
      return { removed: true };
    },
  };
}

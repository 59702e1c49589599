import { leavers } from '../../lib/engine/drafts.ts';
import type { Batches } from '../../lib/engine/engine.ts';
import { refusalOf } from '../../lib/engine/identity.ts';
import { Refused } from '../../lib/messages/refused.ts';
import type { Handlers } from '../../lib/messages/server.ts';
import type { Batch } from '../../lib/offboarding/batch-model.ts';
import type { Store } from '../../lib/store/store.ts';
import type { Connections } from './connections.ts';

type BatchCommands = Extract<keyof Handlers, `batch.${string}` | 'member.find' | 'offboard.bulk'>;

/** Several offboardings at once: whom a list names, and the commands on a batch. */
export function createBatchHandlers(
  batches: Batches,
  store: Store,
  connections: Connections,
  openTab: (query: string) => Promise<void>,
): Pick<Handlers, BatchCommands> {
  const rev = async (changed: Promise<Batch>): Promise<{ rev: number }> => ({ rev: (await changed).rev });
  return {
    'offboard.bulk': async ({ page }, origin) => {
      const connection = await connections.ofPage(origin);
      if (!connection) throw new Refused('notConnected', 'This site is not connected.');
      const { bulk } = await connections.workspace(connection.id);
      if (!bulk) throw new Refused('noWorkspace', 'Members are offboarded one by one here.');
      // Who the page belongs to goes along in the tab's address: it outlives this process, and no other tab has it.
      const { user, workspace } = page ?? {};
      const address = {
        bulk: '',
        connection: connection.id,
        ...(user !== undefined && { user }),
        ...(workspace !== undefined && { workspace }),
      };
      await openTab(`?${new URLSearchParams(address)}`);
      return { opened: 'tab' };
    },
    'member.find': async ({ connection, names }) => {
      try {
        const workspace = await connections.workspace(connection);
        if ((await connections.viewer(connection)).admin === 'no')
          throw new Refused('notAdmin', 'Only admins may look for members here.');
        const [found = [], leaving] = await Promise.all([
          workspace.bulk?.find(names),
          leavers(store, workspace, connection),
        ]);
        return {
          found: found.map(({ name, members }) => ({
            name,
            members: members.map((member) => {
              const by = leaving.get(member.id);
              return by ? { ...member, leaving: by } : member;
            }),
          })),
        };
      } catch (error) {
        throw refusalOf(error);
      }
    },
    'batch.open': async ({ connection, members, page }) => {
      const workspace = await connections.workspace(connection);
      // Opened from a page of somebody else's session: nobody is checked in the name of this one.
      if (page)
        await workspace.identify(undefined, page).catch((error: unknown) => {
          throw refusalOf(error);
        });
      return { batch: (await batches.open(connection, members)).id };
    },
    'batch.check': ({ batch }) => rev(batches.check(batch)),
    'batch.edit': ({ batch, edit }) => rev(batches.edit(batch, edit)),
    'batch.start': ({ batch, rev: seen, users }) => rev(batches.start(batch, seen, users)),
    'batch.pause': ({ batch }) => rev(batches.pause(batch)),
    'batch.continue': ({ batch }) => rev(batches.continue(batch)),
    'batch.stop': ({ batch }) => rev(batches.stop(batch)),
    'batch.retry': ({ batch }) => rev(batches.retry(batch)),
    'batch.discard': ({ batch }) => rev(batches.discard(batch)),
  };
}

import { refusalOf } from '../../lib/engine/identity.ts';
import { Refused } from '../../lib/messages/refused.ts';
import type { Handlers } from '../../lib/messages/server.ts';
import {
  type OwnControl,
  ownControlsSchema,
  readControls,
  withoutPersons,
} from '../../lib/workspace/own-controls.ts';
import type { ConnectorMemory } from '../../lib/workspace/registry.ts';
import type { Connections } from './connections.ts';
import type { Browser } from './handlers.ts';
import type { Who } from './who.ts';

type ControlCommands = 'control.list' | 'control.add' | 'control.remove' | 'control.import';

/** Under this name a connection keeps the controls that an admin has pointed at. */
const name = 'ownControls';
const most = 20;

/** The controls of a connection; what does not fit any more counts as none. */
export async function ownControlsOf(memory: ConnectorMemory): Promise<OwnControl[]> {
  const parsed = ownControlsSchema.safeParse(await memory.get(name));
  return parsed.success ? parsed.data : [];
}

/** Controls that an admin points at where a workspace's pages are not known: kept with the connection. */
export function createControlHandlers(
  connections: Pick<Connections, 'memoryOf' | 'workspace'>,
  who: Pick<Who, 'personsAmong'>,
  browser: Pick<Browser, 'showOverlay'>,
): Pick<Handlers, ControlCommands> {
  const keep = async (connection: string, controls: OwnControl[]): Promise<{ controls: OwnControl[] }> => {
    if (controls.length > most) throw new Refused('malformed', `Expected at most ${most} controls.`);
    await connections.memoryOf(connection).set(name, controls);
    // Pages that are open learn of it by a new life of the overlay.
    await browser.showOverlay();
    return { controls };
  };
  const list = (connection: string): Promise<OwnControl[]> => ownControlsOf(connections.memoryOf(connection));

  return {
    'control.list': async ({ connection }) => ({ controls: await list(connection) }),
    'control.add': async ({ connection, pointed }) => {
      const workspace = await connections.workspace(connection);
      const { path, place, nearby } = pointed;
      const texts = [...nearby.headings, ...nearby.emails];
      const persons = await who.personsAmong(connection, workspace, texts).catch((error: unknown) => {
        throw refusalOf(error);
      });
      const found = withoutPersons(pointed.found, [...persons, ...nearby.emails]);
      if (found.length === 0)
        throw new Refused('incomplete', 'This cannot be told apart from other things on its page.');
      const control: OwnControl = { id: crypto.randomUUID(), path, place, found };
      return keep(connection, [...(await list(connection)), control]);
    },
    'control.remove': async ({ connection, control }) =>
      keep(
        connection,
        (await list(connection)).filter(({ id }) => id !== control),
      ),
    'control.import': async ({ connection, text }) => {
      const read = readControls(text);
      if ('wrong' in read) throw new Refused('malformed', read.wrong);
      const before = await list(connection);
      const fresh = read.controls.map((each) => ({ ...each, id: crypto.randomUUID() }));
      return keep(connection, [...before, ...fresh]);
    },
  };
}

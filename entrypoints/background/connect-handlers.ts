import { refusalOf } from '../../lib/engine/identity.ts';
import type { SiteNeeds } from '../../lib/messages/protocol.ts';
import { Refused } from '../../lib/messages/refused.ts';
import type { Handlers } from '../../lib/messages/server.ts';
import type { Access } from '../../lib/workspace/port.ts';
import type { Connections } from './connections.ts';
import type { Browser } from './handlers.ts';

type ConnectCommands = 'connection.needs' | 'connection.preview' | 'connection.add';

const isEmpty = ({ origins, permissions }: Access): boolean =>
  origins.length === 0 && permissions.length === 0;

/** Connecting a workspace: what it takes, who is there, and, once the browser allows all of it, the connection. */
export function createConnectHandlers(
  connections: Pick<Connections, 'needs' | 'look' | 'keep' | 'viewerAt' | 'view'>,
  browser: Pick<Browser, 'missing' | 'showOverlay'>,
): Pick<Handlers, ConnectCommands> {
  return {
    'connection.needs': async ({ origin }) => connections.needs(origin),
    'connection.preview': async ({ origin }) => {
      const needs = connections.needs(origin);
      // Before it is allowed a site may well be silent; what it needs by its name is known all the same.
      const found = await connections.look(origin).catch(() => null);
      if (!found) return { workspace: null, viewer: null, needs };
      const all: SiteNeeds = { ...needs, origins: found.origins };
      if (!isEmpty(await browser.missing(all)))
        return { workspace: found.workspace, viewer: null, needs: all };
      // Only looked at: what is connected is for the admin to say.
      const { name, admin } = await connections.viewerAt(found).catch((error: unknown) => {
        throw refusalOf(error);
      });
      return { workspace: found.workspace, viewer: { name: name ?? '', admin }, needs: all };
    },
    'connection.add': async ({ origin, secret }) => {
      const { origins, permissions } = accessWith(secret, connections.needs(origin));
      const first = await browser.missing({ origins, permissions });
      if (!isEmpty(first)) return { missing: first };
      const found = await connections.look(origin, secret).catch((error: unknown) => {
        throw refusalOf(error);
      });
      if (!found) throw new Refused('noWorkspace', `No workspace was found at ${origin}.`);
      // What a workspace needs besides, such as the site of its API, only its own answer tells.
      const missing = await browser.missing({ origins: found.origins, permissions });
      if (!isEmpty(missing)) return { missing };
      const connection = await connections.keep(found, secret);
      await browser.showOverlay();
      return { connection: await connections.view(connection) };
    },
  };
}

/** A secret that stands in for the browser's own session needs no power to read that. */
export function accessWith(secret: string | undefined, needs: SiteNeeds): Access {
  const { origins, permissions } = needs;
  return { origins, permissions: secret !== undefined && needs.secret === 'instead' ? [] : permissions };
}

import { z } from 'zod';
import type { Clock, Dispatcher } from '../dispatcher.ts';
import { WorkspaceError } from '../errors.ts';
import { createHttpClient, type Fetch } from '../http.ts';
import type { ConnectorMemory } from '../memory.ts';
import type { Workspace } from '../port.ts';
import { createClient, errorOf } from './client.ts';
import type { CustifySettings } from './discovery.ts';
import { pages } from './pages.ts';
import { words } from './words.ts';

export interface CustifyDependencies {
  settings: CustifySettings;
  fetch: Fetch;
  /** The connection's own: all its calls share one pace and one set of locks. */
  dispatcher: Dispatcher;
  clock: Clock;
  /** The API key; null where there is none. */
  secret: string | null;
  memory: ConnectorMemory;
}

/** Requests in flight at once; no limit is publicly known, the pace is learned from the answers. */
export const limits = { concurrency: 4, settle: 5_000 };

const namesSchema = z.looseObject({
  assignedTo: z.array(z.looseObject({ id: z.string(), name: z.string() })),
});

/** Custify over its public API, with a key. */
export function createCustifyWorkspace(dependencies: CustifyDependencies): Workspace {
  const { settings, fetch, dispatcher, clock } = dependencies;
  const http = createHttpClient({ fetch, dispatcher, clock, errorOf, credentials: 'omit' });
  const client = createClient(http, settings.api, dependencies.secret);
  const people = async (signal?: AbortSignal) =>
    (await client.get('/task/filtersAvailableValues', namesSchema, {}, signal)).assignedTo;
  return {
    async identify(signal) {
      await client.get('/company/all', z.unknown(), { page: 1, itemsPerPage: 1 }, signal);
      return { ...settings.actor, workspace: settings.workspace, admin: 'unknown' };
    },
    async members(query, signal) {
      const text = query.text?.trim().toLowerCase() ?? '';
      const found = (await people(signal)).filter(({ id, name }) =>
        query.id === undefined ? name.toLowerCase().includes(text) : id === query.id,
      );
      return {
        items: found.map(({ id, name }) => ({ id, name, email: '', active: true, admin: 'unknown' })),
      };
    },
    guard: async () => ({ owns: 'unknown', counts: [] }),
    async survey(leaver, signal) {
      const found = (await people(signal)).find(({ id }) => id === leaver);
      if (!found) throw new WorkspaceError('gone', words.memberGone);
      const member = { id: found.id, name: found.name, email: '', active: true, admin: 'unknown' } as const;
      return { leaver: member, blockers: [], completion: 'page', categories: [] };
    },
    scan: async () => ({ items: [] }),
    apply: async () => {
      throw new WorkspaceError('unsupported', words.refused);
    },
    read: async (_category, refs) => refs.map((ref) => ({ ref, unreadable: words.gone, gone: false })),
    limits,
    pages,
  };
}

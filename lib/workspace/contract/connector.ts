import type { Clock, Dispatcher } from '../dispatcher.ts';
import { createHttpClient, type Fetch } from '../http.ts';
import type { Workspace } from '../port.ts';
import type { Discovery } from './discovery.ts';
import { listenToEvents } from './events.ts';
import { createOwnership } from './ownership.ts';
import { createPeople } from './people.ts';
import { createRunRegistry } from './runs.ts';
import { createSession } from './session.ts';

export interface ContractDependencies {
  discovery: Discovery;
  fetch: Fetch;
  /** The connection's own: all its calls share one pace and one set of locks. */
  dispatcher: Dispatcher;
  clock: Clock;
}

/** A workspace that speaks the open contract (wire.ts), as its discovery document describes it. */
export function createContractWorkspace(dependencies: ContractDependencies): Workspace {
  const { discovery, fetch, dispatcher, clock } = dependencies;
  const { urls, limits } = discovery;
  const session = createSession(createHttpClient({ fetch, dispatcher, clock }), urls.api);
  const people = createPeople(session, urls.scim, clock, limits);
  const ownership = createOwnership(session, urls.api, limits);
  return {
    async identify(signal) {
      const me = await session.me(signal);
      return {
        id: me.id,
        name: me.name,
        email: me.email,
        workspace: discovery.workspace,
        admin: me.admin ? 'yes' : 'no',
      };
    },
    members: people.members,
    guard: ownership.guard,
    async survey(leaver, signal) {
      const [member, categories] = await Promise.all([
        people.member(leaver, signal),
        ownership.categories(leaver, signal),
      ]);
      return { leaver: member, blockers: [], completion: 'api', categories };
    },
    scan: ownership.scan,
    apply: ownership.apply,
    read: ownership.read,
    setActive: people.setActive,
    runs: createRunRegistry(session, urls.api, clock),
    listen: (listener) => listenToEvents(urls.events, fetch, clock, listener),
    limits: { concurrency: limits.concurrency, settle: limits.settle },
    pages: discovery.pages,
  };
}

import type { Clock, Dispatcher } from '../dispatcher.ts';
import { WorkspaceError } from '../errors.ts';
import { createHttpClient, type Fetch } from '../http.ts';
import type { Workspace } from '../port.ts';
import { emptiedTogether, findNamed } from './bulk.ts';
import { categoriesOf } from './categories.ts';
import { createClient } from './client.ts';
import type { NatterboxSettings } from './discovery.ts';
import { errorOf } from './faults.ts';
import { toLongId } from './ids.ts';
import { pagesOf } from './pages.ts';
import { createOwnMembers, findMembers } from './people.ts';
import { loadModel, natterboxUser, type OrgModel } from './schema.ts';
import { createOrgSession, type SessionSource } from './session.ts';
import { isGap, type Target } from './sources.ts';
import { guard, type Scope, scan, survey } from './survey.ts';
import { createSurveyed } from './surveyed.ts';
import { readUsage } from './usage.ts';
import { words } from './words.ts';
import { createWriting } from './writing.ts';

export interface NatterboxDependencies {
  settings: NatterboxSettings;
  fetch: Fetch;
  /** The connection's own: all its calls share one pace and one set of locks. */
  dispatcher: Dispatcher;
  clock: Clock;
  session: SessionSource;
  /** At least 0 and below 1; stretches waits so that two browsers do not meet again. */
  random?: () => number;
}

/**
 * Requests in flight at once. The platform caps only requests of 20 s and more (5 at once in trial orgs); this
 * stays within that even if every one were so slow.
 */
export const limits = { concurrency: 5, settle: 5_000 };

/** So long it is not described anew although it refuses a field, milliseconds: then that is no news. */
const describedFor = 60_000;

/** Natterbox on Salesforce: users, groups, profiles and licences as records of one org. */
export function createNatterboxWorkspace(dependencies: NatterboxDependencies): Workspace {
  const { settings, dispatcher, clock } = dependencies;
  let usage: Scope['usage'];
  const fetch: Fetch = async (input, init) => {
    const response = await dependencies.fetch(input, init);
    usage = readUsage(response.headers) ?? usage;
    return response;
  };
  const http = createHttpClient({ fetch, dispatcher, clock, errorOf });
  const session = createOrgSession(http, dependencies.session, {
    api: settings.origins.api,
    org: settings.workspace.id,
  });
  const client = createClient(session, settings.version);
  const writing = createWriting(client, clock, dependencies.random ?? Math.random);

  const own = createOwnMembers(client, clock);
  const surveyed = createSurveyed(clock);

  let described: Promise<OrgModel> | undefined;
  let describedAnew = Number.NEGATIVE_INFINITY;
  let viewer: string | undefined;

  /** Once for a connection; asked again after a failure, and when a field turns out to be gone. */
  const model = (): Promise<OrgModel> => {
    described ??= loadModel(client).catch((error: unknown) => {
      described = undefined;
      throw error;
    });
    return described;
  };
  const scope = async (): Promise<Scope> => {
    const org = await model();
    const { origins } = settings;
    const settled = clock.now().getTime() - describedAnew < describedFor;
    return { client, org, origins, categories: categoriesOf(org, origins), viewer, settled, usage };
  };
  const forgetting = async <T>(call: Promise<T>): Promise<T> => {
    try {
      return await call;
    } catch (error) {
      if (error instanceof WorkspaceError && error.kind === 'unsupported') described = undefined;
      throw error;
    }
  };
  /** Asks once more, with the org described anew, where it refuses what it was once described to have. */
  const healing = async <T>(ask: (scope: Scope) => Promise<T>): Promise<T> => {
    const used = model();
    try {
      return await ask(await scope());
    } catch (error) {
      if (!(error instanceof WorkspaceError) || error.kind !== 'unsupported') throw error;
      // Somebody who asked at the same time may have been told first.
      if (described === used) {
        described = undefined;
        describedAnew = clock.now().getTime();
      }
      return ask({ ...(await scope()), settled: true });
    }
  };
  const targetOf = async (category: string): Promise<Target> => {
    const { categories } = await scope();
    const found = categories.find((one) => one.category.id === category);
    if (!found || isGap(found))
      throw new WorkspaceError('unsupported', words.hidden(found?.category.name ?? category));
    return found.target;
  };

  return {
    async identify(signal, page) {
      const person = await session.person(signal, page);
      viewer = person.id;
      const members = await own.of(person.id, signal);
      const users = (await model()).object(natterboxUser);
      const mayChange = users?.updateable && users.fields.get('nbavs__Enabled__c')?.updateable !== false;
      return {
        id: person.id,
        ...(person.name !== undefined && { name: person.name }),
        ...(person.email !== undefined && { email: person.email }),
        members,
        workspace: settings.workspace,
        admin: mayChange ? 'yes' : 'no',
      };
    },
    members: async (query, signal) => forgetting(findMembers(client, await model(), query, viewer, signal)),
    guard: (leaver, signal) => healing((now) => guard(now, leaver, signal)),
    async survey(leaver, signal) {
      if (viewer === undefined) viewer = (await session.person(signal)).id;
      const found = await healing((now) => survey(now, leaver, signal));
      surveyed.keep(leaver, found.items);
      return found.survey;
    },
    async scan(leaver, categories, cursor, signal) {
      const items = cursor === undefined ? surveyed.take(leaver, categories) : undefined;
      return items ? { items } : forgetting(scan(await scope(), leaver, categories, cursor, signal));
    },
    async apply(attempt, signal) {
      surveyed.forget();
      return forgetting(writing.apply(await targetOf(attempt.category), attempt, signal));
    },
    read: async (category, refs, signal) => forgetting(writing.read(await targetOf(category), refs, signal)),
    setActive(...given) {
      surveyed.forget();
      return writing.setActive(...given);
    },
    bulk: {
      words: { title: words.bulkTitle, submit: words.bulkSubmit, why: words.namesStay },
      find: async (names, signal) => forgetting(findNamed(client, await model(), names, viewer, signal)),
      together: async (leavers, signal) =>
        forgetting(emptiedTogether(client, await model(), leavers, signal)),
    },
    memberId: toLongId,
    limits,
    pages: pagesOf(settings.origins),
  };
}

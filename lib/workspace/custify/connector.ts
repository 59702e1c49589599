import { z } from 'zod';
import type { Member } from '../../offboarding/model.ts';
import type { Clock, Dispatcher } from '../dispatcher.ts';
import { WorkspaceError } from '../errors.ts';
import { createHttpClient, type Fetch } from '../http.ts';
import { type ConnectorMemory, ofSecret } from '../memory.ts';
import type { MemberQuery, Page, Workspace } from '../port.ts';
import { createClient, errorOf } from './client.ts';
import type { CustifySettings } from './discovery.ts';
import { readTasksOf } from './filtered.ts';
import type { Scene } from './holding.ts';
import { TooLong } from './lists.ts';
import { pages } from './pages.ts';
import { nameOf, openPersons, type Persons } from './persons.ts';
import { createProofs } from './proofs.ts';
import { type Reading, readWorkspace } from './reading.ts';
import {
  type FieldForms,
  fieldFormsSchema,
  formsOf,
  guard,
  scan,
  survey,
  toMember,
  type Viewpoint,
} from './survey.ts';
import { attributeTarget, ownerTarget, type Target, taskTarget } from './targets.ts';
import { words } from './words.ts';
import { createWriting, type Writing } from './writing.ts';

export interface CustifyDependencies {
  settings: CustifySettings;
  fetch: Fetch;
  /** The connection's own: all its calls share one pace and one set of locks. */
  dispatcher: Dispatcher;
  clock: Clock;
  /** The API key; null where there is none. */
  secret: string | null;
  /** What is known of people and of writes outlives the process: see persons.ts and proofs.ts. */
  memory: ConnectorMemory;
}

/** Requests in flight at once; no limit is publicly known, the pace is learned from the answers. */
export const limits = { concurrency: 4, settle: 5_000 };

/** A reading is good for so many milliseconds where something is only listed; a survey always reads anew. */
const lifetimes = { scan: 60_000, guard: 10_000, people: 5 * 60_000 };
const defaultPage = 50;
const formsName = `${ofSecret.reads}forms`;

function startOf(cursor: string): number {
  if (!/^\d{1,9}$/.test(cursor))
    throw new WorkspaceError('invalid', 'Expected a place in the list of members, got another cursor.');
  return Number(cursor);
}

/** What was asked, unless it is called off before: others may wait for the same answer. */
function inTime<T>(asked: Promise<T>, signal?: AbortSignal): Promise<T> {
  if (!signal) return asked;
  return new Promise((resolve, reject) => {
    const callOff = (): void => reject(signal.reason);
    if (signal.aborted) callOff();
    signal.addEventListener('abort', callOff, { once: true });
    asked.then(resolve, reject).finally(() => signal.removeEventListener('abort', callOff));
  });
}

/** Custify over its public API, with a key: see the README beside. */
export function createCustifyWorkspace(dependencies: CustifyDependencies): Workspace {
  const { settings, fetch, dispatcher, clock, memory } = dependencies;
  const http = createHttpClient({ fetch, dispatcher, clock, errorOf, credentials: 'omit' });
  const client = createClient(http, { api: settings.api, key: dependencies.secret, clock });
  const proofs = createProofs(memory, clock);
  const now = () => clock.now().getTime();

  let opening: Promise<Persons> | undefined;
  let writing: Writing | undefined;
  let latest: Reading | undefined;
  let metAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<Reading> | undefined;
  /** How often something was written, or tried to be. */
  let writes = 0;
  /** As the last reading has shown them; what was written since changes nothing of that. */
  let forms: FieldForms | undefined;
  let met: Persons | undefined;

  const open = async (): Promise<Persons> => {
    met = await openPersons(memory);
    forms = fieldFormsSchema.safeParse(await memory.get(formsName)).data;
    return met;
  };
  const persons = (): Promise<Persons> => {
    opening ??= open().catch((error: unknown) => {
      opening = undefined;
      throw error;
    });
    return opening;
  };
  /** Something was written: what was read before, or is being read, is not what there is any more. */
  const outdate = (): void => {
    writes += 1;
    latest = undefined;
    reading = undefined;
  };
  /** `patient`: what came spoiled is asked for once more. */
  const readAnew = async (patient: boolean, signal?: AbortSignal): Promise<Reading> => {
    const known = await persons();
    const version = writes;
    const found = await readWorkspace(client, known, { now, patient, signal });
    if (version === writes) latest = found;
    metAt = found.at;
    const shown = formsOf(found);
    if ('found' in found.companies && JSON.stringify(shown) !== JSON.stringify(forms)) {
      forms = shown;
      await memory.set(formsName, shown);
    }
    return found;
  };
  /** A reading that is no older than so many milliseconds, or the one that is under way: who asks at once shares it. */
  const recent = (lifetime: number): Promise<Reading> => {
    if (latest && now() - latest.at < lifetime) return Promise.resolve(latest);
    if (reading) return reading;
    const asked = readAnew(false);
    reading = asked;
    const done = (): void => {
      if (reading === asked) reading = undefined;
    };
    asked.then(done, done);
    return asked;
  };

  const sceneOf = async (found: Reading, key: string, signal?: AbortSignal): Promise<Scene> => {
    const known = await persons();
    const leaver = known.find(key);
    if (!leaver) throw new WorkspaceError('gone', words.memberGone);
    const scene = { reading: found, persons: known, leaver, key, app: settings.app };
    const tooLong = 'unread' in found.tasks && found.tasks.unread instanceof TooLong;
    if (!tooLong) return scene;
    try {
      const tasks = { found: await readTasksOf(client, leaver, signal) };
      return { ...scene, reading: { ...found, tasks }, ownTasksOnly: true };
    } catch (error) {
      if (!(error instanceof WorkspaceError) || !['unsupported', 'conflict', 'invalid'].includes(error.kind))
        throw error;
      return { ...scene, reading: { ...found, tasks: { unread: error } } };
    }
  };
  const viewpoint = async (found: Reading, key: string, signal?: AbortSignal): Promise<Viewpoint> => ({
    scene: await sceneOf(found, key, signal),
    proofs,
    actor: settings.actor,
  });

  const targets: Record<string, Target | undefined> = {
    'customers.csm': ownerTarget(client, 'csm') as Target,
    'customers.accountManager': ownerTarget(client, 'accountManager') as Target,
    'tasks.open': taskTarget(client) as Target,
  };
  const targetOf = (category: string): Target => {
    const attribute = /^attributes\.user:(.+)$/s.exec(category)?.[1];
    const target =
      attribute === undefined
        ? Object.hasOwn(targets, category) && targets[category]
        : (attributeTarget(client, attribute) as Target);
    if (!target) throw new WorkspaceError('manual', words.noWrite);
    return target;
  };

  const writer = async (): Promise<Writing> => {
    const known = await persons();
    writing ??= createWriting(known, proofs, clock);
    return writing;
  };

  async function members(query: MemberQuery): Promise<Page<Member>> {
    const known = await persons();
    if (query.id !== undefined) {
      if (!known.find(query.id) && now() - metAt > lifetimes.people) await recent(lifetimes.people);
      const person = known.find(query.id);
      return person
        ? { items: [{ ...toMember(person, forms), id: query.id }], total: 1 }
        : { items: [], total: 0 };
    }
    if (now() - metAt > lifetimes.people) {
      const asked = recent(lifetimes.people);
      // Whoever is known by now is told at once: a page waits for it. Who is new comes with the next question.
      // With a key that has read nothing yet, nobody is known for sure.
      if (forms === undefined) await asked;
      else asked.catch(() => {});
    }
    const text = query.text?.trim().toLowerCase() ?? '';
    const found = known
      .all()
      .filter((person) => `${nameOf(person)}\n${person.email ?? ''}`.toLowerCase().includes(text))
      .sort((a, b) => nameOf(a).localeCompare(nameOf(b)) || (a.key < b.key ? -1 : 1));
    const start = query.cursor === undefined ? 0 : startOf(query.cursor);
    const end = start + (query.limit ?? defaultPage);
    return {
      items: found.slice(start, end).map((person) => toMember(person, forms)),
      total: found.length,
      ...(end < found.length && { cursor: String(end) }),
    };
  }

  return {
    async identify(signal) {
      await client.get('/company/all', z.looseObject({}), { page: 1, itemsPerPage: 1 }, signal);
      const { actor } = settings;
      return {
        // Their own word, and the same word each time, whatever is found out about people meanwhile.
        ...(actor && { id: actor.email.trim().toLowerCase(), name: actor.name, email: actor.email }),
        workspace: settings.workspace,
        admin: 'unknown',
      };
    },
    members,
    // Asked at every approach to a control: one reading answers all of them for some seconds.
    guard: async (leaver, signal) =>
      guard(await viewpoint(await inTime(recent(lifetimes.guard), signal), leaver, signal)),
    survey: async (leaver, signal) => survey(await viewpoint(await readAnew(true, signal), leaver, signal)),
    async scan(leaver, categories, cursor, signal) {
      try {
        return scan(await sceneOf(await recent(lifetimes.scan), leaver, signal), categories, cursor);
      } catch (error) {
        // The next one shall not meet the same again.
        latest = undefined;
        throw error;
      }
    },
    async apply(attempt, signal) {
      outdate();
      try {
        return await (await writer()).apply(targetOf(attempt.category), attempt, signal);
      } finally {
        outdate();
      }
    },
    async read(category, refs, signal) {
      return (await writer()).read(targetOf(category), refs, signal);
    },
    sameMember: (a, b) => a === b || (met?.find(a) !== undefined && met.find(a) === met.find(b)),
    limits,
    pages,
    activeUnknown: true,
  };
}

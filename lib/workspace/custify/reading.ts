import { WorkspaceError } from '../errors.ts';
import type { Client } from './client.ts';
import { type ListCall, readAll } from './lists.ts';
import type { Persons } from './persons.ts';
import { type Mention, readUser, readUsers, type Said } from './said.ts';
import {
  attributesSchema,
  type CompanyRecord,
  companySchema,
  idOf,
  listSchema,
  type NamedRecord,
  namedSchema,
  type TaskRecord,
  taskSchema,
  valuesSchema,
} from './wire.ts';
import { words } from './words.ts';

/** One look at everything that the API shows and that can name a user; each part is there, or the reason why not. */

export interface Attribute {
  key: string;
  name: string;
}

export interface Company {
  id: string;
  name: string;
  industry: string | null;
  plan: string | null;
  csm: Said;
  accountManager: Said;
  /** By attribute. */
  attributes: ReadonlyMap<string, Said>;
}

export interface Task {
  id: string;
  title: string;
  company: string | undefined;
  due: string | null;
  snoozed: string | null;
  priority: string | null;
  /** Neither done nor set aside as not relevant; snoozed ones are open too. */
  open: boolean;
  /** The assignee is a user, and nothing else that work can be given to. */
  toUser: boolean;
  assignee: Said;
  collaborators: readonly Said[];
}

/** A part of a reading: what was found, or why it could not be read. */
export type Part<T> = { found: T } | { unread: WorkspaceError };

export interface Reading {
  at: number;
  attributes: Part<Attribute[]>;
  companies: Part<Company[]>;
  tasks: Part<Task[]>;
  playbooks: Part<NamedRecord[]>;
  lifecycles: Part<NamedRecord[]>;
  objectives: Part<NamedRecord[]>;
  /** Attributes of people that say a user. */
  peopleAttributes: Part<Attribute[]>;
  people: Part<NamedRecord[]>;
}

/** The names of owner fields, as they are read and written. */
export const ownerFields = { csm: 'owners_csm', accountManager: 'owners_account' } as const;

/** Lists that are longer are not read: at so many calls, an answer comes too late to be true. */
const most = 100_000;
const mostTasks = 20_000;
const call = <T>(
  path: string,
  name: string,
  schema: ListCall<T>['schema'],
  size: number,
  longest = most,
) => ({
  path,
  name,
  schema,
  size,
  most: longest,
});
export const lists = {
  companies: call('/company/all', 'customers', listSchema('companies', companySchema), 100),
  tasks: call('/task', 'tasks', listSchema('tasks', taskSchema), 50, mostTasks),
  playbooks: {
    ...call('/playbook', 'playbooks', listSchema('playbooks', namedSchema), 100),
    parameters: { type: 'companies' },
  },
  lifecycles: call('/lifecycle', 'lifecycles', listSchema('lifecycles', namedSchema), 100),
  objectives: call('/objective', 'objectives', listSchema('objectives', namedSchema), 50),
  people: call('/people/all', 'people of customers', listSchema('people', namedSchema), 100, mostTasks),
};

/**
 * Reads everything, and tells `persons` of everybody who is named. A part that the workspace refuses, or answers in a
 * form that nobody knows, is unread with the reason; every other fault is thrown. `patient`: what came spoiled is
 * asked for once more.
 */
export async function readWorkspace(
  client: Client,
  persons: Persons,
  { now, patient, signal: outer }: { now: () => number; patient: boolean; signal: AbortSignal | undefined },
): Promise<Reading> {
  const failed = new AbortController();
  const signal = outer ? AbortSignal.any([outer, failed.signal]) : failed.signal;
  let failure: { error: unknown } | undefined;
  /** Where one of them fails so that nothing comes of the reading, the others are called off. */
  const part = <T>(read: () => Promise<T>): Promise<Part<T>> =>
    settle(read, patient).catch((error: unknown) => {
      failure ??= { error };
      failed.abort(error);
      throw error;
    });
  const mentions: Mention[] = [];
  const attributesOf = (path: string) =>
    client.get(path, attributesSchema, {}, signal).then((found) => {
      const ofUsers = found.filter(
        ({ name, fieldType }) => fieldType?.toLowerCase() === 'user' && !isOwnerField(name),
      );
      // One that is listed twice is one attribute all the same.
      const names = new Map(ofUsers.map(({ name, niceName }) => [attributeKey(name), niceName]));
      return [...names].map(([key, niceName]) => ({ key, name: niceName || key }));
    });
  const attributes = part(() => attributesOf('/company/attributes'));
  const peopleAttributes = part(() => attributesOf('/customer/attributes'));
  const companies = part(async () => {
    const keys = await attributes;
    const records = await readAll(client, lists.companies, signal);
    return records.map((record) => toCompany(record, 'found' in keys ? keys.found : []));
  });
  const tasks = part(async () => (await readAll(client, lists.tasks, signal)).map(toTask));
  const values = part(() => client.get('/task/filtersAvailableValues', valuesSchema, {}, signal));
  const playbooks = part(() => readAll(client, lists.playbooks, signal));
  const lifecycles = part(() => readAll(client, lists.lifecycles, signal));
  const objectives = part(() => readAll(client, lists.objectives, signal));
  const people = part(async () => {
    const keys = await peopleAttributes;
    if ('unread' in keys) throw keys.unread;
    // Without an attribute that could name somebody there is nothing to look for.
    return keys.found.length === 0 ? [] : readAll(client, lists.people, signal);
  });
  const parts = [
    attributes,
    companies,
    tasks,
    values,
    playbooks,
    lifecycles,
    objectives,
    peopleAttributes,
    people,
  ];
  // All of them end before anything is thrown: none is left to fail unheard.
  await Promise.allSettled(parts);
  if (failure) throw failure.error;
  const reading: Reading = {
    at: now(),
    attributes: await attributes,
    companies: await companies,
    tasks: await tasks,
    playbooks: await playbooks,
    lifecycles: await lifecycles,
    objectives: await objectives,
    peopleAttributes: await peopleAttributes,
    people: await people,
  };
  const said = (each: Said): void => {
    if (each.mention) mentions.push(each.mention);
  };
  for (const company of foundIn(reading.companies))
    for (const each of [company.csm, company.accountManager, ...company.attributes.values()]) said(each);
  for (const { assignee, collaborators, toUser } of foundIn(reading.tasks))
    for (const each of toUser ? [assignee, ...collaborators] : collaborators) said(each);
  const known = await values;
  if ('found' in known)
    for (const list of [known.found.assignedTo, known.found.collaborators, known.found.createdBy])
      for (const each of list) said(readUser(each));
  for (const objective of foundIn(reading.objectives)) for (const each of inObjective(objective)) said(each);
  for (const person of foundIn(reading.people))
    for (const { key } of foundIn(reading.peopleAttributes)) said(attributeOf(person, key));
  await persons.meet(mentions);
  return reading;
}

/** What was found; nothing where it could not be read. */
export const foundIn = <T>(found: Part<T[]>): T[] => ('found' in found ? found.found : []);

/** Whether a refusal is about this part alone, and says something that an admin can use. */
const isAboutPart = ({ kind }: WorkspaceError): boolean =>
  ['forbidden', 'gone', 'unsupported', 'conflict', 'invalid'].includes(kind);

async function settle<T>(read: () => Promise<T>, patient: boolean): Promise<Part<T>> {
  for (let tries = 1; ; tries += 1) {
    try {
      return { found: await read() };
    } catch (error) {
      if (!(error instanceof WorkspaceError) || !isAboutPart(error)) throw error;
      // One that was spoiled on its way comes whole the next time.
      const spoiled = error.kind === 'invalid' && (error.status ?? 0) < 300;
      if (!spoiled || !patient || tries > 1) return { unread: error };
    }
  }
}

const isOwnerField = (name: string): boolean => Object.values<string>(ownerFields).includes(name);
const attributeKey = (name: string): string => name.replace(/^custom_attributes\./, '');

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

/** What the owner field of a company says. */
export const ownerOf = (record: CompanyRecord, owner: keyof typeof ownerFields): Said => {
  const field = ownerFields[owner];
  return readUser(record[field], { name: record[`${field}_name`], email: record[`${field}_email`] });
};

/** What a user attribute of a record says. */
export const attributeOf = (record: Record<string, unknown>, key: string): Said => {
  const values = record.custom_attributes;
  if (values === null || values === undefined || values === '') return { form: 'none' };
  // A list of them, or whatever else: what it says of this one is not known.
  if (typeof values !== 'object' || Array.isArray(values))
    return { form: Array.isArray(values) && values.length === 0 ? 'none' : 'other' };
  return readUser((values as Record<string, unknown>)[key]);
};

function toCompany(record: CompanyRecord, attributes: readonly Attribute[]): Company {
  return {
    id: idOf(record) ?? '',
    name: record.name ?? words.unnamed,
    industry: record.industry ?? null,
    plan: record.plan ?? null,
    csm: ownerOf(record, 'csm'),
    accountManager: ownerOf(record, 'accountManager'),
    attributes: new Map(attributes.map(({ key }) => [key, attributeOf(record, key)])),
  };
}

/** Whom a task is assigned to. */
export const assigneeOf = (record: TaskRecord): Said =>
  readUser(record.assignedTo, { name: record.assignedToName, email: record.assignedToEmail });

/** Open tasks are whatever is neither done nor set aside: the filter of that name leaves snoozed ones out. */
export const isOpen = ({ status }: TaskRecord): boolean =>
  !['done', 'not relevant'].includes(status?.toLowerCase() ?? '');

/** Work can be given to others than users; which words there are for users is not known, this one is likely. */
export const isForUser = ({ assignedToModel }: TaskRecord): boolean =>
  !assignedToModel || /^users?$/i.test(assignedToModel);

export function toTask(record: TaskRecord): Task {
  const { company, collaborators } = record as { company?: unknown; collaborators?: unknown };
  return {
    id: idOf(record) ?? '',
    title: record.name || record.title || words.unnamed,
    company: typeof company === 'object' && company !== null ? idOf(company) : (text(company) ?? undefined),
    due: record.dueDate ?? null,
    snoozed: record.snoozedUntilDate ?? null,
    priority: record.priority ?? null,
    open: isOpen(record),
    toUser: isForUser(record),
    assignee: assigneeOf(record),
    collaborators: readUsers(collaborators),
  };
}

/** Whom an objective names: first its assignee, then its collaborators. */
export function inObjective(record: NamedRecord): Said[] {
  const { assignedTo, assignedToName, collaborators } = record as Record<string, unknown>;
  return [readUser(assignedTo, { name: assignedToName }), ...readUsers(collaborators)];
}

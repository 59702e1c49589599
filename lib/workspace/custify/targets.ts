import { z } from 'zod';
import { WorkspaceError } from '../errors.ts';
import type { Client } from './client.ts';
import { assigneeOf, attributeOf, isForUser, isOpen, ownerFields, ownerOf } from './reading.ts';
import type { Said } from './said.ts';
import {
  type CompanyRecord,
  companySchema,
  idOf,
  type TaskRecord,
  taskSchema,
  writtenId,
  writtenSchema,
} from './wire.ts';

/** What an item is to the API: where it is read, what it says, and how something else is written in its place. */
export interface Target<R = unknown> {
  /** Under this name it is kept whether the write works. */
  proof: string;
  /** The record, read now; undefined when there is none. */
  read(ref: string, signal?: AbortSignal): Promise<R | undefined>;
  /** Whom it names; null: it is none of these items any more. */
  says(record: R): Said | null;
  /** The ways in which it may be written, in the order in which they are tried. */
  ways(record: R): readonly Way[];
  /** How many ways there are; of some records not every one can be tried. */
  allWays: number;
  /** Whether a write makes a record where it finds none. */
  makes: boolean;
  /** What else the record says, that a write must not change. */
  rest(record: R): unknown;
}

export interface Way {
  name: string;
  /** Sends it and resolves with the id of the record that was written, where the answer says it. */
  write(
    value: string,
    options: { lock: string; flow: string; signal: AbortSignal },
  ): Promise<string | undefined>;
}

const one = <T>(name: string, schema: z.ZodType<T>): z.ZodType<T[]> =>
  z
    .looseObject({ [name]: z.array(schema) })
    .transform((answer) => answer[name] as T[]) as unknown as z.ZodType<T[]>;
const oneCompany = one('companies', companySchema);
const oneTask = one('tasks', taskSchema);

/** The record of that id among those that were answered; what is missing is an empty list, and sometimes a 404. */
async function readOne<R extends { id?: unknown; _id?: unknown }>(
  client: Client,
  path: string,
  id: string,
  schema: z.ZodType<R[]>,
  signal?: AbortSignal,
): Promise<R | undefined> {
  try {
    const found = await client.get(`${path}/${encodeURIComponent(id)}`, schema, {}, signal);
    const own = found.find((record) => idOf(record) === id);
    if (!own && found.length > 0)
      throw new WorkspaceError('invalid', 'Expected the record asked for, got another one.');
    return own;
  } catch (error) {
    if (error instanceof WorkspaceError && error.kind === 'gone') return undefined;
    throw error;
  }
}

const upsert = '/company';

/**
 * The owner of a company. `POST /company` makes a company where it finds none, so it is only ever sent with the id of
 * a record that was read just before: its own id, else its external one, each read from that same record.
 */
export function ownerTarget(client: Client, owner: keyof typeof ownerFields): Target<CompanyRecord> {
  const field = ownerFields[owner];
  return {
    ...{ proof: field, allWays: 2, makes: true },
    read: (ref, signal) => readOne(client, '/company', ref, oneCompany, signal),
    says: (record) => ownerOf(record, owner),
    ways(record) {
      const way = (name: string, key: Record<string, unknown>): Way => ({
        name,
        write: async (value, options) =>
          writtenId(await client.write('POST', upsert, { ...key, [field]: value }, writtenSchema, options)),
      });
      const external = record.company_id;
      return [
        way('id', { id: idOf(record) }),
        ...(external === null || external === undefined || external === ''
          ? []
          : [way('company_id', { company_id: external })]),
      ];
    },
    rest: (record) => ({
      name: record.name,
      company_id: record.company_id,
      others: Object.values(ownerFields)
        .filter((other) => other !== field)
        .map((other) => record[other] ?? null),
      custom_attributes: record.custom_attributes ?? null,
    }),
  };
}

/**
 * A user attribute of a company. Whether the attributes that are sent are merged into the others or replace them is
 * not known, so all of them are sent as they were just read, with the one change.
 */
export function attributeTarget(client: Client, key: string): Target<CompanyRecord> {
  return {
    ...{ proof: `attribute ${key}`, allWays: 1, makes: true },
    read: (ref, signal) => readOne(client, '/company', ref, oneCompany, signal),
    says: (record) => attributeOf(record, key),
    ways: (record) => [
      {
        name: 'id',
        async write(value, options) {
          const body = { id: idOf(record), custom_attributes: { ...record.custom_attributes, [key]: value } };
          return writtenId(await client.write('POST', upsert, body, writtenSchema, options));
        },
      },
    ],
    rest: (record) => ({
      name: record.name,
      company_id: record.company_id,
      owners: Object.values(ownerFields).map((field) => record[field] ?? null),
      custom_attributes: { ...record.custom_attributes, [key]: null },
    }),
  };
}

/** The assignee of a task. Only a status was ever seen in what is sent there (C1); an assignee is likely (IMP). */
export function taskTarget(client: Client): Target<TaskRecord> {
  return {
    ...{ proof: 'task assignee', allWays: 1, makes: false },
    read: (ref, signal) => readOne(client, '/task', ref, oneTask, signal),
    says: (record) => (isOpen(record) && isForUser(record) ? assigneeOf(record) : null),
    ways: (record) => [
      {
        name: 'assignedTo',
        async write(value, options) {
          const path = `/task/${encodeURIComponent(idOf(record) ?? '')}`;
          return writtenId(await client.write('PUT', path, { assignedTo: value }, writtenSchema, options));
        },
      },
    ],
    rest: ({ name, title, status, priority, dueDate, snoozedUntilDate, company }: TaskRecord) =>
      [name, title, status, priority, dueDate, snoozedUntilDate, company].map((each) => each ?? null),
  };
}

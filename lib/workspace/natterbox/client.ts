import { z } from 'zod';
import { WorkspaceError } from '../errors.ts';
import { errorOf, type RecordFault } from './faults.ts';
import { isSameId } from './ids.ts';
import type { OrgSession } from './session.ts';
import { isRecordId } from './soql.ts';

/** A record as a query answers it; parents are nested, and null where a lookup is empty. */
export type Row = Record<string, unknown>;

export interface RowPage {
  rows: Row[];
  total: number;
  /** Path of the next page. */
  next: string | undefined;
}

export type RecordResult = { done: true } | { done: false; fault: RecordFault };

export interface WriteOptions {
  lock: readonly string[];
  flow: string;
  /** Id of the only person in whose session it may be sent; absent: whoever the flow's first write was sent for. */
  by?: string | undefined;
  signal: AbortSignal;
}

/** The calls of the Salesforce REST API that this connector makes; all throw WorkspaceError. */
export interface Client {
  /** A GET below the API's version, for example `/sobjects/User/describe`. */
  get<T>(path: string, schema: z.ZodType<T>, signal?: AbortSignal): Promise<T>;
  /** One page of a query, or the page that `next` of another one names. */
  page(query: { soql: string } | { next: string }, signal?: AbortSignal): Promise<RowPage>;
  /** All pages of a query. */
  query(soql: string, signal?: AbortSignal): Promise<Row[]>;
  /** Several queries at the price of one call each five; each with its rows or its own refusal. */
  queries(soql: readonly string[], signal?: AbortSignal): Promise<(Row[] | WorkspaceError)[]>;
  /** Changes up to 200 records; one result for each, in their order. */
  update(
    object: string,
    records: readonly ({ id: string } & Row)[],
    options: WriteOptions,
  ): Promise<RecordResult[]>;
  /** Deletes up to 200 records; one result for each, in their order. */
  remove(ids: readonly string[], options: WriteOptions): Promise<RecordResult[]>;
}

/** At most so many queries in one composite request. */
const queriesPerComposite = 5;

const pageSchema = z.looseObject({
  totalSize: z.int().nonnegative(),
  done: z.boolean(),
  nextRecordsUrl: z.string().optional(),
  records: z.array(z.record(z.string(), z.unknown())),
});
const compositeSchema = z.looseObject({
  compositeResponse: z.array(
    z.looseObject({ body: z.unknown(), httpStatusCode: z.int().min(200).max(599), referenceId: z.string() }),
  ),
});
const resultsSchema = z.array(
  z.looseObject({
    id: z.string().nullish(),
    success: z.boolean(),
    errors: z.array(z.looseObject({ statusCode: z.string(), message: z.string() })).default([]),
  }),
);

/** `version`: of the REST API, for example `v62.0`. */
export function createClient(session: OrgSession, version: string): Client {
  const base = `/services/data/${version}`;

  const page: Client['page'] = async (query, signal) => {
    const path = 'next' in query ? query.next : `${base}/query?q=${encodeURIComponent(query.soql)}`;
    const answer = await session.send({ method: 'GET', path, write: false, schema: pageSchema, signal });
    return toPage(answer, 'soql' in query);
  };

  const rest = async (first: RowPage, signal?: AbortSignal): Promise<Row[]> => {
    const rows = [...first.rows];
    let next = first.next;
    while (next !== undefined) {
      const following = await page({ next }, signal);
      if (following.next === next)
        throw new WorkspaceError('invalid', 'Expected the next page, got the same page again.');
      rows.push(...following.rows);
      next = following.next;
    }
    return rows;
  };

  const several = async (
    soql: readonly string[],
    signal?: AbortSignal,
  ): Promise<(Row[] | WorkspaceError)[]> => {
    const { compositeResponse } = await session.send({
      method: 'POST',
      path: `${base}/composite`,
      write: false,
      schema: compositeSchema,
      body: {
        allOrNone: false,
        compositeRequest: soql.map((text, index) => ({
          method: 'GET',
          url: `${base}/query?q=${encodeURIComponent(text)}`,
          referenceId: `q${index}`,
        })),
      },
      signal,
    });
    return Promise.all(
      soql.map(async (_text, index) => {
        const answer = compositeResponse.find(({ referenceId }) => referenceId === `q${index}`);
        if (!answer) return new WorkspaceError('invalid', 'Expected an answer to each query, got fewer.');
        const { httpStatusCode: status, body } = answer;
        if (status >= 300) return errorOf({ status, headers: new Headers(), body, write: false, now: 0 });
        const parsed = pageSchema.safeParse(body);
        if (!parsed.success)
          return new WorkspaceError('invalid', 'Expected a list of records, got something else.');
        let first: RowPage;
        try {
          first = toPage(parsed.data, true);
        } catch (error) {
          if (error instanceof WorkspaceError) return error;
          throw error;
        }
        return rest(first, signal);
      }),
    );
  };

  const write = async (
    request: { method: 'PATCH' | 'DELETE'; path: string; body?: unknown },
    ids: readonly string[],
    options: WriteOptions,
  ): Promise<RecordResult[]> => {
    const results = await session.send({ ...request, ...options, write: true, schema: resultsSchema });
    const inDoubt = (detail: string) => new WorkspaceError('invalid', detail, { applied: 'maybe' });
    if (results.length !== ids.length)
      throw inDoubt(`Expected one result for each of ${ids.length} records, got ${results.length}.`);
    if (results.some(({ id }, index) => typeof id === 'string' && !isSameId(id, ids[index] ?? '')))
      throw inDoubt('Expected the results in the order of their records, got another one.');
    return results.map(({ success, errors: [fault] }) =>
      success
        ? { done: true }
        : {
            done: false,
            fault: fault ?? { statusCode: 'UNKNOWN_EXCEPTION', message: 'Salesforce gave no reason.' },
          },
    );
  };

  return {
    get: (path, schema, signal) =>
      session.send({ method: 'GET', path: `${base}${path}`, write: false, schema, signal }),
    page,
    query: async (soql, signal) => rest(await page({ soql }, signal), signal),
    async queries(soql, signal) {
      const parts: (readonly string[])[] = [];
      for (let at = 0; at < soql.length; at += queriesPerComposite)
        parts.push(soql.slice(at, at + queriesPerComposite));
      return (await Promise.all(parts.map((part) => several(part, signal)))).flat();
    },
    update: (object, records, options) =>
      write(
        {
          method: 'PATCH',
          path: `${base}/composite/sobjects`,
          body: {
            allOrNone: false,
            records: records.map((record) => ({ attributes: { type: object }, ...record })),
          },
        },
        records.map(({ id }) => id),
        options,
      ),
    remove: (ids, options) =>
      write(
        { method: 'DELETE', path: `${base}/composite/sobjects?ids=${ids.join(',')}&allOrNone=false` },
        ids,
        options,
      ),
  };
}

/** `first`: the first page of a query, which is all of it where it says so. Throws `invalid`. */
function toPage(answer: z.infer<typeof pageSchema>, first: boolean): RowPage {
  const { totalSize, done, nextRecordsUrl, records } = answer;
  if (first && done && records.length !== totalSize)
    throw new WorkspaceError('invalid', `Expected ${totalSize} records, got ${records.length}.`);
  const ids = records.flatMap(({ Id }) => (Id === undefined ? [] : [Id]));
  if (new Set(ids).size < ids.length)
    throw new WorkspaceError('invalid', 'Expected each record once, got one twice.');
  if (done) return { rows: records, total: totalSize, next: undefined };
  return { rows: records, total: totalSize, next: checkNext(nextRecordsUrl) };
}

/** A page's address stays within the API: the session is sent nowhere else. Throws `invalid`. */
export function checkNext(path: string | undefined): string {
  if (path !== undefined && /^\/services\/data\/v\d+\.0\/query\/[\w-]+$/.test(path)) return path;
  throw new WorkspaceError('invalid', 'Expected the address of the next page, got another one.');
}

/** The value at a path of relationships, such as `nbavs__Group__r.Name`; undefined where a parent is empty. */
export function at(row: Row, path: string): unknown {
  let here: unknown = row;
  for (const step of path.split('.')) {
    if (typeof here !== 'object' || here === null) return undefined;
    here = (here as Row)[step];
  }
  return here;
}

const notThere = (what: string, path: string, value: unknown): WorkspaceError =>
  new WorkspaceError(
    'invalid',
    `Expected ${what} at "${path}" of a record, got ${value === undefined || value === null ? 'nothing' : 'something else'}.`,
  );

/** The id at a path. Throws `invalid` where there is none. */
export function idAt(row: Row, path: string): string {
  const value = at(row, path);
  if (typeof value === 'string' && isRecordId(value)) return value;
  throw notThere('an id', path, value);
}

/** What a lookup leads to; undefined where it is empty. Throws `invalid` where that is not said. */
export function lookupAt(row: Row, path: string): string | undefined {
  const value = at(row, path);
  return value === null || value === '' ? undefined : idAt(row, path);
}

/** The switch at a path. Throws `invalid` where there is none. */
export function flagAt(row: Row, path: string): boolean {
  const value = at(row, path);
  if (typeof value === 'boolean') return value;
  throw notThere('true or false', path, value);
}

/** The number of records at a path. Throws `invalid` where there is none. */
export function countAt(row: Row, path: string): number {
  const value = at(row, path);
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw notThere('a number of records', path, value);
}

/** The text at a path, or undefined. */
export function textAt(row: Row, path: string): string | undefined {
  const value = at(row, path);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

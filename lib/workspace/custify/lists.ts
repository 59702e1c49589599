import type { z } from 'zod';
import { WorkspaceError } from '../errors.ts';
import type { Client, Parameters } from './client.ts';
import { idOf, type List } from './wire.ts';
import { words } from './words.ts';

/** A list that is read page by page. */
export interface ListCall<T> {
  path: string;
  schema: z.ZodType<List<T>>;
  /** So many records are asked for at once; the server may give fewer. */
  size: number;
  parameters?: Parameters;
  /** What it is a list of, for messages. */
  name: string;
  /** Longer lists are not read. */
  most: number;
}

/** The list is too long to be read as a whole. */
export class TooLong extends WorkspaceError {
  constructor(name: string, count: number) {
    super('unsupported', words.tooMany(name, count));
  }
}

interface Reading<T> {
  records: Map<string, T>;
  /** Every record once, and as many as the list says there are: nothing shifted between the pages. */
  whole: boolean;
  counted: boolean;
}

/** Milliseconds before a page is asked for once more, where the connection broke. */
const waits = [500, 2_000];
/** Asked to wait for longer than that, the whole reading is better put off. */
const longestWait = 20_000;

/** Whether a failure says nothing of the page: the connection broke, or there were too many requests. */
const isPassing = (error: unknown): error is WorkspaceError =>
  error instanceof WorkspaceError &&
  ['transient', 'throttled'].includes(error.kind) &&
  (error.retryAfter ?? 0) <= longestWait;

/** So often a list that changes while it is read is read again. */
const readings = 3;

/**
 * Every record of a list, by id. Pages are offsets, so a list that changes meanwhile gives some records twice and
 * others never: that shows in their number, and the list is read again. Where no number is said, two readings have
 * to agree. Throws WorkspaceError: `conflict` when it keeps changing; TooLong.
 */
export async function readAll<T extends { id?: unknown; _id?: unknown }>(
  client: Client,
  call: ListCall<T>,
  signal?: AbortSignal,
): Promise<T[]> {
  let before: Reading<T> | undefined;
  for (let reading = 1; reading <= readings; reading += 1) {
    const now = await readOnce(client, call, reading === 1, signal);
    if (now.whole && (now.counted || (before && sameKeys(before.records, now.records))))
      return [...now.records.values()];
    before = now;
  }
  throw new WorkspaceError('conflict', words.changing(call.name));
}

/** `together`: all pages but the first at once; else one after the other until nothing more comes. */
async function readOnce<T extends { id?: unknown; _id?: unknown }>(
  client: Client,
  call: ListCall<T>,
  together: boolean,
  signal?: AbortSignal,
): Promise<Reading<T>> {
  const page = (number: number, off = signal): Promise<List<T>> => {
    const parameters = { ...call.parameters, page: number, itemsPerPage: call.size };
    return client.get(call.path, call.schema, parameters, off);
  };
  /** A later page, asked for again where it fails in passing: the pages before it would be lost else. */
  const later = async (number: number, off = signal): Promise<List<T>> => {
    for (const wait of waits) {
      try {
        return await page(number, off);
      } catch (error) {
        if (!isPassing(error) || off?.aborted) throw error;
        // Where it is asked to wait, the next call waits for its turn by itself.
        if (error.kind === 'transient') await client.wait(wait, off);
      }
    }
    return page(number, off);
  };
  const first = await page(1);
  const { total } = first;
  const lists = [first];
  const length = (): number => lists.reduce((sum, { items }) => sum + items.length, 0);
  check(call, total ?? 0);
  if (together && total !== undefined && first.items.length > 0) {
    const pages = Math.ceil(total / first.items.length);
    // Where one page fails for good, the others are of no use.
    const failed = new AbortController();
    const off = signal ? AbortSignal.any([signal, failed.signal]) : failed.signal;
    const rest = Array.from({ length: pages - 1 }, (_, index) => later(index + 2, off));
    try {
      lists.push(...(await Promise.all(rest)));
    } finally {
      failed.abort(new Error('Another page of the list failed.'));
    }
  } else {
    const known = new Set(first.items.map(idOf));
    while ((lists.at(-1)?.items.length ?? 0) > 0 && length() < (total ?? Number.POSITIVE_INFINITY)) {
      const next = await later(lists.length + 1);
      lists.push(next);
      check(call, length());
      // A page of nothing but what was there before: the list does not page.
      if (next.items.every((record) => known.has(idOf(record)))) break;
      for (const record of next.items) known.add(idOf(record));
    }
  }
  const records = new Map(
    lists.flatMap(({ items }) => items.map((item) => [idOf(item) ?? '', item] as const)),
  );
  const sameTotal = lists.every((list) => list.total === total);
  const whole = sameTotal && records.size === length() && records.size === (total ?? records.size);
  return { records, whole, counted: total !== undefined };
}

function check<T>({ most, name }: ListCall<T>, count: number): void {
  if (count > most) throw new TooLong(name, count);
}

const sameKeys = (a: ReadonlyMap<string, unknown>, b: ReadonlyMap<string, unknown>): boolean =>
  a.size === b.size && [...a.keys()].every((key) => b.has(key));

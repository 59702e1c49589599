import { z } from 'zod';
import type { Attempt } from '../../offboarding/attempt.ts';
import type { Category, Item } from '../../offboarding/model.ts';
import { WorkspaceError } from '../errors.ts';
import type { Guard, Observed, Outcome, Page } from '../port.ts';
import type { Session } from './session.ts';
import { categoriesSchema, itemsAnswerSchema, ownersSchema, reassignmentsSchema } from './wire.ts';

/** What names a member, and handing it over. */
export interface Ownership {
  guard(leaver: string, signal?: AbortSignal): Promise<Guard>;
  categories(leaver: string, signal?: AbortSignal): Promise<Category[]>;
  scan(
    leaver: string,
    categories: readonly string[],
    cursor?: string,
    signal?: AbortSignal,
    ahead?: (cursor: string) => void,
  ): Promise<Page<Item>>;
  apply(attempt: Attempt, signal: AbortSignal): Promise<Outcome[]>;
  read(category: string, refs: readonly string[], signal?: AbortSignal): Promise<Observed[]>;
}

/** The most refs that one POST owners takes. */
const refsPerRead = 500;

/** Of a page that is not validated yet: what comes after it. */
const cursorSchema = z.object({ cursor: z.string().optional() });

/** Where a scan over several categories is: the category's id, and the workspace's own cursor in it. */
const placeSchema = z.tuple([z.string(), z.string().nullable()]);

/** The ownership calls at `api`; `batch` and `pageSize` as the discovery document limits them. */
export function createOwnership(
  session: Session,
  api: string,
  limits: { batch: number; pageSize: number },
): Ownership {
  async function categories(leaver: string, signal?: AbortSignal): Promise<Category[]> {
    const answer = await session.send({
      method: 'GET',
      url: `${api}/categories?${new URLSearchParams({ member: leaver })}`,
      write: false,
      schema: categoriesSchema,
      signal,
    });
    if (answer.member !== leaver) throw malformed('what names the member asked for', 'that of another one');
    const seen = new Set<string>();
    for (const { id } of answer.categories) {
      if (seen.has(id)) throw malformed('each category once', 'one twice');
      seen.add(id);
    }
    return answer.categories.map((category) => ({
      ...withSafeLink(category),
      batch: Math.min(category.batch, limits.batch),
    }));
  }

  async function guard(leaver: string, signal?: AbortSignal): Promise<Guard> {
    const all = await categories(leaver, signal);
    const some = all.some(({ count }) => count !== null && count > 0);
    const unread = all.some(({ count }) => count === null);
    return {
      owns: some ? 'some' : unread ? 'unknown' : 'none',
      counts: all.map(({ id, kind, name, action, outlives, count }) => ({
        category: { id, kind, action, outlives, ...(name !== undefined && { name }) },
        count,
      })),
    };
  }

  async function scan(
    leaver: string,
    wanted: readonly string[],
    cursor?: string,
    signal?: AbortSignal,
    ahead?: (cursor: string) => void,
  ): Promise<Page<Item>> {
    const [first] = wanted;
    if (first === undefined) return { items: [], total: 0 };
    const [category, inside] = cursor === undefined ? [first, null] : placeOf(cursor, wanted);
    const parameters = new URLSearchParams({ member: leaver, category, limit: String(limits.pageSize) });
    if (inside !== null) parameters.set('cursor', inside);
    const nextPlace = (next: string | undefined): string | undefined => {
      const following = next === undefined ? wanted[wanted.indexOf(category) + 1] : category;
      return following === undefined ? undefined : JSON.stringify([following, next ?? null]);
    };
    const answer = await session.send({
      method: 'GET',
      url: `${api}/items?${parameters}`,
      write: false,
      glance(value) {
        const { success, data } = cursorSchema.safeParse(value);
        const next = success && data.cursor !== inside ? nextPlace(data.cursor) : undefined;
        if (next !== undefined) ahead?.(next);
      },
      schema: itemsAnswerSchema,
      flow: `scan ${leaver}`,
      signal,
    });
    if (answer.items.some((item) => item.category !== category))
      throw malformed(`items of the category "${category}"`, 'one of another category');
    if (answer.items.some(({ value }) => 'member' in value && value.member !== leaver))
      throw malformed('items of the member asked for', 'one of another member');
    if (answer.cursor !== undefined && answer.cursor === inside)
      throw malformed('the next page', 'the same page again');
    const next = nextPlace(answer.cursor);
    return {
      items: answer.items.map(withSafeLink),
      ...(wanted.length === 1 && { total: answer.total }),
      ...(next !== undefined && { cursor: next }),
    };
  }

  async function apply(attempt: Attempt, signal: AbortSignal): Promise<Outcome[]> {
    const { key, run, by, fence, category, changes } = attempt;
    if (changes.length > limits.batch)
      throw malformed(`at most ${limits.batch} changes at once`, String(changes.length));
    const { outcomes } = await session.send({
      method: 'POST',
      url: `${api}/reassignments`,
      write: true,
      schema: reassignmentsSchema,
      headers: { 'idempotency-key': key },
      body: {
        run,
        fence: fence ?? 0,
        category,
        changes: changes.map(({ ref, expect, set }) => ({ ref, expect, set })),
      },
      lock: changes.map((change) => change.lock),
      flow: run,
      by,
      signal,
    });
    return inOrder(
      outcomes,
      changes.map((change) => change.ref),
      'outcome',
      'maybe',
    );
  }

  async function read(category: string, refs: readonly string[], signal?: AbortSignal): Promise<Observed[]> {
    const chunks: string[][] = [];
    for (let at = 0; at < refs.length; at += refsPerRead) chunks.push(refs.slice(at, at + refsPerRead));
    const answers = await Promise.all(
      chunks.map(async (chunk) => {
        const { owners } = await session.send({
          method: 'POST',
          url: `${api}/owners`,
          write: false,
          schema: ownersSchema,
          body: { category, refs: chunk },
          signal,
        });
        return inOrder(owners, chunk, 'answer', 'no');
      }),
    );
    return answers.flat();
  }

  return { guard, categories, scan, apply, read };
}

/** Exactly one answer for each ref and none besides, in the order asked; else `invalid`. */
function inOrder<T extends { ref: string }>(
  answers: readonly T[],
  refs: readonly string[],
  what: string,
  applied: 'no' | 'maybe',
): T[] {
  const byRef = new Map(answers.map((answer) => [answer.ref, answer]));
  const ordered = refs.flatMap((ref) => byRef.get(ref) ?? []);
  if (answers.length !== refs.length || ordered.length !== refs.length || byRef.size !== refs.length)
    throw malformed(
      `one ${what} for each of ${refs.length} items`,
      `${answers.length} for ${ordered.length} of them`,
      applied,
    );
  return ordered;
}

function placeOf(cursor: string, wanted: readonly string[]): [category: string, inside: string | null] {
  try {
    const place = placeSchema.parse(JSON.parse(cursor));
    if (wanted.includes(place[0])) return place;
  } catch {
    // Told below, like a category that is not among those asked for.
  }
  throw malformed('a place in this scan', 'another cursor');
}

const malformed = (expected: string, got: string, applied: 'no' | 'maybe' = 'no'): WorkspaceError =>
  new WorkspaceError('invalid', `Expected ${expected}, got ${got}.`, { applied });

/** A link that a person will click leads to a web page or is left out. */
function withSafeLink<T extends { link?: string | undefined }>(thing: T): T {
  if (thing.link === undefined || /^https?:/i.test(thing.link)) return thing;
  const { link: _, ...rest } = thing;
  return rest as T;
}

import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { Attempt } from '../../lib/offboarding/attempt.ts';
import type { Category, Item, Value } from '../../lib/offboarding/model.ts';
import { WorkspaceError } from '../../lib/workspace/errors.ts';
import type { Outcome, Page, RunRecord, Workspace } from '../../lib/workspace/port.ts';
import type { Fixture } from './fixture.ts';

/** A run's record of an offboarding that has just begun. */
export const record = (change: Partial<RunRecord> = {}): RunRecord => ({
  mode: 'executeAndDeactivate',
  phase: 'executing',
  plan: { defaults: {}, changes: [], selected: [] },
  steps: [],
  acknowledgements: [],
  planHash: 'a'.repeat(64),
  journalHead: 'b'.repeat(64),
  ...change,
});

/** Registers a run of the fixture's leaver where there is a registry; attempts need its id and fence. */
export async function begin(fixture: Fixture): Promise<{ run: string; fence?: number }> {
  const run = `run-${randomUUID()}`;
  const opened = await fixture.workspace.runs?.open(run, fixture.leaver, record());
  if (!opened) return { run };
  if ('conflict' in opened) throw new Error('Another run is open at the fixture.');
  return { run, fence: opened.registered.fence };
}

const surveyed = new WeakMap<Fixture, Promise<Category>>();

/** What the workspace says of the fixture's category; asked once. */
export function categoryOf(fixture: Fixture): Promise<Category> {
  const { workspace, leaver, category } = fixture;
  const known = surveyed.get(fixture);
  if (known !== undefined) return known;
  const asked = workspace.survey(leaver).then(({ categories }) => {
    const found = categories.find(({ id }) => id === category);
    if (!found) throw new Error(`There is no category ${category}.`);
    return found;
  });
  surveyed.set(fixture, asked);
  return asked;
}

export type Wish = (item: Item) => Value;

/** What a run asks of the items of the fixture's category, by the action that the workspace says it takes. */
export async function wishOf(fixture: Fixture): Promise<Wish> {
  const { replacement } = fixture;
  const found = await categoryOf(fixture);
  switch (found.action) {
    case 'reassign':
      return () => ({ member: replacement });
    case 'clear':
      return () => ({ none: true });
    default:
      return ({ value }) => ('flag' in value ? { flag: false } : { absent: true });
  }
}

/** An attempt that hands these items to a member, or asks of each what the wish says. */
export function attemptOf(
  under: { run: string; fence?: number },
  items: readonly Item[],
  to: string | Wish,
  change: Partial<Attempt> = {},
): Attempt {
  const [first] = items;
  if (!first) throw new Error('An attempt needs an item.');
  return {
    ...under,
    seq: 1,
    key: randomUUID(),
    category: first.category,
    changes: items.map((item) => ({
      ref: item.ref,
      expect: item.value,
      set: typeof to === 'string' ? { member: to } : to(item),
      lock: item.lock,
    })),
    open: 1,
    maybe: false,
    tries: 1,
    createdAt: '2026-11-22T10:00:00.000Z',
    ...change,
  };
}

/** So many changes of the fixture's category go into one attempt. */
export async function batchOf(fixture: Fixture): Promise<number> {
  return (await categoryOf(fixture)).batch;
}

/** Sends an attempt, in as many as its category's batch makes of it. */
export async function applyAll(fixture: Fixture, attempt: Attempt): Promise<Outcome[]> {
  const batch = await batchOf(fixture);
  const outcomes: Outcome[] = [];
  for (let start = 0; start < attempt.changes.length; start += batch) {
    const changes = attempt.changes.slice(start, start + batch);
    const part =
      changes.length === attempt.changes.length ? attempt : { ...attempt, changes, key: randomUUID() };
    outcomes.push(...(await fixture.workspace.apply(part, never())));
  }
  return outcomes;
}

/** An attempt that sets a member active or inactive. */
export const activation = (
  under: { run: string; fence?: number },
  member: string,
  active: boolean,
): Attempt => ({
  ...under,
  seq: 2,
  key: randomUUID(),
  category: 'deactivate',
  changes: [{ ref: member, expect: { flag: !active }, set: { flag: active }, lock: `member ${member}` }],
  open: 1,
  maybe: false,
  tries: 1,
  createdAt: '2026-11-22T10:00:00.000Z',
});

/** Every page of a scan. Fails when pages do not come to an end. */
export async function scanAll(
  workspace: Workspace,
  leaver: string,
  categories: readonly string[],
): Promise<Item[]> {
  return collect(async (cursor) => {
    const told: string[] = [];
    const page = await workspace.scan(leaver, categories, cursor, undefined, (next) => told.push(next));
    // What is told before the page is through has to be what the page says then.
    if (told.length > 1 || (told.length === 1 && told[0] !== page.cursor))
      throw new Error(`Expected to hear of ${page.cursor} ahead, heard of ${told.join(', ')}.`);
    return page;
  });
}

/** Every item of a paged answer. Fails when pages do not come to an end. */
export async function collect<T>(next: (cursor?: string) => Promise<Page<T>>): Promise<T[]> {
  const all: T[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < 1000; page += 1) {
    const answer = await next(cursor);
    all.push(...answer.items);
    if (answer.cursor === undefined) return all;
    cursor = answer.cursor;
  }
  throw new Error('The pages do not end.');
}

/** The first items of the fixture's category. */
export async function some(fixture: Fixture, count: number): Promise<Item[]> {
  const { items } = await fixture.workspace.scan(fixture.leaver, [fixture.category]);
  expect(items.length).toBeGreaterThanOrEqual(count);
  return items.slice(0, count);
}

/** The categories whose items can be read. */
export const readable = (categories: readonly Category[]): Category[] =>
  categories.filter((category) => category.count !== null);

/** The WorkspaceError that a call ends with; fails when it ends otherwise. */
export async function faultOf(call: Promise<unknown>): Promise<WorkspaceError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(WorkspaceError);
  return error as WorkspaceError;
}

export const never = (): AbortSignal => new AbortController().signal;

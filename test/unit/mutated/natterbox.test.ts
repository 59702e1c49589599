import { afterAll, beforeAll, describe, expect } from 'vitest';
import type { Attempt, Change } from '../../../lib/offboarding/attempt.ts';
import type { Item, Value } from '../../../lib/offboarding/model.ts';
import type { Observed, Outcome, Page, Survey, Workspace } from '../../../lib/workspace/port.ts';
import { natterboxUserId, people } from '../../sandbox/natterbox/seed.ts';
import { mutatedAnswers, type Spoiled } from './harness.ts';
import {
  checkGroups,
  countsIn,
  kinds,
  leaver,
  licences,
  memberIn,
  type Row,
  readFrom,
  rowsIn,
  said,
  valueIn,
} from './natterbox-readings.ts';
import { type Asked, type RecordedOrg, recordOrg } from './natterbox-world.ts';

/** The least number of mutated answers. */
const mutations = 5_000;
const never = new AbortController().signal;
let org: RecordedOrg;
/** One workspace for all calls that need no new description of the org. */
let workspace: Workspace;
/** One that never surveys: what a survey has just read is not read again. */
let scanner: Workspace;
/** The same org where a page holds four records. */
let paged: RecordedOrg;
let pagedScanner: Workspace;
let secondPage: string | undefined;
const isPage = ({ path }: Asked): boolean => /\/query\/[\w-]+$/.test(path);
const items: Record<string, Item[]> = {};

const attemptAt = (category: string, changes: Change[]): Attempt => ({
  ...{ run: 'run-n', seq: 1, key: 'key-n', category, changes, open: 1, maybe: false, tries: 0 },
  createdAt: '2026-11-22T09:00:00.000Z',
});
const removal: Record<string, Value> = { groups: { absent: true }, licences: { flag: false } };
const attemptOf = (category: string): Attempt =>
  attemptAt(
    category,
    (items[category] ?? []).map(({ ref, value, lock }) => ({
      ...{ ref, lock, expect: value, set: removal[category] as Value },
    })),
  );
const refsOf = (category: string): string[] => (items[category] ?? []).map(({ ref }) => ref);

const spoiled = <T>(
  name: string,
  kind: keyof typeof kinds,
  call: () => Promise<T> | undefined,
  check: (result: T, body: unknown) => void,
  { later = false, ...more }: Partial<Spoiled<T>> & { later?: boolean } = {},
): Spoiled<never> =>
  ({
    name,
    valid: () => org.kept(kinds[kind], later),
    async make(text: string) {
      org.spoil(kinds[kind], text, later);
      try {
        return await call();
      } finally {
        org.spoil(undefined);
      }
    },
    check,
    ...more,
  }) as unknown as Spoiled<never>;

/** A survey counts what the answers to its queries say, or says that it could not. */
function checkCounts(survey: Survey, kind: 'first' | 'second', body: unknown): void {
  const asked = org.queries(kinds[kind]);
  const { compositeResponse } = body as { compositeResponse: { referenceId: string; body: unknown }[] };
  for (const category of survey.categories) {
    const count = countsIn[category.id];
    const from = readFrom[category.id] ?? `FROM nbavs__User__c WHERE Id = '${leaver}' ORDER`;
    const index = asked.findIndex((soql) => soql.includes(from));
    if (!count || index < 0) continue;
    if (category.count === null) {
      expect(category.unread?.detail).toMatch(/^\S.*[.!?…]$/s);
      continue;
    }
    const answer = compositeResponse.find(({ referenceId }) => referenceId === `q${index}`);
    expect(category.count).toBe(count(rowsIn(answer?.body)));
  }
}

/** What is read of each ref is what its own row says; a membership without one is gone. */
function checkRead(category: string, observed: readonly Observed[], body: unknown): void {
  expect(observed.map(({ ref }) => ref)).toEqual(refsOf(category));
  const rows = rowsIn(body);
  for (const each of observed) {
    const own = rows.filter(({ Id }) => Id === each.ref.split('.')[0]);
    expect(own.length).toBeLessThanOrEqual(1);
    const [row] = own;
    if (row) expect(each).toEqual({ ref: each.ref, value: valueIn[category]?.(row, each.ref) });
    else if (category === 'groups') expect(each).toEqual({ ref: each.ref, value: { absent: true } });
    else expect(each).toMatchObject({ ref: each.ref, gone: true });
    // Nothing is taken for gone because its row was lost on the way.
    expect((body as { totalSize: number }).totalSize).toBe(rows.length);
  }
}

/** Each outcome follows the result of its own record, and what was read after it. */
function checkResults(category: string, outcomes: readonly Outcome[], body: unknown, after: Row[]): void {
  const results = body as { id?: string | null; success: boolean; errors?: { message: string }[] }[];
  const ids = [...new Set(refsOf(category).map((ref) => ref.split('.')[0] ?? ''))];
  expect(outcomes.map(({ ref }) => ref)).toEqual(refsOf(category));
  expect(results).toHaveLength(ids.length);
  for (const outcome of outcomes) {
    const id = outcome.ref.split('.')[0] ?? '';
    const result = results[ids.indexOf(id)];
    if (typeof result?.id === 'string') expect(result.id.slice(0, 15)).toBe(id.slice(0, 15));
    if (!result?.success) {
      expect(outcome.result).toBe('failed');
      continue;
    }
    const row = after.find(({ Id }) => Id === id);
    const value = row ? valueIn[category]?.(row, outcome.ref) : { absent: true };
    expect(outcome).toEqual({ ref: outcome.ref, result: 'applied', value });
  }
}

const cases: Spoiled<never>[] = [
  spoiled(
    'userinfo',
    'userInfo',
    () => org.fresh().identify(),
    (viewer, body) => {
      const { user_id, organization_id, name, email } = body as Record<string, string>;
      expect(viewer).toMatchObject({ id: user_id, workspace: org.settings.workspace });
      expect([viewer.name, viewer.email]).toEqual([name, email]);
      expect(organization_id?.slice(0, 15)).toBe(org.settings.workspace.id.slice(0, 15));
    },
    { share: 0.6 },
  ),
  spoiled(
    'members',
    'search',
    () => workspace.members({ text: 'sofia', limit: 5 }),
    (page, body) => {
      const rows = rowsIn(body);
      expect(page.items).toEqual(rows.slice(0, 5).map(memberIn));
      expect(page.total).toBe((body as { totalSize: number }).totalSize);
      if ((body as { done: boolean }).done) expect(rows).toHaveLength(page.total ?? -1);
    },
  ),
  spoiled(
    'members by name',
    'named',
    () => workspace.bulk?.find(['dana ruiz', 'nobody']),
    (found, body) => {
      const all = found.flatMap(({ members }) => members);
      expect(all.every((member) => rowsIn(body).some((row) => row.Id === member.id))).toBe(true);
      for (const member of all)
        expect(member).toEqual(memberIn(rowsIn(body).find((row) => row.Id === member.id) as Row));
      expect(found[1]?.members).toEqual([]);
    },
    { share: 0.5 },
  ),
  spoiled(
    'groups that nobody is left in',
    'leaving',
    () => workspace.bulk?.together?.([leaver, natterboxUserId(people.colleague)]),
    (notes, body) => {
      const sure = rowsIn(body).every(({ members }) => Number.isSafeInteger(members) && Number(members) >= 0);
      expect(sure).toBe(true);
      expect(notes.length).toBeLessThanOrEqual(1);
    },
    { share: 0.5 },
  ),
  spoiled(
    'survey: the user and four lists',
    'first',
    () => workspace.survey(leaver),
    (survey, body) => {
      const { compositeResponse } = body as { compositeResponse: { referenceId: string; body: unknown }[] };
      const user = compositeResponse.find(({ referenceId }) => referenceId === 'q0');
      expect(survey.leaver).toEqual(memberIn(rowsIn(user?.body)[0] as Row));
      expect(survey.leaver.id).toBe(leaver);
      checkCounts(survey, 'first', body);
    },
  ),
  spoiled(
    'survey: the other lists',
    'second',
    () => workspace.survey(leaver),
    (survey, body) => checkCounts(survey, 'second', body),
  ),
  spoiled(
    'describe of the users',
    'describe',
    async () => {
      const anew = org.fresh();
      await anew.identify();
      return anew.scan(leaver, ['licences', 'profile']);
    },
    (page, body) => {
      const { updateable, fields } = body as {
        updateable: boolean;
        fields: { name: string; label: string; updateable: boolean }[];
      };
      const usable = new Map(fields.map((field) => [field.name, field]));
      for (const { category, ref, title } of page.items.filter((item) => item.category === 'licences')) {
        const field = usable.get(ref.split('.')[1] ?? '');
        expect([category, field?.updateable, field?.label]).toEqual(['licences', true, title]);
      }
      const held = refsOf('licences').map((ref) => ref.split('.')[1] ?? '');
      const wanted = held.filter((name) => updateable && usable.get(name)?.updateable === true);
      const found = page.items.filter((item) => item.category === 'licences').length;
      expect(found).toBe(wanted.length);
    },
    { share: 0.4 },
  ),
  spoiled(
    'describe of the memberships',
    'describeMember',
    () => org.fresh().survey(leaver),
    (survey, body) => {
      const { name, deletable, fields } = body as {
        name: string;
        deletable: boolean;
        fields: { name: string }[];
      };
      const has = (name: string): boolean => fields.some((field) => field.name === name);
      const groups = survey.categories.find(({ id }) => id === 'groups');
      const described = name.toLowerCase() === 'nbavs__groupmember__c';
      const readable = described && deletable && has('nbavs__User__c') && has('nbavs__Group__c');
      expect(groups?.count).toBe(readable ? items.groups?.length : null);
    },
    { share: 0.3 },
  ),
  spoiled(
    'the installed package',
    'packages',
    () => org.fresh().survey(leaver),
    (survey, body) => {
      const records = (body as { records: Record<string, Row | null>[] }).records;
      const own = records.find((each) => each.SubscriberPackage?.NamespacePrefix === 'nbavs');
      const { MajorVersion, MinorVersion } = own?.SubscriberPackageVersion ?? {};
      const shown = survey.notes?.some(({ message }) => message.includes(`${MajorVersion}.${MinorVersion}`));
      expect(shown).toBe(
        own?.SubscriberPackageVersion !== undefined && own.SubscriberPackageVersion !== null,
      );
    },
    { share: 0.3 },
  ),
  spoiled(
    'scan of groups',
    'groups',
    () => scanner.scan(leaver, ['groups']),
    (page, body) => checkGroups(page, rowsIn(body)),
  ),
  {
    name: 'the second page of a scan',
    valid: () => paged.kept(isPage),
    async make(text: string) {
      paged.spoil(isPage, text);
      return pagedScanner.scan(leaver, ['groups'], secondPage);
    },
    check(page: Page<Item>, body: unknown) {
      checkGroups(page, rowsIn(body));
      const { done, nextRecordsUrl } = body as { done: boolean; nextRecordsUrl?: string };
      expect(page.cursor).toBe(done ? undefined : JSON.stringify(['nbavs__GroupMember__c', nextRecordsUrl]));
    },
  } as unknown as Spoiled<never>,
  spoiled(
    'scan of licences and profile',
    'user',
    () => scanner.scan(leaver, ['licences', 'profile']),
    (page, body) => {
      const [user] = rowsIn(body);
      const profile = said(user?.nbavs__AvailabilityProfile__c);
      const held = licences.filter((name) => user?.[name] === true);
      expect(new Set(page.items.map(({ ref }) => ref))).toEqual(
        new Set([...held, ...(profile === undefined ? [] : [profile])].map((name) => `${leaver}.${name}`)),
      );
    },
  ),
  spoiled(
    'read of groups',
    'readGroups',
    () => workspace.read('groups', refsOf('groups')),
    (observed, body) => checkRead('groups', observed, body),
  ),
  spoiled(
    'read of licences',
    'readLicences',
    () => workspace.read('licences', refsOf('licences')),
    (observed, body) => checkRead('licences', observed, body),
  ),
  spoiled(
    'DELETE of groups',
    'remove',
    () => workspace.apply(attemptOf('groups'), never),
    (outcomes, body) => checkResults('groups', outcomes, body, rowsIn(org.kept(kinds.readGroups, true))),
    { doubt: true },
  ),
  spoiled(
    'PATCH of licences',
    'update',
    () => workspace.apply(attemptOf('licences'), never),
    (outcomes, body) => checkResults('licences', outcomes, body, rowsIn(org.kept(kinds.readLicences, true))),
    { doubt: true },
  ),
  spoiled(
    'DELETE of groups: what is read after it',
    'readGroups',
    () => workspace.apply(attemptOf('groups'), never),
    (outcomes, body) => {
      const observed = outcomes.map((each) => ({
        ref: each.ref,
        value: 'value' in each ? each.value : null,
      }));
      checkRead('groups', observed as Observed[], body);
    },
    { doubt: true, later: true },
  ),
  spoiled(
    'PATCH of licences: what is read after it',
    'readLicences',
    () => workspace.apply(attemptOf('licences'), never),
    (outcomes, body) => {
      for (const outcome of outcomes) {
        const row = rowsIn(body).find(({ Id }) => Id === outcome.ref.split('.')[0]);
        expect(outcome.result).toBe(row ? 'applied' : 'failed');
        if ('value' in outcome) expect(outcome.value).toEqual(valueIn.licences?.(row as Row, outcome.ref));
      }
    },
    { doubt: true, later: true },
  ),
  spoiled(
    'setActive: PATCH',
    'update',
    () => workspace.setActive?.(leaver, false, attemptAt('deactivate', []), never),
    (_result, body) => expect(body).toMatchObject([{ success: true }]),
    { share: 0.5, refuses: true },
  ),
  spoiled(
    'setActive: what is read after it',
    'readActive',
    () => workspace.setActive?.(leaver, false, attemptAt('deactivate', []), never),
    (_result, body) => {
      expect(rowsIn(body)).toHaveLength(1);
      expect(rowsIn(body)[0]).toMatchObject({ Id: leaver, nbavs__Enabled__c: false });
    },
    { later: true },
  ),
];

beforeAll(async () => {
  org = await recordOrg();
  workspace = org.fresh();
  scanner = org.fresh();
  org.spoil(undefined);
  await workspace.identify();
  await workspace.members({ text: 'sofia', limit: 5 });
  await workspace.bulk?.find(['dana ruiz', 'nobody']);
  await workspace.bulk?.together?.([leaver, natterboxUserId(people.colleague)]);
  await workspace.survey(leaver);
  await scanner.scan(leaver, ['licences', 'profile']);
  for (const category of ['groups', 'licences']) {
    items[category] = (await scanner.scan(leaver, [category])).items;
    await workspace.read(category, refsOf(category));
  }
  for (const category of ['groups', 'licences']) {
    org.spoil(undefined);
    await workspace.apply(attemptOf(category), never);
  }
  org.spoil(undefined);
  await workspace.setActive?.(leaver, false, attemptAt('deactivate', []), never);
  org.spoil(undefined);
  paged = await recordOrg({ settings: { pageSize: 4 } });
  pagedScanner = paged.fresh();
  secondPage = (await pagedScanner.scan(leaver, ['groups'])).cursor;
  await pagedScanner.scan(leaver, ['groups'], secondPage);
});
afterAll(() => Promise.all([org.close(), paged.close()]));

describe('R5 mutated answers', () => {
  mutatedAnswers('a Natterbox org', mutations, cases);
});

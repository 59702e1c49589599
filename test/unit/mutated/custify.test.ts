import { beforeAll, describe, expect } from 'vitest';
import type { Attempt } from '../../../lib/offboarding/attempt.ts';
import type { Item } from '../../../lib/offboarding/model.ts';
import { createCustifyWorkspace } from '../../../lib/workspace/custify/connector.ts';
import { createDispatcher } from '../../../lib/workspace/dispatcher.ts';
import type { ConnectorMemory } from '../../../lib/workspace/memory.ts';
import type { Observed, Outcome, Survey, Workspace } from '../../../lib/workspace/port.ts';
import { actor } from '../../contract/custify.fixture.ts';
import { objectId } from '../../sandbox/custify/ids.ts';
import { startCustifySandbox } from '../../sandbox/custify/server.ts';
import { leaverId } from '../../sandbox/seed.ts';
import { hurry, jsonOf, mutatedAnswers, type Spoiled } from './harness.ts';

/** The least number of mutated answers. */
const mutations = 2_000;
const api = 'http://127.0.0.1:1';
const leaver = objectId(leaverId);
const receiver = objectId('mem_04');
const never = new AbortController().signal;

/** Lists of the account, by the path at which they are; the name of each within its answer. */
const lists: Record<string, string> = {
  '/company/all': 'companies',
  '/task': 'tasks',
  '/playbook': 'playbooks',
  '/lifecycle': 'lifecycles',
  '/objective': 'objectives',
  '/people/all': 'people',
};
const others = ['/company/attributes', '/customer/attributes', '/task/filtersAvailableValues'];

type Fields = Record<string, unknown>;
/** What the account answers at each path, cut to a few records of each list. */
const answers = new Map<string, unknown>();
/** The record that is read and written, and what it says after the write. */
let own: Fields;
const recordOf = (owner: string): unknown => ({
  companies: [{ ...own, owners_csm: owner, owners_csm_name: null, owners_csm_email: null }],
});

/** Which answer of a call is spoiled: a path's, or one of those around a write. */
type Place = string;
interface Spoiling {
  place: Place;
  text: string;
}

/** What a connector remembers that has read everything, and has written such an owner before. */
const learned = new Map<string, unknown>([['write owners_csm', { state: 'works', way: 'id' }]]);

function workspaceOn(
  spoiling: Spoiling,
  known: ReadonlyMap<string, unknown> = new Map(),
  remember?: (name: string, value: unknown) => void,
): Workspace {
  const remembered = new Map(known);
  const memory: ConnectorMemory = {
    get: async (name) => remembered.get(name),
    set: async (name, value) => {
      remembered.set(name, value);
      remember?.(name, value);
    },
  };
  let wrote = false;
  const at = (input: string, method: string): { place: Place; body: unknown } => {
    const { pathname, searchParams } = new URL(input);
    if (method === 'POST') {
      wrote = true;
      return { place: 'write', body: own };
    }
    if (pathname.startsWith('/company/') && !answers.has(pathname))
      return wrote
        ? { place: 'after', body: recordOf(receiver) }
        : { place: 'before', body: recordOf(leaver) };
    const body = answers.get(pathname);
    const name = lists[pathname];
    if (name === undefined || Number(searchParams.get('page')) === 1) return { place: pathname, body };
    // Everything is on the first page.
    const first = Array.isArray(body) ? (body[0] as Fields) : (body as Fields);
    return { place: 'later pages', body: { ...first, [name]: [] } };
  };
  const workspace = createCustifyWorkspace({
    settings: { api, app: api, workspace: { id: 'acme', name: 'Acme' }, actor },
    async fetch(input, { method = 'GET' }) {
      const { place, body } = at(input, method);
      const text = place === spoiling.place ? spoiling.text : JSON.stringify(body);
      return new Response(text, { status: 200, headers: { 'content-type': 'application/json' } });
    },
    dispatcher: createDispatcher({ limits: { concurrency: 4 }, clock: hurry }),
    clock: hurry,
    secret: 'key',
    memory,
  });
  return workspace;
}

/** A text as the API's users are compared. */
const plain = (value: unknown): string =>
  typeof value === 'string' ? value.trim().toLowerCase() : typeof value === 'number' ? String(value) : '';
/** Whether a field says this user by their id, bare or in an object. */
const says = (value: unknown, id: string): boolean => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return plain(value) === id;
  const { id: one, _id: two, entity } = value as Fields;
  const said = [one, two, entity].find((each) => typeof each === 'string' && each.trim() !== '');
  return plain(said) === id;
};
const emailOf = (): string => plain((own.owners_csm_email as string | null) ?? '');
const leaverName = (): unknown => own.owners_csm_name;
/** Whether a field can mean the leaver for sure: by their id, or by their address where it says no id. */
const mayMean = (value: unknown): boolean =>
  says(value, leaver) ||
  (emailOf() !== '' &&
    (plain(value) === emailOf() ||
      (typeof value === 'object' && value !== null && plain((value as Fields).email) === emailOf())));
const idOf = (record: Fields): string => String(record.id ?? record._id);
const isRecord = (record: unknown): boolean =>
  typeof record === 'object' && record !== null && !Array.isArray(record);
/** The records of a list, which may stand in a list itself; undefined where there is none. */
const listIn = (body: unknown, name: string): Fields[] | undefined => {
  const answer: unknown = Array.isArray(body) ? body[0] : body;
  const list = typeof answer === 'object' && answer !== null ? (answer as Fields)[name] : undefined;
  return Array.isArray(list) && list.every(isRecord) ? list : undefined;
};
const recordsIn = (body: unknown, name: string): Fields[] => listIn(body, name) ?? [];

interface Surveyed {
  survey: Survey;
  items: Item[];
}
async function surveyed(spoiling: Spoiling): Promise<Surveyed> {
  const workspace = workspaceOn(spoiling);
  const survey = await workspace.survey(leaver);
  const read = survey.categories.filter(({ count }) => count !== null).map(({ id }) => id);
  const { items } = await workspace.scan(leaver, read);
  for (const { id, count, unread } of survey.categories) {
    if (count === null) expect(unread?.detail).toMatch(/^\S.*[.!?…]$/s);
    else expect(items.filter(({ category }) => category === id)).toHaveLength(count);
  }
  return { survey, items };
}

/**
 * Each item of a category stands for a record that may mean the leaver, and each record that names them for sure is an
 * item of it or of the one for what is unclear; unless the category says that it could not be read.
 */
function checkCategory(
  { survey, items }: Surveyed,
  id: string,
  unclear: string,
  records: readonly Fields[] | undefined,
  field: (record: Fields) => unknown,
  may = (record: Fields): boolean => mayMean(field(record)),
): void {
  const category = survey.categories.find((each) => each.id === id);
  if (!category || category.count === null) return;
  if (!records) throw new Error(`${id} was counted, although there was nothing to count.`);
  const refsOf = (wanted: string): string[] =>
    items.filter((item) => item.category === wanted).map(({ ref }) => ref);
  expect(new Set(refsOf(id)).size).toBe(refsOf(id).length);
  for (const ref of refsOf(id)) {
    const [record, ...more] = records.filter((each) => idOf(each) === ref);
    expect(more).toEqual([]);
    expect(record && may(record)).toBe(true);
  }
  const shown = [...refsOf(id), ...refsOf(unclear)];
  for (const record of records) if (says(field(record), leaver)) expect(shown).toContain(idOf(record));
}

const attributeNames = (body: unknown): string[] =>
  (body as Fields[])
    .filter(({ fieldType }) => plain(fieldType) === 'user')
    .map(({ name }) => String(name).replace(/^custom_attributes\./, ''))
    .filter((name) => !['owners_csm', 'owners_account'].includes(name));

const survey = (
  place: Place,
  check: (result: Surveyed, body: unknown) => void,
  more: Partial<Spoiled<Surveyed>> = {},
): Spoiled<never> =>
  ({
    name: `survey and scan: ${place}`,
    valid: () => answers.get(place),
    make: (text: string) => surveyed({ place, text }),
    check,
    ...more,
  }) as unknown as Spoiled<never>;

const change = () => ({
  ...{ ref: idOf(own), expect: { member: leaver }, set: { member: receiver } },
  lock: `company ${idOf(own)}`,
});
const attempt = (): Attempt => ({
  ...{ run: 'run-c', seq: 1, key: 'key-c', category: 'customers.csm', changes: [change()], open: 1 },
  ...{ maybe: false, tries: 0, createdAt: '2026-11-22T09:00:00.000Z' },
});
const ownIn = (body: unknown): Fields | undefined =>
  recordsIn(body, 'companies').find((record) => idOf(record) === idOf(own));
/** What is read of the record says nobody for sure whom its answer does not say. */
function checkValue(value: unknown, body: unknown): void {
  const said = ownIn(body)?.owners_csm;
  for (const id of [leaver, receiver]) if (says(said, id)) expect(value).toEqual({ member: id });
  const { member } = value as { member?: string };
  if (member === receiver) expect(says(said, receiver)).toBe(true);
  if (member === leaver) expect(mayMean(said)).toBe(true);
}

const cases: Spoiled<never>[] = [
  survey('/company/all', (result, body) => {
    const companies = listIn(body, 'companies');
    const field = (name: string) => (record: Fields) => record[name];
    checkCategory(result, 'customers.csm', 'customers.unclear', companies, field('owners_csm'));
    checkCategory(
      result,
      'customers.accountManager',
      'customers.unclear',
      companies,
      field('owners_account'),
    );
    for (const { id } of result.survey.categories.filter(({ kind }) => kind === 'attributes.user')) {
      const key = id.replace('attributes.user:', '');
      checkCategory(
        result,
        id,
        'customers.unclear',
        companies,
        ({ custom_attributes }) => (custom_attributes as Fields | null)?.[key],
      );
    }
  }),
  survey('/task', (result, body) => {
    const open = listIn(body, 'tasks')?.filter(
      ({ status, assignedToModel }) =>
        !['done', 'not relevant'].includes(plain(status)) &&
        ['', 'user', 'users'].includes(plain(assignedToModel)),
    );
    checkCategory(result, 'tasks.open', 'tasks.unclear', open, ({ assignedTo }) => assignedTo);
  }),
  survey('/company/attributes', ({ survey: { categories } }, body) => {
    const found = categories.filter(({ kind }) => kind === 'attributes.user');
    if (found.some(({ id }) => id === 'attributes.user:*')) return;
    const names = [...new Set(attributeNames(body))].map((name) => `attributes.user:${name}`);
    expect(new Set(found.map(({ id }) => id))).toEqual(new Set(names));
  }),
  survey('/customer/attributes', ({ survey: { categories } }, body) => {
    const found = categories.filter(({ id }) => id.startsWith('people.user:'));
    if (found.some(({ id }) => id === 'people.user:*')) return;
    const names = [...new Set(attributeNames(body))].map((name) => `people.user:${name}`);
    expect(new Set(found.map(({ id }) => id))).toEqual(new Set(names));
  }),
  survey('/objective', (result, body) => {
    const records = listIn(body, 'objectives');
    checkCategory(
      result,
      'objectives.assigned',
      'objectives.assigned',
      records,
      ({ assignedTo }) => assignedTo,
      (record) => mayMean(record.assignedTo) || record.assignedToName === leaverName(),
    );
  }),
  survey('/playbook', ({ survey: { categories } }, body) => {
    const counts = categories
      .filter(({ id }) => ['playbooks.tasks', 'playbooks.senders'].includes(id))
      .map(({ count }) => count);
    expect(counts).toHaveLength(2);
    if (counts.includes(null)) return;
    // What names nobody is in neither list.
    const names = JSON.stringify(body).toLowerCase();
    const named = names.includes(leaver) || (emailOf() !== '' && names.includes(emailOf()));
    if (!named) expect(counts).toEqual([0, 0]);
  }),
  survey('/task/filtersAvailableValues', ({ survey: { leaver: member } }) => expect(member.id).toBe(leaver)),
  {
    name: 'read',
    valid: () => recordOf(leaver),
    make: async (text: string) =>
      workspaceOn({ place: 'before', text }, learned).read('customers.csm', [idOf(own)]),
    check([observed, ...more]: Observed[], body: unknown) {
      expect(more).toEqual([]);
      expect(observed?.ref).toBe(idOf(own));
      if (observed && 'value' in observed) checkValue(observed.value, body);
      else expect(recordsIn(body, 'companies')).toEqual([]);
    },
    share: 2,
  } as unknown as Spoiled<never>,
  {
    name: 'apply: what is read before the write',
    valid: () => recordOf(leaver),
    make: async (text: string) => workspaceOn({ place: 'before', text }, learned).apply(attempt(), never),
    check([outcome, ...more]: Outcome[], body: unknown) {
      expect(more).toEqual([]);
      if (outcome?.result === 'applied') expect(mayMean(ownIn(body)?.owners_csm)).toBe(true);
      if (outcome?.result === 'conflict') checkValue(outcome.value, body);
    },
    share: 2,
  } as unknown as Spoiled<never>,
  {
    name: 'apply: the answer to the write',
    valid: () => own,
    make: async (text: string) => workspaceOn({ place: 'write', text }, learned).apply(attempt(), never),
    check(outcomes: Outcome[], body: unknown) {
      expect(outcomes).toEqual([{ ref: idOf(own), result: 'applied', value: { member: receiver } }]);
      // It says no other record.
      const said = (body as Fields).id ?? (body as Fields)._id;
      if (typeof said === 'string' && said !== '') expect(said).toBe(idOf(own));
    },
    share: 2,
  } as unknown as Spoiled<never>,
  {
    name: 'apply: what is read after the write',
    valid: () => recordOf(receiver),
    make: async (text: string) => workspaceOn({ place: 'after', text }, learned).apply(attempt(), never),
    check([outcome, ...more]: Outcome[], body: unknown) {
      expect(more).toEqual([]);
      const said = ownIn(body)?.owners_csm;
      expect(outcome?.result === 'applied').toBe(says(said, receiver));
      if (outcome?.result === 'conflict') checkValue(outcome.value, body);
    },
    doubt: true,
    share: 2,
  } as unknown as Spoiled<never>,
];

beforeAll(async () => {
  const sandbox = await startCustifySandbox({ small: true });
  const ask = async (path: string): Promise<unknown> =>
    jsonOf(
      await (
        await fetch(`${sandbox.url}${path}`, { headers: { authorization: `Bearer ${sandbox.key}` } })
      ).text(),
    );
  for (const path of others) answers.set(path, await ask(path));
  for (const [path, name] of Object.entries(lists)) {
    const answer = await ask(`${path}?page=1&itemsPerPage=100&type=companies`);
    const all = recordsIn(answer, name);
    // Some that name the leaver and some that do not.
    const isTheirs = (record: Fields): boolean => JSON.stringify(record).includes(leaver);
    const few = [...all.filter(isTheirs).slice(0, 3), ...all.filter((each) => !isTheirs(each)).slice(0, 2)];
    answers.set(path, { total: few.length, [name]: few });
  }
  const values = answers.get('/task/filtersAvailableValues') as Record<string, unknown[]>;
  answers.set(
    '/task/filtersAvailableValues',
    Object.fromEntries(
      Object.entries(values).map(([name, list]) => [
        name,
        list
          .filter(
            (each) => /mem_0[1-5]/.test(JSON.stringify(each)) || says(each, leaver) || says(each, receiver),
          )
          .concat(list.slice(0, 2)),
      ]),
    ),
  );
  own = recordsIn(answers.get('/company/all'), 'companies').find((each) =>
    says(each.owners_csm, leaver),
  ) as Fields;
  await sandbox.close();
  const remember = (name: string, value: unknown): void => void learned.set(name, value);
  await workspaceOn({ place: '', text: '' }, new Map(), remember).survey(leaver);
});

describe('R5 mutated answers', () => {
  mutatedAnswers('Custify', mutations, cases);
});

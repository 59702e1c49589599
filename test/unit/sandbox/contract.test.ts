import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  categoriesSchema,
  discoverySchema,
  itemsSchema,
  meSchema,
  ownersSchema,
  problemSchema,
  reassignmentsSchema,
} from '../../../lib/workspace/contract/wire.ts';
import type { Sandbox } from '../../sandbox/server.ts';
import { api, as, type Client, moves, openRun, request, sandboxForTests } from './client.ts';

let sandbox: Sandbox;
let admin: Client;
beforeEach(async () => {
  sandbox = await sandboxForTests();
  admin = as(sandbox, 'mem_01');
});
afterEach(() => sandbox.close());

const writes = async (run?: string) =>
  (await request(sandbox, 'GET', `/__sandbox/writes${run ? `?run=${run}` : ''}`)).json;
const owners = async (category: string, refs: string[]) =>
  ownersSchema.parse((await admin.post(`${api}/owners`, { category, refs })).json).owners;
async function refsOf(category: string, limit = 3): Promise<string[]> {
  const answer = await admin.get(`${api}/items?member=mem_03&category=${category}&limit=${limit}`);
  return itemsSchema.parse(answer.json).items.map(({ ref }) => ref);
}

test('discovery says where everything is, and each address answers', async () => {
  const answer = await request(sandbox, 'GET', '/.well-known/offboarding');
  const { urls, limits } = discoverySchema.parse(answer.json);
  expect(urls.api).toBe(`${sandbox.url}/api/v1`);
  expect(limits.batch).toBe(100);
  for (const url of [`${urls.api}/me`, `${urls.scim}/Users`])
    expect((await fetch(url, { headers: { Cookie: admin.cookie } })).status).toBe(200);
});

test('me names who acts; a non-admin may ask that and nothing else', async () => {
  expect(meSchema.parse((await admin.get(`${api}/me`)).json)).toMatchObject({ id: 'mem_01', admin: true });
  const other = as(sandbox, 'mem_04');
  expect(meSchema.parse((await other.get(`${api}/me`)).json)).toMatchObject({
    name: 'Tom Okafor',
    admin: false,
  });
  const calls = [
    other.get(`${api}/categories?member=mem_03`),
    other.get(`${api}/items?member=mem_03&category=tasks.open`),
    other.post(`${api}/reassignments`, moves('r', 'tasks.open', ['tsk_0001'], 'mem_05')),
    other.post(`${api}/owners`, { category: 'tasks.open', refs: ['tsk_0001'] }),
    other.get(`${api}/runs`),
    other.post(`${api}/runs`, {}),
    other.get('/scim/v2/Users'),
    other.patch('/scim/v2/Users/mem_03', {}),
  ];
  for (const answer of await Promise.all(calls)) {
    expect(answer.status).toBe(403);
    expect(answer.headers.get('Content-Type')).toContain('application/problem+json');
    expect(problemSchema.parse(answer.json).title).toBe('For admins');
  }
});

test('W5.3 categories come with counts, in the order of the steps', async () => {
  const { categories } = categoriesSchema.parse((await admin.get(`${api}/categories?member=mem_03`)).json);
  const ids = [...categories].sort((a, b) => a.order - b.order).map(({ id }) => id);
  expect(ids).toEqual([
    'playbooks.tasks',
    'lifecycles.tasks',
    'playbooks.senders',
    'attributes.user:executive_sponsor',
    'attributes.user:renewal_lead',
    'customers.csm',
    'customers.accountManager',
    'tasks.open',
    'dashboards.personal',
    'views.customers',
    'views.insights',
    'approvals.pending',
    'emails.scheduled',
    'mailboxes.connected',
    'signatures',
    'tokens.api',
  ]);
  const by = Object.fromEntries(categories.map((category) => [category.id, category]));
  expect(by['customers.csm']).toMatchObject({ count: 62, decidesCustomer: true, action: 'reassign' });
  expect(by['tasks.open']).toMatchObject({
    count: 110,
    perCustomer: true,
    condition: 'server',
    idempotent: true,
  });
  expect(by['playbooks.senders']?.needsSender).toBe(true);
  expect(by['tokens.api']).toMatchObject({ action: 'manual', outlives: true });
  expect(by['attributes.user:renewal_lead']?.name).toBe('Renewal lead');
});

test('W2.3 a new attribute of type user becomes a category, whatever it is called', async () => {
  await request(sandbox, 'POST', '/__sandbox/sql', {
    sql: "INSERT INTO attribute VALUES ('x''y', 'Who ''really'' knows', 'user')",
  });
  sandbox.database.run("INSERT INTO attribute_value VALUES ('cus_0001', 'x''y', 'mem_03')");
  const { categories } = categoriesSchema.parse((await admin.get(`${api}/categories?member=mem_03`)).json);
  expect(categories.find(({ id }) => id === "attributes.user:x'y")).toMatchObject({ count: 1 });
  const [ref] = await refsOf("attributes.user:x'y");
  expect(ref).toBe('cus_0001');
});

test('items of every category come page by page, each once, with the columns that the category names', async () => {
  const { categories } = categoriesSchema.parse((await admin.get(`${api}/categories?member=mem_03`)).json);
  for (const category of categories) {
    const seen = new Set<string>();
    let cursor: string | undefined;
    do {
      const more = cursor === undefined ? '' : `&cursor=${cursor}`;
      const answer = await admin.get(`${api}/items?member=mem_03&category=${category.id}&limit=7${more}`);
      const page = itemsSchema.parse(answer.json);
      expect(page.total).toBe(category.count);
      expect(page.items.length).toBeLessThanOrEqual(7);
      for (const item of page.items) {
        expect(seen.has(item.ref)).toBe(false);
        seen.add(item.ref);
        expect(Object.keys(item.columns)).toEqual(category.columns.map(({ key }) => key));
        expect(item.value).toEqual({ member: 'mem_03' });
        expect(item.lock).toBe(item.customer?.ref ?? item.ref);
        expect(item.link).not.toMatch(/REF|PARENT|undefined/);
      }
      cursor = page.cursor;
    } while (cursor !== undefined);
    expect(seen.size).toBe(category.count);
  }
});

test('R3 a change is compare-and-set: applied, conflict, gone and invalid, one outcome for each ref', async () => {
  const run = await openRun(admin, 'run-1');
  const [moved = '', taken = '', done = ''] = await refsOf('tasks.open');
  sandbox.database.run("UPDATE task SET assignee = 'mem_07' WHERE id = ?", taken);
  sandbox.database.run("UPDATE task SET status = 'done' WHERE id = ?", done);
  const body = moves(run, 'tasks.open', [moved, taken, done, 'tsk_none'], 'mem_04');
  const answer = await admin.post(`${api}/reassignments`, body, { 'Idempotency-Key': 'k1' });
  expect(reassignmentsSchema.parse(answer.json).outcomes).toEqual([
    { ref: moved, result: 'applied', value: { member: 'mem_04' } },
    { ref: taken, result: 'conflict', value: { member: 'mem_07' } },
    { ref: done, result: 'conflict', value: { absent: true } },
    { ref: 'tsk_none', result: 'failed', code: 'gone', message: 'This task no longer exists.' },
  ]);
  expect(await owners('tasks.open', [moved, taken, 'tsk_none'])).toEqual([
    { ref: moved, value: { member: 'mem_04' } },
    { ref: taken, value: { member: 'mem_07' } },
    { ref: 'tsk_none', unreadable: 'This task no longer exists.', gone: true },
  ]);
  expect((await writes(run)).total).toBe(1);
});

test('the server refuses an inactive or unknown owner, and what only a person may change', async () => {
  const run = await openRun(admin, 'run-1');
  const [ref = ''] = await refsOf('customers.csm');
  const refused = async (category: string, item: string, to: string) => {
    const body = moves(run, category, [item], to);
    const answer = await admin.post(`${api}/reassignments`, body, { 'Idempotency-Key': `${category}${to}` });
    return reassignmentsSchema.parse(answer.json).outcomes[0];
  };
  expect(await refused('customers.csm', ref, 'mem_38')).toMatchObject({
    code: 'invalid',
    message: 'Ruth Calder is inactive and cannot own anything.',
  });
  expect(await refused('customers.csm', ref, 'mem_99')).toMatchObject({ result: 'failed', code: 'invalid' });
  expect(await refused('tokens.api', 'tok_02', 'mem_04')).toMatchObject({
    result: 'failed',
    code: 'forbidden',
  });
  expect((await writes()).total).toBe(0);
});

test('every category that can be reassigned really is, attributes and cleared owners too', async () => {
  const run = await openRun(admin, 'run-1');
  const { categories } = categoriesSchema.parse((await admin.get(`${api}/categories?member=mem_03`)).json);
  for (const { id, action, count } of categories) {
    if (action !== 'reassign') continue;
    const refs = await refsOf(id, 500);
    for (let from = 0; from < refs.length; from += 100) {
      const body = moves(run, id, refs.slice(from, from + 100), 'mem_04');
      const answer = await admin.post(`${api}/reassignments`, body, { 'Idempotency-Key': `${id} ${from}` });
      for (const { result } of reassignmentsSchema.parse(answer.json).outcomes)
        expect(result).toBe('applied');
    }
    expect(refs).toHaveLength(count ?? -1);
  }
  const { counts } = (await request(sandbox, 'GET', '/__sandbox/owned?member=mem_03')).json;
  const left = Object.entries(counts).filter(([, count]) => count !== 0);
  expect(left.map(([id]) => id)).toEqual([
    'approvals.pending',
    'emails.scheduled',
    'mailboxes.connected',
    'signatures',
    'tokens.api',
  ]);
  const [ref = ''] = ['cus_0003'];
  const clear = [{ ref, expect: { member: 'mem_04' }, set: { none: true } }];
  const back = [{ ref, expect: { none: true }, set: { member: 'mem_05' } }];
  for (const [index, changes] of [clear, back].entries()) {
    const body = { run, fence: 1, category: 'attributes.user:renewal_lead', changes };
    const answer = await admin.post(`${api}/reassignments`, body, { 'Idempotency-Key': `none ${index}` });
    expect(answer.json.outcomes[0].result).toBe('applied');
  }
});

test('W6.6 an owner change is in the customer’s timeline under the acting admin’s name', async () => {
  const run = await openRun(admin, 'run-1');
  const [ref = ''] = await refsOf('customers.csm', 1);
  const body = moves(run, 'customers.csm', [ref], 'mem_04');
  await admin.post(`${api}/reassignments`, body, { 'Idempotency-Key': 'k' });
  const { entries } = (await request(sandbox, 'GET', `/__sandbox/timeline?customer=${ref}`)).json;
  expect(entries.at(-1)).toMatchObject({
    actor: 'mem_01',
    actorName: 'Priya Shah',
    kind: 'owner',
    summary: 'CSM changed from Dana Ruiz to Tom Okafor',
  });
});

test('R1 the same key with the same body replays the answer without a second effect; another body is 422', async () => {
  const run = await openRun(admin, 'run-1');
  const refs = await refsOf('tasks.open', 5);
  const body = moves(run, 'tasks.open', refs, 'mem_04');
  const headers = { 'Idempotency-Key': 'once' };
  const first = await admin.post(`${api}/reassignments`, body, headers);
  sandbox.database.run("UPDATE task SET assignee = 'mem_07' WHERE id = ?", refs[0] ?? '');
  const second = await admin.post(`${api}/reassignments`, body, headers);
  expect(second.text).toBe(first.text);
  expect(await writes(run)).toMatchObject({ total: 5, doubled: 0 });

  const other = await admin.post(`${api}/reassignments`, moves(run, 'tasks.open', refs, 'mem_05'), headers);
  expect(other.status).toBe(422);
  const stranger = await as(sandbox, 'mem_02').post(`${api}/reassignments`, body, headers);
  expect(stranger.status).toBe(422);
  const without = await admin.post(`${api}/reassignments`, body);
  expect(without.status).toBe(400);
});

test('a change that took effect twice in one run is counted as doubled', async () => {
  const run = await openRun(admin, 'run-1');
  const [ref = ''] = await refsOf('tasks.open', 1);
  for (const key of ['a', 'b']) {
    await admin.post(`${api}/reassignments`, moves(run, 'tasks.open', [ref], 'mem_04'), {
      'Idempotency-Key': key,
    });
    sandbox.database.run("UPDATE task SET assignee = 'mem_03' WHERE id = ?", ref);
  }
  expect(await writes(run)).toMatchObject({ total: 2, doubled: 1, changes: { 'tasks.open': 2 } });
});

test('bad input gets a problem that names what was expected', async () => {
  const bad = [
    [await admin.get(`${api}/items?member=mem_03&category=nope`), 404],
    [await admin.get(`${api}/items?member=nobody&category=tasks.open`), 404],
    [await admin.get(`${api}/items?member=mem_03&category=tasks.open&cursor=x`), 400],
    [await admin.get(`${api}/categories`), 400],
    [await admin.post(`${api}/owners`, { category: 'tasks.open', refs: [] }), 400],
    [await admin.post(`${api}/owners`, { category: 'tasks.open', refs: 'tsk_0001' }), 400],
    [await admin.get(`${api}/nothing`), 404],
    [await admin.post(`${api}/reassignments`, { run: 'r' }, { 'Idempotency-Key': 'k' }), 400],
  ] as const;
  for (const [answer, status] of bad) {
    expect(answer.status).toBe(status);
    expect(answer.headers.get('Content-Type')).toContain('application/problem+json');
    expect(problemSchema.parse(answer.json).detail).not.toBe('');
  }
  const broken = await fetch(`${sandbox.url}${api}/owners`, {
    method: 'POST',
    headers: { Cookie: admin.cookie, 'X-CSRF-Token': admin.csrf, 'Content-Type': 'application/json' },
    body: '{"category":',
  });
  expect(broken.status).toBe(400);
  expect(problemSchema.parse(await broken.json()).status).toBe(400);
});

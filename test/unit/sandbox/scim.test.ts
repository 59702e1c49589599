import { afterEach, beforeEach, expect, test } from 'vitest';
import { scimExtension, scimListSchema, scimUserSchema } from '../../../lib/workspace/contract/wire.ts';
import type { Sandbox } from '../../sandbox/server.ts';
import { as, type Client, openRun, patchActive, request, sandboxForTests } from './client.ts';

let sandbox: Sandbox;
let admin: Client;
beforeEach(async () => {
  sandbox = await sandboxForTests();
  admin = as(sandbox, 'mem_01');
});
afterEach(() => sandbox.close());

const users = '/scim/v2/Users';
const list = async (query: Record<string, string>) =>
  scimListSchema.parse((await admin.get(`${users}?${new URLSearchParams(query)}`)).json);
const active = (id: string) =>
  sandbox.database.get<{ active: number }>('SELECT active FROM member WHERE id = ?', id)?.active;

test('a filter by part of name or address ignores case and keeps inactive members out', async () => {
  const filter = 'active eq true and (displayName co "TOM" or userName co "tom")';
  const { Resources, totalResults } = await list({ filter });
  expect(Resources.map(({ displayName }) => displayName)).toEqual(['Tom Okafor', 'Tomas Novak']);
  expect(totalResults).toBe(2);
  expect((await list({ filter: 'displayName co "ruth"' })).totalResults).toBe(1);
  expect((await list({ filter: 'active eq true and displayName co "ruth"' })).totalResults).toBe(0);
  expect((await list({ filter: 'USERNAME eq "Dana.Ruiz@ACME.example"' })).Resources[0]?.id).toBe('mem_03');
  expect((await list({ filter: 'id eq "mem_07"' })).Resources[0]?.displayName).toBe('Ines Kaya');
});

test('quotes, brackets and backslashes inside a filter’s text are text', async () => {
  sandbox.database.run(`UPDATE member SET name = 'Tom (ex) "T\\x" [1]' WHERE id = 'mem_04'`);
  for (const part of ['(ex)', '"T', '\\x', '[1]', 'or (', ')'])
    await expect(
      list({ filter: `active eq true and (displayName co ${JSON.stringify(part)} or userName co "~")` }),
    ).resolves.toMatchObject({ totalResults: part === 'or (' ? 0 : 1 });
  expect((await admin.get(`${users}?filter=(displayName+co+%22a%22`)).status).toBe(400);
});

test('pages are sorted by name, each member once, with the same total on every page', async () => {
  const names: string[] = [];
  for (let startIndex = 1; startIndex <= 49; startIndex += 12) {
    const page = await list({ startIndex: String(startIndex), count: '12' });
    expect(page.totalResults).toBe(40);
    names.push(...page.Resources.map(({ userName }) => userName));
  }
  expect(names).toHaveLength(40);
  const sorted = sandbox.database.all<{ email: string }>('SELECT email FROM member ORDER BY name, email');
  expect(names).toEqual(sorted.map(({ email }) => email));
  expect(await list({ startIndex: '41', count: '12' })).toMatchObject({ totalResults: 40, Resources: [] });
});

test('W3.4 the extension tells mailbox, signature and what somebody holds', async () => {
  const user = scimUserSchema.parse((await admin.get(`${users}/mem_03`)).json);
  expect(user).toMatchObject({ userName: 'dana.ruiz@acme.example', active: true, roles: [{ value: 'csm' }] });
  expect(user[scimExtension]).toEqual({ mailbox: 'yes', signature: 'yes', customers: 62, tasks: 110 });
  sandbox.database.run(
    "UPDATE customer SET csm = 'mem_03' WHERE id IN (SELECT id FROM customer WHERE csm IS NULL LIMIT 1)",
  );
  const later = scimUserSchema.parse((await admin.get(`${users}/mem_03`)).json);
  expect(later[scimExtension]?.customers).toBe(63);
  expect((await admin.get(`${users}/mem_99`)).status).toBe(404);
});

test('PATCH sets inactive, signs the member out, and changes nothing else', async () => {
  const dana = as(sandbox, 'mem_03');
  expect((await dana.get('/api/v1/me')).status).toBe(200);
  const answer = await admin.patch(`${users}/mem_03`, patchActive(false));
  expect(scimUserSchema.parse(answer.json).active).toBe(false);
  expect(active('mem_03')).toBe(0);
  expect((await dana.get('/api/v1/me')).status).toBe(401);
  expect((await admin.patch(`${users}/mem_03`, patchActive(false))).status).toBe(204);
  const rename = { ...patchActive(true), Operations: [{ op: 'replace', path: 'displayName', value: 'X' }] };
  expect((await admin.patch(`${users}/mem_04`, rename)).status).toBe(400);
  expect((await admin.patch(`${users}/mem_99`, patchActive(false))).status).toBe(404);
  expect((await admin.post(users, { userName: 'new' })).status).toBe(403);
});

test('PATCH under a key is replayed; under a run’s headers the fence decides', async () => {
  const run = await openRun(admin, 'run-1');
  const headers = (fence: number, key: string) => ({
    'Offboarding-Run': run,
    'Offboarding-Fence': String(fence),
    'Idempotency-Key': key,
  });
  expect((await admin.patch(`${users}/mem_03`, patchActive(false), headers(0, 'k0'))).status).toBe(409);
  expect(active('mem_03')).toBe(1);
  const first = await admin.patch(`${users}/mem_03`, patchActive(false), headers(1, 'k1'));
  expect(first.status).toBe(200);
  await admin.patch(`${users}/mem_03`, patchActive(true));
  const replay = await admin.patch(`${users}/mem_03`, patchActive(false), headers(1, 'k1'));
  expect(replay.text).toBe(first.text);
  expect(active('mem_03')).toBe(1);
  expect((await admin.patch(`${users}/mem_03`, patchActive(true), headers(1, 'k1'))).status).toBe(422);
  const half = { 'Offboarding-Run': run };
  expect((await admin.patch(`${users}/mem_03`, patchActive(false), half)).status).toBe(400);
  const { writes } = (await request(sandbox, 'GET', `/__sandbox/writes?run=${run}`)).json;
  expect(writes).toMatchObject([
    { category: 'deactivate', ref: 'mem_03', after: '{"flag":false}', actor: 'mem_01' },
  ]);
});

test('two servers in one process keep their members apart', async () => {
  const other = await sandboxForTests();
  try {
    await admin.patch(`${users}/mem_03`, patchActive(false));
    const there = scimUserSchema.parse((await as(other, 'mem_01').get(`${users}/mem_03`)).json);
    expect(there.active).toBe(true);
    expect(scimUserSchema.parse((await admin.get(`${users}/mem_03`)).json).active).toBe(false);
  } finally {
    await other.close();
  }
});

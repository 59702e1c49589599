import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { itemsSchema } from '../../../lib/workspace/contract/wire.ts';
import { type FaultRule, faultSchema } from '../../sandbox/faults.ts';
import { largeUsers } from '../../sandbox/natterbox/seed.ts';
import { startNatterboxSandbox } from '../../sandbox/natterbox/server.ts';
import type { Sandbox } from '../../sandbox/server.ts';
import { api, as, type Client, moves, openRun, request, sandboxForTests } from './client.ts';

let sandbox: Sandbox;
let admin: Client;
beforeEach(async () => {
  sandbox = await sandboxForTests();
  admin = as(sandbox, 'mem_01');
});
afterEach(() => sandbox.close());

const items = `${api}/items?member=mem_03&category=tasks.open&limit=2`;
const install = (...rules: FaultRule[]) =>
  request(sandbox, 'POST', '/__sandbox/faults', { clear: true, rules });
/** One fault on every call of this path. */
const on = (path: string, fault: FaultRule['fault']) => install({ match: { path }, fault });
const owner = () =>
  sandbox.database.get<{ assignee: string }>("SELECT assignee FROM task WHERE id = 'tsk_0001'")?.assignee;
const write = (key = 'k') =>
  admin.post(`${api}/reassignments`, moves('run-1', 'tasks.open', ['tsk_0001'], 'mem_04'), {
    'Idempotency-Key': key,
  });
const covered = new Set<string>();
const covers = (...kinds: string[]) => {
  for (const kind of kinds) covered.add(kind);
};

test('status: answered in place of the request, with Retry-After', async () => {
  covers('status');
  await openRun(admin, 'run-1');
  await on('/reassignments', { kind: 'status', status: 503, retryAfter: 3 });
  const answer = await write();
  expect([answer.status, answer.headers.get('Retry-After'), answer.json.status]).toEqual([503, '3', 503]);
  expect(owner()).toBe('mem_03');
});

test('statusAfter: took effect, and answered with an error', async () => {
  covers('statusAfter');
  await openRun(admin, 'run-1');
  await on('/reassignments', { kind: 'statusAfter', status: 502 });
  expect((await write()).status).toBe(502);
  expect(owner()).toBe('mem_04');
});

test('cutBefore: the connection ends and nothing happened; cutAfter: it was committed', async () => {
  covers('cutBefore', 'cutAfter');
  await openRun(admin, 'run-1');
  await on('/reassignments', { kind: 'cutBefore' });
  await expect(write('k1')).rejects.toThrow();
  expect(owner()).toBe('mem_03');
  await on('/reassignments', { kind: 'cutAfter' });
  await expect(write('k2')).rejects.toThrow();
  expect(owner()).toBe('mem_04');
  await install();
  expect((await write('k2')).json.outcomes).toEqual([
    { ref: 'tsk_0001', result: 'applied', value: { member: 'mem_04' } },
  ]);
  expect((await request(sandbox, 'GET', '/__sandbox/writes')).json).toMatchObject({ total: 1, doubled: 0 });
});

test('slow and hang: before the request or after it', async () => {
  covers('slow', 'hang');
  await openRun(admin, 'run-1');
  await on('/reassignments', { kind: 'slow', milliseconds: 500, when: 'after' });
  let answered = false;
  const answer = write().finally(() => {
    answered = true;
  });
  await expect.poll(owner, { interval: 5, timeout: 10_000 }).toBe('mem_04');
  expect(answered).toBe(false);
  expect((await answer).status).toBe(200);
  await on('/items', { kind: 'slow', milliseconds: 50 });
  const again = performance.now();
  await admin.get(items);
  expect(performance.now() - again).toBeGreaterThan(45);
  await on('/items', { kind: 'hang' });
  const silent = fetch(sandbox.url + items, {
    headers: { Cookie: admin.cookie },
    signal: AbortSignal.timeout(100),
  });
  await expect(silent).rejects.toThrow();
});

test('truncate, malformed, answer: no JSON where JSON was expected', async () => {
  covers('truncate', 'malformed', 'answer');
  const whole = (await admin.get(items)).text;
  await on('/items', { kind: 'truncate' });
  expect((await admin.get(items)).text).toBe(whole.slice(0, Math.floor(whole.length / 2)));
  await on('/items', { kind: 'malformed' });
  const malformed = await admin.get(items);
  expect([malformed.status, malformed.json]).toEqual([200, undefined]);
  await on('/items', { kind: 'answer', body: '<p>Sign in</p>', type: 'text/html' });
  const page = await admin.get(items);
  expect([page.status, page.text, page.headers.get('Content-Type')]).toEqual([
    200,
    '<p>Sign in</p>',
    'text/html; charset=utf-8',
  ]);
});

test('missingField, wrongType, unknownEnum, extraField: an answer of another shape', async () => {
  covers('missingField', 'wrongType', 'unknownEnum', 'extraField');
  expect(itemsSchema.safeParse((await admin.get(items)).json).success).toBe(true);
  await on('/items', { kind: 'missingField', field: 'items.*.ref' });
  expect((await admin.get(items)).json.items.map(({ ref }: { ref?: string }) => ref)).toEqual([
    undefined,
    undefined,
  ]);
  await on('/items', { kind: 'missingField' });
  expect((await admin.get(items)).json.items).toBeUndefined();
  await on('/items', { kind: 'wrongType', field: 'total' });
  expect((await admin.get(items)).json.total).toEqual([[]]);
  await on('/categories', { kind: 'unknownEnum', field: 'categories.0.kind' });
  const { categories } = (await admin.get(`${api}/categories?member=mem_03`)).json;
  expect([categories[0].kind, categories[1].kind]).toEqual(['something new', 'lifecycles.tasks']);
  await on('/items', { kind: 'extraField' });
  const extra = (await admin.get(items)).json;
  expect(extra.items[0].somethingNew).toEqual({ nested: true });
  expect(itemsSchema.safeParse(extra).success).toBe(true);
});

test('session and csrf: ended, somebody else’s, or with another token', async () => {
  covers('session', 'csrf');
  await install({ match: { path: '/me', times: 1 }, fault: { kind: 'csrf' } });
  const { csrf } = (await admin.get(`${api}/me`)).json;
  expect(csrf).not.toBe(admin.csrf);
  expect((await write()).json.title).toBe('CSRF token not valid');
  await install({ match: { path: '/me', times: 1 }, fault: { kind: 'session', member: 'mem_02' } });
  expect((await admin.get(`${api}/me`)).json.id).toBe('mem_02');
  expect((await admin.get(`${api}/me`)).json.id).toBe('mem_02');
  await install({ match: { path: '/me', times: 1 }, fault: { kind: 'session' } });
  expect((await admin.get(`${api}/me`)).status).toBe(401);
});

test('sql: somebody else changes the database just before, or just after', async () => {
  covers('sql');
  await openRun(admin, 'run-1');
  const sql = "UPDATE member SET active = 0 WHERE id = 'mem_04'";
  await on('/reassignments', { kind: 'sql', sql });
  expect((await write('k1')).json.outcomes[0].code).toBe('invalid');
  sandbox.database.run("UPDATE member SET active = 1 WHERE id = 'mem_04'");
  await on('/reassignments', { kind: 'sql', sql, when: 'after' });
  expect((await write('k2')).json.outcomes[0].result).toBe('applied');
  expect(sandbox.database.get("SELECT active FROM member WHERE id = 'mem_04'")).toEqual({ active: 0 });
});

test('twice: handled two times, answered once; item: one is refused and the others are written', async () => {
  covers('twice', 'item');
  await openRun(admin, 'run-1');
  await on('/owners', { kind: 'twice', answer: 'second' });
  const { passed } = sandbox.limiter.counts;
  const read = await admin.post(`${api}/owners`, { category: 'tasks.open', refs: ['tsk_0001'] });
  expect([read.status, read.json.owners]).toEqual([200, [{ ref: 'tsk_0001', value: { member: 'mem_03' } }]]);
  expect(sandbox.limiter.counts.passed).toBe(passed + 2);
  await on('/reassignments', { kind: 'item', code: 'forbidden' });
  expect((await write()).json.outcomes).toEqual([
    {
      ref: 'tsk_0001',
      result: 'failed',
      code: 'forbidden',
      message: 'The workspace does not allow this.',
    },
  ]);
  expect(owner()).toBe('mem_03');
});

test('a rule matches by method, path and body, from the nth request on and so many times', async () => {
  await install({
    match: { method: 'POST', path: '/owners', contains: '"tsk_0002"', nth: 2, times: 2 },
    fault: { kind: 'status', status: 500 },
  });
  const read = async (ref: string) =>
    (await admin.post(`${api}/owners`, { category: 'tasks.open', refs: [ref] })).status;
  expect(await read('tsk_0001')).toBe(200);
  const statuses = [];
  for (let index = 0; index < 5; index += 1) statuses.push(await read('tsk_0002'));
  expect(statuses).toEqual([200, 500, 500, 200, 200]);
  const { faults } = (await request(sandbox, 'GET', '/__sandbox/stats')).json;
  expect(faults).toMatchObject([{ matched: 5, struck: 2 }]);
  const bad = await request(sandbox, 'POST', '/__sandbox/faults', {
    rules: [{ fault: { kind: 'nonsense' } }],
  });
  expect(bad.status).toBe(400);
});

test('every kind of fault has been tried', () => {
  const kinds = faultSchema.options.map(({ shape }) => shape.kind.value);
  expect([...covered].toSorted()).toEqual(kinds.toSorted());
});

test('the command prints one line once it answers, takes its faults from a file and keeps its database', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-'));
  const main = fileURLToPath(new URL('../../sandbox/main.ts', import.meta.url));
  const faults = join(folder, 'faults.json');
  const database = join(folder, 'workspace.sqlite');
  writeFileSync(faults, JSON.stringify([{ match: { path: '/me' }, fault: { kind: 'status', status: 418 } }]));
  const start = async (...more: string[]) => {
    const child = spawn(process.execPath, [main, '--no-web', '--control', '--database', database, ...more]);
    const line = await new Promise<string>((resolve, reject) => {
      let out = '';
      child.stdout.on('data', (chunk) => {
        out += chunk;
        if (out.includes('\n')) resolve(out);
      });
      child.once('exit', () => reject(new Error('The sandbox ended.')));
    });
    const ready = JSON.parse(line) as Record<
      'workspace' | 'salesforce' | 'salesforceSession' | 'custify',
      string
    > & { ready: boolean };
    return { child, ready };
  };
  const stop = (child: Awaited<ReturnType<typeof start>>['child']) =>
    new Promise((resolve) => {
      child.removeAllListeners('exit');
      child.once('exit', resolve);
      child.kill('SIGTERM');
    });
  try {
    const first = await start('--faults', faults);
    expect(first.ready).toMatchObject({
      ready: true,
      workspace: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    });
    expect((await fetch(`${first.ready.workspace}${api}/me`)).status).toBe(418);
    const sql = JSON.stringify({ sql: "UPDATE member SET title = 'Kept' WHERE id = 'mem_04'" });
    const headers = { 'Content-Type': 'application/json' };
    await fetch(`${first.ready.workspace}/__sandbox/sql`, { method: 'POST', headers, body: sql });
    expect(await stop(first.child)).toBe(0);
    expect(readFileSync(database).length).toBeGreaterThan(10_000);

    const answer = (status: number) => ({ kind: 'status', status });
    writeFileSync(
      faults,
      JSON.stringify({
        salesforce: [{ match: { path: '/limits' }, fault: answer(503) }],
        custify: [{ fault: answer(502) }],
      }),
    );
    const second = await start('--faults', faults);
    const ofOrg = (path: string) =>
      fetch(`${second.ready.salesforce}/services/data/v62.0${path}`, {
        headers: { Authorization: `Bearer ${second.ready.salesforceSession}` },
      });
    expect([(await ofOrg('/limits')).status, (await ofOrg('/sobjects')).status]).toEqual([503, 200]);
    expect((await fetch(`${second.ready.custify}/company/all`)).status).toBe(502);
    expect((await fetch(`${second.ready.workspace}${api}/me`)).status).toBe(401);
    const { cookie } = (await (
      await fetch(`${second.ready.workspace}/__sandbox/session`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ member: 'mem_01' }),
      })
    ).json()) as { cookie: string };
    const user = await fetch(`${second.ready.workspace}/scim/v2/Users/mem_04`, {
      headers: { Cookie: cookie },
    });
    expect(await user.json()).toMatchObject({ title: 'Kept' });
    await stop(second.child);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('issue 5: the large org has 2,000 users, each with a device of their own', async () => {
  const org = await startNatterboxSandbox({ users: largeUsers });
  try {
    const count = (what: string, from: string) =>
      org.database.get<{ n: number }>(`SELECT count(${what}) AS n FROM "${from}"`)?.n;
    expect(count('*', 'nbavs__User__c')).toBe(2_000);
    expect(count('DISTINCT "nbavs__User__c"', 'nbavs__DeviceMapping__c')).toBe(2_000);
    expect(count('DISTINCT "Username"', 'User')).toBe(count('*', 'User'));
    expect(count('DISTINCT "nbavs__MAC__c"', 'nbavs__Device__c')).toBeGreaterThan(400);
  } finally {
    await org.close();
  }
});

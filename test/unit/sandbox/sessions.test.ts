import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { adminToken } from '../../sandbox/seed.ts';
import type { Sandbox } from '../../sandbox/server.ts';
import { api, as, type Client, patchActive, request, sandboxForTests } from './client.ts';

let sandbox: Sandbox;
let admin: Client;
beforeEach(async () => {
  sandbox = await sandboxForTests();
  admin = as(sandbox, 'mem_01');
});
afterEach(() => sandbox.close());

const body = { category: 'tasks.open', refs: ['tsk_0001'] };
const post = (headers: Record<string, string>) => request(sandbox, 'POST', `${api}/owners`, body, headers);

test('signed out is 401 everywhere, with a problem', async () => {
  for (const path of [`${api}/me`, `${api}/categories?member=mem_03`, `${api}/events`, '/scim/v2/Users'])
    for (const headers of [{}, { Cookie: 'session=made-up' }, { Authorization: 'Bearer nonsense' }]) {
      const answer = await request(sandbox, 'GET', path, undefined, headers as Record<string, string>);
      expect(answer.status).toBe(401);
      expect(answer.json.title).toBe('Signed out');
      expect(answer.headers.get('WWW-Authenticate')).toBe('Bearer');
    }
});

test('sign-in sets a cookie that scripts and other sites cannot use; sign-out ends the session', async () => {
  const answer = await request(sandbox, 'POST', '/app/sign-in', { member: 'mem_02' });
  const cookie = answer.headers.get('Set-Cookie') ?? '';
  expect(cookie).toMatch(/^session=[\w-]{32}; Path=\/; HttpOnly; SameSite=Strict$/);
  expect(answer.json.member).toMatchObject({ id: 'mem_02', name: 'Alex Chen' });
  const headers = { Cookie: cookie.split(';')[0] ?? '' };
  expect((await request(sandbox, 'GET', `${api}/me`, undefined, headers)).json.csrf).toBe(answer.json.csrf);
  expect((await request(sandbox, 'POST', '/app/sign-out', undefined, headers)).status).toBe(403);
  const out = await request(sandbox, 'POST', '/app/sign-out', undefined, {
    ...headers,
    'X-CSRF-Token': answer.json.csrf,
  });
  expect(out.status).toBe(204);
  expect((await request(sandbox, 'GET', `${api}/me`, undefined, headers)).status).toBe(401);
  for (const member of ['mem_38', 'mem_99'])
    expect((await request(sandbox, 'POST', '/app/sign-in', { member })).status).toBe(403);
  expect((await request(sandbox, 'POST', '/app/sign-in', { who: 1 })).status).toBe(400);
});

test('a write needs the CSRF token; each refusal has its own message', async () => {
  const { cookie: Cookie, csrf } = admin;
  expect((await post({ Cookie, 'X-CSRF-Token': csrf })).status).toBe(200);
  const titles = new Map<string, string>();
  for (const [name, headers] of Object.entries<Record<string, string>>({
    missing: { Cookie },
    wrong: { Cookie, 'X-CSRF-Token': 'x' },
    others: { Cookie, 'X-CSRF-Token': as(sandbox, 'mem_02').csrf },
    chromium: { Cookie, Origin: 'chrome-extension://abcdef' },
    firefox: { Cookie, Origin: 'moz-extension://abc-def', 'X-CSRF-Token': 'x' },
    foreign: { Cookie, Origin: 'http://evil.example', 'X-CSRF-Token': csrf },
  })) {
    const answer = await post(headers);
    expect(answer.status).toBe(403);
    titles.set(name, answer.json.title);
  }
  expect(Object.fromEntries(titles)).toEqual({
    missing: 'CSRF token missing',
    wrong: 'CSRF token not valid',
    others: 'CSRF token not valid',
    chromium: 'Browser extension without CSRF token',
    firefox: 'Browser extension without CSRF token',
    foreign: 'Foreign origin',
  });
  for (const Origin of ['chrome-extension://abcdef', sandbox.url])
    expect((await post({ Cookie, 'X-CSRF-Token': csrf, Origin })).status).toBe(200);
});

test('W4.2 a bearer token needs no CSRF token and goes on working after its member was set inactive', async () => {
  const Authorization = `Bearer ${adminToken}`;
  expect((await post({ Authorization })).status).toBe(200);
  await as(sandbox, 'mem_02').patch('/scim/v2/Users/mem_01', patchActive(false));
  expect((await admin.get(`${api}/me`)).status).toBe(401);
  expect((await post({ Authorization })).status).toBe(200);
  sandbox.database.run("UPDATE api_token SET revoked = 1 WHERE id = 'tok_01'");
  expect((await post({ Authorization })).status).toBe(401);
});

test('the web application’s own API runs behind the same sessions', async () => {
  expect((await request(sandbox, 'GET', '/app/session')).status).toBe(401);
  expect((await admin.get('/app/session')).json.member.name).toBe('Priya Shah');
  const nothing = await admin.get('/app/nothing-here');
  expect(nothing.status).toBe(404);
  expect(nothing.headers.get('Content-Type')).toContain('application/problem+json');
});

test('every page of the application is its one document; files are files, and other calls stay calls', async () => {
  // A folder whose name begins with a dot, as the built one's does.
  const web = mkdtempSync(join(tmpdir(), '.web-'));
  writeFileSync(join(web, 'index.html'), '<title>Acme Success</title>');
  writeFileSync(join(web, 'app.js'), 'export {}');
  const served = await sandboxForTests({ web });
  try {
    for (const path of ['/', '/settings/users/mem_03', '/tasks?assignee=mem_03', '/no/such/page'])
      expect((await request(served, 'GET', path)).text).toBe('<title>Acme Success</title>');
    const script = await request(served, 'GET', '/app.js');
    expect([script.text, script.headers.get('Content-Type')]).toEqual([
      'export {}',
      expect.stringContaining('javascript'),
    ]);
    expect((await request(served, 'POST', '/settings/users', {})).status).toBe(404);
    expect((await request(served, 'GET', `${api}/nothing`)).status).toBe(401);
    expect((await request(served, 'GET', '/app/nothing')).headers.get('Content-Type')).toContain('problem');
  } finally {
    await served.close();
    rmSync(web, { recursive: true });
  }
});

test('control calls exist only when asked for, and not for pages of other origins', async () => {
  const closed = await sandboxForTests({ control: false });
  expect((await request(closed, 'GET', '/__sandbox/writes')).json?.writes).toBeUndefined();
  expect((await request(closed, 'POST', '/__sandbox/session', { member: 'mem_01' })).status).toBe(404);
  await closed.close();
  const path = '/__sandbox/session';
  const foreign = await request(
    sandbox,
    'POST',
    path,
    { member: 'mem_01' },
    { Origin: 'http://evil.example' },
  );
  expect(foreign.status).toBe(403);
  const { cookie } = (await request(sandbox, 'POST', path, { member: 'mem_01' })).json;
  expect((await request(sandbox, 'GET', `${api}/me`, undefined, { Cookie: cookie })).status).toBe(200);
});

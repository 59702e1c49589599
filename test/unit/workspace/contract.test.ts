import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Attempt } from '../../../lib/offboarding/attempt.ts';
import { systemClock } from '../../../lib/workspace/clock.ts';
import { WorkspaceError } from '../../../lib/workspace/errors.ts';
import type { Workspace } from '../../../lib/workspace/port.ts';
import { connect, discoverWorkspace, linksOf } from '../../../lib/workspace/registry.ts';
import { json, type Loopback, startLoopback } from './loopback.ts';

let server: Loopback;
beforeEach(async () => {
  server = await startLoopback();
});
afterEach(() => server.close());

const pages = { list: { path: '/users' }, member: { path: '/users/:member', actions: [{ css: 'main' }] } };
const discovery = (change: { urls?: object; origins?: string[] } = {}) => ({
  contract: '1',
  workspace: { id: 'w1', name: 'Acme' },
  limits: { batch: 2, pageSize: 10, concurrency: 4, settle: 0 },
  pages,
  ...change,
  urls: {
    api: `${server.origin}/api`,
    scim: `${server.origin}/scim`,
    events: `${server.origin}/api/events`,
    users: `${server.origin}/users`,
    member: `${server.origin}/users/{member}`,
    ...change.urls,
  },
});
const fetchLoopback = (input: string, init: RequestInit) => fetch(input, init);

function workspace(): Workspace {
  const connection = { kind: 'contract', origin: server.origin, settings: discovery() };
  return connect(connection, { fetch: fetchLoopback, clock: systemClock() });
}

type Route = (request: IncomingMessage, response: ServerResponse) => void;
/** Answers by `METHOD path`; `GET /api/me` is there unless told otherwise. */
function routes(table: Record<string, Route>): void {
  const all: Record<string, Route> = {
    'GET /api/me': (_request, response) => json(response, 200, me()),
    ...table,
  };
  server.answer((request, response) => {
    const [path = ''] = (request.url ?? '').split('?');
    const route = all[`${request.method} ${path}`];
    if (route) route(request, response);
    else json(response, 404, { title: `No ${request.method} ${path}` });
  });
}
const me = (change: object = {}) => ({
  id: 'm1',
  name: 'Ada',
  email: 'ada@a.test',
  admin: true,
  csrf: 'c1',
  ...change,
});

const attempt = (refs: readonly string[] = ['a', 'b']): Attempt => ({
  ...{ run: 'r1', seq: 1, key: 'k1', fence: 3, category: 'tasks.open', maybe: false, tries: 1 },
  createdAt: '2026-01-05T10:00:00.000Z',
  changes: refs.map((ref) => ({ ref, expect: { member: 'm2' }, set: { member: 'm3' }, lock: ref })),
});
const never = () => new AbortController().signal;
const applied = (ref: string) => ({ ref, result: 'applied', value: { member: 'm3' } });

async function fault(call: Promise<unknown> | undefined): Promise<WorkspaceError> {
  const error = await call?.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(WorkspaceError);
  return error as WorkspaceError;
}

describe('a site that is asked whether it is a workspace', () => {
  const ask = () => discoverWorkspace(server.origin, fetchLoopback);
  const path = 'GET /.well-known/offboarding';

  it('is one when it describes itself', async () => {
    routes({ [path]: (_request, response) => json(response, 200, discovery()) });
    const found = await ask();
    expect(found).toMatchObject({
      kind: 'contract',
      workspace: { id: 'w1', name: 'Acme' },
      origins: [server.origin],
    });
    expect(linksOf({ origin: server.origin, settings: found?.settings })).toEqual({
      users: `${server.origin}/users`,
      member: `${server.origin}/users/{member}`,
    });
  });

  it.each([
    ['has no such page', (response: ServerResponse) => json(response, 404, {})],
    [
      'shows a web page instead',
      (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>Hi'),
    ],
    ['sends everybody to its sign-in', (response) => response.writeHead(302, { location: '/in' }).end()],
    ['lets nobody in', (response) => json(response, 401, {})],
    ['answers everything with plain text', (response) => response.writeHead(200).end('ok')],
  ] satisfies [string, (response: ServerResponse) => unknown][])(
    'is none when it %s',
    async (_name, answer) => {
      server.answer((_request, response) => void answer(response));
      expect(await ask()).toBeNull();
    },
  );

  it('R5 says what is wrong with its description', async () => {
    routes({ [path]: (_request, response) => json(response, 200, { ...discovery(), limits: 'many' }) });
    expect(await fault(ask())).toMatchObject({
      kind: 'invalid',
      message: 'Expected an object at "limits", got text.',
    });
    routes({
      [path]: (_request, response) =>
        response.writeHead(200, { 'content-type': 'application/json' }).end('{'),
    });
    expect((await fault(ask())).message).toBe('Expected JSON, got other text.');
  });

  it('is in trouble when it cannot be reached, which is no "no"', async () => {
    server.answer((_request, response) => json(response, 503, {}));
    expect((await fault(ask())).kind).toBe('transient');
  });

  it('R6 may not send the admin’s session to addresses that it does not list', async () => {
    const elsewhere = { urls: { api: 'https://elsewhere.test/api' } };
    routes({ [path]: (_request, response) => json(response, 200, discovery(elsewhere)) });
    const error = await fault(ask());
    expect(error.kind).toBe('invalid');
    expect(error.message).toContain('"urls.api", got one of https://elsewhere.test');
    const listed = { ...elsewhere, origins: ['https://elsewhere.test'] };
    routes({ [path]: (_request, response) => json(response, 200, discovery(listed)) });
    expect((await ask())?.origins).toEqual([server.origin, 'https://elsewhere.test']);
    const script = discovery({ urls: { member: 'javascript:alert("{member}")' } });
    routes({ [path]: (_request, response) => json(response, 200, script) });
    expect((await fault(ask())).message).toContain('"urls.member", got one of no site');
  });

  it('is refused later when what was stored of it no longer fits, or its kind is not known', () => {
    const deps = { fetch: fetchLoopback, clock: systemClock() };
    const origin = server.origin;
    expect(() => connect({ kind: 'contract', origin, settings: {} }, deps)).toThrow(WorkspaceError);
    expect(() => connect({ kind: 'other', origin, settings: discovery() }, deps)).toThrow(
      expect.objectContaining({ kind: 'unsupported' }),
    );
  });
});

describe('R2 outcomes are taken only when there is exactly one for each item', () => {
  it.each([
    ['one is missing', [applied('a')]],
    ['one is there twice', [applied('a'), applied('a')]],
    ['one is twice among all', [applied('a'), applied('b'), applied('b')]],
    ['one is of another item', [applied('a'), applied('z')]],
    ['there is one too many', [applied('a'), applied('b'), applied('c')]],
  ])('not when %s', async (_name, outcomes) => {
    routes({ 'POST /api/reassignments': (_request, response) => json(response, 200, { outcomes }) });
    const error = await fault(workspace().apply(attempt(), never()));
    expect(error).toMatchObject({ kind: 'invalid', applied: 'maybe' });
    expect(error.message).toMatch(/^Expected one outcome for each of 2 items, got \d for \d of them\.$/);
  });

  it('comes in the order of the attempt, whatever the order of the answer', async () => {
    routes({
      'POST /api/reassignments': (_request, response) =>
        json(response, 200, { outcomes: [applied('b'), applied('a')] }),
    });
    expect((await workspace().apply(attempt(), never())).map(({ ref }) => ref)).toEqual(['a', 'b']);
  });

  it('an unknown kind of outcome is named', async () => {
    routes({
      'POST /api/reassignments': (_request, response) =>
        json(response, 200, { outcomes: [applied('a'), { ...applied('b'), result: 'perhaps' }] }),
    });
    expect((await fault(workspace().apply(attempt(), never()))).message).toBe(
      'Expected one of "applied", "conflict", "failed" at "outcomes[1].result", got "perhaps".',
    );
  });

  it('more changes than the workspace takes are not sent', async () => {
    routes({});
    const error = await fault(workspace().apply(attempt(['a', 'b', 'c']), never()));
    expect(error).toMatchObject({ kind: 'invalid', applied: 'no' });
    expect(server.seen).toEqual([]);
  });
});

describe('the token of writes', () => {
  it('is asked for once, however many writes begin at the same time', async () => {
    routes({
      'POST /api/owners': (_request, response) =>
        json(response, 200, { owners: [{ ref: 'a', value: { none: true } }] }),
    });
    const there = workspace();
    await Promise.all([there.read('c', ['a']), there.read('c', ['a']), there.read('c', ['a'])]);
    expect(server.seen.filter((call) => call === 'GET /api/me')).toHaveLength(1);
  });

  it('is asked for again once after a refusal, and the call is repeated only when it changed', async () => {
    const refuse: Route = (_request, response) =>
      json(response, 403, { title: 'No', detail: 'Admins only.' });
    routes({ 'POST /api/reassignments': refuse });
    expect(await fault(workspace().apply(attempt(), never()))).toMatchObject({
      kind: 'forbidden',
      message: 'Admins only.',
    });
    expect(server.seen.filter((call) => call.startsWith('POST'))).toHaveLength(1);
  });

  it('R4 writes nothing for somebody else who signed in meanwhile', async () => {
    let asked = 0;
    routes({
      'GET /api/me': (_request, response) => {
        asked += 1;
        json(response, 200, asked === 1 ? me() : me({ id: 'm9', csrf: 'c9' }));
      },
      'POST /api/reassignments': (_request, response) => json(response, 403, { title: 'Token' }),
    });
    expect(await fault(workspace().apply(attempt(), never()))).toMatchObject({ kind: 'auth', applied: 'no' });
    expect(server.seen.filter((call) => call.startsWith('POST'))).toHaveLength(1);
  });
});

describe('the deactivation', () => {
  const user = (active: boolean) => ({ id: 'm2', userName: 'dana@a.test', active });

  it('tells the workspace its key, run and fence', async () => {
    let headers: IncomingMessage['headers'] = {};
    routes({
      'PATCH /scim/Users/m2': (request, response) => {
        headers = request.headers;
        response.writeHead(204).end();
      },
      'GET /scim/Users/m2': (_request, response) => json(response, 200, user(false)),
    });
    await workspace().setActive?.('m2', false, attempt(), never());
    expect(headers).toMatchObject({
      'idempotency-key': 'k1',
      'offboarding-run': 'r1',
      'offboarding-fence': '3',
      'x-csrf-token': 'c1',
      'content-type': 'application/scim+json',
    });
  });

  it('is not believed when the member is still active afterwards', async () => {
    routes({
      'PATCH /scim/Users/m2': (_request, response) => json(response, 200, user(true)),
      'GET /scim/Users/m2': (_request, response) => json(response, 200, user(true)),
    });
    expect(await fault(workspace().setActive?.('m2', false, attempt(), never()))).toMatchObject({
      kind: 'conflict',
      message: 'The workspace accepted the change, but the member is still active.',
    });
  });

  it('is looked at again after the settling time, since a workspace may show it late', async () => {
    let looks = 0;
    routes({
      'PATCH /scim/Users/m2': (_request, response) => json(response, 200, user(true)),
      'GET /scim/Users/m2': (_request, response) => json(response, 200, user(++looks < 2)),
    });
    await workspace().setActive?.('m2', false, attempt(), never());
    expect(looks).toBe(2);
  });

  it('may have landed when the look at the result fails', async () => {
    routes({
      'PATCH /scim/Users/m2': (_request, response) => json(response, 200, user(false)),
      'GET /scim/Users/m2': (_request, response) => json(response, 503, {}),
    });
    expect(await fault(workspace().setActive?.('m2', false, attempt(), never()))).toMatchObject({
      kind: 'transient',
      applied: 'maybe',
    });
  });
});

describe('R5 lists that make no sense', () => {
  const category = {
    ...{ id: 'tasks.open', kind: 'tasks.open', action: 'reassign', count: 1, batch: 50, condition: 'server' },
    ...{ idempotent: true, columns: [], order: 1, link: 'javascript:alert(1)' },
  };
  const item = {
    ...{ category: 'tasks.open', ref: 'a', title: 'A', columns: {}, value: { member: 'm2' }, lock: 'a' },
    link: 'https://acme.test/a',
  };

  it('the same category twice, an unknown kind of category', async () => {
    const answer = (categories: unknown[]) =>
      routes({
        'GET /api/categories': (_request, response) => json(response, 200, { member: 'm2', categories }),
      });
    answer([category, category]);
    expect((await fault(workspace().guard('m2'))).message).toBe(
      'Expected each category once, got one twice.',
    );
    answer([{ ...category, action: 'shred' }]);
    expect((await fault(workspace().guard('m2'))).message).toBe(
      'Expected one of "reassign", "remove", "clear", "manual" at "categories[0].action", got "shred".',
    );
  });

  it('a count that is not known leaves open whether a member owns anything', async () => {
    const categories = [{ ...category, count: null, unread: { reason: 'failed', detail: 'Busy.' } }];
    routes({
      'GET /api/categories': (_request, response) => json(response, 200, { member: 'm2', categories }),
    });
    expect((await workspace().guard('m2')).owns).toBe('unknown');
  });

  it('links that lead to no web page are left out, and batches fit the workspace', async () => {
    routes({
      'GET /scim/Users/m2': (_request, response) =>
        json(response, 200, { id: 'm2', userName: 'dana@a.test', active: true }),
      'GET /api/categories': (_request, response) =>
        json(response, 200, { member: 'm2', categories: [category] }),
    });
    const [surveyed] = (await workspace().survey('m2')).categories;
    expect(surveyed).not.toHaveProperty('link');
    expect(surveyed?.batch).toBe(2);
  });

  it.each([
    [
      'items of another category',
      { items: [{ ...item, category: 'other' }], total: 1 },
      /category "tasks.open"/,
    ],
    ['the same page for ever', { items: [item], cursor: 'p2', total: 9 }, /the next page/],
    ['no value', { items: [{ ...item, value: {} }], total: 1 }, /"items\[0\].value"/],
  ])('%s', async (_name, answer, message) => {
    routes({ 'GET /api/items': (_request, response) => json(response, 200, answer) });
    const there = workspace();
    const second = JSON.stringify(['tasks.open', 'p2']);
    expect((await fault(there.scan('m2', ['tasks.open'], second))).message).toMatch(message);
  });

  it('another member than the one asked for', async () => {
    routes({
      'GET /scim/Users/m2': (_request, response) =>
        json(response, 200, { id: 'm8', userName: 'x', active: true }),
    });
    expect(await fault(workspace().members({ id: 'm2' }))).toMatchObject({ kind: 'invalid' });
  });

  it('a record of a run that no client of this kind wrote', async () => {
    const run = {
      ...{ id: 'r1', leaver: 'm2', by: { id: 'm1', name: 'Ada' }, fence: 1, open: true },
      ...{ leaseUntil: '2026-01-05T10:00:00Z', updatedAt: '2026-01-05T10:00:00Z' },
      record: { mode: 'executeOnly', phase: 'executing', planHash: '', journalHead: '', plan: 'all to Tom' },
    };
    routes({ 'GET /api/runs': (_request, response) => json(response, 200, { runs: [run] }) });
    expect((await fault(workspace().runs?.find('m2'))).message).toBe(
      'Expected an object at "runs[0].record.plan", got text.',
    );
  });
});

describe('W7.2 a workspace whose clock is wrong', () => {
  const minutes = (count: number, from = Date.now()) => new Date(from + count * 60_000).toISOString();
  it.each([
    [-20, 'behind'],
    [20, 'ahead'],
    [0, 'right'],
  ])('tells of a lease in this browser’s time (%i min %s)', async (off) => {
    const record = { mode: 'executeOnly', phase: 'executing', planHash: '', journalHead: '' };
    const plan = { defaults: {}, changes: [], selected: [] };
    const there = Date.now() + off * 60_000;
    const run = {
      ...{ id: 'r1', leaver: 'm2', by: { id: 'm1', name: 'Ada' }, fence: 1, open: true },
      ...{ leaseUntil: minutes(2, there), updatedAt: minutes(-1, there) },
      record: { ...record, plan, steps: [], acknowledgements: [] },
    };
    routes({
      'GET /api/runs': (_request, response) =>
        json(response, 200, { runs: [run] }, { date: new Date(there).toUTCString() }),
    });
    const found = await workspace().runs?.find('m2');
    const fromNow = (time = '') => (Date.parse(time) - Date.now()) / 60_000;
    expect(fromNow(found?.leaseUntil)).toBeCloseTo(2, 0);
    expect(fromNow(found?.updatedAt)).toBeCloseTo(-1, 0);
    // A header tells whole seconds: what it cannot tell apart stays as it came.
    if (off === 0) expect(found?.leaseUntil).toBe(run.leaseUntil);
  });
});

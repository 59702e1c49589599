import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createConnectHandlers } from '../../../entrypoints/background/connect-handlers.ts';
import { createConnections } from '../../../entrypoints/background/connections.ts';
import { createKeyHandlers } from '../../../entrypoints/background/key-handlers.ts';
import type { Refused } from '../../../lib/messages/refused.ts';
import { exportOf } from '../../../lib/panel/connections.ts';
import { systemClock } from '../../../lib/workspace/clock.ts';
import { createMemoryStore } from '../../crash/memory-store.ts';
import { keys } from '../../sandbox/custify/seed.ts';
import { type CustifySandbox, startCustifySandbox } from '../../sandbox/custify/server.ts';
import { type Sandbox, startSandbox } from '../../sandbox/server.ts';

const page = { kind: 'page', origin: '', tab: undefined, window: undefined } as const;
const app = 'https://app.custify.com';
const api = 'https://api.custify.com';
const actor = { name: 'Priya Shah', email: 'priya.shah@acme.example' };

let sandbox: CustifySandbox;
beforeEach(async () => {
  sandbox = await startCustifySandbox();
});
afterEach(() => sandbox.close());

/** A background in whose browser these sites are allowed, and which finds the API's host on loopback. */
function background(...allowed: string[]) {
  const store = createMemoryStore();
  const asked: string[] = [];
  const connections = createConnections(store, {
    fetch: (input, init) => {
      const url = new URL(input);
      asked.push(url.origin);
      if (!allowed.includes(url.origin)) throw new TypeError('Failed to fetch');
      return fetch(new URL(url.pathname + url.search, sandbox.url), init);
    },
    clock: systemClock(),
  });
  const handlers = createKeyHandlers(connections, {
    missing: async ({ origins }) => ({
      origins: origins.filter((each) => !allowed.includes(each)),
      permissions: [],
    }),
    showOverlay: async () => {},
  });
  return { store, connections, handlers, asked };
}
const request = { kind: 'custify', origin: app, api, key: keys.write, actor };
const codeOf = (answer: Promise<unknown>): Promise<string> =>
  answer.then(
    () => 'done',
    (error: Refused) => error.refusal?.code ?? String(error),
  );

describe('issue 6: connecting by key', () => {
  it('U5 takes exactly the sites of pages and API, and sends nothing before they are allowed', async () => {
    const { handlers, asked } = background();
    expect(await handlers['connection.tryKey'](request, page)).toEqual({
      missing: { origins: [app, api], permissions: [] },
    });
    expect(asked).toEqual([]);
    const { kinds } = await handlers['connection.kinds']({}, page);
    expect(kinds).toMatchObject([{ kind: 'custify', pages: [app], apis: [api] }]);
  });

  it('tries a key without storing anything, and tells what it opens', async () => {
    const { handlers, store } = background(app, api);
    const answer = await handlers['connection.tryKey'](request, page);
    expect(answer).toMatchObject({ findings: { owner: { known: false }, writes: { known: false } } });
    expect(JSON.stringify(answer)).not.toContain(keys.write);
    expect(await store.connections()).toEqual([]);
    expect(sandbox.writes()).toBe(0);
  });

  it('refuses a wrong key, another site than an API of the kind, and a region that does not answer', async () => {
    const { handlers, store } = background(app, api);
    expect(await codeOf(handlers['connection.tryKey']({ ...request, key: 'ck_wrong' }, page))).toBe(
      'signedOut',
    );
    expect(await codeOf(handlers['connection.addByKey']({ ...request, key: 'ck_wrong' }, page))).toBe(
      'signedOut',
    );
    const elsewhere = { ...request, api: 'https://api.custify.com.evil.example' };
    expect(await codeOf(handlers['connection.tryKey'](elsewhere, page))).toBe('malformed');
    expect(await codeOf(handlers['connection.tryKey']({ ...request, kind: 'none' }, page))).toBe(
      'noWorkspace',
    );
    const silent = background(app, 'https://eu.custify.com');
    await sandbox.close();
    const far = { ...request, api: 'https://eu.custify.com' };
    expect(await codeOf(silent.handlers['connection.tryKey'](far, page))).toBe('unreachable');
    sandbox = await startCustifySandbox();
    expect(await store.connections()).toEqual([]);
  });

  it('R7 keeps the key apart: in no view, no list, no export; only its end is shown', async () => {
    const { handlers, connections, store } = background(app, api);
    const added = await handlers['connection.addByKey'](request, page);
    const list = await connections.list();
    expect(list).toMatchObject([
      { origin: app, keyed: { hint: keys.write.slice(-4), api, actor }, localOnly: true },
    ]);
    const [connection] = list;
    if (!connection) throw new Error('Nothing was connected.');
    const exported = await exportOf({ store, now: () => new Date() }, connection);
    expect(JSON.stringify([added, list, exported])).not.toContain(keys.write);
    const [stored] = await store.connections();
    expect(stored?.secret).toBe(keys.write);
    expect(JSON.stringify({ ...stored, secret: undefined })).not.toContain(keys.write);
  });

  it('replaces the key of a connection in its place, and tests it', async () => {
    const { handlers, connections, store } = background(app, api);
    await handlers['connection.addByKey'](request, page);
    const [before] = await store.connections();
    await handlers['connection.addByKey']({ ...request, key: keys.read }, page);
    const after = await store.connections();
    expect(after.map(({ id }) => id)).toEqual([before?.id]);
    expect(after[0]?.secret).toBe(keys.read);
    const { viewer } = await connections.test(before?.id ?? '');
    expect(viewer).toMatchObject({ ...actor, admin: 'unknown' });
  });

  it('with another key forgets what was found out about writes with the one before, and nothing else', async () => {
    const { handlers, connections, store } = background(app, api);
    await handlers['connection.addByKey'](request, page);
    const memory = async () => (await store.connections())[0]?.memory;
    const id = (await store.connections())[0]?.id ?? '';
    const known = { 'write owners_csm': { state: 'refused' }, 'read forms': {}, people: [] };
    for (const [name, value] of Object.entries(known)) await connections.memoryOf(id).set(name, value);
    await handlers['connection.addByKey'](request, page);
    expect(await memory()).toEqual(known);
    await handlers['connection.addByKey']({ ...request, key: keys.read }, page);
    expect(await memory()).toEqual({ people: [] });
  });

  it('puts itself in no place of a workspace of another kind', async () => {
    const { handlers, store } = background(app, api);
    const other = {
      ...{ id: 'c1', kind: 'contract', origin: app, origins: [app], settings: {} },
      ...{ workspace: { id: 'w', name: 'Acme' }, createdAt: '2026-11-22T10:00:00.000Z' },
    };
    await store.putConnection(other);
    expect(await codeOf(handlers['connection.addByKey'](request, page))).toBe('otherKind');
    expect(await store.connections()).toEqual([other]);
  });
});

describe('a connection that was taken away', () => {
  let demo: Sandbox;
  beforeEach(async () => {
    demo = await startSandbox();
  });
  afterEach(() => demo.close());

  it('does not come back by itself where the browser keeps the access, but by connecting again', async () => {
    const store = createMemoryStore();
    const cookie = demo.session('mem_01').cookie;
    const connections = createConnections(store, {
      fetch: (input, init) => fetch(input, { ...init, headers: { ...init?.headers, cookie } }),
      clock: systemClock(),
    });
    const granted = { missing: async () => ({ origins: [], permissions: [] }), showOverlay: async () => {} };
    const handlers = createConnectHandlers(connections, granted);
    const site = { origin: demo.url };
    // A look before the click that allows it stores nothing, also where access is there already.
    expect(await handlers['connection.preview'](site, page)).toMatchObject({
      viewer: { name: 'Priya Shah' },
    });
    expect(await store.connections()).toEqual([]);
    const added = await connections.ofGrantedSite(demo.url);
    expect(added?.origin).toBe(demo.url);
    await connections.remove(added?.id ?? '');
    expect(await connections.ofGrantedSite(demo.url)).toBeNull();
    await handlers['connection.preview'](site, page);
    expect(await connections.ofGrantedSite(demo.url)).toBeNull();
    await handlers['connection.add'](site, page);
    expect((await connections.ofGrantedSite(demo.url))?.origin).toBe(demo.url);
  });
});

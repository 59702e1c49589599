import { describe, expect, it } from 'vitest';
import { createConnectHandlers } from '../../../entrypoints/background/connect-handlers.ts';
import { createConnections } from '../../../entrypoints/background/connections.ts';
import { systemClock } from '../../../lib/workspace/clock.ts';
import type { Fetch } from '../../../lib/workspace/http.ts';
import type { Access } from '../../../lib/workspace/port.ts';
import { cookieSessions } from '../../../lib/workspace/registry.ts';
import { orgFetch } from '../../contract/natterbox.fixture.ts';
import { createMemoryStore } from '../../crash/memory-store.ts';
import { natterboxUserId, people } from '../../sandbox/natterbox/seed.ts';
import { startNatterboxSandbox } from '../../sandbox/natterbox/server.ts';
import { pageProfile } from '../../sandbox/page-profile.ts';

const origin = { kind: 'page', origin: '', tab: undefined, window: undefined } as const;
const api = 'https://acme.my.salesforce.com';
const lightning = 'https://acme.lightning.force.com';
const visualforce = 'https://acme--nbavs.vf.force.com';

/** A background whose browser allows what is in `allowed`, and knows these cookies by origin. */
function backgroundOf(fetch: Fetch, cookies: Record<string, string> = {}) {
  const store = createMemoryStore();
  const allowed = { origins: new Set<string>(), permissions: new Set<string>() };
  const shown: number[] = [];
  const connections = createConnections(store, {
    fetch: (input, init) => {
      if (!allowed.origins.has(new URL(input).origin)) throw new TypeError('Failed to fetch');
      return fetch(input, init);
    },
    clock: systemClock(),
    session: cookieSessions(async (at) =>
      allowed.permissions.has('cookies') && allowed.origins.has(at) ? (cookies[at] ?? null) : undefined,
    ),
  });
  const handlers = createConnectHandlers(connections, {
    missing: async ({ origins, permissions }) => ({
      origins: origins.filter((each) => !allowed.origins.has(each)),
      permissions: permissions.filter((each) => !allowed.permissions.has(each)),
    }),
    showOverlay: async () => void shown.push(1),
  });
  const allow = (access: Access): void => {
    for (const each of access.origins) allowed.origins.add(each);
    for (const each of access.permissions) allowed.permissions.add(each);
  };
  return { store, connections, handlers, allow, shown };
}

describe('connecting a workspace', () => {
  const site = 'https://app.example.com';
  const elsewhere = 'https://api.example.com';
  const discovery = {
    contract: '1',
    workspace: { id: 'w', name: 'Acme' },
    origins: [elsewhere],
    urls: {
      api: `${elsewhere}/api`,
      scim: `${elsewhere}/scim`,
      events: `${elsewhere}/events`,
      users: `${site}/users`,
      member: `${site}/users/{member}`,
    },
    limits: { batch: 10, pageSize: 10, concurrency: 1, settle: 0 },
    pages: pageProfile,
  };

  it('U5 a workspace whose API is at another site says so, and is connected once that is allowed too', async () => {
    const { store, handlers, allow, shown } = backgroundOf(async () => Response.json(discovery));
    const add = () => handlers['connection.add']({ origin: site }, origin);
    expect(await handlers['connection.needs']({ origin: site }, origin)).toEqual({
      origins: [site],
      permissions: [],
      secret: 'none',
    });
    expect(await add()).toEqual({ missing: { origins: [site], permissions: [] } });
    allow({ origins: [site], permissions: [] });
    expect(await add()).toEqual({ missing: { origins: [elsewhere], permissions: [] } });
    expect(await store.connections()).toEqual([]);
    expect(shown).toEqual([]);
    // What could be found out before the click is asked for in the same question.
    expect((await handlers['connection.preview']({ origin: site }, origin)).needs.origins).toEqual([
      site,
      elsewhere,
    ]);
    expect(await store.connections()).toEqual([]);
    allow({ origins: [elsewhere], permissions: [] });
    expect(await add()).toMatchObject({ connection: { origin: site, workspace: { name: 'Acme' } } });
    expect(shown).toEqual([1]);
    expect((await store.connections()).map(({ origins }) => origins)).toEqual([[site, elsewhere]]);
  });

  it('issue 5: an org takes its three sites and the session of its API host, and no other', async () => {
    const sandbox = await startNatterboxSandbox();
    try {
      const cookies = { [api]: sandbox.session(1, 'api'), [lightning]: sandbox.session(1, 'lightning') };
      const { store, connections, handlers, allow } = backgroundOf(orgFetch(sandbox), cookies);
      const needs = await handlers['connection.needs']({ origin: visualforce }, origin);
      expect(needs).toEqual({
        origins: [api, lightning, visualforce],
        permissions: ['cookies'],
        secret: 'instead',
      });
      const add = () => handlers['connection.add']({ origin: visualforce }, origin);
      expect(await add()).toEqual({ missing: { origins: needs.origins, permissions: ['cookies'] } });
      allow(needs);
      const added = await add();
      expect(added).toMatchObject({ connection: { origin: lightning, admin: 'yes', localOnly: true } });
      expect(JSON.stringify(added)).not.toContain(cookies[api]);
      expect((await store.connections())[0]).not.toHaveProperty('secret');
      // Its pages speak for it, its API host does not; a frame only where it stands in one of its own pages.
      const of = async (at: string, top?: string) =>
        (
          await connections.ofPage({
            origin: at,
            ...(top !== undefined && { frame: { id: 3, top: `${top}/a` } }),
          })
        )?.origin;
      expect(await of(lightning)).toBe(lightning);
      expect(await of(visualforce)).toBe(lightning);
      expect(await of(visualforce, lightning)).toBe(lightning);
      expect(await of(api)).toBeUndefined();
      expect(await of(visualforce, 'https://evil.example')).toBeUndefined();
      expect(await connections.overlaySites()).toEqual({ called: [api], frames: [lightning, visualforce] });
      const [{ id } = { id: '' }] = await connections.list();
      expect(await connections.remove(id)).toEqual({ origins: needs.origins, permissions: ['cookies'] });
    } finally {
      await sandbox.close();
    }
  });

  it('issue 5: a token in place of the session takes no cookies, and is never answered back', async () => {
    const sandbox = await startNatterboxSandbox();
    try {
      const { store, connections, handlers, allow } = backgroundOf(orgFetch(sandbox));
      const secret = sandbox.session(1, 'api');
      allow({ origins: [api, lightning, visualforce], permissions: [] });
      expect(await handlers['connection.add']({ origin: lightning }, origin)).toEqual({
        missing: { origins: [], permissions: ['cookies'] },
      });
      const added = await handlers['connection.add']({ origin: lightning, secret }, origin);
      const listed = await connections.list();
      expect(added).toMatchObject({ connection: { origin: lightning, admin: 'yes' } });
      expect(JSON.stringify([added, listed])).not.toContain(secret);
      expect((await store.connections())[0]?.secret).toBe(secret);
      // It goes on with the token, also where the background begins anew.
      const [{ id } = { id: '' }] = listed;
      const { items } = await (await connections.workspace(id)).members({
        id: natterboxUserId(people.leaver),
      });
      expect(items[0]?.name).toBe('Dana Ruiz');
    } finally {
      await sandbox.close();
    }
  });

  it('issue 5: access that was taken back is said as such, with what to do', async () => {
    const sandbox = await startNatterboxSandbox();
    try {
      const cookies = { [api]: sandbox.session(1, 'api') };
      const { connections, handlers, allow } = backgroundOf(orgFetch(sandbox), cookies);
      allow({ origins: [api, lightning, visualforce], permissions: ['cookies'] });
      await handlers['connection.add']({ origin: lightning }, origin);
      const [{ id } = { id: '' }] = await connections.list();
      const lost = cookieSessions(async () => undefined);
      await expect(lost(api)).rejects.toMatchObject({
        kind: 'forbidden',
        message: expect.stringContaining('Connect this org again and allow it'),
      });
      await expect(connections.test(id)).resolves.toMatchObject({ viewer: { name: 'Priya Shah' } });
    } finally {
      await sandbox.close();
    }
  });
});

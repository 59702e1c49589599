import { describe, expect, it } from 'vitest';
import { createAdminHandlers } from '../../../entrypoints/background/admin-handlers.ts';
import { type Connections, createConnections } from '../../../entrypoints/background/connections.ts';
import type { Engine } from '../../../lib/engine/engine.ts';
import { bypassJournal } from '../../../lib/offboarding/bypass.ts';
import type { Viewer } from '../../../lib/offboarding/model.ts';
import type { Connection } from '../../../lib/store/store.ts';
import { systemClock } from '../../../lib/workspace/clock.ts';
import type { RegisteredRun } from '../../../lib/workspace/port.ts';
import { createMemoryStore } from '../../crash/memory-store.ts';
import { draft, started } from '../../e2e/wizard/data.ts';
import { pageProfile } from '../../sandbox/page-profile.ts';

const stored = (id: string, origin: string, origins = [origin]): Connection => ({
  id,
  kind: 'contract',
  origin,
  origins,
  workspace: { id, name: id },
  settings: {
    contract: '1',
    workspace: { id, name: id },
    urls: {
      api: `${origin}/api`,
      scim: `${origin}/scim`,
      events: `${origin}/events`,
      users: `${origin}/users`,
      member: `${origin}/users/{member}`,
    },
    limits: { batch: 10, pageSize: 10, concurrency: 1, settle: 0 },
    pages: pageProfile,
  },
  createdAt: '2026-11-22T10:00:00.000Z',
});
const at = new Date('2026-11-22T09:58:00.000Z');
const base = started(draft(at), 0.3, at);
const origin = { kind: 'page', origin: '', tab: undefined, window: undefined } as const;
const me = { id: 'm', name: 'Ada', email: 'a@x', admin: false, csrf: 'c' };

async function connectionsOf(rows: readonly Connection[]) {
  const store = createMemoryStore();
  for (const row of rows) await store.putConnection(row);
  return createConnections(store, {
    fetch: async () => Response.json(me),
    clock: systemClock(),
  });
}

describe('the list of connections', () => {
  it('says who is no admin, and still shows the others when one is stale', async () => {
    const stale = { ...stored('stale', 'https://old.example.com'), settings: { contract: '0' } };
    const connections = await connectionsOf([stale, stored('good', 'https://app.example.com')]);
    const list = await connections.list();
    expect(list).toMatchObject([
      { id: 'stale', admin: 'unknown', broken: expect.stringMatching(/./) },
      { id: 'good', admin: 'no', usersLink: 'https://app.example.com/users' },
    ]);
    expect(list[1]?.broken).toBeUndefined();
    // It can be removed all the same.
    expect((await connections.remove('stale')).origins).toEqual(['https://old.example.com']);
    expect((await connections.list()).map(({ id }) => id)).toEqual(['good']);
  });
});

describe('who acts', () => {
  it('W1.3 is asked anew by each command, once for those that ask together, and shown from a moment ago', async () => {
    const store = createMemoryStore();
    await store.putConnection(stored('one', 'https://app.example.com'));
    let asked = 0;
    const connections = createConnections(store, {
      fetch: async () => Response.json({ ...me, admin: asked++ > 0 }),
      clock: systemClock(),
    });
    const both = await Promise.all([connections.viewer('one'), connections.viewer('one')]);
    expect(both.map(({ admin }) => admin)).toEqual(['no', 'no']);
    expect(asked).toBe(1);
    expect((await connections.recentViewer('one')).admin).toBe('no');
    expect(asked).toBe(1);
    expect((await connections.viewer('one')).admin).toBe('yes');
    expect((await connections.recentViewer('one')).admin).toBe('yes');
    expect(asked).toBe(2);
  });
});

describe('runs of other browsers', () => {
  it('W7.2 are those that are open and not this browser’s own, told to admins alone', async () => {
    const store = createMemoryStore();
    const entry = { at: base.updatedAt, kind: 'created', data: {} } as const;
    await store.createRun({ ...base, id: 'here', open: 'a' }, entry);
    await store.createRun({ ...base, id: 'lost', phase: 'superseded', open: 'b' }, entry);
    const registered = (id: string, by: string): RegisteredRun => ({
      id,
      leaver: 'mem_dana',
      by: { id: by, name: by },
      fence: 2,
      leaseUntil: base.updatedAt,
      open: true,
      updatedAt: base.updatedAt,
      record: { ...base, planHash: '', journalHead: '', leaver: base.leaver },
    });
    let admin: Viewer['admin'] = 'yes';
    const { 'run.listElsewhere': list } = createAdminHandlers(
      {} as Engine,
      store,
      {
        viewer: async () => ({ id: 'priya', workspace: { id: 'w', name: 'w' }, admin }),
        workspace: async () => ({
          runs: {
            listOpen: async () =>
              ['here', 'lost', 'other'].map((id) => registered(id, id === 'other' ? 'priya' : 'alex')),
          },
        }),
      } as unknown as Connections,
      { listen: () => false, forget: async () => {} },
    );
    const { runs } = await list({ connection: 'one' }, origin);
    expect(runs).toMatchObject([
      { id: 'lost', mine: false, leaver: { name: 'Dana Ruiz' }, phase: 'executing' },
      { id: 'other', mine: true },
    ]);
    admin = 'no';
    await expect(list({ connection: 'one' }, origin)).rejects.toMatchObject({
      refusal: { code: 'notAdmin' },
    });
  });
});

describe('removing a connection', () => {
  it('keeps the access that another connection needs, on another port of the same host too', async () => {
    const cdn = 'https://api.example.com';
    const connections = await connectionsOf([
      stored('one', 'https://app.example.com', ['https://app.example.com', cdn]),
      stored('two', 'https://app.example.com:8443'),
    ]);
    // A browser's permission knows no port: giving one back would take the other's.
    expect((await connections.remove('one')).origins).toEqual([cdn]);
    expect((await connections.remove('two')).origins).toEqual(['https://app.example.com:8443']);
  });

  it('keeps what went past the wizard while another connection is of the same workspace', async () => {
    const store = createMemoryStore();
    const same = { id: 'acme', name: 'Acme' };
    for (const id of ['one', 'two'])
      await store.putConnection({ ...stored(id, `https://${id}.example.com`), workspace: same });
    const past = { at: '2026-11-22T10:00:00.000Z', kind: 'note', data: {} } as const;
    await store.appendJournal(bypassJournal(same.id), [past]);
    const fetch = async () => Response.json(me);
    const connections = createConnections(store, { fetch, clock: systemClock() });
    await connections.remove('one');
    expect(await store.journal(bypassJournal(same.id))).toHaveLength(1);
    await connections.remove('two');
    expect(await store.journal(bypassJournal(same.id))).toEqual([]);
  });

  it('is not held up by a run that this version cannot read, as it is by one at work', async () => {
    const store = createMemoryStore();
    await store.putConnection(stored('one', 'https://app.example.com'));
    const run = { ...base, connection: 'one', phase: 'paused' } as const;
    const entry = { at: run.updatedAt, kind: 'created', data: {} } as const;
    await store.createRun({ ...run, id: 'old', open: 'a', pause: { kind: 'unreadable' } }, entry);
    const connections = createConnections(store, {
      fetch: async () => Response.json(me),
      clock: systemClock(),
    });
    const { 'connection.remove': remove } = createAdminHandlers({} as Engine, store, connections, {
      listen: () => false,
      forget: async () => {},
    });
    await store.createRun({ ...run, id: 'busy', open: 'b', pause: { kind: 'admin' } }, entry);
    await expect(remove({ connection: 'one' }, origin)).rejects.toMatchObject({
      refusal: { code: 'locked' },
    });
    await store.deleteRun('busy');
    expect(await remove({ connection: 'one' }, origin)).toEqual({ removed: true });
    expect(await store.runs()).toEqual([]);
    // Asked twice, because the answer was lost: the same.
    expect(await remove({ connection: 'one' }, origin)).toEqual({ removed: true });
  });
});

import { effect } from '@preact/signals';
import { describe, expect, it } from 'vitest';
import type { ConnectionView } from '../../../lib/messages/protocol.ts';
import type { RunItem } from '../../../lib/offboarding/model.ts';
import { History } from '../../../lib/panel/history.ts';
import { Panel } from '../../../lib/panel/panel.ts';
import { RunFeed } from '../../../lib/panel/run-feed.ts';
import { Tallies } from '../../../lib/panel/tallies.ts';
import { draft, started } from '../../e2e/wizard/data.ts';
import { createWorld, type TestWorld } from './world.ts';

const base = started(draft(new Date('2026-11-22T09:58:00.000Z')), 0.3, new Date('2026-11-22T09:58:00.000Z'));
const connection = (id: string, admin: ConnectionView['admin']): ConnectionView => ({
  id,
  origin: `https://${id}.example.com`,
  kind: 'contract',
  workspace: { id, name: id },
  usersLink: `https://${id}.example.com/users`,
  memberLink: `https://${id}.example.com/users/{member}`,
  localOnly: false,
  admin,
});

/** A browser with one run each in a workspace where one is an admin, is none, and where it cannot be told. */
function threeConnections(): TestWorld {
  const world = createWorld();
  const admins = ['yes', 'no', 'unknown'] as const;
  for (const admin of admins)
    for (const [phase, id] of [
      ['executing', `run-${admin}`],
      ['partial', `past-${admin}`],
    ] as const)
      world.stored.set(id, { ...base, id, phase, connection: admin });
  world.answer('connection.list', () => ({
    ok: true,
    value: { connections: admins.map((admin) => connection(admin, admin)) },
  }));
  return world;
}

async function opened(world: TestWorld, run?: string) {
  const target = run === undefined ? ({ kind: 'home' } as const) : ({ kind: 'run', run } as const);
  world.answer('panel.hello', () => ({ ok: true, value: { target } }));
  const panel = new Panel({
    ...world.dependencies,
    address: run === undefined ? undefined : { kind: 'run', run },
  });
  await world.settle();
  return panel;
}

describe('to somebody who is no admin', () => {
  it('the home screen shows no run of that workspace', async () => {
    const panel = await opened(threeConnections());
    expect(panel.view.value).toEqual({ kind: 'home' });
    expect(panel.runs.value.map(({ id }) => id).sort()).toEqual([
      'past-unknown',
      'past-yes',
      'run-unknown',
      'run-yes',
    ]);
    panel[Symbol.dispose]();
  });

  it('the history shows no run of that workspace', async () => {
    const world = threeConnections();
    const history = new History(world.dependencies);
    await world.settle();
    expect(history.past.value.map(({ id }) => id).sort()).toEqual(['past-unknown', 'past-yes']);
    history[Symbol.dispose]();
  });

  it('the address of a run is refused', async () => {
    const refused = await opened(threeConnections(), 'run-no');
    expect(refused.view.value).toMatchObject({ kind: 'refused', refusal: { code: 'notAdmin' } });
    refused[Symbol.dispose]();
    const allowed = await opened(threeConnections(), 'run-yes');
    expect(allowed.view.value).toMatchObject({ kind: 'run', run: 'run-yes' });
    allowed[Symbol.dispose]();
  });
});

describe('Q the answer that was on its way before the page was there', () => {
  it('is taken for the first question, and nothing of the store is waited for', async () => {
    const world = threeConnections();
    const known = world.stored.get('run-yes');
    if (!known) throw new Error('Expected the run of the first connection.');
    const target = { kind: 'run', run: 'run-yes' } as const;
    const panel = new Panel({
      ...world.dependencies,
      address: target,
      hello: Promise.resolve({ ok: true, value: { target, admin: 'yes', run: known } }),
      store: { ...world.dependencies.store, run: () => new Promise(() => {}) },
      painted: () => {},
    });
    await world.settle();
    expect(panel.view.value).toEqual({ kind: 'run', run: 'run-yes', known });
    expect(world.sent).toEqual([]);
    panel[Symbol.dispose]();
  });

  it('is taken once: who tries again asks again', async () => {
    const world = threeConnections();
    world.answer('panel.hello', () => ({ ok: true, value: { target: { kind: 'home' } } }));
    const refusal = { code: 'unreachable', detail: 'Nobody is there.' } as const;
    const panel = new Panel({
      ...world.dependencies,
      hello: Promise.resolve({ ok: false, refusal }),
    });
    await world.settle();
    expect(panel.view.value).toEqual({ kind: 'refused', refusal });
    await panel.retry();
    expect(world.sent.filter(({ command }) => command === 'panel.hello')).toEqual([
      { command: 'panel.hello', request: { window: 1 } },
    ]);
    expect(panel.view.value).toEqual({ kind: 'home' });
    panel[Symbol.dispose]();
  });

  it('is asked for where there is none', async () => {
    const world = threeConnections();
    world.answer('panel.hello', () => ({ ok: true, value: { target: { kind: 'home' } } }));
    const panel = new Panel({ ...world.dependencies, hello: Promise.resolve(undefined) });
    await world.settle();
    expect(panel.view.value).toEqual({ kind: 'home' });
    panel[Symbol.dispose]();
  });
});

type Address = TestWorld['dependencies']['address'];

describe('the address of a run', () => {
  const asked = (admin: ConnectionView['admin'], address: Address) => {
    const world = threeConnections();
    let say: () => void = () => {};
    const said = new Promise<void>((resolve) => {
      say = resolve;
    });
    world.answer('panel.hello', async ({ run = 'run-yes' }) => {
      await said;
      const stored = admin === 'no' ? undefined : world.stored.get(run);
      return {
        ok: true,
        value: { target: { kind: 'run', run }, admin, ...(stored && { run: stored }) },
      };
    });
    const panel = new Panel({ ...world.dependencies, address });
    return { world, panel, say };
  };
  const review = { kind: 'review', run: 'past-yes', connection: 'yes', member: 'mem' } as const;

  it.each([{ kind: 'run', run: 'run-yes' } as const, review, undefined])(
    'W1.3 shows nothing of it before the workspace said who is signed in: %j',
    async (address) => {
      const { world, panel, say } = asked('yes', address);
      await world.advance(500);
      expect(panel.view.value).toEqual({ kind: 'loading' });
      say();
      await world.settle();
      expect(panel.view.value).toMatchObject(
        address?.kind === 'review' ? { kind: 'review', run: 'past-yes' } : { kind: 'run', run: 'run-yes' },
      );
      panel[Symbol.dispose]();
    },
  );

  it.each([{ kind: 'run', run: 'run-yes' } as const, review, undefined])(
    'W1.3 never shows it to who is no admin: %j',
    async (address) => {
      const { world, panel, say } = asked('no', address);
      const seen: string[] = [];
      const stop = effect(() => {
        seen.push(panel.view.value.kind);
      });
      await world.settle();
      say();
      await world.settle();
      stop();
      expect(seen).toEqual(['loading', 'refused']);
      expect(panel.view.value).toMatchObject({ kind: 'refused', refusal: { code: 'notAdmin' } });
      panel[Symbol.dispose]();
    },
  );
});

describe('a store that cannot be read', () => {
  it('issue 3: is told on the home screen, and no empty list; trying again shows the runs', async () => {
    const world = threeConnections();
    const { runs } = world.dependencies.store;
    world.dependencies.store.runs = () => Promise.reject(new Error('The disk is full.'));
    const panel = await opened(world);
    expect(panel.view.value).toEqual({ kind: 'home' });
    expect([panel.unreadable.value, panel.runs.value]).toEqual(['The disk is full.', []]);
    world.dependencies.store.runs = runs;
    await panel.refresh();
    expect([panel.unreadable.value, panel.runs.value.length]).toEqual([undefined, 4]);
    panel[Symbol.dispose]();
  });

  it('issue 3: is told where items are counted, and counting can be tried again', async () => {
    const world = createWorld();
    const draftRun = draft(new Date('2026-11-22T09:58:00.000Z'));
    const category = draftRun.categories.find(({ perCustomer, count }) => perCustomer && (count ?? 0) > 0);
    if (!category) throw new Error('The draft has no category of customers’ things.');
    const item: RunItem = {
      run: draftRun.id,
      category: category.id,
      ref: 'i1',
      title: 'Item',
      columns: {},
      value: { member: draftRun.leaver.id },
      lock: 'i1',
      position: 0,
      state: 'planned',
      customer: { ref: 'c1', name: 'Northwind', owner: draftRun.leaver.id },
    };
    world.items.set(category.id, [item]);
    world.stored.set(draftRun.id, draftRun);
    const { customers } = world.dependencies.tables;
    world.dependencies.tables.customers = () => Promise.reject(new Error('The disk is full.'));
    const feed = new RunFeed(world.dependencies, draftRun.id);
    const tallies = new Tallies(world.dependencies, feed);
    await world.settle();
    expect([tallies.failed.value, tallies.customers.value]).toEqual(['The disk is full.', undefined]);
    world.dependencies.tables.customers = customers;
    tallies.retry();
    for (let turn = 0; turn < 20; turn += 1) await world.settle();
    expect([tallies.failed.value, tallies.customers.value]).toEqual([undefined, 1]);
    for (const each of [tallies, feed]) each[Symbol.dispose]();
  });
});

describe('a connection that cannot be used any more', () => {
  it('is left out of the home screen, which still shows the others', async () => {
    const world = threeConnections();
    world.answer('connection.list', () => ({
      ok: true,
      value: { connections: [{ ...connection('old', 'unknown'), broken: 'x' }, connection('yes', 'yes')] },
    }));
    const panel = await opened(world);
    expect(panel.view.value).toEqual({ kind: 'home' });
    expect(panel.connections.value.map(({ id }) => id)).toEqual(['yes']);
    panel[Symbol.dispose]();
  });
});

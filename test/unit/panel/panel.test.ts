import { describe, expect, it } from 'vitest';
import type { ConnectionView } from '../../../lib/messages/protocol.ts';
import { History } from '../../../lib/panel/history.ts';
import { Panel } from '../../../lib/panel/panel.ts';
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
    expect(allowed.view.value).toEqual({ kind: 'run', run: 'run-yes' });
    allowed[Symbol.dispose]();
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

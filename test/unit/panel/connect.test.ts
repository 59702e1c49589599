import { describe, expect, it } from 'vitest';
import { Connect } from '../../../lib/panel/connect.ts';
import type { Access } from '../../../lib/panel/types.ts';
import { createWorld } from './world.ts';

const site = 'https://app.example.com';
const api = 'https://api.example.com';
const connection = {
  id: 'c1',
  origin: site,
  kind: 'contract',
  workspace: { id: 'w', name: 'Acme' },
  usersLink: site,
  memberLink: site,
  localOnly: false,
  admin: 'yes',
} as const;

/** The card for a site; `asked` is what the browser was asked for. */
function cardOf(at: string | undefined, answers: boolean[] = []) {
  const world = createWorld();
  const asked: Access[] = [];
  const connected: string[] = [];
  const dependencies = {
    ...world.dependencies,
    siteOrigin: async () => at,
    requestAccess: async (access: Access) => {
      asked.push(access);
      return answers.shift() ?? true;
    },
  };
  return { world, asked, connected, make: () => new Connect(dependencies, ({ id }) => connected.push(id)) };
}

describe('connecting', () => {
  it('U5 asks for every site that a workspace is known to need in one question', async () => {
    const { world, asked, connected, make } = cardOf(site);
    const needs = { origins: [site, api], permissions: [], secret: 'none' } as const;
    world.answer('connection.needs', () => ({
      ok: true,
      value: { ...needs, origins: [site], permissions: [] },
    }));
    world.answer('connection.preview', () => ({
      ok: true,
      value: {
        workspace: { id: 'w', name: 'Acme' },
        viewer: null,
        needs: { ...needs, origins: [site, api], permissions: [] },
      },
    }));
    world.answer('connection.add', () => ({ ok: true, value: { connection } }));
    const card = make();
    await world.settle();
    await card.allow();
    expect(asked).toEqual([{ origins: [site, api], permissions: [] }]);
    expect(connected).toEqual(['c1']);
  });

  it('U5 asks for what only the workspace’s own answer told at another click, for that alone', async () => {
    const { world, asked, connected, make } = cardOf(site, [true, false, true]);
    world.answer('connection.needs', () => ({
      ok: true,
      value: { origins: [site], permissions: [], secret: 'none' },
    }));
    let allowed = 0;
    world.answer('connection.add', () => {
      allowed += 1;
      return allowed === 1
        ? { ok: true, value: { missing: { origins: [api], permissions: [] } } }
        : { ok: true, value: { connection } };
    });
    const card = make();
    await world.settle();
    await card.allow();
    expect(card.state.value).toBe('more');
    expect(card.missing.value).toEqual({ origins: [api], permissions: [] });
    await card.allow();
    expect(card.state.value).toBe('declined');
    await card.allow();
    expect(asked.map(({ origins }) => origins)).toEqual([[site], [api], [api]]);
    expect(connected).toEqual(['c1']);
  });

  it('issue 5: a token that was typed takes no power to read cookies, and is forgotten by the page', async () => {
    const { world, asked, make } = cardOf(undefined);
    world.answer('connection.needs', ({ origin }) => ({
      ok: true,
      value: { origins: [origin, api], permissions: ['cookies'], secret: 'instead' },
    }));
    world.answer('connection.add', () => ({ ok: true, value: { connection } }));
    const card = make();
    await world.settle();
    card.choose('app.example.com');
    await world.settle();
    card.secret.value = 'token-1';
    await card.allow();
    expect(asked).toEqual([{ origins: [site, api], permissions: [] }]);
    expect(world.sent.find(({ command }) => command === 'connection.add')?.request).toEqual({
      origin: site,
      secret: 'token-1',
    });
    expect(card.secret.value).toBe('');

    const other = cardOf(undefined);
    other.world.answer('connection.needs', ({ origin }) => ({
      ok: true,
      value: { origins: [origin, api], permissions: ['cookies'], secret: 'instead' },
    }));
    const plain = other.make();
    await other.world.settle();
    plain.choose('app.example.com');
    await other.world.settle();
    await plain.allow();
    expect(other.asked).toEqual([{ origins: [site, api], permissions: ['cookies'] }]);
  });
});

import { afterEach, describe, expect, it } from 'vitest';
import type { Connections } from '../../../entrypoints/background/connections.ts';
import type { Browser } from '../../../entrypoints/background/handlers.ts';
import { createHandlers } from '../../../entrypoints/background/handlers.ts';
import type { Viewer } from '../../../lib/offboarding/model.ts';
import { WorkspaceError } from '../../../lib/workspace/errors.ts';
import { startLife } from '../../crash/life.ts';
import { createWorld, scanned, type World } from '../../crash/world.ts';

let world: World;
afterEach(() => world.clock.stop());

const origin = { kind: 'page', origin: '', tab: undefined, window: undefined } as const;
const tick = { kind: 'acknowledge', category: 'tokens.api', ticked: true } as const;
const ada: Viewer = { id: 'm-ada', name: 'Ada', workspace: { id: 'ws_acme', name: 'Acme' }, admin: 'yes' };

async function begin(viewer: () => Promise<Viewer>) {
  world = createWorld();
  const { engine, store, ...life } = startLife(world);
  const run = await scanned({ engine, store, ...life });
  const handlers = createHandlers(
    engine,
    store,
    { viewer, adminOf: async () => (await viewer()).admin } as Partial<Connections> as Connections,
    { target: async () => undefined } as Partial<Browser> as Browser,
    { text: (key) => key, locale: 'en', direction: 'ltr' },
  );
  return { store, run, edit: handlers['draft.edit'], hello: handlers['panel.hello'] };
}

describe('an edit of a draft', () => {
  it('records a tick under the name of who is signed in now', async () => {
    const { store, run, edit } = await begin(async () => ada);
    await edit({ run, edit: tick }, origin);
    expect((await store.run(run))?.acknowledgements).toMatchObject([{ category: 'tokens.api', by: 'Ada' }]);
    expect((await store.journal(run)).at(-1)).toMatchObject({
      kind: 'acknowledgement',
      data: { category: 'tokens.api', by: 'm-ada', name: 'Ada' },
    });
  });

  it('is refused to who is no admin, and nothing is stored', async () => {
    const { store, run, edit } = await begin(async () => ({ ...ada, admin: 'no' }));
    const before = await store.run(run);
    await expect(edit({ run, edit: tick }, origin)).rejects.toMatchObject({ refusal: { code: 'notAdmin' } });
    await expect(edit({ run, edit: { kind: 'note', note: 'x' } }, origin)).rejects.toMatchObject({
      refusal: { code: 'notAdmin' },
    });
    expect(await store.run(run)).toEqual(before);
  });

  it('is kept while the workspace cannot be reached, save a tick', async () => {
    const { store, run, edit } = await begin(async () => {
      throw new WorkspaceError('transient', 'No answer.');
    });
    await edit({ run, edit: { kind: 'note', note: 'kept' } }, origin);
    expect((await store.run(run))?.note).toBe('kept');
    await expect(edit({ run, edit: tick }, origin)).rejects.toMatchObject({
      refusal: { code: 'unreachable' },
    });
    expect((await store.run(run))?.acknowledgements).toEqual([]);
  });
});

describe('a panel that says hello', () => {
  it.each(['yes', 'no', 'unknown'] as const)(
    'W1.3 hears with its run whether who is signed in is an admin: %s',
    async (admin) => {
      const { store, run, hello } = await begin(async () => ({ ...ada, admin }));
      const stored = admin === 'no' ? {} : { run: await store.run(run) };
      expect(await hello({ window: 1, run }, origin)).toEqual({
        target: { kind: 'run', run },
        admin,
        ...stored,
      });
      expect(await hello({ run }, origin)).toMatchObject({ target: { kind: 'run', run }, admin });
      expect(await hello({ window: 1 }, origin)).toEqual({ target: { kind: 'home' } });
      expect(await hello({}, origin)).toEqual({ target: { kind: 'home' } });
      expect(await hello({ window: 1, run: 'elsewhere' }, origin)).toEqual({
        target: { kind: 'run', run: 'elsewhere' },
        admin: 'unknown',
      });
    },
  );
});

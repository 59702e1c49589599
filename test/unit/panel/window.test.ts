import { expect, it, vi } from 'vitest';
import type { Connections } from '../../../entrypoints/background/connections.ts';
import { type Browser, createHandlers } from '../../../entrypoints/background/handlers.ts';
import { keepWindowTargets } from '../../../lib/browser/ports.ts';
import type { Engine } from '../../../lib/engine/engine.ts';
import type { LiveMessage } from '../../../lib/messages/live.ts';
import { createLiveHub } from '../../../lib/messages/live-hub.ts';
import type { Store } from '../../../lib/store/store.ts';

const session = vi.hoisted(() => new Map<string, unknown>());
vi.mock('wxt/browser', () => ({
  browser: {
    storage: {
      session: {
        set: async (values: object) => {
          for (const [key, value] of Object.entries(values)) session.set(key, structuredClone(value));
        },
        get: async (key: string) => ({ [key]: structuredClone(session.get(key)) }),
      },
    },
  },
}));

const page = { kind: 'page', origin: '', tab: undefined, window: undefined } as const;

/** One life of the background: what it keeps for its windows outlives it. */
function startLife() {
  const hub = createLiveHub(
    async () => undefined,
    undefined,
    (window) => targets.get(window),
  );
  const targets = keepWindowTargets(hub);
  const { 'panel.hello': hello } = createHandlers(
    {} as Engine,
    {} as Store,
    {} as Connections,
    { setTarget: targets.set, target: targets.get } as Partial<Browser> as Browser,
    { text: (key) => key, locale: 'en', direction: 'ltr' },
  );
  return {
    targets,
    hello: (window: number) => hello({ window }, page),
    /** What a panel hears that says it is in this window. */
    async told(window: number): Promise<LiveMessage[]> {
      const heard: LiveMessage[] = [];
      hub.connect({
        postMessage: (message) => void heard.push(message),
        onMessage: (listener) => listener({ kind: 'window', window }),
        onDisconnect: () => {},
      });
      await new Promise((resolve) => setTimeout(resolve));
      return heard;
    },
  };
}

it('W1.2 R7 a port is told of its window what an answer there tells, with the same mark, in every life', async () => {
  const first = startLife();
  expect(await first.hello(1)).toEqual({ target: { kind: 'home' } });
  expect(await first.told(1)).toEqual([{ kind: 'hello' }]);
  const target = { kind: 'member', connection: 'con', member: 'ana' } as const;
  await first.targets.set(1, target);
  for (const life of [first, startLife()]) {
    const answer = await life.hello(1);
    expect(answer).toEqual({ target, mark: expect.stringMatching(/./u) });
    expect(await life.told(1)).toEqual([{ kind: 'hello' }, { kind: 'target', ...answer }]);
    expect(await life.told(2)).toEqual([{ kind: 'hello' }]);
  }
  const { mark } = await first.hello(1);
  await first.targets.set(1, target);
  expect((await first.hello(1)).mark).not.toBe(mark);
});

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { WindowTarget } from '../../../lib/messages/live.ts';
import { type ClientPort, createLiveClient } from '../../../lib/messages/live-client.ts';
import { createLiveHub } from '../../../lib/messages/live-hub.ts';
import type { PanelTarget } from '../../../lib/messages/protocol.ts';
import { Panel } from '../../../lib/panel/panel.ts';
import { createWorld } from './world.ts';

const member = (id: string): PanelTarget => ({ kind: 'member', connection: 'con', member: id });

/** A background that can die, with what it keeps for each window, and the panel of window 1. */
function createWindow() {
  const kept = new Map<number, WindowTarget>();
  const closed = new Set<() => void>();
  let reading = Promise.resolve();
  let marks = 0;
  const newHub = () =>
    createLiveHub(
      async () => undefined,
      undefined,
      async (window) => {
        const found = kept.get(window);
        await reading;
        return found;
      },
    );
  let hub = newHub();
  const connect = (): ClientPort => {
    const toPanel: ((message: unknown) => void)[] = [];
    const toHub: ((message: unknown) => void)[] = [];
    const mine = hub;
    mine.connect({
      postMessage: (message) => {
        queueMicrotask(() => {
          for (const listener of toPanel) listener(message);
        });
      },
      onMessage: (listener) => toHub.push(listener),
      onDisconnect: () => {},
    });
    return {
      postMessage: (message) => {
        queueMicrotask(() => {
          for (const listener of toHub) listener(message);
        });
      },
      onMessage: (listener) => toPanel.push(listener),
      onDisconnect: (listener) => closed.add(listener),
      disconnect: () => {},
    };
  };
  const world = createWorld();
  const opened: string[] = [];
  world.answer('connection.list', () => ({ ok: true, value: { connections: [] } }));
  world.answer('draft.open', ({ member: id }) => {
    opened.push(id);
    return { ok: true, value: { run: `run-${id}`, resumed: false } };
  });
  return {
    world,
    opened,
    /** What the page of a window asks for: kept first, told then. */
    press(target: PanelTarget, window = 1): void {
      const asked = { target, mark: `mark-${++marks}` };
      kept.set(window, asked);
      hub.target(window, asked);
    },
    /** The answer to a panel's first question, as it is now. */
    hello: () => Promise.resolve({ ok: true, value: kept.get(1) ?? { target: { kind: 'home' } } } as const),
    connect: () => createLiveClient(connect, 1),
    holdReading(): () => void {
      const { promise, resolve } = Promise.withResolvers<void>();
      reading = promise;
      return resolve;
    },
    die(): void {
      hub = newHub();
      for (const listener of [...closed]) listener();
      closed.clear();
    },
  };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});
const settle = (milliseconds = 300): Promise<unknown> => vi.advanceTimersByTimeAsync(milliseconds);
const shown = (id: string) => ({ kind: 'run', run: `run-${id}` });

describe('W1.2 who a window’s panel is about', () => {
  it('is who was asked for between its first question and its connection', async () => {
    const { world, press, hello, connect } = createWindow();
    press(member('ana'));
    const first = hello();
    press(member('ben'));
    const live = connect();
    const panel = new Panel({ ...world.dependencies, hello: first, live });
    await settle();
    expect(panel.view.value).toEqual(shown('ben'));
    panel[Symbol.dispose]();
  });

  it('is who was asked for between its connection and its first sight', async () => {
    const { world, press, hello, connect, opened } = createWindow();
    press(member('ana'));
    const first = hello();
    const live = connect();
    await settle();
    press(member('ben'));
    await settle();
    const panel = new Panel({ ...world.dependencies, hello: first, live });
    await settle();
    expect(panel.view.value).toEqual(shown('ben'));
    expect(opened.at(-1)).toBe('ben');
    panel[Symbol.dispose]();
  });

  it('is who was asked for last, though the answers come in another order', async () => {
    const { world, press, connect, hello } = createWindow();
    const first = Promise.withResolvers<Awaited<ReturnType<typeof hello>>>();
    press(member('ana'));
    const old = await hello();
    const answers = new Map(['ben', 'cem'].map((id) => [id, Promise.withResolvers<void>()]));
    world.answer('draft.open', async ({ member: id }) => {
      await answers.get(id)?.promise;
      return { ok: true, value: { run: `run-${id}`, resumed: false } };
    });
    const panel = new Panel({ ...world.dependencies, hello: first.promise, live: connect() });
    await settle();
    press(member('ben'));
    await settle();
    press(member('cem'));
    await settle();
    first.resolve(old);
    answers.get('cem')?.resolve();
    await settle();
    expect(panel.view.value).toEqual(shown('cem'));
    answers.get('ben')?.resolve();
    await settle();
    expect(panel.view.value).toEqual(shown('cem'));
    panel[Symbol.dispose]();
  });

  it('is opened once where nothing else was asked for', async () => {
    const { world, press, hello, connect, opened } = createWindow();
    press(member('ana'));
    const panel = new Panel({ ...world.dependencies, hello: hello(), live: connect() });
    await settle();
    expect(panel.view.value).toEqual(shown('ana'));
    expect(opened).toEqual(['ana']);
    panel[Symbol.dispose]();
  });

  it('R1 is who was asked for while the background was gone; otherwise it stays where the admin went', async () => {
    const { world, press, hello, connect, die, opened } = createWindow();
    press(member('ana'));
    const panel = new Panel({ ...world.dependencies, hello: hello(), live: connect() });
    await settle();
    panel.history();
    die();
    await settle();
    expect(panel.view.value).toEqual({ kind: 'history' });
    expect(opened).toEqual(['ana']);
    // The same person once more is a request of its own.
    die();
    press(member('ana'));
    await settle();
    expect(panel.view.value).toEqual(shown('ana'));
    die();
    press(member('ben'));
    await settle();
    expect(panel.view.value).toEqual(shown('ben'));
    panel[Symbol.dispose]();
  });

  it('is not who was asked for before, when that is read late', async () => {
    const { world, press, hello, connect, holdReading } = createWindow();
    press(member('ana'));
    const release = holdReading();
    const panel = new Panel({ ...world.dependencies, hello: hello(), live: connect() });
    await settle();
    press(member('ben'));
    await settle();
    release();
    await settle();
    expect(panel.view.value).toEqual(shown('ben'));
    panel[Symbol.dispose]();
  });

  it('R7 is told to the panel of that window, and to nobody else', async () => {
    const { press, connect } = createWindow();
    press(member('ana'), 2);
    const heard: WindowTarget[] = [];
    connect().onTarget((asked) => heard.push(asked));
    await settle();
    expect(heard).toEqual([]);
  });
});

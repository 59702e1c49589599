// @vitest-environment happy-dom
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { askFirst, type First } from '../../../entrypoints/sidepanel/first.ts';
import { load } from '../../../entrypoints/sidepanel/load.ts';

const sent = vi.hoisted(() => ({ messages: [] as unknown[], own: undefined as { id: number } | undefined }));
const started = vi.hoisted(() => ({ with: [] as unknown[], fails: undefined as Error | undefined }));

vi.mock('wxt/browser', () => ({
  browser: {
    runtime: {
      async sendMessage(message: unknown) {
        sent.messages.push(message);
        return { ok: true, value: { target: { kind: 'home' } } };
      },
    },
    tabs: { getCurrent: async () => sent.own },
    windows: { WINDOW_ID_CURRENT: -2, getCurrent: async () => ({ id: 7 }) },
    i18n: { getMessage: (key: string) => ({ language: 'ar', direction: 'rtl' })[key] ?? key },
  },
}));
vi.mock('../../../entrypoints/sidepanel/start.tsx', () => ({
  async start(first: First) {
    started.with.push(first);
    if (started.fails) throw started.fails;
  },
}));

beforeEach(() => {
  Object.assign(sent, { messages: [], own: undefined });
  Object.assign(started, { with: [], fails: undefined });
  document.body.innerHTML = '<div id="root"></div>';
  Object.assign(document.documentElement, { lang: 'en', dir: '' });
});

describe('Q what a page asks before the rest of it is there', () => {
  it.each([
    { kind: 'run', run: 'r' } as const,
    { kind: 'review', run: 'r', connection: 'c', member: 'm' } as const,
  ])('is the run that its address names, without waiting for anything: %j', async (address) => {
    const { hello, surface } = askFirst(address);
    expect(sent.messages).toEqual([{ command: 'panel.hello', request: { run: 'r' } }]);
    expect(await hello).toEqual({ ok: true, value: { target: { kind: 'home' } } });
    expect(await surface).toEqual({ surface: 'panel', window: 7 });
  });

  it('is what its window’s panel is about', async () => {
    expect(await askFirst(undefined).hello).toMatchObject({ ok: true });
    expect(sent.messages).toEqual([{ command: 'panel.hello', request: { window: 7 } }]);
  });

  it('is nothing in a tab without an address, or where the address names no run', async () => {
    sent.own = { id: 3 };
    expect(await askFirst(undefined).hello).toBeUndefined();
    for (const address of [{ kind: 'home' }, { kind: 'connections' }, { kind: 'batch', batch: 'b' }] as const)
      expect(await askFirst(address).hello).toBeUndefined();
    expect(sent.messages).toEqual([]);
  });
});

describe('a page whose code', () => {
  it('is there begins with what was asked', async () => {
    await load({ kind: 'run', run: 'r' });
    expect(started.with).toMatchObject([{ address: { kind: 'run', run: 'r' } }]);
    expect(document.getElementById('root')?.textContent).toBe('');
  });

  it('issue 3: cannot be loaded says why and how to try again, and rejects nothing', async () => {
    started.fails = new TypeError('Failed to fetch dynamically imported module');
    await load({ kind: 'run', run: 'r' });
    const root = document.getElementById('root');
    expect(root?.querySelector('h1')?.textContent).toBe('start_failed_title');
    expect(root?.textContent).toContain('Failed to fetch dynamically imported module');
    expect(root?.querySelector('button')?.textContent).toBe('try_again');
    expect([document.documentElement.lang, document.documentElement.dir]).toEqual(['ar', 'rtl']);
  });

  it('issue 3: fails before the page itself was read says so once it is', async () => {
    vi.doMock('../../../entrypoints/sidepanel/start.tsx', () => {
      throw new TypeError('Failed to fetch dynamically imported module');
    });
    vi.resetModules();
    let state: DocumentReadyState = 'loading';
    const readyState = vi.spyOn(document, 'readyState', 'get').mockImplementation(() => state);
    try {
      document.body.innerHTML = '';
      const fresh = await import('../../../entrypoints/sidepanel/load.ts');
      const loaded = fresh.load({ kind: 'run', run: 'r' });
      // So long that the import has failed by then.
      await expect.poll(() => sent.messages.length).toBe(1);
      await import('../../../entrypoints/sidepanel/start.tsx').catch(() => {});
      await new Promise((resolve) => setTimeout(resolve));
      document.body.innerHTML = '<div id="root"></div>';
      state = 'interactive';
      document.dispatchEvent(new Event('DOMContentLoaded'));
      await loaded;
      const root = document.getElementById('root');
      expect(root?.querySelector('h1')?.textContent).toBe('start_failed_title');
      expect(root?.querySelector('button')?.textContent).toBe('try_again');
    } finally {
      readyState.mockRestore();
    }
  });
});

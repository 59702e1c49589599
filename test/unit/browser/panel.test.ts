import { afterEach, expect, it, vi } from 'vitest';

type Tab = { id?: number; windowId?: number; url?: string };
const { listeners, api } = vi.hoisted(() => {
  const listeners: ((tab: { id?: number; windowId?: number; url?: string }) => void)[] = [];
  const api: Record<string, unknown> = {
    action: { onClicked: { addListener: (listener: (tab: Tab) => void) => listeners.push(listener) } },
  };
  return { listeners, api };
});
vi.mock('wxt/browser', () => ({ browser: api }));
const { openPanelByToolbarIcon } = await import('../../../lib/browser/panel.ts');

afterEach(() => {
  listeners.length = 0;
  delete api.sidebarAction;
  vi.unstubAllGlobals();
});

/** Presses the icon in a tab; resolves with what was opened in the very same turn, as a person's click demands. */
function press(tab: Tab): { opened: unknown[]; clicked: unknown[] } {
  const opened: unknown[] = [];
  const clicked: unknown[] = [];
  if (!api.sidebarAction) {
    const open = async (options: unknown) => void opened.push(options);
    vi.stubGlobal('chrome', { sidePanel: { open } });
  } else api.sidebarAction = { toggle: async () => void opened.push('sidebar') };
  openPanelByToolbarIcon((...all) => void clicked.push(all));
  expect(listeners).toHaveLength(1);
  listeners[0]?.(tab);
  return { opened, clicked };
}

it.each([
  ['a workspace’s page', 'https://app.example.com/settings/users/mem_03'],
  ['a page of anybody', 'https://news.example.org/'],
  ['a page whose address nobody may know', undefined],
])('issue 4: the toolbar icon opens the panel on %s, at once, and tells where', (_name, url) => {
  const tab = { id: 7, windowId: 3, ...(url !== undefined && { url }) };
  const { opened, clicked } = press(tab);
  expect(opened).toEqual([{ tabId: 7 }]);
  expect(clicked).toEqual([[3, url]]);
});

it('issue 4: the toolbar icon opens the sidebar where the browser has that instead', () => {
  api.sidebarAction = {};
  const { opened, clicked } = press({ id: 7, windowId: 3, url: 'https://app.example.com/' });
  expect(opened).toEqual(['sidebar']);
  expect(clicked).toEqual([[3, 'https://app.example.com/']]);
});

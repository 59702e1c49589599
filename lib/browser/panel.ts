import { browser } from 'wxt/browser';

/** WXT knows only the paths that are there at build time. */
type PublicPath = Parameters<typeof browser.runtime.getURL>[0];

interface SidePanel {
  open(options: { windowId: number } | { tabId: number }): Promise<void>;
}
interface SidebarAction {
  toggle(): Promise<void>;
}

// The polyfill knows neither; each browser has one of them.
const sidePanel = (): SidePanel | undefined =>
  (globalThis as { chrome?: { sidePanel?: SidePanel } }).chrome?.sidePanel;
const sidebar = (): SidebarAction | undefined => (browser as { sidebarAction?: SidebarAction }).sidebarAction;

/**
 * Opens the wizard beside the page of a tab. Call it first of all in the handler of a person's click: the browser
 * allows it only then. Resolves with `tab` where a click in a page may not open it (Firefox): the wizard is then
 * opened in a tab of its own, with what `query` resolves to (for example `?connection=…&member=…`).
 */
export async function openPanel(tab: number, query: () => Promise<string>): Promise<'panel' | 'tab'> {
  const panel = sidePanel();
  if (panel) {
    try {
      await panel.open({ tabId: tab });
      return 'panel';
    } catch {
      // The click was not fresh enough for the browser; a tab needs no permission.
    }
  }
  await openWizardTab(await query());
  return 'tab';
}

/** Opens the wizard in a tab of its own; `query` says what it is about. */
export async function openWizardTab(query: string): Promise<void> {
  await browser.tabs.create({ url: browser.runtime.getURL(`/sidepanel.html${query}` as PublicPath) });
}

/**
 * Lets the toolbar icon open the panel on any page, and tells which page that was: the click allows the extension to
 * know it (`activeTab`), so that an unknown site can be offered for connecting. Register at once at the start.
 */
export function openPanelByToolbarIcon(clicked: (window: number, url: string | undefined) => void): void {
  browser.action.onClicked.addListener((tab) => {
    const panel = sidePanel();
    if (panel && tab.id !== undefined) void panel.open({ tabId: tab.id });
    else void sidebar()?.toggle();
    if (tab.windowId !== undefined) clicked(tab.windowId, tab.url);
  });
}

import { browser } from 'wxt/browser';
import { livePortName } from '../messages/live.ts';
import type { ClientPort } from '../messages/live-client.ts';

/** Where the address of the page on which the toolbar icon of a window was clicked is left for that window's panel. */
export const siteKey = (window: number): string => `site:${window}`;

/**
 * The origin of the page in a window's active tab, where the browser tells: on connected sites, and after a click on
 * the toolbar icon there.
 */
export async function activeSite(window: number): Promise<string | undefined> {
  const [tab] = await browser.tabs.query({ active: true, windowId: window });
  // The toolbar click's own permission may be over by now; what it told is kept for the window.
  const key = siteKey(window);
  const url = tab?.url ?? ((await browser.storage.session.get(key))[key] as string | undefined);
  return url !== undefined && /^https?:/u.test(url) ? new URL(url).origin : undefined;
}

/**
 * Follows the address of a window's active tab, as far as the browser tells it: on connected sites. Calls back at once
 * and with every change; returns how to stop.
 */
export function followActivePage(
  window: number,
  callback: (address: string | undefined) => void,
): () => void {
  let last: string | undefined;
  const look = async (): Promise<void> => {
    const [tab] = await browser.tabs.query({ active: true, windowId: window });
    if (tab?.url === last) return;
    last = tab?.url;
    callback(last);
  };
  const again = (): void => void look().catch(() => undefined);
  browser.tabs.onActivated.addListener(again);
  browser.tabs.onUpdated.addListener(again);
  again();
  return () => {
    browser.tabs.onActivated.removeListener(again);
    browser.tabs.onUpdated.removeListener(again);
  };
}

/** Opens the live connection to the background; connecting is also what wakes it. */
export function connectToBackground(): ClientPort {
  const port = browser.runtime.connect({ name: livePortName });
  return {
    postMessage: (message) => port.postMessage(message),
    onMessage: (listener) => port.onMessage.addListener(listener),
    onDisconnect: (listener) => port.onDisconnect.addListener(() => listener()),
    disconnect: () => port.disconnect(),
  };
}

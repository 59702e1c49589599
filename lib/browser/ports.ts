import { browser } from 'wxt/browser';
import { livePortName, type WindowTarget } from '../messages/live.ts';
import type { createLiveHub } from '../messages/live-hub.ts';
import type { PanelTarget } from '../messages/protocol.ts';
import { type Self, senderOf } from '../messages/server.ts';
import { siteKey } from './page.ts';

type Hub = ReturnType<typeof createLiveHub>;

/** Takes in the live connections of our own pages; anybody else's are closed. */
export function acceptLivePorts(hub: Hub, self: Self): void {
  browser.runtime.onConnect.addListener((port) => {
    if (port.name !== livePortName) return;
    if (senderOf(port.sender ?? {}, self)?.kind !== 'page') {
      port.disconnect();
      return;
    }
    hub.connect({
      postMessage: (message) => port.postMessage(message),
      onMessage: (listener) => port.onMessage.addListener(listener),
      onDisconnect: (listener) => port.onDisconnect.addListener(listener),
    });
  });
}

/**
 * Remembers what each window's panel is about, for as long as the browser runs: the background may be stopped between
 * the click in the page and the panel's first word.
 */
export function keepWindowTargets(hub: Hub) {
  const key = (window: number): string => `target:${window}`;
  return {
    async set(window: number, target: PanelTarget): Promise<void> {
      const asked: WindowTarget = { target, mark: crypto.randomUUID() };
      await browser.storage.session.set({ [key(window)]: asked });
      hub.target(window, asked);
    },
    async get(window: number): Promise<WindowTarget | undefined> {
      const stored = await browser.storage.session.get(key(window));
      return stored[key(window)] as WindowTarget | undefined;
    },
    /** The page on which the toolbar icon was clicked. */
    async setSite(window: number, url: string | undefined): Promise<void> {
      await browser.storage.session.set({ [siteKey(window)]: url ?? '' });
    },
  };
}

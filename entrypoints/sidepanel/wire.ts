import { browser } from 'wxt/browser';
import type { Announcer } from '../../components/ui/LiveRegion.tsx';
import { activeSite, connectToBackground, followActivePage } from '../../lib/browser/page.ts';
import { openWizardTab } from '../../lib/browser/panel.ts';
import { requestAccess } from '../../lib/browser/permissions.ts';
import { inPageOf } from '../../lib/browser/pointing.ts';
import { browserReading } from '../../lib/browser/texts.ts';
import { createClient } from '../../lib/messages/client.ts';
import { createLiveClient } from '../../lib/messages/live-client.ts';
import type { PanelDependencies } from '../../lib/panel/dependencies.ts';
import { readLater } from '../../lib/store/later.ts';
import type { First } from './first.ts';
import { painted } from './painted.ts';
import { openTables } from './tables.ts';

/** Wires the view models of one page to the browser; `first` is what it has begun to find out. */
export async function wire(announcer: Announcer, first: First): Promise<PanelDependencies> {
  const { address, hello } = first;
  const { surface, window } = await first.surface;
  const { text, locale } = browserReading();
  return {
    send: createClient((message) => browser.runtime.sendMessage(message)),
    hello,
    live: createLiveClient(connectToBackground, surface === 'panel' ? window : undefined),
    store: readLater(async () => (await import('../../lib/store/index.ts')).openStoreReader()),
    voice: announcer,
    tables: openTables(),
    text,
    locale,
    now: () => new Date(),
    painted,
    after(milliseconds, callback) {
      const timer = setTimeout(callback, milliseconds);
      return () => clearTimeout(timer);
    },
    onReturn: whenSeenAgain,
    window,
    surface,
    // A tab is about what its address says; what a page's click asked for is the panel's.
    address: address ?? (surface === 'tab' ? { kind: 'home' } : undefined),
    siteOrigin: () => activeSite(window),
    onActivePage: (callback) => followActivePage(window, callback),
    requestAccess,
    inPage: inPageOf,
    openTab: (url) => void browser.tabs.create({ url }),
    openWizardTab: (id) => void openWizardTab(`?${new URLSearchParams({ run: id })}`),
    openBulkTab: (connection) => void openWizardTab(`?${new URLSearchParams({ bulk: '', connection })}`),
    save: saveAsFile,
    copy: (words) => navigator.clipboard.writeText(words),
  };
}

/** Hands a text to the browser's own downloads. */
function saveAsFile(name: string, text: string, type = 'application/json'): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The download has to have begun before its address may go.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** The page is looked at again, after another tab or another window. */
function whenSeenAgain(callback: () => void): () => void {
  let left = false;
  const leave = (): void => {
    left = true;
  };
  const back = (): void => {
    if (document.visibilityState === 'hidden') leave();
    else if (left) {
      left = false;
      callback();
    }
  };
  document.addEventListener('visibilitychange', back);
  window.addEventListener('blur', leave);
  window.addEventListener('focus', back);
  return () => {
    document.removeEventListener('visibilitychange', back);
    window.removeEventListener('blur', leave);
    window.removeEventListener('focus', back);
  };
}

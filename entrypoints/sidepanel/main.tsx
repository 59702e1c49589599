import { render } from 'preact';
import { browser } from 'wxt/browser';
import { createAnnouncer } from '../../components/ui/LiveRegion.tsx';
import { App } from '../../components/wizard/App.tsx';
import { activeSite, connectToBackground, followActivePage, pageSurface } from '../../lib/browser/page.ts';
import { openWizardTab } from '../../lib/browser/panel.ts';
import { requestOrigins } from '../../lib/browser/permissions.ts';
import { browserText, interfaceLanguage } from '../../lib/browser/texts.ts';
import { createClient } from '../../lib/messages/client.ts';
import { createLiveClient } from '../../lib/messages/live-client.ts';
import type { PanelDependencies } from '../../lib/panel/dependencies.ts';
import { openStoreReader } from '../../lib/store/index.ts';
import { openTable } from './open-table.ts';

/** Wires the wizard to the browser: beside a page, or in a tab of its own. */
async function start(root: HTMLElement): Promise<void> {
  const address = new URLSearchParams(location.search);
  const { surface, window } = await pageSurface();
  const announcer = createAnnouncer();
  const language = interfaceLanguage();
  document.documentElement.lang = language;
  const connection = address.get('connection');
  const member = address.get('member');
  const run = address.get('run');
  const dependencies: PanelDependencies = {
    send: createClient((message) => browser.runtime.sendMessage(message)),
    live: createLiveClient(connectToBackground, surface === 'panel' ? window : undefined),
    store: openStoreReader(),
    voice: announcer,
    openTable,
    text: browserText(),
    locale: language,
    now: () => new Date(),
    after(milliseconds, callback) {
      const timer = setTimeout(callback, milliseconds);
      return () => clearTimeout(timer);
    },
    onReturn: whenSeenAgain,
    window,
    surface,
    address:
      run !== null
        ? { kind: 'run', run }
        : connection !== null && member !== null
          ? { kind: 'member', connection, member }
          : surface === 'tab'
            ? // A tab is about what its address says; what a page's click asked for is the panel's.
              { kind: 'home' }
            : undefined,
    siteOrigin: () => activeSite(window),
    onActivePage: (callback) => followActivePage(window, callback),
    requestOrigin: (origin) => requestOrigins([origin]),
    openTab: (url) => void browser.tabs.create({ url }),
    openWizardTab: (id) => void openWizardTab(`?${new URLSearchParams({ run: id })}`),
    copy: (words) => navigator.clipboard.writeText(words),
  };
  render(<App dependencies={dependencies} announcer={announcer} />, root);
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

const root = document.getElementById('root');
if (root) void start(root);

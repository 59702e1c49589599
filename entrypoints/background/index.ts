import { browser } from 'wxt/browser';
import { defineBackground } from 'wxt/utils/define-background';
import { createWake } from '../../lib/browser/alarm.ts';
import { createBadge } from '../../lib/browser/badge.ts';
import { browserClock } from '../../lib/browser/clock.ts';
import { addScripts, reconcileOverlay, refreshOverlays } from '../../lib/browser/content-scripts.ts';
import { readCookie } from '../../lib/browser/cookies.ts';
import { withLock } from '../../lib/browser/locks.ts';
import { openPanel, openPanelByToolbarIcon, openWizardTab } from '../../lib/browser/panel.ts';
import { missingAccess, onPermissionsChanged, revokeAccess } from '../../lib/browser/permissions.ts';
import { acceptLivePorts, keepWindowTargets } from '../../lib/browser/ports.ts';
import { removedSites } from '../../lib/browser/removed-sites.ts';
import { browserReading } from '../../lib/browser/texts.ts';
import { createEngine } from '../../lib/engine/index.ts';
import { createLiveHub } from '../../lib/messages/live-hub.ts';
import { createServer, type MessageSender } from '../../lib/messages/server.ts';
import { batchRows } from '../../lib/store/batch-rows.ts';
import { openStore } from '../../lib/store/index.ts';
import { systemClock } from '../../lib/workspace/clock.ts';
import { browserFetch } from '../../lib/workspace/http.ts';
import { cookieSessions } from '../../lib/workspace/registry.ts';
import { createConnections } from './connections.ts';
import { createHandlers } from './handlers.ts';
import { createNews } from './news.ts';

/**
 * Builds the pieces and registers every listener before anything is awaited: an event that starts this background is
 * delivered only to listeners that are there at once.
 */
export default defineBackground({
  main() {
    const store = openStore();
    const hub = createLiveHub(
      (run) => store.run(run),
      (batch) => batchRows(store, batch),
      (window) => targets.get(window),
    );
    const connections = createConnections(
      store,
      {
        fetch: browserFetch,
        clock: systemClock(),
        session: cookieSessions(readCookie),
      },
      removedSites(),
    );
    const showOverlay = (inject: boolean): Promise<void> =>
      reconcileOverlay(inject, connections.overlaySites);
    const openness = new Map<string, string>();
    const wakeAt = createWake(() => void engine.recover());
    const engine = createEngine({
      store,
      workspace: connections.workspace,
      clock: browserClock,
      withLock,
      wakeAt,
      progress: createBadge(),
      changed(run) {
        hub.changed(run);
        // The member's page says "resume" while a run is open, and shows that it waits for a click there.
        const shown = run.open === undefined ? 'over' : run.phase === 'waiting' ? 'waiting' : 'open';
        if (openness.get(run.id) === shown) return;
        openness.set(run.id, shown);
        void refreshOverlays();
      },
      batchChanged: (batch) => hub.batchChanged(batch),
      trouble: (run, fields) => hub.trouble(run, fields),
      random: Math.random,
      newId: () => crypto.randomUUID(),
      reached: () => {},
    });

    const news = createNews(connections, engine, (message) => hub.news(message), refreshOverlays);
    const targets = keepWindowTargets(hub);
    const self = { id: browser.runtime.id, origin: new URL(browser.runtime.getURL('/')).origin };
    const handlers = createHandlers(
      engine,
      store,
      connections,
      {
        openPanel,
        openTab: openWizardTab,
        addScripts,
        missing: missingAccess,
        showOverlay: () => showOverlay(true),
        setTarget: targets.set,
        target: targets.get,
        listen: news.listen,
        async forget(connection, access) {
          news.stop(connection);
          // Pages that are open learn of it while they can still be found.
          await refreshOverlays();
          await revokeAccess(access);
          await showOverlay(false);
        },
      },
      browserReading(),
    );
    // biome-ignore lint/suspicious/noConsole: what was refused is worth a line for who looks, and holds no data.
    const serve = createServer(handlers, self, (refused) => console.warn(`Refused: ${refused}`));
    browser.runtime.onMessage.addListener(
      ((message: unknown, sender: MessageSender) => serve(message, sender) ?? undefined) as Parameters<
        typeof browser.runtime.onMessage.addListener
      >[0],
    );
    acceptLivePorts(hub, self);
    openPanelByToolbarIcon((window, url) => void targets.setSite(window, url));
    onPermissionsChanged(() => void showOverlay(true));
    browser.runtime.onInstalled.addListener(() => void showOverlay(true));
    browser.runtime.onStartup.addListener(() => void showOverlay(true));

    void showOverlay(false);
    void engine.recover();
  },
});

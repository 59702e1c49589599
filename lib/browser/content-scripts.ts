import { browser } from 'wxt/browser';
import type { ScriptPublicPath } from 'wxt/utils/inject-script';
import { grantedPatterns } from './permissions.ts';

const id = 'overlay';
// WXT knows the paths of a build only once it was built.
const file = '/overlay.js' as ScriptPublicPath;

let last: Promise<void> = Promise.resolve();

/**
 * Makes the overlay's registration fit the granted sites and, with `inject`, puts it into tabs that were open before.
 * Registrations are lost with an update of the extension, so this runs at every start; doing it again changes nothing.
 * One call at a time: two that found nothing registered would both register.
 */
export function reconcileOverlay(inject: boolean): Promise<void> {
  last = last.catch(() => {}).then(() => reconcile(inject));
  return last;
}

async function reconcile(inject: boolean): Promise<void> {
  const matches = (await grantedPatterns()).filter((pattern) => /^(https?|\*):\/\//.test(pattern));
  const registered = await browser.scripting.getRegisteredContentScripts({ ids: [id] });
  if (matches.length === 0) {
    if (registered.length > 0) await browser.scripting.unregisterContentScripts({ ids: [id] });
    return;
  }
  const script = { id, js: [file], matches, runAt: 'document_start' as const, persistAcrossSessions: false };
  if (registered.length === 0) await browser.scripting.registerContentScripts([script]);
  else if (JSON.stringify(registered[0]?.matches?.toSorted()) !== JSON.stringify(matches.toSorted()))
    await browser.scripting.updateContentScripts([script]);
  if (!inject) return;
  for (const tab of await browser.tabs.query({ url: matches })) {
    if (tab.id === undefined) continue;
    // A tab that is being closed, or an error page, takes no script.
    await browser.scripting.executeScript({ target: { tabId: tab.id }, files: [file] }).catch(() => {});
  }
}

/** What the background says to the overlay: look again. */
export const refreshMessage = 'overlay.refresh';

/** Asks every overlay to look again at what it shows. */
export async function refreshOverlays(): Promise<void> {
  const matches = (await grantedPatterns()).filter((pattern) => /^(https?|\*):\/\//.test(pattern));
  if (matches.length === 0) return;
  for (const { id: tab } of await browser.tabs.query({ url: matches })) {
    // Tabs without an overlay have nobody to hear it.
    if (tab !== undefined) void browser.tabs.sendMessage(tab, { refresh: refreshMessage }).catch(() => {});
  }
}

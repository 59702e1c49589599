import { browser } from 'wxt/browser';
import type { ScriptPublicPath } from 'wxt/utils/inject-script';
import { grantedPatterns, patternOf } from './permissions.ts';

const id = 'overlay';
/** The same script, for sites whose pages stand in frames. */
const framesId = 'overlay-frames';
// WXT knows the paths of a build only once it was built.
const file = '/overlay.js' as ScriptPublicPath;

/** Origins that are not like any other: those that are only called, and those with pages in frames. */
export interface OverlaySites {
  called: readonly string[];
  frames: readonly string[];
}

let last: Promise<void> = Promise.resolve();

/**
 * Makes the overlay's registration fit the granted sites and, with `inject`, puts it into tabs that were open before.
 * A granted site belongs to a workspace, or may turn out to: it gets the overlay unless `sites` says that it is only
 * called.
 * Registrations are lost with an update of the extension, so this runs at every start; doing it again changes nothing.
 * One call at a time: two that found nothing registered would both register.
 */
export function reconcileOverlay(inject: boolean, sites: () => Promise<OverlaySites>): Promise<void> {
  last = last.catch(() => {}).then(async () => reconcile(inject, await sites()));
  return last;
}

const isWeb = (pattern: string): boolean => /^(https?|\*):\/\//.test(pattern);

async function reconcile(inject: boolean, sites: OverlaySites): Promise<void> {
  const granted = (await grantedPatterns()).filter(isWeb);
  const frames = sites.frames.map(patternOf);
  // A pattern for many sites may hold these too.
  const excluded = [...frames, ...sites.called.map(patternOf)];
  const wanted = [
    { id, matches: granted.filter((pattern) => !excluded.includes(pattern)), excludeMatches: excluded },
    { id: framesId, matches: frames, allFrames: true },
  ];
  for (const script of wanted) await register(script);
  if (!inject) return;
  for (const { matches, excludeMatches, allFrames = false } of wanted) {
    if (matches.length === 0) continue;
    const spared = excludeMatches?.length ? await browser.tabs.query({ url: excludeMatches }) : [];
    for (const { id: tabId } of await browser.tabs.query({ url: matches })) {
      if (tabId === undefined || spared.some((tab) => tab.id === tabId)) continue;
      // A tab that is being closed, or an error page, takes no script.
      await browser.scripting
        .executeScript({ target: { tabId, allFrames }, files: [file] })
        .catch(() => undefined);
    }
  }
}

interface Wanted {
  id: string;
  matches: string[];
  excludeMatches?: string[];
  allFrames?: boolean;
}

async function register({ id, matches, excludeMatches = [], allFrames = false }: Wanted): Promise<void> {
  const [registered] = await browser.scripting.getRegisteredContentScripts({ ids: [id] });
  if (matches.length === 0) {
    if (registered) await browser.scripting.unregisterContentScripts({ ids: [id] });
    return;
  }
  const script = {
    id,
    js: [file],
    matches,
    excludeMatches,
    allFrames,
    runAt: 'document_start' as const,
    persistAcrossSessions: false,
  };
  const sorted = (patterns: readonly string[] = []): string => JSON.stringify(patterns.toSorted());
  if (!registered) await browser.scripting.registerContentScripts([script]);
  else if (
    sorted(registered.matches) !== sorted(matches) ||
    sorted(registered.excludeMatches) !== sorted(excludeMatches)
  )
    await browser.scripting.updateContentScripts([script]);
}

/** Scripts that go beside the overlay where a page needs them. */
export type PageScript = 'users' | 'recognition' | 'extras' | 'guard';

/** Puts into a page (0: a tab's own) what its overlay needs besides, in order; a page that is gone takes nothing. */
export async function addScripts(names: readonly PageScript[], tab: number, frame: number): Promise<void> {
  await browser.scripting
    .executeScript({
      target: { tabId: tab, frameIds: [frame] },
      files: names.map((name) => `/${name}.js` as ScriptPublicPath),
      // A control can be used long before the whole page is there.
      injectImmediately: true,
    })
    .catch(() => undefined);
}

/** What the background says to the overlay: look again. */
export const refreshMessage = 'overlay.refresh';

/** Asks every overlay to look again at what it shows. */
export async function refreshOverlays(): Promise<void> {
  const matches = (await grantedPatterns()).filter(isWeb);
  if (matches.length === 0) return;
  for (const { id: tab } of await browser.tabs.query({ url: matches })) {
    // Tabs without an overlay have nobody to hear it.
    if (tab !== undefined) void browser.tabs.sendMessage(tab, { refresh: refreshMessage }).catch(() => {});
  }
}

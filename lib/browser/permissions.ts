import { browser } from 'wxt/browser';

/** The match pattern of an origin. Ports cannot be part of one, so another port of the same host is covered too. */
export function patternOf(origin: string): string {
  const { protocol, hostname } = new URL(origin);
  return `${protocol}//${hostname}/*`;
}

/** Whether the extension may reach all of these origins. */
export function isGranted(origins: readonly string[]): Promise<boolean> {
  return browser.permissions.contains({ origins: origins.map(patternOf) });
}

/** Every match pattern that is granted now. */
export async function grantedPatterns(): Promise<string[]> {
  return (await browser.permissions.getAll()).origins ?? [];
}

/** Asks the browser's own question. Call it straight from a click on one of our pages. */
export function requestOrigins(origins: readonly string[]): Promise<boolean> {
  return browser.permissions.request({ origins: origins.map(patternOf) });
}

/** Gives access back, site by site; what the extension was installed with stays. */
export async function revokeOrigins(origins: readonly string[]): Promise<void> {
  for (const origin of origins)
    await browser.permissions.remove({ origins: [patternOf(origin)] }).catch(() => false);
}

/** Calls back whenever access to a site is given or taken away. */
export function onPermissionsChanged(callback: () => void): void {
  browser.permissions.onAdded.addListener(callback);
  browser.permissions.onRemoved.addListener(callback);
}

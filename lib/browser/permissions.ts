import { browser } from 'wxt/browser';
import type { Access } from '../workspace/port.ts';

/** The match pattern of an origin. Ports cannot be part of one, so another port of the same host is covered too. */
export function patternOf(origin: string): string {
  const { protocol, hostname } = new URL(origin);
  return `${protocol}//${hostname}/*`;
}

/** What of this the browser has not allowed (yet). */
export async function missingAccess({ origins, permissions }: Access): Promise<Access> {
  const lacking = async <T>(all: readonly T[], has: (one: T) => Promise<boolean>): Promise<T[]> => {
    const there = await Promise.all(all.map(has));
    return all.filter((_one, index) => !there[index]);
  };
  return {
    origins: await lacking(origins, (origin) =>
      browser.permissions.contains({ origins: [patternOf(origin)] }),
    ),
    permissions: await lacking(permissions, (name) => browser.permissions.contains({ permissions: [name] })),
  };
}

/** Every match pattern that is granted now. */
export async function grantedPatterns(): Promise<string[]> {
  return (await browser.permissions.getAll()).origins ?? [];
}

/** Asks the browser's own question, once for all of it. Call it straight from a click on one of our pages. */
export function requestAccess({ origins, permissions }: Access): Promise<boolean> {
  return browser.permissions.request({ origins: origins.map(patternOf), permissions });
}

/** Gives access back, one by one; what the extension was installed with stays. */
export async function revokeAccess({ origins, permissions }: Access): Promise<void> {
  const parts = [
    ...origins.map((origin) => ({ origins: [patternOf(origin)] })),
    ...permissions.map((name) => ({ permissions: [name] })),
  ];
  for (const part of parts) await browser.permissions.remove(part).catch(() => false);
}

/** Calls back whenever access to a site is given or taken away. */
export function onPermissionsChanged(callback: () => void): void {
  browser.permissions.onAdded.addListener(callback);
  browser.permissions.onRemoved.addListener(callback);
}

import { browser } from 'wxt/browser';

const key = 'removed';

/** Sites whose connection an admin took away: they come back only by connecting them again, whatever access is left. */
export interface RemovedSites {
  has(origin: string): Promise<boolean>;
  add(origins: readonly string[]): Promise<void>;
  forget(origins: readonly string[]): Promise<void>;
}

/** Kept where only the extension's own pages read, for as long as the extension is installed. */
export function removedSites(): RemovedSites {
  const read = async (): Promise<string[]> =>
    ((await browser.storage.local.get(key))[key] as string[] | undefined) ?? [];
  // One change at a time, or two would each write what they read.
  let last: Promise<void> = Promise.resolve();
  const change = (next: (sites: string[]) => string[]): Promise<void> => {
    last = last.catch(() => {}).then(async () => browser.storage.local.set({ [key]: next(await read()) }));
    return last;
  };
  return {
    has: async (origin) => (await read()).includes(origin),
    add: (origins) => change((sites) => [...new Set([...sites, ...origins])]),
    forget: (origins) => change((sites) => sites.filter((each) => !origins.includes(each))),
  };
}

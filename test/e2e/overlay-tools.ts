import type { Page } from 'puppeteer-core';
import type { Sandbox } from '../sandbox/server.ts';
import { findByRole } from './accessibility.ts';
import type { Chromium } from './chromium.ts';

/** What the page's own handlers heard of clicks, in order: trusted ones as true. */
export async function listenToClicks(page: Page, selector: string): Promise<() => Promise<boolean[]>> {
  await page.evaluate((wanted) => {
    const heard: boolean[] = [];
    Object.assign(window, { heard });
    document.addEventListener('click', (event) => {
      if (event.composedPath().some((each) => each instanceof Element && each.matches(wanted)))
        heard.push(event.isTrusted);
    });
  }, selector);
  return () => page.evaluate(() => (window as unknown as { heard: boolean[] }).heard);
}

/** Waits until something holds, asking every 30 ms; throws with `what` after `patience` milliseconds. */
export async function until(
  what: string,
  holds: () => Promise<boolean> | boolean,
  patience = 10_000,
): Promise<void> {
  const end = Date.now() + patience;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`It never came: ${what}.`);
    await pause(30);
  }
}

export const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

/** How many elements of this role and name there are now, in closed roots too. */
export const count = async (page: Page, role: string, name: string | RegExp): Promise<number> =>
  (await findByRole(page, role, name)).length;

/** A run in the workspace's registry that another browser made: ten items, of which three failed. */
export function registerRun(
  sandbox: Sandbox,
  id: string,
  leaver: string,
  phase: string,
  isOpen: boolean,
  moved = 7,
): void {
  const at = new Date().toISOString();
  const step = {
    id: 'tasks.open',
    kind: 'category',
    category: 'tasks.open',
    state: 'failed',
    total: 10,
    moved,
  };
  const record = {
    mode: 'executeOnly',
    phase,
    plan: { defaults: {}, changes: [], selected: [] },
    steps: [{ ...step, failed: 3, skipped: 0, unknown: 0 }],
    acknowledgements: [],
    startedAt: at,
    planHash: '0',
    journalHead: '0',
  };
  sandbox.database.run('DELETE FROM run WHERE id = ?', id);
  sandbox.database.run(
    'INSERT INTO run (id, leaver, by, fence, lease_until, open, updated_at, record) VALUES (?, ?, ?, 1, ?, ?, ?, ?)',
    ...[id, leaver, 'mem_02', at, Number(isOpen), at, JSON.stringify(record)],
  );
}

/** The journal of bypasses, read by one of our own pages. */
export async function bypasses(chromium: Chromium): Promise<unknown[]> {
  const wizard = await chromium.openWizardTab('');
  const found = await wizard.evaluate(
    () =>
      new Promise<unknown[]>((resolve, reject) => {
        const opening = indexedDB.open('offboarding');
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const range = IDBKeyRange.bound(['bypass:acme'], ['bypass:acme', []]);
          const reading = opening.result.transaction('journal').objectStore('journal').getAll(range);
          reading.onsuccess = () => {
            opening.result.close();
            resolve(reading.result);
          };
        };
      }),
  );
  await wizard.close();
  return found;
}

/** The categories of somebody who owns nothing, one of which could not be counted. */
export function unread(member: string): unknown {
  const category = {
    kind: 'tasks.open',
    action: 'reassign',
    batch: 50,
    condition: 'server',
    idempotent: true,
    columns: [],
    order: 1,
  };
  return {
    member,
    categories: [
      { ...category, id: 'tasks.open', count: null, unread: { reason: 'failed', detail: 'No answer.' } },
      { ...category, id: 'signatures', kind: 'signatures', count: 0 },
    ],
  };
}

/** Waits until an element has been where it is for half a second. */
export async function settled(page: Page, selector: string): Promise<void> {
  const placeOf = async (): Promise<string> => {
    const box = await (await page.$(selector))?.boundingBox();
    return box ? JSON.stringify(box) : '';
  };
  let last = '';
  let since = Date.now();
  await until(`${selector} stays where it is`, async () => {
    const now = await placeOf();
    if (now !== last || now === '') [last, since] = [now, Date.now()];
    return Date.now() - since > 500;
  });
}

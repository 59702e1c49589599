import { discoveryOf } from './engine.ts';
import type { Bare, Setting } from './protocol.ts';

interface Row {
  ref: string;
  value: unknown;
}

/** Clients without an engine: what the network and the workspace alone take for the same calls. */

async function get<T>(url: string): Promise<T> {
  const response = await fetch(url, { credentials: 'include', cache: 'no-store' });
  if (!response.ok) throw new Error(`${response.status} from ${new URL(url).pathname}`);
  return response.json() as Promise<T>;
}

async function send<T>(method: string, url: string, csrf: string, body: unknown, key?: string): Promise<T> {
  const response = await fetch(url, {
    method,
    credentials: 'include',
    cache: 'no-store',
    headers: {
      'content-type': 'application/json',
      'x-csrf-token': csrf,
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${response.status} from ${new URL(url).pathname}`);
  return response.json() as Promise<T>;
}

interface Listed {
  id: string;
  action: string;
  count: number;
}

/** Every page of one category, one after another, as its cursors allow. */
async function pages(
  api: string,
  member: string,
  category: string,
  limit: number,
  take: (items: Row[]) => void,
): Promise<number> {
  let cursor: string | undefined;
  let requests = 0;
  do {
    const parameters = new URLSearchParams({ member, category, limit: String(limit) });
    if (cursor !== undefined) parameters.set('cursor', cursor);
    const page: { items: Row[]; cursor?: string } = await get(`${api}/items?${parameters}`);
    requests += 1;
    take(page.items);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return requests;
}

/** The requests of a scan at the scan's concurrency: who acts, the survey, then every category's pages. */
export async function bareScan(setting: Setting): Promise<Bare> {
  const { urls, limits } = await discoveryOf(setting);
  const start = performance.now();
  await get(`${urls.api}/me`);
  const [survey] = await Promise.all([
    get<{ categories: Listed[] }>(`${urls.api}/categories?member=${setting.leaver}`),
    get(`${urls.scim}/Users/${setting.leaver}`),
  ]);
  const queue = survey.categories.filter(({ count }) => count > 0);
  let items = 0;
  let requests = 3;
  const lane = async (): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const read = await pages(urls.api, setting.leaver, next.id, limits.pageSize, (found) => {
        items += found.length;
      });
      requests += read;
    }
  };
  await Promise.all(Array.from({ length: limits.concurrency }, lane));
  return { milliseconds: performance.now() - start, items, requests };
}

/** Hands over the same items in the same batches with one call in flight; the lists are read before the clock runs. */
export async function sequential(setting: Setting): Promise<Bare> {
  const { urls, limits } = await discoveryOf(setting);
  const { csrf } = await get<{ csrf: string }>(`${urls.api}/me`);
  const run = crypto.randomUUID();
  const record = { mode: 'executeOnly', phase: 'executing', planHash: '', journalHead: '' };
  const { fence } = await send<{ fence: number }>('POST', `${urls.api}/runs`, csrf, {
    id: run,
    leaver: setting.leaver,
    record,
  });
  const survey = await get<{ categories: Listed[] }>(`${urls.api}/categories?member=${setting.leaver}`);
  const batches: { category: string; changes: unknown[] }[] = [];
  for (const { id, action, count } of survey.categories) {
    if (action !== 'reassign' || count === 0) continue;
    const rows: Row[] = [];
    await pages(urls.api, setting.leaver, id, limits.pageSize, (found) => rows.push(...found));
    for (let at = 0; at < rows.length; at += limits.batch)
      batches.push({
        category: id,
        changes: rows
          .slice(at, at + limits.batch)
          .map(({ ref, value }) => ({ ref, expect: value, set: { member: setting.receiver } })),
      });
  }
  const start = performance.now();
  let items = 0;
  const sent = batches.slice(0, setting.most);
  for (const batch of sent) {
    const { outcomes } = await send<{ outcomes: { result: string }[] }>(
      'POST',
      `${urls.api}/reassignments`,
      csrf,
      { run, fence, ...batch },
      crypto.randomUUID(),
    );
    items += outcomes.filter(({ result }) => result === 'applied').length;
  }
  const milliseconds = performance.now() - start;
  await send('PUT', `${urls.api}/runs/${run}`, csrf, { fence, open: false, record });
  return { milliseconds, items, requests: sent.length };
}

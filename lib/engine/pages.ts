import type { Category, Item } from '../offboarding/model.ts';
import { WorkspaceError } from '../workspace/errors.ts';
import type { Page, Workspace } from '../workspace/port.ts';

/**
 * A pass may list three times as many items as it counts, and so many more, for items come while pages are read; and
 * so many pages in a row may be empty. What goes on beyond that never ends.
 */
const mostBeyond = 1_000;
const mostEmpty = 100;

/** So many pages of a pass may wait to be stored while the next ones are read. */
const pagesBehind = 8;

/** A page on its way, and the next one where that was asked for before this one was through. */
interface Asked {
  page: Promise<Page<Item>>;
  next?: { cursor: string; asked: Asked };
}

/**
 * Reads all pages of a pass; the next page is asked for while the last one is still being validated, and then stored.
 * `seen` is told of the items of each page. Throws WorkspaceError: `invalid` for pages that lead in a circle or nowhere.
 */
export async function readPages(
  workspace: Pick<Workspace, 'scan'>,
  leaver: string,
  pass: readonly Category[],
  store: (items: Item[], position: number) => Promise<void>,
  seen: (items: readonly Item[]) => void,
  signal?: AbortSignal,
): Promise<void> {
  const ids = pass.map(({ id }) => id);
  let position = 0;
  const counted = pass.reduce((sum, { count }) => sum + (count ?? 0), 0);
  let empty = 0;
  const storing: Promise<void>[] = [];
  let cursor: string | undefined;
  const cursors = new Set<string>();
  const ask = (from?: string): Asked => {
    const mine: Asked = {
      page: workspace.scan(leaver, ids, from, signal, (following) => {
        // One page ahead and no more; what is kept back here is asked for once this one is through.
        if (asked === mine && !mine.next && !cursors.has(following))
          mine.next = { cursor: following, asked: ask(following) };
      }),
    };
    mine.page.catch(() => {});
    return mine;
  };
  let asked: Asked | undefined;
  asked = ask();
  do {
    const page: Page<Item> = await asked.page;
    cursor = page.cursor;
    const repeated = cursor !== undefined && cursors.has(cursor);
    if (cursor !== undefined && !repeated) {
      cursors.add(cursor);
      // On its way before this one is stored: writing down a page takes about as long as a short answer.
      asked = asked.next?.cursor === cursor ? asked.next.asked : ask(cursor);
    }
    if (storing.length >= pagesBehind) await storing.shift();
    const items = page.items.filter((item) => ids.includes(item.category));
    checkNamed(items, leaver);
    const stored = store(items, position);
    // Until it is awaited a failure must not count as unhandled.
    stored.catch(() => {});
    storing.push(stored);
    position += items.length;
    seen(items);
    empty = items.length === 0 ? empty + 1 : 0;
    const endless = cursor !== undefined && (empty > mostEmpty || position > 3 * counted + mostBeyond);
    if (repeated || endless) {
      await Promise.all(storing);
      throw new WorkspaceError(
        'invalid',
        repeated
          ? 'Expected each page to lead to a new one, got the same page again.'
          : `Expected pages that end after about ${counted} items, got ${position} items and no end.`,
      );
    }
  } while (cursor !== undefined);
  await Promise.all(storing);
}

/** What names somebody else is not the leaver's to be handed over. Throws WorkspaceError (`invalid`). */
function checkNamed(items: readonly Item[], leaver: string): void {
  const wrong = items.find(({ value }) => 'member' in value && value.member !== leaver);
  if (wrong)
    throw new WorkspaceError(
      'invalid',
      `Expected items that name the leaver at "${wrong.category}", got one that names somebody else.`,
    );
}

/** Categories that are read together. */
export function passes<C extends Category>(categories: readonly C[]): C[][] {
  const byPass = new Map<string, C[]>();
  for (const category of categories) {
    const key = category.pass ?? category.id;
    byPass.set(key, [...(byPass.get(key) ?? []), category]);
  }
  return [...byPass.values()];
}

/** Does `work` for each element, at most `width` at once. The first failure stops the rest. */
export async function inParallel<T>(
  elements: readonly T[],
  width: number,
  work: (element: T) => Promise<void>,
): Promise<void> {
  const queue = [...elements];
  const lane = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      try {
        await work(next);
      } catch (error) {
        queue.length = 0;
        throw error;
      }
    }
  };
  const lanes = await Promise.allSettled(Array.from({ length: Math.max(1, width) }, lane));
  const failed = lanes.find((each) => each.status === 'rejected');
  if (failed) throw failed.reason;
}

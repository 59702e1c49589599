import type { Category, Item, Run, RunItem, ScannedCategory } from '../offboarding/model.ts';
import { StorageFailed } from '../store/store.ts';
import { WorkspaceError } from '../workspace/errors.ts';
import type { Survey, Workspace } from '../workspace/port.ts';
import { backoff, longestSleep } from './backoff.ts';
import type { Context } from './context.ts';

/** How often a scan in progress is shown, milliseconds. */
const showEvery = 200;
/** Names of appeared and vanished items that are kept for the list; the numbers are always whole. */
const namesKept = 50;

type ScanChanges = Run['scan']['changes'][number];

/**
 * Surveys a draft's leaver and reads all their items into the store; records progress, result or failure in the run.
 * What an earlier scan found is kept by ref; what vanished is removed. Never rejects: a failure is the
 * scan's result.
 */
export async function scanDraft(context: Context, workspace: Workspace, runId: string): Promise<void> {
  try {
    const before = context.latest(runId) ?? (await context.store.run(runId));
    if (!before) return;
    const survey = await patiently(context, () => workspace.survey(before.leaver.id));
    await context.reached('scan.surveyed');
    const run = await context.change(runId, (stored) => surveyed(stored, survey));
    const again = before.scan.endedAt !== undefined;
    const changes = await readAll(context, workspace, run, again);
    await context.reached('scan.read');
    await context.change(runId, (stored) => ({
      ...stored,
      scan: { ...stored.scan, state: 'done', endedAt: context.timestamp(), changes },
    }));
  } catch (error) {
    const key =
      error instanceof WorkspaceError ? error.kind : error instanceof StorageFailed ? 'storage' : 'internal';
    const detail = error instanceof Error ? error.message : String(error);
    const failed = (stored: Run): Run => ({
      ...stored,
      scan: { ...stored.scan, state: 'failed', error: { key, detail } },
    });
    await context.change(runId, failed).catch(() => {
      const run = context.latest(runId);
      if (run) context.changed(failed(run));
    });
  }
}

/** The run with a new survey in it: categories to be read, the leaver as they are now. */
function surveyed(run: Run, survey: Survey): Run {
  const categories = survey.categories.map((category): ScannedCategory => {
    const empty = category.count === 0 || category.count === null;
    return { ...category, state: empty ? 'done' : 'queued', found: 0 };
  });
  return {
    ...run,
    leaver: survey.leaver,
    blockers: survey.blockers,
    completion: survey.completion,
    mode: survey.leaver.active ? run.mode : 'executeOnly',
    categories,
  };
}

/** Reads every category that has something, several passes at once. Resolves with what changed since the last scan. */
async function readAll(
  context: Context,
  workspace: Workspace,
  run: Run,
  again: boolean,
): Promise<ScanChanges[]> {
  const found = new Map<string, number>();
  const changes: ScanChanges[] = [];
  let shownAt = 0;
  const show = async (state?: {
    pass: Category[];
    state: ScannedCategory['state'];
    unread?: Category['unread'];
  }) => {
    const now = context.clock.now().getTime();
    if (!state && now - shownAt < showEvery) return;
    shownAt = now;
    const stored = await context.change(run.id, (each) => ({
      ...each,
      categories: each.categories.map((category) => {
        const next = { ...category, found: found.get(category.id) ?? category.found };
        if (!state?.pass.some(({ id }) => id === category.id)) return next;
        if (state.state === 'failed') return { ...next, state: 'failed', count: null, unread: state.unread };
        // What was read is the truth, save where a category's items cannot be listed at all.
        if (state.state === 'done' && next.action !== 'manual')
          return { ...next, state: 'done', count: next.found };
        return { ...next, state: state.state };
      }),
    }));
    context.progress(stored);
  };

  const readPass = async (pass: Category[]): Promise<void> => {
    await show({ pass, state: 'running' });
    const seen = new Map(pass.map(({ id }) => [id, new Set<string>()]));
    const added = new Map(pass.map(({ id }) => [id, [] as Item[]]));
    try {
      const merge = async (items: Item[], position: number) => {
        const merged = await context.store.mergeItems(run.id, items, position);
        for (const item of merged.added) added.get(item.category)?.push(item);
      };
      await readPages(patient(context, workspace), run.leaver.id, pass, merge, async (item) => {
        seen.get(item.category)?.add(item.ref);
        found.set(item.category, seen.get(item.category)?.size ?? 0);
        await show();
      });
      for (const { id } of pass) {
        found.set(id, seen.get(id)?.size ?? 0);
        const vanished = await context.store.removeItems(run.id, id, seen.get(id) ?? new Set());
        if (again) changes.push(...changeOf(id, added.get(id) ?? [], vanished));
      }
      await checkWhole(context, workspace, run.leaver.id, pass, found);
      await show({ pass, state: 'done' });
    } catch (error) {
      if (!(error instanceof WorkspaceError) || error.kind === 'auth') throw error;
      const reason = error.kind === 'forbidden' ? 'forbidden' : 'failed';
      await show({ pass, state: 'failed', unread: { reason, detail: error.message } });
    }
  };

  await inParallel(
    passes(run.categories.filter(({ state }) => state === 'queued')),
    workspace.limits.concurrency,
    readPass,
  );
  // A category that is empty now may still have rows of an earlier scan.
  for (const { id, state, count } of run.categories) {
    if (state !== 'done' || count !== 0) continue;
    const vanished = await context.store.removeItems(run.id, id, new Set());
    if (again) changes.push(...changeOf(id, [], vanished));
  }
  return changes;
}

/**
 * Reads all pages of a pass; the next page is asked for while the last one is being stored. `seen` is told of each
 * item once, however often the pages repeat it.
 */
export async function readPages(
  workspace: Pick<Workspace, 'scan'>,
  leaver: string,
  pass: readonly Category[],
  store: (items: Item[], position: number) => Promise<void>,
  seen: (item: Item) => void | Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  const ids = pass.map(({ id }) => id);
  let position = 0;
  let storing: Promise<void> = Promise.resolve();
  let cursor: string | undefined;
  const cursors = new Set<string>();
  do {
    const page = await workspace.scan(leaver, ids, cursor, signal);
    await storing;
    const items = page.items.filter((item) => ids.includes(item.category));
    storing = store(items, position);
    // Until it is awaited a failure must not count as unhandled.
    storing.catch(() => {});
    position += items.length;
    for (const item of items) await seen(item);
    cursor = page.cursor;
    if (cursor !== undefined && cursors.has(cursor)) {
      await storing;
      throw new WorkspaceError(
        'invalid',
        'Expected each page to lead to a new one, got the same page again.',
      );
    }
    if (cursor !== undefined) cursors.add(cursor);
  } while (cursor !== undefined);
  await storing;
}

/**
 * Fails when the workspace counts more items than it lists, and goes on doing so when asked again: then something
 * would stay behind unseen. Throws WorkspaceError (`invalid`).
 */
async function checkWhole(
  context: Context,
  workspace: Workspace,
  leaver: string,
  pass: readonly Category[],
  found: ReadonlyMap<string, number>,
): Promise<void> {
  const short = pass.filter(
    ({ id, action, count }) => action !== 'manual' && (count ?? 0) > (found.get(id) ?? 0),
  );
  if (short.length === 0) return;
  const survey = await patiently(context, () => workspace.survey(leaver));
  for (const { id } of short) {
    const count = survey.categories.find((each) => each.id === id)?.count ?? 0;
    const listed = found.get(id) ?? 0;
    if (count > listed)
      throw new WorkspaceError(
        'invalid',
        `Expected a list of ${count} items, as the workspace counts them, got ${listed}.`,
      );
  }
}

/** A scan may be repeated at will, so a short fault costs no more than a moment. */
const triesBeforeGivingUp = 5;

async function patiently<T>(context: Context, call: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof WorkspaceError) || !['transient', 'throttled'].includes(error.kind)) throw error;
      const wait = backoff(tries, error.retryAfter, context.random());
      if (tries >= triesBeforeGivingUp || wait > longestSleep) throw error;
      await context.clock.sleep(wait, new AbortController().signal);
    }
  }
}

/** The same workspace, whose pages are asked for again after a short fault. */
function patient(context: Context, workspace: Workspace): Pick<Workspace, 'scan'> {
  return { scan: (...parameters) => patiently(context, () => workspace.scan(...parameters)) };
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

function changeOf(category: string, appeared: readonly Item[], vanished: readonly RunItem[]): ScanChanges[] {
  if (appeared.length === 0 && vanished.length === 0) return [];
  return [
    {
      category,
      appeared: appeared.slice(0, namesKept).map(({ title }) => title),
      appearedCount: appeared.length,
      vanished: vanished.slice(0, namesKept).map(({ title }) => title),
      vanishedCount: vanished.length,
    },
  ];
}

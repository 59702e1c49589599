import { withoutOutdatedTicks } from '../offboarding/acknowledgement.ts';
import type { Category, Item, Run, RunItem, ScannedCategory } from '../offboarding/model.ts';
import { StorageFailed } from '../store/store.ts';
import { WorkspaceError } from '../workspace/errors.ts';
import type { Survey, Workspace } from '../workspace/port.ts';
import { type Context, clearedTicks } from './context.ts';
import { inParallel, passes, readPages } from './pages.ts';
import { createPatience, lookAgain, type Patience, withoutWait } from './patience.ts';
import { later } from './session.ts';

/** How often a scan in progress is shown, milliseconds. */
const showEvery = 200;
/** Names of appeared and vanished items that are kept for the list; the numbers are always whole. */
const namesKept = 50;

/** So often a pass is read before its answers count as malformed. */
const readings = 3;

type ScanChanges = Run['scan']['changes'][number];

/**
 * Surveys a draft's leaver and reads all their items into the store; records progress, result or failure in the run.
 * What an earlier scan found is kept by ref; what vanished is removed; what appeared and vanished is recorded with
 * it, so that an interrupted scan loses none of it. Never rejects: a failure is the scan's result. A run that is
 * no draft any more is left alone.
 */
export async function scanDraft(context: Context, workspace: Workspace, runId: string): Promise<void> {
  try {
    const before = await context.store.run(runId);
    if (before?.phase !== 'draft') return;
    const patiently = createPatience(context, before);
    const survey = await patiently(() => workspace.survey(before.leaver.id));
    await context.reached('scan.surveyed');
    const run = await context.change(runId, (stored) => surveyed(draft(stored), survey));
    const again = before.scan.endedAt !== undefined;
    await readAll(context, workspace, patiently, run, again);
    await context.reached('scan.read');
    const at = context.timestamp();
    await context.change(
      runId,
      (stored) => ({
        ...withoutOutdatedTicks(draft(stored)),
        scan: { ...withoutWait(stored.scan), state: 'done', endedAt: at },
      }),
      clearedTicks(at),
    );
  } catch (error) {
    if (error instanceof NoDraft) return;
    const key =
      error instanceof WorkspaceError ? error.kind : error instanceof StorageFailed ? 'storage' : 'internal';
    const detail = error instanceof Error ? error.message : String(error);
    const typed = error instanceof WorkspaceError && error.typed;
    const failed = (stored: Run, reason: string): Pick<Run, 'scan'> => ({
      scan: {
        ...withoutWait(stored.scan),
        state: 'failed',
        error: { key: reason, detail, ...(typed && { typed }) },
        // Whoever is signed out may be back in a moment.
        ...(reason === 'auth' && stored.batch === undefined && { resumeAt: later(context, lookAgain) }),
      },
    });
    await context
      .change(runId, (stored) => ({ ...draft(stored), ...failed(stored, key) }))
      .catch((again: unknown) => {
        if (again instanceof NoDraft) return;
        const run = context.latest(runId);
        if (run) context.trouble(run, failed(run, again instanceof StorageFailed ? 'storage' : key));
      });
  }
}

/** The run was started or discarded meanwhile: a scan has no say in it any more. */
class NoDraft extends Error {}

function draft(run: Run): Run {
  if (run.phase !== 'draft') throw new NoDraft();
  return run;
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
    notes: survey.notes ?? [],
    completion: survey.completion,
    mode: survey.leaver.active ? run.mode : 'executeOnly',
    categories,
  };
}

/** Reads every category that has something, several passes at once; `again`: and records what changed since. */
async function readAll(
  context: Context,
  workspace: Workspace,
  patiently: Patience,
  run: Run,
  again: boolean,
): Promise<void> {
  const patient: Pick<Workspace, 'scan'> = {
    scan: (...parameters) => patiently(() => workspace.scan(...parameters)),
  };
  const found = new Map<string, number>();
  let shownAt = 0;
  const show = async (state?: {
    pass: Category[];
    state: ScannedCategory['state'];
    unread?: Category['unread'];
  }): Promise<void> => {
    shownAt = context.clock.now().getTime();
    const stored = await context.change(run.id, (each) => ({
      ...draft(each),
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
  let showing = Promise.resolve();
  let failure: { error: unknown } | undefined;
  /** Shows progress while reading goes on; that it could not be stored is told at the next call. */
  const showSoon = (): void => {
    if (failure) throw failure.error;
    if (context.clock.now().getTime() - shownAt < showEvery) return;
    showing = show().catch((error: unknown) => {
      failure = { error };
    });
  };

  /** An earlier scan may have left something, be it only half a page: most have not, and are spared looking for it. */
  const nothing = !again && (await context.store.hasNoItems(run.id));

  /** Reads a pass from its beginning to its end; resolves true when its items changed hands meanwhile. */
  const readOnce = async (pass: Category[], first: boolean): Promise<boolean> => {
    const seen = new Map(pass.map(({ id }) => [id, new Set<string>()]));
    const appeared = new Map(pass.map(({ id }) => [id, new Map<string, RunItem>()]));
    const clear = nothing && first;
    if (!clear) for (const { id } of pass) await context.store.sealItems(run.id, id);
    const fresh = clear || (!again && (await isEmpty(context, run.id, pass)));
    const merge = async (items: Item[], position: number): Promise<void> => {
      const known = again ? await knownOf(context, run.id, items) : new Set(items);
      await context.store.mergeItems(
        run.id,
        items.filter((item) => known.has(item)),
        position,
        fresh,
      );
      items.forEach((item, index) => {
        if (known.has(item)) return;
        const row: RunItem = { ...item, run: run.id, position: position + index, state: 'planned' };
        appeared.get(item.category)?.set(item.ref, row);
      });
    };
    await readPages(patient, run.leaver.id, pass, merge, (items) => {
      for (const { category, ref } of items) seen.get(category)?.add(ref);
      for (const { id } of pass) found.set(id, seen.get(id)?.size ?? 0);
      showSoon();
    });
    await showing;
    const moved = await checkWhole(patiently, workspace, run.leaver.id, pass, found);
    for (const { id } of pass) {
      if (fresh) await context.store.sealItems(run.id, id);
      else {
        const rows = [...(appeared.get(id)?.values() ?? [])];
        await context.store.putItems(rows, (stored) => withChange(draft(stored), id, rows, []));
        await remove(id, seen.get(id) ?? new Set());
      }
    }
    return moved;
  };

  const remove = (id: string, keep: ReadonlySet<string>): Promise<RunItem[]> =>
    context.store.removeItems(run.id, id, keep, (stored, vanished) =>
      again ? withChange(draft(stored), id, [], vanished) : undefined,
    );

  const readPass = async (pass: Category[]): Promise<void> => {
    await show({ pass, state: 'running' });
    try {
      for (let tries = 1; ; tries += 1) {
        try {
          // Pages shift when items change hands while they are read: one may have slipped through.
          if (!(await readOnce(pass, tries === 1)) || tries >= readings) break;
        } catch (error) {
          // One that was spoiled may come whole the next time.
          const repeat = error instanceof WorkspaceError && error.kind === 'invalid' && tries < readings;
          if (!repeat) throw error;
        }
      }
      await show({ pass, state: 'done' });
    } catch (error) {
      if (!(error instanceof WorkspaceError) || error.kind === 'auth') throw error;
      const reason = error.kind === 'forbidden' ? 'forbidden' : 'failed';
      await show({ pass, state: 'failed', unread: { reason, detail: error.message } });
    }
  };

  // A category that is empty now may still have rows of an earlier scan; no failure of another one shall keep them.
  for (const { id, state, count } of run.categories) {
    if (nothing || state !== 'done' || count !== 0) continue;
    await remove(id, new Set());
  }
  await inParallel(
    passes(run.categories.filter(({ state }) => state === 'queued')),
    workspace.limits.concurrency,
    readPass,
  );
}

/** Those of the items that are stored already. */
async function knownOf(context: Context, run: string, items: readonly Item[]): Promise<Set<Item>> {
  const categories = [...new Set(items.map(({ category }) => category))];
  const known = await Promise.all(
    categories.map(async (id) => {
      const mine = items.filter(({ category }) => category === id);
      const rows = await context.store.items.byRef(
        run,
        id,
        mine.map(({ ref }) => ref),
      );
      return mine.filter((_item, index) => rows[index] !== undefined);
    }),
  );
  return new Set(known.flat());
}

/** Nothing of these categories is stored yet: what a scan of them finds needs no comparing. */
async function isEmpty(context: Context, run: string, pass: readonly Category[]): Promise<boolean> {
  for (const { id } of pass) if ((await context.store.items.page(run, id, 1)).length > 0) return false;
  return true;
}

/**
 * Fails when the workspace counts more items than it lists, and goes on doing so when asked again: then something
 * would stay behind unseen. Resolves true when the count is another one by then. Throws WorkspaceError (`invalid`).
 */
async function checkWhole(
  patiently: Patience,
  workspace: Workspace,
  leaver: string,
  pass: readonly Category[],
  found: ReadonlyMap<string, number>,
): Promise<boolean> {
  const short = pass.filter(
    ({ id, action, count }) => action !== 'manual' && (count ?? 0) > (found.get(id) ?? 0),
  );
  if (short.length === 0) return false;
  const survey = await patiently(() => workspace.survey(leaver));
  for (const { id } of short) {
    const count = survey.categories.find((each) => each.id === id)?.count ?? 0;
    const listed = found.get(id) ?? 0;
    if (count > listed)
      throw new WorkspaceError(
        'invalid',
        `Expected a list of ${count} items, as the workspace counts them, got ${listed}.`,
      );
  }
  return true;
}

/** The run with these items added to the list of what its scan found changed. */
function withChange(
  run: Run,
  category: string,
  appeared: readonly Item[],
  vanished: readonly Item[],
): Run | undefined {
  if (appeared.length === 0 && vanished.length === 0) return undefined;
  const before = run.scan.changes.find((each) => each.category === category);
  const names = (known: readonly string[] = [], items: readonly Item[]): string[] =>
    [...known, ...items.map(({ title }) => title)].slice(0, namesKept);
  const change: ScanChanges = {
    category,
    appeared: names(before?.appeared, appeared),
    appearedCount: (before?.appearedCount ?? 0) + appeared.length,
    vanished: names(before?.vanished, vanished),
    vanishedCount: (before?.vanishedCount ?? 0) + vanished.length,
  };
  const others = run.scan.changes.filter((each) => each.category !== category);
  return { ...run, scan: { ...run.scan, changes: [...others, change] } };
}

import { Refused } from '../messages/refused.ts';
import { isShared, rowOf, sharedFault } from '../offboarding/batch.ts';
import type { Batch } from '../offboarding/batch-model.ts';
import { isStale } from '../offboarding/eligibility.ts';
import type { Pause } from '../offboarding/holdups.ts';
import type { Note, Run } from '../offboarding/model.ts';
import { WorkspaceError } from '../workspace/errors.ts';
import type { Workspace } from '../workspace/port.ts';
import type { Keeper } from './batch-keeper.ts';
import type { Context } from './context.ts';
import { type createDrafts, newRun, openKey } from './drafts.ts';
import { isCertain } from './identity.ts';
import { inParallel } from './pages.ts';
import { register } from './registry.ts';
import type { Schedule } from './schedule.ts';

/** What the schedule calls a batch. */
export const key = (batch: string): string => `batch ${batch}`;

/** While users are checked, the background asks to be woken after so long, should it be stopped; milliseconds. */
const watch = 30_000;
/** A check that the session or the connection broke off tries again by itself after so long. */
const lookAgain = 30_000;

/** Whether a user still has to be checked. What failed for a reason of its own is checked again only when asked. */
export function needsScan(run: Run | undefined): boolean {
  if (!run) return true;
  if (run.phase !== 'draft') return false;
  const { state, error } = run.scan;
  return (
    state === 'none' ||
    state === 'running' ||
    (state === 'failed' && sharedFault(error?.key ?? '') !== undefined)
  );
}

/** Makes a draft of each user of a batch and scans it, several at once. */
export function createPreparation(
  context: Context,
  schedule: Schedule,
  drafts: Pick<ReturnType<typeof createDrafts>, 'scanToEnd'>,
  { stored, change, exclusively }: Pick<Keeper, 'stored' | 'change' | 'exclusively'>,
) {
  const underWay = new Map<string, { again: boolean }>();

  /** Checks whoever is not checked yet. Never rejects; a second call lets the first one look again at its end. */
  const prepare = async (id: string): Promise<void> => {
    const busy = underWay.get(id);
    if (busy) {
      busy.again = true;
      schedule.set(key(id), new Date(context.clock.now().getTime() + watch));
      return;
    }
    const mine = { again: false };
    underWay.set(id, mine);
    try {
      await context.withLock(`batch:${id}`, async () => {
        do {
          mine.again = false;
          await checkAll(id);
        } while (mine.again);
      });
      schedule.set(key(id), null);
    } catch (error) {
      await breakOff(id, error).catch(() => {});
    } finally {
      underWay.delete(id);
    }
  };

  const checkAll = async (id: string): Promise<void> => {
    const batch = await stored(id);
    if (batch.phase !== 'draft') return;
    if (batch.pause) await change(id, ({ pause: _pause, ...before }) => before);
    const workspace = await context.workspace(batch.connection);
    const found = await context.store.runsById(batch.members.map(({ run }) => run));
    const open = batch.members.filter(({ refused }, index) => !refused && needsScan(found[index]));
    await inParallel(open, workspace.limits.concurrency * 2, async (entry) => {
      schedule.set(key(id), new Date(context.clock.now().getTime() + watch));
      const now = await context.store.batch(id);
      if (now?.phase !== 'draft' || !now.members.some(({ run }) => run === entry.run)) return;
      const run = await draftOf(now, entry, workspace);
      if (!run || !needsScan(run)) return;
      await drafts.scanToEnd(run, workspace);
      const error = (await context.store.run(run.id))?.scan.error;
      const kind = error && sharedFault(error.key);
      if (kind) throw new Interrupted({ kind, detail: error.detail, ...(error.typed && { typed: true }) });
    });
    await lookTogether(id, workspace);
  };

  /** The draft of a user; undefined when there can be none, which is then recorded. */
  const draftOf = async (
    batch: Batch,
    { run: id, member }: Batch['members'][number],
    workspace: Workspace,
  ): Promise<Run | undefined> => {
    const known = await context.store.run(id);
    if (known) return known;
    const leaver = { ...member, admin: 'unknown' as const };
    const open = openKey(batch.connection, member.id);
    const made = { ...newRun(context, batch.connection, batch.by, leaver, open), id, batch: batch.id };
    const { run, created } = await context.store.createRun(made, {
      at: context.timestamp(),
      kind: 'created',
      data: { leaver: member.id, by: batch.by.id ?? null, batch: batch.id },
    });
    await context.reached('batch.drafted');
    if (!created) {
      const detail = `${member.name} has an open run already${run.by.name === undefined ? '' : `, by ${run.by.name}`}.`;
      return refuse(batch.id, id, { code: 'openElsewhere', detail });
    }
    try {
      return await register(context, workspace, context.observe(run));
    } catch (error) {
      if (!(error instanceof Refused) || !isCertain(error)) throw error;
      await context.store.deleteRun(id);
      return refuse(batch.id, id, { code: error.refusal.code, detail: error.refusal.detail });
    }
  };

  const refuse = async (
    batch: string,
    run: string,
    refused: { code: string; detail: string },
  ): Promise<undefined> => {
    await exclusively(batch, () =>
      change(batch, (before) => ({
        ...before,
        members: before.members.map((each) => (each.run === run ? { ...each, refused } : each)),
      })),
    );
    return undefined;
  };

  /** What follows from all of them together, once each is known by itself. */
  const lookTogether = async (id: string, workspace: Workspace): Promise<void> => {
    const batch = await stored(id);
    const found = await context.store.runsById(batch.members.map(({ run }) => run));
    const leavers = batch.members
      .filter((member, index) => rowOf(member, found[index]).state === 'ready')
      .map(({ member }) => member.id);
    const notes =
      leavers.length === 0
        ? []
        : await workspace.bulk?.together?.(leavers).catch((error: unknown): Note[] => {
            if (!(error instanceof WorkspaceError)) throw error;
            return [{ tone: 'warning', message: error.message }];
          });
    await exclusively(id, () =>
      change(id, (before) =>
        before.phase !== 'draft' || JSON.stringify(before.notes) === JSON.stringify(notes ?? [])
          ? undefined
          : { ...before, notes: notes ?? [] },
      ),
    );
  };

  const breakOff = async (id: string, error: unknown): Promise<void> => {
    const pause: Pause =
      error instanceof Interrupted
        ? error.pause
        : { kind: 'internal', detail: error instanceof Error ? error.message : String(error) };
    const resumeAt = new Date(context.clock.now().getTime() + lookAgain);
    await exclusively(id, () =>
      change(id, (batch) =>
        batch.phase === 'draft'
          ? { ...batch, pause: isShared(pause) ? { ...pause, resumeAt: resumeAt.toISOString() } : pause }
          : undefined,
      ),
    );
    schedule.set(key(id), isShared(pause) ? resumeAt : null);
  };

  /** Has everybody checked again who could not be offboarded, or whose check is too old. */
  const checkAgain = async (batch: Batch): Promise<void> => {
    const now = context.clock.now();
    for (const run of await context.store.runsById(batch.members.map((each) => each.run))) {
      if (run?.phase !== 'draft') continue;
      const { state, endedAt } = run.scan;
      const blocked = state === 'done' && run.blockers.length > 0;
      if (state !== 'failed' && !blocked && !(state === 'done' && isStale(endedAt, now))) continue;
      await context.change(run.id, (stored) => {
        const { error: _error, ...scan } = stored.scan;
        return stored.phase === 'draft' ? { ...stored, scan: { ...scan, state: 'none' } } : undefined;
      });
    }
  };

  return { prepare, checkAgain };
}

/** The check of all stops for a reason that concerns all. */
class Interrupted extends Error {
  readonly pause: Pause;

  constructor(pause: Pause) {
    super(pause.detail);
    this.pause = pause;
  }
}

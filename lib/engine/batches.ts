import { Refused } from '../messages/refused.ts';
import {
  type Batch,
  type BatchEdit,
  type BatchMember,
  type BatchRow,
  batchLimit,
  isShared,
  repeated,
  repeatsBeforePause,
  rowOf,
  standstill,
  todoOf,
  withDecisions,
} from '../offboarding/batch.ts';
import { summarise } from '../offboarding/batch-summary.ts';
import { isStale } from '../offboarding/eligibility.ts';
import type { Pause, Run, Viewer } from '../offboarding/model.ts';
import type { Workspace } from '../workspace/port.ts';
import { createPreparation, key, needsScan } from './batch-preparation.ts';
import type { Context } from './context.ts';
import type { createDrafts } from './drafts.ts';
import type { Batches } from './engine.ts';
import { authorise, isSamePerson } from './identity.ts';
import type { Schedule } from './schedule.ts';

/** While a batch executes, the background asks to be woken after so long, should it be stopped; milliseconds. */
const watch = 30_000;

/** What a batch does with its runs; who asks for it has been asked already. */
export interface RunCommands {
  begin(run: Run, workspace: Workspace, viewer: Viewer, decide: (run: Run) => Run): Promise<Run>;
  pause(run: string): Promise<Run>;
  goOn(run: string): Promise<Run>;
  end(run: string): Promise<Run>;
  retry(run: string, viewer: Viewer): Promise<Run>;
}

/**
 * Batches: each user is a run of its own, and a batch is no more than who is in it, what was decided for all of them,
 * and whether it goes on. It looks at its rows whenever one of its runs has changed, and begins as many as the
 * connection can keep busy; so whatever dies, the next look finds what is left to do.
 */
export function createBatches(
  context: Context,
  schedule: Schedule,
  drafts: ReturnType<typeof createDrafts>,
  runs: RunCommands,
) {
  /** The rows of the batches at work, by run, as far as they were heard of. */
  const known = new Map<string, Map<string, BatchRow>>();
  const queues = new Map<string, Promise<unknown>>();

  /** One piece of work after another for each batch. */
  const exclusively = <T>(id: string, work: () => Promise<T>): Promise<T> => {
    const result = (queues.get(id) ?? Promise.resolve()).then(work, work);
    queues.set(
      id,
      result.catch(() => {}),
    );
    return result;
  };
  const stored = async (id: string): Promise<Batch> => {
    const batch = await context.store.batch(id);
    if (!batch) throw new Refused('stale', 'This batch is not in this browser any more.');
    return batch;
  };
  const change = async (id: string, edit: (batch: Batch) => Batch | undefined): Promise<Batch> => {
    const at = context.timestamp();
    const batch = await context.store.updateBatch(id, (before) => {
      const next = edit(before);
      return next && { ...next, updatedAt: at };
    });
    known.delete(id);
    context.batchChanged?.(batch);
    return batch;
  };
  const rowsOf = async ({ id, members }: Batch): Promise<BatchRow[]> => {
    let rows = known.get(id);
    if (!rows) {
      const found = await context.store.runsById(members.map(({ run }) => run));
      // What was stored meanwhile has been announced already, and is newer.
      rows = new Map(
        members.map((member, index) => [
          member.run,
          rowOf(member, newer(found[index], context.latest(member.run))),
        ]),
      );
      known.set(id, rows);
    }
    return [...rows.values()];
  };
  const preparation = createPreparation(context, schedule, drafts, { stored, change, exclusively });

  /** Does what there is to do, as far as it can be done now. */
  const advance = async (id: string): Promise<void> => {
    for (;;) {
      const batch = await context.store.batch(id);
      if (!batch || (batch.phase !== 'executing' && batch.phase !== 'stopping')) return;
      const rows = await rowsOf(batch);
      const todo = todoOf(batch, rows);
      const workspace = await context.workspace(batch.connection);
      for (const run of todo.discard) await drafts.giveUp(run, workspace, batch.by);
      if (todo.over) return end(id);
      const now = context.clock.now();
      const words = batch.phase === 'executing' ? repeated(batch, rows) : undefined;
      if (words !== undefined) {
        await standStill(id, { kind: 'repeated', detail: words, count: repeatsBeforePause });
        return;
      }
      const held = standstill(rows, now);
      schedule.set(key(id), held?.resumeAt ? new Date(held.resumeAt) : new Date(now.getTime() + watch));
      if (held) return;
      // While some wait for an answer, others are being stored, and some for a group that is being written to.
      const room = workspace.limits.concurrency * 2 - todo.active;
      const next = [...todo.start, ...todo.retry].slice(0, Math.max(0, room));
      if (next.length === 0 && todo.discard.length === 0) return;
      for (const run of next) {
        const retries = todo.retry.includes(run);
        const going = await (retries ? again(run, batch) : begin(run, batch, workspace));
        if (!going) return;
      }
    }
  };

  /** Resolves false when the batch cannot go on. */
  const begin = async (runId: string, batch: Batch, workspace: Workspace): Promise<boolean> => {
    const run = await context.store.run(runId);
    if (run?.phase !== 'draft') return true;
    await context.reached('batch.begin');
    try {
      await runs.begin(run, workspace, batch.by, (each) => withDecisions(each, batch));
      return true;
    } catch (error) {
      return refuse(batch, runId, error);
    }
  };
  const again = async (runId: string, batch: Batch): Promise<boolean> => {
    try {
      await runs.retry(runId, batch.by);
      return true;
    } catch (error) {
      return refuse(batch, runId, error);
    }
  };

  /** What one run is refused concerns it alone, unless it is the session or the connection. */
  const refuse = async (batch: Batch, runId: string, error: unknown): Promise<boolean> => {
    if (!(error instanceof Refused)) throw error;
    const { code, detail } = error.refusal;
    if (code === 'signedOut' || code === 'otherPerson' || code === 'unreachable' || code === 'throttled') {
      await standStill(batch.id, { kind: code === 'throttled' ? 'unreachable' : code, detail });
      return false;
    }
    const { [runId]: _done, ...rest } = batch.again;
    await change(batch.id, (before) => ({
      ...before,
      again: rest,
      members: before.members.map((each) =>
        each.run === runId ? { ...each, refused: { code, detail } } : each,
      ),
    }));
    const run = await context.store.run(runId);
    if (run?.phase === 'draft')
      await drafts.giveUp(runId, await context.workspace(batch.connection), batch.by);
    return true;
  };

  const standStill = async (id: string, pause: Pause): Promise<Batch> => {
    const batch = await change(id, (before) =>
      before.phase === 'executing' ? { ...before, phase: 'paused', pause } : undefined,
    );
    schedule.set(key(id), null);
    for (const row of await rowsOf(batch)) if (row.state === 'running') await runs.pause(row.run);
    return batch;
  };

  const end = async (id: string): Promise<void> => {
    await change(id, (batch) => ({ ...batch, phase: 'ended', endedAt: context.timestamp(), again: {} }));
    schedule.set(key(id), null);
    known.delete(id);
  };

  /** From now on it executes, in the name of this person. */
  const goOn = async (id: string, viewer: Viewer, more: Partial<Batch> = {}): Promise<Batch> => {
    const batch = await change(id, ({ pause: _pause, endedAt: _end, ...before }) => ({
      ...before,
      ...more,
      phase: 'executing',
      by: viewer,
      continuedAt: context.timestamp(),
    }));
    void exclusively(id, () => advance(id)).catch(() => {});
    return batch;
  };

  const viewerOf = async (batch: Batch): Promise<Viewer> =>
    authorise(await context.workspace(batch.connection));
  const ownViewerOf = async (batch: Batch): Promise<Viewer> => {
    const viewer = await viewerOf(batch);
    if (!isSamePerson(batch, viewer))
      throw new Refused('otherPerson', `This batch belongs to ${batch.by.name ?? 'somebody else'}.`);
    return viewer;
  };
  const needs = (batch: Batch, phases: readonly Batch['phase'][], detail: string): void => {
    if (!phases.includes(batch.phase)) throw new Refused('locked', detail);
  };

  const commands: Batches = {
    async open(connection, members) {
      const workspace = await context.workspace(connection);
      if (!workspace.bulk) throw new Refused('noWorkspace', 'Members are offboarded one by one here.');
      const viewer = await authorise(workspace);
      const at = context.timestamp();
      const unique = new Map(members.map((member) => [member.id, member]));
      const batch: Batch = {
        id: context.newId(),
        schema: 1,
        rev: 1,
        connection,
        by: viewer,
        phase: 'draft',
        members: [...unique.values()].slice(0, batchLimit).map((member) => ({
          run: context.newId(),
          member,
          ...refusalOfMember(member, viewer),
        })),
        selected: [],
        acknowledgements: [],
        again: {},
        createdAt: at,
        updatedAt: at,
      };
      await context.store.createBatch(batch);
      context.batchChanged?.(batch);
      void preparation.prepare(batch.id);
      return batch;
    },
    check: (id) =>
      exclusively(id, async () => {
        const batch = await stored(id);
        needs(batch, ['draft'], 'This batch has started.');
        await viewerOf(batch);
        await preparation.checkAgain(batch);
        const next = await change(id, ({ pause: _pause, ...before }) => before);
        void preparation.prepare(id);
        return next;
      }),
    edit: (id, wish) =>
      exclusively(id, async () => {
        const batch = await stored(id);
        needs(batch, ['draft'], 'This batch has started; nothing of it can be changed any more.');
        const viewer = await viewerOf(batch);
        if (wish.kind === 'leaveOut') {
          const workspace = await context.workspace(batch.connection);
          for (const run of await context.store.runsById(wish.runs))
            if (run?.batch === id && run.phase === 'draft') await drafts.giveUp(run.id, workspace, viewer);
        }
        const rows = await rowsOf(batch);
        const next = await change(id, (before) => edited(before, wish, rows, viewer, context.timestamp()));
        if (wish.kind === 'leaveOut') void preparation.prepare(id);
        return next;
      }),
    start: (id, rev, users) =>
      exclusively(id, async () => {
        const batch = await stored(id);
        // A second click finds it under way.
        if (batch.phase === 'executing') return batch;
        needs(batch, ['draft'], 'This batch is over.');
        const viewer = await viewerOf(batch);
        const rows = await rowsOf(batch);
        const summary = summarise(batch, rows);
        if (batch.rev !== rev || summary.users !== users)
          throw new Refused('stale', 'The batch has changed since this screen was drawn.');
        if (users === 0) throw new Refused('incomplete', 'There is nobody who could be offboarded.');
        if (rows.some(({ state }) => state === 'waiting' || state === 'checking'))
          throw new Refused('incomplete', 'Not everybody has been checked yet.');
        if (summary.unacknowledged.length > 0)
          throw new Refused('incomplete', `Not acknowledged: ${summary.unacknowledged.join(', ')}.`);
        const now = context.clock.now();
        if (rows.some(({ state, scannedAt }) => state === 'ready' && isStale(scannedAt, now)))
          throw new Refused('stale', 'The check is older than a day. Check again first.');
        return goOn(id, viewer, { startedAt: context.timestamp() });
      }),
    pause: (id) => exclusively(id, () => standStill(id, { kind: 'admin' })),
    continue: (id) =>
      exclusively(id, async () => {
        const batch = await stored(id);
        needs(batch, ['paused', 'executing'], 'This batch is not paused.');
        const viewer = await ownViewerOf(batch);
        // Who shall receive something has to be said in that run.
        for (const { run, pause } of await rowsOf(batch))
          if (pause && pause.kind !== 'newItems') await runs.goOn(run);
        return goOn(id, viewer);
      }),
    stop: (id) =>
      exclusively(id, async () => {
        const batch = await stored(id);
        needs(batch, ['paused', 'executing', 'stopping'], 'This batch is over.');
        await viewerOf(batch);
        const next = await change(id, ({ pause: _pause, ...before }) => ({ ...before, phase: 'stopping' }));
        for (const { run, state } of await rowsOf(next))
          if (state === 'running' || state === 'paused') await runs.end(run);
        void exclusively(id, () => advance(id)).catch(() => {});
        return next;
      }),
    retry: (id) =>
      exclusively(id, async () => {
        const batch = await stored(id);
        needs(batch, ['executing', 'paused', 'ended'], 'This batch has not started.');
        const viewer = await viewerOf(batch);
        const failed = (await rowsOf(batch)).filter(
          ({ state, endedAt }) => (state === 'partial' || state === 'failed') && endedAt !== undefined,
        );
        if (failed.length === 0) return batch;
        return goOn(id, viewer, {
          again: Object.fromEntries(failed.map(({ run, endedAt = '' }) => [run, endedAt])),
        });
      }),
    discard: (id) =>
      exclusively(id, async () => {
        const batch = await stored(id);
        if (batch.phase === 'discarded') return batch;
        needs(batch, ['draft'], 'This batch has started.');
        const viewer = await viewerOf(batch);
        const workspace = await context.workspace(batch.connection);
        const next = await change(id, ({ pause: _pause, ...before }) => ({
          ...before,
          phase: 'discarded',
          endedAt: context.timestamp(),
        }));
        for (const run of await context.store.runsById(next.members.map((each) => each.run)))
          if (run?.phase === 'draft') await drafts.giveUp(run.id, workspace, viewer);
        schedule.set(key(id), null);
        return next;
      }),
  };

  return {
    commands,
    /** A run was stored: its batch looks whether that leaves it something to do. */
    seen(run: Run): void {
      const { batch } = run;
      const rows = batch === undefined ? undefined : known.get(batch);
      const before = rows?.get(run.id);
      if (batch === undefined || !rows || !before || before.rev > run.rev) return;
      const row = rowOf({ run: run.id, member: before.member }, run);
      rows.set(run.id, row);
      const lets = (each: BatchRow): string => `${each.state} ${each.pause ? isShared(each.pause) : ''}`;
      if (lets(row) !== lets(before) || (before.wait && !row.wait))
        void exclusively(batch, () => advance(batch)).catch(() => {});
    },
    /** Takes up what should be going on. */
    async recover(): Promise<void> {
      for (const batch of await context.store.batches()) {
        if (batch.phase === 'draft') {
          const found = await context.store.runsById(batch.members.map(({ run }) => run));
          const open = batch.members.some(({ refused }, index) => !refused && needsScan(found[index]));
          const later = batch.pause?.resumeAt;
          const due =
            !batch.pause || (later !== undefined && Date.parse(later) <= context.clock.now().getTime());
          if ((open || batch.notes === undefined) && due) void preparation.prepare(batch.id);
        } else void exclusively(batch.id, () => advance(batch.id)).catch(() => {});
      }
    },
  };
}

/** Nobody offboards themselves, and who is inactive has been offboarded. */
function refusalOfMember(member: BatchMember, viewer: Viewer): Pick<Batch['members'][number], 'refused'> {
  if (member.id === viewer.id)
    return { refused: { code: 'self', detail: 'Nobody can offboard themselves.' } };
  return member.active
    ? {}
    : { refused: { code: 'inactive', detail: `${member.name} is inactive already.` } };
}

const newer = (stored: Run | undefined, told: Run | undefined): Run | undefined =>
  stored && told && told.rev > stored.rev ? told : stored;

function edited(batch: Batch, wish: BatchEdit, rows: readonly BatchRow[], viewer: Viewer, at: string): Batch {
  switch (wish.kind) {
    case 'leaveOut':
      return { ...batch, members: batch.members.filter(({ run }) => !wish.runs.includes(run)) };
    case 'select': {
      const others = batch.selected.filter((category) => category !== wish.category);
      return { ...batch, selected: wish.selected ? [...others, wish.category] : others };
    }
    case 'acknowledge': {
      const found = summarise(batch, rows).categories.find(({ id }) => id === wish.category);
      if (!found) throw new Refused('incomplete', `This batch has no category ${wish.category}.`);
      const { count, unread } = found;
      const by = viewer.name ?? viewer.email ?? '';
      const others = batch.acknowledgements.filter(({ category }) => category !== wish.category);
      const tick = { category: wish.category, by, at, count, unread };
      return { ...batch, acknowledgements: wish.ticked ? [...others, tick] : others };
    }
  }
}

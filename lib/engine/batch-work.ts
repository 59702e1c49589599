import { Refused } from '../messages/refused.ts';
import {
  isShared,
  repeated,
  repeatsBeforePause,
  standstill,
  todoOf,
  withDecisions,
} from '../offboarding/batch.ts';
import type { Batch } from '../offboarding/batch-model.ts';
import type { Pause } from '../offboarding/holdups.ts';
import type { Run, Viewer } from '../offboarding/model.ts';
import type { Workspace } from '../workspace/port.ts';
import { createFreshness } from './batch-freshness.ts';
import { holdOf, holdOfFault, inDoubt, Stuck } from './batch-holds.ts';
import type { Keeper } from './batch-keeper.ts';
import { key } from './batch-preparation.ts';
import { forEach } from './batch-rows.ts';
import type { Context } from './context.ts';
import type { createDrafts } from './drafts.ts';
import { isSamePerson, otherPerson, refusalOf } from './identity.ts';
import type { Schedule } from './schedule.ts';
import { later } from './session.ts';

/** While a batch executes, the background asks to be woken after so long, should it be stopped; milliseconds. */
const watch = 30_000;
/** So often it looks whether the right person is back, or a user can be begun by now; milliseconds. */
const lookAgain = 10_000;
/** So often it is tried to begin a user for whom the workspace has no answer. */
const triesOfOne = 3;

/** What a batch does with its runs; who asks for it has been asked already. */
export interface RunCommands {
  begin(run: Run, workspace: Workspace, viewer: Viewer, decide: (run: Run) => Run): Promise<Run>;
  /** One that stands still for a reason of all of them stands still for the admin's from then on. */
  pause(run: string): Promise<Run>;
  goOn(run: string): Promise<Run>;
  /** A second call changes nothing. */
  end(run: string): Promise<void>;
  retry(run: string, viewer: Viewer): Promise<Run>;
}

/**
 * What a batch does by itself: it looks at its rows whenever one of its runs has changed, and begins as many as the
 * connection can keep busy. What was asked of the batch is stored first and holds for its runs at every later look; so
 * whatever dies, the next look finds what is left to do.
 */
export function createWork(
  context: Context,
  schedule: Schedule,
  drafts: Pick<ReturnType<typeof createDrafts>, 'giveUp' | 'scanToEnd'>,
  runs: RunCommands,
  { change, rowsOf, exclusively, forget }: Keeper,
) {
  const freshness = createFreshness(context, drafts);
  /** Runs that are being begun. */
  const beginning = new Set<string>();
  /** Runs that could not be begun when it was tried last, for which refusal; it may be theirs alone. */
  const faulty = new Map<string, string>();
  /** Batches that stood still since there was nobody to compare with: for what, and when they had been continued before. */
  const incomparable = new Map<string, { code: string; continuedAt: string }>();

  /** Does what there is to do, as far as it can be done now. */
  const advance = async (id: string): Promise<void> => {
    for (;;) {
      const batch = await context.store.batch(id);
      if (batch?.phase === 'paused') return pauseRuns(batch);
      if (batch?.phase === 'stopping') await endRuns(batch);
      else if (batch?.phase !== 'executing') return;
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
      const held = standstill(rows, now) ?? waitOf(batch, now);
      schedule.set(key(id), held?.resumeAt ? new Date(held.resumeAt) : new Date(now.getTime() + watch));
      if (held) return;
      // While some wait for an answer, others are being stored, and some for a group that is being written to.
      const waiting = [...todo.start, ...todo.retry].filter((run) => !beginning.has(run));
      const under = todo.start.length + todo.retry.length - waiting.length;
      const room = workspace.limits.concurrency * 2 - todo.active - under;
      for (const run of waiting.slice(0, Math.max(0, room)))
        void take(run, batch, () =>
          todo.retry.includes(run) ? again(run, batch) : begin(run, batch, workspace),
        );
      if (todo.discard.length === 0) return;
    }
  };

  /** Begins one, side by side with others; what comes of it is looked at anew. */
  const take = async (run: string, { id }: Batch, work: () => Promise<Pause | undefined>): Promise<void> => {
    beginning.add(run);
    try {
      const hold = await work().catch((error: unknown) =>
        error instanceof Refused ? holdOf(error, context) : holdOfFault(error, context),
      );
      if (hold) await waitFor(id, hold);
      else await passed(id);
    } catch {
      // Not even that could be stored: its alarm or the next start tries again.
      return;
    } finally {
      beginning.delete(run);
    }
    void wake(id);
  };

  /** Looks soon what there is to do. Resolves when that is done; never rejects. */
  const wake = (id: string): Promise<void> =>
    exclusively(id, () => advance(id)).catch(() =>
      schedule.set(key(id), new Date(context.clock.now().getTime() + watch)),
    );

  /** Resolves with what keeps the batch from going on, if anything does. */
  const begin = async (runId: string, batch: Batch, workspace: Workspace): Promise<Pause | undefined> => {
    for (let tries = 1; ; tries += 1) {
      const doubt = await tryToBegin(runId, batch, workspace);
      if (!(doubt instanceof Doubt)) {
        faulty.delete(runId);
        return doubt;
      }
      const { refusal, fault } = doubt;
      faulty.set(runId, refusal.code);
      if (tries > triesOfOne) {
        await refuseOne(batch, runId, refusal);
        return undefined;
      }
      if (tries < triesOfOne) await context.clock.sleep(lookAgain, new AbortController().signal);
      else if (await isOfAll(runId, refusal.code, batch, workspace)) return refuse(batch, runId, fault);
      // What met all of them may just be over: only what meets this one even then is theirs alone.
      if ((await context.store.batch(batch.id))?.phase !== 'executing') return undefined;
    }
  };
  /**
   * Whether what one user cannot be begun for would meet all: where others have met it too, somebody who has not is
   * looked at, and else who is there is asked. With nobody to look at it is, unless an admin has continued the batch
   * after that and the same came of it.
   */
  const isOfAll = async (
    runId: string,
    code: string,
    { id, members, continuedAt = '' }: Batch,
    workspace: Workspace,
  ): Promise<boolean> => {
    const shared = members.some(({ run }) => run !== runId && faulty.get(run) === code);
    const other = members.find(({ run, refused }) => run !== runId && !refused && !faulty.has(run));
    if (shared && !other) {
      const before = incomparable.get(id);
      if (code !== 'unreachable' && before?.code === code && before.continuedAt !== continuedAt) return false;
      incomparable.set(id, { code, continuedAt });
      return true;
    }
    return (shared && other ? workspace.survey(other.member.id) : workspace.identify()).then(
      () => false,
      () => true,
    );
  };
  const tryToBegin = async (
    runId: string,
    batch: Batch,
    workspace: Workspace,
  ): Promise<Pause | Doubt | undefined> => {
    const run = await context.store.run(runId);
    if (run?.phase !== 'draft') return undefined;
    await context.reached('batch.begin');
    let known = false;
    try {
      const viewer = await context
        .viewerOf(run, workspace, new AbortController().signal)
        .catch((error: unknown) => Promise.reject(refusalOf(error)));
      if (!isSamePerson(batch, viewer)) return otherPerson(batch, viewer, later(context, lookAgain));
      known = true;
      const fresh = await freshness.renew(run, batch, workspace, viewer);
      // Paused, or ended, while it was looked at: it is as it was.
      if (!fresh || (await context.store.batch(batch.id))?.phase !== 'executing') return undefined;
      await runs.begin(fresh, workspace, viewer, (each) => withDecisions(each, batch));
      return undefined;
    } catch (error) {
      const refusal = known ? inDoubt(error) : undefined;
      if (refusal) return new Doubt(refusal, error);
      return refuse(batch, runId, error);
    }
  };
  const again = async (runId: string, batch: Batch): Promise<Pause | undefined> => {
    try {
      await runs.retry(runId, batch.by);
      return undefined;
    } catch (error) {
      return refuse(batch, runId, error);
    }
  };

  /** What one run is refused concerns it alone, unless it is the session, the connection, or what the workspace allows. */
  const refuse = async (batch: Batch, runId: string, error: unknown): Promise<Pause | undefined> => {
    if (error instanceof Stuck) return error.pause;
    if (!(error instanceof Refused)) throw error;
    const hold = holdOf(error, context);
    if (hold) return hold;
    await refuseOne(batch, runId, error.refusal);
    return undefined;
  };

  /** The others go on without this user. */
  const refuseOne = async (
    batch: Batch,
    runId: string,
    { code, detail }: Pick<Refused['refusal'], 'code' | 'detail'>,
  ): Promise<void> => {
    await change(batch.id, (before) => {
      const { [runId]: _done, ...rest } = before.again;
      return {
        ...before,
        again: rest,
        members: before.members.map((each) =>
          each.run === runId ? { ...each, refused: { code, detail } } : each,
        ),
      };
    });
    const run = await context.store.run(runId);
    if (run?.phase === 'draft')
      await drafts.giveUp(runId, await context.workspace(batch.connection), batch.by);
  };

  /** What passes by itself is waited for; anything else stands the batch still until an admin continues it. */
  const waitFor = async (id: string, pause: Pause): Promise<void> => {
    if (pause.resumeAt === undefined) return void (await standStill(id, pause));
    await change(id, (before) => (before.phase === 'executing' ? { ...before, pause } : undefined));
    schedule.set(key(id), new Date(pause.resumeAt));
  };

  /** One could be begun: what the others waited for is over. */
  const passed = async (id: string): Promise<void> => {
    const isOver = (batch: Batch | undefined): boolean =>
      batch?.phase === 'executing' && batch.pause !== undefined && !waitOf(batch, context.clock.now());
    if (!isOver(await context.store.batch(id))) return;
    await change(id, (before) => {
      const { pause: _pause, ...rest } = before;
      return isOver(before) ? rest : undefined;
    });
  };

  /** From now on nothing more is begun and nothing more is written; what is in flight comes to its end. */
  const standStill = async (id: string, pause: Pause): Promise<Batch> => {
    const batch = await change(id, (before) =>
      before.phase === 'executing' ? { ...before, phase: 'paused', pause } : undefined,
    );
    schedule.set(key(id), null);
    if (batch.phase === 'paused') await pauseRuns(batch);
    return batch;
  };
  const pauseRuns = async (batch: Batch): Promise<void> => {
    const open = (await rowsOf(batch)).filter(
      ({ state, pause }) => state === 'running' || (state === 'paused' && pause && isShared(pause)),
    );
    await forEach(open, ({ run }) => runs.pause(run));
  };
  /** What cannot be read cannot be ended either: that it is put aside has to be said in that run. */
  const endRuns = async (batch: Batch): Promise<void> => {
    const open = (await rowsOf(batch)).filter(
      ({ state, pause }) => state === 'running' || (state === 'paused' && pause?.kind !== 'unreadable'),
    );
    await forEach(open, ({ run }) => runs.end(run));
  };

  const end = async (id: string): Promise<void> => {
    await change(id, ({ pause: _pause, ...batch }) => ({
      ...batch,
      phase: 'ended',
      endedAt: context.timestamp(),
      again: {},
    }));
    schedule.set(key(id), null);
    forget(id);
  };

  return { wake, standStill, endRuns };
}

/** One could not be begun, and it is not clear yet whether others could. */
class Doubt {
  readonly refusal: Pick<Refused['refusal'], 'code' | 'detail'>;
  readonly fault: unknown;

  constructor(refusal: Doubt['refusal'], fault: unknown) {
    this.refusal = refusal;
    this.fault = fault;
  }
}

/** Why nobody may be begun yet, where the workspace or the session was the reason. */
const waitOf = ({ pause }: Batch, now: Date): Pause | undefined =>
  pause?.resumeAt !== undefined && Date.parse(pause.resumeAt) > now.getTime() ? pause : undefined;

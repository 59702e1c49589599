import { Refused } from '../messages/refused.ts';
import { wantsTick } from '../offboarding/acknowledgement.ts';
import { type BatchRow, refusalOfMember } from '../offboarding/batch.ts';
import type { Batch, BatchEdit } from '../offboarding/batch-model.ts';
import { summarise } from '../offboarding/batch-summary.ts';
import { isSelf, isStale } from '../offboarding/eligibility.ts';
import type { Viewer } from '../offboarding/model.ts';
import { batchLimit } from '../offboarding/states.ts';
import { needsAcknowledgement } from '../offboarding/steps.ts';
import type { Keeper } from './batch-keeper.ts';
import { type createPreparation, key } from './batch-preparation.ts';
import { forEach } from './batch-rows.ts';
import type { createWork, RunCommands } from './batch-work.ts';
import type { Context } from './context.ts';
import type { createDrafts } from './drafts.ts';
import type { Batches } from './engine.ts';
import { authorise, isSamePerson } from './identity.ts';
import type { Schedule } from './schedule.ts';

/** What the commands are carried out with. */
export interface BatchParts {
  context: Context;
  schedule: Schedule;
  drafts: Pick<ReturnType<typeof createDrafts>, 'giveUp'>;
  runs: RunCommands;
  keeper: Keeper;
  preparation: ReturnType<typeof createPreparation>;
  work: ReturnType<typeof createWork>;
}

/** The commands on a batch: each asks who acts, stores what was decided, and leaves the doing to the batch's own work. */
export function createBatchCommands(parts: BatchParts): Batches {
  const { context, schedule, drafts, runs, preparation, work } = parts;
  const { stored, change, rowsOf, exclusively } = parts.keeper;

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

  /** From now on it executes, in the name of this person; as it is when something else was said of it meanwhile. */
  const goOn = async (
    id: string,
    viewer: Viewer,
    holds: (batch: Batch) => boolean,
    more: (batch: Batch) => Partial<Batch>,
  ): Promise<Batch> => {
    const batch = await change(id, (stored) => {
      if (!holds(stored)) return undefined;
      const { pause: _pause, endedAt: _end, ...before } = stored;
      return {
        ...before,
        ...more(before),
        phase: 'executing',
        by: viewer,
        continuedAt: context.timestamp(),
      };
    });
    void work.wake(id);
    return batch;
  };
  const giveUp = async (batch: Batch, which: readonly string[], viewer: Viewer): Promise<void> => {
    const workspace = await context.workspace(batch.connection);
    for (const run of await context.store.runsById(which))
      if (run?.batch === batch.id && run.phase === 'draft') await drafts.giveUp(run.id, workspace, viewer);
  };

  /** Whoever submits may be somebody else than who had everybody checked. Throws Refused when they are among them. */
  const checkSelf = async (batch: Batch, viewer: Viewer): Promise<void> => {
    const own = batch.members.filter(({ member, refused }) => !refused && isSelf(viewer, member.id));
    if (own.length === 0) return;
    await change(batch.id, (before) => ({
      ...before,
      members: before.members.map((each) =>
        own.some(({ run }) => run === each.run)
          ? { ...each, ...refusalOfMember({ ...each.member, active: true }, viewer) }
          : each,
      ),
    }));
    await giveUp(
      batch,
      own.map(({ run }) => run),
      viewer,
    );
    throw new Refused('self', 'Nobody can offboard themselves; the batch goes without them now.');
  };

  /** How often Pause was said of each batch. */
  const pauses = new Map<string, number>();

  return {
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
        const viewer = await viewerOf(batch);
        await preparation.checkAgain(batch);
        // A draft that was given up is no draft again: who was refused and may come back gets another.
        const found = await context.store.runsById(batch.members.map(({ run }) => run));
        const given = new Set(found.flatMap((run) => (run?.phase === 'discarded' ? [run.id] : [])));
        // Whatever kept somebody out may have passed, save what is so of themselves.
        const next = await change(id, ({ pause: _pause, ...before }) => ({
          ...before,
          members: before.members.map(({ refused: _refused, ...each }) => ({
            ...each,
            ...(given.has(each.run) && { run: context.newId() }),
            ...refusalOfMember(each.member, viewer),
          })),
        }));
        void preparation.prepare(id);
        return next;
      }),
    edit: (id, wish) =>
      exclusively(id, async () => {
        const batch = await stored(id);
        needs(batch, ['draft'], 'This batch has started; nothing of it can be changed any more.');
        const viewer = await viewerOf(batch);
        // First the drafts: a member who is still named finds the draft given up, a draft nobody names would stay.
        if (wish.kind === 'leaveOut') await giveUp(batch, wish.runs, viewer);
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
          throw new Refused('oldCheck', 'The check of at least one user is not from today.');
        await checkSelf(batch, viewer);
        return goOn(id, viewer, isDraft, () => ({ startedAt: context.timestamp(), ...seenOf(batch, rows) }));
      }),
    // Not behind what is being begun at this moment: who is begun meanwhile is paused by the next look.
    async pause(id) {
      pauses.set(id, (pauses.get(id) ?? 0) + 1);
      await stored(id);
      const batch = await work.standStill(id, { kind: 'admin' });
      void work.wake(id);
      return batch;
    },
    continue(id) {
      // Neither of the other two words waits for this one: it holds only as long as none of them is said after it.
      const said = pauses.get(id);
      const holds = ({ phase }: Batch): boolean =>
        (phase === 'paused' || phase === 'executing') && pauses.get(id) === said;
      return exclusively(id, async () => {
        const batch = await stored(id);
        needs(batch, ['paused', 'executing'], 'This batch is not paused.');
        const viewer = await ownViewerOf(batch);
        // Who shall receive something has to be said in that run.
        const open = (await rowsOf(batch)).filter(
          ({ pause }) => pause && pause.kind !== 'newItems' && pause.kind !== 'unreadable',
        );
        try {
          await forEach(
            open,
            async ({ run, pause }) => {
              // Nor is a tick given by continuing everybody.
              const asks = pause?.kind === 'manual' ? await context.store.run(run) : undefined;
              if (!asks || !wantsTick(asks)) await runs.goOn(run);
            },
            async () => holds(await stored(id)),
          );
        } finally {
          // One that could not be told is no reason to leave those standing that were.
          await goOn(id, viewer, holds, () => ({}));
        }
        return stored(id);
      });
    },
    async stop(id) {
      const batch = await stored(id);
      needs(batch, ['paused', 'executing', 'stopping'], 'This batch is over.');
      await viewerOf(batch);
      const next = await change(id, ({ pause: _pause, ...before }) =>
        before.phase === 'paused' || before.phase === 'executing'
          ? { ...before, phase: 'stopping' }
          : undefined,
      );
      if (next.phase === 'stopping') await work.endRuns(next);
      void work.wake(id);
      return next;
    },
    retry: (id) =>
      exclusively(id, async () => {
        const batch = await stored(id);
        // A second click finds it under way.
        if (batch.phase === 'executing' && Object.keys(batch.again).length > 0) return batch;
        needs(batch, ['ended'], 'Only a batch that is over can be taken up again.');
        const viewer = await viewerOf(batch);
        const failed = (await rowsOf(batch)).filter(
          ({ state, endedAt }) => (state === 'partial' || state === 'failed') && endedAt !== undefined,
        );
        if (failed.length === 0) return batch;
        const again = Object.fromEntries(failed.map(({ run, endedAt = '' }) => [run, endedAt]));
        return goOn(
          id,
          viewer,
          ({ phase }) => phase === 'ended',
          ({ members }) => ({
            again,
            // What the last retry was refused for may have passed.
            members: members.map(({ refused, ...each }) =>
              refused && !(each.run in again) ? { ...each, refused } : each,
            ),
          }),
        );
      }),
    discard: (id) =>
      exclusively(id, async () => {
        const batch = await stored(id);
        if (batch.phase === 'discarded') return batch;
        needs(batch, ['draft'], 'This batch has started.');
        const viewer = await viewerOf(batch);
        const next = await change(id, ({ pause: _pause, ...before }) => ({
          ...before,
          phase: 'discarded',
          endedAt: context.timestamp(),
        }));
        await giveUp(
          next,
          next.members.map(({ run }) => run),
          viewer,
        );
        schedule.set(key(id), null);
        return next;
      }),
  };
}

const isDraft = ({ phase }: Batch): boolean => phase === 'draft';

/** What the admin has seen of each user at Submit, of all that is left to a person. */
function seenOf({ selected }: Batch, rows: readonly BatchRow[]): Pick<Batch, 'seen'> {
  const plan = { defaults: {}, changes: [], selected };
  const seen = rows
    .filter(({ state }) => state === 'ready')
    .map(({ run, categories = [] }) => [
      run,
      Object.fromEntries(
        categories
          .filter((category) => needsAcknowledgement(category, plan))
          .map(({ id, count }) => [id, count]),
      ),
    ]);
  return { seen: Object.fromEntries(seen) };
}

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

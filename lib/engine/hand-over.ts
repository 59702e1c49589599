import type { Attempt, Change } from '../offboarding/attempt.ts';
import type { Run, RunItem, ScannedCategory, Step, Value } from '../offboarding/model.ts';
import type { CompiledPlan } from '../offboarding/plan.ts';
import { endOfStep } from '../offboarding/steps.ts';
import { toPhase, toStepState } from '../offboarding/transitions.ts';
import { compileFor } from './coverage.ts';
import { ByHand, deliver, type Held, type Repeats } from './delivery.ts';
import { createPool, type Wish } from './pool.ts';
import { categoryOf, Halt, moveStep, type Session, withStep } from './session.ts';

/** Planned items read at once. */
const readAhead = 1_000;

/**
 * Hands over every planned item of a category's step, several attempts at once, and stores how the step ended.
 * Items without a receiver pause the run to ask for one. Throws Halt.
 */
export async function handOver(session: Session, stepId: string, categoryId: string): Promise<void> {
  const { context } = session;
  const repeats: Repeats = { message: '', count: 0 };
  const counted = async (): Promise<Step | undefined> =>
    (await recount(session, stepId, categoryId)).steps.find(({ id }) => id === stepId);
  let step = await counted();
  session.checkExecuting();
  // What reading back gave free again is planned once more; a round that sent nothing has nothing left to do.
  for (let sent = 1; step && sent > 0 && plannedIn(step) > 0; step = await counted()) {
    session.checkExecuting();
    const category = categoryOf(session.run(), categoryId);
    const plan = await compileFor(context.store, session.run());
    const round = await sendPlanned(session, category, plan, repeats).catch(
      async (error: unknown): Promise<never> => {
        if (error instanceof ByHand) await becomeManual(session, categoryId, error.message);
        throw error;
      },
    );
    if (round.unassigned > 0)
      return session.pause({ kind: 'newItems', detail: categoryId, count: round.unassigned });
    sent = round.sent;
  }
  if (!step) return;
  const end = endOfStep(step);
  const message = end === 'failed' ? await whyNot(session, step, categoryId) : undefined;
  await context.reached('step.end');
  await moveStep(session, stepId, end, message);
}

/**
 * A category that cannot be changed here after all: its step is not run, its items are left to a person, and the run
 * pauses until an admin has seen that. Throws Halt.
 */
export async function becomeManual(session: Session, categoryId: string, why: string): Promise<never> {
  const { context } = session;
  const step = session.run().steps.find(({ category }) => category === categoryId);
  if (step) await recount(session, step.id, categoryId);
  const at = context.timestamp();
  const message = { key: 'step_by_hand', params: { detail: why } };
  await context.reached('step.byHand');
  await session.change(
    (run) => {
      if (run.phase !== 'executing') return undefined;
      const counted = run.steps.find(({ category }) => category === categoryId);
      const count = counted ? counted.total - counted.moved - counted.skipped : 0;
      const steps = run.steps.map((each) =>
        each === counted ? toStepState(each, 'notRun', at, message) : each,
      );
      const categories = run.categories.map((category) =>
        category.id === categoryId
          ? { ...category, action: 'manual' as const, selectable: false, count, why }
          : category,
      );
      const pause = { kind: 'manual' as const, detail: categoryId, count };
      return toPhase({ ...run, steps, categories }, 'paused', at, pause);
    },
    [
      { at, kind: 'step', data: { step: step?.id ?? categoryId, state: 'notRun', byHand: why } },
      { at, kind: 'phase', data: { phase: 'paused', reason: 'manual' } },
    ],
  );
  throw new Halt(`${categoryId} is left to a person.`);
}

/** What to say of a step that failed: how many items did not move and, where the workspace said it, why. */
async function whyNot(
  session: Session,
  step: Step,
  categoryId: string,
): Promise<NonNullable<Step['message']>> {
  const count = step.total - step.moved - step.skipped;
  const [first] = await session.context.store.items.inState(session.run().id, categoryId, 'failed', 1);
  const detail = first?.reason?.message ?? '';
  return detail === ''
    ? { key: 'step_not_moved', params: { count } }
    : { key: 'step_not_moved_because', params: { count, detail } };
}

const plannedIn = ({ total, unknown, moved, failed, skipped }: Step): number =>
  total - unknown - moved - failed - skipped;

/** Counts a step's items as they are stored: the truth, whatever a counter says. */
export async function recount(session: Session, stepId: string, categoryId: string): Promise<Run> {
  const { planned, unknown, moved, failed, skipped } = await session.context.store.items.counts(
    session.run().id,
    categoryId,
  );
  const total = planned + unknown + moved + failed + skipped;
  return session.change((run) =>
    withStep(run, stepId, (step) => ({ ...step, total, unknown, moved, failed, skipped })),
  );
}

/** Sends every planned item that has a receiver, once. Resolves with how many were sent and how many had nobody. */
async function sendPlanned(
  session: Session,
  category: ScannedCategory,
  plan: CompiledPlan,
  repeats: Repeats,
): Promise<{ sent: number; unassigned: number }> {
  const { context, workspace } = session;
  const run = session.run();
  const pool = createPool();
  let after: string | undefined;
  let exhausted = false;
  let sent = 0;
  let unassigned = 0;

  const readMore = async (): Promise<void> => {
    const page = await context.store.items.inState(run.id, category.id, 'planned', readAhead, after);
    exhausted = page.length < readAhead;
    after = page.at(-1)?.ref ?? after;
    for (const item of page) {
      const set = wish(category, item, plan);
      if (set) pool.add({ item, set });
      else unassigned += 1;
    }
  };
  // One read at a time, or two would bring the same page.
  let reading: Promise<void> | undefined;
  const fill = (): Promise<void> => {
    reading ??= readMore().finally(() => {
      reading = undefined;
    });
    return reading;
  };
  const busy = new Map<string, number>();
  const take = async (): Promise<Wish[]> => {
    while (pool.size < category.batch && !exhausted) await fill();
    // Reads on while others are sent; should it fail, whoever needs the items asks again and is told.
    if (pool.size < readAhead && !exhausted) fill().catch(() => {});
    const taken = pool.take(category.batch, busy);
    for (const { item } of taken) busy.set(item.lock, (busy.get(item.lock) ?? 0) + 1);
    return taken;
  };
  const release = (chunk: readonly Wish[]): void => {
    for (const { item } of chunk) {
      const left = (busy.get(item.lock) ?? 0) - 1;
      if (left > 0) busy.set(item.lock, left);
      else busy.delete(item.lock);
    }
  };

  let halted = false;
  const lane = async (): Promise<void> => {
    try {
      for (;;) {
        if (halted) return;
        // Nothing is frozen that cannot be sent yet: it would have to be read back for nothing.
        await session.turn();
        session.checkExecuting();
        const chunk = await take();
        if (chunk.length === 0) return;
        const held = await begin(session, category, chunk);
        sent += chunk.length;
        await deliver(session, held, repeats);
        release(chunk);
      }
    } catch (error) {
      halted = true;
      throw error;
    }
  };
  // While some wait for an answer, others are being stored: so many are needed to keep the connection busy.
  const width = workspace.limits.concurrency * 2;
  const lanes = await Promise.allSettled(Array.from({ length: width }, lane));
  const failed = lanes.find((each) => each.status === 'rejected');
  if (failed) throw failed.reason;
  return { sent, unassigned };
}

/** Freezes an attempt on disk before anything of it is sent. */
async function begin(session: Session, category: ScannedCategory, chunk: readonly Wish[]): Promise<Held> {
  const { context } = session;
  const run = session.run();
  const attempt: Attempt = {
    run: run.id,
    ...(run.by.id === undefined ? {} : { by: run.by.id }),
    seq: session.nextSeq(),
    key: context.newId(),
    ...(run.fence === undefined ? {} : { fence: run.fence }),
    category: category.id,
    changes: chunk.map(
      ({ item, set }): Change => ({ ref: item.ref, expect: item.value, set, lock: item.lock }),
    ),
    open: 1,
    maybe: false,
    tries: 0,
    createdAt: context.timestamp(),
  };
  await context.reached('attempt.begin');
  await context.store.beginAttempt(attempt);
  await context.reached('attempt.begun');
  return { attempt, items: chunk.map(({ item }) => item) };
}

/** What an item shall say; null where the plan names nobody who could receive it. */
function wish(category: ScannedCategory, item: RunItem, plan: CompiledPlan): Value | null {
  switch (category.action) {
    case 'clear':
      return { none: true };
    case 'remove':
    case 'manual':
      return 'flag' in item.value ? { flag: false } : { absent: true };
    case 'reassign': {
      const { member } = plan.assign(item);
      return member === null ? null : { member };
    }
  }
}

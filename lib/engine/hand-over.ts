import type { Attempt, Change, Run, RunItem, ScannedCategory, Value } from '../offboarding/model.ts';
import type { CompiledPlan } from '../offboarding/plan.ts';
import { endOfStep } from '../offboarding/steps.ts';
import { compileFor } from './coverage.ts';
import { deliver, type Held, type Repeats } from './delivery.ts';
import { categoryOf, moveStep, type Session, withStep } from './session.ts';

/** Planned items read at once. */
const readAhead = 1_000;

/**
 * Hands over every planned item of a category's step, several attempts at once, and stores how the step ended.
 * Items without a receiver pause the run to ask for one. Throws Halt.
 */
export async function handOver(session: Session, stepId: string, categoryId: string): Promise<void> {
  const { context } = session;
  const repeats: Repeats = { message: '', count: 0 };
  await recount(session, stepId, categoryId);
  for (;;) {
    session.checkExecuting();
    const category = categoryOf(session.run(), categoryId);
    const plan = await compileFor(context.store, session.run());
    const { sent, unassigned } = await sendPlanned(session, category, plan, repeats);
    if (unassigned > 0) return session.pause({ kind: 'newItems', detail: categoryId, count: unassigned });
    // What reading back gave free again is planned once more; a round that sent nothing has nothing left to do.
    if (sent === 0) break;
  }
  const run = await recount(session, stepId, categoryId);
  const step = run.steps.find(({ id }) => id === stepId);
  if (!step) return;
  const end = endOfStep(step);
  const message =
    end === 'failed'
      ? { key: 'step_not_moved', params: { count: step.total - step.moved - step.skipped } }
      : undefined;
  await context.reached('step.end');
  await moveStep(session, stepId, end, message);
}

/** Counts a step's items as they are stored: the truth, whatever a counter says. */
export async function recount(session: Session, stepId: string, categoryId: string): Promise<Run> {
  const { items } = session.context.store;
  const count = (state: RunItem['state']) => items.countInState(session.run().id, categoryId, state);
  const [planned, unknown, moved, failed, skipped] = await Promise.all([
    count('planned'),
    count('unknown'),
    count('moved'),
    count('failed'),
    count('skipped'),
  ]);
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
  let after: string | undefined;
  let exhausted = false;
  let sent = 0;
  let unassigned = 0;
  const ready: { item: RunItem; set: Value }[] = [];

  const fill = async (): Promise<void> => {
    while (ready.length < category.batch && !exhausted) {
      const page = await context.store.items.inState(run.id, category.id, 'planned', readAhead, after);
      exhausted = page.length < readAhead;
      after = page.at(-1)?.ref ?? after;
      for (const item of page) {
        const set = wish(category, item, plan);
        if (set) ready.push({ item, set });
        else unassigned += 1;
      }
    }
  };
  // One lane at a time reads ahead, or two would read the same page.
  let filling = Promise.resolve();
  const take = (): Promise<{ item: RunItem; set: Value }[]> => {
    const taken = filling.then(fill).then(() => ready.splice(0, category.batch));
    filling = taken.then(
      () => {},
      () => {},
    );
    return taken;
  };

  let halted = false;
  const lane = async (): Promise<void> => {
    try {
      for (;;) {
        if (halted) return;
        session.checkExecuting();
        const chunk = await take();
        if (chunk.length === 0) return;
        const held = await begin(session, category, chunk);
        sent += chunk.length;
        await deliver(session, held, repeats);
      }
    } catch (error) {
      halted = true;
      throw error;
    }
  };
  const lanes = await Promise.allSettled(Array.from({ length: workspace.limits.concurrency }, lane));
  const failed = lanes.find((each) => each.status === 'rejected');
  if (failed) throw failed.reason;
  return { sent, unassigned };
}

/** Freezes an attempt on disk before anything of it is sent. */
async function begin(
  session: Session,
  category: ScannedCategory,
  chunk: readonly { item: RunItem; set: Value }[],
): Promise<Held> {
  const { context } = session;
  const run = session.run();
  const attempt: Attempt = {
    run: run.id,
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

import { expect } from 'vitest';
import type { Run, RunItem } from '../../lib/offboarding/model.ts';
import { sameValue } from '../../lib/offboarding/outcome.ts';
import { isOpen } from '../../lib/offboarding/transitions.ts';
import { firstBroken } from './chain.ts';
import { doubled, leaver, owned } from './demo-workspace.ts';
import { receiverOf, type World } from './world.ts';

/** What is wrong with an ended run, seen from the workspace; all empty when nothing is. */
export interface Problems {
  /** Writes that should not have been. */
  doubled: string[];
  /** Items that the run calls moved and the workspace does not, or the other way round; and items nobody knows of. */
  lost: string[];
  /** Outcomes that are none. */
  unknown: string[];
  /** Ends that do not say what is true. */
  wrong: string[];
}

/** Compares what a run says with what the workspace says. */
export async function problemsOf(world: World, run: Run, store = world.openStore()): Promise<Problems> {
  const { demo } = world;
  const problems: Problems = { doubled: doubled(demo), lost: [], unknown: [], wrong: [] };
  const moved = new Map<string, number>();
  for (const { category, ref, by, after, fence } of demo.writes) {
    if (by !== run.by.id) problems.wrong.push(`${category} ${ref} was written as ${by}`);
    const receiver = receiverOf(world, category, ref);
    if (!sameValue(after, { member: receiver }))
      problems.wrong.push(
        `${category} ${ref} was for ${receiver}, and was written to be ${JSON.stringify(after)}`,
      );
    if (fence !== undefined && world.fencesElsewhere.has(fence)) continue;
    moved.set(`${category} ${ref}`, (moved.get(`${category} ${ref}`) ?? 0) + 1);
  }

  for (const step of run.steps) {
    if (step.category === undefined) continue;
    const items = await store.items.category(run.id, step.category);
    for (const item of items) judgeItem(item);
    for (const state of ['moved', 'failed', 'skipped', 'unknown'] as const) {
      const count = items.filter((item) => item.state === state).length;
      if (count !== step[state])
        problems.wrong.push(`${step.id} says ${step[state]} ${state}, its items ${count}`);
    }
    if (step.total !== items.length)
      problems.wrong.push(`${step.id} says ${step.total} in all, its items are ${items.length}`);
  }
  for (const write of moved.keys()) {
    const [category = '', ref = ''] = write.split(' ');
    const [item] = await store.items.byRef(run.id, category, [ref]);
    if (item?.state !== 'moved' && item?.state !== 'skipped' && !isGivenBack(write))
      problems.lost.push(`${write} was moved, and the run calls it ${item?.state ?? 'nothing'}`);
  }
  for (const { category, seq } of await store.openAttempts(run.id))
    problems.unknown.push(`attempt ${seq} of ${category} is open`);
  const broken = firstBroken(await store.journal(run.id));
  if (broken) problems.wrong.push(`the journal is broken at ${broken.seq}`);

  // What came after the last look is nobody's fault.
  const left = [...demo.owners.keys()].flatMap((category) =>
    owned(demo.owners, category, leaver).filter(
      (ref) => (demo.givenAt.get(`${category} ${ref}`) ?? 0) < demo.surveys,
    ),
  );
  const active = demo.members.get(leaver)?.active !== false;
  if (run.phase === 'succeeded' && left.length > 0) problems.wrong.push(`succeeded, and ${left} are left`);
  if (run.phase === 'succeeded' && run.mode === 'executeAndDeactivate' && active)
    problems.wrong.push('succeeded, and the leaver is active');
  if (run.phase !== 'succeeded' && !active) problems.wrong.push(`${run.phase}, and the leaver is inactive`);
  if (demo.deactivations > 1) problems.doubled.push(`deactivated ${demo.deactivations} times`);
  // A superseded run goes on elsewhere: here its steps stay as they were.
  for (const { id, state } of run.phase === 'superseded' ? [] : run.steps)
    if (state === 'running' || state === 'queued') problems.wrong.push(`step ${id} is ${state}`);
  return problems;

  function judgeItem(item: RunItem): void {
    const name = `${item.category} ${item.ref}`;
    const now = demo.owners.get(item.category)?.get(item.ref);
    if (item.state === 'unknown') problems.unknown.push(name);
    if (item.state === 'planned' && run.phase === 'succeeded') problems.lost.push(`${name} was forgotten`);
    const agrees = item.after && now && sameValue(item.after, now);
    if (item.state === 'moved' && !agrees && !isTakenSince(item, name) && !isGivenBack(name))
      problems.lost.push(`${name} is called moved, and is ${JSON.stringify(now)}`);
    if (item.state === 'failed' && now && moved.has(name) && !sameValue(now, { member: leaver }))
      problems.lost.push(`${name} is called failed, and was moved`);
  }

  /** What was moved may be given to the leaver once more afterwards. */
  function isGivenBack(name: string): boolean {
    return (moved.get(name) ?? 0) > 0 && (demo.given.get(name) ?? 0) > (moved.get(name) ?? 0);
  }

  /** What was moved, by us or by somebody with the same wish, may be taken by somebody else afterwards. */
  function isTakenSince({ after }: RunItem, name: string): boolean {
    const takers = world.taken.get(name) ?? [];
    const sameWish = after && 'member' in after && takers.slice(0, -1).includes(after.member);
    return takers.length > 0 && (moved.has(name) || sameWish === true);
  }
}

/**
 * What the workspace's registry says of an ended run that is not so: that it is open, another phase, other counts. Empty
 * where there is no registry, and where the run goes on elsewhere. To be asked once everything has landed.
 */
export function registryProblems({ demo }: World, run: Run): string[] {
  const registered = demo.registered.get(run.id);
  if (!demo.registry || run.phase === 'superseded') return [];
  if (!registered) return ['the registry has no such run'];
  const { record, open, fence } = registered;
  const counts = (steps: Run['steps']): string =>
    JSON.stringify(
      steps.map(({ id, state, total, moved, failed, skipped }) => [id, state, total, moved, failed, skipped]),
    );
  const problems: string[] = [];
  if (open !== isOpen(run.phase)) problems.push(`the registry has it ${open ? 'open' : 'closed'}`);
  if (record.phase !== run.phase) problems.push(`it is ${run.phase}, the registry says ${record.phase}`);
  if (counts(record.steps) !== counts(run.steps))
    problems.push(`its steps are ${counts(run.steps)}, the registry says ${counts(record.steps)}`);
  if (fence !== run.fence) problems.push(`its fence is ${run.fence}, the registry's ${fence}`);
  return problems;
}

/** Fails unless nothing is wrong. */
export function expectTrue(problems: Problems): void {
  expect(problems).toEqual({ doubled: [], lost: [], unknown: [], wrong: [] });
}

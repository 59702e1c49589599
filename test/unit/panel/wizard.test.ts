import { describe, expect, it } from 'vitest';
import { withoutOutdatedTicks } from '../../../lib/offboarding/acknowledgement.ts';
import { applyEdit } from '../../../lib/offboarding/edit.ts';
import type { Run } from '../../../lib/offboarding/model.ts';
import { Execution, progressOf } from '../../../lib/panel/execution.ts';
import { FutureImpact } from '../../../lib/panel/future.ts';
import { Reassignments } from '../../../lib/panel/reassignments.ts';
import { fixOf, measuredPace, Review } from '../../../lib/panel/review.ts';
import { RunFeed } from '../../../lib/panel/run-feed.ts';
import { Wizard } from '../../../lib/panel/wizard.ts';
import { draft, itemsOf, members, planned, started } from '../../e2e/wizard/data.ts';
import { createWorld } from './world.ts';

const at = new Date('2026-11-22T09:56:00.000Z');

/** A wizard over a draft whose edits are applied by the domain and stored. */
async function open(run: Run) {
  const world = createWorld();
  world.stored.set(run.id, run);
  for (const category of run.categories) world.items.set(category.id, itemsOf(run.id, category));
  const store = (next: Run): number => {
    const stored = { ...next, rev: (world.stored.get(run.id)?.rev ?? 0) + 1 };
    world.stored.set(run.id, stored);
    return stored.rev;
  };
  const current = (): Run => world.stored.get(run.id) ?? run;
  world.answer('draft.edit', ({ edit }) => ({
    ok: true,
    value: { rev: store(applyEdit(current(), edit, at.toISOString(), `chg_${current().rev}`, 'Priya Shah')) },
  }));
  world.answer('member.search', () => ({ ok: true, value: { members } }));
  world.answer('connection.list', () => ({ ok: true, value: { connections: [] } }));
  world.answer('run.check', () => ({ ok: true, value: { problems: [] } }));
  const feed = new RunFeed(world.dependencies, run.id);
  world.say({ kind: 'snapshot', run });
  const wizard = new Wizard(world.dependencies, feed, run);
  await world.advance(50);
  return { world, feed, wizard, store, current };
}

describe('edits of a draft', () => {
  it('are shown once they are stored', async () => {
    const { wizard, world } = await open(draft(at));
    const saved = wizard.edits.edit({ kind: 'mode', mode: 'executeOnly' });
    expect(wizard.edits.save.value.kind).toBe('saving');
    expect(wizard.run.value.mode).toBe('executeAndDeactivate');
    await world.advance(0);
    expect(await saved).toBe(true);
    expect(wizard.run.value.mode).toBe('executeOnly');
    expect(wizard.edits.save.value.kind).toBe('saved');
  });

  it('that could not be stored are kept, in order, and sent again', async () => {
    const { wizard, world, store, current } = await open(draft(at));
    world.answer('draft.edit', () => ({
      ok: false,
      refusal: { code: 'storage', detail: 'The disk is full.' },
    }));
    void wizard.edits.edit({ kind: 'note', note: 'first' });
    void wizard.edits.edit({ kind: 'note', note: 'second' });
    await world.advance(0);
    expect(wizard.edits.save.value).toMatchObject({
      kind: 'failed',
      refusal: { detail: 'The disk is full.' },
    });
    world.answer('draft.edit', ({ edit }) => ({
      ok: true,
      value: { rev: store(applyEdit(current(), edit, at.toISOString(), 'chg', 'Priya Shah')) },
    }));
    wizard.edits.retry();
    await world.advance(0);
    expect(wizard.run.value.note).toBe('second');
    expect(wizard.edits.save.value.kind).toBe('saved');
  });

  it('that are refused for good leave the draft as it was and say so', async () => {
    const { wizard, world } = await open(draft(at));
    world.answer('draft.edit', () => ({
      ok: false,
      refusal: { code: 'locked', detail: 'This run has started.' },
    }));
    expect(await wizard.edits.edit({ kind: 'note', note: 'x' })).toBe(false);
    await world.advance(0);
    expect(wizard.edits.refused.value?.code).toBe('locked');
  });
});

describe('W3 reassignments', () => {
  it('W3.1 a quick fill never touches a choice that was made, and is taken back as one', async () => {
    const run = draft(at);
    const { wizard, world } = await open(run);
    const model = new Reassignments(world.dependencies, wizard);
    await model.setDefault('tasks.open', { member: 'mem_mei' });
    await model.fill({ member: 'mem_tom' });
    expect(wizard.run.value.plan.defaults['tasks.open']).toEqual({ member: 'mem_mei' });
    expect(Object.keys(wizard.run.value.plan.defaults)).toHaveLength(9);
    await model.undoLast();
    expect(wizard.run.value.plan.defaults).toEqual({ 'tasks.open': { member: 'mem_mei' } });
    await model.undoLast();
    expect(wizard.run.value.plan.defaults).toEqual({});
  });

  it('W3.2 counts who receives what from the items wherever an override decides', async () => {
    const { wizard, world } = await open(planned(draft(at)));
    await world.advance(500);
    const tally = wizard.tallies.byCategory.value.get('customers.csm');
    expect(tally).toMatchObject({ total: 212, unassigned: 0, current: true });
    expect(Object.values(tally?.byMember ?? {}).reduce((sum, count) => sum + count, 0)).toBe(212);
    expect(tally?.own).toBe(73);
    const tasks = wizard.tallies.byCategory.value.get('tasks.open');
    expect(Object.keys(tasks?.byMember ?? {}).sort()).toEqual(['mem_ines', 'mem_mei', 'mem_tom']);
    expect(wizard.tallies.customers.value).toBe(212);
  });

  it('W3.1 "same as the customer\'s new CSM" leaves items over while a customer has nobody', async () => {
    const run = planned(draft(at));
    const { 'customers.csm': _none, ...defaults } = run.plan.defaults;
    const { wizard, world } = await open({ ...run, plan: { ...run.plan, defaults } });
    await world.advance(500);
    expect(wizard.tallies.byCategory.value.get('tasks.open')?.unassigned).toBeGreaterThan(0);
  });
});

describe('W4 future impact', () => {
  it('W4.1 counts again on return; a count that changed clears the tick and is said', async () => {
    const { wizard, world, store, current } = await open({ ...planned(draft(at)), screen: 'future' });
    const future = new FutureImpact(world.dependencies, wizard);
    let count = 3;
    world.answer('draft.recount', () => ({
      ok: true,
      value: {
        rev: store(
          withoutOutdatedTicks({
            ...current(),
            categories: current().categories.map((category) =>
              category.kind === 'tokens.api' ? { ...category, count } : category,
            ),
          }),
        ),
      },
    }));
    const comeBackTo = async (now: number): Promise<void> => {
      count = now;
      world.comeBack();
      await world.advance(0);
    };
    expect(future.cards.value[0]).toMatchObject({ acknowledged: { count: 2 } });
    await comeBackTo(0);
    await comeBackTo(4);
    expect(future.cards.value[0]).toMatchObject({ acknowledged: undefined, cleared: { from: 2, to: 4 } });
    await comeBackTo(2);
    expect(future.cards.value[0]).toMatchObject({ acknowledged: undefined, cleared: undefined });
    await comeBackTo(3);
    expect(future.cards.value[0]).toMatchObject({ acknowledged: undefined, cleared: { from: 2, to: 3 } });
    expect(world.spoken.alert.join()).toContain('tick_cleared_spoken');
    expect(wizard.gap.value).toMatchObject({ kind: 'unacknowledged', count: 1 });
    await future.tick('tokens.api', true);
    expect(future.cards.value[0]).toMatchObject({ acknowledged: { count: 3 }, cleared: undefined });
  });

  it('W4.2 lists tokens first, then what could not be checked, and folds what is empty now', async () => {
    const run: Run = { ...planned(draft(at)), screen: 'future' };
    const { wizard, world, store, feed } = await open(run);
    const future = new FutureImpact(world.dependencies, wizard);
    expect(future.cards.value.slice(0, 2).map(({ category }) => category.id)).toEqual([
      'tokens.api',
      'views.insights',
    ]);
    const categories = run.categories.map((category) =>
      category.kind === 'emails.scheduled' ? { ...category, count: 0 } : category,
    );
    await feed.reach(store({ ...run, categories }));
    expect(future.cards.value.find(({ category }) => category.kind === 'emails.scheduled')?.empty).toBe(true);
    expect(wizard.gap.value).toBeUndefined();
  });
});

describe('W5 review', () => {
  it('W5.2 holds Start until every box is ticked', async () => {
    const { wizard, world } = await open({ ...planned(draft(at)), screen: 'review' });
    const review = new Review(world.dependencies, wizard);
    await world.advance(100);
    expect(review.boxes.value).toEqual(['recipients', 'manual', 'access']);
    expect(review.gap.value).toMatchObject({ kind: 'boxes', count: 3, target: 'review-box-recipients' });
    for (const box of review.boxes.value) review.tick(box, true);
    expect(review.gap.value).toBeUndefined();
  });

  it('W3.3 a blocking problem holds Start and the confirmation back', async () => {
    const { wizard, world } = await open({ ...planned(draft(at)), screen: 'review' });
    world.answer('run.check', () => ({
      ok: true,
      value: { problems: [{ kind: 'replacementInactive', blocking: true, category: 'views.customers' }] },
    }));
    const review = new Review(world.dependencies, wizard);
    await review.confirm();
    expect(review.confirming.value).toBe(false);
    expect(review.gap.value).toMatchObject({ kind: 'problems', count: 1 });
    expect(fixOf({ kind: 'replacementInactive', blocking: true, category: 'views.customers' })).toEqual({
      screen: 'reassignments',
      target: 'reassignments-views_customers',
    });
  });

  it('W5.2 only the final confirmation starts the run, at the revision that was seen', async () => {
    const { wizard, world } = await open({ ...planned(draft(at)), screen: 'review' });
    const review = new Review(world.dependencies, wizard);
    await review.confirm();
    expect(review.confirming.value).toBe(true);
    expect(world.sent.some(({ command }) => command === 'run.start')).toBe(false);
    world.answer('run.start', ({ rev }) => ({ ok: true, value: { rev } }));
    await review.start();
    expect(world.sent.at(-1)).toEqual({
      command: 'run.start',
      request: { run: 'run_1', rev: wizard.run.value.rev },
    });
  });

  it('U6 tells a length only from a run that was measured', () => {
    const run = started(draft(at), 1, at);
    const finished: Run = {
      ...run,
      phase: 'succeeded',
      startedAt: '2026-11-20T10:00:00.000Z',
      endedAt: '2026-11-20T10:02:00.000Z',
    };
    expect(measuredPace([finished], run.connection)).toMatchObject({
      perMinute: Math.round(progressOf(run).moved / 2),
    });
    expect(measuredPace([{ ...finished, phase: 'failed' }], run.connection)).toBeUndefined();
    expect(measuredPace([finished], 'another')).toBeUndefined();
  });
});

describe('W6 execution', () => {
  it('says a step that fails, a pause and the end at once', async () => {
    const run = started(draft(at), 0.5, at);
    const { wizard, world, store, feed } = await open(run);
    const execution = new Execution(world.dependencies, wizard);
    expect(wizard.screen.value).toBe('execution');
    const [first, ...rest] = run.steps;
    if (!first) throw new Error('This run has no steps.');
    await feed.reach(store({ ...run, steps: [{ ...first, state: 'failed', failed: 2 }, ...rest] }));
    expect(world.spoken.alert.at(-1)).toContain('step_failed_spoken');
    await feed.reach(store({ ...run, phase: 'paused', pause: { kind: 'signedOut' } }));
    expect(world.spoken.alert.at(-1)).toBe('pause_signedOut_spoken');
    await feed.reach(store({ ...run, phase: 'partial' }));
    expect(world.spoken.alert.at(-1)).toContain('end_spoken');
    expect(execution.end.value).toBe('partial');
  });

  it('W6.1 nothing but the execution is shown from Start on', async () => {
    const { wizard } = await open({ ...started(draft(at), 0.2, at), screen: 'reassignments' });
    expect(wizard.screen.value).toBe('execution');
  });
});

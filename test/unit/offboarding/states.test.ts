import { describe, expect, it } from 'vitest';
import type { Phase, RunItem, Step } from '../../../lib/offboarding/model.ts';
import { sameValue, settle, settleByReading } from '../../../lib/offboarding/outcome.ts';
import { itemStates, phases, stepStates } from '../../../lib/offboarding/states.ts';
import {
  done,
  endOfRun,
  endOfStep,
  removesOnly,
  step,
  stepsOf,
  totals,
} from '../../../lib/offboarding/steps.ts';
import {
  checkItemMove,
  ImpossibleTransition,
  isOpen,
  toPhase,
  toStepState,
} from '../../../lib/offboarding/transitions.ts';
import { makeRun, makeRunItem } from '../store/material.ts';
import { makeCategory } from './material.ts';

const at = '2026-11-22T10:00:00.000Z';

/** Architecture.md's "States" and what taking over adds to them, whole, so that nothing may be added in passing. */
const phaseMoves: Record<Phase, Phase[]> = {
  draft: ['discarded', 'executing', 'superseded'],
  discarded: [],
  executing: ['paused', 'waiting', 'stopping', 'succeeded', 'partial', 'failed', 'superseded'],
  paused: ['executing', 'stopping', 'superseded'],
  waiting: ['executing', 'stopping', 'succeeded', 'partial', 'superseded'],
  stopping: ['succeeded', 'partial', 'superseded'],
  succeeded: [],
  partial: ['executing'],
  failed: ['executing'],
  // A run that was taken over may be taken back.
  superseded: ['draft', 'executing'],
};
const stepMoves: Record<Step['state'], Step['state'][]> = {
  queued: ['running', 'notRun'],
  running: ['completed', 'failed', 'notRun'],
  completed: ['running'],
  failed: ['queued'],
  notRun: ['queued'],
};
const itemMoves: Record<RunItem['state'], RunItem['state'][]> = {
  planned: ['unknown', 'moved', 'failed', 'skipped'],
  unknown: ['planned', 'moved', 'failed', 'skipped'],
  moved: ['planned'],
  failed: ['planned'],
  skipped: ['planned'],
};
const pause = { kind: 'admin' } as const;

describe('a run', () => {
  for (const from of phases)
    for (const to of phases) {
      const possible = phaseMoves[from].includes(to);
      it(`${possible ? 'may' : 'may not'} go from ${from} to ${to}`, () => {
        const move = () => toPhase(makeRun({ phase: from }), to, at, to === 'paused' ? pause : undefined);
        if (possible) expect(move().phase).toBe(to);
        else expect(move).toThrow(ImpossibleTransition);
      });
    }

  it('keeps its reason only while it is paused, and never pauses without one', () => {
    const paused = toPhase(makeRun({ phase: 'executing' }), 'paused', at, pause);
    expect(paused.pause).toEqual(pause);
    expect(toPhase(paused, 'executing', at).pause).toBeUndefined();
    expect(() => toPhase(makeRun({ phase: 'executing' }), 'paused', at)).toThrow(ImpossibleTransition);
  });

  it('W7.2 lets its leaver go when it is over, and only then', () => {
    for (const phase of phases) {
      const from = phases.find((each) => phaseMoves[each].includes(phase));
      if (!from) continue;
      const run = toPhase(makeRun({ phase: from }), phase, at, pause);
      expect('open' in run, phase).toBe(isOpen(phase));
      expect(run.endedAt, phase).toBe(isOpen(phase) ? undefined : at);
    }
  });
});

describe('a step', () => {
  for (const from of stepStates)
    for (const to of stepStates) {
      const possible = stepMoves[from].includes(to);
      it(`${possible ? 'may' : 'may not'} go from ${from} to ${to}`, () => {
        const move = () => toStepState({ ...step('a', 'category', 1, 'a'), state: from }, to, at);
        if (possible) expect(move().state).toBe(to);
        else expect(move).toThrow(ImpossibleTransition);
      });
    }

  it('W6.2 completes when nothing of it is failed, unknown or left over', () => {
    const base = { ...step('a', 'category', 3, 'a'), moved: 2 };
    expect(endOfStep({ ...base, skipped: 1 })).toBe('completed');
    expect(endOfStep({ ...base, failed: 1 })).toBe('failed');
    expect(endOfStep({ ...base, unknown: 1 })).toBe('failed');
    expect(endOfStep(base)).toBe('failed');
    expect(endOfStep(step('a', 'category', 0, 'a'))).toBe('completed');
    expect(done({ ...base, failed: 1 })).toBe(3);
  });

  it('keeps the message of its last state only', () => {
    const running = toStepState(step('a', 'category', 1, 'a'), 'running', at);
    const failed = toStepState(running, 'failed', at, { key: 'k', params: {} });
    expect(failed.message).toEqual({ key: 'k', params: {} });
    expect(toStepState(failed, 'queued', at).message).toBeUndefined();
  });
});

describe('an item', () => {
  for (const from of itemStates)
    for (const to of itemStates) {
      const possible = itemMoves[from].includes(to);
      it(`${possible ? 'may' : 'may not'} go from ${from} to ${to}`, () => {
        if (possible) expect(() => checkItemMove(from, to)).not.toThrow();
        else expect(() => checkItemMove(from, to)).toThrow(ImpossibleTransition);
      });
    }
});

describe('W6.5 the end of a run', () => {
  const state = (id: string, to: Step['state'], moved = 0, kind: Step['kind'] = 'category'): Step => ({
    ...step(id, kind, moved),
    state: to,
    moved,
  });
  it('is success, failure or partial completion', () => {
    expect(endOfRun([state('a', 'completed', 2), state('d', 'completed', 1, 'deactivate')])).toBe(
      'succeeded',
    );
    expect(endOfRun([state('a', 'failed'), state('d', 'notRun', 0, 'deactivate')])).toBe('failed');
    expect(endOfRun([state('a', 'failed', 1), state('d', 'notRun', 0, 'deactivate')])).toBe('partial');
    expect(endOfRun([state('r', 'failed', 0, 'rescan'), state('d', 'completed', 0, 'deactivate')])).toBe(
      'partial',
    );
  });

  it('counts the items of categories alone', () => {
    expect(totals([state('a', 'completed', 2), state('d', 'completed', 1, 'deactivate')])).toMatchObject({
      total: 2,
      moved: 2,
    });
  });
});

describe('W5.3 the steps', () => {
  it('run in their order, then the rescan, then the deactivation where the mode asks for it', () => {
    const categories = [
      makeCategory('late', { order: 9, count: 1 }),
      makeCategory('early', { order: 1, count: 2 }),
      makeCategory('also early', { order: 1, count: 2 }),
      makeCategory('nothing', { order: 2, count: 0 }),
      makeCategory('unread', { order: 3, count: null }),
      makeCategory('by hand', { order: 4, count: 3, action: 'manual' }),
      makeCategory('ticked', { order: 5, count: 3, action: 'manual', selectable: true }),
    ];
    const plan = { defaults: {}, changes: [], selected: ['ticked', 'by hand'] };
    const ids = (mode: 'executeAndDeactivate' | 'executeOnly') =>
      stepsOf({ categories, plan, mode }).map(({ id, total }) => [id, total]);
    expect(ids('executeAndDeactivate')).toEqual([
      ['also early', 2],
      ['early', 2],
      ['ticked', 3],
      ['late', 1],
      ['rescan', 0],
      ['deactivate', 1],
    ]);
    expect(ids('executeOnly').at(-1)).toEqual(['rescan', 0]);
  });

  it('issue 5: only take away where nothing that they do hands anything to anybody', () => {
    const phones = makeCategory('phones', { action: 'manual', selectable: true });
    const tokens = makeCategory('tokens', { action: 'manual' });
    const [groups, profile] = [
      makeCategory('groups', { action: 'remove' }),
      makeCategory('profile', { action: 'clear' }),
    ];
    const only = (...categories: ReturnType<typeof makeCategory>[]) =>
      removesOnly({ categories, plan: { defaults: {}, changes: [], selected: ['phones'] } });
    expect(only(groups, profile, phones, tokens)).toBe(true);
    expect(only(phones)).toBe(true);
    expect(only(groups, makeCategory('tasks'))).toBe(false);
    expect(only(tokens)).toBe(false);
  });
});

describe('R2 the outcome of an item', () => {
  const tom = { member: 'mem_tom' };
  const item = makeRunItem(1);

  it('is moved only with the wished value', () => {
    expect(settle(item, tom, { ref: item.ref, result: 'applied', value: tom })).toMatchObject({
      state: 'moved',
      before: { member: 'mem_dana' },
      after: tom,
    });
    expect(settle(item, tom, { ref: item.ref, result: 'applied', value: { member: 'x' } })).toMatchObject({
      state: 'failed',
      reason: { code: 'otherValue' },
      heldBy: { member: 'x' },
    });
  });

  it('R3 is skipped when somebody else has it, and moved when the receiver has', () => {
    const conflict = (value: RunItem['value']) =>
      settle(item, tom, { ref: item.ref, result: 'conflict', value });
    expect(conflict({ member: 'x' })).toMatchObject({ state: 'skipped', heldBy: { member: 'x' } });
    expect(conflict(tom)).toMatchObject({ state: 'moved' });
    expect(conflict(item.value)).toMatchObject({ state: 'failed', reason: { code: 'stillHeld' } });
  });

  it('fails with the workspace’s words', () => {
    const outcome = { ref: item.ref, result: 'failed', code: 'gone', message: 'Gone.' } as const;
    expect(settle(item, tom, outcome)).toMatchObject({
      state: 'failed',
      reason: { code: 'gone', message: 'Gone.' },
    });
  });

  it('forgets what an earlier try said', () => {
    const failed = { ...item, reason: { code: 'other', message: 'x' }, heldBy: tom } as const;
    const moved = settle(failed, tom, { ref: item.ref, result: 'applied', value: tom });
    expect([moved.reason, moved.heldBy]).toEqual([undefined, undefined]);
    expect(settleByReading({ ...failed, state: 'unknown' }, tom, item.value).reason).toBeUndefined();
  });

  it('is told by reading: as before is planned, wished is moved, a third is skipped', () => {
    const unknown = { ...item, state: 'unknown' } as const;
    expect(settleByReading(unknown, tom, item.value).state).toBe('planned');
    expect(settleByReading(unknown, tom, tom).state).toBe('moved');
    expect(settleByReading(unknown, tom, { none: true }).state).toBe('skipped');
  });

  it('compares values of every kind', () => {
    const values = [
      { member: 'a' },
      { member: 'b' },
      { none: true },
      { absent: true },
      { flag: true },
      { flag: false },
    ] as const;
    for (const [n, a] of values.entries())
      for (const [m, b] of values.entries()) expect(sameValue(a, b), `${n} ${m}`).toBe(n === m);
  });
});

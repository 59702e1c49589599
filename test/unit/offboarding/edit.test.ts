import { describe, expect, it } from 'vitest';
import {
  acknowledgementOf,
  isAcknowledged,
  unacknowledged,
} from '../../../lib/offboarding/acknowledgement.ts';
import { applyEdit, type Edit, EditRefused, editSchema } from '../../../lib/offboarding/edit.ts';
import { ineligible, isStale, scanLifetime, senderReadiness } from '../../../lib/offboarding/eligibility.ts';
import type { Member, Run } from '../../../lib/offboarding/model.ts';
import { makeRun } from '../store/material.ts';
import { makeCategory } from './material.ts';

const at = '2026-11-22T10:00:00.000Z';
const draft = makeRun({
  categories: [
    makeCategory('customers', { perCustomer: false, decidesCustomer: true }),
    makeCategory('tasks', { perCustomer: true }),
    makeCategory('empty', { count: 0 }),
    makeCategory('tokens', { action: 'manual', count: 2 }),
    makeCategory('unread', { count: null }),
  ],
});
const edit = (run: Run, wish: Edit): Run => applyEdit(run, wish, at, 'change-1', 'Priya Shah');
const codeOf = (run: Run, wish: Edit): string => {
  try {
    edit(run, wish);
  } catch (error) {
    if (error instanceof EditRefused) return error.code;
  }
  return 'accepted';
};

describe('an edit', () => {
  it('W6.1 is refused once the run has started, save the default that it asks for', () => {
    const wish: Edit = { kind: 'default', category: 'tasks', to: { member: 'mem_tom' } };
    for (const phase of [
      'executing',
      'stopping',
      'waiting',
      'succeeded',
      'partial',
      'failed',
      'discarded',
    ] as const)
      expect(codeOf({ ...draft, phase }, wish), phase).toBe('locked');
    expect(codeOf({ ...draft, phase: 'paused', pause: { kind: 'admin' } }, wish)).toBe('locked');
    const asking: Run = { ...draft, phase: 'paused', pause: { kind: 'newItems', detail: 'tasks' } };
    expect(edit(asking, wish).plan.defaults).toEqual({ tasks: { member: 'mem_tom' } });
    expect(codeOf(asking, { kind: 'fill', to: { member: 'mem_tom' } })).toBe('locked');
  });

  it('W3.3 never names the leaver as receiver', () => {
    const to = { member: 'mem_dana' };
    expect(codeOf(draft, { kind: 'default', category: 'tasks', to })).toBe('incomplete');
    expect(codeOf(draft, { kind: 'fill', to })).toBe('incomplete');
    const selection = { refs: ['a'] };
    expect(codeOf(draft, { kind: 'override', category: 'tasks', selection, to: 'mem_dana', count: 1 })).toBe(
      'incomplete',
    );
    const otherwise = { sameAsCustomer: true, otherwise: 'mem_dana' } as const;
    expect(codeOf(draft, { kind: 'default', category: 'tasks', to: otherwise })).toBe('incomplete');
    expect(codeOf(draft, { kind: 'fill', to: otherwise })).toBe('incomplete');
  });

  it('W3.1 fills the empty ones among what is handed over, and nothing else', () => {
    const chosen = edit(draft, { kind: 'default', category: 'customers', to: { member: 'mem_mei' } });
    const filled = edit(chosen, { kind: 'fill', to: { member: 'mem_tom' } });
    expect(filled.plan.defaults).toEqual({ customers: { member: 'mem_mei' }, tasks: { member: 'mem_tom' } });
    expect(edit(filled, { kind: 'fill', to: { member: 'mem_zoe' } })).toBe(filled);
    expect(edit(filled, { kind: 'undo', change: 'change-1' }).plan.defaults).toEqual(chosen.plan.defaults);
    const same = edit(draft, { kind: 'fill', to: { sameAsCustomer: true } });
    expect(Object.keys(same.plan.defaults)).toEqual(['tasks']);
  });

  it('W3.2 overrides, and takes it back', () => {
    const wish: Edit = {
      kind: 'override',
      category: 'tasks',
      selection: { refs: ['a'] },
      to: 'mem_tom',
      count: 1,
    };
    const overridden = edit(draft, wish);
    expect(overridden.plan.changes).toHaveLength(1);
    expect(edit(overridden, { kind: 'undo', change: 'change-1' }).plan).toEqual(draft.plan);
  });

  it('W2.2 offers no deactivation of somebody who is inactive', () => {
    const inactive = { ...draft, leaver: { ...draft.leaver, active: false } };
    expect(codeOf(inactive, { kind: 'mode', mode: 'executeAndDeactivate' })).toBe('incomplete');
    expect(edit(inactive, { kind: 'mode', mode: 'executeOnly' }).mode).toBe('executeOnly');
  });

  it('W5.2 leads to the execution by Start alone', () => {
    expect(codeOf(draft, { kind: 'screen', screen: 'execution' })).toBe('incomplete');
    expect(edit(draft, { kind: 'screen', screen: 'review' }).screen).toBe('review');
  });

  it('keeps a note, and ticks what may be done by the run', () => {
    expect(edit(draft, { kind: 'note', note: 'HR-7' }).note).toBe('HR-7');
    const ticked = edit(draft, { kind: 'select', category: 'tokens', selected: true });
    expect(edit(ticked, { kind: 'select', category: 'tokens', selected: true }).plan.selected).toEqual([
      'tokens',
    ]);
    expect(edit(ticked, { kind: 'select', category: 'tokens', selected: false }).plan.selected).toEqual([]);
  });

  it('R6 is checked by its schema', () => {
    expect(editSchema.safeParse({ kind: 'mode', mode: 'destroy' }).success).toBe(false);
    expect(editSchema.safeParse({ kind: 'note', note: 'x'.repeat(201) }).success).toBe(false);
    expect(editSchema.safeParse({ kind: 'note', note: 'a', extra: 1 }).success).toBe(false);
  });
});

describe('W4 acknowledgements', () => {
  it('are wanted for what needs a person and what could not be checked', () => {
    expect(unacknowledged(draft).map(({ id }) => id)).toEqual(['tokens', 'unread']);
  });

  it('W4.3 are recorded with who, when and the count, and hold for that count alone', () => {
    const ticked = edit(draft, { kind: 'acknowledge', category: 'tokens', ticked: true });
    expect(acknowledgementOf(ticked, 'tokens')).toEqual({
      category: 'tokens',
      by: 'Priya Shah',
      at,
      count: 2,
    });
    expect(isAcknowledged(ticked, { id: 'tokens', count: 2 })).toBe(true);
    expect(isAcknowledged(ticked, { id: 'tokens', count: 3 })).toBe(false);
    const unread = edit(ticked, { kind: 'acknowledge', category: 'unread', ticked: true });
    expect(unacknowledged(unread)).toEqual([]);
    expect(
      unacknowledged(edit(unread, { kind: 'acknowledge', category: 'tokens', ticked: false })),
    ).toHaveLength(1);
    expect(codeOf(draft, { kind: 'acknowledge', category: 'none', ticked: true })).toBe('incomplete');
  });

  it('are not wanted for what the admin has ticked to be done by the run', () => {
    const selectable = {
      ...draft,
      categories: [makeCategory('phones', { action: 'manual', selectable: true })],
    };
    expect(unacknowledged(selectable)).toHaveLength(1);
    expect(unacknowledged(edit(selectable, { kind: 'select', category: 'phones', selected: true }))).toEqual(
      [],
    );
  });
});

describe('W3.3 who can receive', () => {
  const member = (change: Partial<Member> = {}): Member => ({ ...draft.leaver, id: 'mem_tom', ...change });
  it('an active member who is not the leaver', () => {
    expect(ineligible(member(), 'mem_dana')).toBeNull();
    expect(ineligible(member({ active: false }), 'mem_dana')).toBe('inactive');
    expect(ineligible(member({ id: 'mem_dana' }), 'mem_dana')).toBe('leaver');
  });

  it('W3.4 with a sender set-up that is there, is not, or is not known', () => {
    expect(senderReadiness(member())).toBe('unknown');
    expect(senderReadiness(member({ sender: { mailbox: 'yes', signature: 'yes' } }))).toBe('yes');
    expect(senderReadiness(member({ sender: { mailbox: 'yes', signature: 'no' } }))).toBe('no');
    expect(senderReadiness(member({ sender: { mailbox: 'unknown', signature: 'yes' } }))).toBe('unknown');
  });

  it('W7.1 from a scan that is younger than a day', () => {
    const scanned = new Date(2026, 10, 21, 9, 0).toISOString();
    expect(isStale(undefined, new Date(at))).toBe(true);
    expect(isStale(scanned, new Date(2026, 10, 21, 23, 59))).toBe(false);
    // Resumed on another day, it is too old before it is a day old.
    expect(isStale(scanned, new Date(2026, 10, 22, 0, 1))).toBe(true);
    expect(isStale(scanned, new Date(Date.parse(scanned) + scanLifetime + 1))).toBe(true);
  });
});

import { describe, expect, it, vi } from 'vitest';
import type { Send } from '../../../lib/messages/client.ts';
import type { GuardModal, OverlaySetup } from '../../../lib/messages/protocol.ts';
import { createChecks } from '../../../lib/overlay/checks.ts';
import { createGuard, type GuardState } from '../../../lib/overlay/guard.ts';
import type { Held } from '../../../lib/overlay/intercept.ts';

const modal = (title: string, does: 'wizard' | 'retry' | 'reload'): GuardModal => ({
  title,
  body: '',
  rows: [],
  notes: [],
  first: { label: 'First', does },
  cancel: 'Cancel',
  anyway: 'Anyway',
  confirm: { title: 'Sure, {name}?', body: '', back: 'Back', go: 'Go' },
});
const failed = modal('Failed: {name}', 'retry');
const setup = {
  pages: {},
  language: 'en',
  direction: 'ltr',
  bulk: failed,
  failures: {
    timeout: failed,
    unreachable: failed,
    signedOut: failed,
    other: failed,
    outdated: modal('Outdated', 'reload'),
  },
  texts: {
    someone: 'this member',
    checking: 'Checking {name}',
    cancel: 'Cancel',
    moved: 'Moved',
    unrecorded: 'Not recorded',
    covered: 'Covered',
  },
} satisfies OverlaySetup;
const held = { member: 'm', element: { getBoundingClientRect: () => ({}) } } as unknown as Held;
const some = { owns: 'some', modal: modal('Owns', 'wizard'), counts: { tasks: 3 } };

function setUp(replies: Record<string, unknown>, facts: { alive?: boolean } = {}) {
  const asked: [string, unknown][] = [];
  const send = (async (command: string, request: unknown) => {
    asked.push([command, request]);
    const value = replies[command];
    return value === undefined
      ? { ok: false, refusal: { code: 'unreachable', detail: '' } }
      : { ok: true, value };
  }) as unknown as Send;
  const states: (GuardState | null)[] = [];
  const reload = vi.fn();
  const guard = createGuard({
    setup,
    send,
    checks: createChecks(send, () => 0),
    show: (state) => void states.push(state),
    alive: () => facts.alive ?? true,
    reload,
    open: (member) => void send('offboard.open', { member }),
    nameOf: () => undefined,
  });
  const last = async (): Promise<Extract<GuardState, { kind: 'modal' }>> => {
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
    const state = states.at(-1);
    if (state?.kind !== 'modal') throw new Error('There is no modal.');
    return state;
  };
  return { guard, asked, states, reload, last, given: new AbortController() };
}

describe('W1.4 what is decided about a held deactivation', () => {
  it('lets it happen without a modal when nothing is owned', async () => {
    const { guard, given, states } = setUp({ 'overlay.guard': { owns: 'none' } });
    expect(await guard.decide(held, given.signal)).toBe(true);
    expect(states).toEqual([null]);
  });

  it('Deactivate anyway asks twice and is recorded with the counts before it happens', async () => {
    const { guard, given, asked, last } = setUp({
      'overlay.guard': some,
      'overlay.bypass': { recorded: true },
    });
    const decided = guard.decide(held, given.signal);
    (await last()).choose('anyway');
    expect((await last()).confirming).toBe(true);
    (await last()).choose('back');
    expect((await last()).confirming).toBe(false);
    expect(asked.some(([command]) => command === 'overlay.bypass')).toBe(false);
    (await last()).choose('anyway');
    (await last()).choose('go');
    expect(await decided).toBe(true);
    expect(asked.at(-1)).toEqual(['overlay.bypass', { member: 'm', counts: { tasks: 3 } }]);
  });

  it('what cannot be recorded does not happen, and says so', async () => {
    const { guard, given, last } = setUp({ 'overlay.guard': some });
    const decided = guard.decide(held, given.signal);
    (await last()).choose('anyway');
    (await last()).choose('go');
    expect(await last()).toMatchObject({ alert: 'Not recorded', confirming: true });
    (await last()).choose('back');
    (await last()).choose('cancel');
    expect(await decided).toBe(false);
  });

  it('opens the wizard and nothing else', async () => {
    const { guard, given, asked, last } = setUp({
      'overlay.guard': some,
      'offboard.open': { opened: 'panel' },
    });
    const decided = guard.decide(held, given.signal);
    (await last()).choose('first');
    expect(await decided).toBe(false);
    expect(asked.at(-1)).toEqual(['offboard.open', { member: 'm' }]);
  });

  it('a failed check can be made again', async () => {
    const replies: Record<string, unknown> = {};
    const { guard, given, last } = setUp(replies);
    const decided = guard.decide(held, given.signal);
    expect((await last()).modal.title).toBe('Failed: this member');
    replies['overlay.guard'] = { owns: 'none' };
    (await last()).choose('first');
    expect(await decided).toBe(true);
  });

  it('without its extension it says so, records nothing and asks nobody', async () => {
    const { guard, given, asked, last, reload } = setUp({}, { alive: false });
    const first = guard.decide(held, given.signal);
    expect((await last()).modal.title).toBe('Outdated');
    (await last()).choose('first');
    expect(await first).toBe(false);
    expect(reload).toHaveBeenCalledTimes(1);
    const second = guard.decide(held, given.signal);
    (await last()).choose('anyway');
    (await last()).choose('go');
    expect(await second).toBe(true);
    expect(asked).toEqual([]);
  });

  it('counts a modal that went away, or another use, as Cancel', async () => {
    const { guard, given, last } = setUp({ 'overlay.guard': some });
    const first = guard.decide(held, given.signal);
    await last();
    guard.dismiss();
    expect(await first).toBe(false);
    const second = guard.decide(held, given.signal);
    await last();
    given.abort();
    expect(await second).toBe(false);
  });
});

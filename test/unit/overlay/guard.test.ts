// @vitest-environment happy-dom
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Send } from '../../../lib/messages/client.ts';
import type { GuardModal, OverlaySetup } from '../../../lib/messages/overlay-views.ts';
import { createChecks } from '../../../lib/overlay/checks.ts';
import { createGuard, type GuardState } from '../../../lib/overlay/guard.ts';
import type { Held } from '../../../lib/overlay/intercept.ts';
import type { PageProfile } from '../../../lib/workspace/page-profile.ts';
import { texts } from './texts.ts';

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
  controls: [],
  bulk: failed,
  failures: {
    timeout: failed,
    unreachable: failed,
    signedOut: failed,
    other: failed,
    outdated: modal('Outdated', 'reload'),
  },
  texts,
} satisfies OverlaySetup;
const profile = {
  list: { path: '/' },
  member: { path: '/:member', actions: [], native: [], banner: [] },
  deactivation: [],
} as PageProfile;
const held = { member: 'm', element: document.createElement('button') } as unknown as Held;
const some = { owns: 'some', modal: modal('Owns', 'wizard'), counts: { tasks: 3 } };

interface Facts {
  alive?: boolean;
  /** Whether the held control is still there. */
  there?: boolean;
  /** Holds the answer to a command back. */
  hold?: { command: string; until: Promise<void> };
}

function setUp(replies: Record<string, unknown>, facts: Facts = {}) {
  const asked: [string, unknown][] = [];
  const send = (async (command: string, request: unknown) => {
    asked.push([command, request]);
    if (facts.hold?.command === command) await facts.hold.until;
    const value = replies[command];
    if (value === 'notConnected') return { ok: false, refusal: { code: value, detail: '' } };
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
    profile: () => profile,
    whose: async () => ({ member: undefined }),
    isThere: () => facts.there ?? true,
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

describe('issue 4: what is decided holds until the page hears of it', () => {
  afterEach(() => void vi.useRealTimers());

  const go = async (last: ReturnType<typeof setUp>['last']): Promise<void> => {
    (await last()).choose('anyway');
    (await last()).choose('go');
  };

  it.each(['cancel', 'back'] as const)(
    '"%s" counts while it is being recorded, and the record is taken back',
    async (left) => {
      let answer: () => void = () => {};
      const hold = {
        command: 'overlay.bypass',
        until: new Promise<void>((resolve) => {
          answer = resolve;
        }),
      };
      const { guard, given, asked, last } = setUp(
        { 'overlay.guard': some, 'overlay.bypass': { recorded: true } },
        { hold },
      );
      const decided = guard.decide(held, given.signal);
      await go(last);
      expect(await last()).toMatchObject({ busy: true, confirming: true });
      (await last()).choose('go');
      (await last()).choose(left);
      if (left === 'back') {
        expect(await last()).toMatchObject({ busy: false, confirming: false });
        (await last()).choose('cancel');
      }
      answer();
      expect(await decided).toBe(false);
      await vi.waitFor(() =>
        expect(asked.at(-1)).toEqual(['overlay.bypass', { member: 'm', withdrawn: true }]),
      );
      expect(asked.filter(([command]) => command === 'overlay.bypass')).toHaveLength(2);
    },
  );

  it('a control that is gone by then: nothing is recorded, and what was recorded is taken back', async () => {
    const facts: Facts = { there: false };
    const { guard, given, asked, last, states } = setUp(
      { 'overlay.guard': some, 'overlay.bypass': { recorded: true } },
      facts,
    );
    const first = guard.decide(held, given.signal);
    await go(last);
    expect(await first).toBe(true);
    guard.lost(held);
    expect(asked.some(([command]) => command === 'overlay.bypass')).toBe(false);
    facts.there = true;
    const second = guard.decide(held, given.signal);
    await go(last);
    expect(await second).toBe(true);
    guard.lost(held);
    expect(states.at(-1)).toMatchObject({ kind: 'note', text: 'Moved' });
    expect(asked.at(-1)).toEqual(['overlay.bypass', { member: 'm', withdrawn: true }]);
  });

  it.each(['anyway', 'go', 'first'] as const)(
    'an extension that goes under an open modal: "%s" leads to the modal that says so first',
    async (choice) => {
      const facts: Facts = {};
      const { guard, given, asked, last, reload } = setUp({ 'overlay.guard': some }, facts);
      const decided = guard.decide(held, given.signal);
      if (choice === 'go') (await last()).choose('anyway');
      await last();
      facts.alive = false;
      (await last()).choose(choice);
      expect(await last()).toMatchObject({ confirming: false, modal: { title: 'Outdated' } });
      (await last()).choose(choice === 'first' ? 'first' : 'anyway');
      if (choice === 'first') {
        expect(await decided).toBe(false);
        expect(reload).toHaveBeenCalledTimes(1);
      } else {
        (await last()).choose('go');
        expect(await decided).toBe(true);
      }
      expect(asked.map(([command]) => command)).toEqual(['overlay.guard']);
    },
  );

  it('after the connection was removed nothing is held any more', async () => {
    const removed = setUp({ 'overlay.guard': 'notConnected' });
    expect(await removed.guard.decide(held, removed.given.signal)).toBe(true);
    const later = setUp({ 'overlay.guard': some, 'overlay.bypass': 'notConnected' });
    const decided = later.guard.decide(held, later.given.signal);
    await go(later.last);
    expect(await decided).toBe(true);
  });

  it('what cannot be taken back is said to be listed still', async () => {
    const replies: Record<string, unknown> = { 'overlay.guard': some, 'overlay.bypass': { recorded: true } };
    const { guard, given, last, states } = setUp(replies);
    const decided = guard.decide(held, given.signal);
    await go(last);
    expect(await decided).toBe(true);
    delete replies['overlay.bypass'];
    guard.lost(held);
    await vi.waitFor(() => expect(states.at(-1)).toMatchObject({ kind: 'note', text: 'Still listed' }));
  });

  it('a note goes after its own time, not after that of the one before', async () => {
    vi.useFakeTimers();
    const { guard, states } = setUp({});
    guard.tell(held.element, 'first');
    await vi.advanceTimersByTimeAsync(5_000);
    guard.tell(held.element, 'second');
    await vi.advanceTimersByTimeAsync(5_000);
    expect(states.at(-1)).toMatchObject({ text: 'second' });
    await vi.advanceTimersByTimeAsync(1_100);
    expect(states.at(-1)).toBeNull();
  });

  it('in a list the failure says of whom it speaks, by the row', async () => {
    document.body.innerHTML =
      '<table><tr><th scope="row">Ola Berg</th><td><button>Off</button></td></tr></table>';
    const row = {
      ...profile,
      deactivation: [{ path: '/*', control: [{ css: 'button' }], memberFrom: 'row' as const }],
    };
    const { send } = {
      send: (async () => ({ ok: false, refusal: { code: 'unreachable', detail: '' } })) as unknown as Send,
    };
    const shown: (GuardState | null)[] = [];
    const guard = createGuard({
      setup,
      send,
      checks: createChecks(send, () => 0),
      show: (state) => void shown.push(state),
      alive: () => true,
      reload: () => {},
      open: () => {},
      nameOf: () => undefined,
      profile: () => row,
      whose: async () => ({ member: undefined }),
      isThere: () => true,
    });
    const element = document.querySelector('button') as HTMLElement;
    void guard.decide({ ...held, element }, new AbortController().signal);
    await vi.waitFor(() => expect(shown.at(-1)).toMatchObject({ modal: { title: 'Failed: Ola Berg' } }));
  });
});

describe('issue 4: what is decided is neither replaced nor taken away by something else', () => {
  it('a note waits until the modal is decided, which stays as it is', async () => {
    const { guard, given, states, last } = setUp({ 'overlay.guard': some });
    const decided = guard.decide(held, given.signal);
    expect((await last()).modal.title).toBe('Owns');
    guard.tell(held.element, 'Not opened');
    expect((await last()).modal.title).toBe('Owns');
    (await last()).choose('cancel');
    expect(await decided).toBe(false);
    await vi.waitFor(() => expect(states.at(-1)).toMatchObject({ kind: 'note', text: 'Not opened' }));
  });

  it('a use that was given up before it could be asked about takes nothing from the next one', async () => {
    const { guard, last } = setUp({ 'overlay.guard': some });
    const first = new AbortController();
    first.abort();
    const given = new AbortController();
    const [gone, next] = [
      guard.decide(held, first.signal),
      guard.decide({ ...held, member: 'n' }, given.signal),
    ];
    expect(await gone).toBe(false);
    (await last()).choose('anyway');
    expect((await last()).confirming).toBe(true);
    guard.dismiss();
    expect(await next).toBe(false);
  });

  it('nor does one that is given up for the next', async () => {
    const { guard, last } = setUp({ 'overlay.guard': some });
    const [first, second] = [new AbortController(), new AbortController()];
    const gone = guard.decide(held, first.signal);
    await last();
    first.abort();
    const next = guard.decide({ ...held, member: 'n' }, second.signal);
    expect(await gone).toBe(false);
    expect((await last()).modal.title).toBe('Owns');
    guard.dismiss();
    expect(await next).toBe(false);
  });
});

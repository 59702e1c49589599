import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Connections } from '../../../entrypoints/background/connections.ts';
import { type Browser, createHandlers } from '../../../entrypoints/background/handlers.ts';
import type { Engine } from '../../../lib/engine/engine.ts';
import { Refused } from '../../../lib/messages/refused.ts';
import type { Origin } from '../../../lib/messages/server.ts';
import type { JournalEntry } from '../../../lib/offboarding/attempt.ts';
import { bypassesOf } from '../../../lib/offboarding/bypass.ts';
import type { Member, Run } from '../../../lib/offboarding/model.ts';
import type { Store } from '../../../lib/store/store.ts';
import { createText, type Reading } from '../../../lib/text/text.ts';
import type { Guard, Workspace } from '../../../lib/workspace/port.ts';

const dana: Member = { id: 'dana', name: 'Dana Ruiz', email: 'dana@x.example', active: false, admin: 'no' };
const origin: Origin = { kind: 'overlay', origin: 'https://a.example', tab: 7, window: 3 };
const some: Guard = {
  owns: 'some',
  counts: [{ category: { id: 'tasks.open', kind: 'tasks.open', action: 'reassign' }, count: 2 }],
} as unknown as Guard;

function setUp(
  facts: {
    runs?: Partial<Run>[];
    open?: Partial<Run>;
    workspace?: Partial<Workspace>;
    engine?: Partial<Engine>;
    browser?: Partial<Browser>;
  } = {},
) {
  const journal: { data: Record<string, unknown> }[] = [];
  const targets: unknown[] = [];
  const workspace = {
    pages: { member: {}, deactivation: [] },
    identify: async () => ({ id: 'priya', name: 'Priya', workspace: { id: 'w', name: 'W' }, admin: 'yes' }),
    members: async () => ({ items: [dana] }),
    guard: async () => some,
    ...facts.workspace,
  } as unknown as Workspace;
  const connection = { id: 'c', workspace: { id: 'w', name: 'W' } };
  const connections = {
    ofPage: async () => connection,
    workspace: async () => workspace,
    viewer: () => workspace.identify(),
    setOpenedFrom: () => {},
    memoryOf: () => ({ get: async () => undefined }),
  } as unknown as Connections;
  const store = {
    openRun: async () => facts.open,
    runs: async () => facts.runs ?? [],
    appendJournal: async (_key: string, entries: typeof journal) => void journal.push(...entries),
  } as unknown as Store;
  const browser = {
    openPanel: async () => 'panel',
    setTarget: async (...target: unknown[]) => void targets.push(target),
    ...facts.browser,
  } as unknown as Browser;
  const text = createText((key) => key, 'en');
  const reading = { text, locale: 'en', direction: 'ltr' } as Reading;
  const handlers = createHandlers({ ...facts.engine } as Engine, store, connections, browser, reading);
  return { handlers, journal, targets };
}

describe('Q: what goes into a page beside the overlay', () => {
  const pages = {
    list: { path: '/users' },
    member: { path: '/users/:member', identity: 'text', actions: [], native: [], banner: [] },
    deactivation: [
      {
        path: '/users',
        control: [{ role: 'switch', name: 'active' }, { css: '.off' }, { role: 'button', name: 'off' }],
        memberFrom: 'row',
      },
    ],
    bulk: [{ path: '/several', actions: [{ css: 'p' }], native: [{ text: 'Deactivate Users' }] }],
  };
  const begin = (at: string) => {
    const added: unknown[] = [];
    const { handlers } = setUp({
      workspace: { pages: pages as never },
      browser: { addScripts: async (...asked) => void added.push(asked) },
    });
    return { handlers, added, from: { ...origin, address: `${origin.origin}${at}` } };
  };
  const users = [['recognition', 'extras', 'users'], 7, 0];

  it.each([
    ['/tasks', []],
    ['/users', [users]],
    ['/users/dana', [users]],
    ['/several', [users]],
  ])(
    'on %s it is told all that it needs for a later page; scripts come only where it has to do',
    async (at, wanted) => {
      const { handlers, added, from } = begin(at);
      const setup = await handlers['overlay.hello']({}, from);
      expect(added).toEqual(wanted);
      expect(setup?.controls).toEqual([
        'label',
        '[role="switch"]',
        '.off',
        '[role="button"],button,input[type=button],input[type=submit],summary',
        '*',
      ]);
    },
  );

  it('brings them in on demand, into the frame that asks', async () => {
    const { handlers, added, from } = begin('/tasks');
    const frame = { id: 4, top: 'https://a.example/' };
    expect(await handlers['overlay.users']({}, { ...from, frame })).toEqual({ added: true });
    expect(added).toEqual([[['recognition', 'extras', 'users'], 7, 4]]);
  });
});

describe('issue 4: what is said above the page of somebody who is inactive', () => {
  const run = (steps: object[], phase = 'succeeded'): Partial<Run> =>
    ({
      id: 'r',
      connection: 'c',
      leaver: dana,
      phase,
      steps,
      updatedAt: '2026-01-01T00:00:00.000Z',
    }) as never;
  const bannerOf = async (runs: Partial<Run>[], active = false) => {
    const workspace = { members: async () => ({ items: [{ ...dana, active }] }) } as Partial<Workspace>;
    const { handlers } = setUp({ runs, workspace });
    return (await handlers['overlay.banner']({ member: 'dana' }, origin)).banner?.text;
  };

  it('that they became so outside the wizard, also where they once had a run', async () => {
    expect(await bannerOf([])).toBe('overlay_banner_outside');
    expect(await bannerOf([run([{ id: 't', kind: 'category', state: 'completed' }])])).toBe(
      'overlay_banner_outside',
    );
  });

  it('only that they own something, where a run may have set them inactive', async () => {
    expect(await bannerOf([run([{ id: 'd', kind: 'deactivate', state: 'completed' }])])).toBe(
      'overlay_banner_inactive',
    );
  });

  it('nothing of somebody active, or while a run of theirs has not ended', async () => {
    expect(await bannerOf([run([])], true)).toBeUndefined();
    expect(await bannerOf([run([], 'executing')])).toBeUndefined();
  });
});

describe('issue 4: a click on our button that leads nowhere', () => {
  it('leaves the panel about nobody, and is refused aloud', async () => {
    const { handlers, targets } = setUp({ workspace: { members: async () => ({ items: [] }) } });
    const opening = handlers['offboard.open']({ member: 'email:gone@x.example' }, origin);
    await expect(opening).rejects.toMatchObject({ refusal: { code: 'memberGone' } });
    expect(targets).toEqual([[3, { kind: 'home' }]]);
  });

  it('is refused aloud where no panel opens, and turns none', async () => {
    const { handlers, targets } = setUp({
      workspace: { members: async () => ({ items: [] }) },
      browser: { openPanel: async (_tab, query) => query().then(() => 'tab' as const) },
    });
    const opening = handlers['offboard.open']({ member: 'email:gone@x.example' }, origin);
    await expect(opening).rejects.toMatchObject({ refusal: { code: 'memberGone' } });
    expect(targets).toEqual([]);
  });

  it('otherwise turns the panel to the member', async () => {
    const { handlers, targets } = setUp();
    expect(await handlers['offboard.open']({ member: 'dana' }, origin)).toEqual({ opened: 'panel' });
    expect(targets).toEqual([[3, { kind: 'member', connection: 'c', member: 'dana' }]]);
  });
});

describe('issue 4: what is recorded before the page hears of it', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('waits a second for the workspace to say who it was, and no longer', async () => {
    const { handlers, journal } = setUp({ workspace: { identify: () => new Promise(() => {}) } });
    const recording = handlers['overlay.bypass']({ member: 'dana', counts: { 'tasks.open': 2 } }, origin);
    await vi.advanceTimersByTimeAsync(900);
    expect(journal).toEqual([]);
    await vi.advanceTimersByTimeAsync(200);
    expect(await recording).toEqual({ recorded: true });
    expect(journal[0]?.data).toMatchObject({ what: 'deactivatedAnyway', member: 'dana', by: null });
  });

  it('keeps what the page called them, where the workspace cannot say it', async () => {
    const { handlers, journal } = setUp({ workspace: { members: async () => ({ items: [] }) } });
    await handlers['overlay.bypass']({ member: '?', name: 'Bob Lund' }, origin);
    expect(journal[0]?.data).toMatchObject({ member: '?', name: null, shown: 'Bob Lund' });
    expect(bypassesOf(journal as unknown as JournalEntry[])).toMatchObject([{ who: 'Bob Lund' }]);
  });

  it('is taken back by an entry of its own', async () => {
    const { handlers, journal } = setUp();
    await handlers['overlay.bypass']({ member: 'dana' }, origin);
    await handlers['overlay.bypass']({ member: 'dana', withdrawn: true }, origin);
    expect(journal.map(({ data }) => data.what)).toEqual(['deactivatedAnyway', 'deactivatedAnywayWithdrawn']);
  });
});

describe('issue 4: a pointer that only comes near', () => {
  it('is told that the check takes a press, and nothing is begun', async () => {
    const passage = vi.fn(async (_c: string, _m: string, _v: unknown, pressed: boolean) =>
      pressed ? 'run' : null,
    );
    const open = { id: 'run', completion: 'page', phase: 'waiting' } as Partial<Run>;
    const { handlers } = setUp({ open, engine: { passage } });
    expect(await handlers['overlay.guard']({ member: 'dana' }, origin)).toEqual({ owns: 'atPress' });
    expect(passage.mock.lastCall?.[3]).toBe(false);
    expect(await handlers['overlay.guard']({ member: 'dana', pressed: true }, origin)).toEqual({
      owns: 'none',
      passes: 'run',
    });
  });
});

describe('issue 6: the click that a run waited for', () => {
  const waiting = (passedAt: Date): Partial<Run> =>
    ({
      id: 'run',
      waiting: { since: passedAt.toISOString(), passedAt: passedAt.toISOString(), before: { texts: [] } },
    }) as never;
  const passed = async (ago: number) => {
    const { handlers } = setUp({
      open: waiting(new Date(Date.now() - ago)),
      browser: { listen: () => true },
    });
    return (await handlers['overlay.member']({ member: 'dana' }, origin)).passed;
  };

  it('is watched by a page that was loaded anew for a minute', async () => {
    expect(await passed(5_000)).toEqual({ run: 'run', before: { texts: [] } });
    expect(await passed(61_000)).toBeUndefined();
  });

  it('is recorded before a slow workspace has said whose click it was', async () => {
    vi.useFakeTimers();
    const calls: unknown[] = [];
    const { handlers } = setUp({
      open: waiting(new Date()),
      workspace: { identify: () => new Promise(() => {}) },
      engine: { passed: async (...args: unknown[]) => void calls.push(args) as never },
    });
    const recording = handlers['overlay.passed']({ member: 'dana', run: 'run' }, origin);
    // The page tells of the effect 1.5 s after the click at the earliest.
    await vi.advanceTimersByTimeAsync(1_100);
    vi.useRealTimers();
    expect(await recording).toEqual({ recorded: true });
    expect(calls).toEqual([['run', undefined, undefined]]);
  });

  it('is refused for a run that is not the member’s', async () => {
    const { handlers } = setUp();
    await expect(handlers['overlay.passed']({ member: 'dana', run: 'other' }, origin)).rejects.toBeInstanceOf(
      Refused,
    );
  });
});

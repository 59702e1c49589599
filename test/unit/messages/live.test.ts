import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isLiveMessage, type LiveMessage } from '../../../lib/messages/live.ts';
import { type ClientPort, createLiveClient } from '../../../lib/messages/live-client.ts';
import { createLiveHub, type LivePort } from '../../../lib/messages/live-hub.ts';
import type { Run } from '../../../lib/offboarding/model.ts';
import { applyPatch, RunFeed } from '../../../lib/panel/run-feed.ts';
import { draft, started } from '../../e2e/wizard/data.ts';
import { createWorld as createPanelWorld } from '../panel/world.ts';

/** Both ends of the live connection, over ports that copy what they carry as the browser does. */
function createWorld(first: Run) {
  const stored = { run: first };
  let reading = Promise.resolve();
  const hub = createLiveHub(async (id) => {
    const { run } = stored;
    await reading;
    return run.id === id ? run : undefined;
  });
  const cut = new Set<() => void>();
  let refusing = false;
  let mute = false;
  let opened = 0;
  const connect = (): ClientPort => {
    if (refusing) throw new Error('Receiving end does not exist.');
    opened += 1;
    // What a browser makes of a connection to a background that is just dying: it stands, and nobody is there.
    if (mute) return { postMessage() {}, onMessage() {}, onDisconnect() {}, disconnect() {} };
    const toPanel: ((message: unknown) => void)[] = [];
    const toHub: ((message: unknown) => void)[] = [];
    const closed: (() => void)[] = [];
    const end: LivePort = {
      postMessage: (message) => {
        const copy = structuredClone(message);
        queueMicrotask(() => {
          for (const listener of toPanel) listener(copy);
        });
      },
      onMessage: (listener) => toHub.push(listener),
      onDisconnect: (listener) => closed.push(listener),
    };
    cut.add(() => {
      for (const listener of closed.splice(0)) listener();
    });
    hub.connect(end);
    return {
      postMessage: (message) => {
        const copy = structuredClone(message);
        queueMicrotask(() => {
          for (const listener of toHub) listener(copy);
        });
      },
      onMessage: (listener) => toPanel.push(listener),
      onDisconnect: (listener) => closed.push(listener),
      disconnect: () => {},
    };
  };
  return {
    hub,
    connect,
    change(fields: Partial<Run>): void {
      stored.run = { ...stored.run, ...fields, rev: stored.run.rev + 1 };
      hub.changed(stored.run);
    },
    holdReading(): () => void {
      const { promise, resolve } = Promise.withResolvers<void>();
      reading = promise;
      return resolve;
    },
    silence(value: boolean): void {
      mute = value;
    },
    opened: () => opened,
    refuse(value: boolean): void {
      refusing = value;
    },
    cutAll(): void {
      for (const each of [...cut]) each();
      cut.clear();
    },
    stored,
  };
}

/** What a panel makes of the messages. */
function createPanel() {
  const seen = { run: undefined as Run | undefined, messages: [] as LiveMessage[], ups: 0, downs: 0 };
  return {
    seen,
    listener: {
      message(message: LiveMessage) {
        seen.messages.push(message);
        if (message.kind === 'snapshot') seen.run = message.run;
        if (message.kind === 'patch' && seen.run) {
          const next = applyPatch(seen.run, message);
          if (next !== 'gap') seen.run = next;
        }
      },
      up: () => {
        seen.ups += 1;
      },
      down: () => {
        seen.downs += 1;
      },
    },
  };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});
const settle = (milliseconds = 200): Promise<unknown> => vi.advanceTimersByTimeAsync(milliseconds);

describe('the live connection', () => {
  it('W6.3 begins with a snapshot and goes on with what changed', async () => {
    const world = createWorld(draft(new Date('2026-03-02T10:00:00Z')));
    const { seen, listener } = createPanel();
    createLiveClient(world.connect, 1).subscribe(world.stored.run.id, listener);
    await settle();
    expect(seen.run).toEqual(world.stored.run);

    world.change({ note: 'OPS-1' });
    world.change({ screen: 'review' });
    await settle();
    expect(seen.run).toEqual(world.stored.run);
    const patches = seen.messages.filter(({ kind }) => kind === 'patch');
    expect(patches.length).toBe(1);
    expect(Object.keys(patches[0]?.kind === 'patch' ? patches[0].fields : {}).toSorted()).toEqual([
      'note',
      'rev',
      'screen',
    ]);

    const { note: _, ...rest } = world.stored.run;
    world.stored.run = rest;
    world.change({});
    await settle();
    expect(seen.run).toEqual(world.stored.run);
    expect(seen.run && 'note' in seen.run).toBe(false);
  });

  it('misses nothing that changes while the snapshot is being read', async () => {
    const world = createWorld(draft(new Date('2026-03-02T10:00:00Z')));
    const { seen, listener } = createPanel();
    const release = world.holdReading();
    createLiveClient(world.connect, 1).subscribe(world.stored.run.id, listener);
    await settle(10);
    world.change({ note: 'OPS-2' });
    release();
    await settle();
    expect(seen.run).toEqual(world.stored.run);
  });

  it('W6.3 is made again at once when it drops, and begins with a snapshot again', async () => {
    const world = createWorld(draft(new Date('2026-03-02T10:00:00Z')));
    const { seen, listener } = createPanel();
    createLiveClient(world.connect, 1).subscribe(world.stored.run.id, listener);
    await settle();
    world.cutAll();
    expect(seen.downs).toBe(1);
    world.change({ note: 'while nobody listened' });
    await settle(1_000);
    expect(seen.run).toEqual(world.stored.run);
    expect(seen.ups).toBe(2);
    world.change({ note: 'live again' });
    await settle();
    expect(seen.run?.note).toBe('live again');
  });

  it('goes on trying while nobody answers', async () => {
    const world = createWorld(draft(new Date('2026-03-02T10:00:00Z')));
    const { seen, listener } = createPanel();
    world.refuse(true);
    createLiveClient(world.connect, 1).subscribe(world.stored.run.id, listener);
    await settle(10_000);
    expect(seen.run).toBeUndefined();
    expect(seen.downs).toBeGreaterThan(3);
    world.refuse(false);
    await settle(1_500);
    expect(seen.run).toEqual(world.stored.run);
  });

  it('R1 W6.3 a connection that stands and says nothing is made again', async () => {
    const world = createWorld(draft(new Date('2026-03-02T10:00:00Z')));
    const { seen, listener } = createPanel();
    world.silence(true);
    createLiveClient(world.connect, 1).subscribe(world.stored.run.id, listener);
    await settle(900);
    expect(world.opened()).toBe(1);
    world.silence(false);
    await settle(300);
    expect(world.opened()).toBe(2);
    expect(seen.run).toEqual(world.stored.run);
    // One that has been heard may be quiet for as long as it likes.
    await settle(60_000);
    expect(world.opened()).toBe(2);
    expect(seen.downs).toBe(1);
  });

  it('tells a window’s panel what it shall be about, and no other’s', async () => {
    const world = createWorld(draft(new Date('2026-03-02T10:00:00Z')));
    const heard: unknown[] = [];
    for (const window of [1, 2])
      createLiveClient(world.connect, window).onTarget(({ target }) => heard.push([window, target]));
    createLiveClient(world.connect, undefined).onTarget(({ target }) => heard.push(['tab', target]));
    await settle();
    const home = { target: { kind: 'home' }, mark: 'k' } as const;
    expect(world.hub.target(2, home)).toBe(true);
    expect(world.hub.target(3, home)).toBe(false);
    await settle();
    expect(heard).toEqual([[2, { kind: 'home' }]]);
  });

  it('R4 shows that a run could not be stored, until it is stored again', async () => {
    const now = new Date('2026-03-02T10:00:00Z');
    const world = createWorld(started(draft(now), 0.3, now));
    const { id } = world.stored.run;
    const client = createLiveClient(world.connect, 1);
    const panel = createPanelWorld();
    const open = () =>
      new RunFeed({ ...panel.dependencies, live: { ...panel.dependencies.live, ...client } }, id);
    const feed = open();
    await settle();
    // A patch is still under way when the disk is found full.
    world.change({ note: 'OPS-1' });
    const pause = { kind: 'storage', detail: 'Full.' } as const;
    world.hub.trouble(world.stored.run, { phase: 'paused', pause });
    await settle();
    expect(feed.run.value).toMatchObject({ note: 'OPS-1', phase: 'paused', pause });
    feed[Symbol.dispose]();
    const later = open();
    await settle();
    expect(later.run.value).toMatchObject({ phase: 'paused', pause });
    world.change({ note: 'OPS-2' });
    await settle();
    expect(later.run.value).toEqual(world.stored.run);
    world.hub.trouble(world.stored.run, {
      scan: { ...world.stored.run.scan, state: 'failed', error: { key: 'storage', detail: 'Full.' } },
    });
    await settle();
    expect(later.run.value?.scan).toMatchObject({ state: 'failed', error: { key: 'storage' } });
    later[Symbol.dispose]();
  });

  it('R7 takes from the background what has the shape of its messages, and nothing else', () => {
    const run = { id: 'run', rev: 3, phase: 'draft', note: 'more' };
    const patch = { kind: 'patch', run: 'run', from: 1, rev: 2, fields: {}, cleared: ['note'] };
    const batch = {
      kind: 'batch',
      batch: { id: 'b', rev: 0, members: [{ run: 'run', member: {} }] },
      rows: [{ run: 'run', rev: -1, state: 'waiting' }],
      whole: true,
    };
    const target = { kind: 'target', target: { kind: 'member', connection: 'c', member: 'm' }, mark: 'k' };
    const trouble = { kind: 'trouble', run: 'run', rev: 2, fields: {} };
    const news = { kind: 'news', connection: 'c', live: true };
    const snapshot = { kind: 'snapshot', run };
    const home = { kind: 'target', target: { kind: 'home' }, mark: 'k' };
    const right = [{ kind: 'hello' }, snapshot, patch, batch, target, home, trouble, news];
    expect(right.filter((message) => !isLiveMessage(message))).toEqual([]);
    const wrong = [
      null,
      'hello',
      [],
      {},
      { kind: 'toString' },
      { kind: ['hello'] },
      { ...snapshot, run: { ...run, id: '' } },
      { ...snapshot, run: { ...run, rev: 1.5 } },
      { ...snapshot, run: { ...run, phase: undefined } },
      { ...snapshot, run: [] },
      { ...patch, run: 'x'.repeat(513) },
      { ...patch, from: '1' },
      { ...patch, rev: Number.NaN },
      { ...patch, fields: [] },
      { ...patch, cleared: [1] },
      { ...batch, batch: { ...batch.batch, members: [{ run: 'run' }] } },
      { ...batch, batch: { ...batch.batch, members: {} } },
      { ...batch, rows: [null] },
      { ...batch, rows: [{ run: 'run', rev: 0 }] },
      { ...batch, whole: 1 },
      { ...target, target: { kind: 'member', connection: 'c' } },
      { ...target, target: { kind: 'run' } },
      { ...target, target: { kind: 'elsewhere' } },
      { ...target, mark: undefined },
      { ...trouble, rev: undefined },
      { ...news, live: 'yes' },
      { ...news, run: '' },
    ];
    expect(wrong.filter(isLiveMessage)).toEqual([]);
  });

  it('R6.6 passes over what no panel of ours says', async () => {
    const world = createWorld(draft(new Date('2026-03-02T10:00:00Z')));
    const port = world.connect();
    const heard: unknown[] = [];
    port.onMessage((message) => heard.push(message));
    for (const message of [
      null,
      7,
      {},
      { kind: 'subscribe' },
      { kind: 'subscribe', run: 9 },
      { kind: 'drop' },
    ])
      port.postMessage(message as never);
    await settle();
    world.change({ note: 'not for them' });
    await settle();
    expect(heard).toEqual([{ kind: 'hello' }]);
  });
});

import { describe, expect, it } from 'vitest';
import type { OpenElsewhere, WatchedRun } from '../../../lib/messages/protocol.ts';
import type { Run, RunItem } from '../../../lib/offboarding/model.ts';
import { Connections } from '../../../lib/panel/connections.ts';
import { type FailureGroup, groupFailures } from '../../../lib/panel/failures.ts';
import { History, matchingRuns } from '../../../lib/panel/history.ts';
import { Watch } from '../../../lib/panel/watch.ts';
import { draft, started } from '../../e2e/wizard/data.ts';
import { createWorld } from './world.ts';

const at = new Date('2026-11-22T09:58:00.000Z');
const base = started(draft(at), 0.3, at);
const all = { outcome: 'all', by: '', age: 'any', query: '' } as const;
const ended = (id: string, change: Partial<Run>): Run => ({
  ...base,
  id,
  endedAt: at.toISOString(),
  ...change,
});

describe('the history', () => {
  const runs = [
    base,
    ended('a', { phase: 'succeeded', endedAt: '2026-11-21T10:00:00.000Z', note: 'HR-7' }),
    ended('b', { phase: 'partial', by: { ...base.by, name: 'Alex Chen' } }),
    ended('c', { phase: 'failed', endedAt: '2025-01-01T10:00:00.000Z' }),
  ];
  const ids = (filter: Parameters<typeof matchingRuns>[1]) =>
    matchingRuns(runs, filter, at).map(({ id }) => id);

  it('W7.3 holds what is over, latest first', () => {
    expect(ids(all)).toEqual(['b', 'a', 'c']);
  });

  it('W7.3 filters by outcome, by whom, by date and by words', () => {
    expect(ids({ ...all, outcome: 'failed' })).toEqual(['c']);
    expect(ids({ ...all, by: 'Alex Chen' })).toEqual(['b']);
    expect(ids({ ...all, age: 'week' })).toEqual(['b', 'a']);
    expect(ids({ ...all, query: 'hr-7 dana' })).toEqual(['a']);
    expect(ids({ ...all, query: 'nobody' })).toEqual([]);
  });
});

describe('what is open in other browsers', () => {
  const connection = (id: string, change: object = {}) => ({
    id,
    origin: `https://${id}.example.com`,
    kind: 'contract',
    workspace: { id, name: id },
    usersLink: '',
    memberLink: '',
    localOnly: false,
    admin: 'yes' as const,
    ...change,
  });
  const open: OpenElsewhere = {
    id: 'run',
    leaver: { id: 'mem_03', name: 'Dana Ruiz', email: 'd@x' },
    by: { id: 'mem_02', name: 'Alex Chen' },
    mine: false,
    phase: 'executing',
    seenAt: at.toISOString(),
  };

  it('W7.3 W7.2 is asked of each workspace that can tell, and one that does not answer hides no other', async () => {
    const world = createWorld();
    const connections = [
      connection('tells'),
      connection('silent'),
      connection('alone', { localOnly: true }),
      connection('foreign', { admin: 'no' }),
      connection('stale', { broken: 'old' }),
    ];
    world.answer('connection.list', () => ({ ok: true, value: { connections } }));
    world.answer('run.listElsewhere', ({ connection: id }) =>
      id === 'tells'
        ? { ok: true, value: { runs: [open] } }
        : { ok: false, refusal: { code: 'unreachable', detail: '' } },
    );
    const history = new History(world.dependencies);
    await world.settle();
    expect(
      history.elsewhere.value?.map(({ connection: { id }, runs, refusal }) => [id, runs, refusal?.code]),
    ).toEqual([
      ['tells', [open], undefined],
      ['silent', [], 'unreachable'],
    ]);
    history[Symbol.dispose]();
  });
});

describe('the review', () => {
  it('W7.3 makes one group of the same words, over categories', () => {
    const item = (category: string, ref: string, message: string): RunItem => ({
      run: 'r',
      category,
      ref,
      title: ref,
      columns: {},
      value: { member: 'mem_dana' },
      lock: ref,
      position: 0,
      state: 'failed',
      reason: { code: 'forbidden', message },
    });
    const groups = new Map<string, FailureGroup>();
    groupFailures(groups, [item('tasks', '1', 'No role'), item('tasks', '2', 'Locked')], true);
    groupFailures(groups, [item('tokens', '3', 'No role')], false);
    expect(
      [...groups.values()].map(({ message, refs, reassignable }) => [message, refs.length, reassignable]),
    ).toEqual([
      ['No role', 2, true],
      ['Locked', 1, true],
    ]);
  });
});

describe('a run in another browser', () => {
  const watched = (change: Partial<WatchedRun> = {}): WatchedRun => ({
    id: 'run',
    by: { id: 'mem_02', name: 'Alex Chen' },
    mine: false,
    leaseUntil: '2026-11-22T10:03:00.000Z',
    seenAt: '2026-11-22T10:00:00.000Z',
    open: true,
    record: {
      mode: 'executeOnly',
      phase: 'executing',
      plan: base.plan,
      steps: base.steps,
      acknowledgements: [],
      planHash: '',
      journalHead: '',
    },
    ...change,
  });
  const asked = (world: ReturnType<typeof createWorld>) =>
    world.sent.filter(({ command }) => command === 'run.watch').length;

  it('W6.3 W7.2 is asked for every 2 s while nobody tells, and at once when somebody does', async () => {
    const world = createWorld();
    let live = false;
    world.answer('run.watch', () => ({ ok: true, value: { run: watched(), leaver: null, live } }));
    const watch = new Watch(world.dependencies, 'con', 'mem');
    await world.advance(6_500);
    expect(asked(world)).toBe(4);
    live = true;
    for (const listener of world.newsListeners) listener({ kind: 'news', connection: 'con', live: true });
    await world.settle();
    const before = asked(world);
    await world.advance(5_000);
    expect(asked(world) - before).toBeLessThan(2);
    for (const listener of world.newsListeners)
      listener({ kind: 'news', connection: 'con', live: true, run: 'run' });
    await world.settle();
    expect(asked(world)).toBeGreaterThan(before);
    for (const listener of world.newsListeners) listener('down');
    expect(watch.live.value).toBe(false);
    watch[Symbol.dispose]();
  });

  it('W7.1 somebody’s draft is recent for seven days, one’s own never', async () => {
    const world = createWorld();
    let run = watched({ seenAt: '2026-11-15T10:00:10.000Z' });
    world.answer('run.watch', () => ({ ok: true, value: { run, leaver: null, live: false } }));
    const watch = new Watch(world.dependencies, 'con', 'mem');
    await world.settle();
    expect(watch.recent.value).toBe(true);
    await world.advance(15_000);
    expect(watch.recent.value).toBe(false);
    run = { ...watched(), mine: true };
    await world.advance(3_000);
    expect(watch.recent.value).toBe(false);
    watch[Symbol.dispose]();
  });

  it('W7.2 counts as gone when its lease is over, and not before', async () => {
    const world = createWorld();
    world.answer('run.watch', () => ({ ok: true, value: { run: watched(), leaver: null, live: false } }));
    const watch = new Watch(world.dependencies, 'con', 'mem');
    await world.advance(2_000);
    expect(watch.gone.value).toBe(false);
    await world.advance(180_000);
    expect(watch.gone.value).toBe(true);
    watch[Symbol.dispose]();
  });
});

describe('the connections', () => {
  const connection = {
    id: 'con_1',
    origin: 'https://app.example.com',
    kind: 'contract',
    workspace: { id: 'acme', name: 'Acme Success' },
    usersLink: 'https://app.example.com/users',
    memberLink: 'https://app.example.com/users/{member}',
    localOnly: false,
    admin: 'yes' as const,
  };

  it('U5 say who acts now, export their runs, and stay when removing was refused', async () => {
    const world = createWorld();
    world.stored.set(base.id, { ...base, connection: 'con_1' });
    world.answer('connection.list', () => ({ ok: true, value: { connections: [connection] } }));
    world.answer('connection.test', () => ({
      ok: true,
      value: { viewer: { name: 'Priya Shah', email: 'p@x', admin: 'yes' }, took: 12 },
    }));
    world.answer('connection.remove', () => ({
      ok: false,
      refusal: { code: 'locked', detail: 'A run goes on.' },
    }));
    const model = new Connections(world.dependencies);
    await world.settle();
    expect(model.tested.value.get('con_1')).toMatchObject({ ok: true, viewer: { name: 'Priya Shah' } });
    await model.export(connection);
    expect(JSON.parse(world.saved[0]?.content ?? '{}')).toMatchObject({
      connection: { id: 'con_1' },
      runs: [{ run: { id: base.id }, journal: [] }],
    });
    await model.remove('con_1');
    expect(model.refusal.value?.code).toBe('locked');
    expect(model.list.value?.length).toBe(1);
    model[Symbol.dispose]();
  });
});

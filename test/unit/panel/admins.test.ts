import { describe, expect, it } from 'vitest';
import type { OpenElsewhere, WatchedRun } from '../../../lib/messages/elsewhere.ts';
import type { Reply } from '../../../lib/messages/protocol.ts';
import type { JournalEntry } from '../../../lib/offboarding/attempt.ts';
import type { Batch } from '../../../lib/offboarding/batch-model.ts';
import type { Run, RunItem } from '../../../lib/offboarding/model.ts';
import { Connections, exportOf } from '../../../lib/panel/connections.ts';
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

const connection = (id: string, change: object = {}) => ({
  id,
  origin: `https://${id}.example.com`,
  kind: 'contract',
  workspace: { id, name: id },
  usersLink: '',
  memberLink: '',
  localOnly: true,
  admin: 'yes' as const,
  ...change,
});
const note = (seq: number, data: object): JournalEntry => ({
  ...{ run: 'bypass:one', seq, at: `2026-11-22T09:0${seq}:00.000Z`, kind: 'note', previous: '', hash: '' },
  data: { what: 'deactivatedAnyway', member: `mem_${seq}`, by: null, counts: null, ...data },
});

describe('deactivations that went past the wizard', () => {
  it('W1.4 W7.3 are listed in the history, the latest first, and told to admins alone', async () => {
    const world = createWorld();
    world.journals.set('bypass:one', [
      note(1, {
        name: 'Dana Ruiz',
        by: { id: 'p', name: 'Priya Shah' },
        counts: { tasks: 3, tokens: 2, x: null },
      }),
      note(2, { member: 'email:omar@acme.example' }),
      { ...note(3, {}), data: { what: 'something else' } },
    ]);
    world.journals.set('bypass:two', [note(4, {})]);
    let admin = 'yes';
    world.answer('connection.list', () => ({
      ok: true,
      value: {
        connections: [
          connection('one'),
          // Another site of the same workspace: its journal is the same.
          connection('again', { workspace: { id: 'one', name: 'one' } }),
          connection('two', { admin }),
        ],
      },
    }));
    const history = new History(world.dependencies);
    await world.settle();
    expect(history.bypasses.value.map(({ who, by, left }) => [who, by, left])).toEqual([
      ['mem_4', undefined, undefined],
      ['omar@acme.example', undefined, undefined],
      ['Dana Ruiz', 'Priya Shah', { items: 5, unknown: 1 }],
    ]);
    admin = 'no';
    world.comeBack();
    await world.settle();
    expect(history.bypasses.value.map(({ who }) => who)).toEqual(['omar@acme.example', 'Dana Ruiz']);
    history[Symbol.dispose]();
  });
});

describe('what is open in other browsers', () => {
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
      connection('tells', { localOnly: false }),
      connection('silent', { localOnly: false }),
      connection('alone'),
      connection('foreign', { localOnly: false, admin: 'no' }),
      connection('stale', { localOnly: false, broken: 'old' }),
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

  it.each([
    ['takeOver', 'run.takeOver'],
    ['discard', 'run.discardElsewhere'],
  ] as const)('W7.2 why a %s was refused stays until it is asked for again', async (act, command) => {
    const world = createWorld();
    let lost = false;
    const none = { ok: false, refusal: { code: 'unreachable', detail: '' } } as const;
    world.answer('run.watch', () =>
      lost ? none : { ok: true, value: { run: watched(), leaver: null, live: false } },
    );
    world.answer(command, () => ({ ok: false, refusal: { code: 'locked', detail: 'The lease lasts.' } }));
    const watch = new Watch(world.dependencies, 'con', 'mem');
    await world.settle();
    expect(await watch[act]()).toBe(false);
    await world.advance(4_500);
    expect(watch.refused.value?.detail).toBe('The lease lasts.');
    expect(watch.refusal.value).toBeUndefined();
    // A look that fails says so besides, and no longer than it does.
    lost = true;
    await world.advance(2_000);
    expect([watch.refused.value?.code, watch.refusal.value?.code]).toEqual(['locked', 'unreachable']);
    lost = false;
    await world.advance(2_000);
    expect([watch.refused.value?.code, watch.refusal.value]).toEqual(['locked', undefined]);
    watch.ask(act);
    expect(watch.refused.value).toBeUndefined();
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
  const acme = connection('con_1', { workspace: { id: 'acme', name: 'Acme Success' } });
  const list: Reply<'connection.list'> = { ok: true, value: { connections: [acme] } };

  it('U5 say who acts now, export their runs, and stay when removing was refused', async () => {
    const world = createWorld();
    world.stored.set(base.id, { ...base, connection: 'con_1' });
    world.answer('connection.list', () => list);
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
    await model.export(acme);
    expect(JSON.parse(world.saved[0]?.content ?? '{}')).toMatchObject({
      connection: { id: 'con_1' },
      runs: [{ run: { id: base.id }, journal: [] }],
    });
    await model.remove('con_1');
    expect(model.refusal.value?.code).toBe('locked');
    expect(model.list.value?.length).toBe(1);
    model[Symbol.dispose]();
  });

  it('W1.4 U5 count and export all that goes with them: batches, and deactivations past the wizard', async () => {
    const world = createWorld();
    world.journals.set('bypass:acme', [note(1, {}), note(2, {})]);
    world.batches.set('b', { id: 'b', connection: 'con_1' } as Batch);
    world.batches.set('c', { id: 'c', connection: 'con_2' } as Batch);
    world.answer('connection.list', () => list);
    const model = new Connections(world.dependencies);
    await world.settle();
    expect(model.bypasses.value.get('con_1')).toBe(2);
    await model.export(acme);
    expect(JSON.parse(world.saved[0]?.content ?? '{}')).toMatchObject({
      runs: [],
      batches: [{ id: 'b' }],
      deactivatedAnyway: [{ data: { member: 'mem_1' } }, { data: { member: 'mem_2' } }],
    });
    model[Symbol.dispose]();
  });

  it('U5 export a category of 200,000 items', async () => {
    const world = createWorld();
    const [category] = base.categories;
    world.stored.set(base.id, { ...base, connection: 'con_1', categories: category ? [category] : [] });
    world.items.set(category?.id ?? '', new Array(200_000).fill({ ref: 'x' }));
    const content = await exportOf(world.dependencies, acme);
    expect(JSON.parse(content).runs[0].items.length).toBe(200_000);
  });

  it('U5 can be asked for again when the background did not answer', async () => {
    const world = createWorld();
    let silent = true;
    world.answer('connection.list', () =>
      silent ? { ok: false, refusal: { code: 'unreachable', detail: '' } } : list,
    );
    const model = new Connections(world.dependencies);
    await world.settle();
    expect([model.refusal.value?.code, model.list.value]).toEqual(['unreachable', undefined]);
    silent = false;
    await model.retry();
    expect([model.refusal.value, model.list.value?.length]).toEqual([undefined, 1]);
    model[Symbol.dispose]();
  });
});

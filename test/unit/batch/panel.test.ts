import { describe, expect, it, vi } from 'vitest';
import type { LiveMessage } from '../../../lib/messages/live.ts';
import { createLiveHub, type LivePort } from '../../../lib/messages/live-hub.ts';
import { rowOf } from '../../../lib/offboarding/batch.ts';
import type { Batch } from '../../../lib/offboarding/batch-model.ts';
import type { Member, Run } from '../../../lib/offboarding/model.ts';
import { stepsOf } from '../../../lib/offboarding/steps.ts';
import { BatchModel } from '../../../lib/panel/batch/batch.ts';
import { Choose } from '../../../lib/panel/batch/choose.ts';
import { batchCsv, csvCell } from '../../../lib/panel/batch/csv.ts';
import { batchStates } from '../../e2e/wizard/batches.ts';
import { createWorld, type TestWorld } from '../panel/world.ts';

/** N5: the panel's side of a batch. */

const at = new Date('2026-11-22T10:00:00.000Z');
const given = (name: string): { batch: Batch; runs: Run[] } => {
  const { batch, batchRuns = [] } = batchStates[name]?.(at) ?? {};
  if (!batch) throw new Error(`There is no batch in ${name}.`);
  return { batch, runs: [...batchRuns] };
};
const put = (world: TestWorld, { batch, runs }: { batch: Batch; runs: Run[] }): void => {
  world.batches.set(batch.id, batch);
  for (const run of runs) world.stored.set(run.id, run);
};
const member = (id: string, more: Partial<Member> = {}): Member => ({
  id,
  name: id,
  email: `${id}@acme.example`,
  active: true,
  admin: 'unknown',
  ...more,
});

describe('N5 choosing users', () => {
  async function begin(found: Record<string, Member[]> = {}) {
    const world = createWorld();
    world.answer('connection.list', () => ({ ok: true, value: { connections: [] } }));
    world.answer('member.search', ({ cursor }) => ({
      ok: true,
      value:
        cursor === undefined
          ? { members: [member('a'), member('off', { active: false })], cursor: 'next' }
          : { members: [member('b')] },
    }));
    world.answer('member.find', ({ names }) => ({
      ok: true,
      value: { found: names.map((name) => ({ name, members: found[name] ?? [] })) },
    }));
    const choose = new Choose(world.dependencies, 'con');
    await world.settle();
    return { world, choose };
  }

  it('reads page after page, and ticks everybody shown who can be offboarded', async () => {
    const { choose } = await begin();
    expect(choose.results.value?.map(({ id }) => id)).toEqual(['a', 'off']);
    await choose.search(true);
    expect(choose.results.value?.map(({ id }) => id)).toEqual(['a', 'off', 'b']);
    choose.choose(choose.results.value ?? [], true);
    expect([...choose.chosen.value.keys()]).toEqual(['a', 'b']);
    expect(choose.shown.value).toBe(true);
  });

  it('says line by line what a pasted list came to', async () => {
    const { choose } = await begin({
      'a@x.example': [member('a')],
      'two@x.example': [member('t1'), member('t2')],
      'off@x.example': [member('off', { active: false })],
      'me@x.example': [member('me', { self: true })],
      'busy@x.example': [member('busy', { leaving: { by: 'Alex', phase: 'draft' } })],
    });
    await choose.paste(
      'a@x.example\na@X.example\ntwo@x.example; nobody@x.example\noff@x.example me@x.example\nbusy@x.example',
    );
    expect(
      choose.pasted.value?.map(({ name, line, state, repeated }) => [name, line, state, repeated]),
    ).toEqual([
      ['a@x.example', 1, 'added', 1],
      ['two@x.example', 3, 'ambiguous', 0],
      ['nobody@x.example', 3, 'unknown', 0],
      ['off@x.example', 4, 'inactive', 0],
      ['me@x.example', 4, 'self', 0],
      ['busy@x.example', 5, 'open', 0],
    ]);
    choose.settle('two@x.example', member('t2'));
    expect([...choose.chosen.value.keys()]).toEqual(['a', 't2']);
    await choose.paste('a@x.example');
    expect(choose.pasted.value?.[0]?.state).toBe('chosen');
  });

  it('takes five hundred and no more', async () => {
    const names = Array.from({ length: 503 }, (_none, index) => `u${index}@x.example`);
    const { choose, world } = await begin(
      Object.fromEntries(names.map((name, index) => [name, [member(`u${index}`)]])),
    );
    await choose.paste(names.join('\n'));
    expect(choose.chosen.value.size).toBe(500);
    expect(choose.pasted.value?.slice(-3).map(({ state }) => state)).toEqual([
      'tooMany',
      'tooMany',
      'tooMany',
    ]);
    world.answer('batch.open', () => ({ ok: true, value: { batch: 'bat' } }));
    expect(await choose.open()).toBe('bat');
    const sent = world.sent.at(-1)?.request as { members: unknown[]; page?: unknown };
    expect(sent.members).toHaveLength(500);
    expect(sent.page).toBeUndefined();
    // Opened from a page, what that page says of who is signed in goes along, every time.
    const page = { user: 'u1', workspace: 'org' };
    const fromPage = new Choose(world.dependencies, 'con', page);
    for (const _each of [1, 2]) {
      await fromPage.open();
      expect(world.sent.at(-1)).toMatchObject({ command: 'batch.open', request: { page } });
    }
  });
});

describe('N5 a batch on the screen', () => {
  it('follows live, keeps what did not change, and polls the store while the connection is gone', async () => {
    const state = given('bulk-running');
    const world = createWorld(at);
    put(world, state);
    world.answer('connection.list', () => ({ ok: true, value: { connections: [] } }));
    const model = new BatchModel(world.dependencies, state.batch.id);
    await world.settle();
    expect(model.progress.value).toMatchObject({ over: expect.any(Number) });
    const rows = model.rows.value;
    expect(rows).toHaveLength(500);
    const [first, second] = state.runs;
    if (!first || !second) throw new Error('Expected runs.');
    const next: Run = { ...first, rev: 9, phase: 'partial' };
    const entry = state.batch.members[0];
    if (!entry) throw new Error('Expected a member.');
    world.say({ kind: 'batch', batch: state.batch, rows: [rowOf(entry, next)], whole: false });
    expect(model.rows.value[0]?.state).toBe('partial');
    expect(model.rows.value[1]).toBe(rows[1]);
    // Older news changes nothing.
    world.say({
      kind: 'batch',
      batch: state.batch,
      rows: [rowOf(entry, { ...first, rev: 2 })],
      whole: false,
    });
    expect(model.rows.value[0]?.state).toBe('partial');

    for (const listener of world.listeners) listener.down();
    world.stored.set(second.id, { ...second, rev: 30, phase: 'failed' });
    await world.advance(3_000);
    expect(model.feed.state.value).toBe('polling');
    expect(model.rows.value[1]?.state).toBe('failed');
  });

  it('filters by state and words', async () => {
    const state = given('bulk-ended');
    const world = createWorld(at);
    put(world, state);
    world.answer('connection.list', () => ({ ok: true, value: { connections: [] } }));
    const model = new BatchModel(world.dependencies, state.batch.id);
    await world.settle();
    model.filter.value = 'attention';
    expect(model.matching.value.length).toBe(model.counts.value.attention);
    expect(new Set(model.matching.value.map((row) => row.state))).toEqual(
      new Set(['partial', 'failed', 'blocked']),
    );
    model.filter.value = 'all';
    model.query.value = state.runs[3]?.leaver.email.slice(0, -4) ?? '';
    expect(model.matching.value.map(({ run }) => run)).toEqual([state.runs[3]?.id]);
  });

  it('U6 tells a pace only after ten seconds and some users', async () => {
    const { batch, runs } = given('bulk-paused');
    const { pause: _pause, ...going } = batch;
    const state = { batch: { ...going, phase: 'executing' as const }, runs };
    const world = createWorld(at);
    put(world, state);
    world.answer('connection.list', () => ({ ok: true, value: { connections: [] } }));
    const model = new BatchModel(world.dependencies, state.batch.id);
    await world.advance(2_000);
    expect(model.pace.value).toBeUndefined();
    for (let second = 0; second < 15; second += 1) {
      const index = 12 + second;
      const [run, entry] = [state.runs[index], state.batch.members[index]];
      if (!run || !entry || run.blockers.length > 0) continue;
      const done: Run = {
        ...run,
        rev: 9,
        phase: 'succeeded',
        steps: stepsOf(run),
        endedAt: at.toISOString(),
      };
      world.say({
        kind: 'batch',
        batch: { ...state.batch, phase: 'executing' },
        rows: [rowOf(entry, done)],
        whole: false,
      });
      await world.advance(1_000);
    }
    expect(model.pace.value?.perMinute).toBeGreaterThan(40);
    expect(model.pace.value?.left).toBeGreaterThan(0);
  });

  it('submits what is on the screen: its revision and its number', async () => {
    const state = given('bulk-summary');
    const world = createWorld(at);
    put(world, state);
    world.answer('connection.list', () => ({ ok: true, value: { connections: [] } }));
    world.answer('batch.start', () => ({ ok: true, value: { rev: 5 } }));
    const model = new BatchModel(world.dependencies, state.batch.id);
    await world.settle();
    await model.start();
    expect(world.sent.at(-1)).toEqual({
      command: 'batch.start',
      request: { batch: state.batch.id, rev: state.batch.rev, users: model.summary.value?.users },
    });
  });
});

describe('N5 the outcome as CSV', () => {
  it('has one line for each user and step, and one for who was held back', () => {
    const { batch, runs } = given('bulk-ended');
    const rows = batch.members.map((entry, index) => rowOf(entry, runs[index]));
    const csv = batchCsv({ text: (key) => key }, batch, rows, runs);
    const lines = csv.trimEnd().split('\r\n');
    const steps = runs.reduce((sum, run) => sum + Math.max(1, run.steps.length), 0);
    expect(lines).toHaveLength(1 + steps);
    expect(csv.startsWith('\uFEFF"bulk_csv_name"')).toBe(true);
    expect(lines.every((line) => line.split('","').length === 12)).toBe(true);
    const blocked = runs.findIndex(({ blockers }) => blockers.length > 0);
    expect(lines.find((line) => line.includes(runs[blocked]?.leaver.email ?? '?'))).toContain('inactive');
  });

  it('R6 gives a spreadsheet nothing to execute', () => {
    for (const evil of ['=1+1', '+44 20', '-2', '@SUM(A1)', '\t=1', '\r=1', ' =1', '＝1'.normalize('NFKC')])
      expect(csvCell(evil), evil).toMatch(/^"'/);
    expect(csvCell('Dana "D" Ruiz, Esq.')).toBe('"Dana ""D"" Ruiz, Esq."');
    expect(csvCell(-2)).toBe('"-2"');
    expect(csvCell('dana@acme.example')).toBe('"dana@acme.example"');
  });
});

it('N5 the hub sends everybody’s row once and then those that changed, together', async () => {
  vi.useFakeTimers();
  const { batch, runs } = given('bulk-running');
  const rows = batch.members.map((entry, index) => rowOf(entry, runs[index]));
  const hub = createLiveHub(
    async () => undefined,
    async () => ({ batch, rows }),
  );
  const heard: LiveMessage[] = [];
  let say: (message: unknown) => void = () => {};
  const port: LivePort = {
    postMessage: (message) => message.kind !== 'hello' && heard.push(message),
    onMessage(listener) {
      say = listener;
    },
    onDisconnect: () => {},
  };
  hub.connect(port);
  say({ kind: 'follow', batch: batch.id });
  await vi.advanceTimersByTimeAsync(1);
  expect(heard).toEqual([{ kind: 'batch', batch, rows, whole: true }]);
  for (const run of runs.slice(0, 3)) hub.changed({ ...run, rev: run.rev + 1 });
  hub.changed({ ...(runs[4] as Run), batch: 'another' });
  hub.batchChanged({ ...batch, phase: 'ended' });
  await vi.advanceTimersByTimeAsync(300);
  expect(heard).toHaveLength(2);
  const second = heard[1] as Extract<LiveMessage, { kind: 'batch' }>;
  expect(second.batch.phase).toBe('ended');
  expect(second.rows.map(({ run }) => run)).toEqual(runs.slice(0, 3).map(({ id }) => id));
  say({ kind: 'unfollow' });
  hub.changed({ ...(runs[0] as Run), rev: 99 });
  await vi.advanceTimersByTimeAsync(300);
  expect(heard).toHaveLength(2);
  vi.useRealTimers();
});

import { describe, expect, it } from 'vitest';
import {
  type BatchRow,
  batchProgress,
  repeated,
  standstill,
  todoOf,
} from '../../../lib/offboarding/batch.ts';
import type { Batch } from '../../../lib/offboarding/batch-model.ts';
import { summarise } from '../../../lib/offboarding/batch-summary.ts';
import { parsePasted } from '../../../lib/offboarding/paste.ts';

const at = '2026-11-22T10:00:00.000Z';
const batch = (more: Partial<Batch> = {}): Batch => ({
  id: 'bat',
  schema: 1,
  rev: 1,
  connection: 'con',
  by: { workspace: { id: 'w', name: 'W' }, admin: 'yes' },
  phase: 'draft',
  members: [],
  selected: [],
  acknowledgements: [],
  again: {},
  createdAt: at,
  updatedAt: at,
  ...more,
});
const category = (id: string, action: 'remove' | 'manual', count: number | null) => ({
  id,
  kind: 'other' as const,
  name: id,
  action,
  count,
  selectable: action === 'manual',
  order: action === 'manual' ? 1 : 2,
});
const row = (run: string, more: Partial<BatchRow> = {}): BatchRow => ({
  run,
  member: { id: run, name: run, email: `${run}@acme.example`, active: true },
  state: 'ready',
  rev: 1,
  moved: 0,
  failed: 0,
  skipped: 0,
  total: 0,
  stepsOver: 0,
  steps: 0,
  categories: [],
  notes: [],
  ...more,
});

describe('N5 a pasted list', () => {
  it('takes names apart at whatever stands between them', () => {
    const text =
      'dana@acme.example, TOM@acme.example;mei@acme.example\tines@acme.example | "priya@acme.example"';
    expect(parsePasted(text).map(({ name }) => name)).toEqual([
      'dana@acme.example',
      'TOM@acme.example',
      'mei@acme.example',
      'ines@acme.example',
      'priya@acme.example',
    ]);
  });

  it('takes the address where a line has one, and leaves the words beside it', () => {
    const text = 'Dana Ruiz <dana@acme.example>\r\nTom\tOkafor\tmailto:tom@acme.example\n\nno.address\n’';
    expect(parsePasted(text)).toEqual([
      { name: 'dana@acme.example', line: 1, repeated: 0 },
      { name: 'tom@acme.example', line: 2, repeated: 0 },
      { name: 'no.address', line: 4, repeated: 0 },
      { name: '’', line: 5, repeated: 0 },
    ]);
  });

  it('folds what comes twice, whatever its case, and counts it', () => {
    expect(parsePasted('a@x.example\nA@X.EXAMPLE, a@x.example.')).toEqual([
      { name: 'a@x.example', line: 1, repeated: 2 },
    ]);
  });

  it('leaves an apostrophe within a name alone', () => {
    expect(parsePasted("'o'brien@acme.example'").map(({ name }) => name)).toEqual(["o'brien@acme.example"]);
  });
});

describe('N5 the summary over all', () => {
  const rows = [
    row('a', { categories: [category('groups', 'remove', 2), category('numbers', 'manual', 1)] }),
    row('b', { categories: [category('groups', 'remove', 3), category('numbers', 'manual', null)] }),
    row('c', {
      state: 'blocked',
      categories: [category('groups', 'remove', 7), category('numbers', 'manual', 9)],
    }),
  ];

  it('adds up who can be offboarded, and nobody else', () => {
    const summary = summarise(batch(), rows);
    expect(summary).toMatchObject({ users: 2, items: 5, unacknowledged: ['numbers'] });
    expect(summary.categories.map(({ id, count, users, unread }) => [id, count, users, unread])).toEqual([
      ['numbers', 1, 1, 1],
      ['groups', 5, 2, 0],
    ]);
  });

  it('one tick holds for exactly what it was given for', () => {
    const tick = { category: 'numbers', by: 'Priya', at, count: 1, unread: 1 };
    expect(summarise(batch({ acknowledgements: [tick] }), rows).unacknowledged).toEqual([]);
    const more = [...rows, row('d', { categories: [category('numbers', 'manual', 4)] })];
    const [numbers] = summarise(batch({ acknowledgements: [tick] }), more).categories;
    expect(numbers).toMatchObject({ acknowledged: false, outdated: true, count: 5 });
  });

  it('a ticked category is removed for everybody; what nobody could read still wants its tick', () => {
    const summary = summarise(batch({ selected: ['numbers'] }), rows);
    expect(summary.items).toBe(6);
    expect(summary.unacknowledged).toEqual(['numbers']);
    const read = rows.filter(({ run }) => run === 'a');
    expect(summarise(batch({ selected: ['numbers'] }), read).unacknowledged).toEqual([]);
  });

  it('says the same words once, and what holds for all in place of what holds for each', () => {
    const notes = (message: string) => [
      { tone: 'warning' as const, message, category: 'groups' },
      { tone: 'info' as const, message: 'Nobody is deleted.' },
    ];
    const each = [row('a', { notes: notes('One is empty.') }), row('b', { notes: notes('One is empty.') })];
    expect(summarise(batch(), each)).toMatchObject({
      warnings: [{ message: 'One is empty.', users: 2 }],
      infos: [{ message: 'Nobody is deleted.', users: 2 }],
    });
    // What is measured of the whole workspace moves on while one after the other is checked.
    const used = (count: string) => [
      { tone: 'warning' as const, message: `${count} of 100,000 API calls are used.` },
      { tone: 'warning' as const, message: `Group ${count} is empty.`, category: 'groups' },
    ];
    const moving = [
      row('a', { notes: used('91,002'), scannedAt: at }),
      row('b', { notes: used('92,413'), scannedAt: '2026-11-22T10:09:00.000Z' }),
      row('c', { notes: used('90,871'), scannedAt: '2026-11-22T09:00:00.000Z' }),
    ];
    expect(summarise(batch(), moving).warnings.map(({ message, users }) => [message, users])).toEqual([
      ['92,413 of 100,000 API calls are used.', 3],
      ['Group 91,002 is empty.', 1],
      ['Group 92,413 is empty.', 1],
      ['Group 90,871 is empty.', 1],
    ]);
    const together = [{ tone: 'warning' as const, message: 'Two are empty.', category: 'groups' }];
    expect(summarise(batch({ notes: together }), each).warnings).toEqual([{ ...together[0], users: 0 }]);
  });
});

describe('N5 what a batch does next', () => {
  const going = batch({ phase: 'executing', continuedAt: at });
  const over = (run: string, state: 'failed' | 'partial' | 'succeeded', words = 'No.'): BatchRow => {
    const { categories: _draft, ...rest } = row(run, { state, endedAt: `2026-11-22T10:01:${run}Z` });
    return { ...rest, ...(state !== 'succeeded' && { reason: { text: words } }) };
  };

  it('begins who is ready, discards who is held back, and is over when nobody is left', () => {
    const rows = [row('a'), row('b', { state: 'blocked' }), over('01', 'succeeded')];
    expect(todoOf(going, rows)).toMatchObject({ start: ['a'], discard: ['b'], over: false });
    expect(todoOf(going, [over('01', 'succeeded'), over('02', 'failed')]).over).toBe(true);
    expect(todoOf({ ...going, phase: 'stopping' }, rows)).toMatchObject({
      start: [],
      discard: ['a', 'b'],
      over: true,
    });
  });

  it('retries a run once for each end that it had', () => {
    const failed = over('07', 'failed');
    expect(todoOf({ ...going, again: { '07': failed.endedAt ?? '' } }, [failed]).retry).toEqual(['07']);
    expect(todoOf({ ...going, again: { '07': at } }, [failed])).toMatchObject({ retry: [], over: true });
  });

  it('a run that waits for a decision of its own holds nobody else back, and the batch is not over', () => {
    const { categories: _draft, ...paused } = row('a', { state: 'paused', pause: { kind: 'newItems' } });
    expect(todoOf(going, [paused, row('b')])).toMatchObject({ active: 0, start: ['b'], over: false });
    expect(standstill([paused], new Date(at))).toBeUndefined();
    expect(standstill([{ ...paused, pause: { kind: 'signedOut' } }], new Date(at))).toEqual({
      kind: 'signedOut',
    });
  });

  it('R4 stands still when the last twenty failed of the same, and not for nineteen', () => {
    const failed = Array.from({ length: 20 }, (_none, index) => over(String(10 + index), 'failed'));
    expect(repeated(going, failed)).toBe('No.');
    expect(repeated(going, failed.slice(1))).toBeUndefined();
    expect(repeated(going, [...failed.slice(1), over('09', 'succeeded')])).toBeUndefined();
    expect(repeated({ ...going, continuedAt: '2026-11-22T11:00:00.000Z' }, failed)).toBeUndefined();
  });

  it('counts who takes part, and leaves out who was held back', () => {
    const rows = [row('a'), row('b', { state: 'blocked' }), over('01', 'succeeded'), over('02', 'partial')];
    expect(batchProgress(rows)).toMatchObject({ total: 3, over: 2 });
  });
});

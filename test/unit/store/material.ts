import type { Attempt } from '../../../lib/offboarding/attempt.ts';
import type { Item, Run, RunItem } from '../../../lib/offboarding/model.ts';

export const at = '2026-11-22T09:00:00.000Z';

/** A draft of Dana's offboarding, with one category. */
export function makeRun(change: Partial<Run> = {}): Run {
  return {
    id: 'run-1',
    schema: 1,
    rev: 1,
    connection: 'con',
    leaver: { id: 'mem_dana', name: 'Dana Ruiz', email: 'dana@acme.example', active: true, admin: 'no' },
    by: { id: 'mem_priya', name: 'Priya Shah', workspace: { id: 'ws', name: 'Acme' }, admin: 'yes' },
    mode: 'executeAndDeactivate',
    phase: 'draft',
    blockers: [],
    completion: 'api',
    plan: { defaults: {}, changes: [], selected: [] },
    scan: { state: 'none', changes: [] },
    categories: [],
    acknowledgements: [],
    steps: [],
    screen: 'scan',
    open: '["ws","mem_dana"]',
    createdAt: at,
    updatedAt: at,
    ...change,
  };
}

/** An item of Dana's, by a number that is its place among the refs. */
export const makeItem = (number: number, change: Partial<Item> = {}): Item => ({
  category: 'tasks',
  ref: `t${String(number).padStart(4, '0')}`,
  title: `Task ${number}`,
  columns: {},
  value: { member: 'mem_dana' },
  lock: `t${number}`,
  ...change,
});

/** The same, as a run keeps it. */
export const makeRunItem = (number: number, change: Partial<RunItem> = {}): RunItem => ({
  ...makeItem(number),
  run: 'run-1',
  position: number,
  state: 'planned',
  ...change,
});

export const makeAttempt = (
  seq: number,
  refs: readonly string[],
  change: Partial<Attempt> = {},
): Attempt => ({
  run: 'run-1',
  seq,
  key: `key-${seq}`,
  category: 'tasks',
  changes: refs.map((ref) => ({
    ref,
    expect: { member: 'mem_dana' },
    set: { member: 'mem_tom' },
    lock: ref,
  })),
  open: 1,
  maybe: false,
  tries: 0,
  createdAt: at,
  ...change,
});

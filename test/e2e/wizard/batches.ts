import type { Batch } from '../../../lib/offboarding/batch-model.ts';
import type { Run, ScannedCategory, Step } from '../../../lib/offboarding/model.ts';
import { stepsOf } from '../../../lib/offboarding/steps.ts';
import { draft, members } from './data.ts';
import type { World } from './states.ts';

/** Batches in every state that they are looked at in. */

const firstNames = [
  'Dana',
  'Tom',
  'Mei',
  'Priya',
  'Alex',
  'Ines',
  'Omar',
  'Lena',
  'Noah',
  'Sofia',
  'Karl-Friedrich',
];
const lastNames = ['Ruiz', 'Okafor', 'Tanaka', 'Shah', 'Chen', 'Kaya', 'Said', 'Berg', 'Aguilar-Montenegro'];

function category(
  id: string,
  name: string,
  action: ScannedCategory['action'],
  count: number,
): ScannedCategory {
  return {
    id,
    kind: 'other',
    name,
    action,
    count,
    after: [],
    selectable: action === 'manual',
    batch: 200,
    condition: 'read',
    idempotent: false,
    columns: [],
    link: 'https://app.example.com/lists',
    perCustomer: false,
    decidesCustomer: false,
    needsSender: false,
    outlives: false,
    order: action === 'manual' ? 10 : 100,
    state: 'done',
    found: count,
  };
}

/** The run of the user with this number, checked. */
function checked(number: number, at: Date): Run {
  const name = `${firstNames[number % firstNames.length]} ${lastNames[Math.floor(number / firstNames.length) % lastNames.length]}`;
  return {
    ...draft(at),
    id: `run_${number}`,
    rev: 3,
    batch: 'bat_1',
    leaver: {
      id: `mem_${number}`,
      name,
      email: `${name.toLowerCase().replaceAll(/[^a-z]+/gu, '.')}.${number}@acme.example`,
      active: true,
      admin: 'unknown',
    },
    categories: [
      category('numbers', 'Phone numbers', 'manual', number % 4 === 1 ? 1 : 0),
      category('groups', 'Groups', 'remove', 2 + (number % 3)),
      category('licences', 'Licences', 'remove', 3),
    ],
    acknowledgements: [],
    blockers:
      number % 17 === 16
        ? [
            {
              message: 'The linked Salesforce user is inactive.',
              remedy: 'Activate that user for now and check again.',
              link: 'https://app.example.com/users/16',
            },
          ]
        : [],
    notes: [
      {
        tone: 'info',
        message: 'The user is deactivated, never deleted, so that their name stays in reports.',
      },
      ...(number % 9 === 4
        ? [{ tone: 'warning' as const, message: 'One number has no routing policy.', category: 'numbers' }]
        : []),
    ],
  };
}

const settle = (step: Step, state: Step['state'], at: string): Step => ({
  ...step,
  state,
  startedAt: at,
  ...(state === 'running' ? {} : { endedAt: at }),
  moved: state === 'completed' ? step.total : 0,
});

/** The run somewhere on its way: how many steps are over, and whether the next one failed. */
function going(run: Run, over: number, at: string, failure?: string): Run {
  const { open: _open, ...rest } = run;
  const steps = stepsOf(run).map((step, index): Step => {
    if (index < over) return settle(step, 'completed', at);
    if (failure === undefined) return index === over ? settle(step, 'running', at) : step;
    if (index > over) return { ...step, state: 'notRun', endedAt: at };
    return {
      ...settle(step, 'failed', at),
      failed: step.total,
      message: { key: 'step_not_moved_because', params: { count: step.total, detail: failure } },
    };
  });
  const whole = over >= steps.length;
  return {
    ...rest,
    steps,
    startedAt: at,
    phase: whole ? 'succeeded' : failure === undefined ? 'executing' : over > 0 ? 'partial' : 'failed',
    ...(whole || failure !== undefined ? { endedAt: at } : {}),
  };
}

function batchOf(runs: readonly Run[], at: Date, more: Partial<Batch> = {}): Batch {
  const { by, connection } = runs[0] ?? draft(at);
  return {
    id: 'bat_1',
    schema: 1,
    rev: 4,
    connection,
    by,
    phase: 'draft',
    members: runs.map(({ id, leaver: { id: member, name, email, active } }) => ({
      run: id,
      member: { id: member, name, email, active },
    })),
    selected: [],
    acknowledgements: [],
    notes: [
      {
        tone: 'warning',
        message: '2 groups would have nobody left: Night Desk, Returns.',
        category: 'groups',
      },
    ],
    again: {},
    createdAt: at.toISOString(),
    updatedAt: at.toISOString(),
    ...more,
  };
}

const world = (batch: Batch, runs: readonly Run[], more: Partial<World> = {}): World => ({
  run: undefined,
  connected: true,
  refuse: {},
  address: { kind: 'batch', batch: 'bat_1' },
  batch,
  batchRuns: runs,
  ...more,
});

const numbers = (count: number): number[] => Array.from({ length: count }, (_none, index) => index);
const failures = [
  'unable to obtain exclusive access to this record. Others were changing it all the while.',
  'Leavers need a ticket.',
  'insufficient access rights on object id.',
];

/** Every state by name; `now` is when the page opens. */
export const batchStates: Record<string, (now: Date) => World> = {
  'bulk-choose': () => ({
    run: undefined,
    connected: true,
    refuse: {},
    address: { kind: 'bulk', connection: 'con_1' },
  }),
  'bulk-choose-error': () => ({
    run: undefined,
    connected: true,
    refuse: { 'member.search': { code: 'signedOut', detail: 'GET /members answered 401.' } },
    address: { kind: 'bulk', connection: 'con_1' },
  }),
  'bulk-checking': (now) => {
    const runs = numbers(60).map((number) => checked(number, now));
    const shown = runs.map((run, index): Run => {
      if (index < 25) return run;
      return {
        ...run,
        categories: [],
        blockers: [],
        scan: { state: index < 33 ? 'running' : 'none', changes: [] },
      };
    });
    const { notes: _notes, ...batch } = batchOf(shown, now);
    return world(batch, shown);
  },
  'bulk-summary': (now) => {
    const runs = numbers(60).map((number) => checked(number, now));
    const batch = batchOf(runs, now);
    const [first, ...others] = batch.members;
    const refused = { code: 'openElsewhere', detail: 'Dana Ruiz has an open run already, by Alex Chen.' };
    return world({ ...batch, members: first ? [{ ...first, refused }, ...others] : [] }, runs);
  },
  'bulk-summary-blocked': (now) => {
    const runs = numbers(3).map((number) => ({
      ...checked(number, now),
      blockers: [{ message: 'Linked to no Salesforce user.', remedy: 'Link them first.' }],
    }));
    return world(batchOf(runs, now, { notes: [] }), runs);
  },
  'bulk-running': (now) => {
    const at = now.toISOString();
    const runs = numbers(500).map((number) => {
      const run = checked(number, now);
      if (number < 180)
        return number % 40 === 7
          ? going(run, Math.floor(number / 12) % 2, at, failures[number % 3])
          : going(run, 9, at);
      return number < 190 ? going(run, number % 4, at) : run;
    });
    return world(batchOf(runs, now, { phase: 'executing', startedAt: at, continuedAt: at }), runs);
  },
  'bulk-held': (now) => {
    const at = now.toISOString();
    const runs = numbers(40).map((number): Run => {
      const run = checked(number, now);
      if (number < 12) return going(run, 9, at);
      return number < 16
        ? { ...going(run, 1, at), phase: 'paused', pause: { kind: 'signedOut', resumeAt: at } }
        : run;
    });
    return world(batchOf(runs, now, { phase: 'executing', startedAt: at, continuedAt: at }), runs);
  },
  'bulk-paused': (now) => {
    const at = now.toISOString();
    const runs = numbers(40).map((number): Run => {
      const run = checked(number, now);
      return number < 12 ? going(run, 9, at) : run;
    });
    return world(batchOf(runs, now, { phase: 'paused', pause: { kind: 'admin' }, startedAt: at }), runs);
  },
  'bulk-ended': (now) => {
    const at = now.toISOString();
    const runs = numbers(60).map((number): Run => {
      const run = checked(number, now);
      if (run.blockers.length > 0) return { ...run, phase: 'discarded', endedAt: at };
      return number % 12 === 5
        ? going(run, Math.floor(number / 12) % 2, at, failures[number % 3])
        : going(run, 9, at);
    });
    return world(batchOf(runs, now, { phase: 'ended', startedAt: at, endedAt: at }), runs);
  },
  'bulk-missing': (now) => ({
    ...world(batchOf([], now), []),
    batch: undefined,
  }),
  'bulk-home': (now) => {
    const runs = numbers(4).map((number) => checked(number, now));
    const batch = batchOf(runs, now, { phase: 'executing' });
    return world(batch, runs, { address: { kind: 'home' } });
  },
};

/** Whom a pasted list names in the fake: by address; the namesake is two. */
export const foundByName = (name: string): typeof members =>
  name.startsWith('two@')
    ? members.slice(0, 2)
    : members.filter(({ email }) => email.toLowerCase() === name.toLowerCase());

import type { Fault, FaultRule } from '../../sandbox/faults.ts';
import type { Sandbox } from '../../sandbox/server.ts';

/** A row of lib/engine/README.md over real connections: what the server does, and how the run has to end. */
export interface HttpRow {
  rules?: FaultRule[];
  /** Rules from the moment on when something has been moved. */
  later?: FaultRule[];
  /** What is given to the leaver again and again, and so may be handed over as often. */
  comesBack?: string;
  /** SQL that makes the workspace what it has to be. */
  before?: string;
  /** What somebody does at the workspace half a minute after the run, or its scan, has stopped for it. */
  back?: (sandbox: Sandbox, cookie: { value: string }) => void;
  ends: 'succeeded' | 'partial' | 'paused' | 'superseded';
  /** Why it stood still on the way, or stands still now. */
  pause?: string;
  /** How many items somebody else has taken. */
  skipped?: number;
  /** Some steps failed. */
  fails?: boolean;
}

const writes = '/reassignments';
/** The fault at the second and at the fourth write, at a page of items, and at the deactivation. */
const everywhere = (fault: Fault): FaultRule[] => [
  { match: { path: writes, nth: 2, times: 1 }, fault },
  { match: { path: writes, nth: 4, times: 1 }, fault },
  { match: { path: '/items', nth: 3, times: 1 }, fault },
  { match: { method: 'PATCH', path: '/Users/', times: 1 }, fault },
];
const spoiled = (fault: Fault): FaultRule[] => [{ match: { path: writes, nth: 2, times: 2 }, fault }];
/** Somebody else takes one of the leaver's tasks. */
const aTaskTaken =
  "UPDATE task SET assignee = 'mem_05' WHERE id = " +
  "(SELECT min(id) FROM task WHERE assignee = 'mem_03' AND status = 'open')";
const aTask = '"tsk_0001"';
const aNewTask =
  "INSERT INTO task (id, title, assignee, status, priority) VALUES ('tsk_new', 'Call back', 'mem_03', 'open', 'high')";
const signIn: HttpRow['back'] = (sandbox, cookie) => {
  cookie.value = sandbox.session('mem_01').cookie;
};
const anOutcome = 'outcomes.0.value';

export const httpRows: Record<string, HttpRow> = {
  throttled: { rules: everywhere({ kind: 'status', status: 429 }), ends: 'succeeded' },
  'throttled-wait': {
    rules: everywhere({ kind: 'status', status: 429, retryAfter: 2 }),
    ends: 'succeeded',
  },
  unavailable: {
    rules: everywhere({ kind: 'status', status: 503 }),
    ends: 'succeeded',
  },
  'server-error': {
    rules: everywhere({ kind: 'status', status: 500 }),
    ends: 'succeeded',
  },
  'server-error-after': {
    rules: everywhere({ kind: 'statusAfter', status: 502 }),
    ends: 'succeeded',
  },
  slow: { rules: everywhere({ kind: 'slow', milliseconds: 80, when: 'after' }), ends: 'succeeded' },
  'cut-before': {
    rules: everywhere({ kind: 'cutBefore' }),
    ends: 'succeeded',
  },
  'cut-after': {
    rules: everywhere({ kind: 'cutAfter' }),
    ends: 'succeeded',
  },
  truncated: {
    rules: everywhere({ kind: 'truncate' }),
    ends: 'succeeded',
  },
  malformed: {
    rules: everywhere({ kind: 'malformed' }),
    ends: 'succeeded',
  },
  'malformed-always': {
    rules: [{ match: { path: writes, nth: 2 }, fault: { kind: 'malformed' } }],
    ends: 'paused',
    pause: 'malformed',
  },
  'missing-field': {
    rules: spoiled({ kind: 'missingField', field: anOutcome }),
    ends: 'succeeded',
  },
  'wrong-type': {
    rules: spoiled({ kind: 'wrongType', field: anOutcome }),
    ends: 'succeeded',
  },
  'unknown-enum': {
    rules: spoiled({ kind: 'unknownEnum', field: 'outcomes.0.result' }),
    ends: 'succeeded',
  },
  'extra-field': { rules: everywhere({ kind: 'extraField' }), ends: 'succeeded' },
  'signed-out': {
    rules: [{ match: { path: writes, nth: 3, times: 1 }, fault: { kind: 'session' } }],
    back: signIn,
    ends: 'succeeded',
    pause: 'signedOut',
  },
  'other-person': {
    rules: [{ match: { path: writes, nth: 3, times: 1 }, fault: { kind: 'session', member: 'mem_02' } }],
    back: signIn,
    ends: 'succeeded',
    pause: 'otherPerson',
  },
  csrf: { rules: everywhere({ kind: 'csrf' }), ends: 'succeeded' },
  'refused-whole': {
    rules: [{ match: { path: writes, nth: 2, times: 2 }, fault: { kind: 'status', status: 403 } }],
    ends: 'partial',
    fails: true,
  },
  'changed-owner': {
    rules: [
      { match: { path: writes, contains: 'tasks.open', times: 1 }, fault: { kind: 'sql', sql: aTaskTaken } },
    ],
    ends: 'succeeded',
    skipped: 1,
  },
  'pages-shift': {
    rules: [
      {
        match: { path: 'items.*tasks.open', times: 1 },
        fault: { kind: 'sql', sql: aTaskTaken, when: 'after' },
      },
    ],
    ends: 'succeeded',
    skipped: 1,
  },
  'throttled-long': {
    rules: [
      { match: { path: writes, nth: 2, times: 1 }, fault: { kind: 'status', status: 429, retryAfter: 90 } },
    ],
    ends: 'succeeded',
  },
  'throttled-scan': {
    rules: [
      { match: { path: '/items', nth: 3, times: 1 }, fault: { kind: 'status', status: 429, retryAfter: 90 } },
    ],
    ends: 'succeeded',
  },
  twice: {
    rules: [
      ...everywhere({ kind: 'twice', answer: 'first' }),
      { match: { path: writes }, fault: { kind: 'twice', answer: 'second' } },
    ],
    ends: 'succeeded',
  },
  'malformed-nothing': {
    rules: [{ match: { path: writes }, fault: { kind: 'answer', body: '<p>We are back soon.' } }],
    ends: 'paused',
    pause: 'malformed',
  },
  'signed-out-scan': {
    rules: [{ match: { path: '/items', nth: 3, times: 1 }, fault: { kind: 'session' } }],
    back: signIn,
    ends: 'succeeded',
  },
  'item-forbidden': {
    rules: [
      {
        match: { path: writes, contains: aTask },
        fault: { kind: 'item', ref: 'tsk_0001', code: 'forbidden', message: 'This task is locked.' },
      },
    ],
    ends: 'partial',
    fails: true,
  },
  'item-gone': {
    rules: [
      {
        match: { path: writes, contains: aTask, times: 1 },
        fault: { kind: 'sql', sql: "DELETE FROM task WHERE id = 'tsk_0001'" },
      },
    ],
    ends: 'partial',
    fails: true,
  },
  conflict: {
    rules: [{ match: { path: writes, nth: 2, times: 2 }, fault: { kind: 'status', status: 409 } }],
    ends: 'partial',
    fails: true,
  },
  'conflict-again': {
    rules: [
      { match: { path: writes, contains: aTask, times: 1 }, fault: { kind: 'cutAfter' } },
      { match: { path: writes, contains: aTask }, fault: { kind: 'status', status: 409 } },
    ],
    ends: 'succeeded',
  },
  'stale-fence': {
    rules: [
      {
        match: { path: writes, nth: 3, times: 1 },
        fault: { kind: 'sql', sql: "UPDATE run SET fence = fence + 1, by = 'mem_02'" },
      },
    ],
    ends: 'superseded',
  },
  'new-items': {
    rules: [
      {
        match: { path: writes, contains: aTask, times: 1 },
        fault: { kind: 'sql', sql: aNewTask, when: 'after' },
      },
    ],
    ends: 'succeeded',
  },
  'new-items-nobody': {
    before: "UPDATE dashboard SET owner = 'mem_05' WHERE owner = 'mem_03'",
    later: [
      {
        match: { path: '/categories', times: 1 },
        fault: {
          kind: 'sql',
          sql: "UPDATE dashboard SET owner = 'mem_03' WHERE id = (SELECT min(id) FROM dashboard WHERE personal = 1)",
        },
      },
    ],
    ends: 'paused',
    pause: 'newItems',
  },
  'keeps-coming': {
    comesBack: 'tsk_0001',
    later: [
      {
        match: { path: '/categories' },
        fault: { kind: 'sql', sql: "UPDATE task SET assignee = 'mem_03' WHERE id = 'tsk_0001'" },
      },
    ],
    ends: 'partial',
    fails: true,
  },
  unread: {
    later: [{ match: { path: '/categories' }, fault: { kind: 'status', status: 403 } }],
    ends: 'partial',
    fails: true,
  },
  'many-failures': {
    rules: [{ match: { path: writes }, fault: { kind: 'status', status: 503 } }],
    ends: 'paused',
    pause: 'failures',
  },
  'survey-fails': {
    later: [{ match: { path: '/categories' }, fault: { kind: 'status', status: 503 } }],
    ends: 'paused',
    pause: 'failures',
  },
  'pages-fail': {
    rules: [
      {
        match: { path: writes, contains: aTask, times: 1 },
        fault: { kind: 'sql', sql: aNewTask, when: 'after' },
      },
    ],
    later: [{ match: { path: '/items' }, fault: { kind: 'status', status: 500 } }],
    ends: 'paused',
    pause: 'failures',
  },
  'record-fails': {
    later: [{ match: { method: 'GET', path: '/Users' }, fault: { kind: 'cutBefore' } }],
    ends: 'paused',
    pause: 'failures',
  },
  'deactivation-fails': {
    rules: [{ match: { method: 'PATCH' }, fault: { kind: 'status', status: 503 } }],
    ends: 'paused',
    pause: 'failures',
  },
  'deactivation-garbled': {
    rules: [{ match: { method: 'PATCH' }, fault: { kind: 'answer', body: '<p>We are back soon.' } }],
    ends: 'paused',
    pause: 'malformed',
  },
  'deactivation-refused': {
    rules: [{ match: { method: 'PATCH' }, fault: { kind: 'status', status: 403 } }],
    ends: 'partial',
    fails: true,
  },
  'deactivation-ignored': {
    rules: [{ match: { method: 'PATCH' }, fault: { kind: 'answer', status: 204, body: '' } }],
    ends: 'partial',
    fails: true,
  },
  repeated: {
    rules: [{ match: { path: writes, contains: 'tasks.open' }, fault: { kind: 'status', status: 403 } }],
    ends: 'paused',
    pause: 'repeated',
  },
  'rights-lost': {
    rules: [
      {
        match: { path: writes, nth: 3, times: 1 },
        fault: { kind: 'sql', sql: "UPDATE member SET role = 'csm' WHERE id = 'mem_01'" },
      },
    ],
    back: ({ database }) => void database.run("UPDATE member SET role = 'admin' WHERE id = 'mem_01'"),
    ends: 'succeeded',
    pause: 'otherPerson',
  },
};

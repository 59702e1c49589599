import type { Fault, FaultRule } from '../../sandbox/faults.ts';
import type { Sandbox } from '../../sandbox/server.ts';

/** A row of lib/engine/README.md over real connections: what the server does, and how the run has to end. */
export interface HttpRow {
  rules?: FaultRule[];
  /** What somebody does at the workspace once the run has moved something. */
  back?: (sandbox: Sandbox, cookie: { value: string }) => void;
  ends: 'succeeded' | 'partial' | 'paused';
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
const anOutcome = 'outcomes.0.value';

export const httpRows: Record<string, HttpRow> = {
  throttled: { rules: everywhere({ kind: 'status', status: 429 }), ends: 'succeeded' },
  'throttled-wait': { rules: everywhere({ kind: 'status', status: 429, retryAfter: 2 }), ends: 'succeeded' },
  unavailable: { rules: everywhere({ kind: 'status', status: 503 }), ends: 'succeeded' },
  'server-error': { rules: everywhere({ kind: 'status', status: 500 }), ends: 'succeeded' },
  'server-error-after': { rules: everywhere({ kind: 'statusAfter', status: 502 }), ends: 'succeeded' },
  slow: { rules: everywhere({ kind: 'slow', milliseconds: 80, when: 'after' }), ends: 'succeeded' },
  'cut-before': { rules: everywhere({ kind: 'cutBefore' }), ends: 'succeeded' },
  'cut-after': { rules: everywhere({ kind: 'cutAfter' }), ends: 'succeeded' },
  truncated: { rules: everywhere({ kind: 'truncate' }), ends: 'succeeded' },
  malformed: { rules: everywhere({ kind: 'malformed' }), ends: 'succeeded' },
  'malformed-always': {
    rules: [{ match: { path: writes, nth: 2 }, fault: { kind: 'malformed' } }],
    ends: 'paused',
    pause: 'malformed',
  },
  'missing-field': { rules: spoiled({ kind: 'missingField', field: anOutcome }), ends: 'succeeded' },
  'wrong-type': { rules: spoiled({ kind: 'wrongType', field: anOutcome }), ends: 'succeeded' },
  'unknown-enum': { rules: spoiled({ kind: 'unknownEnum', field: 'outcomes.0.result' }), ends: 'succeeded' },
  'extra-field': { rules: everywhere({ kind: 'extraField' }), ends: 'succeeded' },
  'signed-out': {
    rules: [{ match: { path: writes, nth: 3, times: 1 }, fault: { kind: 'session' } }],
    back(sandbox, cookie) {
      cookie.value = sandbox.session('mem_01').cookie;
    },
    ends: 'succeeded',
    pause: 'signedOut',
  },
  'other-person': {
    rules: [{ match: { path: writes, nth: 3, times: 1 }, fault: { kind: 'session', member: 'mem_02' } }],
    back(sandbox, cookie) {
      cookie.value = sandbox.session('mem_01').cookie;
    },
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
};

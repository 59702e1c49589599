import {
  again,
  askedToWait,
  held,
  inARow,
  malformed,
  notYet,
  type Seen,
  verifying,
} from '../../crash/fault-words.ts';

const nothing: Seen = { sees: [] };
const allMoved = '280 of 280 items moved.  Dana Ruiz is still active.';

/** What the admin sees of each row over real connections; the workspace's words are the demo server's. */
export const seenOverHttp: Record<string, Seen> = {
  throttled: { sees: [askedToWait] },
  'throttled-wait': { sees: [askedToWait] },
  unavailable: { sees: [again('The workspace answers 503 here.')] },
  'server-error': {
    sees: [
      again('The workspace answers 500 here.'),
      verifying('Lifecycle task assignments'),
      verifying('Attribute “Executive sponsor”'),
    ],
  },
  'server-error-after': {
    sees: [
      again('A gateway could not reach the workspace (502).'),
      verifying('Lifecycle task assignments'),
      verifying('Attribute “Executive sponsor”'),
    ],
  },
  slow: nothing,
  'cut-before': {
    sees: [
      again('The connection to the workspace failed.'),
      verifying('Lifecycle task assignments'),
      verifying('Attribute “Executive sponsor”'),
    ],
  },
  'cut-after': {
    sees: [
      again('The connection to the workspace failed.'),
      verifying('Lifecycle task assignments'),
      verifying('Attribute “Executive sponsor”'),
    ],
  },
  truncated: {
    sees: [
      again('Expected JSON, got other text.'),
      verifying('Lifecycle task assignments'),
      verifying('Attribute “Executive sponsor”'),
    ],
  },
  malformed: {
    sees: [
      again('Expected JSON, got a web page.'),
      verifying('Lifecycle task assignments'),
      verifying('Attribute “Executive sponsor”'),
    ],
  },
  'malformed-always': {
    sees: [
      again('Expected JSON, got a web page.'),
      verifying('Lifecycle task assignments'),
      malformed('Expected JSON, got a web page.'),
    ],
  },
  'missing-field': {
    sees: [
      again('Expected an object at "outcomes[0].value", got no value.'),
      verifying('Lifecycle task assignments'),
    ],
  },
  'wrong-type': {
    sees: [
      again('Expected an object at "outcomes[0].value", got a list.'),
      verifying('Lifecycle task assignments'),
    ],
  },
  'unknown-enum': {
    sees: [
      again('Expected one of "applied", "conflict", "failed" at "outcomes[0].result", got text.'),
      verifying('Lifecycle task assignments'),
    ],
  },
  'extra-field': nothing,
  'signed-out': {
    sees: [
      'Your session has ended. Sign in to the workspace in any tab; the run goes on by itself. # of # done, nothing lost.',
      verifying('Playbook email senders'),
    ],
  },
  'other-person': {
    sees: [
      'Somebody else is signed in now: Alex Chen. This run was started by Priya Shah. Sign in as Priya Shah again; the run goes on by itself. # of # done, nothing lost.',
      verifying('Playbook email senders'),
    ],
  },
  csrf: nothing,
  'refused-whole': {
    sees: [
      notYet('Lifecycle task assignments'),
      'Lifecycle task assignments: 7 items did not move: The workspace answers 403 here.',
      notYet('Playbook email senders'),
      'Playbook email senders: 6 items did not move: The workspace answers 403 here.',
      'Check again: 13 items still name the leaver.',
      held(3),
      '267 of 280 items moved. 13 did not. Dana Ruiz is still active.',
    ],
    items: ['Failed: The workspace answers 403 here.'],
  },
  'changed-owner': {
    sees: ['Open tasks: 1 was skipped: somebody else holds it now.'],
    items: ['Skipped: now owned by Mei Tanaka. Left as it is.'],
  },
  'pages-shift': {
    sees: ['Open tasks: 1 was skipped: somebody else holds it now.'],
    items: ['Skipped: now owned by Mei Tanaka. Left as it is.'],
  },
  'throttled-long': { sees: [askedToWait, verifying('Lifecycle task assignments')] },
  'throttled-scan': { sees: [askedToWait] },
  twice: nothing,
  'malformed-nothing': {
    sees: [
      again('Expected JSON, got other text.'),
      verifying('Playbook task assignments'),
      malformed('Expected JSON, got other text.'),
    ],
  },
  'signed-out-scan': {
    sees: [
      'The scan did not finish. Sign in to the workspace and try again. Nothing was changed. What was found so far is listed below. Sign in to the workspace in any tab; the scan goes on by itself.',
    ],
  },
  'item-forbidden': {
    sees: [
      notYet('Open tasks'),
      'Open tasks: 1 item did not move: This task is locked.',
      'Check again: 1 item still names the leaver.',
      held(2),
      '279 of 280 items moved. 1 did not. Dana Ruiz is still active.',
    ],
    items: ['Failed: This task is locked.'],
  },
  'item-gone': {
    sees: [
      notYet('Open tasks'),
      'Open tasks: 1 item did not move: This task no longer exists.',
      held(1),
      '279 of 280 items moved. 1 did not. Dana Ruiz is still active.',
    ],
    items: ['Failed: This task no longer exists.'],
  },
  conflict: {
    sees: [
      notYet('Lifecycle task assignments'),
      'Lifecycle task assignments: 7 items did not move: The workspace answers 409 here.',
      notYet('Playbook email senders'),
      'Playbook email senders: 6 items did not move: The workspace answers 409 here.',
      'Check again: 13 items still name the leaver.',
      held(3),
      '267 of 280 items moved. 13 did not. Dana Ruiz is still active.',
    ],
    items: ['Failed: The workspace answers 409 here.'],
  },
  'conflict-again': { sees: [again('The connection to the workspace failed.'), verifying('Open tasks')] },
  'stale-fence': {
    sees: ['Somebody else took this run over. It goes on in their browser. What was moved here stays moved.'],
  },
  'new-items': { sees: [], total: 281 },
  'new-items-nobody': {
    sees: [
      '1 item appeared that the plan has nobody for. Personal dashboards: choose who receives them, then continue, or end the run here.',
    ],
    total: 276,
  },
  'keeps-coming': {
    sees: [
      notYet('Open tasks'),
      'Check again: 1 item keeps coming back to the leaver. Something in the workspace assigns it again.',
      held(2),
      '279 of 280 items moved. 1 did not. Dana Ruiz is still active.',
    ],
  },
  unread: {
    sees: [
      'Check again: 1 category could not be checked again: The workspace answers 403 here.',
      held(1),
      allMoved,
    ],
  },
  'many-failures': {
    sees: [
      again('The workspace answers 503 here.'),
      verifying('Playbook task assignments'),
      inARow('The workspace answers 503 here.'),
    ],
  },
  'survey-fails': {
    sees: [again('The workspace answers 503 here.'), inARow('The workspace answers 503 here.')],
  },
  'pages-fail': {
    sees: [again('The workspace answers 500 here.'), inARow('The workspace answers 500 here.')],
  },
  'record-fails': {
    sees: [
      again('The connection to the workspace failed.'),
      inARow('The connection to the workspace failed.'),
    ],
  },
  'deactivation-fails': {
    sees: [again('The workspace answers 503 here.'), inARow('The workspace answers 503 here.')],
  },
  'deactivation-garbled': {
    sees: [again('Expected JSON, got other text.'), malformed('Expected JSON, got other text.')],
  },
  'deactivation-refused': {
    sees: ['Deactivation: The workspace refused: The workspace answers 403 here.', allMoved],
  },
  'deactivation-ignored': {
    sees: [
      'Deactivation: The workspace refused: The workspace accepted the change, but the member is still active.',
      allMoved,
    ],
  },
  repeated: {
    sees: [
      notYet('Open tasks'),
      'Paused after 100 failures in a row. All 100 say “The workspace answers 403 here.”. Fix that, then continue, or end the run here.',
    ],
    items: ['Failed: The workspace answers 403 here.'],
  },
  'rights-lost': {
    sees: [
      'Priya Shah is no admin of this workspace any more. Once the workspace says again that Priya Shah is an admin, the run goes on by itself. # of # done, nothing lost.',
      verifying('Playbook email senders'),
    ],
  },
};

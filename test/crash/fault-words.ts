import { dashboards, tasks } from './world.ts';

/** What the admin sees of a fault besides the usual, in the panel's words; see `shown.ts` for what # stands for. */
export interface Seen {
  /** Every sentence about the run, up to its end or to where it stands still. */
  sees: string[];
  /** What is said of its failed and skipped items. */
  items?: string[];
  /** How many items its steps count in all, where that is not what there was before the scan. */
  total?: number;
}

/** What the wait that a workspace asks for is told by. */
export const askedToWait = 'The workspace asked us to wait. Next call in # s.';
/** That a call which failed in these words is made again. */
export const again = (words: string): string => `${words} Next try in # s.`;
/** That it is not known yet what became of items of a step. */
export const verifying = (step: string): string => `${step}: # being verified.`;
/** That items of a step have failed, while it is still at work. */
export const notYet = (step: string): string => `${step}: # did not move.`;
/** The pause after answers that nobody understands. */
export const malformed = (words: string): string =>
  `The workspace answered something we do not understand. ${words} Nothing was changed since. Continue tries again.`;
/** The pause after faults in a row. */
export const inARow = (words: string): string =>
  `Paused after 20 failures in a row. The last one says “${words}”. Fix that, then continue, or end the run here.`;
/** That nobody was deactivated, since so many steps did not complete. */
export const held = (steps: number): string =>
  `Deactivation: Still active, because ${steps} step${steps === 1 ? '' : 's'} did not complete.`;

const nothing: Seen = { sees: [] };
const garbled = 'Expected a list of outcomes at "outcomes", got text.';
const unavailable = 'The workspace is not available for now (503).';
const failed = 'The workspace failed (500).';
const cut = 'The connection to the workspace failed.';
const signedOut =
  'Your session has ended. Sign in to the workspace in any tab; the run goes on by itself. # of # done, nothing lost.';
const noSpace =
  'This browser could not store the progress. Nothing is written to the workspace before it can be recorded. Free some disk space, then continue. # of # done.';
const refused = 'The workspace does not allow this.';
const allMoved = '10 of 10 items moved.  Dana Ruiz is still active.';

/** By row of the table in lib/engine/README.md. */
export const seenAtPort: Record<string, Seen> = {
  throttled: { sees: [askedToWait, again('The workspace asks to slow down (429).')] },
  'throttled-wait': { sees: [askedToWait, again('Slow down (429).')] },
  // It has let go of the attempt meanwhile, and whether nobody has sent it is made sure of.
  'throttled-long': { sees: [askedToWait, verifying(tasks)] },
  'throttled-scan': { sees: [askedToWait] },
  unavailable: { sees: [again(unavailable)] },
  'server-error': { sees: [again(failed), verifying(tasks)] },
  'server-error-after': { sees: [again(failed), verifying(tasks)] },
  slow: nothing,
  'cut-before': { sees: [again(cut), verifying(tasks)] },
  'cut-after': { sees: [again(cut), verifying(tasks)] },
  'cut-late': { sees: [again('The connection failed.'), verifying(tasks)] },
  twice: nothing,
  malformed: { sees: [again(garbled), verifying(tasks)] },
  'malformed-always': { sees: [again(garbled), verifying(tasks), malformed(garbled)] },
  'malformed-nothing': { sees: [again(garbled), verifying(tasks), malformed(garbled)] },
  'signed-out': { sees: [signedOut, verifying(tasks)] },
  'signed-out-scan': {
    sees: [
      'The scan did not finish. Nobody is signed in. Nothing was changed. What was found so far is listed below. Sign in to the workspace in any tab; the scan goes on by itself.',
    ],
  },
  'other-person': {
    sees: [
      signedOut,
      'Somebody else is signed in now: Ines Kaya. This run was started by Priya Shah. Sign in as Priya Shah again; the run goes on by itself. # of # done, nothing lost.',
      verifying(tasks),
    ],
  },
  'item-forbidden': {
    sees: [
      notYet(tasks),
      `${tasks}: 1 item did not move: ${tasks}-00003 cannot be changed`,
      'Check again: 1 item still names the leaver.',
      held(2),
      '9 of 10 items moved. 1 did not. Dana Ruiz is still active.',
    ],
    items: [`Failed: ${tasks}-00003 cannot be changed`],
  },
  'item-gone': {
    sees: [
      notYet(tasks),
      `${tasks}: 1 item did not move: ${tasks}-00003 does not exist`,
      held(1),
      '9 of 10 items moved. 1 did not. Dana Ruiz is still active.',
    ],
    items: [`Failed: ${tasks}-00003 does not exist`],
  },
  'refused-whole': {
    sees: [
      notYet(dashboards),
      `${dashboards}: 3 items did not move: ${refused}`,
      'Check again: 3 items still name the leaver.',
      held(2),
      '7 of 10 items moved. 3 did not. Dana Ruiz is still active.',
    ],
    items: [`Failed: ${refused}`],
  },
  conflict: {
    sees: [
      notYet(dashboards),
      `${dashboards}: 3 items did not move: Something is in the way (409).`,
      'Check again: 3 items still name the leaver.',
      held(2),
      '7 of 10 items moved. 3 did not. Dana Ruiz is still active.',
    ],
    items: ['Failed: Something is in the way (409).'],
  },
  'conflict-again': { sees: [again(cut), verifying(tasks)] },
  'cannot-change': {
    sees: [
      '3 items cannot be changed from here. dashboards.personal: do this by hand, now or later. Tick below that you have seen it, then continue, or end the run here.',
      `${dashboards}: Left to you: The first item was not changed.`,
    ],
  },
  'changed-owner': {
    sees: [`${tasks}: 1 was skipped: somebody else holds it now.`],
    items: ['Skipped: now owned by Ines Kaya. Left as it is.'],
  },
  'stale-fence': {
    sees: ['Somebody else took this run over. It goes on in their browser. What was moved here stays moved.'],
  },
  'pages-shift': { sees: [], total: 14 },
  'new-items': { sees: [], total: 11 },
  'new-items-nobody': {
    sees: [
      '1 item appeared that the plan has nobody for. dashboards.personal: choose who receives them, then continue, or end the run here.',
    ],
    total: 8,
  },
  'keeps-coming': {
    sees: [
      notYet(tasks),
      'Check again: 1 item keeps coming back to the leaver. Something in the workspace assigns it again.',
      held(2),
      '9 of 10 items moved. 1 did not. Dana Ruiz is still active.',
    ],
  },
  unread: {
    sees: [`Check again: 1 category could not be checked again: ${refused}`, held(1), allMoved],
  },
  'many-failures': { sees: [again(unavailable), verifying(tasks), inARow(unavailable)] },
  'survey-fails': { sees: [again(unavailable), inARow(unavailable)] },
  'pages-fail': { sees: [again(failed), inARow(failed)] },
  'record-fails': { sees: [again(cut), inARow(cut)] },
  'deactivation-fails': { sees: [again(unavailable), inARow(unavailable)] },
  'deactivation-garbled': { sees: [again(garbled), malformed(garbled)] },
  repeated: {
    sees: [
      notYet(tasks),
      `Paused after 21 failures in a row. All 21 say “${refused}”. Fix that, then continue, or end the run here.`,
    ],
    items: [`Failed: ${refused}`],
  },
  'deactivation-refused': { sees: [`Deactivation: The workspace refused: ${refused}`, allMoved] },
  'deactivation-ignored': {
    sees: ['Deactivation: The workspace confirmed the change, but the member is still active.', allMoved],
  },
  'rights-lost': {
    sees: [
      signedOut,
      'Priya Shah is no admin of this workspace any more. Once the workspace says again that Priya Shah is an admin, the run goes on by itself. # of # done, nothing lost.',
      verifying(dashboards),
    ],
  },
  'disk-full': { sees: [noSpace] },
  evicted: { sees: [noSpace] },
};

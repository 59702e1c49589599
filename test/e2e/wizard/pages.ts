import type { OpenElsewhere, WatchedRun } from '../../../lib/messages/elsewhere.ts';
import type { ConnectionView, Refusal } from '../../../lib/messages/protocol.ts';
import type { JournalEntry } from '../../../lib/offboarding/attempt.ts';
import type { Run } from '../../../lib/offboarding/model.ts';
import { categories, draft, leaver, members, planned, started } from './data.ts';
import type { World } from './states.ts';

/** The pages besides the five steps: history, review, watching another browser's run, connections. */

/** What these pages are shown with, besides what every page has. */
export interface PageWorld {
  /** Runs of this browser, where there are more than the one at hand. */
  runs?: readonly Run[];
  elsewhere?: readonly OpenElsewhere[];
  watched?: { run: WatchedRun | null; live: boolean };
  connections?: readonly ConnectionView[];
  journal?: readonly JournalEntry[];
  /** Of every workspace: what went past the wizard. */
  bypasses?: readonly JournalEntry[];
  /** Commands that are never answered. */
  silent?: readonly string[];
  /** What is pressed once the page is there, by selector; `!hang`: nothing is read any more; `!break`: reading fails. */
  press?: readonly string[];
  hang?: boolean;
  broken?: boolean;
}

/** What the workspace says where an item does not move. */
export const refusals: Record<string, string> & { other: string } = {
  other: 'Owner needs the CSM role',
  'dashboards.personal': 'Dashboards are locked by their workspace policy.',
};

const hour = 3_600_000;
const before = (now: Date, hours: number): string => new Date(now.getTime() - hours * hour).toISOString();
const toHistory = '.ow-page > div:last-child button';
const refused = (code: Refusal['code'], detail: string): Refusal => ({ code, detail });
const alex = { id: 'mem_alex', name: 'Alex Chen' };

const connection = (id: string, change: Partial<ConnectionView> = {}): ConnectionView => ({
  id,
  origin: `https://${id}.example.com`,
  kind: 'contract',
  workspace: { id: 'acme', name: 'Acme Success' },
  usersLink: `https://${id}.example.com/settings/users`,
  memberLink: `https://${id}.example.com/settings/users/{member}`,
  localOnly: false,
  admin: 'yes',
  ...change,
});

/** A run that is over, of the member with that number. */
function past(now: Date, index: number, phase: Run['phase']): Run {
  const run = started(planned(draft(now)), phase === 'succeeded' ? 1 : 0.98, now);
  const member = members[1 + (index % (members.length - 1))] ?? leaver;
  const ended = before(now, 5 + index * 31);
  return {
    ...run,
    id: `run_past_${index}`,
    leaver: member,
    by: index % 3 === 1 ? { ...run.by, ...alex, email: 'alex.chen@acme.example' } : run.by,
    mode: index % 4 === 2 ? 'executeOnly' : 'executeAndDeactivate',
    phase,
    endedAt: ended,
    updatedAt: ended,
    ...(index % 5 === 0 ? { note: 'HR-4711' } : {}),
  };
}

const outcomes = [
  'succeeded',
  'partial',
  'succeeded',
  'failed',
  'discarded',
  'succeeded',
  'superseded',
] as const;
const pastRuns = (now: Date, count: number): Run[] =>
  Array.from({ length: count }, (_, index) =>
    past(now, index, outcomes[index % outcomes.length] ?? 'partial'),
  );

const elsewhere = (now: Date): OpenElsewhere[] => [
  {
    id: 'run_alex',
    leaver: { id: 'mem_lena', name: 'Lena Voss', email: 'lena.voss@acme.example' },
    by: alex,
    mine: false,
    phase: 'executing',
    seenAt: before(now, 0.01),
  },
  {
    id: 'run_other',
    leaver: {
      id: 'mem_long',
      name: 'Maximiliane Theodora von Hohenstein-Lichtenberg',
      email: 'm@acme.example',
    },
    by: { id: 'mem_priya', name: 'Priya Shah' },
    mine: true,
    phase: 'draft',
    seenAt: before(now, 50),
  },
];

/** Dana's run after it failed in these categories, with this many failures in each. */
function failed(now: Date, counts: Readonly<Record<string, number>>): Run {
  const run = started(planned(draft(now)), 1, now);
  return {
    ...run,
    phase: 'partial',
    endedAt: before(now, 1),
    steps: run.steps.map((step) => {
      const count = counts[step.category ?? ''] ?? 0;
      if (step.kind === 'deactivate')
        return {
          ...step,
          state: 'notRun',
          message: { key: 'step_deactivation_held', params: { count: Object.keys(counts).length + 1 } },
        };
      if (step.kind === 'rescan')
        return { ...step, state: 'failed', message: { key: 'step_rescan_left', params: { count } } };
      if (count === 0) return { ...step, state: 'completed', moved: step.total };
      return {
        ...step,
        state: 'failed',
        moved: step.total - count,
        failed: count,
        message: { key: 'step_not_moved', params: { count } },
      };
    }),
  };
}

function journal(now: Date): JournalEntry[] {
  const entry = (seq: number, hours: number, kind: JournalEntry['kind'], data: object): JournalEntry =>
    ({ run: 'run_1', seq, at: before(now, hours), kind, data, previous: '', hash: '' }) as JournalEntry;
  return [
    entry(1, 4, 'created', {}),
    entry(2, 3, 'phase', { phase: 'executing' }),
    entry(3, 2.9, 'attempt', { category: 'tasks.open', moved: 97, failed: 3, skipped: 0, how: 'answered' }),
    entry(4, 2.8, 'step', { step: 'tasks.open', state: 'failed' }),
    entry(5, 2.7, 'phase', { phase: 'paused', reason: 'admin' }),
    entry(6, 2.5, 'phase', { phase: 'partial' }),
    entry(7, 2, 'phase', { phase: 'executing', retried: 3 }),
    entry(8, 1, 'phase', { phase: 'partial' }),
  ];
}

function bypasses(now: Date): JournalEntry[] {
  const entry = (seq: number, data: object): JournalEntry => ({
    ...{ run: 'bypass:acme', seq, at: before(now, 90 * seq), kind: 'note', previous: '', hash: '' },
    data: { what: 'deactivatedAnyway', ...data },
  });
  return [
    entry(1, {
      member: 'mem_long',
      name: 'Maximiliane Theodora von Hohenstein-Lichtenberg',
      by: { id: 'mem_priya', name: 'Priya Shah' },
      counts: { 'tasks.open': 412, 'views.customers': null },
    }),
    entry(2, { member: 'maximiliane.theodora.von.hohenstein@acme.example', by: null, counts: null }),
  ];
}

/** A run of Alex's, as the registry has it. */
function watched(now: Date, change: Partial<WatchedRun> = {}, record: Partial<Run> = {}): WatchedRun {
  const run = { ...started(planned(draft(now)), 0.42, now), ...record };
  const { mode, phase, plan, steps, acknowledgements, startedAt, pause } = run;
  return {
    id: 'run_alex',
    by: alex,
    mine: false,
    leaseUntil: before(now, -0.05),
    seenAt: before(now, 0.003),
    open: true,
    record: {
      mode,
      phase,
      plan,
      steps,
      acknowledgements,
      ...(startedAt === undefined ? {} : { startedAt }),
      ...(pause === undefined ? {} : { pause }),
      note: 'HR-4711',
      planHash: '',
      journalHead: '',
      leaver: { name: leaver.name, email: leaver.email, active: true },
      categories: categories(),
    },
    ...change,
  };
}

const gone = (now: Date): Partial<WatchedRun> => ({ leaseUntil: before(now, 0.5), seenAt: before(now, 0.6) });
const none: World = { run: undefined, connected: true, refuse: {} };
const history = (more: Partial<World>): World => ({ ...none, press: [toHistory], ...more });
const review = (run: Run, now: Date, more: Partial<World> = {}): World => ({
  ...none,
  run,
  journal: journal(now),
  address: { kind: 'review', run: run.id, connection: 'con_1', member: leaver.id },
  ...more,
});
const watch = (run: WatchedRun | null, more: Partial<World> = {}): World => ({
  ...none,
  address: { kind: 'member', connection: 'con_1', member: leaver.id },
  refuse: { 'draft.open': refused('openElsewhere', '') },
  watched: { run, live: true },
  ...more,
});
const connections = (list: readonly ConnectionView[], more: Partial<World> = {}): World => ({
  ...none,
  connections: list,
  address: { kind: 'connections' },
  ...more,
});

/** A draft of somebody whom the workspace does not know any more: to be read, and nothing else. */
const vanished = (now: Date, screen: Run['screen']): World => ({
  ...none,
  run: {
    ...planned(draft(now)),
    screen,
    scan: { state: 'failed', changes: [], error: { key: 'gone', detail: 'Member mem_dana is gone.' } },
  },
});

/** Every state of these pages, by name. `now` is when the page opens. */
export const pageStates: Record<string, (now: Date) => World> = {
  history: (now) =>
    history({
      runs: pastRuns(now, 9),
      elsewhere: elsewhere(now),
      bypasses: bypasses(now),
      press: [toHistory, '.ow-disclosure-summary'],
    }),
  'history-many': (now) => history({ runs: pastRuns(now, 130), elsewhere: [] }),
  'history-empty': () => history({}),
  'history-loading': () => history({ press: ['!hang', toHistory] }),
  'history-error': () => history({ press: ['!break', toHistory] }),
  'history-unasked': (now) =>
    history({
      runs: pastRuns(now, 2),
      refuse: { 'run.listElsewhere': refused('unreachable', 'The workspace does not answer.') },
    }),
  failures: (now) => review(failed(now, { 'tasks.open': 3, 'dashboards.personal': 2 }), now),
  'failures-many': (now) =>
    review(failed(now, { 'tasks.open': 400, 'customers.csm': 190, 'views.customers': 12 }), now),
  'failures-none': (now) => review({ ...failed(now, {}), phase: 'partial' }, now),
  'failures-ask': (now) => review(failed(now, { 'tasks.open': 3 }), now, { press: ['#primary'] }),
  'failures-error': (now) => review(failed(now, { 'tasks.open': 3 }), now, { broken: true }),
  watch: (now) => watch(watched(now)),
  'watch-loading': () => watch(null, { silent: ['run.watch'] }),
  'watch-none': () => watch(null),
  'watch-error': () =>
    watch(null, {
      refuse: {
        'draft.open': refused('openElsewhere', ''),
        'run.watch': refused('unreachable', 'No answer.'),
      },
    }),
  'watch-paused': (now) =>
    watch(
      watched(now, {}, { phase: 'paused', pause: { kind: 'repeated', detail: 'Owner needs the CSM role' } }),
      {
        watched: {
          run: watched(
            now,
            {},
            { phase: 'paused', pause: { kind: 'repeated', detail: 'Owner needs the CSM role' } },
          ),
          live: false,
        },
      },
    ),
  'watch-gone': (now) => watch(watched(now, gone(now))),
  'watch-draft': (now) => watch(watched(now, gone(now), { phase: 'draft', steps: [] })),
  'watch-over': (now) => watch(watched(now, { open: false }, { phase: 'partial' })),
  'watch-stopping': (now) => watch(watched(now, gone(now), { phase: 'stopping' }), { press: ['#take-over'] }),
  'watch-ask': (now) => watch(watched(now, gone(now)), { press: ['#take-over'] }),
  connections: () =>
    connections([
      connection('app'),
      connection('emea', { localOnly: true, admin: 'unknown' }),
      connection('old', {
        workspace: { id: 'old', name: 'Northwind Customer Operations Workspace' },
        broken: 'Expected "contract" to be "1", got "0".',
      }),
    ]),
  'connections-none': () => connections([], { connected: false }),
  'connections-loading': () => connections([], { silent: ['connection.list'] }),
  'connections-error': () =>
    connections([connection('app')], {
      refuse: { 'connection.test': refused('signedOut', 'GET /me answered 401.') },
    }),
  'connections-unknown': () =>
    connections([], { refuse: { 'connection.list': refused('unreachable', 'The background is gone.') } }),
  'gone-reassignments': (now) => vanished(now, 'reassignments'),
  'gone-future': (now) => vanished(now, 'future'),
  'gone-review': (now) => vanished(now, 'review'),
  'connections-remove': (now) =>
    connections([connection('app')], {
      runs: pastRuns(now, 12).map((run) => ({ ...run, connection: 'app' })),
      bypasses: bypasses(now),
      press: ['.ow-button-dangerText'],
    }),
};

/** What the background answers on these pages; undefined where it is another page's command. */
export function answerOnPage(world: World, command: string): unknown {
  switch (command) {
    case 'run.listElsewhere':
      return { runs: world.elsewhere ?? [] };
    case 'run.watch':
      return { leaver, ...(world.watched ?? { run: null, live: true }) };
    case 'connection.list':
      return world.connections && { connections: world.connections };
    case 'connection.test':
      return {
        viewer: { name: 'Priya Shah', email: 'priya.shah@acme.example', admin: 'yes' },
        took: 84,
      };
    default:
      return undefined;
  }
}

/** Presses what the world says, one after the other, once it is there, until another world is shown. */
export async function press(world: World, signal: AbortSignal): Promise<void> {
  for (const each of world.press ?? []) {
    const found = await appearing(each.startsWith('!') ? '#step-title' : each, signal);
    if (!found) return;
    if (each === '!hang') world.hang = true;
    else if (each === '!break') world.broken = true;
    else found.click();
  }
}

async function appearing(selector: string, signal: AbortSignal): Promise<HTMLElement | undefined> {
  while (!signal.aborted) {
    const found = document.querySelector<HTMLElement>(selector);
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return undefined;
}

import type { Refusal, RefusalCode } from '../../../lib/messages/protocol.ts';
import type { Batch } from '../../../lib/offboarding/batch-model.ts';
import type { Run } from '../../../lib/offboarding/model.ts';
import type { PanelDependencies } from '../../../lib/panel/dependencies.ts';
import { batchStates } from './batches.ts';
import { categories, draft, leaver, planned, started } from './data.ts';
import { type PageWorld, pageStates } from './pages.ts';

/** What the fake world holds when the page opens. */
export interface World extends PageWorld {
  run: Run | undefined;
  /** The answer to `panel.hello`, when it is a refusal. */
  refusal?: Refusal;
  connected: boolean;
  /** Commands that are refused, and how. */
  refuse: Partial<Record<string, Refusal>>;
  /** Address of the page beside the panel. */
  page?: string;
  /** The live port never comes up. */
  offline?: boolean;
  /** What the page's address names. */
  address?: PanelDependencies['address'];
  batch?: Batch | undefined;
  batchRuns?: readonly Run[];
  /** Executing runs go on by themselves. */
  moving?: boolean;
  /** Nothing happens after the page is drawn: scans stay as they are. */
  recount?: (run: Run) => Run;
}

const hours = (count: number): number => count * 3_600_000;
const refusal = (code: RefusalCode, detail: string): Refusal => ({ code, detail });
const refused = (code: RefusalCode, detail: string): World => ({
  run: undefined,
  refusal: refusal(code, detail),
  connected: code !== 'notConnected' && code !== 'noWorkspace',
  refuse: {},
});
const of = (run: Run, more: Partial<World> = {}): World => ({ run, connected: true, refuse: {}, ...more });

const failSome = (run: Run): Run => ({
  ...run,
  steps: run.steps.map((step) => {
    if (step.category === 'tasks.open')
      return {
        ...step,
        state: 'failed',
        moved: step.total - 5,
        failed: 3,
        skipped: 2,
        message: { key: 'step_not_moved', params: { count: 3 } },
      };
    if (step.kind === 'rescan')
      return { ...step, state: 'failed', message: { key: 'step_rescan_left', params: { count: 3 } } };
    if (step.kind === 'deactivate')
      return { ...step, state: 'notRun', message: { key: 'step_deactivation_held', params: { count: 2 } } };
    return step;
  }),
});
const complete = (run: Run, at: Date): Run => ({
  ...run,
  phase: 'succeeded',
  endedAt: at.toISOString(),
  steps: run.steps.map((step) => ({ ...step, state: 'completed', moved: step.total })),
});

/** Every state that the wizard is looked at in, by name. `now` is when the page opens. */
export const states: Record<string, (now: Date) => World> = {
  'scan-typical': (now) => of(draft(new Date(now.getTime() - 240_000))),
  'scan-loading': (now) => {
    const run = draft(now);
    return of({
      ...run,
      scan: { state: 'running', startedAt: now.toISOString(), changes: [] },
      categories: run.categories.map((category, index) =>
        index < 5
          ? category
          : {
              ...category,
              count: index === 6 ? 412 : null,
              unread: undefined,
              state: index < 8 ? 'running' : 'queued',
              found: index === 6 ? 180 : index === 5 ? 23 : 0,
            },
      ),
    });
  },
  'scan-surveying': (now) =>
    of({
      ...draft(now),
      categories: [],
      scan: { state: 'running', startedAt: now.toISOString(), changes: [] },
    }),
  'scan-empty': (now) =>
    of({
      ...draft(now),
      categories: categories().map(({ unread: _unread, ...category }) => ({
        ...category,
        state: 'done',
        count: 0,
        found: 0,
      })),
    }),
  'scan-error': (now) => {
    const run = draft(now);
    return of({
      ...run,
      categories: run.categories.slice(0, 6),
      scan: {
        ...run.scan,
        state: 'failed',
        error: { key: 'malformed', detail: 'Expected a list of tasks, got text.' },
      },
    });
  },
  'scan-stale': (now) => of({ ...planned(draft(new Date(now.getTime() - hours(50)))), screen: 'scan' }),
  'scan-changes': (now) => {
    const run = planned(draft(now));
    return of({
      ...run,
      scan: {
        ...run.scan,
        changes: [
          {
            category: 'tasks.open',
            appeared: ['QBR deck', 'Renewal call prep', 'Success plan', 'Invoice'],
            appearedCount: 9,
            vanished: ['Onboarding plan'],
            vanishedCount: 1,
          },
          {
            category: 'customers.csm',
            appeared: [],
            appearedCount: 0,
            vanished: ['Globex 2'],
            vanishedCount: 1,
          },
        ],
      },
    });
  },
  'scan-inactive': (now) => of({ ...draft(now), mode: 'executeOnly', leaver: { ...leaver, active: false } }),
  'scan-blocked': (now) =>
    of({
      ...draft(now),
      blockers: [
        {
          message: 'The linked account is inactive.',
          remedy: 'Activate it first.',
          link: 'https://app.example.com/accounts',
        },
      ],
    }),
  reassign: (now) => of({ ...draft(now), screen: 'reassignments' }),
  'reassign-planned': (now) => {
    const run = planned(draft(now));
    return of({
      ...run,
      screen: 'reassignments',
      plan: {
        ...run.plan,
        defaults: {
          ...run.plan.defaults,
          'dashboards.personal': { member: 'mem_lena' },
          'views.customers': { member: 'mem_omar' },
        },
      },
    });
  },
  'scan-notes': (now) =>
    of(
      {
        ...draft(now),
        notes: [
          {
            tone: 'warning',
            message: '3 groups would have nobody left to answer.',
            link: 'https://app.example.com/groups',
          },
          { tone: 'info', message: 'Two views are shared with other teams and stay shared.' },
        ],
      },
      { page: 'https://app.example.com/settings/users/mem_omar?tab=access' },
    ),
  'scan-gone': (now) =>
    of({
      ...planned(draft(now)),
      screen: 'scan',
      scan: { state: 'failed', changes: [], error: { key: 'gone', detail: 'Member mem_dana is gone.' } },
    }),
  'future-selectable': (now) => {
    const run = planned(draft(now));
    return of({
      ...run,
      screen: 'future',
      acknowledgements: [],
      categories: run.categories.map((category) =>
        category.kind === 'signatures' ? { ...category, selectable: true } : category,
      ),
    });
  },
  'save-failed': (now) =>
    of(
      { ...draft(now), screen: 'reassignments' },
      { refuse: { 'draft.edit': refusal('storage', 'The disk is full.') } },
    ),
  future: (now) => of({ ...planned(draft(now)), acknowledgements: [], screen: 'future' }),
  'future-changed': (now) =>
    of(
      { ...planned(draft(now)), screen: 'future' },
      {
        recount: (run) => ({
          ...run,
          categories: run.categories.map((category) =>
            category.kind === 'tokens.api'
              ? { ...category, count: 3 }
              : category.kind === 'emails.scheduled'
                ? { ...category, count: 0 }
                : category,
          ),
        }),
      },
    ),
  review: (now) => of({ ...planned(draft(now)), screen: 'review' }),
  'review-only': (now) => of({ ...planned(draft(now)), mode: 'executeOnly', screen: 'review' }),
  'review-problems': (now) => {
    const run = planned(draft(now));
    return of({
      ...run,
      screen: 'review',
      plan: {
        ...run.plan,
        defaults: {
          ...run.plan.defaults,
          'dashboards.personal': { member: 'mem_lena' },
          'views.customers': { member: 'mem_omar' },
        },
      },
    });
  },
  waiting: (now) => {
    const run = complete(started(planned(draft(now)), 1, now), now);
    const steps = run.steps.map((step) =>
      step.kind === 'deactivate' ? { ...step, state: 'running' as const, moved: 0 } : step,
    );
    const { endedAt: _endedAt, ...open } = run;
    return of({
      ...open,
      steps,
      phase: 'waiting',
      completion: 'page',
      waiting: { since: now.toISOString() },
    });
  },
  'end-reported': (now) => {
    const run = complete(started(planned(draft(now)), 1, now), now);
    const evidence = { kind: 'page', by: 'https://app.example.com' } as const;
    return of({
      ...run,
      leaver: { ...run.leaver, active: false },
      steps: run.steps.map((step) => (step.kind === 'deactivate' ? { ...step, evidence } : step)),
      categories: run.categories.map((each) =>
        each.id === 'signatures' && each.count !== null ? { ...each, count: 0 } : each,
      ),
    });
  },
  executing: (now) => of(started(planned(draft(now)), 0.32, now), { moving: true }),
  'executing-polling': (now) => of(started(planned(draft(now)), 0.32, now), { moving: true, offline: true }),
  paused: (now) =>
    of({ ...started(planned(draft(now)), 0.32, now), phase: 'paused', pause: { kind: 'admin' } }),
  'paused-signed-out': (now) =>
    of({ ...started(planned(draft(now)), 0.32, now), phase: 'paused', pause: { kind: 'signedOut' } }),
  'paused-repeated': (now) =>
    of({
      ...started(planned(draft(now)), 0.32, now),
      phase: 'paused',
      pause: { kind: 'repeated', detail: 'Owner needs the CSM role', count: 20 },
    }),
  'paused-new-items': (now) => {
    const run = started(planned(draft(now)), 0.8, now);
    const { 'views.customers': _gone, ...defaults } = run.plan.defaults;
    return of({
      ...run,
      plan: { ...run.plan, defaults },
      phase: 'paused',
      pause: { kind: 'newItems', detail: 'views.customers', count: 12 },
    });
  },
  'paused-by-hand': (now) => {
    const run = started(planned(draft(now)), 0.8, now);
    const id = 'views.customers';
    const why = 'The workspace accepted the change of the first item, and did not change it.';
    return of({
      ...run,
      categories: run.categories.map((category) =>
        category.id === id ? { ...category, action: 'manual', count: 8, why } : category,
      ),
      steps: run.steps.map((step) =>
        step.category === id
          ? { ...step, state: 'notRun', message: { key: 'step_by_hand', params: { detail: why } } }
          : step,
      ),
      phase: 'paused',
      pause: { kind: 'manual', detail: id, count: 8 },
    });
  },
  verifying: (now) => {
    const run = started(planned(draft(now)), 0.5, now);
    return of({
      ...run,
      steps: run.steps.map((step) => (step.state === 'running' ? { ...step, unknown: 12 } : step)),
      wait: {
        until: new Date(now.getTime() + 4 * 60_000).toISOString(),
        asked: true,
        detail: 'Too many requests.',
      },
    });
  },
  'stopping-signed-out': (now) =>
    of({
      ...started(planned(draft(now)), 0.32, now),
      phase: 'stopping',
      pause: { kind: 'signedOut', detail: 'Your session is over.' },
      retry: {
        tries: 3,
        resumeAt: new Date(now.getTime() + 40_000).toISOString(),
        detail: 'Your session is over.',
      },
    }),
  success: (now) => of(complete(started(planned(draft(now)), 1, now), now)),
  'success-only': (now) =>
    of(complete(started({ ...planned(draft(now)), mode: 'executeOnly' }, 1, now), now)),
  partial: (now) =>
    of({ ...failSome(complete(started(planned(draft(now)), 1, now), now)), phase: 'partial' }),
  failure: (now) => {
    const run = started(planned(draft(now)), 0, now);
    return of({
      ...run,
      phase: 'failed',
      endedAt: now.toISOString(),
      steps: run.steps.map((step) =>
        step.kind === 'category'
          ? {
              ...step,
              state: 'failed',
              failed: step.total,
              message: { key: 'step_not_moved', params: { count: step.total } },
            }
          : { ...step, state: 'notRun' },
      ),
    });
  },
  discarded: (now) => of({ ...draft(now), phase: 'discarded' }),
  home: () => ({ run: undefined, connected: true, refuse: {} }),
  'home-runs': (now) => of(planned(draft(now)), { refusal: undefined }),
  connect: () => ({ run: undefined, connected: false, refuse: {} }),
  'connect-key': () => ({
    run: undefined,
    connected: false,
    refuse: {},
    page: 'https://app.custify.com/settings',
  }),
  'connect-refused': () => ({
    run: undefined,
    connected: false,
    refuse: {
      'connection.add': refusal(
        'noWorkspace',
        'Expected a discovery document at /.well-known/offboarding, got 404.',
      ),
    },
  }),
  'refusal-admin': () => refused('notAdmin', 'Priya Shah is no admin of Acme Success.'),
  'refusal-self': () => refused('self', 'mem_priya is the viewer.'),
  'refusal-signed-out': () => refused('signedOut', 'GET /me answered 401.'),
  'refusal-no-workspace': () => refused('noWorkspace', 'No workspace is connected for news.example.'),
  'refusal-gone': () => refused('memberGone', 'Member mem_dana does not exist.'),
  'refusal-elsewhere': () => ({
    ...refused('openElsewhere', 'Run run_9 is open.'),
    refusal: {
      code: 'openElsewhere',
      detail: 'Run run_9 is open.',
      by: { name: 'Alex Chen', phase: 'executing', since: '2026-11-20T09:30:00.000Z' },
    },
  }),
  'refusal-malformed': () => refused('malformed', 'Expected a list of members, got text.'),
  ...pageStates,
  ...batchStates,
  '100k': (now) => of(draft(now, 100_000)),
  '100k-reassign': (now) => of({ ...planned(draft(now, 100_000)), screen: 'reassignments' }),
};

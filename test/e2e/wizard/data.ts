import type { Column, Member, Run, RunItem, ScannedCategory, Step } from '../../../lib/offboarding/model.ts';
import { stepsOf } from '../../../lib/offboarding/steps.ts';

/** The people, categories and items that the wizard is shown with. The same every time. */

export const leaver: Member = {
  id: 'mem_dana',
  name: 'Dana Ruiz',
  email: 'dana.ruiz@acme.example',
  active: true,
  admin: 'no',
  holds: { customers: 212 },
  sender: { mailbox: 'yes', signature: 'yes' },
};

export const members: Member[] = [
  leaver,
  person('mem_tom', 'Tom Okafor', { customers: 62, mailbox: 'yes', signature: 'yes' }),
  person('mem_mei', 'Mei Tanaka', { customers: 48, mailbox: 'yes', signature: 'no' }),
  person('mem_ines', 'Ines Kaya', { customers: 71, mailbox: 'no', signature: 'no' }),
  {
    ...person('mem_lena', 'Lena Voss', { customers: 39, mailbox: 'yes', signature: 'yes' }),
    leaving: { by: 'Alex Chen', phase: 'draft' },
  },
  { ...person('mem_omar', 'Omar Said', { customers: 0, mailbox: 'no', signature: 'no' }), active: false },
  person('mem_sam1', 'Sam Park', { customers: 55, mailbox: 'yes', signature: 'yes' }),
  {
    ...person('mem_sam2', 'Sam Park', { customers: 12, mailbox: 'unknown', signature: 'unknown' }),
    email: 's.park@acme.example',
  },
  person('mem_long', 'Maximiliane Theodora von Hohenstein-Lichtenberg', {
    customers: 66,
    mailbox: 'yes',
    signature: 'yes',
  }),
  ...Array.from({ length: 24 }, (_, index) =>
    person(`mem_${index}`, `Member ${String(index + 1).padStart(2, '0')}`, {
      customers: 30 + ((index * 7) % 40),
      mailbox: 'yes',
      signature: 'yes',
    }),
  ),
];

function person(
  id: string,
  name: string,
  facts: { customers: number; mailbox: 'yes' | 'no' | 'unknown'; signature: 'yes' | 'no' | 'unknown' },
): Member {
  return {
    id,
    name,
    email: `${name.toLowerCase().replaceAll(/[^a-z]+/gu, '.')}@acme.example`,
    active: true,
    admin: 'no',
    holds: { customers: facts.customers },
    sender: { mailbox: facts.mailbox, signature: facts.signature },
  };
}

const column = (key: string, label: string, type: Column['type'], priority: 1 | 2 | 3): Column => ({
  key,
  label,
  type,
  priority,
  align: type === 'number' || type === 'money' ? 'end' : 'start',
});
const customerColumns = [
  column('name', 'Customer', 'text', 1),
  column('segment', 'Segment', 'text', 2),
  column('arr', 'ARR', 'money', 2),
  column('renewal', 'Renewal', 'date', 2),
  column('health', 'Health', 'number', 3),
];
const taskColumns = [
  column('title', 'Task', 'text', 1),
  column('customer', 'Customer', 'text', 2),
  column('due', 'Due', 'date', 2),
  column('status', 'Status', 'status', 3),
];
const nameColumns = [column('name', 'Name', 'text', 1), column('shared', 'Shared with', 'number', 2)];
const tokenColumns = [
  column('name', 'Name', 'text', 1),
  column('created', 'Created', 'date', 2),
  column('used', 'Last used', 'date', 2),
  column('scope', 'Scope', 'text', 2),
];

type Given = Pick<ScannedCategory, 'id' | 'kind' | 'count' | 'columns'> & Partial<ScannedCategory>;
const category = (order: number, given: Given): ScannedCategory => ({
  action: 'reassign',
  after: [],
  selectable: false,
  batch: 100,
  condition: 'server',
  idempotent: true,
  perCustomer: false,
  decidesCustomer: false,
  needsSender: false,
  outlives: false,
  order,
  state: 'done',
  found: given.count ?? 0,
  link: `https://app.example.com/${given.kind}`,
  ...given,
});

/** All categories; `tasks` is the number of open tasks, so that a large leaver can be shown. */
export function categories(tasks = 412): ScannedCategory[] {
  const manual = { action: 'manual' as const };
  const list: Given[] = [
    { id: 'playbooks.tasks', kind: 'playbooks.tasks', count: 18, columns: nameColumns },
    { id: 'lifecycles.tasks', kind: 'lifecycles.tasks', count: 9, columns: nameColumns },
    { id: 'playbooks.senders', kind: 'playbooks.senders', count: 6, columns: nameColumns, needsSender: true },
    {
      id: 'attributes.user:renewal_lead',
      kind: 'attributes.user',
      name: 'Renewal lead',
      count: 47,
      columns: customerColumns,
      perCustomer: true,
    },
    {
      id: 'customers.csm',
      kind: 'customers.csm',
      count: 212,
      columns: customerColumns,
      decidesCustomer: true,
      perCustomer: true,
    },
    {
      id: 'customers.accountManager',
      kind: 'customers.accountManager',
      count: 61,
      columns: customerColumns,
      perCustomer: true,
    },
    { id: 'tasks.open', kind: 'tasks.open', count: tasks, columns: taskColumns, perCustomer: true },
    { id: 'dashboards.personal', kind: 'dashboards.personal', count: 4, columns: nameColumns },
    { id: 'views.customers', kind: 'views.customers', count: 12, columns: nameColumns },
    {
      id: 'views.insights',
      kind: 'views.insights',
      count: null,
      columns: nameColumns,
      state: 'failed',
      unread: { reason: 'forbidden', detail: 'Insights are limited to their owners.' },
    },
    {
      id: 'attributes.user:sponsor',
      kind: 'attributes.user',
      name: 'Executive sponsor',
      count: 0,
      columns: customerColumns,
      perCustomer: true,
    },
    { id: 'approvals.pending', kind: 'approvals.pending', count: 3, columns: taskColumns, ...manual },
    { id: 'emails.scheduled', kind: 'emails.scheduled', count: 5, columns: taskColumns, ...manual },
    {
      id: 'mailboxes.connected',
      kind: 'mailboxes.connected',
      count: 1,
      columns: nameColumns,
      outlives: true,
      ...manual,
    },
    { id: 'signatures', kind: 'signatures', count: 0, columns: nameColumns, ...manual },
    { id: 'tokens.api', kind: 'tokens.api', count: 2, columns: tokenColumns, outlives: true, ...manual },
  ];
  return list.map((given, index) => category((index + 1) * 10, given));
}

const words = [
  'Renewal call prep',
  'QBR deck',
  'Adoption review',
  'Invoice question',
  'Onboarding plan',
  'Success plan',
];
const companies = [
  'Northwind',
  'Globex',
  'Initech',
  'Umbra',
  'Vandelay',
  'Hooli',
  'Stark',
  'Wayne',
  'Acme',
  'Soylent',
];
const company = (index: number): string =>
  `${companies[index % companies.length]} ${Math.floor(index / companies.length) + 1}`;

/** The items of one category, as many as it counts. */
export function itemsOf(run: string, given: ScannedCategory): RunItem[] {
  return Array.from({ length: given.count ?? 0 }, (_, position) => item(run, given, position));
}

function item(run: string, given: ScannedCategory, position: number): RunItem {
  const customer = position % 212;
  const date = new Date(Date.UTC(2026, 11, 1 + (position % 90))).toISOString().slice(0, 10);
  const task = given.columns === taskColumns;
  const token = given.columns === tokenColumns;
  const title = token
    ? (['Nightly export', 'Slack bridge'][position] ?? 'Token')
    : task
      ? `${words[position % words.length]}`
      : given.columns === customerColumns
        ? company(customer)
        : `${given.kind.split('.')[0]} ${position + 1}`;
  return {
    run,
    category: given.id,
    ref: `${given.id}/${String(position).padStart(6, '0')}`,
    position,
    title,
    link: `https://app.example.com/${given.kind}/${position}`,
    columns: token
      ? {
          name: title,
          created: '2025-03-04',
          used: position === 0 ? '2026-11-21' : null,
          scope: 'read and write',
        }
      : task
        ? { title, customer: company(customer), due: date, status: position % 5 === 0 ? 'snoozed' : 'open' }
        : given.columns === customerColumns
          ? {
              name: title,
              segment: ['Enterprise', 'Mid-market', 'Scale'][position % 3] ?? '',
              arr: 12_000 + ((position * 7_919) % 90_000),
              renewal: date,
              health: 40 + (position % 60),
            }
          : { name: title, shared: position % 7 },
    value: { member: leaver.id },
    lock: `lock-${customer}`,
    state: 'planned',
    ...(given.perCustomer
      ? {
          customer: {
            ref: `customers.csm/${String(customer).padStart(6, '0')}`,
            name: company(customer),
            owner: leaver.id,
          },
        }
      : {}),
  };
}

/** A draft whose scan is done. `at`: when it was made. */
export function draft(at: Date, tasks?: number): Run {
  const time = at.toISOString();
  return {
    id: 'run_1',
    schema: 1,
    rev: 1,
    connection: 'con_1',
    leaver,
    by: {
      id: 'mem_priya',
      name: 'Priya Shah',
      email: 'priya.shah@acme.example',
      workspace: { id: 'acme', name: 'Acme Success' },
      admin: 'yes',
    },
    mode: 'executeAndDeactivate',
    phase: 'draft',
    blockers: [],
    completion: 'api',
    plan: { defaults: {}, changes: [], selected: [] },
    scan: { state: 'done', startedAt: time, endedAt: time, changes: [] },
    categories: categories(tasks),
    acknowledgements: [],
    steps: [],
    screen: 'scan',
    open: 'acme mem_dana',
    createdAt: time,
    updatedAt: time,
  };
}

/** The same with every choice made and every tick given. */
export function planned(run: Run): Run {
  const at = run.updatedAt;
  const to = { member: 'mem_tom' };
  return {
    ...run,
    plan: {
      ...run.plan,
      defaults: {
        'playbooks.tasks': to,
        'lifecycles.tasks': to,
        'playbooks.senders': { member: 'mem_mei' },
        'attributes.user:renewal_lead': { sameAsCustomer: true },
        'customers.csm': to,
        'customers.accountManager': { member: 'mem_mei' },
        'tasks.open': { sameAsCustomer: true },
        'dashboards.personal': to,
        'views.customers': to,
      },
      changes: [
        {
          kind: 'override',
          id: 'chg_1',
          at,
          category: 'customers.csm',
          selection: { query: 'enterprise', except: [] },
          to: 'mem_mei',
          count: 71,
        },
        {
          kind: 'override',
          id: 'chg_2',
          at,
          category: 'customers.csm',
          selection: { refs: ['customers.csm/000001', 'customers.csm/000004'] },
          to: 'mem_ines',
          count: 2,
        },
      ],
    },
    acknowledgements: run.categories
      .filter(({ action, count }) => (action === 'manual' && count !== 0) || count === null)
      .map(({ id, count }) => ({ category: id, by: 'Priya Shah', at, count })),
  };
}

/** A run under way or over: the first `share` of every category's items is settled, step after step. */
export function started(run: Run, share: number, at: Date): Run {
  const steps = stepsOf(run);
  const total = steps.reduce((sum, step) => sum + (step.kind === 'category' ? step.total : 0), 0);
  let left = Math.floor(total * share);
  const moved: Step[] = steps.map((step) => {
    if (step.kind !== 'category') return step;
    const done = Math.min(left, step.total);
    left -= done;
    const state = done === step.total ? 'completed' : done > 0 ? 'running' : 'queued';
    return { ...step, moved: done, state };
  });
  return {
    ...planned(run),
    steps: moved,
    phase: 'executing',
    screen: 'execution',
    startedAt: new Date(at.getTime() - 90_000).toISOString(),
  };
}

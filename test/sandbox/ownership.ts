import type { Category, CategoryKind, Column } from '../../lib/offboarding/model.ts';
import type { Database } from './database.ts';

/**
 * What can name a member in the demo workspace, as data: one entry a category, with the SQL that counts, lists, reads
 * and changes it. SQL takes named parameters: $member, $after and $limit, $ref, $expect and $set.
 */
export interface Ownership {
  id: string;
  kind: CategoryKind;
  name?: string;
  action: Category['action'];
  order: number;
  flags: Partial<Pick<Category, 'perCustomer' | 'decidesCustomer' | 'needsSender' | 'outlives'>>;
  columns: Column[];
  /** One row, `n`. */
  count: string;
  /** Rows by ascending `seq`, after $after, with `ref`, `title`, `parent`, the columns by key and customer_*. */
  list: string;
  /** One row: `owner`, `listed` (1 while it belongs to the category), `title`, `customer`. No row: it is gone. */
  read: string;
  /** Sets the owner of $ref to $set where it is still $expect. */
  write: string;
  /** The line in the customer's timeline: its kind and what changed. */
  timeline?: { kind: string; subject: (title: string) => string };
  /** What a single one is called, for messages. */
  noun: string;
}

const text = (key: string, label: string, priority: 1 | 2 | 3 = 2): Column => ({
  key,
  label,
  type: 'text',
  priority,
  align: 'start',
});
const column = (key: string, label: string, type: Column['type'], priority: 2 | 3 = 2): Column => ({
  key,
  label,
  type,
  priority,
  align: type === 'number' || type === 'money' ? 'end' : 'start',
});

interface Source {
  table: string;
  /** The column that names the member. */
  owner: string;
  /** Further condition on `t`. */
  where?: string;
  title: string;
  /** Further columns of the list, by key. */
  select?: Record<string, string>;
  join?: string;
  parent?: string;
  /** Expression of the customer's id; the list then joins that customer. */
  customer?: string;
}

/** The four statements of a category whose items are rows of one table. */
function statements(source: Source): Pick<Ownership, 'count' | 'list' | 'read' | 'write'> {
  const { table, owner, title, where = '1', join = '', parent = "''", customer } = source;
  const selected = Object.entries(source.select ?? {}).map(
    ([key, expression]) => `, ${expression} AS "${key}"`,
  );
  const withCustomer = customer
    ? `, c.id AS customer_ref, c.name AS customer_name, c.csm AS customer_owner,
      (SELECT active FROM member o WHERE o.id = c.csm) AS customer_owner_active`
    : ', NULL AS customer_ref';
  return {
    count: `SELECT count(*) AS n FROM ${table} t WHERE t.${owner} = $member AND ${where}`,
    // LEFT JOIN keeps `t` outermost, so that the index of the owner gives the order and a page costs its rows only.
    list: `SELECT t.rowid AS seq, t.id AS ref, ${title} AS title, ${parent} AS parent${selected.join('')}${withCustomer}
      FROM ${table} t ${customer ? `LEFT JOIN customer c ON c.id = ${customer}` : ''} ${join}
      WHERE t.${owner} = $member AND ${where} AND t.rowid > $after ORDER BY t.rowid LIMIT $limit`,
    read: `SELECT t.${owner} AS owner, (${where}) AS listed, ${title} AS title, ${customer ?? 'NULL'} AS customer
      FROM ${table} t ${join} WHERE t.id = $ref`,
    write: `UPDATE ${table} SET ${owner} = $set WHERE id = $ref AND ${owner} IS $expect`,
  };
}

const customerColumns = [
  text('name', 'Customer', 1),
  text('segment', 'Segment'),
  text('plan', 'Plan', 3),
  column('arr', 'ARR', 'money'),
  column('renewal', 'Renewal', 'date'),
  column('health', 'Health', 'number', 3),
  column('openTasks', 'Open tasks', 'number', 3),
];
const customerSource = (owner: string): Source => ({
  table: 'customer',
  owner,
  title: 't.name',
  customer: 't.id',
  select: {
    name: 't.name',
    segment: 't.segment',
    plan: 't.plan',
    arr: 't.arr',
    renewal: 't.renewal_on',
    health: 't.health',
    openTasks: "(SELECT count(*) FROM task k WHERE k.customer = t.id AND k.status = 'open')",
  },
});

const fixed: Ownership[] = [
  {
    ...{
      id: 'playbooks.tasks',
      kind: 'playbooks.tasks',
      action: 'reassign',
      order: 10,
      noun: 'playbook task',
    },
    flags: {},
    columns: [text('title', 'Step', 1), text('playbook', 'Playbook'), text('trigger', 'Starts with', 3)],
    ...statements({
      ...{
        table: 'playbook_step',
        owner: 'assignee',
        where: "t.kind = 'task'",
        title: 't.title',
        parent: 't.playbook',
      },
      join: 'JOIN playbook p ON p.id = t.playbook',
      select: { title: 't.title', playbook: 'p.name', trigger: 'p.trigger' },
    }),
  },
  {
    ...{
      id: 'lifecycles.tasks',
      kind: 'lifecycles.tasks',
      action: 'reassign',
      order: 11,
      noun: 'lifecycle task',
    },
    flags: {},
    columns: [text('title', 'Task', 1), text('lifecycle', 'Lifecycle'), text('stage', 'Stage')],
    ...statements({
      ...{ table: 'lifecycle_task', owner: 'assignee', title: 't.title', parent: 't.lifecycle' },
      join: 'JOIN lifecycle l ON l.id = t.lifecycle',
      select: { title: 't.title', lifecycle: 'l.name', stage: 't.stage' },
    }),
  },
  {
    ...{
      id: 'playbooks.senders',
      kind: 'playbooks.senders',
      action: 'reassign',
      order: 12,
      noun: 'email step',
    },
    flags: { needsSender: true },
    columns: [text('title', 'Step', 1), text('playbook', 'Playbook'), column('running', 'Running', 'number')],
    ...statements({
      ...{
        table: 'playbook_step',
        owner: 'sender',
        where: "t.kind = 'email'",
        title: 't.title',
        parent: 't.playbook',
      },
      join: 'JOIN playbook p ON p.id = t.playbook',
      select: { title: 't.title', playbook: 'p.name', running: 'p.running' },
    }),
  },
  {
    ...{ id: 'customers.csm', kind: 'customers.csm', action: 'reassign', order: 30, noun: 'customer' },
    flags: { decidesCustomer: true },
    columns: customerColumns,
    ...statements(customerSource('csm')),
    timeline: { kind: 'owner', subject: () => 'CSM changed' },
  },
  {
    ...{
      id: 'customers.accountManager',
      kind: 'customers.accountManager',
      action: 'reassign',
      order: 31,
      noun: 'customer',
    },
    flags: { perCustomer: true },
    columns: customerColumns,
    ...statements(customerSource('account_manager')),
    timeline: { kind: 'owner', subject: () => 'Account manager changed' },
  },
  {
    ...{ id: 'tasks.open', kind: 'tasks.open', action: 'reassign', order: 40, noun: 'task' },
    flags: { perCustomer: true },
    columns: [
      text('title', 'Task', 1),
      text('customer', 'Customer'),
      column('due', 'Due', 'date'),
      column('snoozed', 'Snoozed until', 'date', 3),
      column('status', 'Status', 'status', 3),
      text('priority', 'Priority', 3),
    ],
    ...statements({
      ...{
        table: 'task',
        owner: 'assignee',
        where: "t.status = 'open'",
        title: 't.title',
        customer: 't.customer',
      },
      select: {
        title: 't.title',
        customer: 'c.name',
        due: 't.due_on',
        snoozed: 't.snoozed_until',
        status: "CASE WHEN t.snoozed_until IS NULL THEN 'open' ELSE 'snoozed' END",
        priority: 't.priority',
      },
    }),
    timeline: { kind: 'task', subject: (title) => `Task “${title}” reassigned` },
  },
  {
    ...{
      id: 'dashboards.personal',
      kind: 'dashboards.personal',
      action: 'reassign',
      order: 50,
      noun: 'dashboard',
    },
    flags: {},
    columns: [text('title', 'Dashboard', 1), column('shared', 'Shared with', 'number')],
    ...statements({
      ...{ table: 'dashboard', owner: 'owner', where: 't.personal = 1', title: 't.name' },
      select: { title: 't.name', shared: 't.shared_with' },
    }),
  },
  ...(['customers', 'insights'] as const).map(
    (area, index): Ownership => ({
      ...{
        id: `views.${area}`,
        kind: `views.${area}`,
        action: 'reassign',
        order: 51 + index,
        noun: 'saved view',
      },
      flags: {},
      columns: [text('title', 'View', 1), column('shared', 'Shared with', 'number')],
      ...statements({
        ...{ table: 'saved_view', owner: 'owner', where: `t.area = '${area}'`, title: 't.name' },
        select: { title: 't.name', shared: 't.shared_with' },
      }),
    }),
  ),
  {
    ...{ id: 'approvals.pending', kind: 'approvals.pending', action: 'manual', order: 90, noun: 'approval' },
    flags: {},
    columns: [
      text('title', 'Subject', 1),
      text('customer', 'Customer'),
      column('requested', 'Requested', 'date'),
    ],
    ...statements({
      ...{
        table: 'approval',
        owner: 'approver',
        where: "t.state = 'pending'",
        title: 't.subject',
        customer: 't.customer',
      },
      select: { title: 't.subject', customer: 'c.name', requested: 't.requested_on' },
    }),
    timeline: { kind: 'owner', subject: (title) => `Approval “${title}” passed on` },
  },
  {
    ...{
      id: 'emails.scheduled',
      kind: 'emails.scheduled',
      action: 'manual',
      order: 91,
      noun: 'scheduled email',
    },
    flags: {},
    columns: [text('title', 'Subject', 1), text('customer', 'Customer'), column('send', 'Goes out', 'date')],
    ...statements({
      ...{ table: 'scheduled_email', owner: 'sender', where: "t.state = 'scheduled'" },
      ...{ title: 't.subject', customer: 't.customer' },
      select: { title: 't.subject', customer: 'c.name', send: 't.send_on' },
    }),
    timeline: { kind: 'owner', subject: (title) => `Sender of “${title}” changed` },
  },
  {
    ...{
      id: 'mailboxes.connected',
      kind: 'mailboxes.connected',
      action: 'manual',
      order: 92,
      noun: 'mailbox',
    },
    flags: { outlives: true },
    columns: [text('title', 'Address', 1), text('provider', 'Provider')],
    ...statements({
      ...{ table: 'mailbox', owner: 'member', where: 't.connected = 1', title: 't.address' },
      select: { title: 't.address', provider: 't.provider' },
    }),
  },
  {
    ...{ id: 'signatures', kind: 'signatures', action: 'manual', order: 93, noun: 'signature' },
    flags: {},
    columns: [text('title', 'Signature', 1)],
    ...statements({ table: 'signature', owner: 'member', title: 't.name', select: { title: 't.name' } }),
  },
  {
    ...{ id: 'tokens.api', kind: 'tokens.api', action: 'manual', order: 94, noun: 'API token' },
    flags: { outlives: true },
    columns: [
      text('title', 'Token', 1),
      column('created', 'Created', 'date'),
      column('used', 'Last used', 'date'),
      text('scope', 'Scope'),
    ],
    ...statements({
      ...{ table: 'api_token', owner: 'member', where: 't.revoked = 0', title: 't.name' },
      select: { title: 't.name', created: 't.created_on', used: 't.last_used_on', scope: 't.scope' },
    }),
  },
];

/** The category of one custom attribute of type user; its items are companies. */
function userAttribute(key: string, name: string, index: number): Ownership {
  const literal = `'${key.replaceAll("'", "''")}'`;
  return {
    ...{ id: `attributes.user:${key}`, kind: 'attributes.user', name, action: 'reassign', noun: 'customer' },
    order: 20 + index / 100,
    flags: { perCustomer: true },
    columns: [
      text('name', 'Customer', 1),
      text('attribute', 'Attribute'),
      text('segment', 'Segment', 3),
      column('renewal', 'Renewal', 'date', 3),
    ],
    count: `SELECT count(*) AS n FROM attribute_value t WHERE t.attribute = ${literal} AND t.value = $member`,
    list: `SELECT t.rowid AS seq, c.id AS ref, c.name AS title, '' AS parent, c.name AS name,
      '${name.replaceAll("'", "''")}' AS attribute, c.segment AS segment, c.renewal_on AS renewal,
      c.id AS customer_ref, c.name AS customer_name, c.csm AS customer_owner,
      (SELECT active FROM member o WHERE o.id = c.csm) AS customer_owner_active
      FROM attribute_value t LEFT JOIN customer c ON c.id = t.customer
      WHERE t.attribute = ${literal} AND t.value = $member AND t.rowid > $after ORDER BY t.rowid LIMIT $limit`,
    read: `SELECT v.value AS owner, 1 AS listed, t.name AS title, t.id AS customer FROM customer t
      LEFT JOIN attribute_value v ON v.customer = t.id AND v.attribute = ${literal} WHERE t.id = $ref`,
    write: `INSERT INTO attribute_value (customer, attribute, value) VALUES ($ref, ${literal}, $set)
      ON CONFLICT (customer, attribute) DO UPDATE SET value = $set WHERE value IS $expect`,
    timeline: { kind: 'owner', subject: () => `${name} changed` },
  };
}

/** All categories of this workspace by order; attributes are found by their type, whatever they are called. */
export function ownerships(database: Database): Ownership[] {
  const attributes = database
    .all<{ key: string; name: string }>(
      "SELECT key, name FROM attribute WHERE type = 'user' ORDER BY name, key",
    )
    .map((row, index) => userAttribute(row.key, row.name, index));
  return [...fixed, ...attributes].sort((a, b) => a.order - b.order);
}

import { passesTaskFilters } from './filters.ts';
import { objectId, rowOf } from './ids.ts';
import { type Account, ApiError, current, keepStale, memberOf, pageOf, understandUser } from './wire.ts';

interface TaskRow {
  id: string;
  title: string;
  customer: string | null;
  assignee: string | null;
  status: string;
  due_on: string | null;
  snoozed_until: string | null;
  priority: string;
  model: string | null;
  author: string | null;
}

const select = `SELECT t.*, m.model, a.member AS author FROM task t
  LEFT JOIN task_model m ON m.task = t.id LEFT JOIN task_author a ON a.task = t.id`;
/** The server's own cap (C1). */
const cap = 50;

/** So long a photo is, as base64: real answers were seen to grow to hundreds of kilobytes by them. */
const photo = `data:image/png;base64,${'iVBORw0KGgoAAAANSUhEUgAA'.repeat(120)}`;

const midnight = (day: string | null): string | null => day && `${day}T00:00:00.000Z`;
const today = (account: Account): string => account.now().slice(0, 10);

function taskOf(account: Account, row: TaskRow): Record<string, unknown> {
  const { database, variants } = account;
  const assignee = memberOf(database, row.assignee);
  const model = row.model ?? (variants.userModel === 'other' ? 'Account' : variants.userModel);
  const collaborators = database.all<{ member: string }>(
    'SELECT member FROM collaborator WHERE task = ? ORDER BY member',
    row.id,
  );
  return {
    // Of tasks only this spelling was ever seen.
    _id: objectId(row.id),
    name: row.title,
    status: row.status,
    priority: row.priority,
    dueDate: midnight(row.due_on),
    snoozedUntilDate: midnight(row.snoozed_until),
    company: row.customer && objectId(row.customer),
    assignedTo: row.assignee && objectId(row.assignee),
    ...(model !== 'absent' && { assignedToModel: row.assignee && model }),
    assignedToName: assignee?.name ?? null,
    assignedToEmail: assignee?.email ?? null,
    collaborators: collaborators.map(({ member }) => objectId(member)),
    createdBy: row.author && objectId(row.author),
  };
}

/** The tasks that a list is about; all of them are looked at only where they are filtered. */
function idsOf(account: Account, query: Record<string, unknown>): string[] {
  if (!query.filters && !query.searchTerm)
    return account.database.all<{ id: string }>('SELECT id FROM task ORDER BY id').map(({ id }) => id);
  const passes = passesTaskFilters(account, query, today(account));
  return account.database
    .all<TaskRow>(`${select} ORDER BY t.id`)
    .filter((row) =>
      passes({
        assignee: row.assignee,
        author: row.author,
        customer: row.customer,
        priority: row.priority,
        status: row.status,
        dueOn: row.due_on,
        snoozed: row.snoozed_until !== null && row.snoozed_until > today(account),
        title: row.title,
      }),
    )
    .map(({ id }) => id);
}

/** GET /task */
export function listTasks(account: Account, query: Record<string, unknown>): unknown {
  const { items, total } = pageOf(account, query, idsOf(account, query), cap);
  const rows = items.map((id) => rowById(account, id)).filter((row) => row !== undefined);
  const companies = (row: TaskRow): object =>
    query.enhanceCompany === 'true' && row.customer
      ? {
          companyName: account.database.get<{ name: string }>(
            'SELECT name FROM customer WHERE id = ?',
            row.customer,
          )?.name,
        }
      : {};
  return {
    ...total,
    tasks: rows.map((row) => ({
      ...current(account, `task ${row.id}`, taskOf(account, row)),
      ...companies(row),
    })),
  };
}

const rowById = (account: Account, id: string): TaskRow | undefined =>
  account.database.get<TaskRow>(`${select} WHERE t.id = ?`, id);

/** GET /task/:id; what is missing is an empty list. */
export function readTask(account: Account, id: string): unknown {
  const row = rowById(account, rowOf(id));
  return { tasks: row ? [current(account, `task ${row.id}`, taskOf(account, row))] : [] };
}

/** GET /task/filtersAvailableValues: whoever and whatever tasks refer to. */
export function taskValues(account: Account): unknown {
  const { database } = account;
  const people = (sql: string) =>
    database
      .all<{ id: string; name: string }>(`SELECT id, name FROM member WHERE id IN (${sql}) ORDER BY name, id`)
      .map(({ id, name }, index) => ({
        id: objectId(id),
        name,
        profile_photo: index % 3 === 0 ? photo : null,
      }));
  const companies = database.all<{ id: string; name: string }>(
    'SELECT id, name FROM customer WHERE id IN (SELECT customer FROM task) ORDER BY name',
  );
  return {
    company: companies.map(({ id, name }) => ({ id: objectId(id), name })),
    assignedTo: people('SELECT assignee FROM task'),
    collaborators: people('SELECT member FROM collaborator'),
    createdBy: people('SELECT member FROM task_author').map((each) => ({ ...each, createdByType: 'User' })),
    tags: [],
  };
}

/** PUT /task/:id: the status always; an assignee as the variant says. */
export function changeTask(
  account: Account,
  id: string,
  body: Record<string, unknown>,
  actor: string,
): unknown {
  const { database, holdings, variants } = account;
  const row = rowById(account, rowOf(id));
  if (!row) throw new ApiError(404, 'task not found');
  keepStale(account, `task ${row.id}`, taskOf(account, row));
  if (body.status !== undefined) {
    if (!['open', 'done', 'not relevant'].includes(String(body.status)))
      throw new ApiError(400, 'status has to be open, done or not relevant');
    database.run('UPDATE task SET status = ? WHERE id = ?', String(body.status), row.id);
  }
  const name = variants.assignee === 'otherName' ? 'assigneeId' : 'assignedTo';
  if ('assignedTo' in body && variants.assignee === 'refused')
    throw new ApiError(400, '"assignedTo" is not allowed');
  if (name in body && ['assignedTo', 'otherName'].includes(variants.assignee)) {
    const member = understandUser(database, body[name], 'id');
    if (member && !member.active) throw new ApiError(422, `${member.name} is inactive`);
    const ownership = holdings.find('tasks.open');
    if (member !== undefined && ownership)
      holdings.assign(ownership, row.id, member?.id ?? null, { member: actor, at: account.now() });
  }
  const now = rowById(account, row.id);
  return now ? current(account, `task ${row.id}`, taskOf(account, now)) : {};
}

/** POST /task: `{metadata: {title, entity, entityModel, assignees: [user id]}}`. */
export function createTask(account: Account, body: Record<string, unknown>, actor: string): unknown {
  const { database } = account;
  const metadata = (body.metadata ?? {}) as Record<string, unknown>;
  if (typeof metadata.title !== 'string' || metadata.entityModel !== 'Company')
    throw new ApiError(422, 'metadata.title, entity and entityModel are required');
  const assignees = Array.isArray(metadata.assignees) ? metadata.assignees : [];
  const assignee = assignees.length > 0 ? understandUser(database, assignees[0], 'id') : null;
  if (assignee === undefined) throw new ApiError(400, 'assignees have to be user ids');
  const number = (database.get<{ n: number }>('SELECT count(*) AS n FROM task')?.n ?? 0) + 1;
  const row = `tsk_${String(number).padStart(4, '0')}`;
  const due = typeof metadata.dueDate === 'string' ? metadata.dueDate.slice(0, 10) : null;
  database.run(
    'INSERT INTO task VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    ...[row, metadata.title, rowOf(metadata.entity) || null, assignee?.id ?? null, 'open', due, null],
    String(metadata.priority ?? 'medium'),
  );
  database.run('INSERT INTO task_author VALUES (?, ?)', row, actor);
  const now = rowById(account, row);
  return now ? taskOf(account, now) : {};
}

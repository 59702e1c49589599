import { z } from 'zod';
import type { SandboxContext } from '../context.ts';
import type { Task, TaskList } from '../web/types.ts';
import { assign, conditions, contains, found, note, paged } from './common.ts';
import { type AppRouter, Refusal } from './http.ts';

/** A task with its customer's name. */
export interface TaskRow {
  id: string;
  title: string;
  customer: string | null;
  customer_name: string | null;
  assignee: string | null;
  status: Task['status'];
  due_on: string | null;
  snoozed_until: string | null;
  priority: string;
}

const columns = 'task.*, customer.name AS customer_name';
const tables = 'task LEFT JOIN customer ON customer.id = task.customer';
export const taskSelect = `SELECT ${columns} FROM ${tables}`;

/** A task as the application shows it. */
export function taskOf(row: TaskRow): Task {
  return {
    id: row.id,
    title: row.title,
    customer: row.customer === null ? null : { id: row.customer, name: row.customer_name ?? row.customer },
    assignee: row.assignee,
    status: row.status,
    dueOn: row.due_on,
    snoozedUntil: row.snoozed_until,
    priority: row.priority,
  };
}

const states: Record<string, string> = {
  open: "task.status = 'open'",
  snoozed: "task.status = 'open' AND task.snoozed_until IS NOT NULL",
  done: "task.status <> 'open'",
};

/** Tasks: lists by state, single tasks, and changes of assignee, state and snooze. */
export function tasks(app: AppRouter, context: SandboxContext): void {
  const { database } = context;
  const read = (id: string) => found(database.get<TaskRow>(`${taskSelect} WHERE task.id = ?`, id), 'task');

  app.on('get', '/tasks', (call): TaskList => {
    const filtered = (state: string | undefined) => {
      const where = conditions();
      const condition = state && states[state];
      if (condition) where.add(condition);
      const assignee = call.query('assignee');
      if (assignee === 'none') where.add('task.assignee IS NULL');
      else if (assignee) where.add('task.assignee = ?', assignee);
      const q = call.query('q');
      if (q) {
        where.add(
          "(task.title LIKE ? ESCAPE '\\' OR customer.name LIKE ? ESCAPE '\\')",
          contains(q),
          contains(q),
        );
      }
      return where;
    };
    const count = (state: string) => {
      const where = filtered(state);
      const sql = `SELECT count(*) AS n FROM ${tables} ${where.sql}`;
      return database.get<{ n: number }>(sql, ...where.parameters)?.n ?? 0;
    };
    const list = paged<TaskRow, Task>(
      context,
      call,
      {
        select: columns,
        from: tables,
        where: filtered(call.query('status') ?? 'open'),
        order: 'task.due_on IS NULL, task.due_on, task.id',
      },
      taskOf,
    );
    return { ...list, counts: { open: count('open'), snoozed: count('snoozed'), done: count('done') } };
  });

  app.on('get', '/tasks/:task', (call): Task => taskOf(read(call.param('task'))));

  const change = z.strictObject({
    assignee: z.string().nullable().optional(),
    status: z.enum(['open', 'done', 'not relevant']).optional(),
    snoozedUntil: z.iso.date().nullable().optional(),
  });
  app.on('patch', '/tasks/:task', (call): Task => {
    const task = read(call.param('task'));
    const wanted = call.body(change);
    database.transaction(() => {
      if (wanted.assignee !== undefined && wanted.assignee !== task.assignee) {
        if (task.status !== 'open') throw new Refusal(409, 'Only open tasks can be reassigned.');
        const { assignee: to } = wanted;
        assign(context, call, {
          category: 'tasks.open',
          ref: task.id,
          from: task.assignee,
          to,
          what: 'task',
        });
      }
      if (wanted.status !== undefined && wanted.status !== task.status) {
        database.run('UPDATE task SET status = ?, snoozed_until = NULL WHERE id = ?', wanted.status, task.id);
        if (task.customer)
          note(context, call, task.customer, 'task', `Task “${task.title}” set to ${wanted.status}`);
      }
      if (wanted.snoozedUntil !== undefined && wanted.snoozedUntil !== task.snoozed_until) {
        database.run('UPDATE task SET snoozed_until = ? WHERE id = ?', wanted.snoozedUntil, task.id);
        const summary = wanted.snoozedUntil ? `snoozed until ${wanted.snoozedUntil}` : 'woken up';
        if (task.customer) note(context, call, task.customer, 'task', `Task “${task.title}” ${summary}`);
      }
    });
    if (wanted.status !== undefined || wanted.snoozedUntil !== undefined) {
      context.emit({ type: 'owner', category: 'tasks.open' });
    }
    return taskOf(read(task.id));
  });
}

import { write } from '../core/api.ts';
import { formatDay } from '../core/format.ts';
import type { Task } from '../types.ts';
import { anchored } from './fresh.tsx';
import { Icon } from './icon.tsx';
import { MemberName, OwnerSelect } from './member.tsx';

interface TaskTableProps {
  tasks: Task[];
  changed(): Promise<unknown>;
  withoutCustomer?: boolean;
}

/** Tasks with state and assignee; open ones can be given to somebody else here. */
export function TaskTable({ tasks, changed, withoutCustomer }: TaskTableProps) {
  return (
    <table class="table">
      <thead>
        <tr>
          <th scope="col">Task</th>
          {!withoutCustomer && (
            <th scope="col" class="wide">
              Customer
            </th>
          )}
          <th scope="col">Due</th>
          <th scope="col">State</th>
          <th scope="col">Assignee</th>
        </tr>
      </thead>
      <tbody>
        {tasks.map((task) => (
          <tr key={task.id} {...anchored(task.id)}>
            <td>
              <span class="two-lines">
                <a class="strong" href={`/tasks/${task.id}`}>
                  {task.title}
                </a>
                <span>Priority: {task.priority}</span>
              </span>
            </td>
            {!withoutCustomer && (
              <td class="wide">
                {task.customer ? <a href={`/customers/${task.customer.id}`}>{task.customer.name}</a> : '–'}
              </td>
            )}
            <td class="number">{formatDay(task.dueOn)}</td>
            <td>
              <TaskState task={task} />
            </td>
            <td>
              {task.status === 'open' ? (
                <OwnerSelect
                  id={`assignee-${task.id}`}
                  label={`Assignee of ${task.title}`}
                  value={task.assignee}
                  optional
                  save={async (assignee) => {
                    await write('PATCH', `/tasks/${task.id}`, { assignee });
                    await changed();
                  }}
                />
              ) : (
                <MemberName id={task.assignee} />
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The state of a task as a chip. */
export function TaskState({ task }: { task: Task }) {
  if (task.status === 'done')
    return (
      <span class="chip" data-tone="good">
        Done
      </span>
    );
  if (task.status === 'not relevant')
    return (
      <span class="chip" data-tone="off">
        Not relevant
      </span>
    );
  if (task.snoozedUntil) {
    return (
      <span class="chip" data-tone="warn">
        <Icon name="snooze" size={14} /> Until {formatDay(task.snoozedUntil)}
      </span>
    );
  }
  return (
    <span class="chip" data-tone="plain">
      Open
    </span>
  );
}

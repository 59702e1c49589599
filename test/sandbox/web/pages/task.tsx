import type { PageProps } from '../app.tsx';
import { write } from '../core/api.ts';
import { formatDay } from '../core/format.ts';
import { attempt } from '../core/notices.ts';
import { useResource } from '../core/resource.ts';
import type { Task } from '../types.ts';
import { Fresh } from '../ui/fresh.tsx';
import { MemberName, OwnerSelect } from '../ui/member.tsx';
import { PageHeader } from '../ui/page.tsx';
import { TaskState } from '../ui/task-table.tsx';

/** One task. */
export function TaskPage({ params }: PageProps) {
  const path = `/tasks/${encodeURIComponent(params.task ?? '')}`;
  const task = useResource<Task>(path);
  const save = async (change: Partial<Task>) => {
    await write('PATCH', path, change);
    await task.reload();
  };
  const week = () => new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 10);
  return (
    <Fresh resource={task} label="the task" rows={5}>
      {(data) => (
        <>
          <PageHeader
            title={data.title}
            trail={[{ href: '/tasks', label: 'Tasks' }]}
            actions={
              data.status === 'open' ? (
                <>
                  <button
                    type="button"
                    class="button"
                    onClick={() =>
                      void attempt(
                        () => save({ snoozedUntil: data.snoozedUntil ? null : week() }),
                        data.snoozedUntil ? 'The task is no longer snoozed.' : 'Snoozed for a week.',
                      )
                    }
                  >
                    {data.snoozedUntil ? 'Wake up' : 'Snooze for a week'}
                  </button>
                  <button
                    type="button"
                    class="button"
                    data-kind="primary"
                    onClick={() => void attempt(() => save({ status: 'done' }), 'The task is done.')}
                  >
                    Mark as done
                  </button>
                </>
              ) : (
                <button
                  type="button"
                  class="button"
                  onClick={() => void attempt(() => save({ status: 'open' }), 'The task is open again.')}
                >
                  Open again
                </button>
              )
            }
          />
          <section class="card" aria-label="Details">
            <dl class="facts">
              <dt>State</dt>
              <dd>
                <TaskState task={data} />
              </dd>
              <dt>Customer</dt>
              <dd>
                {data.customer ? <a href={`/customers/${data.customer.id}`}>{data.customer.name}</a> : '–'}
              </dd>
              <dt>Assignee</dt>
              <dd>
                {data.status === 'open' ? (
                  <OwnerSelect
                    id="assignee"
                    label="Assignee"
                    value={data.assignee}
                    optional
                    save={(assignee) => save({ assignee })}
                  />
                ) : (
                  <MemberName id={data.assignee} />
                )}
              </dd>
              <dt>Due</dt>
              <dd>{formatDay(data.dueOn)}</dd>
              <dt>Priority</dt>
              <dd>{data.priority}</dd>
            </dl>
          </section>
        </>
      )}
    </Fresh>
  );
}

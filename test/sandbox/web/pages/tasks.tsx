import type { PageProps } from '../app.tsx';
import { formatNumber } from '../core/format.ts';
import { location, withQuery } from '../core/location.ts';
import { useResource } from '../core/resource.ts';
import type { TaskList } from '../types.ts';
import { Empty } from '../ui/feedback.tsx';
import { Fresh } from '../ui/fresh.tsx';
import { apiPath, MemberFilter, PageHeader, Pager, Search } from '../ui/page.tsx';
import { TaskTable } from '../ui/task-table.tsx';

const states = [
  ['open', 'Open'],
  ['snoozed', 'Snoozed'],
  ['done', 'Done'],
] as const;

/** All tasks by state; open ones include those that are snoozed. */
export function Tasks(_props: PageProps) {
  const list = useResource<TaskList>(apiPath('/tasks', ['q', 'status', 'assignee', 'page']));
  const status = location.value.query.get('status') ?? 'open';
  return (
    <>
      <PageHeader title="Tasks" about="What has to be done, for which customer, and by whom." />
      <nav class="tabs" aria-label="State">
        {states.map(([value, label]) => (
          <a
            key={value}
            href={withQuery({ status: value === 'open' ? undefined : value })}
            aria-current={status === value ? 'page' : undefined}
          >
            {label} {list.data && <span class="count">{formatNumber(list.data.counts[value])}</span>}
          </a>
        ))}
      </nav>
      <div class="toolbar">
        <Search label="Search tasks and customers" />
        <MemberFilter label="Assignee" param="assignee" />
      </div>
      <Fresh resource={list} label="tasks" rows={10}>
        {(data) =>
          data.rows.length ? (
            <div class="card table-card">
              <TaskTable tasks={data.rows} changed={list.reload} />
              <Pager list={data} noun="tasks" />
            </div>
          ) : (
            <Empty icon="tasks">No task matches these filters.</Empty>
          )
        }
      </Fresh>
    </>
  );
}

import type { PageProps } from '../app.tsx';
import { plural } from '../core/format.ts';
import { useResource } from '../core/resource.ts';
import type { LifecycleSummary } from '../types.ts';
import { Empty } from '../ui/feedback.tsx';
import { anchored, Fresh } from '../ui/fresh.tsx';
import { apiPath, MemberFilter, PageHeader } from '../ui/page.tsx';

/** All lifecycles; filtered by whom their tasks name. */
export function Lifecycles(_props: PageProps) {
  const list = useResource<LifecycleSummary[]>(apiPath('/lifecycles', ['assignee']));
  return (
    <>
      <PageHeader
        title="Lifecycles"
        about="The stages customers go through, and the tasks each stage brings."
      />
      <div class="toolbar">
        <MemberFilter label="Task assignee" param="assignee" />
      </div>
      <Fresh resource={list} label="lifecycles">
        {(rows) =>
          rows.length ? (
            <ul class="tiles">
              {rows.map((lifecycle) => (
                <li key={lifecycle.id} class="card tile" {...anchored(lifecycle.id)}>
                  <h2>
                    <a href={`/lifecycles/${lifecycle.id}`}>{lifecycle.name}</a>
                  </h2>
                  <p>
                    {plural(lifecycle.stages, 'stage')}, {plural(lifecycle.tasks, 'task')}
                  </p>
                </li>
              ))}
            </ul>
          ) : (
            <Empty icon="lifecycles">No lifecycle has a task for this member.</Empty>
          )
        }
      </Fresh>
    </>
  );
}

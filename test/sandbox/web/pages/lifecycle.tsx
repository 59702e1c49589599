import type { PageProps } from '../app.tsx';
import { write } from '../core/api.ts';
import { plural } from '../core/format.ts';
import { useResource } from '../core/resource.ts';
import type { LifecycleDetail } from '../types.ts';
import { anchored, Fresh } from '../ui/fresh.tsx';
import { OwnerSelect } from '../ui/member.tsx';
import { PageHeader } from '../ui/page.tsx';

/** One lifecycle: its stages, with the tasks that a customer gets on entering each. */
export function LifecyclePage({ params }: PageProps) {
  const path = `/lifecycles/${encodeURIComponent(params.lifecycle ?? '')}`;
  const lifecycle = useResource<LifecycleDetail>(path);
  return (
    <Fresh resource={lifecycle} label="the lifecycle">
      {(data) => (
        <>
          <PageHeader
            title={data.name}
            trail={[{ href: '/lifecycles', label: 'Lifecycles' }]}
            about={`${plural(data.stages, 'stage')}, ${plural(data.tasks, 'task')}`}
          />
          <div class="stages">
            {[...Map.groupBy(data.items, (item) => item.stage)].map(([stage, items]) => (
              <section key={stage} class="card" aria-label={stage}>
                <h2>{stage}</h2>
                <ul class="plain-list stage-tasks">
                  {items.map((task) => (
                    <li key={task.id} {...anchored(task.id)}>
                      <label for={`owner-${task.id}`}>{task.title}</label>
                      <OwnerSelect
                        id={`owner-${task.id}`}
                        label={`Assignee of ${task.title} in ${stage}`}
                        value={task.assignee}
                        optional
                        save={async (owner) => {
                          await write('PATCH', `${path}/tasks/${task.id}`, { owner });
                          await lifecycle.reload();
                        }}
                      />
                    </li>
                  ))}
                </ul>
              </section>
            ))}
          </div>
        </>
      )}
    </Fresh>
  );
}

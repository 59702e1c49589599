import type { PageProps } from '../app.tsx';
import { plural } from '../core/format.ts';
import { useResource } from '../core/resource.ts';
import type { PlaybookSummary } from '../types.ts';
import { Empty } from '../ui/feedback.tsx';
import { anchored, Fresh } from '../ui/fresh.tsx';
import { apiPath, MemberFilter, PageHeader } from '../ui/page.tsx';

/** All playbooks; filtered by whom their steps name. */
export function Playbooks(_props: PageProps) {
  const list = useResource<PlaybookSummary[]>(apiPath('/playbooks', ['assignee', 'sender']));
  return (
    <>
      <PageHeader
        title="Playbooks"
        about="Steps that run by themselves when something happens at a customer."
      />
      <div class="toolbar">
        <MemberFilter label="Task assignee" param="assignee" />
        <MemberFilter label="Email sender" param="sender" />
      </div>
      <Fresh resource={list} label="playbooks">
        {(rows) =>
          rows.length ? (
            <ul class="tiles">
              {rows.map((playbook) => (
                <li key={playbook.id} class="card tile" {...anchored(playbook.id)}>
                  <h2>
                    <a href={`/playbooks/${playbook.id}`}>{playbook.name}</a>
                  </h2>
                  <p class="faint">Starts with: {playbook.trigger}</p>
                  <p>
                    {plural(playbook.taskSteps, 'task')}, {plural(playbook.emailSteps, 'email')}
                  </p>
                  <span class="chip" data-tone={playbook.running ? 'good' : 'off'}>
                    {playbook.running ? `${plural(playbook.running, 'customer')} in it` : 'Idle'}
                  </span>
                </li>
              ))}
            </ul>
          ) : (
            <Empty icon="playbooks">No playbook has a step with this member.</Empty>
          )
        }
      </Fresh>
    </>
  );
}

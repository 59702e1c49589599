import type { PageProps } from '../app.tsx';
import { write } from '../core/api.ts';
import { plural } from '../core/format.ts';
import { members } from '../core/members.ts';
import { useResource } from '../core/resource.ts';
import type { PlaybookDetail, PlaybookStep } from '../types.ts';
import { anchored, Fresh } from '../ui/fresh.tsx';
import { Icon } from '../ui/icon.tsx';
import { OwnerSelect } from '../ui/member.tsx';
import { PageHeader } from '../ui/page.tsx';

/** One playbook: its steps in order, with who gets each task and who sends each email. */
export function PlaybookPage({ params }: PageProps) {
  const path = `/playbooks/${encodeURIComponent(params.playbook ?? '')}`;
  const playbook = useResource<PlaybookDetail>(path);
  return (
    <Fresh resource={playbook} label="the playbook">
      {(data) => (
        <>
          <PageHeader
            title={data.name}
            trail={[{ href: '/playbooks', label: 'Playbooks' }]}
            about={`Starts with: ${data.trigger}. ${plural(data.running, 'customer')} in it now.`}
          />
          <ol class="steps">
            {data.steps.map((step) => (
              <li key={step.id} class="card step" {...anchored(step.id)}>
                <span class="step-mark" data-kind={step.kind}>
                  <Icon name={step.kind} />
                </span>
                <div class="step-text">
                  <p class="faint">
                    Step {step.position} · {step.kind === 'email' ? 'Email' : 'Task'}
                  </p>
                  <h2>{step.title}</h2>
                  {step.kind === 'email' && <SenderNote step={step} />}
                </div>
                <div class="step-owner">
                  <label for={`owner-${step.id}`}>{step.kind === 'email' ? 'From' : 'Assigned to'}</label>
                  <OwnerSelect
                    id={`owner-${step.id}`}
                    label={`${step.kind === 'email' ? 'Sender' : 'Assignee'} of ${step.title}`}
                    value={step.kind === 'email' ? step.sender : step.assignee}
                    optional
                    save={async (owner) => {
                      await write('PATCH', `${path}/steps/${step.id}`, { owner });
                      await playbook.reload();
                    }}
                  />
                </div>
              </li>
            ))}
          </ol>
        </>
      )}
    </Fresh>
  );
}

function SenderNote({ step }: { step: PlaybookStep }) {
  const sender = step.sender ? members.value.get(step.sender) : undefined;
  if (!sender || (sender.mailbox && sender.signature && sender.active)) return null;
  const lacks = !sender.active ? 'is inactive' : !sender.mailbox ? 'has no mailbox' : 'has no signature';
  return (
    <p class="chip" data-tone="warn">
      {sender.name} {lacks}
    </p>
  );
}

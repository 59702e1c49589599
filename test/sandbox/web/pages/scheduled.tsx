import type { PageProps } from '../app.tsx';
import { write } from '../core/api.ts';
import { attempt, confirm } from '../core/notices.ts';
import { useResource } from '../core/resource.ts';
import type { ScheduledEmail } from '../types.ts';
import { Empty } from '../ui/feedback.tsx';
import { anchored, Fresh } from '../ui/fresh.tsx';
import { OwnerSelect } from '../ui/member.tsx';
import { apiPath, MemberFilter, PageHeader, Tabs } from '../ui/page.tsx';
import { touchpointTabs } from './approvals.tsx';

/** Emails that go out later: sender, day, send now or cancel. */
export function Scheduled(_props: PageProps) {
  const list = useResource<ScheduledEmail[]>(apiPath('/scheduled-emails', ['sender']));
  const change = async (email: ScheduledEmail, body: { sender?: string | null; sendOn?: string }) => {
    await write('PATCH', `/scheduled-emails/${email.id}`, body);
    await list.reload();
  };
  const end = async (email: ScheduledEmail, verb: 'cancel' | 'send') => {
    const cancel = verb === 'cancel';
    const yes = await confirm({
      title: cancel ? 'Cancel this email?' : 'Send this email now?',
      body: `“${email.subject}” to ${email.customer.name}.`,
      confirm: cancel ? 'Cancel the email' : 'Send now',
      danger: cancel,
    });
    if (!yes) return;
    await attempt(
      async () => {
        await write('POST', `/scheduled-emails/${email.id}/${verb}`);
        await list.reload();
      },
      cancel ? 'The email will not be sent.' : 'Sent.',
    );
  };
  return (
    <>
      <PageHeader title="Touchpoints" about="Emails that are written and go out on their day." />
      <Tabs label="Touchpoints" tabs={touchpointTabs} />
      <div class="toolbar">
        <MemberFilter label="Sender" param="sender" />
      </div>
      <Fresh resource={list} label="scheduled emails">
        {(rows) =>
          rows.length ? (
            <div class="card table-card">
              <table class="table">
                <thead>
                  <tr>
                    <th scope="col">Subject</th>
                    <th scope="col">Goes out</th>
                    <th scope="col">Sender</th>
                    <th scope="col" class="end">
                      <span class="hidden">Actions</span>
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {rows.map((email) => (
                    <tr key={email.id} {...anchored(email.id)}>
                      <td>
                        <span class="two-lines">
                          <span class="strong">{email.subject}</span>
                          <a href={`/customers/${email.customer.id}`}>{email.customer.name}</a>
                        </span>
                      </td>
                      <td>
                        <input
                          id={`day-${email.id}`}
                          class="input"
                          type="date"
                          aria-label={`Day of ${email.subject}`}
                          defaultValue={email.sendOn.slice(0, 10)}
                          onChange={(event) => {
                            const field = event.currentTarget;
                            void attempt(() => change(email, { sendOn: field.value }), 'Rescheduled.').then(
                              (saved) => {
                                if (!saved) field.value = email.sendOn.slice(0, 10);
                              },
                            );
                          }}
                        />
                      </td>
                      <td>
                        <OwnerSelect
                          id={`sender-${email.id}`}
                          label={`Sender of ${email.subject}`}
                          value={email.sender}
                          save={(sender) => change(email, { sender })}
                        />
                      </td>
                      <td class="end">
                        <span class="row-actions">
                          <button
                            id={`send-${email.id}`}
                            type="button"
                            class="button"
                            onClick={() => void end(email, 'send')}
                          >
                            Send now
                          </button>
                          <button
                            id={`cancel-${email.id}`}
                            type="button"
                            class="button"
                            data-kind="danger-quiet"
                            onClick={() => void end(email, 'cancel')}
                          >
                            Cancel email
                          </button>
                        </span>
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          ) : (
            <Empty icon="email">No email is scheduled here.</Empty>
          )
        }
      </Fresh>
    </>
  );
}

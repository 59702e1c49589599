import type { PageProps } from '../app.tsx';
import { write } from '../core/api.ts';
import { attempt, confirm } from '../core/notices.ts';
import { useResource } from '../core/resource.ts';
import type { ScheduledEmail } from '../types.ts';
import { OwnerSelect } from '../ui/member.tsx';
import { apiPath, PageHeader, Tabs } from '../ui/page.tsx';
import { RecordList, TwoLines } from '../ui/record-list.tsx';
import { touchpointTabs } from './approvals.tsx';

/** Emails that go out later: sender, day, send now or cancel. */
export function Scheduled(_props: PageProps) {
  const list = useResource<ScheduledEmail[]>(apiPath('/scheduled-emails', ['sender']));
  const change = async (email: ScheduledEmail, body: { sender?: string | null; sendOn?: string }) => {
    await write('PATCH', `/scheduled-emails/${email.id}`, body);
    await list.reload();
  };
  const reschedule = async (email: ScheduledEmail, field: HTMLInputElement) => {
    const saved = await attempt(() => change(email, { sendOn: field.value }), 'Rescheduled.');
    if (!saved) field.value = email.sendOn.slice(0, 10);
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
      <RecordList
        resource={list}
        label="scheduled emails"
        filter={{ label: 'Sender', param: 'sender' }}
        columns={[
          {
            head: 'Subject',
            cell: (email) => (
              <TwoLines strong={email.subject}>
                <a href={`/customers/${email.customer.id}`}>{email.customer.name}</a>
              </TwoLines>
            ),
          },
          {
            head: 'Goes out',
            cell: (email) => (
              <input
                id={`day-${email.id}`}
                class="input"
                type="date"
                aria-label={`Day of ${email.subject}`}
                defaultValue={email.sendOn.slice(0, 10)}
                onChange={(event) => void reschedule(email, event.currentTarget)}
              />
            ),
          },
          {
            head: 'Sender',
            cell: (email) => (
              <OwnerSelect
                id={`sender-${email.id}`}
                label={`Sender of ${email.subject}`}
                value={email.sender}
                save={(sender) => change(email, { sender })}
              />
            ),
          },
        ]}
        actions={(email) => (
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
        )}
        empty={{ icon: 'email', text: 'No email is scheduled here.' }}
      />
    </>
  );
}

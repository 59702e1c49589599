import type { PageProps } from '../app.tsx';
import { write } from '../core/api.ts';
import { formatDay } from '../core/format.ts';
import { attempt } from '../core/notices.ts';
import { useResource } from '../core/resource.ts';
import type { Approval } from '../types.ts';
import { OwnerSelect } from '../ui/member.tsx';
import { apiPath, PageHeader, Tabs } from '../ui/page.tsx';
import { RecordList, TwoLines } from '../ui/record-list.tsx';

export const touchpointTabs = [
  { href: '/touchpoints/approvals', label: 'Pending approvals' },
  { href: '/touchpoints/scheduled', label: 'Scheduled emails' },
];

/** Emails that wait for somebody's approval. */
export function Approvals(_props: PageProps) {
  const list = useResource<Approval[]>(apiPath('/approvals', ['approver']));
  const end = (approval: Approval, verb: 'approve' | 'decline') =>
    attempt(
      async () => {
        await write('POST', `/approvals/${approval.id}/${verb}`);
        await list.reload();
      },
      verb === 'approve' ? 'Approved.' : 'Declined.',
    );
  return (
    <>
      <PageHeader title="Touchpoints" about="Emails that wait until their approver has looked at them." />
      <Tabs label="Touchpoints" tabs={touchpointTabs} />
      <RecordList
        resource={list}
        label="approvals"
        filter={{ label: 'Approver', param: 'approver' }}
        columns={[
          {
            head: 'Subject',
            cell: (approval) => (
              <TwoLines strong={approval.subject}>
                <a href={`/customers/${approval.customer.id}`}>{approval.customer.name}</a>
              </TwoLines>
            ),
          },
          { head: 'Requested', class: 'wide number', cell: (approval) => formatDay(approval.requestedOn) },
          {
            head: 'Approver',
            cell: (approval) => (
              <OwnerSelect
                id={`approver-${approval.id}`}
                label={`Approver of ${approval.subject}`}
                value={approval.approver}
                save={async (approver) => {
                  await write('PATCH', `/approvals/${approval.id}`, { approver });
                  await list.reload();
                }}
              />
            ),
          },
        ]}
        actions={(approval) => (
          <span class="row-actions">
            <button
              id={`decline-${approval.id}`}
              type="button"
              class="button"
              onClick={() => void end(approval, 'decline')}
            >
              Decline
            </button>
            <button
              id={`approve-${approval.id}`}
              type="button"
              class="button"
              data-kind="primary"
              onClick={() => void end(approval, 'approve')}
            >
              Approve
            </button>
          </span>
        )}
        empty={{ icon: 'check', text: 'Nothing waits for approval here.' }}
      />
    </>
  );
}

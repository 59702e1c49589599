import type { PageProps } from '../app.tsx';
import { write } from '../core/api.ts';
import { formatDay } from '../core/format.ts';
import { attempt } from '../core/notices.ts';
import { useResource } from '../core/resource.ts';
import type { Approval } from '../types.ts';
import { Empty } from '../ui/feedback.tsx';
import { anchored, Fresh } from '../ui/fresh.tsx';
import { OwnerSelect } from '../ui/member.tsx';
import { apiPath, MemberFilter, PageHeader, Tabs } from '../ui/page.tsx';

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
      <div class="toolbar">
        <MemberFilter label="Approver" param="approver" />
      </div>
      <Fresh resource={list} label="approvals">
        {(rows) =>
          rows.length ? (
            <div class="card table-card">
              <table class="table">
                <thead>
                  <tr>
                    <th scope="col">Subject</th>
                    <th scope="col" class="wide">
                      Requested
                    </th>
                    <th scope="col">Approver</th>
                    <th scope="col" class="end">
                      <span class="hidden">Actions</span>
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {rows.map((approval) => (
                    <tr key={approval.id} {...anchored(approval.id)}>
                      <td>
                        <span class="two-lines">
                          <span class="strong">{approval.subject}</span>
                          <a href={`/customers/${approval.customer.id}`}>{approval.customer.name}</a>
                        </span>
                      </td>
                      <td class="wide number">{formatDay(approval.requestedOn)}</td>
                      <td>
                        <OwnerSelect
                          id={`approver-${approval.id}`}
                          label={`Approver of ${approval.subject}`}
                          value={approval.approver}
                          save={async (approver) => {
                            await write('PATCH', `/approvals/${approval.id}`, { approver });
                            await list.reload();
                          }}
                        />
                      </td>
                      <td class="end">
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
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          ) : (
            <Empty icon="check">Nothing waits for approval here.</Empty>
          )
        }
      </Fresh>
    </>
  );
}

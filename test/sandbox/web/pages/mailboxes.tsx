import type { PageProps } from '../app.tsx';
import { session, write } from '../core/api.ts';
import { attempt, confirm } from '../core/notices.ts';
import { useResource } from '../core/resource.ts';
import type { Mailbox } from '../types.ts';
import { Empty } from '../ui/feedback.tsx';
import { anchored, Fresh } from '../ui/fresh.tsx';
import { MemberName } from '../ui/member.tsx';
import { apiPath, MemberFilter, PageHeader, settingsTabs, Tabs } from '../ui/page.tsx';

/** Settings > Mailboxes: what Mooring syncs email with. */
export function Mailboxes(_props: PageProps) {
  const list = useResource<Mailbox[]>(apiPath('/mailboxes', ['member']));
  const who = session.value?.member;
  const disconnect = async (mailbox: Mailbox) => {
    const yes = await confirm({
      title: `Disconnect ${mailbox.address}?`,
      body: 'Mooring stops to read and send email with this mailbox. What was synced stays.',
      confirm: 'Disconnect',
      danger: true,
    });
    if (!yes) return;
    await attempt(async () => {
      await write('POST', `/mailboxes/${mailbox.id}/disconnect`);
      await list.reload();
    }, `${mailbox.address} is disconnected.`);
  };
  return (
    <>
      <PageHeader title="Mailboxes" about="Mailboxes that sync until they are disconnected here." />
      <Tabs label="Settings" tabs={settingsTabs} />
      <div class="toolbar">
        <MemberFilter label="Member" param="member" />
      </div>
      <Fresh resource={list} label="mailboxes">
        {(rows) =>
          rows.length ? (
            <div class="card table-card">
              <table class="table">
                <thead>
                  <tr>
                    <th scope="col">Address</th>
                    <th scope="col">Member</th>
                    <th scope="col">State</th>
                    <th scope="col" class="end">
                      <span class="hidden">Actions</span>
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {rows.map((mailbox) => (
                    <tr key={mailbox.id} {...anchored(mailbox.id)}>
                      <td>
                        <span class="two-lines">
                          <span class="strong">{mailbox.address}</span>
                          <span>{mailbox.provider}</span>
                        </span>
                      </td>
                      <td>
                        <MemberName id={mailbox.member} />
                      </td>
                      <td>
                        <span class="chip" data-tone={mailbox.connected ? 'good' : 'off'}>
                          {mailbox.connected ? 'Connected' : 'Disconnected'}
                        </span>
                      </td>
                      <td class="end">
                        {mailbox.connected && (
                          <button
                            id={`disconnect-${mailbox.id}`}
                            type="button"
                            class="button"
                            data-kind="danger-quiet"
                            disabled={who?.role !== 'admin' && who?.id !== mailbox.member}
                            onClick={() => void disconnect(mailbox)}
                          >
                            Disconnect
                          </button>
                        )}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          ) : (
            <Empty icon="email">No mailbox was ever connected here.</Empty>
          )
        }
      </Fresh>
    </>
  );
}

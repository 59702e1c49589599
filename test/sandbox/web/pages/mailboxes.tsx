import type { PageProps } from '../app.tsx';
import { session, write } from '../core/api.ts';
import { attempt, confirm } from '../core/notices.ts';
import { useResource } from '../core/resource.ts';
import type { Mailbox } from '../types.ts';
import { MemberName } from '../ui/member.tsx';
import { apiPath, PageHeader, settingsTabs, Tabs } from '../ui/page.tsx';
import { RecordList, TwoLines } from '../ui/record-list.tsx';

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
      <RecordList
        resource={list}
        label="mailboxes"
        filter={{ label: 'Member', param: 'member' }}
        columns={[
          {
            head: 'Address',
            cell: (mailbox) => (
              <TwoLines strong={mailbox.address}>
                <span>{mailbox.provider}</span>
              </TwoLines>
            ),
          },
          { head: 'Member', cell: (mailbox) => <MemberName id={mailbox.member} /> },
          {
            head: 'State',
            cell: (mailbox) => (
              <span class="chip" data-tone={mailbox.connected ? 'good' : 'off'}>
                {mailbox.connected ? 'Connected' : 'Disconnected'}
              </span>
            ),
          },
        ]}
        actions={(mailbox) =>
          mailbox.connected && (
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
          )
        }
        empty={{ icon: 'email', text: 'No mailbox was ever connected here.' }}
      />
    </>
  );
}

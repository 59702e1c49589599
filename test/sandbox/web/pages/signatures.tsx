import type { PageProps } from '../app.tsx';
import { session, write } from '../core/api.ts';
import { attempt, confirm } from '../core/notices.ts';
import { useResource } from '../core/resource.ts';
import type { Signature } from '../types.ts';
import { MemberName } from '../ui/member.tsx';
import { apiPath, PageHeader, settingsTabs, Tabs } from '../ui/page.tsx';
import { RecordList } from '../ui/record-list.tsx';

/** Settings > Signatures: what stands below a member's emails. */
export function Signatures(_props: PageProps) {
  const list = useResource<Signature[]>(apiPath('/signatures', ['member']));
  const who = session.value?.member;
  const remove = async (signature: Signature) => {
    const yes = await confirm({
      title: `Delete the signature “${signature.name}”?`,
      body: 'Emails that go out later have no signature of this name.',
      confirm: 'Delete',
      danger: true,
    });
    if (!yes) return;
    await attempt(async () => {
      await write('DELETE', `/signatures/${signature.id}`);
      await list.reload();
    }, `“${signature.name}” is deleted.`);
  };
  return (
    <>
      <PageHeader title="Signatures" about="Each belongs to one member and goes with nobody else's email." />
      <Tabs label="Settings" tabs={settingsTabs} />
      <RecordList
        resource={list}
        label="signatures"
        filter={{ label: 'Member', param: 'member' }}
        columns={[
          { head: 'Signature', class: 'strong', cell: (signature) => signature.name },
          { head: 'Member', cell: (signature) => <MemberName id={signature.member} /> },
        ]}
        actions={(signature) => (
          <button
            id={`delete-${signature.id}`}
            type="button"
            class="button"
            data-kind="danger-quiet"
            disabled={who?.role !== 'admin' && who?.id !== signature.member}
            onClick={() => void remove(signature)}
          >
            Delete
          </button>
        )}
        empty={{ icon: 'email', text: 'There is no signature here.' }}
      />
    </>
  );
}

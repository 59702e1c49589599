import type { PageProps } from '../app.tsx';
import { session, write } from '../core/api.ts';
import { attempt, confirm } from '../core/notices.ts';
import { useResource } from '../core/resource.ts';
import type { Signature } from '../types.ts';
import { Empty } from '../ui/feedback.tsx';
import { anchored, Fresh } from '../ui/fresh.tsx';
import { MemberName } from '../ui/member.tsx';
import { apiPath, MemberFilter, PageHeader, settingsTabs, Tabs } from '../ui/page.tsx';

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
      <div class="toolbar">
        <MemberFilter label="Member" param="member" />
      </div>
      <Fresh resource={list} label="signatures">
        {(rows) =>
          rows.length ? (
            <div class="card table-card">
              <table class="table">
                <thead>
                  <tr>
                    <th scope="col">Signature</th>
                    <th scope="col">Member</th>
                    <th scope="col" class="end">
                      <span class="hidden">Actions</span>
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {rows.map((signature) => (
                    <tr key={signature.id} {...anchored(signature.id)}>
                      <td class="strong">{signature.name}</td>
                      <td>
                        <MemberName id={signature.member} />
                      </td>
                      <td class="end">
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
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          ) : (
            <Empty icon="email">There is no signature here.</Empty>
          )
        }
      </Fresh>
    </>
  );
}

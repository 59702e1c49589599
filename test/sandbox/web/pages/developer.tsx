import type { PageProps } from '../app.tsx';
import { session, write } from '../core/api.ts';
import { formatDay } from '../core/format.ts';
import { attempt, confirm } from '../core/notices.ts';
import { useResource } from '../core/resource.ts';
import type { ApiToken } from '../types.ts';
import { MemberName } from '../ui/member.tsx';
import { apiPath, PageHeader, settingsTabs, Tabs } from '../ui/page.tsx';
import { RecordList, TwoLines } from '../ui/record-list.tsx';

/** Settings > Developer: API tokens, which work until somebody revokes them. */
export function Developer(_props: PageProps) {
  const list = useResource<ApiToken[]>(apiPath('/tokens', ['member']));
  const who = session.value?.member;
  const revoke = async (token: ApiToken) => {
    const yes = await confirm({
      title: `Revoke “${token.name}”?`,
      body: 'Whatever uses this token loses access at once. A revoked token cannot be brought back.',
      confirm: 'Revoke',
      danger: true,
    });
    if (!yes) return;
    await attempt(async () => {
      await write('POST', `/tokens/${token.id}/revoke`);
      await list.reload();
    }, `“${token.name}” is revoked.`);
  };
  return (
    <>
      <PageHeader
        title="Developer"
        about="API tokens go on working until they are revoked, whatever becomes of their member."
      />
      <Tabs label="Settings" tabs={settingsTabs} />
      <RecordList
        resource={list}
        label="API tokens"
        filter={{ label: 'Member', param: 'member' }}
        columns={[
          {
            head: 'Token',
            cell: (token) => (
              <TwoLines strong={token.name}>
                <span>Scope: {token.scope}</span>
              </TwoLines>
            ),
          },
          { head: 'Member', cell: (token) => <MemberName id={token.member} /> },
          { head: 'Created', class: 'wide number', cell: (token) => formatDay(token.createdOn) },
          {
            head: 'Last used',
            class: 'number',
            cell: (token) => (token.lastUsedOn ? formatDay(token.lastUsedOn) : 'Never'),
          },
          {
            head: 'State',
            cell: (token) => (
              <span class="chip" data-tone={token.revoked ? 'off' : 'good'}>
                {token.revoked ? 'Revoked' : 'Works'}
              </span>
            ),
          },
        ]}
        actions={(token) =>
          !token.revoked && (
            <button
              id={`revoke-${token.id}`}
              type="button"
              class="button"
              data-kind="danger-quiet"
              disabled={who?.role !== 'admin' && who?.id !== token.member}
              onClick={() => void revoke(token)}
            >
              Revoke
            </button>
          )
        }
        empty={{ icon: 'settings', text: 'There is no API token here.' }}
      />
    </>
  );
}

import type { PageProps } from '../app.tsx';
import { session, write } from '../core/api.ts';
import { formatDay } from '../core/format.ts';
import { attempt, confirm } from '../core/notices.ts';
import { useResource } from '../core/resource.ts';
import type { ApiToken } from '../types.ts';
import { Empty } from '../ui/feedback.tsx';
import { anchored, Fresh } from '../ui/fresh.tsx';
import { MemberName } from '../ui/member.tsx';
import { apiPath, MemberFilter, PageHeader, settingsTabs, Tabs } from '../ui/page.tsx';

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
      <div class="toolbar">
        <MemberFilter label="Member" param="member" />
      </div>
      <Fresh resource={list} label="API tokens">
        {(rows) =>
          rows.length ? (
            <div class="card table-card">
              <table class="table">
                <thead>
                  <tr>
                    <th scope="col">Token</th>
                    <th scope="col">Member</th>
                    <th scope="col" class="wide">
                      Created
                    </th>
                    <th scope="col">Last used</th>
                    <th scope="col">State</th>
                    <th scope="col" class="end">
                      <span class="hidden">Actions</span>
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {rows.map((token) => (
                    <tr key={token.id} {...anchored(token.id)}>
                      <td>
                        <span class="two-lines">
                          <span class="strong">{token.name}</span>
                          <span>Scope: {token.scope}</span>
                        </span>
                      </td>
                      <td>
                        <MemberName id={token.member} />
                      </td>
                      <td class="wide number">{formatDay(token.createdOn)}</td>
                      <td class="number">{token.lastUsedOn ? formatDay(token.lastUsedOn) : 'Never'}</td>
                      <td>
                        <span class="chip" data-tone={token.revoked ? 'off' : 'good'}>
                          {token.revoked ? 'Revoked' : 'Works'}
                        </span>
                      </td>
                      <td class="end">
                        {!token.revoked && (
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
                        )}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          ) : (
            <Empty icon="settings">There is no API token here.</Empty>
          )
        }
      </Fresh>
    </>
  );
}

import type { PageProps } from '../app.tsx';
import { write } from '../core/api.ts';
import { plural } from '../core/format.ts';
import { useResource } from '../core/resource.ts';
import type { Dashboard } from '../types.ts';
import { Empty } from '../ui/feedback.tsx';
import { anchored, Fresh } from '../ui/fresh.tsx';
import { OwnerSelect } from '../ui/member.tsx';
import { apiPath, MemberFilter, PageHeader, Tabs } from '../ui/page.tsx';

export const insightTabs = [
  { href: '/insights', label: 'Dashboards' },
  { href: '/insights/views', label: 'Saved views' },
];

/** All dashboards, personal ones and those of the workspace. */
export function Insights(_props: PageProps) {
  const list = useResource<Dashboard[]>(apiPath('/dashboards', ['owner']));
  return (
    <>
      <PageHeader title="Insights" about="Figures about customers, by whom they concern." />
      <Tabs label="Insights" tabs={insightTabs} />
      <div class="toolbar">
        <MemberFilter label="Owner" param="owner" />
      </div>
      <Fresh resource={list} label="dashboards">
        {(rows) =>
          rows.length ? (
            <div class="card table-card">
              <table class="table">
                <thead>
                  <tr>
                    <th scope="col">Dashboard</th>
                    <th scope="col">Kind</th>
                    <th scope="col" class="wide">
                      Shared with
                    </th>
                    <th scope="col">Owner</th>
                  </tr>
                </thead>
                <tbody>
                  {rows.map((dashboard) => (
                    <tr key={dashboard.id} {...anchored(dashboard.id)}>
                      <td>
                        <a class="strong" href={`/insights/dashboards/${dashboard.id}`}>
                          {dashboard.name}
                        </a>
                      </td>
                      <td>
                        <span class="chip" data-tone={dashboard.personal ? 'accent' : 'plain'}>
                          {dashboard.personal ? 'Personal' : 'Workspace'}
                        </span>
                      </td>
                      <td class="wide">
                        {dashboard.sharedWith ? plural(dashboard.sharedWith, 'member') : 'Nobody'}
                      </td>
                      <td>
                        <OwnerSelect
                          id={`owner-${dashboard.id}`}
                          label={`Owner of ${dashboard.name}`}
                          value={dashboard.owner}
                          disabled={!dashboard.personal}
                          save={async (owner) => {
                            await write('PATCH', `/dashboards/${dashboard.id}`, { owner });
                            await list.reload();
                          }}
                        />
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          ) : (
            <Empty icon="insights">This member owns no dashboard.</Empty>
          )
        }
      </Fresh>
    </>
  );
}

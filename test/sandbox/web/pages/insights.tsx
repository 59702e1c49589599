import type { PageProps } from '../app.tsx';
import { write } from '../core/api.ts';
import { plural } from '../core/format.ts';
import { useResource } from '../core/resource.ts';
import type { Dashboard } from '../types.ts';
import { OwnerSelect } from '../ui/member.tsx';
import { apiPath, PageHeader, Tabs } from '../ui/page.tsx';
import { RecordList } from '../ui/record-list.tsx';

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
      <RecordList
        resource={list}
        label="dashboards"
        filter={{ label: 'Owner', param: 'owner' }}
        columns={[
          {
            head: 'Dashboard',
            cell: (dashboard) => (
              <a class="strong" href={`/insights/dashboards/${dashboard.id}`}>
                {dashboard.name}
              </a>
            ),
          },
          {
            head: 'Kind',
            cell: (dashboard) => (
              <span class="chip" data-tone={dashboard.personal ? 'accent' : 'plain'}>
                {dashboard.personal ? 'Personal' : 'Workspace'}
              </span>
            ),
          },
          {
            head: 'Shared with',
            class: 'wide',
            cell: (dashboard) => (dashboard.sharedWith ? plural(dashboard.sharedWith, 'member') : 'Nobody'),
          },
          {
            head: 'Owner',
            cell: (dashboard) => (
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
            ),
          },
        ]}
        empty={{ icon: 'insights', text: 'This member owns no dashboard.' }}
      />
    </>
  );
}

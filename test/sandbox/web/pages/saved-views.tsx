import type { PageProps } from '../app.tsx';
import { write } from '../core/api.ts';
import { plural } from '../core/format.ts';
import { useResource } from '../core/resource.ts';
import type { SavedView } from '../types.ts';
import { OwnerSelect } from '../ui/member.tsx';
import { apiPath, PageHeader, Tabs } from '../ui/page.tsx';
import { RecordList } from '../ui/record-list.tsx';
import { customerTabs } from './customers.tsx';
import { insightTabs } from './insights.tsx';

/** Saved views of the customer list. */
export function CustomerViews(_props: PageProps) {
  return (
    <>
      <PageHeader title="Customers" about="Filters of the customer list that somebody saved." />
      <Tabs label="Customers" tabs={customerTabs} />
      <Views area="customers" />
    </>
  );
}

/** Saved views of insights. */
export function InsightViews(_props: PageProps) {
  return (
    <>
      <PageHeader title="Insights" about="Filters of insights that somebody saved." />
      <Tabs label="Insights" tabs={insightTabs} />
      <Views area="insights" />
    </>
  );
}

function Views({ area }: { area: SavedView['area'] }) {
  const query = apiPath('', ['owner']).replace('?', '&');
  const list = useResource<SavedView[]>(`/views?area=${area}${query}`);
  return (
    <RecordList
      resource={list}
      label="saved views"
      filter={{ label: 'Owner', param: 'owner' }}
      columns={[
        {
          head: 'View',
          class: 'strong',
          cell: (view) =>
            area === 'customers' ? <a href={`/customers?view=${view.id}`}>{view.name}</a> : view.name,
        },
        {
          head: 'Shared with',
          cell: (view) => (view.sharedWith ? plural(view.sharedWith, 'member') : 'Nobody'),
        },
        {
          head: 'Owner',
          cell: (view) => (
            <OwnerSelect
              id={`owner-${view.id}`}
              label={`Owner of ${view.name}`}
              value={view.owner}
              save={async (owner) => {
                await write('PATCH', `/views/${view.id}`, { owner });
                await list.reload();
              }}
            />
          ),
        },
      ]}
      empty={{ icon: 'view', text: 'This member owns no saved view.' }}
    />
  );
}

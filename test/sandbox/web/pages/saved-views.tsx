import type { PageProps } from '../app.tsx';
import { write } from '../core/api.ts';
import { plural } from '../core/format.ts';
import { useResource } from '../core/resource.ts';
import type { SavedView } from '../types.ts';
import { Empty } from '../ui/feedback.tsx';
import { anchored, Fresh } from '../ui/fresh.tsx';
import { OwnerSelect } from '../ui/member.tsx';
import { apiPath, MemberFilter, PageHeader, Tabs } from '../ui/page.tsx';
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
    <>
      <div class="toolbar">
        <MemberFilter label="Owner" param="owner" />
      </div>
      <Fresh resource={list} label="saved views">
        {(rows) =>
          rows.length ? (
            <div class="card table-card">
              <table class="table">
                <thead>
                  <tr>
                    <th scope="col">View</th>
                    <th scope="col">Shared with</th>
                    <th scope="col">Owner</th>
                  </tr>
                </thead>
                <tbody>
                  {rows.map((view) => (
                    <tr key={view.id} {...anchored(view.id)}>
                      <td class="strong">
                        {area === 'customers' ? (
                          <a href={`/customers?view=${view.id}`}>{view.name}</a>
                        ) : (
                          view.name
                        )}
                      </td>
                      <td>{view.sharedWith ? plural(view.sharedWith, 'member') : 'Nobody'}</td>
                      <td>
                        <OwnerSelect
                          id={`owner-${view.id}`}
                          label={`Owner of ${view.name}`}
                          value={view.owner}
                          save={async (owner) => {
                            await write('PATCH', `/views/${view.id}`, { owner });
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
            <Empty icon="view">This member owns no saved view.</Empty>
          )
        }
      </Fresh>
    </>
  );
}

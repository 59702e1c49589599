import type { PageProps } from '../app.tsx';
import { formatDay, formatMoney } from '../core/format.ts';
import { location, withQuery } from '../core/location.ts';
import { nameOf } from '../core/members.ts';
import { useResource } from '../core/resource.ts';
import type { CustomerList, SavedView } from '../types.ts';
import { Empty } from '../ui/feedback.tsx';
import { Fresh } from '../ui/fresh.tsx';
import { Health } from '../ui/health.tsx';
import { MemberName } from '../ui/member.tsx';
import { apiPath, Filter, MemberFilter, PageHeader, Pager, Search, Tabs } from '../ui/page.tsx';

export const customerTabs = [
  { href: '/customers', label: 'All customers' },
  { href: '/customers/views', label: 'Saved views' },
];
const filters = ['q', 'segment', 'csm', 'accountManager', 'attribute', 'member', 'view', 'page'];

/** The list of customers, by filter or by saved view. */
export function Customers(_props: PageProps) {
  const list = useResource<CustomerList>(apiPath('/customers', filters));
  const views = useResource<SavedView[]>('/views?area=customers');
  const member = location.value.query.get('member');
  return (
    <>
      <PageHeader title="Customers" about="Every company of the workspace, with who looks after it." />
      <Tabs label="Customers" tabs={customerTabs} />
      <div class="toolbar">
        <Search label="Search customers" />
        <Filter
          label="View"
          param="view"
          any="None"
          options={(views.data ?? []).map(({ id, name, owner }) => ({
            value: id,
            label: `${name} (${nameOf(owner)})`,
          }))}
        />
        <Filter
          label="Segment"
          param="segment"
          any="All"
          options={(list.data?.segments ?? []).map((segment) => ({ value: segment, label: segment }))}
        />
        <MemberFilter label="CSM" param="csm" />
        <MemberFilter label="Account manager" param="accountManager" />
      </div>
      <Fresh resource={list} label="customers" rows={10}>
        {(data) => (
          <>
            {data.view && (
              <p class="note">
                Saved view <strong>{data.view.name}</strong>: {data.view.shows}.{' '}
                <a href={withQuery({ view: undefined })}>Clear</a>
              </p>
            )}
            {data.attribute && member && (
              <p class="note">
                {data.attribute.name} is <strong>{nameOf(member)}</strong>.{' '}
                <a href={withQuery({ attribute: undefined, member: undefined })}>Clear</a>
              </p>
            )}
            {data.rows.length === 0 ? (
              <Empty icon="customers">No customer matches these filters.</Empty>
            ) : (
              <div class="card table-card">
                <table class="table">
                  <thead>
                    <tr>
                      <th scope="col">Customer</th>
                      <th scope="col">Health</th>
                      <th scope="col" class="end">
                        ARR
                      </th>
                      <th scope="col" class="wide">
                        Renewal
                      </th>
                      <th scope="col">CSM</th>
                      <th scope="col" class="wide">
                        Account manager
                      </th>
                    </tr>
                  </thead>
                  <tbody>
                    {data.rows.map((customer) => (
                      <tr key={customer.id}>
                        <td>
                          <span class="two-lines">
                            <a class="strong" href={`/customers/${customer.id}`}>
                              {customer.name}
                            </a>
                            <span>
                              {customer.segment} · {customer.plan} · {customer.region}
                            </span>
                          </span>
                        </td>
                        <td>
                          <Health value={customer.health} />
                        </td>
                        <td class="end number">{formatMoney(customer.arr)}</td>
                        <td class="wide number">{formatDay(customer.renewalOn)}</td>
                        <td>
                          <MemberName id={customer.csm} />
                        </td>
                        <td class="wide">
                          <MemberName id={customer.accountManager} />
                        </td>
                      </tr>
                    ))}
                  </tbody>
                </table>
                <Pager list={data} noun="customers" />
              </div>
            )}
          </>
        )}
      </Fresh>
    </>
  );
}

import type { PageProps } from '../app.tsx';
import { formatMoney, formatNumber } from '../core/format.ts';
import { nameOf } from '../core/members.ts';
import { useResource } from '../core/resource.ts';
import type { DashboardDetail } from '../types.ts';
import { Fresh } from '../ui/fresh.tsx';
import { PageHeader } from '../ui/page.tsx';

/** One dashboard: figures about its owner's customers, or about all of them. */
export function DashboardPage({ params }: PageProps) {
  const path = `/dashboards/${encodeURIComponent(params.dashboard ?? '')}`;
  const dashboard = useResource<DashboardDetail>(path);
  return (
    <Fresh resource={dashboard} label="the dashboard">
      {(data) => (
        <>
          <PageHeader
            title={data.name}
            trail={[{ href: '/insights', label: 'Insights' }]}
            about={data.personal ? `Customers of ${nameOf(data.owner)}` : 'All customers of the workspace'}
          />
          <ul class="figures" aria-label="Key figures">
            <li>
              <span>Customers</span>
              <strong>{formatNumber(data.customers)}</strong>
            </li>
            <li>
              <span>ARR</span>
              <strong>{formatMoney(data.arr)}</strong>
            </li>
            <li>
              <span>Open tasks</span>
              <strong>{formatNumber(data.openTasks)}</strong>
            </li>
          </ul>
          <div class="columns">
            <Bars title="ARR by segment" bars={data.bySegment} format={formatMoney} />
            <Bars title="Customers by health" bars={data.byHealth} format={formatNumber} />
          </div>
        </>
      )}
    </Fresh>
  );
}

interface BarsProps {
  title: string;
  bars: { label: string; value: number }[];
  format(value: number): string;
}

function Bars({ title, bars, format }: BarsProps) {
  const most = Math.max(1, ...bars.map((bar) => bar.value));
  return (
    <section class="card" aria-label={title}>
      <h2>{title}</h2>
      {bars.length === 0 && <p class="faint">There are no customers to count.</p>}
      <ul class="bars">
        {bars.map((bar) => (
          <li key={bar.label}>
            <span>{bar.label}</span>
            <span class="number">{format(bar.value)}</span>
            <span class="bar" style={{ width: `${(100 * bar.value) / most}%` }} />
          </li>
        ))}
      </ul>
    </section>
  );
}

import type { TargetedEvent } from 'preact';
import { useState } from 'preact/hooks';
import type { PageProps } from '../app.tsx';
import { get, write } from '../core/api.ts';
import { formatDay, formatMoney } from '../core/format.ts';
import { attempt } from '../core/notices.ts';
import { useResource } from '../core/resource.ts';
import type { AttributeValue, CustomerDetail, Timeline } from '../types.ts';
import { Fresh } from '../ui/fresh.tsx';
import { Health } from '../ui/health.tsx';
import { OwnerSelect } from '../ui/member.tsx';
import { PageHeader } from '../ui/page.tsx';
import { TaskTable } from '../ui/task-table.tsx';
import { TimelineList } from '../ui/timeline.tsx';

/** One company: its owners, attributes, tasks and activity timeline. */
export function CustomerPage({ params }: PageProps) {
  const path = `/customers/${encodeURIComponent(params.customer ?? '')}`;
  const customer = useResource<CustomerDetail>(path);
  const timeline = useResource<Timeline>(`${path}/timeline`);
  const [older, setOlder] = useState<Timeline>();
  const save = async (change: Record<string, unknown>) => {
    await write('PATCH', path, change);
    await Promise.all([customer.reload(), timeline.reload()]);
  };
  const more = (before: number) =>
    attempt(async () => {
      const next = await get<Timeline>(`${path}/timeline?before=${before}`);
      setOlder((shown) => ({ ...next, entries: [...(shown?.entries ?? []), ...next.entries] }));
    });

  return (
    <Fresh resource={customer} label="the customer" rows={10}>
      {(data) => (
        <>
          <PageHeader
            title={data.name}
            trail={[{ href: '/customers', label: 'Customers' }]}
            about={`${data.segment} · ${data.plan} plan · ${data.region}`}
          />
          <ul class="figures" aria-label="Key figures">
            <li>
              <span>ARR</span>
              <strong>{formatMoney(data.arr)}</strong>
            </li>
            <li>
              <span>Health</span>
              <Health value={data.health} />
            </li>
            <li>
              <span>Renewal</span>
              <strong>{formatDay(data.renewalOn)}</strong>
            </li>
            <li>
              <span>Open tasks</span>
              <strong>{data.tasks.filter((task) => task.status === 'open').length}</strong>
            </li>
          </ul>
          <div class="company">
            <div class="company-side">
              <section class="card" aria-labelledby="owners-title">
                <h2 id="owners-title">Owners</h2>
                <div class="fields">
                  <label for="csm">CSM</label>
                  <OwnerSelect id="csm" label="CSM" value={data.csm} optional save={(csm) => save({ csm })} />
                  <label for="account-manager">Account manager</label>
                  <OwnerSelect
                    id="account-manager"
                    label="Account manager"
                    value={data.accountManager}
                    optional
                    save={(accountManager) => save({ accountManager })}
                  />
                </div>
              </section>
              <section class="card" aria-labelledby="attributes-title">
                <h2 id="attributes-title">Attributes</h2>
                <div class="fields">
                  {data.attributes.map((attribute) => (
                    <AttributeField key={attribute.key} attribute={attribute} save={save} />
                  ))}
                </div>
              </section>
            </div>
            <div class="company-main">
              <section class="card" aria-labelledby="timeline-title">
                <h2 id="timeline-title">Activity</h2>
                <Fresh resource={timeline} label="the timeline" rows={6}>
                  {(first) => {
                    const last = older ?? first;
                    const before = last.before;
                    return (
                      <>
                        <TimelineList entries={[...first.entries, ...(older?.entries ?? [])]} />
                        {before !== undefined && (
                          <button type="button" class="button" onClick={() => void more(before)}>
                            Show older activity
                          </button>
                        )}
                      </>
                    );
                  }}
                </Fresh>
              </section>
              <section class="card table-card" aria-labelledby="tasks-title">
                <h2 id="tasks-title">
                  Tasks <span class="count">{data.tasks.length}</span>
                </h2>
                <TaskTable tasks={data.tasks} changed={customer.reload} withoutCustomer />
              </section>
            </div>
          </div>
        </>
      )}
    </Fresh>
  );
}

interface AttributeFieldProps {
  attribute: AttributeValue;
  save(change: Record<string, unknown>): Promise<void>;
}

function AttributeField({ attribute, save }: AttributeFieldProps) {
  const { key, name, type, value } = attribute;
  const id = `attribute-${key}`;
  const set = (next: string | null) => save({ attributes: { [key]: next } });
  const field = {
    id,
    class: 'input',
    defaultValue: value ?? '',
    placeholder: 'Not set',
    onChange: (event: TargetedEvent<HTMLInputElement>) => {
      const input = event.currentTarget;
      void attempt(() => set(input.value || null), `${name} saved.`).then((saved) => {
        if (!saved) input.value = value ?? '';
      });
    },
  };
  return (
    <>
      <label for={id}>{name}</label>
      {type === 'user' && <OwnerSelect id={id} label={name} value={value} optional save={set} />}
      {type === 'number' && <input type="number" {...field} />}
      {type === 'date' && <input type="date" {...field} />}
      {type === 'text' && <input type="text" {...field} />}
    </>
  );
}

import type { PageProps } from '../app.tsx';
import { plural } from '../core/format.ts';
import { useResource } from '../core/resource.ts';
import type { AttributeSummary } from '../types.ts';
import { anchored, Fresh } from '../ui/fresh.tsx';
import { PageHeader, settingsTabs, Tabs } from '../ui/page.tsx';

const types: Record<AttributeSummary['type'], string> = {
  text: 'Text',
  number: 'Number',
  date: 'Date',
  user: 'User',
};

/** Settings > Custom attributes: what else is kept of each company. */
export function Attributes(_props: PageProps) {
  const list = useResource<AttributeSummary[]>('/attributes');
  return (
    <>
      <PageHeader title="Custom attributes" about="What your team keeps of each company, beyond the usual." />
      <Tabs label="Settings" tabs={settingsTabs} />
      <Fresh resource={list} label="attributes">
        {(rows) => (
          <div class="card table-card">
            <table class="table">
              <thead>
                <tr>
                  <th scope="col">Attribute</th>
                  <th scope="col">Type</th>
                  <th scope="col">Key</th>
                  <th scope="col" class="end">
                    Set on
                  </th>
                </tr>
              </thead>
              <tbody>
                {rows.map((attribute) => (
                  <tr key={attribute.key} {...anchored(attribute.key)}>
                    <td class="strong">{attribute.name}</td>
                    <td>
                      <span class="chip" data-tone={attribute.type === 'user' ? 'accent' : 'plain'}>
                        {types[attribute.type]}
                      </span>
                    </td>
                    <td>
                      <code>{attribute.key}</code>
                    </td>
                    <td class="end number">{plural(attribute.used, 'company', 'companies')}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Fresh>
    </>
  );
}

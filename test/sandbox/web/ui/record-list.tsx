import type { ComponentChildren } from 'preact';
import type { Resource } from '../core/resource.ts';
import { Empty } from './feedback.tsx';
import { anchored, Fresh } from './fresh.tsx';
import type { IconName } from './icon.tsx';
import { MemberFilter } from './page.tsx';

interface RecordColumn<T> {
  head: string;
  /** `wide`: left out on narrow screens; `end`: at the row's end; more than one by a space. */
  class?: string;
  cell(row: T): ComponentChildren;
}

interface RecordListProps<T> {
  resource: Resource<T[]>;
  /** What the list holds, for the skeleton's name. */
  label: string;
  filter: { label: string; param: string };
  columns: RecordColumn<T>[];
  /** Buttons at the end of each row. */
  actions?(row: T): ComponentChildren;
  empty: { icon: IconName; text: string };
}

/** A list of records that belong to somebody: a filter by member, and a table of which each row can be pointed to. */
export function RecordList<T extends { id: string }>(props: RecordListProps<T>) {
  const { resource, label, filter, columns, actions, empty } = props;
  return (
    <>
      <div class="toolbar">
        <MemberFilter label={filter.label} param={filter.param} />
      </div>
      <Fresh resource={resource} label={label}>
        {(rows) =>
          rows.length ? (
            <div class="card table-card">
              <table class="table">
                <thead>
                  <tr>
                    {columns.map((column) => (
                      <th key={column.head} scope="col" class={headClass(column.class)}>
                        {column.head}
                      </th>
                    ))}
                    {actions && (
                      <th scope="col" class="end">
                        <span class="hidden">Actions</span>
                      </th>
                    )}
                  </tr>
                </thead>
                <tbody>
                  {rows.map((row) => (
                    <tr key={row.id} {...anchored(row.id)}>
                      {columns.map((column) => (
                        <td key={column.head} class={column.class}>
                          {column.cell(row)}
                        </td>
                      ))}
                      {actions && <td class="end">{actions(row)}</td>}
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          ) : (
            <Empty icon={empty.icon}>{empty.text}</Empty>
          )
        }
      </Fresh>
    </>
  );
}

/** A heading disappears with its column; how the cells are set does not concern it. */
const headClass = (column: string | undefined): string | undefined =>
  column?.split(' ').includes('wide') ? 'wide' : undefined;

/** A record's name, and below it what else there is to say of it. */
export function TwoLines({ strong, children }: { strong: string; children: ComponentChildren }) {
  return (
    <span class="two-lines">
      <span class="strong">{strong}</span>
      {children}
    </span>
  );
}

import { useState } from 'preact/hooks';
import type { PageProps } from '../app.tsx';
import { session, write } from '../core/api.ts';
import { location } from '../core/location.ts';
import { attempt, confirm } from '../core/notices.ts';
import { useResource } from '../core/resource.ts';
import type { Member } from '../types.ts';
import { Empty } from '../ui/feedback.tsx';
import { anchored, Fresh } from '../ui/fresh.tsx';
import { Avatar, roleNames } from '../ui/member.tsx';
import { Filter, PageHeader, Search, settingsTabs, Tabs } from '../ui/page.tsx';
import { ActiveSwitch } from '../ui/switch.tsx';

/** Settings > Users: everybody of the workspace, with a switch that sets them active or inactive. */
export function Users(_props: PageProps) {
  const members = useResource<Member[]>('/members', ['member']);
  // What was switched and not yet answered, by member: shown at once, taken back when it fails.
  const [pending, setPending] = useState<ReadonlyMap<string, boolean>>(new Map());
  const { query } = location.value;
  const text = (query.get('q') ?? '').toLowerCase();
  const status = query.get('status');
  const admin = session.value?.member.role === 'admin';

  const setActive = async (member: Member, active: boolean) => {
    if (!active && !(await confirmInactive(member))) return;
    setPending((before) => new Map(before).set(member.id, active));
    await attempt(
      async () => {
        await write('PATCH', `/users/${member.id}`, { active });
        await members.reload();
      },
      `${member.name} is ${active ? 'active' : 'inactive'}.`,
    );
    setPending((before) => {
      const after = new Map(before);
      after.delete(member.id);
      return after;
    });
  };

  return (
    <>
      <PageHeader title="Users" about="Who can sign in to Acme Success, and what they may do." />
      <Tabs label="Settings" tabs={settingsTabs} />
      <div class="toolbar">
        <Search label="Search by name or email" />
        <Filter
          label="Status"
          param="status"
          any="All"
          options={[
            { value: 'active', label: 'Active' },
            { value: 'inactive', label: 'Inactive' },
          ]}
        />
      </div>
      {!admin && <p class="note">Only admins can change users.</p>}
      <Fresh resource={members} label="users" rows={10}>
        {(list) => {
          const shown = list.filter(
            (member) =>
              `${member.name} ${member.email}`.toLowerCase().includes(text) &&
              (!status || (status === 'active') === (pending.get(member.id) ?? member.active)),
          );
          if (!shown.length) return <Empty icon="owner">Nobody matches these filters.</Empty>;
          return (
            <div class="card table-card">
              <table class="table" data-testid="users">
                <thead>
                  <tr>
                    <th scope="col">Name</th>
                    <th scope="col" class="wide">
                      Email
                    </th>
                    <th scope="col">Role</th>
                    <th scope="col">Status</th>
                    <th scope="col" class="end">
                      Active
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {shown.map((member) => {
                    const active = pending.get(member.id) ?? member.active;
                    return (
                      <tr key={member.id} data-member-id={member.id} {...anchored(member.id)}>
                        <td>
                          <span class="member-cell">
                            <Avatar name={member.name} size={32} />
                            <span class="two-lines">
                              <a class="strong" href={`/settings/users/${member.id}`}>
                                {member.name}
                              </a>
                              <span>{member.title}</span>
                            </span>
                          </span>
                        </td>
                        <td class="wide">{member.email}</td>
                        <td>{roleNames[member.role]}</td>
                        <td>
                          <span class="chip" data-tone={active ? 'good' : 'off'}>
                            {active ? 'Active' : 'Inactive'}
                          </span>
                        </td>
                        <td class="end">
                          <ActiveSwitch
                            id={`active-${member.id}`}
                            name={member.name}
                            active={active}
                            disabled={!admin || pending.has(member.id)}
                            change={(next) => void setActive(member, next)}
                          />
                        </td>
                      </tr>
                    );
                  })}
                </tbody>
              </table>
              <p class="table-foot">{shown.length} users</p>
            </div>
          );
        }}
      </Fresh>
    </>
  );
}

/** The product's own question before somebody loses access. */
export function confirmInactive(member: Pick<Member, 'name'>): Promise<boolean> {
  return confirm({
    title: `Set ${member.name} inactive?`,
    body: 'They are signed out and can no longer sign in. What they own stays with them.',
    confirm: 'Deactivate',
    danger: true,
  });
}

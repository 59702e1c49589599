import { useState } from 'preact/hooks';
import type { PageProps } from '../app.tsx';
import { session, write } from '../core/api.ts';
import { plural } from '../core/format.ts';
import { attempt } from '../core/notices.ts';
import { useResource } from '../core/resource.ts';
import type { Role, UserDetail } from '../types.ts';
import { Fresh } from '../ui/fresh.tsx';
import { Avatar, roleNames } from '../ui/member.tsx';
import { settingsTabs, Tabs, Trail } from '../ui/page.tsx';
import { confirmInactive } from './users.tsx';

/** Settings > Users > one member. */
export function UserPage({ params }: PageProps) {
  const id = params.member ?? '';
  const path = `/users/${encodeURIComponent(id)}`;
  const user = useResource<UserDetail>(path, ['member']);
  const admin = session.value?.member.role === 'admin';
  const [pending, setPending] = useState<{ active?: boolean; role?: Role }>({});

  const save = async (change: { active?: boolean; role?: Role }, done: string) => {
    setPending(change);
    await attempt(async () => {
      await write('PATCH', path, change);
      await user.reload();
    }, done);
    setPending({});
  };
  const busy = Object.keys(pending).length > 0;

  return (
    <Fresh resource={user} label="the user" rows={6}>
      {(member) => {
        const active = pending.active ?? member.active;
        const role = pending.role ?? member.role;
        const setInactive = async () => {
          if (await confirmInactive(member)) await save({ active: false }, `${member.name} is inactive.`);
        };
        return (
          <>
            <header class="page-header" data-testid="member-header" data-member-id={member.id}>
              <div class="page-title">
                <Trail trail={[{ href: '/settings/users', label: 'Users' }]} />
                <div class="member-title">
                  <Avatar name={member.name} size={48} />
                  <div>
                    <h1>{member.name}</h1>
                    <p class="about">
                      {member.title} · {member.email}
                    </p>
                  </div>
                  <span class="chip" data-tone={active ? 'good' : 'off'}>
                    {active ? 'Active' : 'Inactive'}
                  </span>
                </div>
              </div>
              {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields, these are commands */}
              <div class="page-actions" role="group" aria-label="Member actions" data-testid="member-actions">
                <button
                  id="reset-password"
                  type="button"
                  class="button"
                  disabled={!admin || !active}
                  onClick={() =>
                    void attempt(
                      () => write('POST', `${path}/reset-password`),
                      `A link to reset the password was sent to ${member.email}.`,
                    )
                  }
                >
                  Reset password
                </button>
              </div>
            </header>
            <Tabs label="Settings" tabs={settingsTabs} />
            {!admin && <p class="note">Only admins can change users.</p>}
            <div class="columns">
              <section class="card" aria-labelledby="profile-title">
                <h2 id="profile-title">Profile</h2>
                <dl class="facts">
                  <dt>Name</dt>
                  <dd>{member.name}</dd>
                  <dt>Email</dt>
                  <dd>{member.email}</dd>
                  <dt>Title</dt>
                  <dd>{member.title}</dd>
                  <dt>
                    <label for="role">Role</label>
                  </dt>
                  <dd>
                    <select
                      id="role"
                      class="select"
                      value={role}
                      disabled={!admin || busy}
                      onChange={(event) => {
                        const next = event.currentTarget.value as Role;
                        void save({ role: next }, `${member.name} has the role ${roleNames[next]}.`);
                      }}
                    >
                      {Object.entries(roleNames).map(([value, label]) => (
                        <option key={value} value={value}>
                          {label}
                        </option>
                      ))}
                    </select>
                  </dd>
                </dl>
              </section>
              <section class="card" aria-labelledby="access-title">
                <h2 id="access-title">Access</h2>
                <dl class="facts">
                  <dt>Status</dt>
                  <dd>{active ? 'Active, can sign in' : 'Inactive, cannot sign in'}</dd>
                  <dt>Mailbox</dt>
                  <dd>
                    <a href={`/settings/email?member=${member.id}`}>
                      {member.mailbox ? 'Connected' : 'Not connected'}
                    </a>
                  </dd>
                  <dt>Signature</dt>
                  <dd>
                    <a href={`/settings/email/signatures?member=${member.id}`}>
                      {member.signature ? 'Configured' : 'None'}
                    </a>
                  </dd>
                  <dt>API tokens</dt>
                  <dd>
                    <a href={`/settings/developer?member=${member.id}`}>Show</a>
                  </dd>
                </dl>
                <div class="card-actions">
                  {active ? (
                    <button
                      id="set-inactive"
                      type="button"
                      class="button"
                      data-kind="danger-quiet"
                      data-testid="set-inactive"
                      disabled={!admin || busy}
                      onClick={() => void setInactive()}
                    >
                      Set inactive
                    </button>
                  ) : (
                    <button
                      id="set-active"
                      type="button"
                      class="button"
                      disabled={!admin || busy}
                      onClick={() => void save({ active: true }, `${member.name} is active.`)}
                    >
                      Set active
                    </button>
                  )}
                </div>
              </section>
              <section class="card" aria-labelledby="work-title">
                <h2 id="work-title">Work</h2>
                <ul class="plain-list">
                  <li>
                    <a href={`/customers?csm=${member.id}`}>{plural(member.customers, 'customer')}</a> as CSM
                  </li>
                  <li>
                    <a href={`/tasks?assignee=${member.id}`}>{plural(member.openTasks, 'open task')}</a>{' '}
                    assigned
                  </li>
                </ul>
              </section>
            </div>
          </>
        );
      }}
    </Fresh>
  );
}

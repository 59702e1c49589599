import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { signOut } from '../core/api.ts';
import { live } from '../core/live.ts';
import type { Match } from '../routes.ts';
import type { SessionInfo } from '../types.ts';
import { Icon, type IconName, Mark } from './icon.tsx';
import { Avatar } from './member.tsx';

const areas: { area: IconName; href: string; label: string }[] = [
  { area: 'customers', href: '/customers', label: 'Customers' },
  { area: 'tasks', href: '/tasks', label: 'Tasks' },
  { area: 'playbooks', href: '/playbooks', label: 'Playbooks' },
  { area: 'lifecycles', href: '/lifecycles', label: 'Lifecycles' },
  { area: 'insights', href: '/insights', label: 'Insights' },
  { area: 'touchpoints', href: '/touchpoints/approvals', label: 'Touchpoints' },
  { area: 'settings', href: '/settings/users', label: 'Settings' },
];

interface ShellProps {
  session: SessionInfo;
  match: Match | undefined;
  children: ComponentChildren;
}

/** What surrounds every page: the navigation on the left, the signed-in member below it. */
export function Shell({ session, match, children }: ShellProps) {
  const title = match?.title ?? 'Not found';
  useEffect(() => {
    document.title = `${title} · ${session.workspace} · Mooring`;
  }, [title, session.workspace]);
  return (
    <div class="shell">
      <a class="skip" href="#content">
        Skip to the content
      </a>
      <aside class="nav">
        <div class="nav-brand">
          <Mark />
          <div class="nav-words">
            <strong>Mooring</strong>
            <span>{session.workspace}</span>
          </div>
        </div>
        <nav aria-label="Main">
          <ul>
            {areas.map(({ area, href, label }) => (
              <li key={area}>
                <a href={href} title={label} aria-current={match?.area === area ? 'page' : undefined}>
                  <Icon name={area} />
                  <span class="nav-words">{label}</span>
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <div class="nav-foot">
          <p class="nav-live" data-live={live.value}>
            <span class="nav-words">{live.value ? 'Up to date' : 'Reconnecting'}</span>
          </p>
          <div class="nav-member">
            <Avatar name={session.member.name} size={32} />
            <a class="nav-words nav-who" href={`/settings/users/${session.member.id}`}>
              <strong>{session.member.name}</strong>
              <span>{session.member.title}</span>
            </a>
            <button
              type="button"
              class="icon-button"
              aria-label="Sign out"
              title="Sign out"
              onClick={signOut}
            >
              <Icon name="signOut" size={18} />
            </button>
          </div>
        </div>
      </aside>
      <main id="content" tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}

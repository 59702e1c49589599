import { useEffect, useState } from 'preact/hooks';
import type { PageProps } from '../app.tsx';
import { get, signIn } from '../core/api.ts';
import { attempt } from '../core/notices.ts';
import type { Member } from '../types.ts';
import { Failure, Skeleton } from '../ui/feedback.tsx';
import { Icon, Mark } from '../ui/icon.tsx';
import { Avatar, roleNames } from '../ui/member.tsx';

/** Chooses who to be: a demo workspace asks for no password. */
export function SignIn(_props: PageProps) {
  const [options, setOptions] = useState<Member[]>();
  const [error, setError] = useState<string>();
  const [busy, setBusy] = useState<string>();
  const load = () => {
    setError(undefined);
    get<Member[]>('/sign-in-options').then(setOptions, (reason: Error) => setError(reason.message));
  };
  useEffect(load, []);
  useEffect(() => {
    document.title = 'Sign in · Mooring';
  }, []);
  const choose = async (member: string) => {
    setBusy(member);
    await attempt(() => signIn(member));
    setBusy(undefined);
  };
  const admins = options?.filter((member) => member.role === 'admin') ?? [];
  const others = options?.filter((member) => member.role !== 'admin') ?? [];
  return (
    <div class="sign-in">
      <section class="sign-in-brand" aria-label="Mooring">
        <p class="wordmark">
          <Mark size={40} /> Mooring
        </p>
        <h2>Every customer, held close.</h2>
        <p>Books of business, tasks, playbooks and touchpoints of the whole team, in one calm place.</p>
      </section>
      <main class="sign-in-main">
        <h1>Sign in to Acme Success</h1>
        <p class="about">This is a demo workspace. Choose the member you want to be.</p>
        {error && <Failure message={error} retry={load} />}
        {!options && !error && <Skeleton rows={6} label="members" />}
        {options && (
          <>
            <h2>Admins</h2>
            <MemberList list={admins} busy={busy} choose={choose} />
            <h2>Managers and CSMs</h2>
            <MemberList list={others} busy={busy} choose={choose} />
          </>
        )}
      </main>
    </div>
  );
}

interface MemberListProps {
  list: Member[];
  busy: string | undefined;
  choose(member: string): Promise<void>;
}

function MemberList({ list, busy, choose }: MemberListProps) {
  return (
    <ul class="sign-in-list">
      {list.map((member) => (
        <li key={member.id}>
          <button
            type="button"
            data-member-id={member.id}
            disabled={busy !== undefined}
            onClick={() => void choose(member.id)}
          >
            <Avatar name={member.name} size={36} />
            <span class="two-lines">
              <strong>{member.name}</strong>
              <span>
                {member.title} · {member.email}
              </span>
            </span>
            <span class="chip" data-tone={member.role === 'admin' ? 'accent' : 'plain'}>
              {roleNames[member.role]}
            </span>
            <Icon name="chevron" size={16} />
          </button>
        </li>
      ))}
    </ul>
  );
}

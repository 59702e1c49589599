import { useState } from 'preact/hooks';
import { members, nameOf } from '../core/members.ts';
import { attempt } from '../core/notices.ts';
import type { Role } from '../types.ts';

export const roleNames: Record<Role, string> = { admin: 'Admin', manager: 'Manager', csm: 'CSM' };

/** Initials in a circle; the name is said beside it. */
export function Avatar({ name, size = 28 }: { name: string; size?: number }) {
  const initials = name
    .split(/\s+/)
    .map((part) => part.charAt(0))
    .slice(0, 2)
    .join('');
  let sum = 0;
  for (const character of name) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 997;
  return (
    <span class="avatar" data-hue={sum % 6} data-size={size} aria-hidden="true">
      {initials.toUpperCase()}
    </span>
  );
}

/** A member as text with initials, in a table or a list. */
export function MemberName({ id }: { id: string | null }) {
  if (!id) return <span class="faint">Nobody</span>;
  const member = members.value.get(id);
  return (
    <span class="member-name">
      <Avatar name={nameOf(id)} size={24} />
      <a href={`/settings/users/${id}`}>{nameOf(id)}</a>
      {member && !member.active && (
        <span class="chip" data-tone="off">
          Inactive
        </span>
      )}
    </span>
  );
}

interface OwnerSelectProps {
  id: string;
  /** The accessible name, such as "Assignee of Send the renewal quote". */
  label: string;
  value: string | null;
  /** Offers "Nobody". */
  optional?: boolean;
  disabled?: boolean;
  save(member: string | null): Promise<unknown>;
}

/** Chooses an active member; shows the choice at once and goes back when it could not be saved. */
export function OwnerSelect({ id, label, value, optional, disabled, save }: OwnerSelectProps) {
  const [pending, setPending] = useState<string | undefined>();
  const shown = pending ?? value ?? '';
  const list = [...members.value.values()].filter((member) => member.active || member.id === shown);
  const names = new Map<string, number>();
  for (const { name } of list) names.set(name, (names.get(name) ?? 0) + 1);
  const change = async (next: string) => {
    setPending(next);
    await attempt(() => save(next || null), `Saved: ${label}, ${next ? nameOf(next) : 'nobody'}.`);
    setPending(undefined);
  };
  return (
    <select
      id={id}
      class="select owner"
      aria-label={label}
      value={shown}
      disabled={disabled || pending !== undefined}
      onChange={(event) => void change(event.currentTarget.value)}
    >
      {(optional || shown === '') && <option value="">Nobody</option>}
      {shown !== '' && !members.value.has(shown) && <option value={shown}>{shown}</option>}
      {list.map((member) => (
        <option key={member.id} value={member.id}>
          {member.name}
          {(names.get(member.name) ?? 0) > 1 ? ` (${member.email})` : ''}
          {member.active ? '' : ' (inactive)'}
        </option>
      ))}
    </select>
  );
}

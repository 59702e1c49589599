import { signal } from '@preact/signals';
import type { Member } from '../types.ts';
import { get } from './api.ts';
import { listen } from './live.ts';

/** All members of the workspace by id, for names, avatars and pickers. */
export const members = signal<ReadonlyMap<string, Member>>(new Map());

/** Reads the members and reads them again whenever one changes; returns how to stop. */
export function followMembers(): () => void {
  const read = async () => {
    try {
      const list = await get<Member[]>('/members');
      members.value = new Map(list.map((member) => [member.id, member]));
    } catch {
      // The page that is shown says what went wrong; names appear with the next event.
    }
  };
  void read();
  return listen((topic) => {
    if (topic === 'member') void read();
  });
}

/** The name to show for a member's id. */
export function nameOf(id: string | null | undefined): string {
  if (!id) return 'Nobody';
  return members.value.get(id)?.name ?? id;
}

import { createModel, effect, signal } from '@preact/signals';
import type { Member } from '../offboarding/model.ts';
import type { PanelDependencies } from './dependencies.ts';

/** Members are kept up to here; a larger workspace is searched as one types. */
const most = 5_000;

/** The members of a connection, by id, as far as they were met; `all` when that is everybody. */
export const Members = createModel((dependencies: PanelDependencies, connection: string) => {
  const byId = signal<ReadonlyMap<string, Member>>(new Map());
  const all = signal(false);
  const failed = signal<string | undefined>(undefined);
  let stopped = false;

  const learn = (members: readonly Member[]): void => {
    const next = new Map(byId.peek());
    for (const member of members) next.set(member.id, member);
    byId.value = next;
  };
  const ask = (text: string, cursor?: string) =>
    dependencies.send('member.search', {
      connection,
      text,
      ...(cursor === undefined ? {} : { cursor }),
    });
  const load = async (): Promise<void> => {
    if (stopped) return;
    failed.value = undefined;
    let cursor: string | undefined;
    do {
      const reply = await ask('', cursor);
      if (stopped) return;
      if (!reply.ok) {
        failed.value = reply.refusal.detail;
        return;
      }
      learn(reply.value.members);
      cursor = reply.value.cursor;
    } while (cursor !== undefined && byId.peek().size < most);
    all.value = cursor === undefined;
  };

  effect(() => {
    dependencies.painted(() => void load());
    return () => {
      stopped = true;
    };
  });

  return {
    byId,
    all,
    failed,
    reload: load,
    /**
     * Members whose name or email address holds the text, by name. Asks the workspace where not everybody is known
     * here; rejects with its words when it does not answer.
     */
    async find(text: string): Promise<Member[]> {
      if (!all.peek()) {
        const reply = await ask(text);
        if (!reply.ok) throw new Error(reply.refusal.detail);
        learn(reply.value.members);
      }
      const wanted = text.trim().toLowerCase();
      const order = new Intl.Collator(dependencies.locale);
      return [...byId.peek().values()]
        .filter(({ name, email }) => `${name}\n${email}`.toLowerCase().includes(wanted))
        .sort((a, b) => order.compare(a.name, b.name) || order.compare(a.email, b.email));
    },
  };
});

/** A member's display name, or their id while nothing more is known. */
export function nameOf(members: ReadonlyMap<string, Member>, id: string): string {
  return members.get(id)?.name ?? id;
}

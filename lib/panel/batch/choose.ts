import { computed, createModel, effect, signal } from '@preact/signals';
import type { ConnectionView, Refusal } from '../../messages/protocol.ts';
import type { Member } from '../../offboarding/model.ts';
import { type PastedName, parsePasted } from '../../offboarding/paste.ts';
import { batchLimit } from '../../offboarding/states.ts';
import type { PageIdentity } from '../../workspace/port.ts';
import type { PanelDependencies } from '../dependencies.ts';

/** What became of one pasted name. */
export interface PastedLine extends PastedName {
  state: 'added' | 'chosen' | 'unknown' | 'ambiguous' | Unfit | 'tooMany';
  /** Whom it names; several where it is ambiguous. */
  members: readonly Member[];
}

/** Why somebody cannot be chosen. */
export type Unfit = 'inactive' | 'self' | 'open';

/** Why a member cannot be part of a batch; undefined when they can. */
export function unfit(member: Member): Unfit | undefined {
  if (member.self) return 'self';
  if (!member.active) return 'inactive';
  return member.leaving ? 'open' : undefined;
}

/**
 * Who shall be offboarded together: looked for, ticked, or pasted as a list. `page`: what the page that led here says of
 * who is signed in.
 */
export const Choose = createModel(
  (dependencies: PanelDependencies, connectionId: string, page?: PageIdentity) => {
    const connection = signal<ConnectionView | undefined>(undefined);
    const query = signal('');
    const results = signal<readonly Member[] | undefined>(undefined);
    const cursor = signal<string | undefined>(undefined);
    const searching = signal(false);
    const chosen = signal<ReadonlyMap<string, Member>>(new Map());
    const pasted = signal<readonly PastedLine[] | undefined>(undefined);
    const finding = signal(false);
    const opening = signal(false);
    const refusal = signal<Refusal | undefined>(undefined);
    let asked = 0;

    /** Looks for members; with `more`, for the next ones. The latest question wins. */
    const search = async (more = false): Promise<void> => {
      const question = ++asked;
      searching.value = true;
      const from = more ? cursor.peek() : undefined;
      const reply = await dependencies.send('member.search', {
        connection: connectionId,
        text: query.peek().trim(),
        ...(from === undefined ? {} : { cursor: from }),
      });
      if (question !== asked) return;
      searching.value = false;
      refusal.value = reply.ok ? undefined : reply.refusal;
      if (!reply.ok) return;
      results.value = [...(more ? (results.peek() ?? []) : []), ...reply.value.members];
      cursor.value = reply.value.cursor;
    };
    const choose = (members: readonly Member[], wanted: boolean): void => {
      const next = new Map(chosen.peek());
      for (const member of members)
        if (!wanted) next.delete(member.id);
        else if (!unfit(member) && next.size < batchLimit) next.set(member.id, member);
      chosen.value = next;
    };
    const room = computed(() => batchLimit - chosen.value.size);

    effect(() => {
      void search();
      void dependencies.send('connection.list', {}).then((reply) => {
        if (reply.ok) connection.value = reply.value.connections.find(({ id }) => id === connectionId);
      });
    });

    return {
      connection,
      query,
      results,
      cursor,
      searching,
      chosen,
      pasted,
      finding,
      opening,
      refusal,
      room,
      search,
      /** All fit ones that are shown are chosen; none; or some. */
      shown: computed<boolean | 'mixed'>(() => {
        const fit = (results.value ?? []).filter((member) => !unfit(member));
        const count = fit.filter(({ id }) => chosen.value.has(id)).length;
        return count === 0 ? false : count === fit.length ? true : 'mixed';
      }),
      choose,
      clear(): void {
        chosen.value = new Map();
      },
      /** Asks the workspace whom a pasted text names, and chooses whoever is clear. */
      async paste(text: string): Promise<void> {
        const names = parsePasted(text);
        const asking = names.slice(0, batchLimit);
        if (asking.length === 0) {
          pasted.value = [];
          return;
        }
        finding.value = true;
        const reply = await dependencies.send('member.find', {
          connection: connectionId,
          // No workspace knows a longer name, and the message has a limit.
          names: asking.map(({ name }) => name.slice(0, 320)),
        });
        finding.value = false;
        refusal.value = reply.ok ? undefined : reply.refusal;
        if (!reply.ok) return;
        const found = new Map(reply.value.found.map(({ name, members }) => [name.toLowerCase(), members]));
        const lines: PastedLine[] = [];
        for (const [index, each] of names.entries()) {
          const members = found.get(each.name.slice(0, 320).toLowerCase()) ?? [];
          const [only] = members;
          const line = (state: PastedLine['state']): number => lines.push({ ...each, state, members });
          if (index >= batchLimit) line('tooMany');
          else if (!only) line('unknown');
          else if (members.length > 1) line('ambiguous');
          else if (unfit(only)) line(unfit(only) ?? 'open');
          else if (chosen.peek().has(only.id)) line('chosen');
          else if (chosen.peek().size >= batchLimit) line('tooMany');
          else {
            choose([only], true);
            line('added');
          }
        }
        pasted.value = lines;
        dependencies.voice.polite(
          dependencies.text('bulk_pasted_spoken', {
            added: lines.filter(({ state }) => state === 'added').length,
            others: lines.filter(({ state }) => state !== 'added').length,
          }),
        );
      },
      /** Who is meant by an ambiguous name. */
      settle(name: string, member: Member): void {
        choose([member], true);
        pasted.value = (pasted.peek() ?? []).map((line) =>
          line.name === name ? { ...line, state: unfit(member) ?? 'added', members: [member] } : line,
        );
      },
      /** Makes the batch; resolves with its id, or undefined when that was refused. */
      async open(): Promise<string | undefined> {
        opening.value = true;
        const members = [...chosen.peek().values()].map(({ id, name, email, active }) => ({
          id,
          name,
          email,
          active,
        }));
        const reply = await dependencies.send('batch.open', {
          connection: connectionId,
          members,
          ...(page && { page }),
        });
        opening.value = false;
        refusal.value = reply.ok ? undefined : reply.refusal;
        return reply.ok ? reply.value.batch : undefined;
      },
    };
  },
);

export type ChooseModel = InstanceType<typeof Choose>;

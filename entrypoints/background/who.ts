import { Refused } from '../../lib/messages/refused.ts';
import type { Origin } from '../../lib/messages/server.ts';
import type { Member } from '../../lib/offboarding/model.ts';
import { profileAt } from '../../lib/overlay/addresses.ts';
import type { Connection } from '../../lib/store/store.ts';
import type { PageProfile } from '../../lib/workspace/page-profile.ts';
import type { Workspace } from '../../lib/workspace/port.ts';
import type { Connections } from './connections.ts';

/** What a page shows, or a row of it, that may name a member. */
export interface Shown {
  headings: readonly string[];
  emails: readonly string[];
}

/** Who is meant by what a page shows, and by which of its own texts. */
export interface Recognised {
  member: string | null;
  name: string;
  email: string;
  /** It is nobody's for certain only without this: it names somebody who cannot be told from another one. */
  unsure?: true;
}

/** Members whose name or address holds a text. */
type Find = (text: string) => Promise<readonly Member[]>;

/** How the overlay names a member of whom the page gives an address and no id. */
const byEmail = 'email:';
/** An answer holds for so long, milliseconds: a page that draws itself anew asks again and again. */
const lifetime = 60_000;

const tidy = (text: string): string => text.trim().replace(/\s+/gu, ' ').toLowerCase();

/**
 * The one member whom a page is about: first by its headings, where namesakes are told apart by the addresses beside
 * them, and who has none of the addresses that are shown is not meant; else by the only address that is a member's.
 * Null where that is nobody, or not one alone; `unsure` where a heading names somebody all the same.
 */
export async function recognise({ headings, emails }: Shown, find: Find): Promise<Recognised> {
  const addresses = new Set(emails.map(tidy));
  const named = new Map<string, { member: Member; text: string }>();
  for (const text of headings)
    for (const member of await find(text))
      if (
        !member.nameAlone &&
        [member.name, member.email].some((each) => each !== '' && tidy(each) === tidy(text))
      )
        named.set(member.id, { member, text });
  const found = [...named.values()];
  const shown = found.filter(({ member }) => addresses.has(tidy(member.email)));
  const [only, ...others] = shown.length > 0 ? shown : found;
  // Somebody of that name whose address is another one is a namesake, of whom nothing is known here.
  const isNamesake =
    shown.length === 0 && addresses.size > 0 && only !== undefined && only.member.email !== '';
  if (only)
    return others.length > 0 || isNamesake
      ? { member: null, name: '', email: '', unsure: true }
      : {
          member: only.member.id,
          name: only.text,
          email: emails.find((each) => tidy(each) === tidy(only.member.email)) ?? '',
        };
  const byAddress = new Map<string, string>();
  for (const email of emails) for (const { id } of await membersOf(email, find)) byAddress.set(id, email);
  const [first, ...more] = byAddress;
  return first && more.length === 0
    ? { member: first[0], name: '', email: first[1] }
    : { member: null, name: '', email: '' };
}

/** Every member with exactly this address, whatever its case. */
async function membersOf(email: string, find: Find): Promise<Member[]> {
  return (await find(email)).filter((member) => tidy(member.email) === tidy(email));
}

/** What the overlay speaks of: its page's connection, and the member whom it means. */
export interface About {
  connection: Connection;
  workspace: Workspace;
  member: string;
}

/** Finds out whom the overlay means. `now` in milliseconds. */
export function createWho(
  connections: Pick<Connections, 'ofPage' | 'workspace'>,
  now: () => number = () => Date.now(),
) {
  const found = new Map<string, { at: number; members: Promise<readonly Member[]> }>();

  const connected = async (origin: Origin): Promise<Connection> => {
    const connection = await connections.ofPage(origin);
    if (!connection) throw new Refused('notConnected', 'This site is not connected.');
    return connection;
  };
  const finder =
    (connection: string, workspace: Workspace, signal?: AbortSignal): Find =>
    async (text) => {
      const key = JSON.stringify([connection, tidy(text)]);
      const known = found.get(key);
      if (known && now() - known.at < lifetime) return known.members;
      // Old answers are of no use any more, and a page could bring ever new texts.
      for (const [old, { at }] of found) if (now() - at >= lifetime) found.delete(old);
      const members = workspace.members({ text: text.trim(), limit: 20 }, signal).then(({ items }) => items);
      found.set(key, { at: now(), members });
      members.catch(() => found.delete(key));
      return members;
    };

  return {
    connected,

    /** Whose page it is. Throws Refused, WorkspaceError. */
    async recognise(origin: Origin, shown: Shown): Promise<Recognised> {
      const { id } = await connected(origin);
      return recognise(shown, finder(id, await connections.workspace(id)));
    },

    /** Those of these texts that are a known member's whole name or address. Throws WorkspaceError. */
    async personsAmong(
      connection: string,
      workspace: Workspace,
      texts: readonly string[],
    ): Promise<string[]> {
      const find = finder(connection, workspace);
      const found: string[] = [];
      for (const text of texts)
        if (
          (await find(text)).some(({ name, email }) =>
            [name, email].some((each) => tidy(each) === tidy(text)),
          )
        )
          found.push(text);
      return found;
    },

    /**
     * Who is meant by the overlay's name for a member. Throws Refused: `notConnected`, or `memberGone` where an
     * address is not that of one member; WorkspaceError.
     */
    async about(origin: Origin, reference: string, signal?: AbortSignal): Promise<About> {
      const connection = await connected(origin);
      const workspace = await connections.workspace(connection.id);
      if (!reference.startsWith(byEmail)) {
        const member = workspace.memberId?.(reference) ?? reference;
        if (isBehind(workspace, origin, member))
          throw new Refused('stale', 'The page around this frame went on to another member.');
        return { connection, workspace, member };
      }
      const email = reference.slice(byEmail.length);
      const [only, ...others] = await membersOf(email, finder(connection.id, workspace, signal));
      if (!only || others.length > 0)
        throw new Refused('memberGone', 'No single member of the workspace has this address.');
      return { connection, workspace, member: only.id };
    },
  };
}

/** Where a page is, as far as the browser tells it. */
export const addressOf = ({ address, origin }: Pick<Origin, 'address' | 'origin'>): URL =>
  new URL(address ?? origin);

/** The profile of the page that asks, and whom its address names. */
export const profileOf = (
  pages: PageProfile,
  { origin, address, frame }: Origin,
): ReturnType<typeof profileAt> =>
  profileAt(pages, addressOf({ address, origin }), frame && new URL(frame.top));

/** Whether a frame that is told its member by the page around it is behind what that shows by now. */
function isBehind({ pages, memberId }: Workspace, origin: Origin, member: string): boolean {
  if (!origin.frame) return false;
  const { about, byTop } = profileOf(pages, origin);
  return byTop && about !== undefined && (memberId?.(about) ?? about) !== member;
}

export type Who = ReturnType<typeof createWho>;

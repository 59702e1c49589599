import { z } from 'zod';
import type { Attempt } from '../../offboarding/attempt.ts';
import type { Member } from '../../offboarding/model.ts';
import type { Clock } from '../dispatcher.ts';
import { WorkspaceError } from '../errors.ts';
import type { MemberQuery, Page } from '../port.ts';
import type { Session } from './session.ts';
import { scimExtension, scimListSchema, scimUserSchema } from './wire.ts';

/** Members by SCIM 2.0 (RFC 7643, RFC 7644). */
export interface People {
  /** A page of the members that match; a member of that id, or nobody, when the query names one. */
  members(query: MemberQuery, signal?: AbortSignal): Promise<Page<Member>>;
  /** Throws `gone` when there is no such member. */
  member(id: string, signal?: AbortSignal): Promise<Member>;
  /**
   * Sets a member active or inactive and reads back that it is so, again after the settling time; throws `conflict`
   * when it is not.
   */
  setActive(member: string, active: boolean, attempt: Attempt, signal: AbortSignal): Promise<void>;
}

const mediaType = 'application/scim+json';
const defaultPage = 50;

/**
 * Members at `scim`, the base of SCIM; `pageSize` is the most that one page may hold, and after `settle` milliseconds
 * the workspace shows what it has accepted.
 */
export function createPeople(
  session: Session,
  scim: string,
  clock: Clock,
  { pageSize, settle }: { pageSize: number; settle: number },
): People {
  const url = (id: string) => `${scim}/Users/${encodeURIComponent(id)}`;

  async function member(id: string, signal?: AbortSignal): Promise<Member> {
    const user = await session.send({
      method: 'GET',
      url: url(id),
      write: false,
      schema: scimUserSchema,
      mediaType,
      signal,
    });
    if (user.id !== id)
      throw new WorkspaceError('invalid', 'Expected the member that was asked for, got another one.');
    return toMember(user);
  }

  async function members(query: MemberQuery, signal?: AbortSignal): Promise<Page<Member>> {
    if (query.id !== undefined) return one(query.id, signal);
    const startIndex = query.cursor === undefined ? 1 : startOf(query.cursor);
    const count = Math.min(query.limit ?? defaultPage, pageSize);
    const parameters = new URLSearchParams({
      startIndex: String(startIndex),
      count: String(count),
      sortBy: 'displayName',
    });
    const text = query.text?.trim();
    if (text) parameters.set('filter', filterFor(text));
    const list = await session.send({
      method: 'GET',
      url: `${scim}/Users?${parameters}`,
      write: false,
      schema: scimListSchema,
      mediaType,
      signal,
    });
    const next = startIndex + list.Resources.length;
    return {
      items: list.Resources.map(toMember),
      total: list.totalResults,
      // An empty page ends the list whatever the total says: no endless asking.
      ...(list.Resources.length > 0 && next <= list.totalResults && { cursor: String(next) }),
    };
  }

  async function one(id: string, signal?: AbortSignal): Promise<Page<Member>> {
    try {
      return { items: [await member(id, signal)], total: 1 };
    } catch (error) {
      if (error instanceof WorkspaceError && error.kind === 'gone') return { items: [], total: 0 };
      throw error;
    }
  }

  async function setActive(
    id: string,
    active: boolean,
    attempt: Attempt,
    signal: AbortSignal,
  ): Promise<void> {
    await session.send({
      method: 'PATCH',
      url: url(id),
      write: true,
      schema: z.unknown(),
      mediaType,
      headers: {
        'idempotency-key': attempt.key,
        ...(attempt.fence !== undefined && {
          'offboarding-run': attempt.run,
          'offboarding-fence': String(attempt.fence),
        }),
      },
      body: {
        schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
        Operations: [{ op: 'replace', path: 'active', value: active }],
      },
      lock: attempt.changes.map((change) => change.lock),
      flow: attempt.run,
      by: attempt.by,
      signal,
    });
    let now = await confirmed(() => member(id, signal));
    if (now.active !== active)
      now = await confirmed(async () => {
        await clock.sleep(settle, signal);
        return member(id, signal);
      });
    if (now.active !== active)
      throw new WorkspaceError(
        'conflict',
        `The workspace accepted the change, but the member is still ${now.active ? 'active' : 'inactive'}.`,
      );
  }

  return { members, member, setActive };
}

/** After a write was accepted, a failed look at the result leaves open whether it took effect. */
async function confirmed<T>(look: () => Promise<T>): Promise<T> {
  try {
    return await look();
  } catch (error) {
    const known = error instanceof WorkspaceError ? error : undefined;
    const detail = known?.message ?? 'The request was called off.';
    throw new WorkspaceError(known?.kind ?? 'transient', detail, {
      applied: 'maybe',
      retryAfter: known?.retryAfter,
      status: known?.status,
      cause: error,
    });
  }
}

/** SCIM's filter language (RFC 7644, 3.4.2.2); its strings are JSON strings. */
const filterFor = (text: string): string =>
  ['displayName', 'userName', 'emails.value']
    .map((field) => `${field} co ${JSON.stringify(text)}`)
    .join(' or ');

function startOf(cursor: string): number {
  if (!/^[1-9]\d{0,8}$/.test(cursor))
    throw new WorkspaceError('invalid', 'Expected a place in the list of members, got another cursor.');
  return Number(cursor);
}

function toMember(user: z.infer<typeof scimUserSchema>): Member {
  const facts = user[scimExtension];
  const email = user.emails?.find((entry) => entry.primary) ?? user.emails?.[0];
  const holds: Record<string, number> = {};
  if (facts?.customers !== undefined) holds.customers = facts.customers;
  if (facts?.tasks !== undefined) holds.tasks = facts.tasks;
  return {
    id: user.id,
    name: user.displayName || user.userName,
    email: email?.value ?? user.userName,
    active: user.active,
    admin: user.roles ? (user.roles.some((role) => role.value === 'admin') ? 'yes' : 'no') : 'unknown',
    ...(user.title && { title: user.title }),
    ...(facts && { sender: { mailbox: facts.mailbox, signature: facts.signature }, holds }),
  };
}

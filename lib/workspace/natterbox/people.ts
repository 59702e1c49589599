import { z } from 'zod';
import type { Member } from '../../offboarding/model.ts';
import type { Clock } from '../dispatcher.ts';
import { WorkspaceError } from '../errors.ts';
import type { MemberQuery, Page } from '../port.ts';
import { type Client, checkNext, flagAt, idAt, lookupAt, type Row, textAt } from './client.ts';
import { natterboxUser, type OrgModel } from './schema.ts';
import { containing, isRecordId, literal } from './soql.ts';

/** The fields of a Natterbox user that a member is made of; those that the org has are asked for. */
export const memberFields = [
  'Name',
  'nbavs__Enabled__c',
  'nbavs__Username__c',
  'nbavs__SipExtension__c',
  'nbavs__User__c',
  'nbavs__User__r.Name',
  'nbavs__User__r.Username',
  'nbavs__User__r.Email',
  'nbavs__User__r.IsActive',
];
const searched = [
  'Name',
  'nbavs__Username__c',
  'nbavs__SipExtension__c',
  'nbavs__User__r.Email',
  'nbavs__User__r.Username',
];

const defaultPage = 50;

/** Where a list is: the page of the query (null: the first), and how many of its records were given out. */
const cursorSchema = z.tuple([z.string().nullable(), z.int().nonnegative()]);

/**
 * Natterbox users that match, by name; `viewer`: the Salesforce user who acts, where known. The platform's pages cannot be made as small as a caller may want them, so
 * a page is given out in parts.
 */
export async function findMembers(
  client: Client,
  org: OrgModel,
  query: MemberQuery,
  viewer?: string,
  signal?: AbortSignal,
): Promise<Page<Member>> {
  if (query.id !== undefined && !isRecordId(query.id)) return { items: [], total: 0 };
  const [next, given] = query.cursor === undefined ? [null, 0] : placeOf(query.cursor);
  const page = await client.page(
    next === null ? { soql: soqlFor(org, query) } : { next: checkNext(next) },
    signal,
  );
  const end = given + (query.limit ?? defaultPage);
  const following: z.infer<typeof cursorSchema> | undefined =
    end < page.rows.length ? [next, end] : page.next === undefined ? undefined : [page.next, 0];
  return {
    items: page.rows.slice(given, end).map((row) => toMember(org, row, viewer)),
    total: page.total,
    ...(following && { cursor: JSON.stringify(following) }),
  };
}

function soqlFor(org: OrgModel, { id, text }: MemberQuery): string {
  const fields = ['Id', ...org.present(natterboxUser, memberFields)];
  const words = text?.trim();
  const where =
    id !== undefined
      ? ` WHERE Id = ${literal(id)}`
      : words
        ? ` WHERE ${org
            .present(natterboxUser, searched)
            .map((field) => `${field} LIKE ${containing(words)}`)
            .join(' OR ')}`
        : '';
  return `SELECT ${fields.join(', ')} FROM ${natterboxUser}${where} ORDER BY Name, Id`;
}

function placeOf(cursor: string): z.infer<typeof cursorSchema> {
  try {
    return cursorSchema.parse(JSON.parse(cursor));
  } catch (error) {
    throw new WorkspaceError('invalid', 'Expected a place in the list of members, got another cursor.', {
      cause: error,
    });
  }
}

/** For so long it is not asked again which Natterbox users a person is, milliseconds. */
const ownLifetime = 60_000;

/** Which Natterbox users a Salesforce user is: as a rule one, or none. */
export function createOwnMembers(client: Client, clock: Pick<Clock, 'now'>) {
  const known = new Map<string, { at: number; members: Promise<string[]> }>();
  return {
    async of(user: string, signal?: AbortSignal): Promise<string[]> {
      const last = known.get(user);
      if (last && clock.now().getTime() - last.at < ownLifetime) return last.members;
      const members = client
        .query(`SELECT Id FROM ${natterboxUser} WHERE nbavs__User__c = ${literal(user)}`, signal)
        .then((rows) => rows.map((row) => idAt(row, 'Id')))
        .catch((error: unknown) => {
          // Where the link is hidden the survey says so, and nobody is told to be somebody else.
          if (error instanceof WorkspaceError && error.kind === 'unsupported') return [];
          known.delete(user);
          throw error;
        });
      known.set(user, { at: clock.now().getTime(), members });
      return members;
    },
  };
}

/**
 * A row with the member fields as a member; `viewer`: the Salesforce user who acts. Whether they administer anything is
 * not for a record to say. Throws `invalid` where the row lacks what the org has.
 */
export function toMember(org: OrgModel, row: Row, viewer?: string): Member {
  const id = idAt(row, 'Id');
  const linked = org.has(natterboxUser, 'nbavs__User__c') ? lookupAt(row, 'nbavs__User__c') : undefined;
  const extension = textAt(row, 'nbavs__SipExtension__c');
  return {
    id,
    name: textAt(row, 'Name') ?? id,
    email:
      textAt(row, 'nbavs__User__r.Email') ??
      textAt(row, 'nbavs__User__r.Username') ??
      textAt(row, 'nbavs__Username__c') ??
      '',
    // Where the field is hidden nobody can be seen to be inactive.
    active: !org.has(natterboxUser, 'nbavs__Enabled__c') || flagAt(row, 'nbavs__Enabled__c'),
    admin: 'unknown',
    ...(extension !== undefined && { title: `Extension ${extension}` }),
    ...(viewer !== undefined && linked === viewer && { self: true }),
  };
}

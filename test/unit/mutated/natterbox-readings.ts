import { expect } from 'vitest';
import type { Item, Member, Value } from '../../../lib/offboarding/model.ts';
import type { Page } from '../../../lib/workspace/port.ts';
import { licenceFields } from '../../sandbox/natterbox/metadata.ts';
import { natterboxUserId, people, salesforceUserId } from '../../sandbox/natterbox/seed.ts';
import type { Asked } from './natterbox-world.ts';

/** What answers of a Natterbox org say, read without the connector; and which answers there are. */

export const leaver = natterboxUserId(people.leaver);

export type Row = Record<string, unknown>;
export const rowsIn = (body: unknown): Row[] => (body as { records: Row[] }).records;
export const said = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;
export const parentOf = (row: Row, path: string): Row => (row[path] ?? {}) as Row;

/** A record of a Natterbox user as a member. */
export const memberIn = (row: Row): Member => {
  const user = parentOf(row, 'nbavs__User__r');
  const extension = said(row.nbavs__SipExtension__c);
  return {
    id: row.Id as string,
    name: said(row.Name) ?? (row.Id as string),
    email: said(user.Email) ?? said(user.Username) ?? said(row.nbavs__Username__c) ?? '',
    active: row.nbavs__Enabled__c as boolean,
    admin: 'unknown',
    ...(extension !== undefined && { title: `Extension ${extension}` }),
    ...(row.nbavs__User__c === salesforceUserId(people.admin) && { self: true }),
  };
};

export const licences = licenceFields.map(({ name }) => name);
/** How many of each category rows of these queries say, by the object that they are of. */
export const countsIn: Record<string, (rows: Row[]) => number> = {
  groups: (rows) => rows.length,
  groupAdministrators: (rows) => rows.length,
  numbers: (rows) => rows.length,
  recordingAccess: (rows) => rows.length,
  profile: ([user]) => (said(user?.nbavs__AvailabilityProfile__c) === undefined ? 0 : 1),
  licences: ([user]) => licences.filter((name) => user?.[name] === true).length,
};
export const readFrom: Record<string, string> = {
  groups: 'FROM nbavs__GroupMember__c',
  groupAdministrators: 'FROM nbavs__GroupAdministrator__c',
  numbers: 'FROM nbavs__PhoneNumber__c',
  recordingAccess: 'FROM nbavs__RecordingAccess__c',
};

export const valueIn: Record<string, (row: Row, ref: string) => Value> = {
  groups: (row) => (row.nbavs__User__c ? { member: row.nbavs__User__c as string } : { absent: true }),
  licences: (row, ref) => ({ flag: row[ref.split('.')[1] ?? ''] as boolean }),
};
/** Each item of a page is a membership that its row says, of the leaver. */
export function checkGroups(page: Page<Item>, rows: readonly Row[]): void {
  expect(page.items.map(({ ref, lock, value }) => [ref, lock, value])).toEqual(
    rows.map(({ Id, nbavs__Group__c }) => [Id, nbavs__Group__c, { member: leaver }]),
  );
  // The first 15 characters of an id say it all.
  expect(rows.every((row) => String(row.nbavs__User__c).slice(0, 15) === leaver.slice(0, 15))).toBe(true);
  expect(page.items.map(({ title }) => title)).toEqual(
    rows.map((row) => said(parentOf(row, 'nbavs__Group__r').Name) ?? row.nbavs__Group__c),
  );
}

const query =
  (pattern: RegExp) =>
  ({ method, path }: Asked): boolean =>
    method === 'GET' && path.includes('/query?') && pattern.test(path);
export const kinds = {
  userInfo: ({ path }: Asked) => path === '/services/oauth2/userinfo',
  describe: ({ path }: Asked) => path.endsWith('/sobjects/nbavs__User__c/describe'),
  describeMember: ({ path }: Asked) => path.endsWith('/sobjects/nbavs__GroupMember__c/describe'),
  packages: ({ path }: Asked) => path.includes('/tooling/query'),
  first: ({ path, body }: Asked) => path.endsWith('/composite') && body.includes(`WHERE%20Id%20%3D`),
  second: ({ path, body }: Asked) => path.endsWith('/composite') && !body.includes(`FROM%20nbavs__User__c`),
  search: query(/FROM nbavs__User__c WHERE .*LIKE/),
  named: query(/FROM nbavs__User__c WHERE .* IN \('dana/),
  leaving: query(/COUNT\(Id\) members .* WHERE nbavs__User__c IN/),
  groups: query(/FROM nbavs__GroupMember__c WHERE nbavs__User__c = '[^']*' ORDER/),
  user: query(/FROM nbavs__User__c WHERE Id = '[^']*' ORDER/),
  readGroups: query(/SELECT Id, nbavs__User__c FROM nbavs__GroupMember__c WHERE Id IN/),
  readLicences: query(/SELECT Id, nbavs__PBX__c.* FROM nbavs__User__c WHERE Id IN/),
  readActive: query(/SELECT Id, nbavs__Enabled__c FROM nbavs__User__c WHERE Id IN/),
  remove: ({ method }: Asked) => method === 'DELETE',
  update: ({ method }: Asked) => method === 'PATCH',
} satisfies Record<string, (asked: Asked) => boolean>;

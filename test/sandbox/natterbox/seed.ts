import type { SQLInputValue } from 'node:sqlite';
import type { Database } from '../database.ts';
import { recordId } from './ids.ts';
import { licenceFields, objectNamed } from './metadata.ts';
import { cast, firstNames, groups, lastNames, profiles, routingPolicies } from './names.ts';

/** How many Natterbox users the demo org has. */
export const demoUsers = 120;
/** How many the large one has. */
export const largeUsers = 2_000;

export const salesforceUserId = (number: number): string => recordId('005', number);
export const natterboxUserId = (number: number): string => recordId('a0U', number);
export const groupId = (number: number): string => recordId('a0G', number);

/** Users by number who play a part: what holds for them is said in the demo org's seed below. */
export const people = {
  admin: 1,
  otherAdmin: 2,
  /** In six groups, with profile, licences, numbers, a desk phone and a soft phone. */
  leaver: 3,
  /** Takes over a membership in tests. */
  colleague: 4,
  otherColleague: 5,
  /** Nothing but the webphone. */
  idle: 40,
  /** The linked Salesforce user is inactive, and there is none. */
  inactiveSalesforceUser: 17,
  noSalesforceUser: 29,
} as const;

/** Fills an empty org; the same every time. `count`: how many Natterbox users. */
export function seedOrg(database: Database, now: string, count = demoUsers): void {
  database.transaction(() => {
    const insert = (
      object: string,
      serial: number,
      values: Record<string, SQLInputValue | boolean>,
    ): string => {
      const id = recordId(objectNamed(object)?.keyPrefix ?? '', serial);
      const all = Object.entries({ Id: id, CreatedDate: now, ...values });
      database.run(
        `INSERT INTO "${object}" (${all.map(([name]) => `"${name}"`).join(', ')}) VALUES (${all.map(() => '?').join(', ')})`,
        ...all.map(([, value]) => (typeof value === 'boolean' ? Number(value) : value)),
      );
      return id;
    };
    const serials = new Map<string, number>();
    const add = (object: string, values: Record<string, SQLInputValue | boolean>): string => {
      const serial = (serials.get(object) ?? 0) + 1;
      serials.set(object, serial);
      return insert(object, serial, values);
    };

    const callCenter = add('CallCenter', { Name: 'Natterbox CTI' });
    const profileIds = profiles.map((name, index) =>
      add('nbavs__AvailabilityProfile__c', { Name: name, nbavs__Id__c: 900 + index }),
    );
    const policyIds = routingPolicies.map((name) => add('nbavs__CallFlow__c', { Name: name }));
    const groupIds = groups.map(({ name, extension, needs }) =>
      add('nbavs__Group__c', {
        Name: name,
        nbavs__Extension__c: extension,
        ...Object.fromEntries(needs.map((field) => [field, true])),
      }),
    );

    const device = (
      user: string,
      type: string,
      name: string,
      values: Record<string, SQLInputValue | boolean>,
    ): void => {
      const id = add('nbavs__Device__c', {
        Name: name,
        nbavs__Type__c: type,
        nbavs__Enabled__c: true,
        ...values,
      });
      add('nbavs__DeviceMapping__c', { Name: name, nbavs__User__c: user, nbavs__Device__c: id });
    };

    for (let number = 1; number <= count; number += 1) {
      const name = cast[number - 1] ?? generatedName(number);
      const idle = number === people.idle;
      const leaver = number === people.leaver;
      const username = `${name.toLowerCase().replaceAll(' ', '.')}.${number}@acme.example`;
      const linked = number % people.noSalesforceUser !== 0;
      const extension = String(1000 + number);
      if (linked)
        insert('User', number, {
          Name: name,
          Username: username,
          Email: username.replace(`.${number}@`, '@'),
          IsActive: number % people.inactiveSalesforceUser !== 0,
          CallCenterId: !idle && (leaver || number % 4 === 0) ? callCenter : null,
        });
      // Every licence that a group of theirs asks for, and a few besides.
      const memberOf = idle ? [] : groupsOf(number);
      const needed = new Set<string>(memberOf.flatMap((index) => [...(groups[index]?.needs ?? [])]));
      if (!idle) needed.add('nbavs__PBX__c');
      if (leaver || (!idle && number % 3 === 0))
        for (const field of ['nbavs__CTI__c', 'nbavs__Freedom__c']) needed.add(field);
      else if (!idle && number % 7 === 0) needed.add('nbavs__SCV__c');
      if (leaver || (!idle && number % 5 === 0)) needed.add('nbavs__SMS__c');
      const profile = idle || number % 6 === 0 ? null : (profileIds[number % profiles.length] ?? null);
      const user = insert('nbavs__User__c', number, {
        Name: name,
        nbavs__User__c: linked ? salesforceUserId(number) : null,
        nbavs__Enabled__c: number % 41 !== 0,
        nbavs__Status__c: number % 41 !== 0 ? 'ACTIVE' : 'SUSPENDED',
        nbavs__AvailabilityProfile__c: profile,
        nbavs__AvailabilityProfileState__c: profile && recordId('a0S', (number % 3) + 1),
        nbavs__FirstName__c: name.split(' ')[0] ?? '',
        nbavs__LastName__c: name.split(' ')[1] ?? '',
        nbavs__Username__c: username,
        nbavs__SipExtension__c: extension,
        nbavs__Id__c: 50_000 + number,
        nbavs__PermissionLevel__c: number <= 2 ? 'Admin' : number % 9 === 0 ? 'Team Leader' : 'Basic',
        ...Object.fromEntries(licenceFields.map((field) => [field.name, needed.has(field.name)])),
      });
      for (const [place, index] of memberOf.entries())
        add('nbavs__GroupMember__c', {
          Name: `GM-${number}-${index}`,
          nbavs__User__c: user,
          nbavs__Group__c: groupIds[index] ?? '',
          nbavs__Primary__c: place === 0,
          nbavs__Priority__c: (number % 10) + 1,
          nbavs__RingOrder__c: place + 1,
        });
      device(user, 'Webphone', `Webphone ${extension}`, {
        nbavs__Extension__c: extension,
        nbavs__Registered__c: number % 2 === 0,
      });
      if (idle) continue;
      if (leaver || number % 5 === 2)
        device(user, 'Desk Phone', `Desk ${extension}`, {
          nbavs__Extension__c: extension,
          nbavs__Model__c: 'Yealink T46S',
          nbavs__MAC__c: `00156500${number.toString(16).padStart(4, '0').toUpperCase()}`,
          nbavs__Location__c: 'Main office',
          nbavs__Registered__c: true,
        });
      if (leaver) device(user, 'Soft Phone', `Soft ${extension}`, { nbavs__Extension__c: extension });
      const numbers = leaver ? 2 : number % 4 === 1 ? 1 : 0;
      for (let nth = 0; nth < numbers; nth += 1) {
        const dialled = `+44 20 7946 ${String(number * 10 + nth).padStart(4, '0')}`;
        add('nbavs__PhoneNumber__c', {
          Name: dialled,
          nbavs__Number__c: dialled.replaceAll(' ', ''),
          nbavs__User__c: user,
          nbavs__CallFlow__c: policyIds[nth] ?? null,
          nbavs__DDI_Number__c: true,
        });
      }
      if (leaver || number % 11 === 0)
        add('nbavs__RecordingAccess__c', { Name: `RA-${number}`, nbavs__User__c: user });
      if (leaver || number % 13 === 0)
        add('nbavs__GroupAdministrator__c', {
          Name: `GA-${number}`,
          nbavs__User__c: user,
          nbavs__Group__c: groupIds[number % groups.length] ?? '',
          nbavs__ListenIn__c: true,
        });
    }
    for (let nth = 0; nth < 8; nth += 1)
      add('nbavs__PhoneNumber__c', {
        Name: `+44 20 7946 90${String(nth).padStart(2, '0')}`,
        nbavs__Number__c: `+4420794690${String(nth).padStart(2, '0')}`,
        nbavs__CallFlow__c: policyIds[nth % policyIds.length] ?? null,
      });
  });
}

/** Indexes of a user's groups, the primary one first. The Night Desk (6) is the leaver's alone. */
function groupsOf(number: number): number[] {
  if (number === people.leaver) return [0, 2, 3, 5, 6, 10];
  const found = new Set([number % 6, 10]);
  if (number % 2 === 0) found.add(7 + (number % 3));
  if (number % 8 === 0) found.add(11);
  return [...found];
}

const generatedName = (number: number): string => {
  const index = number - cast.length - 1;
  const last = lastNames[Math.floor(index / firstNames.length) % lastNames.length];
  const round = Math.floor(index / (firstNames.length * lastNames.length));
  return `${firstNames[index % firstNames.length]} ${last}${round > 0 ? ` ${round + 1}` : ''}`;
};

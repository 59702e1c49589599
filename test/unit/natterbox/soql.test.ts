import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../sandbox/database.ts';
import { openOrgDatabase } from '../../sandbox/natterbox/database.ts';
import { isId, recordId, toLongId } from '../../sandbox/natterbox/ids.ts';
import { objectNamed } from '../../sandbox/natterbox/metadata.ts';
import { natterboxUserId, people, seedOrg } from '../../sandbox/natterbox/seed.ts';
import { select } from '../../sandbox/natterbox/select.ts';

let database: Database;
beforeAll(() => {
  database = openOrgDatabase();
  seedOrg(database, '2026-11-22T10:00:00.000Z');
});
afterAll(() => database.close());

const ask = (soql: string) => select(database, objectNamed, soql, 'v62.0');
const names = (where: string) =>
  ask(`SELECT Name FROM nbavs__User__c WHERE ${where} ORDER BY Name LIMIT 5`).records.map(({ Name }) => Name);

describe('SOQL in the demo org', () => {
  it.each([
    ["Name = 'DANA ruiz'", ['Dana Ruiz']],
    ["Name LIKE 'sofia%'", ['Sofia Martin', 'Sofia Martin']],
    ["Name LIKE '%\\_%'", []],
    [
      "NOT (Name > 'b') AND nbavs__PBX__c = true AND (Name LIKE 'Alex%' OR Name LIKE 'Anna B%')",
      ['Alex Chen', 'Anna Berg'],
    ],
    ["nbavs__User__r.Username IN ('dana.ruiz.3@acme.example', 'nobody') ", ['Dana Ruiz']],
    ["nbavs__User__c = null AND Name != 'x' AND nbavs__SipExtension__c < '1050'", [expect.any(String)]],
    ['nbavs__User__r.IsActive = false AND nbavs__Id__c <= 50017', [expect.any(String)]],
    [`Id = '${natterboxUserId(3).slice(0, 15)}'`, ['Dana Ruiz']],
    [`Id NOT IN ('${natterboxUserId(3)}') AND Name LIKE 'dana%'`, []],
    ["Name = 'O\\'Brien \\\\ x'", []],
  ])('understands WHERE %s', (where, expected) => {
    expect(names(where)).toEqual(expected);
  });

  it('counts, groups, and puts empty values first', () => {
    expect(ask('SELECT COUNT() FROM nbavs__User__c')).toEqual({ totalSize: 120, records: [] });
    const { records } = ask(
      'SELECT nbavs__User__c, COUNT(Id) n FROM nbavs__DeviceMapping__c GROUP BY nbavs__User__c',
    );
    expect(records).toHaveLength(120);
    expect(records.find(({ nbavs__User__c: user }) => user === natterboxUserId(people.leaver))?.n).toBe(3);
    const [first] = ask('SELECT nbavs__User__c FROM nbavs__User__c ORDER BY nbavs__User__c').records;
    expect(first?.nbavs__User__c).toBeNull();
  });

  it.each([
    ["SELECT Id FROM nbavs__User__c WHERE Name = 'a' AND Name = 'b' OR Name = 'c'", 'MALFORMED_QUERY'],
    ['SELECT Id FROM nbavs__User__c WHERE Name = "a"', 'MALFORMED_QUERY'],
    ["SELECT Id FROM nbavs__User__c WHERE Id = 'x'", 'INVALID_QUERY_FILTER_OPERATOR'],
    ["SELECT Id FROM nbavs__User__c WHERE nbavs__PBX__c = 'true'", 'INVALID_FIELD'],
    ['SELECT nbavs__Nothing__r.Name FROM nbavs__User__c', 'INVALID_FIELD'],
    ['SELECT Id FROM nbavs__User__c OFFSET 2001', 'NUMBER_OUTSIDE_VALID_RANGE'],
  ])('refuses %s', (soql, code) => {
    expect(() => ask(soql)).toThrow(expect.objectContaining({ code }));
  });

  it('knows the long form of an id', () => {
    expect(toLongId('00D000000000062')).toBe('00D000000000062EAA');
    expect(isId(recordId('a0U', 7))).toBe(true);
    expect(recordId('a0U', 7)).toBe(toLongId(recordId('a0U', 7).slice(0, 15)));
  });
});

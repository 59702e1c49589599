import { describe, expect, it } from 'vitest';
import { originsOfOrg } from '../../../lib/workspace/natterbox/hosts.ts';
import { toLongId } from '../../../lib/workspace/natterbox/ids.ts';
import { containing, literal } from '../../../lib/workspace/natterbox/soql.ts';
import { readUsage } from '../../../lib/workspace/natterbox/usage.ts';

describe('the origins of an org', () => {
  const acme = {
    api: 'https://acme.my.salesforce.com',
    lightning: 'https://acme.lightning.force.com',
    visualforce: 'https://acme--nbavs.vf.force.com',
  };
  const uat = {
    api: 'https://acme--uat.sandbox.my.salesforce.com',
    lightning: 'https://acme--uat.sandbox.lightning.force.com',
    visualforce: 'https://acme--uat--nbavs.sandbox.vf.force.com',
  };
  it.each([...Object.values(acme), 'https://acme.lightning.force.com.mcas.ms'])(
    'are found from %s',
    (origin) => {
      expect(originsOfOrg(origin)).toEqual(acme);
    },
  );
  it.each(Object.values(uat))('are found from %s, of a sandbox', (origin) => {
    expect(originsOfOrg(origin)).toEqual(uat);
  });
  it.each([
    'https://acme.example',
    'https://evil.example/.my.salesforce.com',
    'https://my.salesforce.com',
    'https://.my.salesforce.com',
    'https://acme.my.salesforce.com.evil.example',
    'ftp://acme.my.salesforce.com',
    'nonsense',
  ])('are not found from %s', (origin) => {
    expect(originsOfOrg(origin)).toBeNull();
  });
});

describe('texts as SOQL', () => {
  it('escapes what would end a literal or match anything', () => {
    expect(literal("O'Brien \\")).toBe("'O\\'Brien \\\\'");
    expect(containing("50%_o'")).toBe("'%50\\%\\_o\\'%'");
  });
});

describe('the usage of the daily limit', () => {
  it.each([
    ['api-usage=18/5000', { used: 18, allowed: 5000 }],
    ['api-bursts=1/750; api-usage=10018/100000', { used: 10_018, allowed: 100_000 }],
    ['per-app-api-usage=17/250(appName=x)', undefined],
    ['', undefined],
  ])('is read from "%s"', (header, expected) => {
    expect(readUsage(new Headers({ 'sforce-limit-info': header }))).toEqual(expected);
  });
});

describe('issue 5: ids of records', () => {
  it('a short one gets the three characters that say which of its letters are capitals', () => {
    expect(toLongId('001A0000006Vm9u')).toBe('001A0000006Vm9uIAC');
    expect(toLongId('00D000000000062')).toBe('00D000000000062EAA');
    expect(toLongId('aaaaaaaaaaaaaaa')).toBe('aaaaaaaaaaaaaaaAAA');
    expect(toLongId('AAAAAAAAAAAAAAA')).toBe('AAAAAAAAAAAAAAA555');
  });

  it('a long one and what is no id stay as they are', () => {
    for (const id of ['001A0000006Vm9uIAC', '', '001A0000006Vm9', 'new.member@acme'])
      expect(toLongId(id)).toBe(id);
  });
});

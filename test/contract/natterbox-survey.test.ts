import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { categorySchema, itemSchema, noteSchema } from '../../lib/offboarding/model.ts';
import type { Fetch } from '../../lib/workspace/http.ts';
import { linksOf } from '../../lib/workspace/registry.ts';
import { natterboxUserId, people, salesforceUserId } from '../sandbox/natterbox/seed.ts';
import { attemptOf, never, scanAll } from './material.ts';
import { connectOrg, type OrgConnection } from './natterbox.fixture.ts';

describe('what a Natterbox survey says', () => {
  let org: OrgConnection;
  beforeAll(async () => {
    org = await connectOrg();
  });
  afterAll(() => org.sandbox.close());
  const leaver = natterboxUserId(people.leaver);
  const survey = (user: number) => org.workspace.survey(natterboxUserId(user));

  it('N1 the steps in their order, each after all before it, and N3 what is to be ticked before them', async () => {
    const { categories, completion } = await survey(people.leaver);
    for (const category of categories) categorySchema.parse(category);
    const inOrder = [...categories].sort((a, b) => a.order - b.order);
    expect(inOrder.map(({ id, action, selectable, count }) => [id, action, selectable, count])).toEqual([
      ['numbers', 'manual', true, 2],
      ['devices.active', 'manual', true, 2],
      ['devices', 'manual', true, 2],
      ['recordingAccess', 'manual', true, 1],
      ['callCentre', 'manual', true, 1],
      ['groupAdministrators', 'manual', true, 1],
      ['groups', 'remove', false, 6],
      ['profile', 'clear', false, 1],
      ['licences', 'remove', false, 6],
    ]);
    for (const [index, { after }] of inOrder.entries())
      expect(after).toEqual(inOrder.slice(0, index).map(({ id }) => id));
    expect(inOrder.every(({ condition, idempotent }) => condition === 'read' && !idempotent)).toBe(true);
    expect(completion).toBe('api');
  });

  it('N2 who is blocked, why, and what to do about it', async () => {
    expect((await survey(people.leaver)).blockers).toEqual([]);
    const inactive = await survey(people.inactiveSalesforceUser);
    expect(inactive.blockers).toEqual([
      {
        message: expect.stringMatching(/^The linked Salesforce user .+ is inactive\.$/),
        remedy: expect.stringContaining('offboard in Natterbox first, in Salesforce second'),
        link: `https://acme.lightning.force.com/lightning/r/User/${salesforceUserId(people.inactiveSalesforceUser)}/view`,
      },
    ]);
    const missing = await survey(people.noSalesforceUser);
    expect(missing.blockers).toMatchObject([
      {
        message: expect.stringContaining('no Salesforce user'),
        remedy: expect.stringContaining('Link them'),
      },
    ]);
    // The org answers that there is no Salesforce user, so neither has one a call centre.
    expect(missing.categories.filter(({ count }) => count === null)).toEqual([]);
    expect(missing.categories.find(({ id }) => id === 'callCentre')?.count).toBe(0);
    expect((await survey(people.admin)).blockers).toMatchObject([
      { message: expect.stringContaining('your own'), remedy: 'Ask another admin.' },
    ]);
  });

  it('N3 no warning for the webphone, and one for a group that nobody else is in', async () => {
    const idle = await survey(people.idle);
    expect(idle.categories.every(({ count }) => count === 0)).toBe(true);
    expect(idle.notes?.filter(({ category }) => category === 'groups')).toEqual([]);
    const { notes } = await survey(people.leaver);
    expect(notes?.filter(({ category }) => category === 'groups')).toEqual([
      { tone: 'warning', message: 'One group has no other active member: Night Desk.', category: 'groups' },
    ]);
    for (const note of notes ?? []) noteSchema.parse(note);
  });

  it('N3 a device mapping that leads to no device is no device, and keeps the others readable', async () => {
    const { workspace, sandbox } = await connectOrg();
    const mappings = '"nbavs__DeviceMapping__c"';
    try {
      const [first] = await scanAll(workspace, leaver, ['devices']);
      sandbox.database.run(
        `UPDATE ${mappings} SET "nbavs__Device__c" = NULL WHERE "Id" = ?`,
        first?.ref ?? '',
      );
      const { categories } = await workspace.survey(leaver);
      const counts = categories.map(({ id, count }) => [id, count]);
      expect(counts).toContainEqual(['devices', 1]);
      expect(counts).toContainEqual(['devices.active', 1]);
    } finally {
      await sandbox.close();
    }
  });

  it('N1 an org that writes names in another case, or describes another object than was asked for', async () => {
    const says = new Map<string, string>();
    const fetching =
      (inner: Fetch): Fetch =>
      async (input, init) => {
        const answer = await inner(input, init);
        const name = says.get(/\/sobjects\/(\w+)\/describe/.exec(input)?.[1] ?? '');
        if (name === undefined) return answer;
        return Response.json({ ...((await answer.json()) as object), name });
      };
    const { workspace, sandbox } = await connectOrg({}, { fetch: fetching });
    says.set('nbavs__User__c', 'NBAVS__User__c');
    says.set('nbavs__GroupMember__c', 'nbavs__groupmember__c');
    says.set('nbavs__PhoneNumber__c', 'nbavs__Group__c');
    try {
      const { categories, notes } = await workspace.survey(leaver);
      expect(categories.find(({ id }) => id === 'groups')?.count).toBe(6);
      // What it is not known to have is said, as where it is hidden.
      expect(categories.some(({ id }) => id === 'numbers')).toBe(false);
      expect(notes?.some(({ message }) => message.includes('Phone numbers'))).toBe(true);
    } finally {
      await sandbox.close();
    }
  });

  it('N7 the installed version, and what the API cannot prove', async () => {
    const text = (await survey(people.leaver)).notes?.map(({ message }) => message).join('\n');
    expect(text).toContain('version 1.252');
    expect(text).toContain('cannot be read from there');
    expect(text).toContain('never deleted');
    const older = await connectOrg({ settings: { packageVersion: { major: 1, minor: 240 } } });
    try {
      const notes = (await older.workspace.survey(leaver)).notes?.map(({ message }) => message).join('\n');
      expect(notes).toContain('version 1.240');
      expect(notes).not.toContain('From version 1.250 on');
    } finally {
      await older.sandbox.close();
    }
    const silent = await connectOrg({ settings: { packageVersion: null } });
    try {
      const notes = (await silent.workspace.survey(leaver)).notes?.map(({ message }) => message).join('\n');
      expect(notes).toContain('could not be read');
    } finally {
      await silent.sandbox.close();
    }
  });

  it('what an undo needs: order and kind of memberships, profile, licences', async () => {
    const { categories } = await survey(people.leaver);
    const items = await scanAll(
      org.workspace,
      leaver,
      categories.map(({ id }) => id),
    );
    for (const item of items) itemSchema.parse(item);
    const [sales] = items.filter(({ title }) => title === 'Sales');
    expect(sales).toMatchObject({
      category: 'groups',
      value: { member: leaver },
      lock: expect.stringMatching(/^a0G/),
      link: expect.stringMatching(/^https:\/\/acme\.lightning\.force\.com\/lightning\/r\/nbavs__Group__c\//),
      columns: { group: 'Sales', extension: '2001', primary: 'Yes', priority: 4, ringOrder: 1 },
    });
    expect(items.find(({ category }) => category === 'profile')).toMatchObject({
      title: 'Always On',
      ref: expect.stringMatching(/^a0U\w{15}\.a0P\w{15}$/),
      value: { member: leaver },
      columns: { profile: 'Always On', state: expect.stringMatching(/^a0S\w{15}$/) },
    });
    expect(items.filter(({ category }) => category === 'licences').map(({ title }) => title)).toEqual([
      'Cloud PBX',
      'Contact Center',
      'Call Recording',
      'CTI',
      'Freedom',
      'SMS',
    ]);
  });

  it('the pages of the org for a person', () => {
    const settings = {
      origins: {
        api: 'https://acme.my.salesforce.com',
        lightning: 'https://acme.lightning.force.com',
        visualforce: 'https://acme--nbavs.vf.force.com',
      },
      version: 'v62.0',
      workspace: { id: '00D', name: 'acme' },
    };
    expect(linksOf({ kind: 'natterbox', origin: settings.origins.api, settings })).toEqual({
      users: 'https://acme.lightning.force.com/lightning/o/nbavs__User__c/list',
      member: 'https://acme.lightning.force.com/lightning/r/nbavs__User__c/{member}/view',
    });
  });
});

describe('every category of an org', () => {
  it('N1 N3 is written and read back, in order, until nothing is left', async () => {
    const { workspace, sandbox } = await connectOrg();
    const leaver = natterboxUserId(people.leaver);
    try {
      const { categories } = await workspace.survey(leaver);
      for (const { id, action } of [...categories].sort((a, b) => a.order - b.order)) {
        const items = await scanAll(workspace, leaver, [id]);
        const attempt = attemptOf({ run: 'run-1' }, items, ({ value }) =>
          action === 'clear' ? { none: true } : 'flag' in value ? { flag: false } : { absent: true },
        );
        const outcomes = await workspace.apply(attempt, never());
        expect(outcomes, id).toEqual(
          attempt.changes.map(({ ref, set }) => ({ ref, result: 'applied', value: set })),
        );
      }
      const left = await workspace.survey(leaver);
      expect(left.categories.map(({ count }) => count)).toEqual(categories.map(() => 0));
      expect((await workspace.guard(leaver)).owns).toBe('none');
      // The shared profile itself and the numbers stay.
      const count = (object: string) =>
        sandbox.database.get<{ n: number }>(`SELECT count(*) AS n FROM "${object}"`)?.n;
      expect(count('nbavs__AvailabilityProfile__c')).toBe(4);
      expect(count('nbavs__Device__c')).toBeGreaterThan(120);
    } finally {
      await sandbox.close();
    }
  });

  it('N1 a licence that a group still needs is refused with the package’s own words', async () => {
    const { workspace, sandbox } = await connectOrg();
    const leaver = natterboxUserId(people.leaver);
    try {
      const items = await scanAll(workspace, leaver, ['licences']);
      const outcomes = await workspace.apply(
        attemptOf({ run: 'run-1' }, items, () => ({ flag: false })),
        never(),
      );
      for (const outcome of outcomes)
        expect(outcome).toMatchObject({
          result: 'failed',
          code: 'invalid',
          message: expect.stringContaining('cannot be removed while the user is a member of the group'),
        });
      expect(sandbox.writes()).toBe(0);
    } finally {
      await sandbox.close();
    }
  });
});

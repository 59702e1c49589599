import { afterEach, describe, expect, it } from 'vitest';
import { natterboxUserId, people } from '../sandbox/natterbox/seed.ts';
import { faultOf, scanAll } from './material.ts';
import { connectOrg, type OrgConnection } from './natterbox.fixture.ts';

const leaver = natterboxUserId(people.leaver);

let open: OrgConnection | undefined;
afterEach(() => open?.sandbox.close());
async function org(...parameters: Parameters<typeof connectOrg>): Promise<OrgConnection> {
  open = await connectOrg(...parameters);
  return open;
}

describe('what an org does not show to who acts', () => {
  it('fields hidden by field-level security: a step that cannot be read says so and wants a tick', async () => {
    const { workspace, sandbox } = await org();
    const { hidden, readOnly } = sandbox.org.settings;
    hidden.add('nbavs__User__c.nbavs__AvailabilityProfile__c');
    hidden.add('nbavs__User__c.nbavs__SMS__c');
    hidden.add('nbavs__PhoneNumber__c');
    hidden.add('nbavs__GroupMember__c.nbavs__Primary__c');
    readOnly.add('nbavs__User__c.nbavs__CTI__c');
    const survey = await workspace.survey(leaver);
    const find = (id: string) => survey.categories.find((category) => category.id === id);
    expect(find('profile')).toMatchObject({
      count: null,
      unread: {
        reason: 'forbidden',
        detail: expect.stringMatching(/field-level security.+Ask a Salesforce admin/),
      },
    });
    expect(find('numbers')).toBeUndefined();
    expect(find('licences')?.count).toBe(4);
    const notes = survey.notes?.map(({ message }) => message).join('\n');
    expect(notes).toContain('Phone numbers: not in this org');
    expect(notes).toContain('nbavs__SMS__c');
    expect(notes).toMatch(/Licences that you may not change.+CTI/);
    const groups = await scanAll(workspace, leaver, ['groups']);
    expect(groups).toHaveLength(6);
    expect(groups[0]?.columns).toMatchObject({ primary: null, priority: expect.any(Number) });
    expect(survey.blockers).toEqual([]);
  });

  it('fields hidden by field-level security: without the field Active nobody can be deactivated', async () => {
    const { workspace, sandbox } = await org();
    sandbox.org.settings.readOnly.add('nbavs__User__c.nbavs__Enabled__c');
    expect((await workspace.identify()).admin).toBe('no');
    expect((await workspace.survey(leaver)).blockers).toMatchObject([
      { message: expect.stringContaining('Active'), remedy: expect.stringContaining('nbavs__Enabled__c') },
    ]);
  });

  it('issue 5: a hidden link is not taken for no link', async () => {
    const { workspace, sandbox } = await org();
    sandbox.org.settings.hidden.add('nbavs__User__c.nbavs__User__c');
    const { blockers } = await workspace.survey(leaver);
    expect(blockers).toEqual([
      {
        message: expect.stringMatching(/Salesforce User.+is hidden from you \(field-level security\)/),
        remedy: expect.stringContaining('read access to nbavs__User__c.nbavs__User__c'),
        link: expect.stringContaining(leaver),
      },
    ]);
    expect((await workspace.identify()).members).toEqual([]);
  });

  it('issue 5: a field that is hidden while the wizard is open becomes a gap of its own, and nothing else does', async () => {
    const { workspace, sandbox } = await org();
    await workspace.survey(leaver);
    sandbox.org.settings.hidden.add('nbavs__User__c.nbavs__SMS__c');
    const survey = await workspace.survey(leaver);
    expect(survey.categories.filter(({ unread }) => unread)).toEqual([]);
    expect(survey.categories.find(({ id }) => id === 'licences')?.count).toBe(5);
    expect(survey.notes?.map(({ message }) => message).join('\n')).toContain('nbavs__SMS__c');
    sandbox.org.settings.hidden.add('nbavs__GroupMember__c.nbavs__Primary__c');
    expect((await workspace.guard(natterboxUserId(people.colleague))).owns).toBe('some');
  });

  it('issue 5: what stays refused although it was described anew is said, and described no more', async () => {
    const { workspace, sandbox } = await org();
    await workspace.identify();
    const dana = { Id: leaver, Name: 'Dana Ruiz', nbavs__Enabled__c: true, nbavs__User__c: null };
    const fault = {
      kind: 'answer',
      status: 200,
      body: JSON.stringify({
        compositeResponse: ['q0', 'q1', 'q2', 'q3', 'q4'].map((referenceId, index) => ({
          referenceId,
          httpStatusCode: index === 2 ? 400 : 200,
          body:
            index === 2
              ? [{ errorCode: 'INVALID_FIELD', message: 'No such column.' }]
              : { totalSize: index === 0 ? 1 : 0, done: true, records: index === 0 ? [dana] : [] },
        })),
      }),
    } as const;
    sandbox.faults.add([{ match: { path: '/composite$' }, fault }]);
    const first = await workspace.survey(leaver);
    expect(first.categories.filter(({ unread }) => unread?.reason === 'unsupported')).not.toEqual([]);
    const { used } = sandbox.org.settings.calls;
    await workspace.survey(leaver);
    expect(sandbox.org.settings.calls.used - used).toBeLessThanOrEqual(2);
  });

  it('R4 a fault that passes is thrown, and makes no gap in what is known', async () => {
    const { workspace, sandbox } = await org();
    await workspace.identify();
    const sub = (status: number, errorCode: string, message: string) => ({
      referenceId: 'q1',
      httpStatusCode: status,
      body: [{ errorCode, message }],
    });
    for (const [answer, kind] of [
      [sub(403, 'REQUEST_LIMIT_EXCEEDED', 'ConcurrentRequests Limit exceeded.'), 'throttled'],
      [sub(400, 'UNABLE_TO_LOCK_ROW', 'unable to obtain exclusive access'), 'transient'],
      [sub(503, 'SERVER_UNAVAILABLE', 'Try later.'), 'transient'],
      [sub(401, 'INVALID_SESSION_ID', 'Session expired or invalid'), 'auth'],
    ] as const) {
      const row = { totalSize: 1, done: true, records: [{ Id: leaver, Name: 'Dana Ruiz' }] };
      const none = { totalSize: 0, done: true, records: [] };
      const answers = ['q0', 'q2', 'q3', 'q4'].map((referenceId) => ({
        referenceId,
        httpStatusCode: 200,
        body: referenceId === 'q0' ? row : none,
      }));
      sandbox.faults.clear();
      sandbox.faults.add([
        {
          match: { path: '/composite$' },
          fault: { kind: 'answer', body: JSON.stringify({ compositeResponse: [...answers, answer] }) },
        },
      ]);
      expect(await faultOf(workspace.survey(leaver)), kind).toMatchObject({ kind, applied: 'no' });
    }
  });

  it('W1.4 numbers or devices that cannot be seen are not taken for none by the intercept', async () => {
    const { workspace, sandbox, connected } = await org();
    const idle = natterboxUserId(people.idle);
    expect((await workspace.guard(idle)).owns).toBe('none');
    sandbox.org.settings.hidden.add('nbavs__PhoneNumber__c');
    sandbox.org.settings.hidden.add('nbavs__RecordingAccess__c');
    const guard = await workspace.guard(idle);
    expect(guard.owns).toBe('unknown');
    expect(guard.counts.filter(({ count }) => count === null).map(({ category }) => category.id)).toEqual([
      'numbers',
    ]);
    // What the org has not, or hides, besides is no reason to ask.
    sandbox.org.settings.hidden.delete('nbavs__PhoneNumber__c');
    expect((await connected(sandbox.session(1)).guard(idle)).owns).toBe('none');
  });
});

describe('what others use too', () => {
  it('N3 a device that somebody else is mapped to stays switched on, and that is said', async () => {
    const { workspace, sandbox } = await org();
    const [shared, own] = await scanAll(workspace, leaver, ['devices.active']);
    expect(own).toBeDefined();
    const map = (user: string) =>
      sandbox.database.run(
        'UPDATE "nbavs__DeviceMapping__c" SET "nbavs__Device__c" = ? WHERE "nbavs__User__c" = ?',
        shared?.ref ?? '',
        user,
      );
    map(natterboxUserId(people.idle));
    expect(await scanAll(workspace, leaver, ['devices.active'])).toMatchObject([{ ref: own?.ref }]);
    const survey = await workspace.survey(leaver);
    const count = (id: string) => survey.categories.find((each) => each.id === id)?.count;
    expect([count('devices.active'), count('devices')]).toEqual([1, 2]);
    expect(survey.notes).toContainEqual({
      tone: 'info',
      message: expect.stringMatching(new RegExp(`stays switched on.+${shared?.title}`)),
      category: 'devices',
    });
    // What the survey has read is given out once.
    expect(await scanAll(workspace, leaver, ['devices.active'])).toHaveLength(1);
    // Of somebody who is inactive by now it is no matter.
    sandbox.database.run(
      'UPDATE "nbavs__User__c" SET "nbavs__Enabled__c" = 0 WHERE "Id" = ?',
      natterboxUserId(people.idle),
    );
    expect(await scanAll(workspace, leaver, ['devices.active'])).toHaveLength(2);
  });

  it('N3 the webphone is one by its type or by its name', async () => {
    const { workspace, sandbox } = await org();
    const idle = natterboxUserId(people.idle);
    const phones = `"Id" IN (SELECT "nbavs__Device__c" FROM "nbavs__DeviceMapping__c" WHERE "nbavs__User__c" = '${idle}')`;
    const devices = async () => (await scanAll(workspace, idle, ['devices'])).length;
    sandbox.database.run(`UPDATE "nbavs__Device__c" SET "nbavs__Type__c" = 'WebRTC' WHERE ${phones}`);
    expect(await devices()).toBe(0);
    sandbox.database.run(
      `UPDATE "nbavs__Device__c" SET "nbavs__Type__c" = 'Web Phone', "Name" = 'WP 1' WHERE ${phones}`,
    );
    expect(await devices()).toBe(0);
    sandbox.database.run(`UPDATE "nbavs__Device__c" SET "nbavs__Type__c" = 'Desk Phone' WHERE ${phones}`);
    expect(await devices()).toBe(1);
  });
});

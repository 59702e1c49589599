import { Connection } from 'jsforce';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { groupId, natterboxUserId, people, salesforceUserId } from '../sandbox/natterbox/seed.ts';
import { type NatterboxSandbox, startNatterboxSandbox } from '../sandbox/natterbox/server.ts';

describe('the demo org, as a public client sees it', () => {
  let sandbox: NatterboxSandbox;
  let connection: Connection;
  beforeEach(async () => {
    sandbox = await startNatterboxSandbox({ settings: { pageSize: 50 } });
    connection = new Connection({
      instanceUrl: sandbox.url,
      sessionId: sandbox.session(),
      version: '62.0',
    });
  });
  afterEach(() => sandbox.close());

  it('lets it connect by session id, and learn its usage of the daily limit', async () => {
    expect(await connection.request('/services/oauth2/userinfo')).toMatchObject({
      user_id: salesforceUserId(1),
      name: 'Priya Shah',
      organization_id: sandbox.org.id,
    });
    expect(connection.limitInfo.apiUsage).toEqual({ used: 1, limit: 100_000 });
  });

  it('describes itself and its objects', async () => {
    const { sobjects } = await connection.describeGlobal();
    expect(sobjects.map(({ name }) => name)).toContain('nbavs__User__c');
    const user = await connection.describe('nbavs__User__c');
    expect(user.keyPrefix).toBe('a0U');
    expect(user.fields.find(({ name }) => name === 'nbavs__Enabled__c')).toMatchObject({
      type: 'boolean',
      label: 'Active',
      updateable: true,
    });
    expect(user.fields.find(({ name }) => name === 'nbavs__User__c')).toMatchObject({
      referenceTo: ['User'],
      relationshipName: 'nbavs__User__r',
    });
    await expect(connection.describe('nothing__c')).rejects.toMatchObject({ errorCode: 'NOT_FOUND' });
  });

  it('answers queries by pages, with the parents that were asked for', async () => {
    const soql = `SELECT Id, Name, nbavs__User__r.Username, nbavs__User__r.IsActive FROM nbavs__User__c
      WHERE nbavs__Enabled__c = true ORDER BY Name, Id DESC`;
    const first = await connection.query(soql);
    expect(first.records).toHaveLength(50);
    expect(first.done).toBe(false);
    const all = [...first.records];
    for (let page = first; !page.done && page.nextRecordsUrl; ) {
      page = await connection.queryMore(page.nextRecordsUrl);
      all.push(...page.records);
    }
    expect(all).toHaveLength(first.totalSize);
    expect(new Set(all.map(({ Id }) => Id)).size).toBe(118);
    const names = all.map(({ Name }) => String(Name).toLowerCase());
    expect(names).toEqual([...names].sort());
    expect(all.find(({ Id }) => Id === natterboxUserId(people.leaver))).toMatchObject({
      nbavs__User__r: { Username: 'dana.ruiz.3@acme.example', IsActive: true },
    });
    expect(all.find(({ Id }) => Id === natterboxUserId(people.noSalesforceUser))?.nbavs__User__r).toBeNull();
  });

  it('updates and deletes one record', async () => {
    const id = natterboxUserId(people.idle);
    const users = connection.sobject('nbavs__User__c');
    expect(await users.update({ Id: id, nbavs__Enabled__c: false })).toMatchObject({ id, success: true });
    expect((await users.retrieve(id)).nbavs__Enabled__c).toBe(false);
    const [member] = await connection
      .sobject('nbavs__GroupMember__c')
      .find({ nbavs__User__c: natterboxUserId(people.colleague) }, ['Id']);
    const memberId = String(member?.Id);
    expect(await connection.sobject('nbavs__GroupMember__c').destroy(memberId)).toMatchObject({
      success: true,
    });
    await expect(connection.sobject('nbavs__GroupMember__c').destroy(memberId)).rejects.toMatchObject({
      errorCode: 'ENTITY_IS_DELETED',
    });
  });

  it('takes collections, with a result for each record, or all or none of them', async () => {
    const leaver = natterboxUserId(people.leaver);
    const idle = natterboxUserId(people.idle);
    const users = connection.sobject('nbavs__User__c');
    const records = [
      { Id: idle, nbavs__Status__c: 'AWAY' },
      { Id: leaver, nbavs__PBX__c: false },
    ];
    const refused = { success: false, errors: [{ statusCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION' }] };
    expect(await users.update(records, { allOrNone: true })).toMatchObject([
      { success: false, errors: [{ statusCode: 'ALL_OR_NONE_OPERATION_ROLLED_BACK' }] },
      refused,
    ]);
    expect((await users.retrieve(idle)).nbavs__Status__c).toBe('ACTIVE');
    expect(await users.update(records)).toMatchObject([{ id: idle, success: true }, refused]);
    expect((await users.retrieve(idle)).nbavs__Status__c).toBe('AWAY');

    const members = await connection
      .sobject('nbavs__GroupMember__c')
      .find({ nbavs__User__c: leaver }, ['Id'])
      .execute();
    const results = await connection
      .sobject('nbavs__GroupMember__c')
      .destroy(members.map(({ Id }) => String(Id)));
    expect(results.map(({ success }) => success)).toEqual(members.map(() => true));
    // The licence can go now.
    expect(await users.update({ Id: leaver, nbavs__PBX__c: false })).toMatchObject({ success: true });
  });

  it('says why it refuses, in its own codes', async () => {
    await expect(connection.query('SELECT Id, nothing__c FROM nbavs__User__c')).rejects.toMatchObject({
      errorCode: 'INVALID_FIELD',
    });
    await expect(connection.query('SELECT Id FROM nothing__c')).rejects.toMatchObject({
      errorCode: 'INVALID_TYPE',
    });
    await expect(connection.query('SELECT Id WHERE')).rejects.toMatchObject({ errorCode: 'MALFORMED_QUERY' });
    const user = connection.sobject('nbavs__User__c');
    await expect(
      user.update({ Id: natterboxUserId(people.inactiveSalesforceUser), nbavs__Enabled__c: false }),
    ).rejects.toMatchObject({ errorCode: 'INACTIVE_OWNER_OR_USER' });
    await expect(user.update({ Id: natterboxUserId(999), nbavs__Enabled__c: false })).rejects.toMatchObject({
      errorCode: 'NOT_FOUND',
    });
    sandbox.org.settings.calls.allowed = sandbox.org.settings.calls.used;
    await expect(connection.query('SELECT Id FROM User')).rejects.toMatchObject({
      errorCode: 'REQUEST_LIMIT_EXCEEDED',
    });
    const visualforce = new Connection({
      instanceUrl: sandbox.url,
      sessionId: sandbox.session(1, 'visualforce'),
    });
    await expect(visualforce.query('SELECT Id FROM User')).rejects.toMatchObject({
      errorCode: 'INVALID_SESSION_ID',
    });
  });

  it('lets one of two writes to a group pass while it holds the lock of the group', async () => {
    sandbox.org.settings.writeTime = 150;
    const members = await connection
      .sobject('nbavs__GroupMember__c')
      .find({ nbavs__Group__c: groupId(1) }, ['Id'])
      .limit(2);
    const results = await Promise.allSettled(
      members.map(({ Id }) => connection.sobject('nbavs__GroupMember__c').destroy(String(Id))),
    );
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(results.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { errorCode: 'UNABLE_TO_LOCK_ROW' },
    });
  });

  it('takes several calls in one composite request, and halts the rest where one fails', async () => {
    const composite = (allOrNone: boolean) =>
      connection.request<{ compositeResponse: { httpStatusCode: number; body: unknown }[] }>({
        method: 'POST',
        url: '/services/data/v62.0/composite',
        body: JSON.stringify({
          allOrNone,
          collateSubrequests: false,
          compositeRequest: [
            {
              method: 'GET',
              url: `/services/data/v62.0/query?q=${encodeURIComponent("SELECT Id FROM nbavs__User__c WHERE Name = 'dana ruiz'")}`,
              referenceId: 'found',
            },
            {
              method: 'PATCH',
              url: '/services/data/v62.0/sobjects/nbavs__User__c/@{found.records[0].Id}',
              referenceId: 'profile',
              body: { nbavs__AvailabilityProfile__c: null },
            },
            {
              method: 'PATCH',
              url: '/services/data/v62.0/sobjects/nbavs__User__c/@{found.records[0].Id}',
              referenceId: 'licence',
              body: { nbavs__PBX__c: false },
            },
          ],
        }),
        headers: { 'content-type': 'application/json' },
      });
    const codes = ({ compositeResponse }: Awaited<ReturnType<typeof composite>>) =>
      compositeResponse.map(({ httpStatusCode }) => httpStatusCode);
    const leaver = connection.sobject('nbavs__User__c').retrieve(natterboxUserId(people.leaver));
    const before = (await leaver).nbavs__AvailabilityProfile__c;
    expect(before).not.toBeNull();
    const halted = await composite(true);
    expect(codes(halted)).toEqual([400, 400, 400]);
    expect(halted.compositeResponse[1]?.body).toMatchObject([{ errorCode: 'PROCESSING_HALTED' }]);
    expect(codes(await composite(false))).toEqual([200, 204, 400]);
    const after = await connection.sobject('nbavs__User__c').retrieve(natterboxUserId(people.leaver));
    expect(after.nbavs__AvailabilityProfile__c).toBeNull();
  });
});

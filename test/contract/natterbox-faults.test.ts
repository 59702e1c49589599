import { afterEach, describe, expect, it } from 'vitest';
import type { Attempt } from '../../lib/offboarding/attempt.ts';
import type { Item } from '../../lib/offboarding/model.ts';
import type { Clock } from '../../lib/workspace/dispatcher.ts';
import { discoverWorkspace } from '../../lib/workspace/registry.ts';
import { groupId, natterboxUserId, people, salesforceUserId } from '../sandbox/natterbox/seed.ts';
import { activation, attemptOf, faultOf, never, scanAll } from './material.ts';
import { connectOrg, type OrgConnection, orgFetch, orgOrigin } from './natterbox.fixture.ts';

const leaver = natterboxUserId(people.leaver);
const run = { run: 'run-1' };

/** Time that passes a hundred times as fast where somebody waits. */
const hasty: Clock = {
  now: () => new Date(),
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds / 100)),
};

let open: OrgConnection | undefined;
afterEach(() => open?.sandbox.close());
async function org(...parameters: Parameters<typeof connectOrg>): Promise<OrgConnection> {
  open = await connectOrg(...parameters);
  return open;
}

const crossReference = {
  success: false,
  errors: [{ statusCode: 'INVALID_CROSS_REFERENCE_KEY', message: 'invalid cross reference id', fields: [] }],
};

const removal = (items: readonly Item[]): Attempt => attemptOf(run, items, () => ({ absent: true }));

describe('bad input from an org', () => {
  it('expired session: asks to sign in again, and goes on with the same person’s new one', async () => {
    const { workspace, sandbox, browser } = await org();
    await workspace.identify();
    sandbox.database.run('DELETE FROM session');
    const error = await faultOf(workspace.survey(leaver));
    expect(error).toMatchObject({ kind: 'auth', applied: 'no' });
    expect(error.message).toMatch(/session is over.+Sign in to Salesforce again/);
    browser.session = { instanceUrl: orgOrigin, sid: sandbox.session(1, 'api') };
    expect((await workspace.survey(leaver)).leaver.id).toBe(leaver);
  });

  it('expired session: writes nothing for somebody else who signed in meanwhile', async () => {
    const { workspace, sandbox, browser } = await org();
    await workspace.identify();
    const items = await scanAll(workspace, leaver, ['groups']);
    sandbox.database.run('DELETE FROM session');
    browser.session = { instanceUrl: orgOrigin, sid: sandbox.session(2, 'api') };
    const error = await faultOf(workspace.apply(removal(items), never()));
    expect(error).toMatchObject({ kind: 'auth', applied: 'no' });
    expect(error.message).toMatch(/Somebody else is signed in.+Sign in as the person who began/);
    expect(sandbox.writes()).toBe(0);
    // Who asks for it openly is told, and it is for the run to say whether it may go on.
    expect((await workspace.identify()).id).toBe(salesforceUserId(2));
  });

  it('a run goes on in nobody else’s name, whoever is asked for meanwhile', async () => {
    const { workspace, sandbox, browser } = await org();
    await workspace.identify();
    const groups = await scanAll(workspace, leaver, ['groups']);
    await workspace.apply(removal(groups.slice(0, 2)), never());
    // Somebody else signs in, and a page or the panel asks who that is.
    browser.session = { instanceUrl: orgOrigin, sid: sandbox.session(2, 'api') };
    expect((await workspace.identify()).id).toBe(salesforceUserId(2));
    const refused = {
      kind: 'auth',
      applied: 'no',
      message: expect.stringMatching(/Somebody else is signed in.+Sign in as the person who began/),
    };
    expect(await faultOf(workspace.apply(removal(groups.slice(2)), never()))).toMatchObject(refused);
    const inactive = workspace.setActive?.(leaver, false, activation(run, leaver, false), never());
    expect(await faultOf(inactive ?? Promise.resolve())).toMatchObject(refused);
    const actors = () =>
      sandbox.database
        .all<{ actor: string }>('SELECT DISTINCT actor FROM write_log')
        .map(({ actor }) => actor);
    expect(actors()).toEqual([salesforceUserId(1)]);
    expect(sandbox.writes()).toBe(2);
    // Another run's first write, in the session that happens to be there.
    const begun = { ...removal(groups.slice(2)), run: 'run-2', by: salesforceUserId(1) };
    expect(await faultOf(workspace.apply(begun, never()))).toMatchObject(refused);
    // Signed in again, the run goes on.
    browser.session = { instanceUrl: orgOrigin, sid: sandbox.session(1, 'api') };
    await workspace.identify();
    await workspace.apply(removal(groups.slice(2)), never());
    expect(actors()).toEqual([salesforceUserId(1)]);
    expect(sandbox.writes()).toBe(groups.length);
  });

  it('expired access token: asks for a new one, for nobody can sign in to a token', async () => {
    const { sandbox, connected } = await org();
    const secret = sandbox.session(1);
    const workspace = connected(secret);
    expect((await workspace.identify()).id).toBe(salesforceUserId(1));
    const other = await faultOf(workspace.identify(undefined, { user: salesforceUserId(2) }));
    expect(other).toMatchObject({ kind: 'auth', otherPage: true });
    expect(other.message).toMatch(/somebody else than the access token.+with a token of your own/);
    expect(other.message).not.toContain('Log out');
    sandbox.database.run('DELETE FROM session');
    const error = await faultOf(workspace.survey(leaver));
    expect(error).toMatchObject({ kind: 'auth', applied: 'no', typed: true });
    expect(error.message).toMatch(/access token.+is over.+Connect this org again with a new one/);
    expect(error.message).not.toContain('Sign in');
  });

  it('an org whose identity service takes no session of a browser is asked by Chatter who that is', async () => {
    const { workspace, sandbox, browser } = await org();
    const answer = { kind: 'answer', status: 403, type: 'text/html', body: 'Bad_OAuth_Token' } as const;
    sandbox.faults.add([{ match: { path: '/services/oauth2/userinfo' }, fault: answer }]);
    expect(await workspace.identify()).toMatchObject({
      id: salesforceUserId(1),
      name: 'Priya Shah',
      admin: 'yes',
    });
    expect((await faultOf(workspace.identify(undefined, { user: salesforceUserId(2) }))).otherPage).toBe(
      true,
    );
    // It answers the same where the session is over; Chatter says that it is.
    sandbox.database.run('DELETE FROM session');
    expect(await faultOf(workspace.identify())).toMatchObject({
      kind: 'auth',
      message: expect.stringContaining('session is over'),
    });
    // Without Chatter nobody is taken for anybody.
    browser.session = { instanceUrl: orgOrigin, sid: sandbox.session(1, 'api') };
    sandbox.org.settings.hidden.add('User');
    expect(await faultOf(workspace.identify())).toMatchObject({ kind: 'forbidden', status: 403 });
  });

  it('no session at all: says where to sign in', async () => {
    const { workspace, browser } = await org();
    browser.session = null;
    expect(await faultOf(workspace.identify())).toMatchObject({
      kind: 'auth',
      message: expect.stringContaining('Sign in to Salesforce'),
    });
  });

  it('"Login As": refuses what is asked from a page of somebody else’s session, and nothing is written', async () => {
    const { workspace, sandbox, browser } = await org();
    browser.session = { instanceUrl: orgOrigin, sid: sandbox.session(2, 'api') };
    const error = await faultOf(workspace.identify(undefined, { user: salesforceUserId(1).slice(0, 15) }));
    expect(error).toMatchObject({ kind: 'auth', applied: 'no', otherPage: true });
    expect(error.message).toMatch(/Login As.+Log out as the other user and reload/);
    const other = await faultOf(workspace.identify(undefined, { workspace: '00DOTHER0000001' }));
    expect(other.otherPage).toBe(true);
    expect(sandbox.writes()).toBe(0);
    expect((await workspace.identify(undefined, { user: salesforceUserId(2) })).id).toBe(salesforceUserId(2));
  });

  it('another org: refuses its session before anything is sent', async () => {
    const { workspace, sandbox, browser } = await org();
    const used = sandbox.org.settings.calls.used;
    browser.session = { instanceUrl: orgOrigin, sid: '00DOTHER0000001!abc' };
    expect(await faultOf(workspace.identify())).toMatchObject({
      kind: 'auth',
      message: expect.stringContaining('another org'),
    });
    expect(sandbox.org.settings.calls.used).toBe(used);
  });

  it('another host: takes no session there', async () => {
    const { workspace, sandbox, browser } = await org();
    const used = sandbox.org.settings.calls.used;
    browser.session = { instanceUrl: 'https://evil.my.salesforce.com', sid: sandbox.session(1, 'api') };
    expect((await faultOf(workspace.identify())).kind).toBe('auth');
    expect(sandbox.org.settings.calls.used).toBe(used);
  });

  it('API access refused by policy: is no expired session, and says whom to ask', async () => {
    const { workspace, sandbox } = await org();
    sandbox.org.settings.apiAccess = false;
    const error = await faultOf(workspace.identify());
    expect(error).toMatchObject({ kind: 'forbidden', applied: 'no' });
    expect(error.message).toMatch(/API Access Control.+Ask a Salesforce admin/);
  });

  it('a session of the Visualforce host opens no API either', async () => {
    const { workspace, sandbox, browser } = await org();
    browser.session = { instanceUrl: orgOrigin, sid: sandbox.session(1, 'visualforce') };
    expect((await faultOf(workspace.identify())).kind).toBe('forbidden');
  });

  it('package absent: says so at discovery and at connecting', async () => {
    const { workspace, sandbox, browser } = await org();
    sandbox.org.settings.hidden.add('nbavs__User__c');
    const expected = {
      kind: 'unsupported',
      message: expect.stringMatching(/no Natterbox package.+Ask an admin/),
    };
    expect(await faultOf(workspace.survey(leaver))).toMatchObject(expected);
    const session = async () => browser.session;
    expect(await faultOf(discoverWorkspace(orgOrigin, orgFetch(sandbox), hasty, session))).toMatchObject(
      expected,
    );
  });

  it('a right that went meanwhile: each record says so, nothing is lost', async () => {
    const { workspace, sandbox } = await org();
    const items = await scanAll(workspace, leaver, ['groups']);
    sandbox.org.settings.readOnly.add('nbavs__GroupMember__c');
    const outcomes = await workspace.apply(removal(items), never());
    expect(outcomes).toEqual(
      items.map(({ ref }) => ({
        ref,
        result: 'failed',
        code: 'forbidden',
        message: expect.stringMatching(/insufficient access rights.+Ask a Salesforce admin for edit rights/),
      })),
    );
    expect(sandbox.writes()).toBe(0);
  });

  it('a user deleted in between is gone, for the survey, the scan’s writes and the deactivation', async () => {
    const { workspace, sandbox } = await org();
    const licences = await scanAll(workspace, leaver, ['licences']);
    sandbox.database.run('DELETE FROM "nbavs__User__c" WHERE "Id" = ?', leaver);
    expect(await faultOf(workspace.survey(leaver))).toMatchObject({
      kind: 'gone',
      message: /not in the org/,
    });
    const attempt = attemptOf(run, licences, () => ({ flag: false }));
    for (const outcome of await workspace.apply(attempt, never()))
      expect(outcome).toMatchObject({ result: 'failed', code: 'gone', message: 'It was deleted meanwhile.' });
    const inactive = workspace.setActive?.(leaver, false, activation(run, leaver, false), never());
    expect((await faultOf(inactive ?? Promise.resolve())).kind).toBe('gone');
  });

  it('a membership that somebody else removed between reading and writing counts as removed', async () => {
    let items: Item[] = [];
    const { workspace, sandbox } = await org(
      {},
      {
        fetch: (inner) => (input, init) => {
          if (init.method === 'DELETE')
            sandbox.database.run('DELETE FROM "nbavs__GroupMember__c" WHERE "Id" = ?', items[0]?.ref ?? '');
          return inner(input, init);
        },
      },
    );
    items = await scanAll(workspace, leaver, ['groups']);
    const outcomes = await workspace.apply(removal(items), never());
    expect(outcomes.map(({ result }) => result)).toEqual([
      'conflict',
      ...items.slice(1).map(() => 'applied'),
    ]);
    expect(outcomes[0]).toMatchObject({ value: { absent: true } });
  });

  it('a membership that is said not to exist, but does, was not removed', async () => {
    const { workspace, sandbox } = await org();
    const items = await scanAll(workspace, leaver, ['groups']);
    sandbox.faults.add([
      {
        match: { method: 'DELETE', times: 1 },
        fault: { kind: 'answer', body: JSON.stringify(items.map(() => crossReference)) },
      },
    ]);
    for (const outcome of await workspace.apply(removal(items), never()))
      expect(outcome).toMatchObject({
        result: 'failed',
        code: 'forbidden',
        message: expect.stringMatching(
          /invalid cross reference id\..+Ask a Salesforce admin for edit rights/,
        ),
      });
    expect(sandbox.writes()).toBe(0);
  });

  it('a trigger that threw is quoted, and asks for no rights; rights that are missing do', async () => {
    const { workspace, sandbox } = await org({}, { clock: hasty });
    const [item] = await scanAll(workspace, leaver, ['groups']);
    if (!item) throw new Error('The leaver is in no group.');
    const refuse = (message: string, times: number) => {
      const errors = [{ statusCode: 'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', message, fields: [] }];
      sandbox.faults.add([
        {
          match: { method: 'DELETE', times },
          fault: { kind: 'answer', body: JSON.stringify([{ success: false, errors }]) },
        },
      ]);
    };
    const thrown = 'nbavs.GroupMemberTrigger: execution of BeforeDelete caused by: Leavers need a ticket.';
    refuse(thrown, 1);
    expect(await workspace.apply(removal([item]), never())).toEqual([
      { ref: item.ref, result: 'failed', code: 'invalid', message: thrown },
    ]);
    refuse('entity type cannot be deleted: Group Member', 1);
    expect(await workspace.apply(removal([item]), never())).toMatchObject([
      { code: 'forbidden', message: expect.stringContaining('Ask a Salesforce admin for edit rights') },
    ]);
    // A lock that the trigger met is a lock: it is waited for.
    refuse(
      'nbavs.GroupMemberTrigger: execution of AfterDelete caused by: System.DmlException: UNABLE_TO_LOCK_ROW, unable to obtain exclusive access',
      2,
    );
    expect(await workspace.apply(removal([item]), never())).toMatchObject([{ result: 'applied' }]);
  });

  it('a lock that does not go away fails its own record alone, after several tries', async () => {
    const { workspace, sandbox } = await org({}, { clock: hasty });
    const items = await scanAll(workspace, leaver, ['groups']);
    sandbox.org.locks.hold(groupId(1));
    const outcomes = await workspace.apply(removal(items), never());
    const held = items.findIndex(({ lock }) => lock === groupId(1));
    expect(outcomes.filter(({ result }) => result === 'applied')).toHaveLength(items.length - 1);
    expect(outcomes[held]).toMatchObject({
      result: 'failed',
      code: 'other',
      message: expect.stringMatching(/unable to obtain exclusive access.+try again in a moment/),
    });
    expect(sandbox.org.locks.refused).toBe(5);
    expect(sandbox.writes()).toBe(items.length - 1);
  });

  it('a lock that goes away is waited for', async () => {
    const { workspace, sandbox } = await org({}, { clock: hasty });
    const items = await scanAll(workspace, leaver, ['groups']);
    const release = sandbox.org.locks.hold(groupId(1));
    setTimeout(release, 12);
    const outcomes = await workspace.apply(removal(items), never());
    expect(outcomes.map(({ result }) => result)).toEqual(items.map(() => 'applied'));
  });

  it('never has two writes to one group in flight', async () => {
    const { workspace, sandbox } = await org({ settings: { writeTime: 30 } });
    const leavers = [3, 4, 6, 8, 10, 12, 14, 16].map(natterboxUserId);
    await Promise.all(
      leavers.map(async (each) => {
        const items = await scanAll(workspace, each, ['groups']);
        const outcomes = await workspace.apply({ ...removal(items), run: each }, never());
        expect(outcomes.every(({ result }) => result === 'applied')).toBe(true);
      }),
    );
    expect(sandbox.org.locks.refused).toBe(0);
  });

  it('daily limit reached: asks for a long wait, in the middle of an attempt too', async () => {
    const { workspace, sandbox } = await org();
    const items = await scanAll(workspace, leaver, ['groups']);
    const { calls } = sandbox.org.settings;
    await workspace.identify();
    // Reading before and writing still pass; reading after does not.
    calls.allowed = calls.used + 2;
    const inside = await faultOf(workspace.apply(removal(items), never()));
    expect(inside).toMatchObject({ kind: 'throttled', applied: 'maybe', retryAfter: 15 * 60_000 });
    const error = await faultOf(workspace.survey(leaver));
    expect(error).toMatchObject({ kind: 'throttled', applied: 'no', retryAfter: 15 * 60_000 });
    expect(error.message).toMatch(/TotalRequests Limit exceeded.+goes on by itself/);
    calls.allowed = 100_000;
    calls.used = 95_000;
    await workspace.identify();
    const { notes } = await workspace.survey(leaver);
    expect(notes?.map(({ message }) => message).join('\n')).toMatch(/used 95\d+ of its 100000 API calls/);
  });

  it('a Salesforce user who became inactive meanwhile: says in which order to do it', async () => {
    const { workspace, sandbox } = await org();
    sandbox.database.run('UPDATE "User" SET "IsActive" = 0 WHERE "Id" = ?', salesforceUserId(people.leaver));
    const attempt = activation(run, leaver, false);
    const error = await faultOf(workspace.setActive?.(leaver, false, attempt, never()) ?? Promise.resolve());
    expect(error).toMatchObject({ kind: 'forbidden', applied: 'no' });
    expect(error.message).toMatch(/inactive user.+offboard in Natterbox first, in Salesforce second/);
  });
});

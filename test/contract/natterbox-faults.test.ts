import { afterEach, describe, expect, it } from 'vitest';
import type { Attempt, Item } from '../../lib/offboarding/model.ts';
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

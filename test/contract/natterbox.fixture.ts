import type { Value } from '../../lib/offboarding/model.ts';
import { systemClock } from '../../lib/workspace/clock.ts';
import type { Clock } from '../../lib/workspace/dispatcher.ts';
import type { Fetch } from '../../lib/workspace/http.ts';
import type { Workspace } from '../../lib/workspace/port.ts';
import { connect, discoverWorkspace, type HostSession } from '../../lib/workspace/registry.ts';
import type { Fault } from '../sandbox/faults.ts';
import { recordId } from '../sandbox/natterbox/ids.ts';
import { natterboxUserId, people, salesforceUserId } from '../sandbox/natterbox/seed.ts';
import {
  type NatterboxSandbox,
  type NatterboxSandboxOptions,
  startNatterboxSandbox,
} from '../sandbox/natterbox/server.ts';
import type { FaultName, Fixture } from './fixture.ts';

export const orgOrigin = 'https://acme.my.salesforce.com';

/** A fetch that finds the org's real host names on loopback, as the browser's own flags do in end-to-end tests. */
export const orgFetch =
  (sandbox: Pick<NatterboxSandbox, 'url'>): Fetch =>
  (input, init) => {
    const url = new URL(input);
    const headers = new Headers(init.headers);
    headers.set('x-forwarded-host', url.host);
    return fetch(`${sandbox.url}${url.pathname}${url.search}`, { ...init, headers });
  };

export interface OrgConnection {
  sandbox: NatterboxSandbox;
  workspace: Workspace;
  /** The browser's session at the org's API host; tests replace it. */
  browser: { session: HostSession | null };
  /** The same org by an access token, as it is kept for a connection. */
  connected(secret: string): Workspace;
}

/** The demo org, found by its host name and connected with the session of its first admin. */
export async function connectOrg(
  options: NatterboxSandboxOptions = {},
  change: { fetch?: (inner: Fetch) => Fetch; clock?: Clock } = {},
): Promise<OrgConnection> {
  const sandbox = await startNatterboxSandbox(options);
  const browser: OrgConnection['browser'] = {
    session: { instanceUrl: orgOrigin, sid: sandbox.session(1, 'api') },
  };
  const session = async () => browser.session;
  const clock = change.clock ?? systemClock();
  const plain = orgFetch(sandbox);
  const discovered = await discoverWorkspace(
    'https://acme--nbavs.vf.force.com',
    plain,
    systemClock(),
    session,
  );
  if (!discovered) throw new Error('The sandbox is no org.');
  const connection = { kind: discovered.kind, origin: orgOrigin, settings: discovered.settings };
  const dependencies = { fetch: change.fetch?.(plain) ?? plain, clock, session };
  return {
    sandbox,
    workspace: connect(connection, dependencies),
    browser,
    connected: (secret) => connect(connection, { ...dependencies, secret }),
  };
}

const writePath = '/composite/sobjects';
const readPath = '/query\\?.*nbavs__GroupMember__c';

const faultOf = (kind: 'read' | 'write', name: Exclude<FaultName, 'incomplete'>): Fault => {
  const faults: Record<Exclude<FaultName, 'incomplete'>, Fault> = {
    cutBefore: { kind: 'cutBefore' },
    cutAfter: { kind: 'cutAfter' },
    unavailable: { kind: 'status', status: 503 },
    forbidden: {
      kind: 'answer',
      type: 'application/json',
      status: 403,
      body: '[{"errorCode":"INSUFFICIENT_ACCESS","message":"insufficient access rights on cross-reference id"}]',
    },
    throttled: { kind: 'status', status: 429, retryAfter: 7 },
    malformed: { kind: 'wrongType', field: kind === 'write' ? '0' : 'records' },
    page: { kind: 'malformed' },
    signedOut: { kind: 'session' },
  };
  return faults[name];
};

/** The demo org over real HTTP. */
export async function makeNatterboxFixture(): Promise<Fixture> {
  let shorten = false;
  const { sandbox, workspace } = await connectOrg(
    {},
    {
      fetch: (inner) => async (input, init) => {
        const response = await inner(input, init);
        if (!shorten || !input.includes(writePath)) return response;
        shorten = false;
        const results: unknown[] = JSON.parse(await response.text());
        return new Response(JSON.stringify(results.slice(1)), response);
      },
    },
  );
  const { database } = sandbox;
  return {
    workspace,
    viewer: { id: salesforceUserId(people.admin), name: 'Priya Shah' },
    leaver: natterboxUserId(people.leaver),
    replacement: natterboxUserId(people.colleague),
    otherMember: natterboxUserId(people.otherColleague),
    idleMember: natterboxUserId(people.idle),
    search: { text: 'sofia m', finds: [natterboxUserId(9), natterboxUserId(12)] },
    category: 'groups',
    unknownRef: recordId('a0M', 9_999),
    unknownMember: natterboxUserId(9_999),
    control: {
      async setOwner(_category, ref, member) {
        const changed = database.run(
          'UPDATE "nbavs__GroupMember__c" SET "nbavs__User__c" = ? WHERE "Id" = ?',
          member,
          ref,
        );
        if (changed !== 1) throw new Error(`There is no ${ref}.`);
      },
      async valueOf(_category, ref): Promise<Value> {
        const row = database.get<{ user: string }>(
          'SELECT "nbavs__User__c" AS user FROM "nbavs__GroupMember__c" WHERE "Id" = ?',
          ref,
        );
        return row ? { member: row.user } : { absent: true };
      },
      isActive: async (member) =>
        database.get<{ on: number }>(
          'SELECT "nbavs__Enabled__c" AS "on" FROM "nbavs__User__c" WHERE "Id" = ?',
          member,
        )?.on === 1,
      writes: async () => sandbox.writes(),
      async failNext(kind, fault) {
        if (fault === 'incomplete') {
          shorten = true;
          return;
        }
        const path = kind === 'write' ? writePath : readPath;
        sandbox.faults.add([{ match: { path, times: 1 }, fault: faultOf(kind, fault) }]);
      },
    },
    close: () => sandbox.close(),
  };
}

import type { Value } from '../../lib/offboarding/model.ts';
import { systemClock } from '../../lib/workspace/clock.ts';
import type { Clock } from '../../lib/workspace/dispatcher.ts';
import type { Fetch } from '../../lib/workspace/http.ts';
import { createMemory } from '../../lib/workspace/memory.ts';
import type { Workspace } from '../../lib/workspace/port.ts';
import { type ConnectorMemory, connect, discoverByKey } from '../../lib/workspace/registry.ts';
import { objectId, rowOf } from '../sandbox/custify/ids.ts';
import {
  type CustifySandbox,
  type CustifySandboxOptions,
  startCustifySandbox,
} from '../sandbox/custify/server.ts';
import type { Variants } from '../sandbox/custify/variants.ts';
import type { Fault } from '../sandbox/faults.ts';
import { leaverId } from '../sandbox/seed.ts';
import type { FaultName, Fixture } from './fixture.ts';

export const actor = { name: 'Priya Shah', email: 'priya.shah@acme.example' };

/** A clock on which all time passes a hundred times as fast. */
export const hurried = (): Clock => {
  const clock = systemClock();
  const start = Date.now();
  return {
    now: () => new Date(start + (Date.now() - start) * 100),
    sleep: (milliseconds, signal) => clock.sleep(milliseconds / 100, signal),
  };
};

export interface AccountConnection {
  sandbox: CustifySandbox;
  workspace: Workspace;
  memory: ConnectorMemory;
  /** The same connection after a restart of the browser. */
  restart(): Workspace;
}

const settingsOf = (url: string) => ({
  ...{ api: url, app: url, actor },
  workspace: { id: new URL(url).host, name: 'Acme' },
});

/** The demo account, found by its address and a key; `known`: connected without trying the key first. */
export async function connectAccount(
  options: CustifySandboxOptions = {},
  change: { fetch?: (inner: Fetch) => Fetch; clock?: Clock; key?: string; known?: boolean } = {},
): Promise<AccountConnection> {
  const sandbox = await startCustifySandbox(options);
  const clock = change.clock ?? hurried();
  const secret = change.key ?? sandbox.key;
  const input = { origin: sandbox.url, api: sandbox.url, key: secret, name: 'Acme', actor };
  const { kind, settings } = change.known
    ? { kind: 'custify', settings: settingsOf(sandbox.url) }
    : await discoverByKey('custify', input, fetch, clock);
  const memory = createMemory();
  const restart = () =>
    connect(
      { kind, origin: sandbox.url, settings },
      { fetch: change.fetch?.(fetch) ?? fetch, clock, secret, memory },
    );
  return { sandbox, workspace: restart(), memory, restart };
}

const faultOf = (name: Exclude<FaultName, 'incomplete'>, field: string): Fault => {
  const faults: Record<Exclude<FaultName, 'incomplete'>, Fault> = {
    cutBefore: { kind: 'cutBefore' },
    cutAfter: { kind: 'cutAfter' },
    unavailable: { kind: 'status', status: 503 },
    forbidden: {
      kind: 'answer',
      type: 'application/json',
      status: 403,
      body: '{"message":"This API key has no write permission"}',
    },
    throttled: { kind: 'status', status: 429, retryAfter: 7 },
    malformed: { kind: 'wrongType', field },
    page: { kind: 'malformed' },
    signedOut: { kind: 'session' },
  };
  return faults[name];
};

/** Under which names the connector keeps whether a write works, and which way does. */
const proofs = {
  'customers.csm': 'owners_csm',
  'customers.accountManager': 'owners_account',
  'tasks.open': 'task assignee',
  'attributes.user:renewal_lead': 'attribute renewal_lead',
};
const wayOf = (ownerKey: Variants['ownerKey'], tasks: boolean): string =>
  tasks ? 'assignedTo' : ownerKey === 'either' ? 'id' : 'company_id';

/** The demo account over real HTTP, as one variant of what is not known of the API. */
export async function makeCustifyFixture(
  variants: Partial<Variants> = {},
  category: keyof typeof proofs = 'customers.csm',
): Promise<Fixture> {
  const write =
    category === 'tasks.open' ? { method: 'PUT', path: '/task/' } : { method: 'POST', path: '/company$' };
  const tasks = category === 'tasks.open';
  const list = tasks ? 'tasks' : 'companies';
  const proof = proofs[category];
  let spoil = false;
  let wrote = false;
  const { sandbox, workspace, memory } = await connectAccount(
    { variants, small: true },
    {
      known: true,
      fetch: (inner) => async (input, init) => {
        const response = await inner(input, init);
        if (init.method !== 'GET') wrote = true;
        else if (spoil && wrote) {
          spoil = false;
          const { [list]: _left, ...rest } = JSON.parse(await response.text()) as Record<string, unknown>;
          return new Response(JSON.stringify(rest), response);
        }
        return response;
      },
    },
  );
  const { holdings, database } = sandbox;
  const ownership = (id: string) => {
    const found = holdings.find(id);
    if (!found) throw new Error(`There is no category ${id}.`);
    return found;
  };
  const say = (value: Value): Value => ('member' in value ? { member: objectId(value.member) } : value);
  return {
    workspace,
    viewer: { id: actor.email, name: actor.name },
    leaver: objectId(leaverId),
    replacement: objectId('mem_04'),
    otherMember: objectId('mem_05'),
    idleMember: objectId('mem_40'),
    search: { text: 'sofia m', finds: [objectId('mem_09'), objectId('mem_27')] },
    category,
    unknownRef: objectId('cus_none'),
    unknownMember: objectId('mem_99'),
    control: {
      async setOwner(id, ref, member) {
        const by = { member: 'mem_02', at: new Date().toISOString() };
        if (!holdings.assign(ownership(id), rowOf(ref), rowOf(member), by))
          throw new Error(`There is no ${ref}.`);
      },
      async valueOf(id, ref) {
        const [observed] = holdings.read(ownership(id), [rowOf(ref)]);
        if (!observed || !('value' in observed)) throw new Error(`There is no ${ref}.`);
        return say(observed.value);
      },
      isActive: async (member) =>
        database.get<{ active: number }>('SELECT active FROM member WHERE id = ?', rowOf(member))?.active ===
        1,
      writes: async () => sandbox.writes(),
      async failNext(kind, fault) {
        if (fault === 'incomplete') {
          spoil = true;
          wrote = false;
          return;
        }
        const read = { path: tasks ? '/task\\?' : '/company/all' };
        const match = kind === 'write' ? write : read;
        const idKey = tasks ? '_id' : sandbox.variants.idKey;
        const rule = faultOf(fault, kind === 'write' ? idKey : list);
        sandbox.faults.add([{ match: { ...match, times: 1 }, fault: rule }]);
        if (kind === 'read') return;
        // The fault shall meet the write that takes effect, and a lost answer be read back without waiting.
        await memory.set(`write ${proof}`, { state: 'works', way: wayOf(sandbox.variants.ownerKey, tasks) });
        sandbox.variants.lag = 0;
      },
    },
    close: () => sandbox.close(),
  };
}

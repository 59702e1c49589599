import { systemClock } from '../../lib/workspace/clock.ts';
import type { Fetch } from '../../lib/workspace/http.ts';
import { connect, discoverWorkspace } from '../../lib/workspace/registry.ts';
import type { Fault, FaultRule } from '../sandbox/faults.ts';
import { leaverId } from '../sandbox/seed.ts';
import { startSandbox } from '../sandbox/server.ts';
import type { FaultName, Fixture } from './fixture.ts';

/** A fetch with the cookies of one browser profile, whose next answer may be changed on its way. */
function profile(first: string): {
  fetch: Fetch;
  use(cookie: string): void;
  changeNext(path: string, change: (body: string) => string): void;
} {
  let cookie = first;
  let pending: { path: string; change: (body: string) => string } | undefined;
  return {
    async fetch(input, init) {
      const headers = new Headers(init.headers);
      headers.set('cookie', cookie);
      const response = await fetch(input, { ...init, headers });
      if (!pending || !input.includes(pending.path)) return response;
      const { change } = pending;
      pending = undefined;
      return new Response(change(await response.text()), response);
    },
    use(other) {
      cookie = other;
    },
    changeNext(path, change) {
      pending = { path, change };
    },
  };
}

const writePath = '/reassignments';
const readPath = '/items';

const faultOf = (kind: 'read' | 'write', name: Exclude<FaultName, 'incomplete'>): Fault => {
  const faults: Record<Exclude<FaultName, 'incomplete'>, Fault> = {
    cutBefore: { kind: 'cutBefore' },
    cutAfter: { kind: 'cutAfter' },
    unavailable: { kind: 'status', status: 503 },
    forbidden: { kind: 'status', status: 403, detail: 'Only owners may do this.' },
    throttled: { kind: 'status', status: 429, retryAfter: 7 },
    malformed: { kind: 'wrongType', field: kind === 'write' ? 'outcomes.*.value' : 'items' },
    page: { kind: 'malformed' },
    signedOut: { kind: 'session' },
  };
  return faults[name];
};

/** The demo workspace over real HTTP, found by its discovery document, in two admins' browsers. */
export async function makeContractFixture(): Promise<Fixture> {
  let ahead = 0;
  const sandbox = await startSandbox({
    limit: { rate: 0 },
    settle: 50,
    clock: () => Date.now() + ahead,
  });
  const { context, holdings, database } = sandbox;
  const connectAs = async (member: string) => {
    const browser = profile(sandbox.session(member).cookie);
    const discovered = await discoverWorkspace(sandbox.url, browser.fetch);
    if (!discovered) throw new Error('The sandbox is no workspace.');
    const workspace = connect(
      { kind: discovered.kind, origin: sandbox.url, settings: discovered.settings },
      { fetch: browser.fetch, clock: systemClock() },
    );
    return { browser, workspace };
  };
  const mine = await connectAs('mem_01');
  const theirs = await connectAs('mem_02');
  return {
    workspace: mine.workspace,
    colleague: theirs.workspace,
    viewer: { id: 'mem_01', name: 'Priya Shah' },
    leaver: leaverId,
    replacement: 'mem_04',
    otherMember: 'mem_05',
    idleMember: 'mem_40',
    search: { text: 'sofia m', finds: ['mem_09', 'mem_27'] },
    category: 'tasks.open',
    unknownRef: 'tsk_none',
    unknownMember: 'mem_99',
    control: {
      async setOwner(category, ref, member) {
        if (!context.setOwner('mem_02', category, ref, member)) throw new Error(`There is no ${ref}.`);
      },
      async valueOf(category, ref) {
        const ownership = holdings.find(category);
        const [observed] = ownership ? holdings.read(ownership, [ref]) : [];
        if (!observed || !('value' in observed)) throw new Error(`There is no ${ref}.`);
        return observed.value;
      },
      isActive: async (member) =>
        database.get<{ active: number }>('SELECT active FROM member WHERE id = ?', member)?.active === 1,
      writes: async () => database.get<{ n: number }>('SELECT count(*) AS n FROM write_log')?.n ?? 0,
      async failNext(kind, fault) {
        const path = kind === 'write' ? writePath : readPath;
        if (fault === 'incomplete') {
          mine.browser.changeNext(path, (body) => {
            const answer: { outcomes: unknown[] } = JSON.parse(body);
            return JSON.stringify({ outcomes: answer.outcomes.slice(1) });
          });
          return;
        }
        const rule: FaultRule = { match: { path, times: 1 }, fault: faultOf(kind, fault) };
        sandbox.faults.add([rule]);
      },
      async replaceToken() {
        sandbox.faults.add([{ match: { path: writePath, times: 1 }, fault: { kind: 'csrf' } }]);
      },
      async signInAs(member) {
        mine.browser.use(sandbox.session(member).cookie);
      },
      async pass(milliseconds) {
        ahead += milliseconds;
      },
    },
    close: () => sandbox.close(),
  };
}

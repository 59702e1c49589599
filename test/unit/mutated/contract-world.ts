import type { Attempt } from '../../../lib/offboarding/attempt.ts';
import type { Item, Value } from '../../../lib/offboarding/model.ts';
import { createContractWorkspace } from '../../../lib/workspace/contract/connector.ts';
import { checkDiscovery, type Discovery } from '../../../lib/workspace/contract/discovery.ts';
import { createDispatcher } from '../../../lib/workspace/dispatcher.ts';
import type { Fetch } from '../../../lib/workspace/http.ts';
import type { RunRecord, Workspace } from '../../../lib/workspace/port.ts';
import { leaverId } from '../../sandbox/seed.ts';
import { startSandbox } from '../../sandbox/server.ts';
import { hurry, jsonOf } from './harness.ts';

/** What the demo workspace answers to every call of the open contract's connector, recorded once. */

export const category = 'tasks.open';
const at = '2026-11-22T09:00:00.000Z';
export const record: RunRecord = {
  mode: 'executeAndDeactivate',
  phase: 'paused',
  pause: { kind: 'failures', detail: 'The workspace failed.', count: 20, resumeAt: at },
  note: 'HR-1',
  startedAt: at,
  plan: {
    defaults: {
      [category]: { member: 'mem_04' },
      'customers.csm': { sameAsCustomer: true, otherwise: 'mem_05' },
    },
    changes: [
      { kind: 'override', id: 'c1', at, category, selection: { refs: ['tsk_1'] }, to: 'mem_05', count: 1 },
      { kind: 'fill', id: 'c2', at, categories: [category], to: { member: 'mem_04' } },
    ],
    selected: ['tokens.api'],
  },
  steps: [
    {
      ...{ id: 's1', kind: 'category', category, state: 'failed', total: 3, moved: 1, failed: 1, skipped: 1 },
      ...{ unknown: 0, message: { key: 'x', params: { n: 1 } }, startedAt: at, endedAt: at },
    },
  ],
  acknowledgements: [{ category: 'tokens.api', by: 'Priya Shah', at, count: 2 }],
  planHash: 'a'.repeat(64),
  journalHead: 'b'.repeat(64),
  leaver: { name: 'Dana Wells', email: 'dana@acme.example', active: true },
  categories: [{ id: category, kind: 'tasks.open', name: 'Open tasks', action: 'reassign', count: 3 }],
};
const never = new AbortController().signal;

/** What the workspace is asked, by name: which request that is. */
const requests = {
  me: ['GET', /\/me$/],
  members: ['GET', /\/Users\?/],
  member: ['GET', /\/Users\/mem_03$/],
  patch: ['PATCH', /\/Users\/mem_03$/],
  categories: ['GET', /\/categories\?/],
  items: ['GET', /\/items\?/],
  reassignments: ['POST', /\/reassignments$/],
  owners: ['POST', /\/owners$/],
  open: ['POST', /\/runs$/],
  update: ['PUT', /\/runs\/run-m$/],
  lease: ['POST', /\/runs\/run-m\/lease$/],
  runs: ['GET', /\/runs\?leaver=/],
  openRuns: ['GET', /\/runs\?open=/],
} as const satisfies Record<string, readonly [string, RegExp]>;
export type Request = keyof typeof requests;
export interface Answer {
  status: number;
  body: unknown;
}

const nameOf = (url: string, method = 'GET'): Request => {
  const found = Object.entries(requests).find(([, [verb, path]]) => verb === method && path.test(url));
  if (!found) throw new Error(`Nothing is known of ${method} ${url}.`);
  return found[0] as Request;
};

/** The recorded workspace. */
export interface Recorded {
  document: unknown;
  discovery: Discovery;
  items: Item[];
  answers: ReadonlyMap<Request, Answer>;
  /** The answer to opening a run where another one is in the way. */
  conflict: Answer;
  /** The answer of the member once they are inactive. */
  inactive: Answer;
  workspace(fetch: Fetch): Workspace;
  /** Everything is answered as recorded, save what is told. */
  answering(told: Partial<Record<Request, string>>, other?: Partial<Record<Request, Answer>>): Fetch;
  /** Hands the items over to `wished`. */
  attempt(): Attempt;
}

/** Who receives the items. */
export const wished: Value = { member: 'mem_04' };

const attemptOf = (items: readonly Item[]): Attempt => ({
  ...{ run: 'run-m', seq: 1, key: 'key-m', fence: 1, category },
  ...{ open: 1, maybe: false, tries: 0, createdAt: at },
  changes: items.map(({ ref, value, lock }) => ({ ref, expect: value, set: wished, lock })),
});

const workspaceAt = (discovery: Discovery, fetch: Fetch): Workspace =>
  createContractWorkspace({
    discovery,
    fetch,
    clock: hurry,
    dispatcher: createDispatcher({ limits: { concurrency: 4 }, clock: hurry }),
  });

/** Makes every call once at a demo workspace of its own, and keeps what that answers. */
export async function recordAnswers(): Promise<Recorded> {
  const sandbox = await startSandbox({ limit: { rate: 0 }, settle: 50 });
  try {
    const { cookie } = sandbox.session('mem_01');
    const document: unknown = await (await fetch(`${sandbox.url}/.well-known/offboarding`)).json();
    const discovery = checkDiscovery(sandbox.url, document);
    const answers = new Map<Request, Answer>();
    const workspace = workspaceAt(discovery, async (input, init) => {
      const headers = new Headers(init.headers);
      headers.set('cookie', cookie);
      const response = await fetch(input, { ...init, headers });
      const text = await response.clone().text();
      answers.set(nameOf(input, init.method), { status: response.status, body: jsonOf(text) });
      return response;
    });
    const taken = (name: Request): Answer => {
      const answer = answers.get(name);
      if (!answer) throw new Error(`Nothing was recorded for ${name}.`);
      return answer;
    };
    const { runs } = workspace;
    await workspace.identify();
    await workspace.members({ text: 'a', limit: 5 });
    await workspace.survey(leaverId);
    const items = (await workspace.scan(leaverId, [category])).items.slice(0, 3);
    await runs?.open('run-m', leaverId, record);
    const opened = taken('open');
    await runs?.open('run-other', leaverId, record);
    const conflict = taken('open');
    answers.set('open', opened);
    await runs?.update('run-m', 1, record);
    await runs?.find(leaverId);
    await runs?.listOpen();
    await workspace.apply(attemptOf(items), never);
    await workspace.read(
      category,
      items.map(({ ref }) => ref),
    );
    await runs?.takeOver('run-m');
    // A whole page is a long answer; the first items say as much.
    const page = taken('items').body as { items: unknown[] };
    answers.set('items', { status: 200, body: { ...page, items: page.items.slice(0, 3) } });
    // One run alone leaves nothing to choose from.
    const [run] = (taken('runs').body as { runs: object[] }).runs;
    const older = { ...run, id: 'run-0', open: false, updatedAt: '2026-01-05T00:00:00.000Z' };
    for (const name of ['runs', 'openRuns'] as const)
      answers.set(name, { status: 200, body: { runs: [older, run] } });
    const inactive = { status: 200, body: { ...(taken('member').body as object), active: false } };
    answers.set('patch', inactive);
    return {
      ...{ document, discovery, items, answers, conflict, inactive },
      workspace: (spoiling) => workspaceAt(discovery, spoiling),
      answering:
        (told, other = {}) =>
        async (url, { method }) => {
          const name = nameOf(url, method);
          const { status, body } = other[name] ?? taken(name);
          const headers = { 'content-type': 'application/json' };
          return new Response(told[name] ?? JSON.stringify(body), { status, headers });
        },
      attempt: () => attemptOf(items),
    };
  } finally {
    await sandbox.close();
  }
}

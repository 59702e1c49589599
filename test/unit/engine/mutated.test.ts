import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Attempt } from '../../../lib/offboarding/attempt.ts';
import type { Item, RunItem } from '../../../lib/offboarding/model.ts';
import {
  itemSchema,
  memberSchema,
  scannedCategorySchema,
  viewerSchema,
} from '../../../lib/offboarding/model.ts';
import { sameValue, settle, settleByReading } from '../../../lib/offboarding/outcome.ts';
import { createContractWorkspace } from '../../../lib/workspace/contract/connector.ts';
import { checkDiscovery, type Discovery } from '../../../lib/workspace/contract/discovery.ts';
import { createDispatcher } from '../../../lib/workspace/dispatcher.ts';
import { WorkspaceError } from '../../../lib/workspace/errors.ts';
import type { Outcome, Page, RunRecord, Workspace } from '../../../lib/workspace/port.ts';
import { leaverId } from '../../sandbox/seed.ts';
import { startSandbox } from '../../sandbox/server.ts';
import { type Mutation, mutationOf } from './mutate.ts';

/** The least number of mutated answers, over all calls. */
const mutations = 12_000;
const category = 'tasks.open';
const record: RunRecord = {
  mode: 'executeAndDeactivate',
  phase: 'executing',
  plan: { defaults: { [category]: { member: 'mem_04' } }, changes: [], selected: [] },
  steps: [],
  acknowledgements: [],
  planHash: 'a'.repeat(64),
  journalHead: 'b'.repeat(64),
};
const never = new AbortController().signal;
/** Waits of the pacer take no time here. */
const clock = { now: () => new Date(), sleep: async () => {} };

type Fetch = (input: string, init: RequestInit) => Promise<Response>;
const workspaceOn = (discovery: Discovery, fetch: Fetch): Workspace =>
  createContractWorkspace({
    discovery,
    fetch,
    clock,
    dispatcher: createDispatcher({ limits: { concurrency: 4 }, clock }),
  });

/** A call of the port, the path whose answer is spoiled, and what must be true of a result. */
interface Call {
  name: string;
  path: RegExp;
  write: boolean;
  make: (workspace: Workspace) => Promise<unknown>;
  check: (result: never, body: unknown) => void;
}

let discovery: Discovery;
let document: unknown;
let items: Item[];
const answers = new Map<string, { status: number; body: unknown }>();
const counted = { mutated: 0, refused: 0, understood: 0 };

const attempt = (): Attempt => ({
  run: 'run-m',
  seq: 1,
  key: 'key-m',
  fence: 1,
  category,
  changes: items.map(({ ref, value, lock }) => ({ ref, expect: value, set: { member: 'mem_04' }, lock })),
  open: 1,
  maybe: false,
  tries: 0,
  createdAt: '2026-11-22T09:00:00.000Z',
});

/** What the answer itself says about a ref; a result may say nothing else. */
const saidOf = (body: unknown, list: string, ref: string): Record<string, unknown>[] =>
  ((body as Record<string, Record<string, unknown>[]>)[list] ?? []).filter((each) => each?.ref === ref);

const calls: Call[] = [
  {
    name: 'identify',
    path: /\/me$/,
    write: false,
    make: (workspace) => workspace.identify(),
    check: (viewer) => viewerSchema.parse(viewer),
  },
  {
    name: 'members',
    path: /\/Users\?/,
    write: false,
    make: (workspace) => workspace.members({ text: 'a', limit: 5 }),
    check: (page: Page<unknown>) => {
      for (const each of page.items) memberSchema.parse(each);
    },
  },
  {
    name: 'member',
    path: /\/Users\/mem_03$/,
    write: false,
    make: (workspace) => workspace.members({ id: leaverId }),
    check: (page: Page<{ id: string }>) => expect(page.items.every(({ id }) => id === leaverId)).toBe(true),
  },
  {
    name: 'survey',
    path: /\/categories\?/,
    write: false,
    make: (workspace) => workspace.survey(leaverId),
    check: (survey: { categories: object[] }) => {
      for (const each of survey.categories) scannedCategorySchema.parse({ ...each, state: 'done', found: 0 });
    },
  },
  {
    name: 'scan',
    path: /\/items\?/,
    write: false,
    make: (workspace) => workspace.scan(leaverId, [category]),
    check: (page: Page<Item>) => {
      for (const each of page.items) expect(itemSchema.parse(each).category).toBe(category);
    },
  },
  {
    name: 'apply',
    path: /\/reassignments$/,
    write: true,
    make: (workspace) => workspace.apply(attempt(), never),
    check: (outcomes: Outcome[], body) => {
      expect(outcomes.map(({ ref }) => ref)).toEqual(items.map(({ ref }) => ref));
      for (const outcome of outcomes) {
        const said = saidOf(body, 'outcomes', outcome.ref);
        expect(said).toHaveLength(1);
        expect(said[0]?.result).toBe(outcome.result);
        if ('value' in outcome) expect(isDeepStrictEqual(said[0]?.value, outcome.value)).toBe(true);
        // What the engine makes of it: moved, only if the answer says the wished value.
        const item = items.find(({ ref }) => ref === outcome.ref) as Item;
        const row: RunItem = { ...item, run: 'run-m', position: 0, state: 'planned' };
        const { state } = settle(row, { member: 'mem_04' }, outcome);
        const wished = 'value' in outcome && sameValue(outcome.value, { member: 'mem_04' });
        expect(state === 'moved').toBe(wished);
      }
    },
  },
  {
    name: 'read',
    path: /\/owners$/,
    write: false,
    make: (workspace) =>
      workspace.read(
        category,
        items.map(({ ref }) => ref),
      ),
    check: (observed: Awaited<ReturnType<Workspace['read']>>, body) => {
      expect(observed.map(({ ref }) => ref)).toEqual(items.map(({ ref }) => ref));
      for (const each of observed) {
        const said = saidOf(body, 'owners', each.ref);
        expect(said).toHaveLength(1);
        if (!('value' in each)) continue;
        expect(isDeepStrictEqual(said[0]?.value, each.value)).toBe(true);
        const item = items.find(({ ref }) => ref === each.ref) as Item;
        const row: RunItem = { ...item, run: 'run-m', position: 0, state: 'unknown' };
        const { state } = settleByReading(row, { member: 'mem_04' }, each.value);
        expect(state === 'moved').toBe(sameValue(each.value, { member: 'mem_04' }));
      }
    },
  },
  {
    name: 'open a run',
    path: /\/runs$/,
    write: true,
    make: async (workspace) => workspace.runs?.open('run-m', leaverId, record),
    check: (result: object) => expect('registered' in result || 'conflict' in result).toBe(true),
  },
  {
    name: 'find runs',
    path: /\/runs\?/,
    write: false,
    make: async (workspace) => workspace.runs?.find(leaverId),
    check: (run: { leaver: string } | undefined) => expect(run?.leaver ?? leaverId).toBe(leaverId),
  },
];

beforeAll(async () => {
  const sandbox = await startSandbox({ limit: { rate: 0 }, settle: 50 });
  const { cookie } = sandbox.session('mem_01');
  document = await (await fetch(`${sandbox.url}/.well-known/offboarding`)).json();
  discovery = checkDiscovery(sandbox.url, document);
  const workspace = workspaceOn(discovery, async (input, init) => {
    const headers = new Headers(init.headers);
    headers.set('cookie', cookie);
    const response = await fetch(input, { ...init, headers });
    const call = calls.find(({ path }) => path.test(input));
    if (call) answers.set(call.name, { status: response.status, body: await response.clone().json() });
    return response;
  });
  await workspace.identify();
  items = (await workspace.scan(leaverId, [category])).items.slice(0, 3);
  for (const name of ['open a run', 'find runs', 'members', 'survey', 'read', 'apply', 'member'])
    await calls.find((call) => call.name === name)?.make(workspace);
  // A whole page is a long answer; the first items say as much.
  const page = answers.get('scan');
  if (page) {
    const body = page.body as { items: unknown[] };
    answers.set('scan', { ...page, body: { ...body, items: body.items.slice(0, 3) } });
  }
  await sandbox.close();
});

afterAll(() =>
  console.log(
    `Mutated answers: ${counted.mutated}, of which ${counted.refused} were refused with a clear error and ` +
      `${counted.understood} understood; none crashed, none was misread.`,
  ),
);

/** Answers everything as recorded, save one call, whose answer is spoiled. */
const serving = (call: Call, text: string): Fetch => {
  return async (input) => {
    const own = calls.find(({ path }) => path.test(input));
    const recorded = own && answers.get(own.name);
    if (!recorded) throw new Error(`Nothing is recorded for ${input}.`);
    const { status, body } = recorded;
    const headers = { 'content-type': 'application/json' };
    return new Response(own === call ? text : JSON.stringify(body), { status, headers });
  };
};

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

describe('R5 mutated answers', () => {
  it.each(calls.map((call) => [call.name, call] as const))(
    '%s: a clear error or a correct result',
    async (name, call) => {
      const valid = answers.get(name)?.body;
      expect(valid).toBeDefined();
      await fc.assert(
        fc.asyncProperty(mutationOf(valid), async ({ text }: Mutation) => {
          counted.mutated += 1;
          const outcome = await call.make(workspaceOn(discovery, serving(call, text))).then(
            (result) => ({ result }),
            (error: unknown) => ({ error }),
          );
          if ('result' in outcome) {
            counted.understood += 1;
            call.check(outcome.result as never, jsonOf(text));
            return;
          }
          counted.refused += 1;
          const { error } = outcome;
          expect(error).toBeInstanceOf(WorkspaceError);
          const fault = error as WorkspaceError;
          expect(fault.message).not.toBe('');
          if (fault.kind === 'invalid') expect(fault.message).toMatch(/^Expected .+, got .+\.$/s);
          // A write whose answer cannot be understood has landed for all that is known.
          if (call.write) expect(fault.applied).toBe('maybe');
        }),
        { numRuns: Math.ceil(mutations / (calls.length + 1)), seed: 20261122 },
      );
    },
    60_000,
  );

  it.each([
    ['concurrency', 1e9],
    ['settle', 1e12],
    ['pageSize', 1e9],
    ['batch', 101],
  ])('discovery: refuses a limit that nobody could keep to (%s %d)', (name, value) => {
    const { origin } = new URL(discovery.urls.api);
    const changed = structuredClone(document) as { limits: Record<string, number> };
    changed.limits[name] = value;
    expect(() => checkDiscovery(origin, changed)).toThrow(
      new RegExp(`^Expected .+limits\\.${name}.+, got .+\\.$`, 's'),
    );
  });

  it('discovery: a clear error or a correct result', () => {
    const { origin } = new URL(discovery.urls.api);
    fc.assert(
      fc.property(mutationOf(document), ({ text }) => {
        counted.mutated += 1;
        const body = jsonOf(text);
        try {
          const found = checkDiscovery(origin, body);
          counted.understood += 1;
          expect(found.limits.concurrency).toBeLessThanOrEqual(100);
          expect(found.limits.settle).toBeLessThanOrEqual(600_000);
          for (const url of Object.values(found.urls)) {
            const allowed = [origin, ...(found.origins ?? []).map((each) => new URL(each).origin)];
            expect(allowed).toContain(new URL(url.replace('{member}', 'x')).origin);
          }
        } catch (error) {
          counted.refused += 1;
          expect(error).toBeInstanceOf(WorkspaceError);
          expect((error as WorkspaceError).message).toMatch(/^Expected .+, got .+\.$/s);
        }
      }),
      { numRuns: Math.ceil(mutations / (calls.length + 1)), seed: 20261122 },
    );
  });
});

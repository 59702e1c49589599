import type { Attempt } from '../../lib/offboarding/attempt.ts';
import type { Category, Item, Member, Value } from '../../lib/offboarding/model.ts';
import { sameValue } from '../../lib/offboarding/outcome.ts';
import { WorkspaceError } from '../../lib/workspace/errors.ts';
import type { Outcome, RegisteredRun, Workspace } from '../../lib/workspace/port.ts';
import { createRegistry } from './demo-registry.ts';

export const leaver = 'mem_dana';
export const tom = 'mem_tom';
export const mei = 'mem_mei';
export const ines = 'mem_ines';
export const priya = 'mem_priya';

export interface Write {
  category: string;
  ref: string;
  before: Value;
  after: Value;
  key: string;
  /** In whose session it was sent, and under which fence. */
  by: string | null;
  fence?: number | undefined;
}

/** The truth of a workspace in memory: it outlives every browser that talks to it. */
export interface DemoWorkspace {
  readonly owners: Map<string, Map<string, Value>>;
  readonly members: Map<string, Member>;
  /** Every change that took effect. */
  readonly writes: Write[];
  /** How often each item was given to the leaver: it may be moved as often and no oftener. */
  readonly given: Map<string, number>;
  /** How often the leaver had been surveyed when an item was given: an earlier survey cannot know of it. */
  readonly givenAt: Map<string, number>;
  surveys: number;
  /** Items ("category ref") that the workspace refuses to change, and why. */
  readonly refusals: Map<string, 'forbidden' | 'gone' | 'invalid'>;
  readonly registered: Map<string, RegisteredRun>;
  /** The requests that change the registry, where there is one, ready to land. */
  readonly registry: ReturnType<typeof createRegistry>['requests'] | undefined;
  deactivations: number;
  /** Who is signed in, in the browser that asks. */
  signedIn: string | null;
  /**
   * The request of an attempt, ready to land: called at once, later, or never. It answers as the workspace does, once
   * for each key where the category is idempotent; without a condition in the API it writes blindly what it was
   * told when it was sent. Throws WorkspaceError `conflict` where the fence is stale by then.
   */
  request(attempt: Attempt): () => Outcome[];
  /** The request that sets a member active or inactive, ready to land. */
  activation(member: string, active: boolean, attempt: Attempt): () => void;
  /** Somebody gives the leaver this item, new or not. */
  give(category: string, ref: string): void;
  /** Somebody else takes it over. */
  take(category: string, ref: string, member: string): void;
  /** The port onto it, without faults. */
  readonly workspace: Workspace;
}

export interface DemoOptions {
  /** Category id to the number of its items. */
  counts: Record<string, number>;
  idempotent: boolean;
  /** `read`: the API itself writes blindly. */
  condition?: 'server' | 'read';
  batch: number;
  concurrency: number;
  /** The workspace keeps a registry of runs, with leases and fences. */
  registry?: { now: () => Date };
}

export const pageSize = 5;
export const settleTime = 3_000;

/** Builds it: the leaver owns `counts[category]` items in each category; a manual category `tokens.api` has two. */
export function createDemoWorkspace(options: DemoOptions): DemoWorkspace {
  const owners = new Map<string, Map<string, Value>>();
  const answers = new Map<string, Outcome[]>();
  const categories = Object.keys(options.counts).map((id, index) => category(id, index, options));
  const members = new Map(
    [
      person(leaver, 'Dana Ruiz'),
      person(tom, 'Tom Okafor'),
      person(mei, 'Mei Tanaka'),
      person(ines, 'Ines Kaya', 'yes'),
      person(priya, 'Priya Shah', 'yes'),
    ].map((member) => [member.id, member]),
  );
  const registry = options.registry && createRegistry(options.registry.now, () => demo.signedIn);
  const blind = options.condition === 'read';

  const rowsOf = (id: string): Map<string, Value> => {
    const rows = owners.get(id) ?? new Map<string, Value>();
    owners.set(id, rows);
    return rows;
  };
  const judge = ({ ref, expect, set }: Attempt['changes'][number], id: string): Outcome => {
    const now = rowsOf(id).get(ref);
    if (!now) return { ref, result: 'failed', code: 'gone', message: `${ref} does not exist` };
    const refusal = demo.refusals.get(`${id} ${ref}`);
    if (refusal) return { ref, result: 'failed', code: refusal, message: `${ref} cannot be changed` };
    if (!sameValue(now, expect)) return { ref, result: 'conflict', value: now };
    return { ref, result: 'applied', value: set };
  };
  const write = (
    id: string,
    { ref, set }: Attempt['changes'][number],
    sent: Pick<Write, 'key' | 'by' | 'fence'>,
  ): void => {
    const before = rowsOf(id).get(ref);
    if (!before) return;
    rowsOf(id).set(ref, set);
    demo.writes.push({ category: id, ref, before, after: set, ...sent });
  };
  /** As a connector does: what belongs to one person is sent in nobody else's session. */
  const checkSender = ({ by }: Attempt, sender: string | null): void => {
    if (by !== undefined && by !== sender)
      throw new WorkspaceError('auth', 'Somebody else is signed in now.');
  };

  const demo: DemoWorkspace = {
    owners,
    members,
    writes: [],
    given: new Map(),
    givenAt: new Map(),
    surveys: 0,
    refusals: new Map(),
    registered: registry?.runs ?? new Map(),
    registry: registry?.requests,
    deactivations: 0,
    signedIn: priya,
    request(attempt) {
      // Without a condition in the API the connector reads just before it writes: that is now.
      const by = demo.signedIn;
      const judged = blind ? attempt.changes.map((change) => judge(change, attempt.category)) : undefined;
      return () => {
        checkSender(attempt, by);
        registry?.check(attempt.run, attempt.fence);
        const known = answers.get(attempt.key);
        if (known && options.idempotent) return known;
        const outcomes = attempt.changes.map((change, index) => {
          const outcome = judged?.[index] ?? judge(change, attempt.category);
          if (outcome.result === 'applied')
            write(attempt.category, change, { key: attempt.key, by, fence: attempt.fence });
          return outcome;
        });
        answers.set(attempt.key, outcomes);
        return outcomes;
      };
    },
    activation(id, active, attempt) {
      const by = demo.signedIn;
      return () => {
        checkSender(attempt, by);
        registry?.check(attempt.run, attempt.fence);
        const member = members.get(id);
        if (!member) throw new WorkspaceError('gone', 'There is no such member.', { status: 404 });
        if (member.active !== active) demo.deactivations += 1;
        members.set(id, { ...member, active });
      };
    },
    give(id, ref) {
      const key = `${id} ${ref}`;
      if (rowsOf(id).get(ref) && sameValue(rowsOf(id).get(ref) as Value, { member: leaver })) return;
      rowsOf(id).set(ref, { member: leaver });
      demo.given.set(key, (demo.given.get(key) ?? 0) + 1);
      demo.givenAt.set(key, demo.surveys);
    },
    take(id, ref, member) {
      if (rowsOf(id).has(ref)) rowsOf(id).set(ref, { member });
    },
    workspace: {
      async identify() {
        const viewer = signedIn();
        return {
          id: viewer.id,
          name: viewer.name,
          workspace: { id: 'ws_acme', name: 'Acme' },
          admin: viewer.admin,
        };
      },
      async members({ id }) {
        signedIn();
        const found = [...members.values()].filter((member) => id === undefined || member.id === id);
        return { items: found };
      },
      async guard() {
        return { owns: 'unknown', counts: [] };
      },
      async survey(id) {
        signedIn();
        const member = members.get(id);
        if (!member) throw new WorkspaceError('gone', 'There is no such member.', { status: 404 });
        demo.surveys += 1;
        return {
          leaver: member,
          blockers: [],
          completion: 'api',
          categories: [
            ...categories.map((each) => ({ ...each, count: owned(owners, each.id, id).length })),
            manual,
          ],
        };
      },
      async scan(id, [categoryId = ''], cursor) {
        signedIn();
        const all = categoryId === manual.id ? [] : owned(owners, categoryId, id);
        const start = Number(cursor ?? 0);
        const page = all.slice(start, start + pageSize).map((ref) => item(categoryId, ref));
        return start + pageSize < all.length
          ? { items: page, cursor: String(start + pageSize) }
          : { items: page };
      },
      async apply(attempt) {
        signedIn();
        return demo.request(attempt)();
      },
      async read(categoryId, refs) {
        signedIn();
        return refs.map((ref) => {
          const value = owners.get(categoryId)?.get(ref);
          return value ? { ref, value } : { ref, unreadable: 'It does not exist any more.', gone: true };
        });
      },
      async setActive(id, active, attempt) {
        signedIn();
        demo.activation(id, active, attempt)();
      },
      ...(registry && { runs: registry.port }),
      limits: { concurrency: options.concurrency, settle: settleTime },
      pages: {
        list: { path: '/settings/users' },
        member: { path: '/settings/users/:member', actions: [{ css: 'h1' }], native: [], banner: [] },
        deactivation: [],
      },
    },
  };
  for (const [id, count] of Object.entries(options.counts))
    for (let n = 0; n < count; n += 1) demo.give(id, `${id}-${String(n).padStart(5, '0')}`);
  return demo;

  function signedIn(): Member {
    const viewer = demo.signedIn === null ? undefined : members.get(demo.signedIn);
    if (!viewer) throw new WorkspaceError('auth', 'Nobody is signed in.', { status: 401 });
    return viewer;
  }
}

/** Refs of a category that name a member, in a stable order. */
export function owned(owners: DemoWorkspace['owners'], categoryId: string, member: string): string[] {
  return [...(owners.get(categoryId) ?? [])]
    .filter(([, value]) => sameValue(value, { member }))
    .map(([ref]) => ref);
}

/**
 * Writes that should not have been: oftener than the item was given to the leaver, or over somebody who is not the
 * leaver.
 */
export function doubled({ writes, given }: DemoWorkspace): string[] {
  const counts = new Map<string, number>();
  const wrong: string[] = [];
  for (const { category: id, ref, before, after } of writes) {
    const key = `${id} ${ref}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
    if (!sameValue(before, { member: leaver }))
      wrong.push(`${key} was ${JSON.stringify(before)} and was written to be ${JSON.stringify(after)}`);
  }
  for (const [key, count] of counts)
    if (count > (given.get(key) ?? 0)) wrong.push(`${key} was written ${count} times`);
  return wrong;
}

function item(categoryId: string, ref: string): Item {
  return {
    category: categoryId,
    ref,
    title: `Item ${ref}`,
    columns: {},
    value: { member: leaver },
    lock: ref,
  };
}

function person(id: string, name: string, isAdmin: 'yes' | 'no' = 'no'): Member {
  return { id, name, email: `${id}@acme.example`, active: true, admin: isAdmin };
}

function category(id: string, order: number, options: DemoOptions): Category {
  return {
    id,
    kind: 'other',
    name: id,
    action: 'reassign',
    count: 0,
    after: [],
    selectable: false,
    batch: options.batch,
    condition: options.condition ?? 'server',
    idempotent: options.idempotent,
    columns: [],
    perCustomer: false,
    decidesCustomer: false,
    needsSender: false,
    outlives: false,
    order,
  };
}

const manual: Category = {
  ...category('tokens.api', 90, { counts: {}, batch: 1, idempotent: false, concurrency: 1 }),
  action: 'manual',
  count: 2,
  outlives: true,
};

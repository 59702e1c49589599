import type { Attempt, Category, Item, Member, Value } from '../../lib/offboarding/model.ts';
import { sameValue } from '../../lib/offboarding/outcome.ts';
import { WorkspaceError } from '../../lib/workspace/errors.ts';
import type { Outcome, RegisteredRun, Workspace } from '../../lib/workspace/port.ts';

export const leaver = 'mem_dana';
export const tom = 'mem_tom';
export const mei = 'mem_mei';
export const ines = 'mem_ines';
const admin = 'mem_priya';

/** The truth of a workspace in memory: it outlives every browser that talks to it. */
export interface DemoWorkspace {
  readonly owners: Map<string, Map<string, Value>>;
  readonly members: Map<string, Member>;
  /** Every change that took effect. */
  readonly writes: { category: string; ref: string; before: Value; after: Value; key: string }[];
  readonly registered: Map<string, RegisteredRun>;
  deactivations: number;
  signedIn: string | null;
  /** Does the effect of an attempt, once for each key where the category is idempotent. */
  commit(attempt: Attempt): Outcome[];
  commitActive(member: string, active: boolean, attempt: Attempt): void;
  /** The port onto it, without faults. */
  readonly workspace: Workspace;
}

export interface DemoOptions {
  /** Category id to the number of its items. */
  counts: Record<string, number>;
  idempotent: boolean;
  batch: number;
  concurrency: number;
}

/** Builds it: the leaver owns `counts[category]` items in each category; a manual category `tokens.api` has two. */
export function createDemoWorkspace(options: DemoOptions): DemoWorkspace {
  const owners = new Map<string, Map<string, Value>>();
  const answers = new Map<string, Outcome[]>();
  const categories = Object.keys(options.counts).map((id, index) => category(id, index, options));
  for (const [id, count] of Object.entries(options.counts)) {
    const rows = new Map<string, Value>();
    for (let n = 0; n < count; n += 1) rows.set(`${id}-${String(n).padStart(5, '0')}`, { member: leaver });
    owners.set(id, rows);
  }
  const members = new Map(
    [
      person(leaver, 'Dana Ruiz'),
      person(tom, 'Tom Okafor'),
      person(mei, 'Mei Tanaka'),
      person(ines, 'Ines Kaya'),
      person(admin, 'Priya Shah', 'yes'),
    ].map((member) => [member.id, member]),
  );

  const demo: DemoWorkspace = {
    owners,
    members,
    writes: [],
    registered: new Map(),
    deactivations: 0,
    signedIn: admin,
    commit(attempt) {
      const known = answers.get(attempt.key);
      if (known && options.idempotent) return known;
      const outcomes = attempt.changes.map(({ ref, expect, set }): Outcome => {
        const rows = owners.get(attempt.category);
        const before = rows?.get(ref);
        if (!rows || !before)
          return { ref, result: 'failed', code: 'gone', message: `${ref} does not exist` };
        if (!sameValue(before, expect)) return { ref, result: 'conflict', value: before };
        rows.set(ref, set);
        demo.writes.push({ category: attempt.category, ref, before, after: set, key: attempt.key });
        return { ref, result: 'applied', value: set };
      });
      answers.set(attempt.key, outcomes);
      return outcomes;
    },
    commitActive(id, active) {
      const member = members.get(id);
      if (!member) throw new WorkspaceError('gone', 'There is no such member.');
      if (member.active !== active) demo.deactivations += 1;
      members.set(id, { ...member, active });
    },
    workspace: {
      async identify() {
        const viewer = demo.signedIn === null ? undefined : members.get(demo.signedIn);
        if (!viewer) throw new WorkspaceError('auth', 'Nobody is signed in.', { status: 401 });
        return {
          id: viewer.id,
          name: viewer.name,
          workspace: { id: 'ws_acme', name: 'Acme' },
          admin: viewer.admin,
        };
      },
      async members({ id }) {
        const found = [...members.values()].filter((member) => id === undefined || member.id === id);
        return { items: found };
      },
      async guard() {
        return { owns: 'unknown', counts: [] };
      },
      async survey(id) {
        const member = members.get(id);
        if (!member) throw new WorkspaceError('gone', 'There is no such member.');
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
        const all = categoryId === manual.id ? [] : owned(owners, categoryId, id);
        const start = Number(cursor ?? 0);
        const page = all.slice(start, start + 5).map((ref) => item(categoryId, ref));
        return start + 5 < all.length ? { items: page, cursor: String(start + 5) } : { items: page };
      },
      async apply(attempt) {
        return demo.commit(attempt);
      },
      async read(categoryId, refs) {
        return refs.map((ref) => {
          const value = owners.get(categoryId)?.get(ref);
          return value ? { ref, value } : { ref, unreadable: 'It does not exist any more.', gone: true };
        });
      },
      async setActive(id, active, attempt) {
        demo.commitActive(id, active, attempt);
      },
      limits: { concurrency: options.concurrency, settle: 3_000 },
      pages: {
        list: { path: '/settings/users' },
        member: { path: '/settings/users/:member', actions: [{ css: 'h1' }], native: [], banner: [] },
        deactivation: [],
      },
    },
  };
  return demo;
}

/** Refs of a category that name a member, in a stable order. */
export function owned(owners: DemoWorkspace['owners'], categoryId: string, member: string): string[] {
  return [...(owners.get(categoryId) ?? [])]
    .filter(([, value]) => sameValue(value, { member }))
    .map(([ref]) => ref);
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

function category(id: string, order: number, { batch, idempotent }: DemoOptions): Category {
  return {
    id,
    kind: 'other',
    name: id,
    action: 'reassign',
    count: 0,
    after: [],
    selectable: false,
    batch,
    condition: 'server',
    idempotent,
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

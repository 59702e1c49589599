import type { Category, Item, Value } from '../../lib/offboarding/model.ts';
import type { Observed, Outcome } from '../../lib/workspace/port.ts';
import type { MemberRow } from './context.ts';
import type { Database } from './database.ts';
import type { Refusals } from './faults.ts';
import { type Ownership, ownerships } from './ownership.ts';
import { categoryPath, itemPath } from './web/routes.ts';

interface ListRow {
  seq: number;
  ref: string;
  title: string;
  parent: string;
  customer_ref: string | null;
  customer_name?: string;
  customer_owner?: string | null;
  customer_owner_active?: number | null;
  [column: string]: string | number | null | undefined;
}
interface OwnerRow {
  owner: string | null;
  listed: number;
  title: string;
  customer: string | null;
}

/** Who changes something, and in whose name it is written down. */
export interface Actor {
  member: string;
  at: string;
  run?: string;
  key?: string | undefined;
}

interface Wish {
  ref: string;
  expect: Value;
  set: Value;
}

/** What members hold, and how it changes hands. `base`: the origin that links start with. */
export interface Holdings {
  /** Every category with its count for this member. */
  survey(member: string, base: string): Category[];
  /** Counts by category id. */
  counts(member: string): Record<string, number>;
  find(category: string): Ownership | undefined;
  /** Up to `limit` items after the row `after` (0: from the start), and the row to go on from, if there are more. */
  page(
    ownership: Ownership,
    member: string,
    after: number,
    limit: number,
    base: string,
  ): { items: Item[]; next: number | undefined; total: number };
  /** What these things say now. */
  read(ownership: Ownership, refs: readonly string[]): Observed[];
  /** Compare-and-set for each wish that is not refused, with timeline and write log; to be called in a transaction. */
  change(ownership: Ownership, wishes: readonly Wish[], actor: Actor, refusals?: Refusals): Outcome[];
  /** Sets the owner whatever it is now; false when there is no such thing. */
  assign(ownership: Ownership, ref: string, to: string | null, actor: Actor): boolean;
}

/** So many changes in one reassignment. */
export const batchSize = 100;

const ownedBy = (owner: string | null): Value => (owner === null ? { none: true } : { member: owner });
const ownerIn = (value: Value): string | null | undefined =>
  'member' in value ? value.member : 'none' in value ? null : undefined;

/** The holdings of a database. Counts are kept until anything is written. */
export function createHoldings(database: Database): Holdings {
  let stamp = -1;
  let known: Ownership[] = [];
  let byId = new Map<string, Ownership>();
  const counted = new Map<string, number>();
  /** Names of members, looked up once for each call that changes something. */
  const names = new Map<string, string>();

  /** Forgets what is remembered as soon as any row was written. */
  const refresh = () => {
    const changes = database.get<{ n: number }>('SELECT total_changes() AS n')?.n ?? 0;
    if (changes === stamp) return;
    stamp = changes;
    counted.clear();
    const now = ownerships(database);
    if (now.length === known.length && now.every((one, index) => one.id === known[index]?.id)) return;
    known = now;
    byId = new Map(now.map((one) => [one.id, one]));
  };
  const count = (ownership: Ownership, member: string): number => {
    const key = `${ownership.id}\n${member}`;
    let n = counted.get(key);
    if (n === undefined) {
      n = (database.prepare(ownership.count).get({ member }) as { n: number }).n;
      counted.set(key, n);
    }
    return n;
  };
  const rowOf = (ownership: Ownership, ref: string) =>
    database.prepare(ownership.read).get({ ref }) as unknown as OwnerRow | undefined;
  const nameOf = (member: string | null): string => {
    if (member === null) return 'nobody';
    let name = names.get(member);
    if (name === undefined) {
      name = database.get<MemberRow>('SELECT * FROM member WHERE id = ?', member)?.name ?? member;
      names.set(member, name);
    }
    return name;
  };

  const record = (ownership: Ownership, ref: string, row: OwnerRow, to: string | null, actor: Actor) => {
    if (ownership.timeline && row.customer !== null) {
      const summary = `${ownership.timeline.subject(row.title)} from ${nameOf(row.owner)} to ${nameOf(to)}`;
      database.run(
        'INSERT INTO timeline (customer, at, actor, kind, summary) VALUES (?, ?, ?, ?, ?)',
        ...[row.customer, actor.at, actor.member, ownership.timeline.kind, summary],
      );
    }
    logWrite(database, ownership.id, ref, ownedBy(row.owner), ownedBy(to), actor);
  };

  /** Why this member cannot receive anything; undefined when they can. */
  const unfit = (member: string): string | undefined => {
    const row = database.get<MemberRow>('SELECT * FROM member WHERE id = ?', member);
    if (!row) return `There is no member ${member}.`;
    return row.active ? undefined : `${row.name} is inactive and cannot own anything.`;
  };

  const changeOne = (
    ownership: Ownership,
    { ref, expect, set }: Wish,
    actor: Actor,
    refused: (member: string) => string | undefined,
  ): Outcome => {
    const row = rowOf(ownership, ref);
    if (!row)
      return { ref, result: 'failed', code: 'gone', message: `This ${ownership.noun} no longer exists.` };
    const to = ownerIn(set);
    const from = ownerIn(expect);
    if (ownership.action === 'manual') {
      const message = `A ${ownership.noun} can only be changed by a person.`;
      return { ref, result: 'failed', code: 'forbidden', message };
    }
    if (to === undefined || from === undefined)
      return {
        ref,
        result: 'failed',
        code: 'invalid',
        message: 'Only an owner can be expected or set here.',
      };
    // What was closed or shared in the meantime no longer is one of these; nobody overwrites it.
    if (!row.listed) return { ref, result: 'conflict', value: { absent: true } };
    if (row.owner !== from) return { ref, result: 'conflict', value: ownedBy(row.owner) };
    const message = to === null ? undefined : refused(to);
    if (message) return { ref, result: 'failed', code: 'invalid', message };
    if (to !== from) {
      database.prepare(ownership.write).run({ ref, set: to, expect: from });
      record(ownership, ref, row, to, actor);
    }
    return { ref, result: 'applied', value: set };
  };

  return {
    survey(member, base) {
      refresh();
      return known.map((ownership) => ({
        id: ownership.id,
        kind: ownership.kind,
        ...(ownership.name === undefined ? {} : { name: ownership.name }),
        action: ownership.action,
        count: count(ownership, member),
        after: [],
        selectable: false,
        batch: batchSize,
        condition: 'server',
        idempotent: true,
        columns: ownership.columns,
        link: base + categoryPath(ownership.id, member),
        perCustomer: false,
        decidesCustomer: false,
        needsSender: false,
        outlives: false,
        ...ownership.flags,
        order: ownership.order,
      }));
    },
    counts(member) {
      refresh();
      return Object.fromEntries(known.map((ownership) => [ownership.id, count(ownership, member)]));
    },
    find(category) {
      if (!byId.has(category)) refresh();
      return byId.get(category);
    },
    page(ownership, member, after, limit, base) {
      refresh();
      // One row more than asked tells whether there is another page.
      const rows = database
        .prepare(ownership.list)
        .all({ member, after, limit: limit + 1 }) as unknown as ListRow[];
      const more = rows.length > limit;
      if (more) rows.pop();
      const [before = '', between = '', end = ''] = itemPath(ownership.id, 'REF', 'PARENT').split(
        /PARENT|REF/,
      );
      const nested = ownership.id.startsWith('playbooks.') || ownership.id.startsWith('lifecycles.');
      const items = rows.map((row): Item => {
        const { ref, title, parent, customer_ref: customer, customer_name: name = '' } = row;
        const { customer_owner: owner = null, customer_owner_active: active } = row;
        const columns: Item['columns'] = {};
        for (const { key } of ownership.columns) columns[key] = row[key] ?? null;
        return {
          category: ownership.id,
          ref,
          title,
          link: `${base}${before}${nested ? `${parent}${between}${ref}${end}` : `${ref}${between}`}`,
          ...(customer === null
            ? {}
            : { customer: { ref: customer, name, owner, ...(active === 0 ? { ownerInactive: true } : {}) } }),
          columns,
          value: { member },
          lock: customer ?? ref,
        };
      });
      return { items, next: more ? rows.at(-1)?.seq : undefined, total: count(ownership, member) };
    },
    read: (ownership, refs) =>
      refs.map((ref) => {
        const row = rowOf(ownership, ref);
        if (!row) return { ref, unreadable: `This ${ownership.noun} no longer exists.`, gone: true };
        return { ref, value: row.listed ? ownedBy(row.owner) : { absent: true as const } };
      }),
    change(ownership, wishes, actor, refusals) {
      names.clear();
      const reasons = new Map<string, string | undefined>();
      const refused = (member: string) => {
        if (!reasons.has(member)) reasons.set(member, unfit(member));
        return reasons.get(member);
      };
      return wishes.map((wish) => {
        const refusal = refusals?.get(wish.ref);
        return refusal
          ? { ref: wish.ref, result: 'failed', ...refusal }
          : changeOne(ownership, wish, actor, refused);
      });
    },
    assign(ownership, ref, to, actor) {
      names.clear();
      const row = rowOf(ownership, ref);
      if (!row) return false;
      if (row.owner === to) return true;
      database.prepare(ownership.write).run({ ref, set: to, expect: row.owner });
      record(ownership, ref, row, to, actor);
      return true;
    },
  };
}

/** One effective write, with what was said before and after (JSON of the values). */
export function logWrite(
  database: Database,
  category: string,
  ref: string,
  before: Value,
  after: Value,
  actor: Actor,
): void {
  database.run(
    'INSERT INTO write_log (at, actor, category, ref, before, after, run, idempotency_key) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    ...[actor.at, actor.member, category, ref, JSON.stringify(before), JSON.stringify(after)],
    ...[actor.run ?? null, actor.key ?? null],
  );
}

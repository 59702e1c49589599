import type { Plan, PlanChange, Target } from './choices.ts';
import type { Category, Item } from './model.ts';
import { matches, searchText } from './search.ts';

/** Who receives an item, and why: `own` when an override decides, else the category's default. */
export interface Assignment {
  member: string | null;
  own: boolean;
}

export interface CompiledPlan {
  /** The receiver of one item; `member` is null where the plan names nobody yet. */
  assign(item: Item): Assignment;
}

type Override = Extract<PlanChange, { kind: 'override' }>;

interface CompiledCategory {
  /** The last change that names a ref, as an index into `overrides`. */
  byRef: Map<string, number>;
  /** Indexes of the changes that select by search, latest first. */
  byQuery: { index: number; query: string; except: Set<string> }[];
  overrides: Override[];
}

/**
 * Prepares a plan so that each item's receiver is found without walking all changes again.
 * `leaver` is the leaver's member id; `deciding` the category whose items are the customers themselves (undefined
 * where the workspace has none); `customers` that category's items by ref, needed where `needsCustomers` says so.
 */
export function compilePlan(
  plan: Plan,
  leaver: string,
  deciding: string | undefined,
  customers?: ReadonlyMap<string, Item>,
): CompiledPlan {
  const compiled = new Map<string, CompiledCategory>();
  for (const change of plan.changes) {
    if (change.kind !== 'override') continue;
    const entry: CompiledCategory = compiled.get(change.category) ?? {
      byRef: new Map(),
      byQuery: [],
      overrides: [],
    };
    compiled.set(change.category, entry);
    const index = entry.overrides.push(change) - 1;
    if ('refs' in change.selection) for (const ref of change.selection.refs) entry.byRef.set(ref, index);
    else
      entry.byQuery.unshift({
        index,
        query: change.selection.query,
        except: new Set(change.selection.except),
      });
  }

  const overrideOf = (item: Item): Override | undefined => {
    const entry = compiled.get(item.category);
    if (!entry) return undefined;
    let latest = entry.byRef.get(item.ref) ?? -1;
    let text: string | undefined;
    for (const { index, query, except } of entry.byQuery) {
      if (index <= latest) break;
      if (except.has(item.ref)) continue;
      if (query !== '') text ??= searchText(item);
      if (query === '' || matches(text ?? '', query)) {
        latest = index;
        break;
      }
    }
    return latest < 0 ? undefined : entry.overrides[latest];
  };

  const viaDefault = (item: Item, target: Target | undefined): string | null => {
    if (!target) return null;
    if ('member' in target) return target.member;
    return viaCustomer(item) ?? target.otherwise ?? null;
  };

  const viaCustomer = (item: Item): string | null => {
    const { customer } = item;
    if (!customer) return null;
    if (customer.owner !== leaver) return customer.ownerInactive ? null : customer.owner;
    if (deciding === undefined || deciding === item.category) return null;
    const row = customers?.get(customer.ref);
    if (row) return assign(row).member;
    return assign({
      category: deciding,
      ref: customer.ref,
      title: customer.name,
      columns: {},
      value: { member: leaver },
      lock: customer.ref,
    }).member;
  };

  const assign = (item: Item): Assignment => {
    const override = overrideOf(item);
    if (override && override.to !== null) return { member: override.to, own: true };
    return {
      member: viaDefault(item, plan.defaults[item.category]),
      own: false,
    };
  };
  return { assign };
}

/**
 * True when "same as the customer's new CSM" can only be told from the customers' own rows, because a search on
 * their columns decides who receives some of them.
 */
export function needsCustomers(plan: Plan, deciding: string | undefined): boolean {
  return (
    Object.values(plan.defaults).some((target) => 'sameAsCustomer' in target) &&
    plan.changes.some(
      (change) =>
        change.kind === 'override' &&
        change.category === deciding &&
        'query' in change.selection &&
        change.selection.query !== '',
    )
  );
}

/** The category whose items are the customers themselves. */
export function decidingCategory(
  categories: readonly Pick<Category, 'id' | 'decidesCustomer'>[],
): string | undefined {
  return categories.find((category) => category.decidesCustomer)?.id;
}

/** True when the default alone decides every item of the category, so that nobody has to look at the items. */
export function decidedByDefault(plan: Plan, category: string): boolean {
  const target = plan.defaults[category];
  return (
    target !== undefined &&
    'member' in target &&
    !plan.changes.some((change) => change.kind === 'override' && change.category === category)
  );
}

/** The plan with one more change at its end. Undone by `withoutChange`. */
export function withChange(plan: Plan, change: PlanChange): Plan {
  const changes = [...plan.changes, change];
  if (change.kind === 'override') return { ...plan, changes };
  const defaults = { ...plan.defaults };
  for (const category of change.categories) defaults[category] = change.to;
  return { ...plan, defaults, changes };
}

/**
 * The plan without one change, by its id. An undone quick fill empties the defaults it set, except those that were
 * chosen differently since. An id that is not there changes nothing.
 */
export function withoutChange(plan: Plan, id: string): Plan {
  const change = plan.changes.find((each) => each.id === id);
  if (!change) return plan;
  const changes = plan.changes.filter((each) => each.id !== id);
  if (change.kind === 'override') return { ...plan, changes };
  const defaults = { ...plan.defaults };
  for (const category of change.categories)
    if (sameTarget(defaults[category], change.to)) delete defaults[category];
  return { ...plan, defaults, changes };
}

/** The plan with a default set or, with null, taken away. */
export function withDefault(plan: Plan, category: string, to: Target | null): Plan {
  const defaults = { ...plan.defaults };
  if (to) defaults[category] = to;
  else delete defaults[category];
  return { ...plan, defaults };
}

function sameTarget(a: Target | undefined, b: Target): boolean {
  if (!a) return false;
  if ('member' in a) return 'member' in b && a.member === b.member;
  return 'sameAsCustomer' in b && a.otherwise === b.otherwise;
}

/** How the items of one category fall to their receivers. */
export interface Distribution {
  total: number;
  /** Items without a receiver. */
  unassigned: number;
  /** Items whose receiver an override decides. */
  own: number;
  /** Number of items by member id. */
  byMember: Record<string, number>;
}

/** Counts, item by item, who receives how many. Feed it chunk by chunk: the last result goes in as `so far`. */
export function distribute(plan: CompiledPlan, items: Iterable<Item>, soFar?: Distribution): Distribution {
  const result: Distribution = soFar ?? {
    total: 0,
    unassigned: 0,
    own: 0,
    byMember: {},
  };
  for (const item of items) {
    const { member, own } = plan.assign(item);
    result.total += 1;
    if (own) result.own += 1;
    if (member === null) result.unassigned += 1;
    else result.byMember[member] = (result.byMember[member] ?? 0) + 1;
  }
  return result;
}

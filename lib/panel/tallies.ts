import { computed, createModel, effect, signal } from '@preact/signals';
import type { Item, Run, RunItem } from '../offboarding/model.ts';
import {
  compilePlan,
  type Distribution,
  decidedByDefault,
  decidingCategory,
  distribute,
  needsCustomers,
} from '../offboarding/plan.ts';
import { executedCategories } from '../offboarding/steps.ts';
import type { PanelDependencies } from './dependencies.ts';
import type { RunFeedModel } from './run-feed.ts';
import { handedOver } from './scan.ts';

/** So many items are counted before the page gets its turn. */
const chunk = 4_000;

/** What the count of a category depends on; the same key means the same count. */
function tallyKey(run: Run, category: string): string {
  const deciding = decidingCategory(run.categories);
  const follows = 'sameAsCustomer' in (run.plan.defaults[category] ?? {});
  const concerns = (id: string): unknown => [
    run.plan.defaults[id],
    run.plan.changes.filter((change) => change.kind === 'override' && change.category === id),
  ];
  return JSON.stringify([
    run.scan.endedAt,
    run.categories.find(({ id }) => id === category)?.count,
    concerns(category),
    follows && deciding !== undefined ? concerns(deciding) : null,
  ]);
}

/**
 * How the items of each category fall to their receivers. Where the default alone decides, that is the category's
 * count; everywhere else the items themselves are counted, in pieces, so that the page stays responsive.
 */
export const Tallies = createModel((dependencies: PanelDependencies, feed: RunFeedModel, id: string) => {
  const tallies = signal<ReadonlyMap<string, { key: string; distribution: Distribution }>>(new Map());
  const customers = signal<number | undefined>(undefined);
  let counting = false;
  let again = false;
  let stopped = false;

  const put = (category: string, key: string, distribution: Distribution): void => {
    tallies.value = new Map(tallies.peek()).set(category, { key, distribution });
  };
  async function* pages(category: string): AsyncGenerator<RunItem[]> {
    let after: string | undefined;
    for (;;) {
      const items = await dependencies.store.items.page(id, category, chunk, after);
      if (stopped || items.length === 0) return;
      yield items;
      after = items.at(-1)?.ref;
      if (items.length < chunk) return;
      await new Promise<void>((resolve) => dependencies.after(0, resolve));
    }
  }

  const count = async (run: Run, category: string, key: string): Promise<void> => {
    const deciding = decidingCategory(run.categories);
    let customers: Map<string, Item> | undefined;
    const target = run.plan.defaults[category];
    if (deciding && target && 'sameAsCustomer' in target && needsCustomers(run.plan, deciding)) {
      customers = new Map(
        (await dependencies.store.items.category(id, deciding)).map((item) => [item.ref, item]),
      );
    }
    const plan = compilePlan(run.plan, run.leaver.id, deciding, customers);
    let result: Distribution = { total: 0, unassigned: 0, own: 0, byMember: {} };
    for await (const items of pages(category)) result = distribute(plan, items, result);
    if (!stopped) put(category, key, result);
  };

  const countAll = async (): Promise<void> => {
    if (counting) {
      again = true;
      return;
    }
    counting = true;
    do {
      again = false;
      const run = feed.run.peek();
      if (!run) break;
      for (const category of executedCategories(run.categories, run.plan)) {
        const key = tallyKey(run, category.id);
        if (stopped || again) break;
        if ((category.count ?? 0) === 0 || tallies.peek().get(category.id)?.key === key) continue;
        const target = run.plan.defaults[category.id];
        const total = category.count ?? 0;
        const untouched = !run.plan.changes.some(
          (change) => change.kind === 'override' && change.category === category.id,
        );
        if (decidedByDefault(run.plan, category.id) && target && 'member' in target)
          put(category.id, key, { total, unassigned: 0, own: 0, byMember: { [target.member]: total } });
        else if (untouched && !target)
          put(category.id, key, { total, unassigned: total, own: 0, byMember: {} });
        else await count(run, category.id, key).catch(() => undefined);
      }
    } while (again && !stopped);
    counting = false;
  };

  let customersOf: string | undefined;
  const countCustomers = async (run: Run): Promise<void> => {
    customersOf = run.scan.endedAt;
    const refs = new Set<string>();
    for (const category of handedOver(run)) {
      if (!category.perCustomer && !category.decidesCustomer) continue;
      for await (const items of pages(category.id))
        for (const item of items)
          refs.add(category.decidesCustomer ? item.ref : (item.customer?.ref ?? item.ref));
    }
    if (!stopped && customersOf === run.scan.endedAt) customers.value = refs.size;
  };

  effect(() => {
    const run = feed.run.value;
    if (!run || run.scan.state === 'running') return;
    void countAll();
    if (run.scan.endedAt !== undefined && run.scan.endedAt !== customersOf)
      void countCustomers(run).catch(() => undefined);
  });
  effect(() => () => {
    stopped = true;
  });

  return {
    /** How many different customers the items to hand over belong to; undefined while counting. */
    customers,
    /** By category; `current` is false while a newer count is on its way. */
    byCategory: computed(() => {
      const run = feed.run.value;
      const result = new Map<string, Distribution & { current: boolean }>();
      if (run)
        for (const [category, { key, distribution }] of tallies.value)
          result.set(category, { ...distribution, current: key === tallyKey(run, category) });
      return result;
    }),
  };
});

export type TallyMap = ReadonlyMap<string, Distribution & { current: boolean }>;

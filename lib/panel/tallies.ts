import { computed, createModel, effect, signal } from '@preact/signals';
import type { Run, ScannedCategory } from '../offboarding/model.ts';
import { type Distribution, decidedByDefault, decidingCategory } from '../offboarding/plan.ts';
import { executedCategories } from '../offboarding/steps.ts';
import type { PanelDependencies } from './dependencies.ts';
import { requestOf } from './rows.ts';
import type { RunFeedModel } from './run-feed.ts';
import { handedOver } from './scan.ts';
import { wordsOf } from './words-of.ts';

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
 * count; everywhere else the items themselves are counted, where the tables read them.
 */
export const Tallies = createModel((dependencies: PanelDependencies, feed: RunFeedModel) => {
  const tallies = signal<ReadonlyMap<string, { key: string; distribution: Distribution }>>(new Map());
  const customers = signal<number | undefined>(undefined);
  const failed = signal<string | undefined>(undefined);
  const { tables, locale } = dependencies;
  let counting = false;
  let again = false;
  let stopped = false;

  const put = (category: string, key: string, distribution: Distribution): void => {
    if (!stopped) tallies.value = new Map(tallies.peek()).set(category, { key, distribution });
  };
  const fail = (error: unknown): void => {
    if (!stopped) failed.value = wordsOf(error);
  };

  const count = async (run: Run, category: ScannedCategory, key: string): Promise<void> => {
    const table = tables.project();
    try {
      let progress = await table.open(requestOf(run, category, locale));
      const plan = table.plan({
        plan: run.plan,
        leaver: run.leaver.id,
        deciding: decidingCategory(run.categories),
        names: {},
        warned: [],
      });
      const { own, unassigned, byMember } = await plan;
      while (!progress.complete) progress = await table.more();
      put(category.id, key, { total: progress.read, own, unassigned, byMember });
    } finally {
      table.close();
    }
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
        else await count(run, category, key).catch(fail);
      }
    } while (again && !stopped);
    counting = false;
  };

  let customersOf: string | undefined;
  const countCustomers = async (run: Run): Promise<void> => {
    customersOf = run.scan.endedAt;
    const found = await tables.customers(
      handedOver(run)
        .filter(({ perCustomer, decidesCustomer }) => perCustomer || decidesCustomer)
        .map((category) => ({
          request: requestOf(run, category, locale),
          deciding: category.decidesCustomer === true,
        })),
    );
    if (!stopped && customersOf === run.scan.endedAt) customers.value = found;
  };
  const look = (run: Run | undefined): void => {
    if (!run || run.scan.state === 'running') return;
    void countAll();
    if (run.scan.endedAt !== undefined && run.scan.endedAt !== customersOf)
      void countCustomers(run).catch(fail);
  };

  effect(() => look(feed.run.value));
  effect(() => () => {
    stopped = true;
  });

  return {
    /** How many different customers the items to hand over belong to; undefined while counting. */
    customers,
    /** Why something could not be counted, in the browser's words. */
    failed,
    /** Counts once more what could not be counted. */
    retry(): void {
      failed.value = undefined;
      customersOf = undefined;
      look(feed.run.peek());
    },
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

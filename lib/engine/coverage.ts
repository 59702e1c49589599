import type { Item, Run, ScannedCategory } from '../offboarding/model.ts';
import {
  type CompiledPlan,
  compilePlan,
  type Distribution,
  decidedByDefault,
  decidingCategory,
  distribute,
  needsCustomers,
} from '../offboarding/plan.ts';
import { executedCategories } from '../offboarding/steps.ts';
import type { StoreReader } from '../store/store.ts';

/** Rows read at once where a whole category has to be looked at. */
const pageSize = 5_000;

/** The run's plan, ready to say who receives an item. Reads the customers' rows only where they decide. */
export async function compileFor(store: StoreReader, run: Run): Promise<CompiledPlan> {
  const deciding = decidingCategory(run.categories);
  const rows = new Map<string, Item>();
  if (deciding !== undefined && needsCustomers(run.plan, deciding))
    for await (const page of pages(store, run.id, deciding))
      for (const item of page) rows.set(item.ref, item);
  return compilePlan(run.plan, run.leaver.id, deciding, rows);
}

/** Who receives how many of a category's items, counted from the items unless the default alone decides. */
export async function distributionOf(
  store: StoreReader,
  run: Run,
  category: ScannedCategory,
  plan: CompiledPlan,
): Promise<Distribution> {
  const target = run.plan.defaults[category.id];
  if (target && 'member' in target && decidedByDefault(run.plan, category.id)) {
    const total = category.count ?? 0;
    return { total, unassigned: 0, own: 0, byMember: { [target.member]: total } };
  }
  let result: Distribution = { total: 0, unassigned: 0, own: 0, byMember: {} };
  for await (const page of pages(store, run.id, category.id)) result = distribute(plan, page, result);
  return result;
}

/** The same for every category that the run hands over and in which there is something. */
export async function distributions(store: StoreReader, run: Run): Promise<Map<string, Distribution>> {
  const plan = await compileFor(store, run);
  const result = new Map<string, Distribution>();
  for (const category of executedCategories(run.categories, run.plan)) {
    if ((category.count ?? 0) === 0 || category.action !== 'reassign') continue;
    result.set(category.id, await distributionOf(store, run, category, plan));
  }
  return result;
}

async function* pages(store: StoreReader, run: string, category: string): AsyncGenerator<Item[]> {
  let after: string | undefined;
  for (;;) {
    const page = await store.items.page(run, category, pageSize, after);
    if (page.length > 0) yield page;
    after = page.at(-1)?.ref;
    if (page.length < pageSize) return;
  }
}

import type { Run, ScannedCategory } from '../offboarding/model.ts';
import { isExecuted } from '../offboarding/steps.ts';

export interface ScanGroups {
  /** The run hands these over. */
  reassigned: ScannedCategory[];
  /** Those that could not be checked first, then those that need a person. */
  manual: ScannedCategory[];
  /** Checked, and nothing in them. */
  nothing: ScannedCategory[];
}

const byCountThenOrder = (a: ScannedCategory, b: ScannedCategory): number =>
  (b.count ?? 0) - (a.count ?? 0) || a.order - b.order;

/** Could not be checked: never drawn as zero. */
export function isUnread(category: ScannedCategory): boolean {
  return category.count === null && (category.unread !== undefined || category.state === 'failed');
}

/** Still being read, or about to be. */
export function isPending(category: ScannedCategory): boolean {
  return !isUnread(category) && category.state !== 'done' && category.state !== 'failed';
}

/** The categories of a scan as the first step shows them. While it runs their order stays as surveyed. */
export function groupsOf(run: Pick<Run, 'categories' | 'plan' | 'scan'>): ScanGroups {
  const groups: ScanGroups = { reassigned: [], manual: [], nothing: [] };
  const unread: ScannedCategory[] = [];
  for (const category of run.categories) {
    if (isUnread(category)) unread.push(category);
    else if (category.count === 0 && category.found === 0 && !isPending(category))
      groups.nothing.push(category);
    else if (isExecuted(category, run.plan)) groups.reassigned.push(category);
    else groups.manual.push(category);
  }
  const order =
    run.scan.state === 'running'
      ? (a: ScannedCategory, b: ScannedCategory) => a.order - b.order
      : byCountThenOrder;
  groups.reassigned.sort(order);
  groups.manual.sort(order);
  groups.manual.unshift(...unread);
  return groups;
}

export interface ScanTotals {
  /** Items that the run hands over. */
  items: number;
  /** Items that need a person. */
  manual: number;
  unread: number;
  read: number;
  categories: number;
}

/** Sums over a scan; while it runs, what was found so far. */
export function totalsOf(run: Pick<Run, 'categories' | 'plan'>): ScanTotals {
  const totals: ScanTotals = { items: 0, manual: 0, unread: 0, read: 0, categories: run.categories.length };
  for (const category of run.categories) {
    const count = isPending(category) ? category.found : (category.count ?? 0);
    if (isUnread(category)) totals.unread += 1;
    else if (!isPending(category)) totals.read += 1;
    if (isExecuted(category, run.plan) && !isUnread(category)) totals.items += count;
    else totals.manual += count;
  }
  return totals;
}

/** Categories whose items need somebody to receive them; what is only removed or cleared needs nobody. */
export function received(run: Pick<Run, 'categories' | 'plan'>): ScannedCategory[] {
  return handedOver(run).filter(({ action }) => action === 'reassign');
}

/** Categories in which the run has something to hand over. */
export function handedOver(run: Pick<Run, 'categories' | 'plan'>): ScannedCategory[] {
  return run.categories.filter(
    (category) => isExecuted(category, run.plan) && !isUnread(category) && (category.count ?? 0) > 0,
  );
}

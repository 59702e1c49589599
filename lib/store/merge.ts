import type { Item, RunItem } from '../offboarding/model.ts';
import type { Merged } from './store.ts';

/**
 * Scanned items over what is known of them (`known`, in the same order): the rows to be stored, each once, and what
 * the merge found. New ones are planned; settled ones that name the leaver again are planned again; a failed one,
 * or one that is being verified, keeps its state.
 */
export function mergeAll(
  run: string,
  items: readonly Item[],
  known: readonly (RunItem | undefined)[],
  firstPosition: number,
): { rows: RunItem[]; merged: Merged } {
  const merged: Merged = { added: [], returned: [], left: 0 };
  const rows: RunItem[] = [];
  const seen = new Set<string>();
  items.forEach((item, index) => {
    // A page may name an item twice.
    const key = JSON.stringify([item.category, item.ref]);
    if (seen.has(key)) return;
    seen.add(key);
    const before = known[index];
    if (before?.state === 'failed' || before?.state === 'unknown') {
      merged.left += 1;
      return;
    }
    if (!before) merged.added.push(item);
    else if (before.state !== 'planned') merged.returned.push(item);
    rows.push({ ...item, run, position: before?.position ?? firstPosition + index, state: 'planned' });
  });
  return { rows, merged };
}

import type { ItemState } from '../../lib/offboarding/model.ts';
import { itemStates } from '../../lib/offboarding/states.ts';

/** How many of these items are in each state, as a store counts them. */
export function countsOf(items: Iterable<{ state: ItemState }>): Record<ItemState, number> {
  const counts = Object.fromEntries(itemStates.map((state) => [state, 0])) as Record<ItemState, number>;
  for (const { state } of items) counts[state] += 1;
  return counts;
}

import type { RunItem } from './model.ts';

/** What failed items have in common: the same reason in the same words. */
export function failureOf({ reason }: Pick<RunItem, 'reason'>): string {
  return `${reason?.code ?? 'other'} ${reason?.message ?? ''}`;
}

import type { ScannedCategory } from '../../../lib/offboarding/model.ts';

/** A category that is handed over, with one item. */
export const makeCategory = (id: string, change: Partial<ScannedCategory> = {}): ScannedCategory => ({
  id,
  kind: 'other',
  action: 'reassign',
  count: 1,
  after: [],
  selectable: false,
  batch: 10,
  condition: 'server',
  idempotent: true,
  columns: [],
  perCustomer: false,
  decidesCustomer: false,
  needsSender: false,
  outlives: false,
  order: 1,
  state: 'done',
  found: 1,
  ...change,
});

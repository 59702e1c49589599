import { describe, expect, it } from 'vitest';
import { coverageOf, step } from '../../../lib/offboarding/steps.ts';
import { goneByHand } from '../../../lib/panel/execution.ts';
import { makeCategory } from './material.ts';

const done = (id: string) => ({ ...step(id, 'category', 1, id), state: 'completed' as const });
const plan = { defaults: {}, changes: [], selected: [] };
const at = '2026-11-22T10:00:00.000Z';
describe('issue 6: what a run may call verified', () => {
  const read = makeCategory('tasks', { action: 'reassign', count: 3 });
  const empty = makeCategory('customers', { action: 'reassign', count: 0 });
  const unread = makeCategory('dashboards', { action: 'reassign', count: null });
  const byHand = makeCategory('tokens', { action: 'manual', count: 2 });

  it('is what was read and handed over; what could not be read is named, what is done by hand is neither', () => {
    const { verified, unread: open } = coverageOf({
      plan,
      categories: [read, empty, unread, byHand],
      steps: [done('tasks')],
    });
    expect(verified.map(({ id }) => id)).toEqual(['tasks', 'customers']);
    expect(open.map(({ id }) => id)).toEqual(['dashboards']);
  });

  it('is nothing whose step failed or never ran', () => {
    const failed = { ...done('tasks'), state: 'failed' as const };
    const { verified } = coverageOf({ plan, categories: [read, empty], steps: [failed] });
    expect(verified.map(({ id }) => id)).toEqual(['customers']);
  });

  it('tells what was done by hand since the tick, and only that', () => {
    const tick = (category: string, count: number | null) => ({ category, count, at, by: 'Priya Shah' });
    const gone = makeCategory('signatures', { action: 'manual', count: 0 });
    const never = makeCategory('mailboxes', { action: 'manual', count: 0 });
    const categories = [byHand, gone, never, unread];
    const acknowledgements = [
      tick('tokens', 2),
      tick('signatures', 1),
      tick('mailboxes', 0),
      tick('dashboards', null),
    ];
    const found = goneByHand({ plan, categories, acknowledgements });
    expect(found.map(({ category, ticked }) => [category.id, ticked])).toEqual([['signatures', 1]]);
  });
});

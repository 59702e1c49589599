import { describe, expect, it } from 'vitest';
import { ageOf, isOutdated } from '../../../lib/panel/freshness.ts';
import { groupsOf, totalsOf } from '../../../lib/panel/scan.ts';
import { controlId, gapOf, mustRescan, screensOf, unassignedIn } from '../../../lib/panel/steps.ts';
import { draft, planned } from '../../e2e/wizard/data.ts';

const now = new Date('2026-11-22T10:00:00.000Z');
const fresh = draft(new Date('2026-11-22T09:56:00.000Z'));

describe('what a step still lacks', () => {
  it('W3.5 names the categories without a person, and leads to the first', () => {
    const gap = gapOf('reassignments', fresh, new Map());
    expect(gap).toMatchObject({ kind: 'unassigned', count: 9 });
    expect(gap?.target).toBe(controlId('reassignments', 'playbooks.tasks'));
  });

  it('W3.5 a category needs no default when every one of its items has an override', () => {
    const tallies = new Map([
      ['views.customers', { total: 12, unassigned: 0, own: 12, byMember: { a: 12 }, current: true }],
    ]);
    expect(unassignedIn(fresh, tallies)).not.toContain('views.customers');
    const some = new Map([
      ['views.customers', { total: 12, unassigned: 1, own: 11, byMember: { a: 11 }, current: true }],
    ]);
    expect(unassignedIn(fresh, some)).toContain('views.customers');
  });

  it('W4.1 wants a tick for each manual group and for what could not be checked', () => {
    expect(gapOf('future', fresh, new Map())).toMatchObject({ kind: 'unacknowledged', count: 5 });
    expect(gapOf('future', planned(fresh), new Map())).toBeUndefined();
  });

  it('W4.1 a tick for another count does not stand', () => {
    const run = planned(fresh);
    const categories = run.categories.map((category) =>
      category.kind === 'tokens.api' ? { ...category, count: 3 } : category,
    );
    expect(gapOf('future', { ...run, categories }, new Map())).toMatchObject({
      count: 1,
      target: controlId('future', 'tokens.api'),
    });
  });

  it('W2.1 a scan under way holds the step', () => {
    expect(gapOf('scan', { ...fresh, scan: { ...fresh.scan, state: 'running' } }, new Map())?.kind).toBe(
      'scanRunning',
    );
    expect(gapOf('scan', fresh, new Map())).toBeUndefined();
  });

  it('leaves step 2 out when there is nothing to hand over', () => {
    const categories = fresh.categories.map((category) =>
      category.action === 'manual' ? category : { ...category, count: 0 },
    );
    expect(screensOf({ ...fresh, categories })).toEqual(['scan', 'future', 'review', 'execution']);
    expect(screensOf(fresh)).toContain('reassignments');
  });
});

describe('W7.1 the age of a scan', () => {
  it('is stale after a day and on another day', () => {
    expect(mustRescan(fresh, now)).toBe(false);
    expect(isOutdated(fresh, new Date(now.getTime() + 25 * 3_600_000))).toBe(true);
    expect(isOutdated(draft(new Date(2026, 10, 21, 23, 59)), new Date(2026, 10, 22, 0, 1))).toBe(true);
  });

  it('is told in the largest unit that fits', () => {
    expect(ageOf('2026-11-22T09:59:30.000Z', now)).toEqual({ unit: 'now' });
    expect(ageOf('2026-11-22T09:56:00.000Z', now)).toEqual({ unit: 'minutes', count: 4 });
    expect(ageOf('2026-11-22T07:30:00.000Z', now)).toEqual({ unit: 'hours', count: 2 });
    expect(ageOf('2026-11-20T07:30:00.000Z', now)).toEqual({ unit: 'days', count: 2 });
  });
});

describe('W2.5 the two groups', () => {
  it('put what could not be checked first, and never call it nothing', () => {
    const groups = groupsOf(fresh);
    expect(groups.manual[0]?.id).toBe('views.insights');
    expect(groups.nothing.map(({ id }) => id)).toEqual(['attributes.user:sponsor', 'signatures']);
    expect(totalsOf(fresh)).toEqual({ items: 781, manual: 11, unread: 1, read: 15, categories: 16 });
  });
});

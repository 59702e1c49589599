import { describe, expect, it } from 'vitest';
import type { Plan, PlanChange } from '../../../lib/offboarding/choices.ts';
import type { Item } from '../../../lib/offboarding/model.ts';
import {
  compilePlan,
  decidedByDefault,
  decidingCategory,
  distribute,
  needsCustomers,
  withChange,
  withDefault,
  withoutChange,
} from '../../../lib/offboarding/plan.ts';
import { matches, normalizeQuery, searchText } from '../../../lib/offboarding/search.ts';

const at = '2026-11-22T09:00:00.000Z';
const empty: Plan = { defaults: {}, changes: [], selected: [] };
const dana = 'mem_dana';

const item = (category: string, ref: string, change: Partial<Item> = {}): Item => ({
  category,
  ref,
  title: `Title of ${ref}`,
  columns: {},
  value: { member: dana },
  lock: ref,
  ...change,
});
const override = (
  id: string,
  selection: { refs: string[] } | { query: string; except?: string[] },
  to: string | null,
) =>
  ({
    kind: 'override',
    id,
    at,
    category: 'tasks',
    selection: 'refs' in selection ? selection : { except: [], ...selection },
    to,
    count: 1,
  }) as const;
const receiver = (plan: Plan, of: Item, deciding?: string, customers?: Map<string, Item>): string | null =>
  compilePlan(plan, dana, deciding, customers).assign(of).member;

describe('W3.1 defaults', () => {
  it('apply to every item of their category without an override', () => {
    const plan = withDefault(empty, 'tasks', { member: 'mem_tom' });
    expect(compilePlan(plan, dana, undefined).assign(item('tasks', 'a'))).toEqual({
      member: 'mem_tom',
      own: false,
    });
    expect(receiver(plan, item('views', 'a'))).toBeNull();
    expect(receiver(withDefault(plan, 'tasks', null), item('tasks', 'a'))).toBeNull();
  });

  it('are filled all at once, and the filling is taken back, save what was chosen since', () => {
    const fill: PlanChange = { kind: 'fill', id: 'f', at, categories: ['a', 'b'], to: { member: 'mem_tom' } };
    const filled = withChange(empty, fill);
    expect(filled.defaults).toEqual({ a: { member: 'mem_tom' }, b: { member: 'mem_tom' } });
    const chosen = withDefault(filled, 'b', { member: 'mem_mei' });
    expect(withoutChange(chosen, 'f')).toEqual({ ...empty, defaults: { b: { member: 'mem_mei' } } });
    expect(withoutChange(filled, 'none')).toBe(filled);
    const same: PlanChange = { ...fill, to: { sameAsCustomer: true, otherwise: 'mem_tom' } };
    expect(withoutChange(withChange(empty, same), 'f').defaults).toEqual({});
  });
});

describe('W3.2 overrides', () => {
  const base = withDefault(empty, 'tasks', { member: 'mem_tom' });

  it('the last one wins, whether by refs or by search', () => {
    const renewal = item('tasks', 'a', { title: 'Prepare renewal' });
    const byRef = withChange(base, override('1', { refs: ['a'] }, 'mem_mei'));
    const byQuery = withChange(byRef, override('2', { query: 'renewal' }, 'mem_ines'));
    expect(receiver(byRef, renewal)).toBe('mem_mei');
    expect(receiver(byQuery, renewal)).toBe('mem_ines');
    expect(receiver(withChange(byQuery, override('3', { refs: ['a'] }, 'mem_mei')), renewal)).toBe('mem_mei');
    expect(receiver(withoutChange(byQuery, '2'), renewal)).toBe('mem_mei');
    expect(receiver(withoutChange(withoutChange(byQuery, '2'), '1'), renewal)).toBe('mem_tom');
  });

  it('leave out what a search excepts, and lead back to the default with nobody', () => {
    const all = withChange(base, override('1', { query: '', except: ['b'] }, 'mem_mei'));
    expect([receiver(all, item('tasks', 'a')), receiver(all, item('tasks', 'b'))]).toEqual([
      'mem_mei',
      'mem_tom',
    ]);
    const back = withChange(all, override('2', { refs: ['a'] }, null));
    expect(compilePlan(back, dana, undefined).assign(item('tasks', 'a'))).toEqual({
      member: 'mem_tom',
      own: false,
    });
    expect(receiver(all, item('views', 'a'))).toBeNull();
  });

  it('fall to an excepted item through an earlier search', () => {
    const first = withChange(base, override('1', { query: 'title' }, 'mem_mei'));
    const second = withChange(first, override('2', { query: 'title', except: ['a'] }, 'mem_ines'));
    expect([receiver(second, item('tasks', 'a')), receiver(second, item('tasks', 'b'))]).toEqual([
      'mem_mei',
      'mem_ines',
    ]);
  });
});

describe('W3.1 same as the customer’s new CSM', () => {
  const acme = { ref: 'cus_1', name: 'Acme', owner: dana };
  const task = item('tasks', 'a', { customer: acme });
  const plan = withDefault(withDefault(empty, 'customers', { member: 'mem_tom' }), 'tasks', {
    sameAsCustomer: true,
    otherwise: 'mem_ines',
  });

  it('follows the customer, their overrides too', () => {
    expect(receiver(plan, task, 'customers')).toBe('mem_tom');
    const moved = withChange(plan, {
      ...override('1', { refs: ['cus_1'] }, 'mem_mei'),
      category: 'customers',
    });
    expect(receiver(moved, task, 'customers')).toBe('mem_mei');
    expect(needsCustomers(moved, 'customers')).toBe(false);
  });

  it('looks at the customers’ rows where a search decides', () => {
    const byRegion = withChange(plan, {
      ...override('1', { query: 'emea' }, 'mem_mei'),
      category: 'customers',
    });
    expect(needsCustomers(byRegion, 'customers')).toBe(true);
    const row = item('customers', 'cus_1', { columns: { region: 'EMEA' } });
    expect(receiver(byRegion, task, 'customers', new Map([['cus_1', row]]))).toBe('mem_mei');
    expect(receiver(byRegion, task, 'customers')).toBe('mem_tom');
  });

  it('keeps to who has the customer already, and otherwise to the other choice', () => {
    expect(receiver(plan, item('tasks', 'a', { customer: { ...acme, owner: 'mem_zoe' } }), 'customers')).toBe(
      'mem_zoe',
    );
    expect(receiver(plan, item('tasks', 'a', { customer: { ...acme, owner: null } }), 'customers')).toBe(
      'mem_ines',
    );
    expect(receiver(plan, item('tasks', 'a'), 'customers')).toBe('mem_ines');
    expect(receiver(plan, task, undefined)).toBe('mem_ines');
  });

  it('ends where a customer would follow itself', () => {
    const circle = withDefault(empty, 'customers', { sameAsCustomer: true });
    expect(receiver(circle, item('customers', 'cus_1', { customer: acme }), 'customers')).toBeNull();
  });

  it('is decided by the category whose items are the customers', () => {
    expect(
      decidingCategory([
        { id: 'a', decidesCustomer: false },
        { id: 'b', decidesCustomer: true },
      ]),
    ).toBe('b');
    expect(decidingCategory([])).toBeUndefined();
  });
});

describe('W5.1 counts', () => {
  it('say who receives how many, chunk by chunk', () => {
    const plan = withChange(
      withDefault(empty, 'tasks', { member: 'mem_tom' }),
      override('1', { refs: ['b'] }, 'mem_mei'),
    );
    const compiled = compilePlan(plan, dana, undefined);
    const first = distribute(compiled, [item('tasks', 'a'), item('tasks', 'b')]);
    expect(distribute(compiled, [item('tasks', 'c'), item('views', 'd')], first)).toEqual({
      total: 4,
      unassigned: 1,
      own: 1,
      byMember: { mem_tom: 2, mem_mei: 1 },
    });
    expect(decidedByDefault(plan, 'tasks')).toBe(false);
    expect(decidedByDefault(withoutChange(plan, '1'), 'tasks')).toBe(true);
    expect(decidedByDefault(withDefault(empty, 'tasks', { sameAsCustomer: true }), 'tasks')).toBe(false);
  });
});

describe('W3.2 search', () => {
  const text = searchText({
    title: 'Renewal  call',
    customer: { name: 'Société Générale' },
    columns: { stage: 'Open', arr: 1200, none: null },
  });

  it('finds parts of any field, whatever the case and the form of its letters', () => {
    for (const query of ['RENEWAL', 'société', '1200', 'open', '', '  open ', 'Socie\u0301te\u0301'])
      expect(matches(text, query), query).toBe(true);
    expect(matches(text, 'closed')).toBe(false);
  });

  it('does not find what runs from one field into the next', () => {
    expect(matches(text, 'call société')).toBe(false);
    expect(normalizeQuery('  Two \n words ')).toBe('two words');
  });
});

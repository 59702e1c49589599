import { describe, expect, it } from 'vitest';
import { createPool } from '../../../lib/engine/pool.ts';
import type { RunItem } from '../../../lib/offboarding/model.ts';

const item = (ref: string, lock: string): RunItem => ({
  run: 'run',
  category: 'tasks.open',
  ref,
  position: 0,
  title: ref,
  columns: {},
  value: { member: 'dana' },
  lock,
  state: 'planned',
});

function poolOf(...items: [ref: string, lock: string][]) {
  const pool = createPool();
  for (const [ref, lock] of items) pool.add({ item: item(ref, lock), set: { member: 'tom' } });
  return (limit: number, ...busy: string[]) => pool.take(limit, new Set(busy)).map((wish) => wish.item.ref);
}

describe('what is sent together (Q)', () => {
  it('puts the items of one lock into one call', () => {
    const take = poolOf(['a1', 'a'], ['b1', 'b'], ['a2', 'a'], ['b2', 'b'], ['c1', 'c']);
    expect(take(2)).toEqual(['a1', 'a2']);
    expect(take(2)).toEqual(['b1', 'b2']);
    expect(take(2)).toEqual(['c1']);
    expect(take(2)).toEqual([]);
  });

  it('leaves busy locks for last, and then takes them all the same', () => {
    const take = poolOf(['a1', 'a'], ['b1', 'b'], ['c1', 'c']);
    expect(take(2, 'a')).toEqual(['b1', 'c1']);
    expect(take(2, 'a')).toEqual(['a1']);
  });

  it('fills a call up with busy ones rather than spend another call on them', () => {
    const take = poolOf(['a1', 'a'], ['b1', 'b'], ['c1', 'c']);
    expect(take(3, 'a', 'b')).toEqual(['c1', 'a1', 'b1']);
  });
});

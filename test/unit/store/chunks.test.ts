import 'fake-indexeddb/auto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Item, ItemState, RunItem } from '../../../lib/offboarding/model.ts';
import { openStore } from '../../../lib/store/index.ts';
import type { Store } from '../../../lib/store/store.ts';
import { createMemoryStore } from '../../crash/memory-store.ts';
import { at, makeItem, makeRun, makeRunItem } from './material.ts';

const created = { at, kind: 'created', data: {} } as const;
let number = 0;

async function emptyStore(): Promise<Store> {
  number += 1;
  const store = openStore(`chunks-${number}`);
  await store.createRun(makeRun(), created);
  return store;
}

const range = (from: number, until: number): Item[] =>
  Array.from({ length: until - from }, (_, index) => makeItem(from + index));
const refs = (items: readonly { ref: string }[]): string[] => items.map(({ ref }) => ref);

/** How many rows a table of the last database has. */
async function rowsIn(table: string): Promise<number> {
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(`chunks-${number}`);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const count = await new Promise<number>((resolve) => {
    const request = database.transaction(table).objectStore(table).count();
    request.onsuccess = () => resolve(request.result);
  });
  database.close();
  return count;
}

describe('Q items that a scan found and nobody touched lie many to a row', () => {
  it('writes a row for some hundred items, and one of its own for each that is touched', async () => {
    const store = await emptyStore();
    for (let page = 0; page < 4; page += 1)
      await store.mergeItems('run-1', range(page * 500, page * 500 + 500), page * 500, true);
    await store.sealItems('run-1', 'tasks');
    expect([await rowsIn('items'), await rowsIn('chunks')]).toEqual([0, 8]);
    expect(await store.items.category('run-1', 'tasks')).toEqual(
      range(0, 2000).map((item, position) => ({ ...item, run: 'run-1', position, state: 'planned' })),
    );
    await store.putItems([makeRunItem(700, { state: 'moved' }), makeRunItem(1999, { state: 'skipped' })]);
    expect([await rowsIn('items'), await rowsIn('chunks')]).toEqual([2, 8]);
    expect((await store.items.counts('run-1', 'tasks')).planned).toBe(1998);
    expect(refs(await store.items.inState('run-1', 'tasks', 'planned', 3, 't0698'))).toEqual([
      't0699',
      't0701',
      't0702',
    ]);
    expect(
      (await store.items.byRef('run-1', 'tasks', ['t0700', 't0701', 't9'])).map((it) => it?.state),
    ).toEqual(['moved', 'planned', undefined]);
  });

  it('puts pages that come in any order in their place once the category is sealed', async () => {
    const store = await emptyStore();
    await store.mergeItems('run-1', range(600, 900).reverse(), 0, true);
    await store.mergeItems('run-1', range(0, 300), 300, true);
    // One that changed its place while pages were read is listed twice.
    await store.mergeItems('run-1', [...range(300, 600), makeItem(600)], 600, true);
    await store.mergeItems('run-1', range(899, 1000), 901, true);
    expect(await rowsIn('loose')).toBe(3);
    await store.sealItems('run-1', 'tasks');
    expect(await rowsIn('loose')).toBe(0);
    expect(refs(await store.items.category('run-1', 'tasks'))).toEqual(refs(range(0, 1000)));
    const [first, last] = await store.items.byRef('run-1', 'tasks', ['t0000', 't0899']);
    expect([first?.position, last?.position]).toEqual([300, 901]);
  });

  it('writes nothing for what a later scan finds as it was, and a row for what has changed', async () => {
    const store = await emptyStore();
    await store.mergeItems('run-1', range(0, 500), 0, true);
    const changed = range(0, 500).map((item, n) => (n === 7 ? { ...item, title: 'Another' } : item));
    expect(await store.mergeItems('run-1', changed, 0)).toEqual({ added: [], returned: [], left: 0 });
    expect(await rowsIn('items')).toBe(1);
    const [item] = await store.items.byRef('run-1', 'tasks', ['t0007']);
    expect(item).toMatchObject({ title: 'Another', position: 7, state: 'planned' });
    expect((await store.items.counts('run-1', 'tasks')).planned).toBe(500);
  });

  it('takes items out of the middle of a chunk', async () => {
    const store = await emptyStore();
    await store.mergeItems('run-1', range(0, 600), 0, true);
    const keep = new Set(refs([...range(0, 200), ...range(201, 249)]));
    const removed = await store.removeItems('run-1', 'tasks', keep);
    expect(refs(removed)).toEqual(refs([makeItem(200), ...range(249, 600)]));
    expect(refs(await store.items.category('run-1', 'tasks'))).toEqual([...keep]);
    expect(await rowsIn('chunks')).toBe(1);
    await store.deleteRun('run-1');
    expect([await rowsIn('items'), await rowsIn('chunks')]).toEqual([0, 0]);
  });
});

type Step =
  | { kind: 'scan'; pages: number[][] }
  | { kind: 'merge' | 'keep'; numbers: number[] }
  | { kind: 'move'; numbers: number[]; state: ItemState };

const numbers = fc.uniqueArray(fc.nat(700), { maxLength: 400, size: 'max' });
const steps = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('merge' as const), numbers }),
    fc.record({ kind: fc.constant('keep' as const), numbers }),
    fc.record({
      kind: fc.constant('move' as const),
      numbers,
      state: fc.constantFrom<ItemState>('moved', 'failed', 'skipped', 'unknown', 'planned'),
    }),
  ),
  { maxLength: 5 },
);

/** What the model and the store are asked; positions apart, which an item that is listed twice has two of. */
async function seen(store: Store, limit: number, after: string): Promise<unknown> {
  const plain = (items: readonly (RunItem | undefined)[]) =>
    items.map((item) => item && { ...item, position: 0 });
  const { items } = store;
  const all = await items.category('run-1', 'tasks');
  return {
    all: plain(all),
    pages: [
      plain(await items.page('run-1', 'tasks', limit)),
      plain(await items.page('run-1', 'tasks', limit, after)),
    ],
    planned: plain(await items.inState('run-1', 'tasks', 'planned', limit, after)),
    first: plain(await items.inState('run-1', 'tasks', 'planned', limit)),
    counts: await items.counts('run-1', 'tasks'),
    some: plain(await items.byRef('run-1', 'tasks', refs(range(0, 701).filter((_, n) => n % 37 === 0)))),
  };
}

/** Does the same to a store, whichever it is. */
async function apply(store: Store, step: Step): Promise<unknown> {
  switch (step.kind) {
    case 'scan': {
      let position = 0;
      for (const page of step.pages) {
        await store.mergeItems(
          'run-1',
          page.map((n) => makeItem(n)),
          position,
          true,
        );
        position += page.length;
      }
      return store.sealItems('run-1', 'tasks');
    }
    case 'merge': {
      const items = step.numbers.map((n) => makeItem(n, n % 5 === 0 ? { title: 'Renamed' } : {}));
      return store.mergeItems('run-1', items, 1000);
    }
    case 'keep':
      return refs(
        await store.removeItems('run-1', 'tasks', new Set(step.numbers.map((n) => makeItem(n).ref))),
      );
    case 'move': {
      const known = await store.items.byRef(
        'run-1',
        'tasks',
        step.numbers.map((n) => makeItem(n).ref),
      );
      const moved = known.flatMap((item): RunItem[] => {
        if (!item) return [];
        const possible =
          item.state === 'planned'
            ? step.state !== 'planned'
            : item.state === 'unknown' || step.state === 'planned';
        return possible ? [{ ...item, state: step.state }] : [];
      });
      await store.putItems(moved);
      return refs(moved);
    }
  }
}

it('R1 reads the same as a store with a row for each item, whatever was scanned, moved, merged and removed', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uniqueArray(fc.nat(700), { maxLength: 320, size: 'max' }), { maxLength: 4 }),
      fc.boolean(),
      steps,
      fc.integer({ min: 1, max: 400 }),
      fc.nat(700),
      async (pages, sorted, rest, limit, from) => {
        const [store, model] = [await emptyStore(), createMemoryStore()];
        await model.createRun(makeRun(), created);
        const all = sorted ? [[...new Set(pages.flat())].sort((a, b) => a - b)] : pages;
        for (const step of [{ kind: 'scan' as const, pages: all }, ...rest]) {
          expect(await apply(store, step)).toEqual(await apply(model, step));
          const after = makeItem(from).ref;
          expect(await seen(store, limit, after)).toEqual(await seen(model, limit, after));
        }
      },
    ),
    { numRuns: 15 },
  );
}, 60_000);

import { expect, it } from 'vitest';
import { readPages } from '../../../lib/engine/pages.ts';
import type { Category, Item } from '../../../lib/offboarding/model.ts';
import type { Page } from '../../../lib/workspace/port.ts';

const pass = [{ id: 'tasks.open', count: 3 }] as Category[];
const item = (ref: string): Item => ({
  category: 'tasks.open',
  ref,
  title: ref,
  value: { member: 'dana' },
  columns: {},
  lock: ref,
});

/** A list of three pages of one item each, whose answers come when they are let through. */
function list() {
  const asked: string[] = [];
  const waiting = new Map<
    string,
    { through(): void; fail(error: Error): void; tell(cursor: string): void }
  >();
  const read: string[] = [];
  const ended = readPages(
    {
      scan: (_member, _categories, cursor = '1', _signal, tell) => {
        asked.push(cursor);
        const next = Number(cursor) + 1;
        return new Promise<Page<Item>>((resolve, reject) => {
          waiting.set(cursor, {
            through: () => resolve({ items: [item(cursor)], ...(next <= 3 && { cursor: String(next) }) }),
            fail: reject,
            tell: (each) => tell?.(each),
          });
        });
      },
    },
    'dana',
    pass,
    async (items) => void read.push(...items.map(({ ref }) => ref)),
    () => {},
  );
  ended.catch(() => {});
  const turn = () => new Promise((resolve) => setTimeout(resolve));
  return { asked, waiting, read, ended, turn };
}

it('Q asks for the next page before this one is through, one page ahead and each once', async () => {
  const { asked, waiting, read, ended, turn } = list();
  waiting.get('1')?.tell('2');
  waiting.get('1')?.tell('2');
  expect(asked).toEqual(['1', '2']);
  // Told while the first is not through: it waits for its turn.
  waiting.get('2')?.tell('3');
  expect(asked).toEqual(['1', '2']);
  waiting.get('1')?.through();
  await turn();
  waiting.get('2')?.through();
  await turn();
  expect(asked).toEqual(['1', '2', '3']);
  waiting.get('3')?.through();
  await ended;
  expect(read).toEqual(['1', '2', '3']);
});

it('Q goes by what the page says in the end, not by what was told ahead', async () => {
  const { asked, waiting, read, ended, turn } = list();
  waiting.get('1')?.tell('7');
  waiting.get('1')?.through();
  await turn();
  expect(asked).toEqual(['1', '7', '2']);
  waiting.get('2')?.through();
  await turn();
  waiting.get('3')?.through();
  await ended;
  expect(read).toEqual(['1', '2', '3']);
});

it('R5 a page that turns out to be malformed ends the reading, whatever was asked for ahead of it', async () => {
  const { waiting, read, ended, turn } = list();
  waiting.get('1')?.tell('2');
  waiting.get('1')?.fail(new Error('malformed'));
  waiting.get('2')?.fail(new Error('nobody waits for this one'));
  await expect(ended).rejects.toThrow('malformed');
  await turn();
  expect(read).toEqual([]);
});

it('R5 a cursor that was there before is not asked for again', async () => {
  const { asked, waiting, ended, turn } = list();
  waiting.get('1')?.tell('2');
  waiting.get('1')?.through();
  await turn();
  waiting.get('2')?.tell('2');
  expect(asked).toEqual(['1', '2']);
  waiting.get('2')?.through();
  await turn();
  waiting.get('3')?.through();
  await ended;
  expect(asked).toEqual(['1', '2', '3']);
});

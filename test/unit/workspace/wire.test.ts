import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { itemsAnswerSchema, itemsSchema } from '../../../lib/workspace/contract/wire.ts';
import { describeMismatch } from '../../../lib/workspace/expected.ts';

const item = { category: 'tasks.open', ref: 'a', title: 'A', value: { member: 'm2' }, lock: 'a' };

/** What a schema makes of an answer: its value, or the words for what is wrong with it. */
function said(schema: typeof itemsSchema | typeof itemsAnswerSchema, answer: unknown): unknown {
  const parsed = schema.safeParse(answer);
  return parsed.success ? { value: parsed.data } : describeMismatch(parsed.error, answer);
}

describe('R5 a page of items', () => {
  it('is read at a glance to the same value, or the same words, as by its schema', () => {
    const cell = fc.oneof(fc.string(), fc.double(), fc.constant(null), fc.jsonValue());
    const columns = fc.oneof(fc.dictionary(fc.string(), cell), fc.jsonValue(), fc.constant(undefined));
    fc.assert(
      fc.property(columns, (given) => {
        const answer = { items: [{ ...item, columns: given }], total: 1 };
        expect(said(itemsAnswerSchema, answer)).toEqual(said(itemsSchema, answer));
      }),
      { numRuns: 2_000 },
    );
  });

  it('without cells is malformed', () => {
    const answer = { items: [item], total: 1 };
    expect(said(itemsAnswerSchema, answer)).toEqual(said(itemsSchema, answer));
    expect(said(itemsAnswerSchema, answer)).toMatch(/^Expected .*columns/);
  });
});

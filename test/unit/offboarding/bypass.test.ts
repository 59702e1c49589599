import { expect, it } from 'vitest';
import type { JournalEntry } from '../../../lib/offboarding/attempt.ts';
import { bypassesOf } from '../../../lib/offboarding/bypass.ts';

const entry = (minute: number, what: string, reference: string): JournalEntry => ({
  run: 'bypass:w',
  seq: minute,
  previous: '',
  hash: '',
  at: `2026-01-01T00:0${minute}:00.000Z`,
  kind: 'note',
  data: { what, member: reference, reference, name: reference, by: null, counts: null },
});

it('issue 4: what was called off before the page heard of it did not happen', () => {
  const journal = [
    entry(1, 'deactivatedAnyway', 'dana'),
    entry(2, 'deactivatedAnyway', 'ola'),
    entry(3, 'deactivatedAnyway', 'dana'),
    entry(4, 'deactivatedAnywayWithdrawn', 'dana'),
    entry(5, 'deactivatedAnywayWithdrawn', 'tom'),
  ];
  expect(bypassesOf(journal).map(({ at, who }) => [at.slice(14, 16), who])).toEqual([
    ['02', 'ola'],
    ['01', 'dana'],
  ]);
});

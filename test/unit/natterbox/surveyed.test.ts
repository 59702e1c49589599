import { expect, it } from 'vitest';
import type { Item } from '../../../lib/offboarding/model.ts';
import { createSurveyed } from '../../../lib/workspace/natterbox/surveyed.ts';

const item = (ref: string): Item => ({
  category: 'groups',
  ref,
  title: ref,
  columns: {},
  value: { member: 'dana' },
  lock: ref,
});

function setting() {
  let time = 0;
  const surveyed = createSurveyed({ now: () => new Date(time) });
  const pass = (milliseconds: number) => {
    time += milliseconds;
  };
  return { surveyed, pass };
}

it('N5 what a survey has read is given out once, for the leaver and the categories that it was read for', () => {
  const { surveyed } = setting();
  surveyed.keep(
    'dana',
    new Map([
      ['groups', [item('a'), item('b')]],
      ['profile', [item('c')]],
      ['numbers', []],
    ]),
  );
  expect(surveyed.take('tom', ['groups'])).toBeUndefined();
  expect(surveyed.take('dana', ['licences'])).toBeUndefined();
  expect(surveyed.take('dana', ['groups', 'numbers'])?.map(({ ref }) => ref)).toEqual(['a', 'b']);
  expect(surveyed.take('dana', ['groups'])).toBeUndefined();
  expect(surveyed.take('dana', ['profile', 'groups'])).toBeUndefined();
});

it('N5 it is read again a while later, after a newer survey that could not read it, and after any write', () => {
  const { surveyed, pass } = setting();
  const read = new Map([['groups', [item('a')]]]);
  surveyed.keep('dana', read);
  pass(5_001);
  expect(surveyed.take('dana', ['groups'])).toBeUndefined();
  surveyed.keep('dana', read);
  surveyed.keep('dana', new Map());
  expect(surveyed.take('dana', ['groups'])).toBeUndefined();
  surveyed.keep('dana', read);
  surveyed.forget();
  expect(surveyed.take('dana', ['groups'])).toBeUndefined();
});

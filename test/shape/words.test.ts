import { describe, expect, it } from 'vitest';
import { readModules, wordsInMarkup } from './source.ts';

describe('U4 the words on the screen', () => {
  it('come from the catalogues: no component holds any in its markup', () => {
    const components = readModules(['components', 'entrypoints']).filter(({ path }) => path.endsWith('.tsx'));
    expect(components.length).toBeGreaterThan(40);
    expect(components.flatMap(({ path, text }) => wordsInMarkup(path, text))).toEqual([]);
  });

  it('would be found in text, in braces and in names', () => {
    const markup = '<p title="Hello" class="no">Some words {"and more"} <b>{1} · →</b></p>';
    expect(wordsInMarkup('made-up.tsx', `export const made = () => ${markup};`)).toEqual([
      'made-up.tsx: “Hello”',
      'made-up.tsx: “Some words”',
      'made-up.tsx: “and more”',
    ]);
  });
});

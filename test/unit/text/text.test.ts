import { describe, expect, it } from 'vitest';
import { readCatalogue } from '../../../lib/text/text.ts';
import german from '../../../public/_locales/de/messages.json' with { type: 'json' };
import english from '../../../public/_locales/en/messages.json' with { type: 'json' };
import french from '../../../public/_locales/fr/messages.json' with { type: 'json' };
import { type Catalogue, pseudoCatalogue, pseudoMessage } from '../../tools/pseudo.ts';

const read = (catalogue: Catalogue, interfaceLanguage: string) =>
  readCatalogue((key) => catalogue[key]?.message ?? '', interfaceLanguage);

describe('U4 the language of what is read', () => {
  it('is the interface’s own, with its region, where there is a catalogue in it', () => {
    const austrian = read(german, 'de-AT');
    expect(austrian.locale).toBe('de-AT');
    expect(austrian.direction).toBe('ltr');
    expect(austrian.text('items', { count: 1 })).toBe('1 Eintrag');
    expect(read(german, 'de').text('items', { count: 1_284 })).toBe('1.284 Einträge');
  });

  it('is English, with English plurals and numbers, where there is none', () => {
    const polish = read(english, 'pl');
    expect(polish.locale).toBe('en');
    expect(polish.text('items', { count: 1_284 })).toBe('1,284 items');
    expect(read(english, 'en-GB').locale).toBe('en-GB');
  });

  it('counts as each language counts', () => {
    const { text } = read(french, 'fr');
    expect(text('items', { count: 0 })).toBe('0 élément');
    expect(text('items', { count: 2 })).toBe('2 éléments');
    expect(text('items', { count: 1_000_000 })).toBe(
      '1 000 000 d’éléments'.replaceAll(/(?<=\d) (?=\d)/gu, '\u202f'),
    );
  });

  it('fills names in, and throws where one is missing', () => {
    const { text } = read(
      {
        items: { message: '{name}, {count}: {name}' },
        item: { message: '{count, plural, one {It} other {# of {name}}}' },
      },
      'en',
    );
    const say = text as (key: string, parameters?: Record<string, string | number>) => string;
    expect(say('items', { name: '$1 {count}', count: 2_000 })).toBe('$1 {count}, 2000: $1 {count}');
    expect(say('item', { name: 'A', count: 2_000 })).toBe('2,000 of A');
    for (const key of ['items', 'item']) expect(() => say(key, { count: 2 })).toThrow('name');
    expect(() => say('items')).toThrow('name');
  });

  it('shows a key that no catalogue has as itself', () => {
    expect(read({}, 'de').text('items', { count: 2 })).toBe('items');
  });
});

describe('U4 the pseudo-locale', () => {
  const letters = (text: string): string => text.replaceAll(/[^\p{L}]/gu, '');

  it('marks and lengthens every word, and leaves the arguments alone', () => {
    const message = pseudoMessage('Give {count, plural, one {# item} other {# items}} to {name}?');
    expect(message).toContain('{count, plural, one {# ');
    expect(message).toContain('\u2068{name}\u2069');
    const { text, direction } = read(
      {
        ...english,
        items: { message: pseudoMessage('{count, plural, one {# item} other {# items}}') },
        ...{ direction: { message: 'rtl' } },
      },
      'en',
    );
    expect(text('items', { count: 2 })).toMatch(/^2 \u202eííŧééɱš\u202c$/u);
    expect(direction).toBe('rtl');
  });

  it('is some 40 % longer than English, all of it, and right to left', () => {
    const pseudo = pseudoCatalogue(english);
    const length = (catalogue: Catalogue): number =>
      Object.values(catalogue).reduce((sum, { message }) => sum + letters(message).length, 0);
    expect(length(pseudo) / length(english)).toBeGreaterThan(1.25);
    expect(read(pseudo, 'ar').locale).toBe('ar');
    expect(read(pseudo, 'ar').direction).toBe('rtl');
    expect(read(pseudo, 'ar').text('items', { count: 1_284 })).toMatch(/ŧ/u);
  });
});

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { IntlMessageFormat } from 'intl-messageformat';
import { describe, expect, it } from 'vitest';
import { root } from '../../shape/source.ts';
import type { Catalogue } from '../../tools/pseudo.ts';

const folder = join(root, 'public', '_locales');
const read = (language: string): Catalogue =>
  JSON.parse(readFileSync(join(folder, language, 'messages.json'), 'utf8'));
const english = read('en');
const languages = readdirSync(folder).filter((name) => name !== 'en');

type Part = ReturnType<IntlMessageFormat['getAst']>[number];
const parse = (message: string, language = 'en'): Part[] =>
  new IntlMessageFormat(message, language, undefined, { ignoreTag: true }).getAst();

/** Everything that a message asks for, with its kind, and what a choice offers: all that a translation has to keep. */
function demands(parts: readonly Part[]): string[] {
  const found = parts.flatMap((part) => {
    if ('options' in part) {
      const fixed = Object.keys(part.options).filter((name) => part.type === 5 || name.startsWith('='));
      const within = Object.values(part.options).flatMap(({ value }) => demands(value));
      return [`${part.value}:${part.type} ${fixed.sort()}`, ...within];
    }
    // Literal text is the language's own, and # stands for a number that is named already.
    return 'value' in part && part.type !== 0 ? [`${part.value}:${part.type}`] : [];
  });
  return [...new Set(found)].sort();
}

/** The categories that each plural of a message provides. */
function plurals(parts: readonly Part[]): { argument: string; categories: string[] }[] {
  return parts.flatMap((part) =>
    'options' in part
      ? [
          ...(part.type === 6 ? [{ argument: part.value, categories: Object.keys(part.options) }] : []),
          ...Object.values(part.options).flatMap(({ value }) => plurals(value)),
        ]
      : [],
  );
}

const letters = (message: string): string => message.replaceAll(/\{[^}]*\}|[^\p{L}]/gu, '');
const wrong = (messages: Catalogue, isWrong: (message: string, key: string) => boolean): string[] =>
  Object.entries(messages)
    .filter(([key, { message }]) => isWrong(message, key))
    .map(([key, { message }]) => `${key}: ${message}`);

/** Names, and words that a language shares with English. */
const shared: Record<string, readonly string[]> = {
  de: ['Offboarding', 'Live', 'Name', 'Filter'],
  fr: ['Signatures', 'Note', 'Mode', 'Action', 'Site'],
  es: [],
};

describe.each(languages)('U4 the catalogue %s', (language) => {
  const catalogue = read(language);

  it('has exactly the keys of the English one, and says which language it is', () => {
    expect(Object.keys(catalogue).sort()).toEqual(Object.keys(english).sort());
    expect(catalogue.language?.message).toBe(language);
    expect(catalogue.direction?.message).toBe('ltr');
  });

  it('asks for the same arguments, in the same kinds and with the same choices', () => {
    const differing = wrong(
      catalogue,
      (message, key) =>
        demands(parse(message, language)).join() !== demands(parse(english[key]?.message ?? '')).join(),
    );
    expect(differing).toEqual([]);
  });

  it('provides every plural form of the language wherever it tells one from many', () => {
    const needed = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    const lacking = wrong(catalogue, (message) =>
      plurals(parse(message, language)).some(
        ({ categories }) => categories.includes('one') && needed.some((each) => !categories.includes(each)),
      ),
    );
    expect(lacking).toEqual([]);
    const untold = wrong(catalogue, (message, key) => {
      const told = (text: string, of: string): string[] =>
        plurals(parse(text, of)).flatMap(({ argument, categories }) =>
          categories.includes('one') ? [argument] : [],
        );
      const own = new Set(told(message, language));
      // A sentence may put its noun elsewhere, but never drop the number's agreement everywhere.
      return told(english[key]?.message ?? '', 'en').length > 0 && own.size === 0;
    });
    expect(untold).toEqual([]);
  });

  it('leaves nothing in English but names and words that both languages have', () => {
    const same = wrong(
      catalogue,
      (message, key) =>
        message === english[key]?.message &&
        letters(message).length > 1 &&
        !['language', 'direction'].includes(key) &&
        !shared[language]?.includes(message),
    );
    expect(same).toEqual([]);
    const messages = new Set(Object.values(catalogue).map(({ message }) => message));
    expect(shared[language]?.filter((word) => !messages.has(word))).toEqual([]);
  });

  it('keeps spaces at the ends, and uses the language’s own marks', () => {
    const ends = (message: string): string => `${/^\s*/.exec(message)?.[0]}|${/\s*$/.exec(message)?.[0]}`;
    expect(wrong(catalogue, (message, key) => ends(message) !== ends(english[key]?.message ?? ''))).toEqual(
      [],
    );
    const text = (message: string): string => message.replaceAll(/\{\w+, (plural|select),/gu, '{');
    expect(wrong(catalogue, (message) => /['"]/.test(text(message)))).toEqual([]);
    if (language === 'fr')
      expect(
        wrong(catalogue, (message) =>
          /[^\s\u202f][?!;»]|«[^\u202f]| [?!:;»]|[\p{L}}]:(?!\/)/u.test(text(message)),
        ),
      ).toEqual([]);
    if (language === 'es')
      expect(
        wrong(
          catalogue,
          (message) => message.split('?').length !== message.split('¿').length || /[“”]/u.test(message),
        ),
      ).toEqual([]);
    if (language === 'de') expect(wrong(catalogue, (message) => /”|«|»/u.test(message))).toEqual([]);
  });

  it('gives the stores names of the lengths that they take', () => {
    expect(catalogue.extensionName?.message.length).toBeLessThanOrEqual(45);
    expect(catalogue.extensionDescription?.message.length).toBeLessThanOrEqual(132);
  });
});

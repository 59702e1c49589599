import { IntlMessageFormat } from 'intl-messageformat';

export type Catalogue = Record<string, { message: string }>;

/** The pseudo-locale's own tag: CLDR's for "English as if it were Arabic". */
export const pseudoLanguage = 'ar-XB';

type Part = ReturnType<IntlMessageFormat['getAst']>[number];
/** The numbers that the parser gives to the parts of a message (ICU MessageFormat). */
const kinds = { literal: 0, argument: 1, number: 2, plural: 6 };

const plain = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const marked = [...'áƀćđéƒǧħíĵķłɱñóƥɋřšŧúṽŵẋýžÁƁĆĐÉƑǦĦÍĴĶŁṀÑÓƤɊŘŠŦÚṼŴẊÝŽ'];

/**
 * A catalogue that is English in disguise, to see what a real translation would break: every letter carries a mark, so
 * that what has none is a text outside the catalogues; vowels are doubled, which makes texts about 40 % longer; and
 * words run from right to left. Arguments that are no numbers stand in isolates (U+2068 … U+2069), for their
 * direction is their own.
 */
export function pseudoCatalogue(english: Catalogue): Catalogue {
  const catalogue: Catalogue = {};
  for (const [key, { message }] of Object.entries(english))
    catalogue[key] = { message: pseudoMessage(message) };
  return { ...catalogue, language: { message: pseudoLanguage }, direction: { message: 'rtl' } };
}

/** One message in disguise; its arguments stay as they are. Throws where it is no ICU message. */
export function pseudoMessage(message: string): string {
  return new IntlMessageFormat(message, 'en', undefined, { ignoreTag: true }).getAst().map(print).join('');
}

function print(part: Part): string {
  if ('options' in part) {
    const options = Object.entries(part.options).map(
      ([name, { value }]) => `${name} {${value.map(print).join('')}}`,
    );
    return `{${part.value}, ${part.type === kinds.plural ? 'plural' : 'select'}, ${options.join(' ')}}`;
  }
  if (!('value' in part)) return '#';
  if (part.type === kinds.literal) return disguise(part.value);
  if (part.type === kinds.argument) return `\u2068{${part.value}}\u2069`;
  if (part.type === kinds.number) return `{${part.value}, number}`;
  throw new Error(`A message holds something that the catalogues do not use: ${JSON.stringify(part)}`);
}

/** Letters marked and vowels doubled; each word in an override from right to left (U+202E … U+202C). */
function disguise(words: string): string {
  return words
    .replaceAll("'", '’')
    .replaceAll('→', '←')
    .replaceAll(/\p{L}+/gu, (word) => `\u202e${[...word].map(mark).join('')}\u202c`);
}

function mark(letter: string): string {
  const other = marked[plain.indexOf(letter)] ?? letter;
  return /[aeiou]/iu.test(letter) ? other + other.toLowerCase() : other;
}

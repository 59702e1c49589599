import { type Formatters, IntlMessageFormat } from 'intl-messageformat';
import type catalogue from '../../public/_locales/en/messages.json';

export type MessageKey = keyof typeof catalogue;
export type MessageParameters = Record<string, string | number>;
/** The text of a key in the reader's language; messages are in ICU MessageFormat. */
export type Text = (key: MessageKey, parameters?: MessageParameters) => string;

/** A catalogue's own language (BCP 47) and the side its lines begin at. */
export interface Reading {
  text: Text;
  /** BCP 47 tag for plurals, numbers, dates, lists and collation. */
  locale: string;
  direction: 'ltr' | 'rtl';
}

/**
 * Reads the catalogue that the browser chose for `interfaceLanguage` (BCP 47). Numbers and dates are those of the
 * interface where it speaks the catalogue's language ("de-AT" for the German one), else the catalogue's own: an
 * English sentence with Polish plurals would be neither. `message` gives a key's raw message ('' when unknown).
 */
export function readCatalogue(message: (key: string) => string, interfaceLanguage: string): Reading {
  const language = message('language' satisfies MessageKey) || 'en';
  const speaksIt = new Intl.Locale(interfaceLanguage).language === new Intl.Locale(language).language;
  const locale = speaksIt ? interfaceLanguage : language;
  return {
    text: createText(message, locale),
    locale,
    direction: message('direction' satisfies MessageKey) === 'rtl' ? 'rtl' : 'ltr',
  };
}

/** A message that has nothing but names to fill in: `{name}`, no forms of a plural, no quotes. */
const fillable = /^[^{}'#]*(?:\{\w+\}[^{}'#]*)+$/u;

/**
 * Makes the function that turns keys into texts.
 * `message` gives a key's raw message ('' when unknown), `locale` is a BCP 47 tag for plurals, numbers and dates.
 * A key without a message comes back as itself, so that a gap is seen and nothing is lost. Throws where a message has
 * something to fill in that was not given.
 */
export function createText(message: (key: string) => string, locale: string): Text {
  const compiled = new Map<string, string | { format(parameters?: MessageParameters): unknown }>();
  const formatters = createFormatters();
  const compile = (words: string): string | { format(parameters?: MessageParameters): unknown } => {
    // Most messages say what they say, or name somebody: only what counts or quotes is worth a parser.
    if (!/[{}'#]/u.test(words)) return words;
    return fillable.test(words)
      ? { format: (parameters = {}) => fillIn(words, parameters) }
      : new IntlMessageFormat(words, locale, undefined, { ignoreTag: true, formatters });
  };
  return (key, parameters) => {
    let format = compiled.get(key);
    if (format === undefined) {
      format = compile(message(key) || key);
      compiled.set(key, format);
    }
    return typeof format === 'string' ? format : String(format.format(parameters));
  };
}

function fillIn(words: string, parameters: MessageParameters): string {
  return words.replaceAll(/\{(\w+)\}/gu, (_place, name: string) => {
    const value = parameters[name];
    if (value === undefined) throw new Error(`Expected a value for "${name}" in "${words}", got none.`);
    return String(value);
  });
}

/** One of each kind for all messages of a language: making one takes many times as long as using it. */
function createFormatters(): Formatters {
  return {
    getNumberFormat: remembered((locales, options) => new Intl.NumberFormat(locales, options)),
    getDateTimeFormat: remembered((locales, options) => new Intl.DateTimeFormat(locales, options)),
    getPluralRules: remembered((locales, options) => new Intl.PluralRules(locales, options)),
  };
}

function remembered<Options, Made>(
  make: (locales?: string | string[], options?: Options) => Made,
): (locales?: string | string[], options?: Options) => Made {
  const made = new Map<string, Made>();
  return (locales, options) => {
    const key = JSON.stringify([locales, options]);
    const known = made.get(key) ?? make(locales, options);
    made.set(key, known);
    return known;
  };
}

import { IntlMessageFormat } from 'intl-messageformat';
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

/**
 * Makes the function that turns keys into texts.
 * `message` gives a key's raw message ('' when unknown), `locale` is a BCP 47 tag for plurals, numbers and dates.
 * A key without a message comes back as itself, so that a gap is seen and nothing is lost.
 */
export function createText(message: (key: string) => string, locale: string): Text {
  const compiled = new Map<string, string | IntlMessageFormat>();
  return (key, parameters) => {
    let format = compiled.get(key);
    if (format === undefined) {
      const words = message(key) || key;
      // Most messages say what they say: only what has something to fill in, or to quote, is worth a parser.
      format = /[{}'#]/u.test(words)
        ? new IntlMessageFormat(words, locale, undefined, { ignoreTag: true })
        : words;
      compiled.set(key, format);
    }
    return typeof format === 'string' ? format : String(format.format(parameters));
  };
}

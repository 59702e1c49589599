import { IntlMessageFormat } from 'intl-messageformat';
import type catalogue from '../../public/_locales/en/messages.json';

export type MessageKey = keyof typeof catalogue;
export type MessageParameters = Record<string, string | number>;
/** The text of a key in the reader's language; messages are in ICU MessageFormat. */
export type Text = (key: MessageKey, parameters?: MessageParameters) => string;

/**
 * Makes the function that turns keys into texts.
 * `message` gives a key's raw message ('' when unknown), `locale` is a BCP 47 tag for plurals, numbers and dates.
 * A key without a message comes back as itself, so that a gap is seen and nothing is lost.
 */
export function createText(message: (key: string) => string, locale: string): Text {
  const compiled = new Map<string, IntlMessageFormat>();
  return (key, parameters) => {
    let format = compiled.get(key);
    if (!format) {
      format = new IntlMessageFormat(message(key) || key, locale, undefined, { ignoreTag: true });
      compiled.set(key, format);
    }
    return String(format.format(parameters));
  };
}

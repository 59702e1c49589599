import { browser } from 'wxt/browser';
import { createText, type Text } from '../text/text.ts';

/** The reader's language, as the browser's interface speaks it (BCP 47). */
export const interfaceLanguage = (): string => browser.i18n.getUILanguage();

/** Texts from the extension's catalogues in the reader's language. */
export function browserText(): Text {
  const getMessage = browser.i18n.getMessage as (key: string) => string;
  return createText(getMessage, interfaceLanguage());
}

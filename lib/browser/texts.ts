import { browser } from 'wxt/browser';
import { type Reading, readCatalogue } from '../text/text.ts';

/**
 * The extension's catalogue in the language of the browser's interface. The browser chooses it, and falls back key by
 * key: to the language without its region, then to English.
 */
export function browserReading(): Reading {
  return readCatalogue(browser.i18n.getMessage as (key: string) => string, browser.i18n.getUILanguage());
}

import { type Reading, readCatalogue } from '../../lib/text/text.ts';
import german from '../../public/_locales/de/messages.json' with { type: 'json' };
import english from '../../public/_locales/en/messages.json' with { type: 'json' };
import spanish from '../../public/_locales/es/messages.json' with { type: 'json' };
import french from '../../public/_locales/fr/messages.json' with { type: 'json' };
import { type Catalogue, pseudoCatalogue, pseudoLanguage } from './pseudo.ts';

const catalogues: Record<string, Catalogue> = {
  en: english,
  de: german,
  fr: french,
  es: spanish,
  [pseudoLanguage]: pseudoCatalogue(english),
};

/** The catalogue that a browser in this language (BCP 47) reads, English where there is none. */
export const catalogueOf = (language: string): Catalogue => catalogues[language] ?? english;

/** What a browser in this language (BCP 47) would read, English where no catalogue is in it. */
export function read(language: string): Reading {
  const catalogue = catalogueOf(language);
  return readCatalogue((key) => catalogue[key]?.message ?? '', language);
}

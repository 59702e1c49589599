/** One name out of a pasted list. */
export interface PastedName {
  name: string;
  /** Where it stands first, from 1. */
  line: number;
  /** How often it was there besides. */
  repeated: number;
}

const separators = /[\s,;|"()<>[\]]+/u;

/**
 * The usernames and email addresses in a pasted text, whatever stands between them: lines, commas, tabs, quotes, or
 * whole columns of a sheet. `Dana Ruiz <dana@acme.example>` counts as its address, and where a line has an address at
 * all, the words beside it are no names. Upper and lower case are the same, and what comes twice comes once.
 */
export function parsePasted(text: string): PastedName[] {
  const found = new Map<string, PastedName>();
  for (const [index, line] of text.split(/\r\n|\r|\n/u).entries()) {
    const words = line
      .split(separators)
      .map((word) => word.replace(/^mailto:/iu, '').replace(/^[.:'`]+|[.:'`]+$/gu, ''))
      .filter((word) => word !== '');
    const addresses = words.filter((word) => word.includes('@'));
    for (const name of addresses.length > 0 ? addresses : words) {
      const known = found.get(name.toLowerCase());
      if (known) known.repeated += 1;
      else found.set(name.toLowerCase(), { name, line: index + 1, repeated: 0 });
    }
  }
  return [...found.values()];
}

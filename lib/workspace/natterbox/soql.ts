/** Texts as parts of SOQL. */

/** A string literal: backslashes and quotes escaped. */
export const literal = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`;

/** A LIKE pattern that finds the text anywhere; its own wildcards stand for themselves. */
export const containing = (text: string): string => `'%${text.replace(/[\\'%_]/g, '\\$&')}%'`;

/** A list for IN. Keep it at 200 ids: the address of a query is limited to 16,384 bytes. */
export const listOf = (texts: readonly string[]): string => `(${texts.map(literal).join(', ')})`;

/** The most ids in one query or one collection. */
export const idsPerCall = 200;

/** A record id of 15 or 18 characters. */
export const isRecordId = (text: string): boolean => /^[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?$/.test(text);

/** Parts of at most `size` elements. */
export function chunks<T>(all: readonly T[], size = idsPerCall): T[][] {
  const parts: T[][] = [];
  for (let at = 0; at < all.length; at += size) parts.push(all.slice(at, at + size));
  return parts;
}

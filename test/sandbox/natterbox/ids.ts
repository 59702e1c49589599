/** Salesforce record ids: 15 characters whose case matters, and 3 more that make them safe where it does not. */

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';

/** The 18-character form of an id; other texts, and ids that are long already, come back as they are. */
export function toLongId(id: string): string {
  if (!/^[A-Za-z0-9]{15}$/.test(id)) return id;
  let suffix = '';
  for (let block = 0; block < 3; block += 1) {
    let bits = 0;
    for (let at = 0; at < 5; at += 1) if (/[A-Z]/.test(id[block * 5 + at] ?? '')) bits |= 1 << at;
    suffix += alphabet[bits];
  }
  return id + suffix;
}

/** The id of record number `serial` of the objects with this key prefix of three characters. */
export const recordId = (prefix: string, serial: number): string =>
  toLongId(`${prefix}8d00000${serial.toString(36).toUpperCase().padStart(5, '0')}`);

/** Whether a text has the form of a record id. */
export const isId = (text: string): boolean => /^[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?$/.test(text);

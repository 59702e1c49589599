/**
 * Ids on the wire look like ObjectIds: 24 hexadecimal digits. They are made of the demo data's own ids, so that both
 * can be told from each other without a table.
 */

/** The ObjectId of a row of the demo data. */
export const objectId = (row: string): string => Buffer.from(row).toString('hex').padStart(24, '0');

/** The row of an ObjectId; a text that matches no row for anything else. */
export function rowOf(id: unknown): string {
  if (typeof id !== 'string' || !/^[0-9a-f]{24}$/.test(id)) return '';
  return Buffer.from(id.replace(/^(?:00)+/, ''), 'hex').toString();
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';

/**
 * The long form of a record's id: 15 characters that tell case apart, and three that say which of them are capitals,
 * five by five. What is no short id stays as it is.
 */
export function toLongId(id: string): string {
  if (!/^[A-Za-z0-9]{15}$/.test(id)) return id;
  const ends = [0, 5, 10].map((start) => {
    const bits = [...id.slice(start, start + 5)].map((character) => (/[A-Z]/.test(character) ? 1 : 0));
    return letters[bits.reduce((sum: number, bit, place) => sum + (bit << place), 0)] ?? '';
  });
  return id + ends.join('');
}

/** Whether two ids, each in its short or its long form, are one record's: the first 15 characters say it all. */
export const isSameId = (a: string, b: string): boolean => a.slice(0, 15) === b.slice(0, 15);

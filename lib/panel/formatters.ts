/**
 * Formatters for numbers and dates, made once each: making one takes many times as long as using it, and a table asks
 * for some with every cell that it draws.
 */
export function createFormatters() {
  const numbers = new Map<string, Intl.NumberFormat>();
  const dates = new Map<string, Intl.DateTimeFormat>();
  return {
    /** `locale` is a BCP 47 tag; `whole`: without a fraction. */
    number(locale: string, whole = false): Intl.NumberFormat {
      const key = `${locale} ${whole}`;
      const known = numbers.get(key);
      if (known) return known;
      const made = new Intl.NumberFormat(locale, whole ? { maximumFractionDigits: 0 } : {});
      numbers.set(key, made);
      return made;
    },
    /** The day alone, the time alone, or both; `utc` for a day that is no moment. */
    date(locale: string, shows: 'day' | 'time' | 'both', utc = false): Intl.DateTimeFormat {
      const key = `${locale} ${shows} ${utc}`;
      const known = dates.get(key);
      if (known) return known;
      const made = new Intl.DateTimeFormat(locale, {
        ...(shows === 'time' ? {} : { dateStyle: 'medium' }),
        ...(shows === 'day' ? {} : { timeStyle: 'short' }),
        ...(utc ? { timeZone: 'UTC' } : {}),
      });
      dates.set(key, made);
      return made;
    },
  };
}

const money = new Intl.NumberFormat('en-US', {
  style: 'currency',
  currency: 'USD',
  maximumFractionDigits: 0,
});
const whole = new Intl.NumberFormat('en-US');
const day = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  timeZone: 'UTC',
});
const time = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });

/** Whole dollars as text. */
export const formatMoney = (value: number): string => money.format(value);
/** A number with separators. */
export const formatNumber = (value: number): string => whole.format(value);
/** A date (YYYY-MM-DD or longer) as text; a dash when there is none. */
export const formatDay = (value: string | null): string => (value ? safely(day, value) : '–');
/** A moment (ISO 8601) as text in the browser's time zone. */
export const formatTime = (value: string): string => safely(time, value);
/** A number with its noun. */
export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${formatNumber(count)} ${count === 1 ? one : many}`;

function safely(format: Intl.DateTimeFormat, value: string): string {
  const moment = new Date(value);
  return Number.isNaN(moment.getTime()) ? value : format.format(moment);
}

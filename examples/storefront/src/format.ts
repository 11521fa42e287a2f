import type { MoneyFragment } from './generated/graphql.ts';

const locale = 'en-US';

/** Formats an exact amount: Intl reads the decimal string itself. */
export const formatMoney = ({ amount, currencyCode }: MoneyFragment): string =>
  new Intl.NumberFormat(locale, { style: 'currency', currency: currencyCode }).format(amount);

/** Formats a calendar date: "Tue, Dec 1". */
export const formatDay = (date: string): string =>
  new Intl.DateTimeFormat(locale, {
    weekday: 'short',
    month: 'short',
    day: 'numeric',
    timeZone: 'UTC',
  }).format(new Date(`${date.slice(0, 10)}T00:00:00Z`));

/** Formats the local time of an event as its carrier prints it: "7:31 AM". */
export const formatTime = (localDateTime: string): string =>
  new Intl.DateTimeFormat(locale, { timeStyle: 'short', timeZone: 'UTC' }).format(
    new Date(`${localDateTime.slice(0, 19)}Z`),
  );

/** Formats a duration in its largest unit: "30 seconds", "5 minutes", "2 hours". */
export function formatSeconds(seconds: number): string {
  const [value, unit] =
    seconds < 90
      ? [seconds, 'second']
      : seconds < 5400
        ? [Math.ceil(seconds / 60), 'minute']
        : [Math.ceil(seconds / 3600), 'hour'];
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(value);
}

/** Writes a text of the API as a sentence. */
export const sentence = (text: string): string =>
  text.charAt(0).toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? '' : '.');

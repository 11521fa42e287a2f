import { z } from 'zod';

/** Schemas of values that our own API can return, so that what passes a schema can always be converted. */

/** A decimal amount as text. EasyPost writes text; a JSON number is read by its shortest decimal form. */
export const amountSchema = z
  .union([z.string(), z.number()])
  .transform(String)
  .pipe(z.string().regex(/^-?\d{1,12}(\.\d{1,12})?$/, 'must be a decimal number'));

/** ISO 4217. */
export const currencySchema = z.string().regex(/^[A-Z]{3}$/, 'must be a currency code');

/** A text that says nothing essential: left out where it is of another type. */
export const optionalText = z.string().nullish().catch(undefined);

/** A time with a zone; left out where it is none. */
export const optionalTime = z.iso.datetime({ offset: true }).nullish().catch(undefined);

/** The date (YYYY-MM-DD) of a date or time; left out where it is none. */
export const optionalDate = z
  .string()
  .transform((text) => text.slice(0, 10))
  .pipe(z.iso.date())
  .nullish()
  .catch(undefined);

/** A number of days; left out where it is none. */
export const optionalDays = z.int32().nonnegative().nullish().catch(undefined);

/** Reads each row of a list by itself. Returns the rows that can be read, and the others as they are. */
export function readRows<T>(
  rows: readonly unknown[],
  schema: z.ZodType<T>,
): { readonly read: readonly T[]; readonly unread: readonly unknown[] } {
  const read: T[] = [];
  const unread: unknown[] = [];
  for (const row of rows) {
    const parsed = schema.safeParse(row);
    if (parsed.success) read.push(parsed.data);
    else unread.push(row);
  }
  return { read, unread };
}

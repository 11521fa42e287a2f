import { z } from 'zod';

import { money, type Money } from '../../domain/money.ts';

/** A text. USPS writes "" for what it does not have: it is absent, as is a value of another type. */
export const text = z
  .string()
  .nullish()
  .catch(undefined)
  .transform((value) => value?.trim() || undefined);

const isoDate = z.iso.date();

/** The date that a text begins with, YYYY-MM-DD; absent where it begins with none, or with one of no calendar. */
export const date = text.transform((value) => isoDate.safeParse(value?.slice(0, 10)).data);

/** A number that is sent as such or in digits; absent where it is neither. */
export const number = z
  .union([
    z.number(),
    z
      .string()
      .regex(/^-?\d+(\.\d+)?$/)
      .transform(Number),
  ]) // prettier-ignore
  .nullish()
  .catch(undefined)
  .transform((value) => value ?? undefined);

/** An amount of US dollars in digits, below a thousand million; null, "" and anything else are refused. */
export const dollars = z
  .union([z.number(), z.string().regex(/^-?\d+(\.\d+)?$/)])
  .refine((value) => Math.abs(Number(value)) < 1e9)
  .transform((value): Money => money(value));

/** A list whose rows are read later, one by one. A value that is no list is empty. */
export const list = z
  .array(z.unknown())
  .nullish()
  .catch(undefined)
  .transform((rows) => rows ?? []);

/** A list without the rows that can't be read. */
export const rowsOf = <T>(row: z.ZodType<T>) =>
  list.transform((rows) => rows.flatMap((each) => row.safeParse(each).data ?? []));

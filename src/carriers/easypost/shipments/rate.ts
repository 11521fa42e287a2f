import { z } from 'zod';

import { money, type Money } from '../../../domain/money.ts';
import {
  amountSchema,
  currencySchema,
  optionalDate,
  optionalDays,
  optionalText,
  readRows,
} from '../readable.ts';

/** The currency of a further amount: empty where it can't be read, so that the amount is left out. */
const furtherCurrency = currencySchema.nullish().catch('');
const furtherAmount = amountSchema.nullish().catch(undefined);

/** A Rate of EasyPost: the price of one service for one shipment. Amounts are in the currency beside them. */
export const rateSchema = z.object({
  id: z.string().min(1),
  service: z.string().min(1),
  carrier: z.string().min(1),
  carrier_account_id: z.string().nullish(),
  rate: amountSchema.refine((amount) => !amount.startsWith('-'), 'must not be negative'),
  currency: currencySchema.nullish(),
  retail_rate: furtherAmount,
  retail_currency: furtherCurrency,
  list_rate: furtherAmount,
  list_currency: furtherCurrency,
  delivery_days: optionalDays,
  delivery_date: optionalDate,
  delivery_date_guaranteed: z.boolean().nullish().catch(undefined),
});
export type Rate = z.infer<typeof rateSchema>;

/** The names of a rate that can't be read, as far as they can. */
const rateNames = z.object({ carrier: optionalText, service: optionalText }).catch({});
export type UnreadableRate = z.infer<typeof rateNames>;

/** Rates, read one by one. */
export const ratesSchema = z.array(z.unknown()).transform((rows) => {
  const { read, unread } = readRows(rows, rateSchema);
  return { rates: read, unreadable: unread.map((row) => rateNames.parse(row)) };
});

/** Messages beside the rates: the reasons why carriers could not rate. */
export const rateMessages = z
  .array(
    z
      .object({ carrier: optionalText, type: optionalText, message: z.unknown() })
      .or(z.unknown().transform((message) => ({ carrier: undefined, type: undefined, message }))),
  )
  .nullish()
  .catch(undefined)
  .transform((messages) => messages ?? []);
export type RateMessage = z.infer<typeof rateMessages>[number];

/** A service that can be bought, by EasyPost's names, and the carrier account that sells it. */
export const serviceSchema = z.object({
  carrier: z.string(),
  service: z.string(),
  account: z.string().optional(),
});
export type Service = z.infer<typeof serviceSchema>;

export const serviceOf = ({ carrier, service, carrier_account_id }: Rate): Service => ({
  carrier,
  service,
  account: carrier_account_id ?? undefined,
});

export const isSameService = (a: Service, b: Partial<Service>): boolean =>
  a.carrier === b.carrier && a.service === b.service && a.account === b.account;

/** A rate without a currency is in US dollars. */
export const priceOf = ({ rate, currency }: Rate): Money => money(rate, currency ?? 'USD');

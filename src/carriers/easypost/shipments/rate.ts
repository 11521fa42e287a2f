import { z } from 'zod';

import { money, type Money } from '../../../domain/money.ts';

const optionalText = z.string().nullish();

/** A Rate of EasyPost: the price of one service for one shipment. Amounts are in the currency beside them. */
export const rateSchema = z.object({
  id: z.string(),
  service: z.string(),
  carrier: z.string(),
  carrier_account_id: optionalText,
  rate: z.string(),
  currency: optionalText,
  retail_rate: optionalText,
  retail_currency: optionalText,
  list_rate: optionalText,
  list_currency: optionalText,
  delivery_days: z.number().nullish(),
  delivery_date: optionalText,
  delivery_date_guaranteed: z.boolean().nullish(),
});
export type Rate = z.infer<typeof rateSchema>;

/** A message beside the rates: the reason why a carrier could not rate. */
export const rateMessageSchema = z.object({
  carrier: optionalText,
  type: optionalText,
  message: z.unknown(),
});
export type RateMessage = z.infer<typeof rateMessageSchema>;

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

import { z } from 'zod';

import { ProviderError } from '../../../domain/errors.ts';
import { compareMoney, money, type Money } from '../../../domain/money.ts';
import type { Offer, Quote, RateRequest } from '../../../domain/rate.ts';
import { fromCarrier, fromService } from '../service-codes.ts';

const words = z.string().nullish();
export const rate = z.object({
  id: z.string(),
  service: z.string(),
  carrier: z.string(),
  carrier_account_id: words,
  rate: z.string(),
  currency: words,
  retail_rate: words,
  retail_currency: words,
  list_rate: words,
  list_currency: words,
  delivery_days: z.number().nullish(),
  delivery_date: words,
  delivery_date_guaranteed: z.boolean().nullish(),
});
export type Rate = z.infer<typeof rate>;
export const message = z.object({ carrier: words, type: words, message: z.unknown() });
type Message = z.infer<typeof message>;

/** What is sold, in EasyPost's words, and by which of the customer's carrier accounts. */
export const soldService = z.object({
  carrier: z.string(),
  service: z.string(),
  account: z.string().optional(),
});
export type SoldService = z.infer<typeof soldService>;

export const serviceOf = ({ carrier, service, carrier_account_id }: Rate): SoldService => ({
  carrier,
  service,
  account: carrier_account_id ?? undefined,
});

/** The carrier account that sells it, as a shipment is told whom to ask. */
export const accountOf = ({ account }: SoldService) => (account === undefined ? undefined : [account]);

export const isSame = (a: SoldService, b: Partial<SoldService>) =>
  a.carrier === b.carrier && a.service === b.service && a.account === b.account;

/** Whether a rate or a message is of a carrier that is asked for; a message that names none is of all. */
export const isWanted =
  ({ carriers }: RateRequest) =>
  ({ carrier }: { carrier?: string | null }): boolean =>
    !carriers || !carrier || carriers.includes(fromCarrier(carrier));

/** The cheapest rate of each service, with the ticket that buys it. */
export function fromRates(
  rates: readonly Rate[],
  uspsZone: number | null | undefined,
  ticketOf: (rate: Rate) => unknown,
): Offer[] {
  const offers = new Map<string, Offer>();
  for (const each of rates) {
    const offer = fromRate(each, uspsZone, ticketOf(each));
    // Several carrier accounts sell one service: the cheapest is the offer.
    const key = `${offer.carrier} ${offer.service.code}`;
    const known = offers.get(key);
    if (!known || compareMoney(offer.price, known.price) < 0) offers.set(key, offer);
  }
  return [...offers.values()];
}

function fromRate(each: Rate, uspsZone: number | null | undefined, ticket: unknown): Offer {
  const carrier = fromCarrier(each.carrier);
  const price = priceOf(each);
  // A price whose currency EasyPost leaves null is in the currency of its rate.
  const beside = (
    amount: string | null | undefined,
    currency: string | null | undefined,
  ): Money | undefined => (amount ? money(amount, currency ?? price.currencyCode) : undefined);
  return {
    carrier,
    service: fromService(carrier, each.service),
    price,
    charges: [{ name: 'Postage', amount: price }],
    listPrice: beside(each.list_rate, each.list_currency),
    retailPrice: beside(each.retail_rate, each.retail_currency),
    estimatedDays: each.delivery_days ?? undefined,
    estimatedDeliveryDate: each.delivery_date?.slice(0, 10),
    guaranteed: each.delivery_date_guaranteed ?? false,
    zone: carrier === 'USPS' && uspsZone != null ? String(uspsZone).padStart(2, '0') : undefined,
    providerRef: ticket,
  };
}

export const priceOf = (each: Rate): Money => money(each.rate, each.currency ?? 'USD');

/** A carrier that could not rate says so beside the rates: its own word once, however many of its accounts said it. */
export function fromMessages(messages: readonly Message[]): Quote['failures'] {
  const said = new Map<string, ProviderError>();
  for (const each of messages) {
    const text = typeof each.message === 'string' ? each.message : JSON.stringify(each.message);
    const carrier = each.carrier ? fromCarrier(each.carrier) : 'A carrier';
    said.set(
      `${carrier} ${text}`,
      new ProviderError('REJECTED', `${carrier} could not rate this shipment: ${text}`, {
        hint: 'See what the carrier says; carrier accounts are set up in the EasyPost dashboard.',
        providerCode: each.type ?? undefined,
        providerMessage: text,
      }),
    );
  }
  return [...said.values()];
}

/** The same service among rates of now, where it costs no more than it may. */
export function sameService(rates: readonly Rate[], wanted: SoldService, limit: Money): Rate {
  const found = rates.find((each) => isSame(serviceOf(each), wanted));
  if (found === undefined) {
    const carrier = fromCarrier(wanted.carrier);
    const { name } = fromService(carrier, wanted.service);
    throw new ProviderError('REJECTED', `${name} is not sold for this shipment any more`, {
      hint: 'Ask for rates again.',
    });
  }
  refuseDearer(found, limit);
  return found;
}

export function refuseDearer(found: Rate, limit: Money): void {
  const price = priceOf(found);
  if (price.currencyCode === limit.currencyCode && compareMoney(price, limit) <= 0) return;
  const text = ({ amount, currencyCode }: Money) => `${amount} ${currencyCode}`;
  throw new ProviderError(
    'PRICE_CHANGED',
    `the price is ${text(price)} now, while ${text(limit)} was quoted or allowed`,
    { hint: 'Ask for rates again and buy at the new price, or allow it with `maxPrice`.' },
  );
}

import { ProviderError } from '../../../domain/errors.ts';
import { compareMoney, money, type Money } from '../../../domain/money.ts';
import type { Offer, Quote, RateRequest } from '../../../domain/rate.ts';
import { fromCarrier, fromService } from '../service-codes.ts';
import { unreadable } from '../errors.ts';
import { insuredPrice } from '../shipments/insurance.ts';
import { priceOf, type Rate, type RateMessage, type UnreadableRate } from '../shipments/rate.ts';
import { requirementsOf } from './requirements.ts';

/** Returns a filter for rates and messages of the requested carriers. A message without carrier concerns all of them. */
export const isRequested =
  ({ carriers }: RateRequest) =>
  ({ carrier }: { carrier?: string | null }): boolean =>
    !carriers || !carrier || carriers.includes(fromCarrier(carrier));

/**
 * Maps rates to offers: the cheapest rate of each service and currency, since several carrier accounts may sell one
 * service, and amounts of different currencies can't be compared. `insurance` is added to each, and is in the currency of
 * the rates.
 */
export function fromRates(
  rates: readonly Rate[],
  uspsZone: number | null | undefined,
  toProviderRef: (rate: Rate) => unknown,
  insurance?: Money,
): Offer[] {
  const offers = new Map<string, Offer>();
  for (const rate of rates) {
    const offer = fromRate(rate, uspsZone, toProviderRef(rate), insurance);
    const key = `${offer.carrier} ${offer.service.code} ${offer.price.currencyCode}`;
    const known = offers.get(key);
    if (!known || compareMoney(offer.price, known.price) < 0) offers.set(key, offer);
  }
  return [...offers.values()];
}

function fromRate(
  rate: Rate,
  uspsZone: number | null | undefined,
  providerRef: unknown,
  insurance: Money | undefined,
): Offer {
  const carrier = fromCarrier(rate.carrier);
  const postage = priceOf(rate);
  // EasyPost leaves some currencies null: those amounts are in the currency of the rate.
  const toMoney = (
    amount: string | null | undefined,
    currency: string | null | undefined,
  ): Money | undefined =>
    amount && currency !== '' ? money(amount, currency ?? postage.currencyCode) : undefined;
  return {
    carrier,
    service: fromService(carrier, rate.service),
    price: insuredPrice(rate, insurance),
    charges: [
      { name: 'Postage', amount: postage },
      ...(insurance ? [{ name: 'Insurance', amount: insurance }] : []),
    ],
    listPrice: toMoney(rate.list_rate, rate.list_currency),
    retailPrice: toMoney(rate.retail_rate, rate.retail_currency),
    estimatedDays: rate.delivery_days ?? undefined,
    estimatedDeliveryDate: rate.delivery_date ?? undefined,
    guaranteed: rate.delivery_date_guaranteed ?? false,
    requires: requirementsOf(carrier),
    zone: carrier === 'USPS' && uspsZone != null ? String(uspsZone).padStart(2, '0') : undefined,
    providerRef,
  };
}

/** Maps messages to failures, one for each text of a carrier, however many of its accounts reported it. */
export function fromMessages(messages: readonly RateMessage[]): Quote['failures'] {
  const failures = new Map<string, ProviderError>();
  for (const { carrier: theirCarrier, type, message } of messages) {
    const text = (typeof message === 'string' ? message : JSON.stringify(message)) || 'no reason was given';
    const carrier = theirCarrier ? fromCarrier(theirCarrier) : 'A carrier';
    failures.set(
      `${carrier} ${text}`,
      new ProviderError('REJECTED', `${carrier} could not rate this shipment: ${text}`, {
        hint: 'Read the message of the carrier; carrier accounts are set up in the EasyPost dashboard.',
        providerCode: type ?? undefined,
        providerMessage: text,
      }),
    );
  }
  return [...failures.values()];
}

/** Returns the failure of a rate that can't be read. It names the carrier and the service as far as they are readable. */
export function unreadableRate({ carrier: theirCarrier, service }: UnreadableRate): ProviderError {
  const carrier = theirCarrier ? fromCarrier(theirCarrier) : 'an unnamed carrier';
  return unreadable(`a rate of ${theirCarrier && service ? fromService(carrier, service).name : carrier}`);
}

/** A quote of all carriers with neither offers nor failures. */
export const nothingOffered = () =>
  new ProviderError('REJECTED', 'EasyPost has no rate for this shipment, and gave no reason', {
    hint: 'Check the parcel and the packaging, and which carrier accounts the EasyPost dashboard lists.',
  });

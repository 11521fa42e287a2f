import { ProviderError } from '../../../domain/errors.ts';
import { compareMoney, type Money } from '../../../domain/money.ts';
import type { Offer } from '../../../domain/rate.ts';
import type { CallOptions } from '../../adapter.ts';
import { pricesHoldUntil } from '../../price-changes.ts';
import type { LabelRequest } from '../../../domain/label.ts';
import type { QuoteRates } from '../rates/rates.ts';
import { NotSent } from '../../../transport/call-plan.ts';

const quoteLifetimeMs = 15 * 60 * 1000;

/**
 * Tells whether a quote is requested again before its label is bought: it is old, or prices may have changed since. Both
 * times are in epoch milliseconds.
 */
export const isQuoteExpired = (quotedAt: number, now: number) =>
  now - quotedAt > quoteLifetimeMs || now > pricesHoldUntil(quotedAt);

/**
 * Quotes the same service by the same request. Throws PRICE_CHANGED where it costs more than `maxPrice`, and REJECTED
 * where USPS no longer offers it.
 */
export async function requote(
  quoteRates: QuoteRates,
  { request, offer, maxPrice }: LabelRequest,
  call: CallOptions,
): Promise<Offer> {
  const [quote] = await quoteRates([request], call);
  // A plan goes on with the offer as it was.
  if (quote instanceof NotSent) return offer;
  if (quote instanceof ProviderError) throw quote;
  const current = quote!.offers.find(({ service }) => service.code === offer.service.code);
  if (!current) {
    throw new ProviderError('REJECTED', `USPS no longer offers ${offer.service.name} for this shipment`, {
      hint: 'Choose another service: rates no longer include this one.',
    });
  }
  if (compareMoney(current.price, maxPrice) > 0) {
    throw new ProviderError(
      'PRICE_CHANGED',
      `${offer.service.name} costs ${format(current.price)} now; it was quoted at ${format(offer.price)}${reasonOf(offer, current)}`,
      { hint: 'Allow this price with maxPrice, or choose another service.' },
    );
  }
  return current;
}

/** USPS marks a published price in place of the contract's by warning 001. */
const reasonOf = (quoted: Offer, current: Offer) =>
  quoted.priceType === 'CONTRACT' && current.priceType !== 'CONTRACT'
    ? ': USPS found no contract price for it and gave the published one (warning 001)'
    : '';

const format = ({ amount, currencyCode }: Money) => `${amount} ${currencyCode}`;

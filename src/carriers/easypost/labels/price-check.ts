import { ProviderError } from '../../../domain/errors.ts';
import { compareMoney, type Money } from '../../../domain/money.ts';
import type { LabelRequest } from '../../../domain/label.ts';
import type { LabelFormat } from '../../../domain/shipment.ts';
import { fromCarrier, fromService } from '../service-codes.ts';
import { insuredPrice } from '../shipments/insurance.ts';
import { isSameService, priceOf, serviceOf, type Rate, type Service } from '../shipments/rate.ts';
import { quotedFormat } from '../shipments/shipment-request.ts';

/**
 * Carriers that make PNG, which is converted to the wanted format. Guess: any other carrier makes the wanted format, and
 * may refuse PNG (SHIPMENT.POSTAGE.FORMAT_UNAVAILABLE).
 */
const pngCarriers = new Set(['USPS', 'UPS', 'FedEx']);

/** The format to have a label made in. */
export const labelFormatOf = ({ offer, format }: LabelRequest): LabelFormat =>
  pngCarriers.has(offer.carrier) ? 'PNG' : format;

/**
 * False where a label request adds contacts, a reference or a format to its quote. A shipment can't be changed, so that
 * takes a new one.
 */
export function isAsQuoted(labelRequest: LabelRequest): boolean {
  const { request, from, to, reference } = labelRequest;
  const contactFields = ['name', 'company', 'phone', 'email'] as const;
  return (
    reference === undefined &&
    labelFormatOf(labelRequest) === quotedFormat &&
    contactFields.every(
      (field) =>
        (request.from[field] ?? '') === (from[field] ?? '') &&
        (request.to[field] ?? '') === (to[field] ?? ''),
    )
  );
}

/** The carrier account of a service, as a list to create a shipment with. */
export const carrierAccountsOf = ({ account }: Service) => (account === undefined ? undefined : [account]);

/**
 * Selects the rate of a service, in the currency of `maxPrice` where it is sold in several. Throws REJECTED where there is
 * none, PRICE_CHANGED where it costs more than `maxPrice` with its insurance.
 */
export function selectRate(
  rates: readonly Rate[],
  service: Service,
  maxPrice: Money,
  insurance?: Money,
): Rate {
  const sold = rates.filter((candidate) => isSameService(serviceOf(candidate), service));
  const rate = sold.find((candidate) => priceOf(candidate).currencyCode === maxPrice.currencyCode) ?? sold[0];
  if (rate === undefined) {
    const carrier = fromCarrier(service.carrier);
    const { name } = fromService(carrier, service.service);
    throw new ProviderError('REJECTED', `${name} is no longer sold for this shipment`, {
      hint: 'Ask for rates again.',
    });
  }
  rejectHigherPrice(rate, maxPrice, insurance);
  return rate;
}

/** Throws PRICE_CHANGED where a rate costs more than `maxPrice` with its insurance, or is in another currency. */
export function rejectHigherPrice(rate: Rate, maxPrice: Money, insurance?: Money): void {
  const price = insuredPrice(rate, insurance);
  if (price.currencyCode === maxPrice.currencyCode && compareMoney(price, maxPrice) <= 0) return;
  const toText = ({ amount, currencyCode }: Money) => `${amount} ${currencyCode}`;
  throw new ProviderError(
    'PRICE_CHANGED',
    `the price is ${toText(price)} now, while ${toText(maxPrice)} was quoted or allowed`,
    { hint: 'Ask for rates again and buy at the new price, or allow it with `maxPrice`.' },
  );
}

import type { UspsClient } from '../oauth/clients.ts';
import { dateAt } from '../addresses/places.ts';
import { basePrice, type Price } from './prices.ts';
import type { PriceType } from './products.ts';
import { businessError, envelope, gatewayFault } from '../errors.ts';
import type { UspsState } from '../state.ts';

export interface PricedService {
  extraService: string;
  name: string;
  SKU: string;
  price: number;
  warnings: never[];
}
type Warnings = { warningCode: string; warningDescription: string }[];

/** An error without items, whose message is the sentence (recorded: USPS/api-examples#36). */
export const noPriceError = (version: string, message: string) => envelope(version, 400, message);

/**
 * The price type of an account: CONTRACT with a contract, whatever the request names, otherwise the published prices
 * with a warning. A request for contract prices without a contract fails (recorded: USPS/api-examples#22).
 */
export function priceTypeFor(
  state: UspsState,
  version: string,
  client: UspsClient,
  request: {
    priceType: string;
    accountNumber?: string | undefined;
    mailingDate?: string | undefined;
    originZIPCode?: string | undefined;
  },
): { type: PriceType; warnings: Warnings } {
  const { mailingDate: date, originZIPCode: origin = '' } = request;
  if (date !== undefined && date < dateAt(state.clock.now(), origin)) {
    throw businessError(version, '160211', 'must be a date in the present or in the future', 'mailingDate');
  }
  const hasContract =
    client.contractAccount !== undefined && request.accountNumber === client.contractAccount;
  if (hasContract) return { type: 'CONTRACT', warnings: [] };
  if (request.priceType === 'CONTRACT' || request.priceType === 'NSA') throw gatewayFault();
  return {
    type: request.priceType === 'RETAIL' ? 'RETAIL' : 'COMMERCIAL',
    warnings:
      request.accountNumber === undefined
        ? []
        : [{ warningCode: '001', warningDescription: 'Contract rate not found, published rate returned.' }],
  };
}

/** Returns true when a price has the requested category, indicator and facility. Any parcel may be NONSTANDARD. */
export function ingredientsFit(
  price: Price,
  request: { processingCategory: string; rateIndicator: string; destinationEntryFacilityType: string },
): boolean {
  const flat = ['FLATS', 'LETTERS'].includes(request.processingCategory);
  const category =
    flat === (price.processingCategory === 'FLATS') &&
    (request.processingCategory !== 'MACHINABLE' || price.processingCategory === 'MACHINABLE');
  return (
    category &&
    price.rateIndicator === request.rateIndicator &&
    price.destinationEntryFacilityType === request.destinationEntryFacilityType
  );
}

export const rateResponse = (price: Price, warnings: Warnings) => ({
  totalBasePrice: basePrice(price).toNumber(),
  rates: [{ ...rateOf(price), warnings }],
});

/** Includes `totalPrice` only when the request names extra services, as documented. */
export function rateListResponse(
  prices: Price[],
  services?: (price: Price) => { requested: boolean; list: PricedService[] },
) {
  return {
    rateOptions: prices.map((price) => {
      const totalBasePrice = basePrice(price);
      const found = services?.(price);
      const total = (found?.list ?? []).reduce((sum, each) => sum.plus(each.price), totalBasePrice);
      return {
        rates: [rateOf(price)],
        totalBasePrice: totalBasePrice.toNumber(),
        ...(found && { extraServices: found.list.map((each) => ({ ...each, priceType: price.priceType })) }),
        ...(found?.requested ? { totalPrice: total.toNumber() } : {}),
      };
    }),
  };
}

const rateOf = (price: Price) => ({
  SKU: price.SKU,
  description: price.description,
  priceType: price.priceType,
  price: price.price.toNumber(),
  weight: price.weight,
  dimWeight: price.dimWeight,
  fees: price.fees.map((fee) => ({ name: fee.name, SKU: fee.SKU, price: fee.price.toNumber() })),
  startDate: '2026-01-18',
  endDate: '',
  mailClass: price.mailClass,
  zone: price.zone,
  productName: price.productName,
  productDefinition: price.productDefinition,
  processingCategory: price.processingCategory,
  rateIndicator: price.rateIndicator,
  destinationEntryFacilityType: price.destinationEntryFacilityType,
});

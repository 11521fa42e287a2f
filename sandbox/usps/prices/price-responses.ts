import type { UspsClient } from '../oauth/clients.ts';
import { dateAt } from '../addresses/places.ts';
import type { Price } from './prices.ts';
import type { PriceType } from './products.ts';
import { businessError, envelope, gatewayFault } from '../errors.ts';
import type { UspsState } from '../state.ts';

export interface Extra {
  extraService: string;
  name: string;
  SKU: string;
  price: number;
  warnings: never[];
}
type Warnings = { warningCode: string; warningDescription: string }[];

/** As recorded (issue 36): the sentence is the message, and there are no items. */
export const unpriced = (version: string, message: string) => envelope(version, 400, message);

/**
 * The price type that an account brings, whatever was asked for: the contract's where it has one, else the published
 * prices with a warning. Contract prices that were asked for without one are refused as issue 22 saw it.
 */
export function priceTypeFor(
  world: UspsState,
  version: string,
  client: UspsClient,
  asked: {
    priceType: string;
    accountNumber?: string | undefined;
    mailingDate?: string | undefined;
    originZIPCode?: string | undefined;
  },
): { type: PriceType; warnings: Warnings } {
  const { mailingDate: date, originZIPCode: origin = '' } = asked;
  if (date !== undefined && date < dateAt(world.clock.now(), origin)) {
    throw businessError(version, '160211', 'must be a date in the present or in the future', 'mailingDate');
  }
  const hasContract = client.contractAccount !== undefined && asked.accountNumber === client.contractAccount;
  if (hasContract) return { type: 'CONTRACT', warnings: [] };
  if (asked.priceType === 'CONTRACT' || asked.priceType === 'NSA') throw gatewayFault();
  return {
    type: asked.priceType === 'RETAIL' ? 'RETAIL' : 'COMMERCIAL',
    warnings:
      asked.accountNumber === undefined
        ? []
        : [{ warningCode: '001', warningDescription: 'Contract rate not found, published rate returned.' }],
  };
}

/** Whether a price is that of the ingredients; nonstandard may be claimed for any parcel. */
export function ingredientsFit(
  price: Price,
  asked: { processingCategory: string; rateIndicator: string; destinationEntryFacilityType: string },
): boolean {
  const flat = ['FLATS', 'LETTERS'].includes(asked.processingCategory);
  const category =
    flat === (price.processingCategory === 'FLATS') &&
    (asked.processingCategory !== 'MACHINABLE' || price.processingCategory === 'MACHINABLE');
  return (
    category &&
    price.rateIndicator === asked.rateIndicator &&
    price.destinationEntryFacilityType === asked.destinationEntryFacilityType
  );
}

const base = (price: Price) => price.fees.reduce((sum, fee) => sum.plus(fee.price), price.price);

export const rateAnswer = (price: Price, warnings: Warnings) => ({
  totalBasePrice: base(price).toNumber(),
  rates: [{ ...rateOf(price), warnings }],
});

/** `totalPrice` only where extra services were asked for, as documented. */
export function listAnswer(prices: Price[], services?: (price: Price) => { asked: boolean; list: Extra[] }) {
  return {
    rateOptions: prices.map((price) => {
      const totalBasePrice = base(price);
      const found = services?.(price);
      const total = (found?.list ?? []).reduce((sum, each) => sum.plus(each.price), totalBasePrice);
      return {
        rates: [rateOf(price)],
        totalBasePrice: totalBasePrice.toNumber(),
        ...(found && { extraServices: found.list.map((each) => ({ ...each, priceType: price.priceType })) }),
        ...(found?.asked ? { totalPrice: total.toNumber() } : {}),
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

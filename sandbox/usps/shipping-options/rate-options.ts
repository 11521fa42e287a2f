import { businessError } from '../errors.ts';
import type { ExtraService } from '../prices/extra-services.ts';
import { basePrice, type Price } from '../prices/prices.ts';
import type { PriceType } from '../prices/products.ts';
import type { UspsState } from '../state.ts';
import type { PricingOption } from './shipping-options-schema.ts';

const version = '/shipments/v3';

/** The fields of the request's pricing option that the response repeats. */
export const pricingOptionFields = (option: PricingOption) => ({
  priceType: option.priceType,
  ...(option.paymentAccount === undefined ? {} : { paymentAccount: option.paymentAccount }),
});

/** Throws when insurance is requested without the value of the goods. */
export function requirePackageValue(codes: number[], value: number | undefined) {
  if ((codes.includes(930) || codes.includes(931)) && !value) {
    throw businessError(
      version,
      '030024',
      'A non-zero item value is required for this extra service code.',
      'packageValue',
    );
  }
}

/** One price with its extra services; `requested` is whether the request named any. */
export function rateOption(
  state: UspsState,
  price: Price,
  extraServices: ExtraService[],
  requested: boolean,
) {
  const base = basePrice(price);
  const total = extraServices.reduce((sum, extra) => sum.plus(extra.price), base);
  const hasTotal = state.switches.totalPrice === 'always' || requested;
  const priceType = ratePriceType(price);
  return {
    ...(hasTotal ? { totalPrice: total.toNumber() } : {}),
    totalBasePrice: base.toNumber(),
    rates: [
      {
        description: price.description,
        startDate: state.switches.pricesSince,
        endDate: '',
        price: price.price.toNumber(),
        zone: price.zone,
        weight: price.weight,
        dimensionalWeight: price.dimWeight,
        dimWeight: price.dimWeight,
        fees: price.fees.map((fee) => ({ name: fee.name, SKU: fee.SKU, price: fee.price.toNumber() })),
        priceType,
        mailClass: price.mailClass,
        productName: price.productName,
        productDefinition: price.productDefinition,
        processingCategory: price.processingCategory,
        rateIndicator: price.rateIndicator,
        destinationEntryFacilityType: price.destinationEntryFacilityType,
        SKU: price.SKU,
      },
    ],
    extraServices: extraServices.map((extra) => ({
      name: extra.name,
      price: extra.price.toNumber(),
      extraService: String(extra.code),
      priceType,
      warnings: [],
      SKU: extra.SKU,
    })),
  };
}

/** The document's example of an international response has COMMERCIAL_BASE. */
const ratePriceType = (price: Price): PriceType | 'COMMERCIAL_BASE' =>
  price.destinationEntryFacilityType === 'INTERNATIONAL_SERVICE_CENTER' && price.priceType !== 'RETAIL'
    ? 'COMMERCIAL_BASE'
    : price.priceType;

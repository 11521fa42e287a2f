import { z } from 'zod';

import { compareMoney, sum } from '../../../domain/money.ts';
import type { Parcel } from '../../../domain/parcel.ts';
import type { Offer, PriceType, Quote, RateRequest } from '../../../domain/rate.ts';
import { unreadable } from '../errors.ts';
import { stripMarkup } from '../markup.ts';
import { date, dollars, list, rowsOf, text } from '../values.ts';
import { directionOf, type Direction } from './direction.ts';
import { dutiesSchema } from './duties.ts';
import { toExtraServices, type ExtraServices } from './extra-services.ts';
import {
  internationalClasses,
  restrictedClasses,
  serviceCode,
  serviceName,
  uninsuredClasses,
} from './mail-classes.ts';
import { isWithinLimits } from './international-limits.ts';
import { packagings, toMeasures } from './packaging.ts';
import type { RateRef } from './provider-ref.ts';

const rateSchema = z.object({
  description: text,
  productName: text,
  price: dollars,
  priceType: text,
  startDate: date,
  zone: text,
  fees: rowsOf(z.object({ name: text, price: dollars })),
  mailClass: z.string(),
  processingCategory: z.string(),
  rateIndicator: z.string(),
  destinationEntryFacilityType: z.string(),
});
const rateOptionSchema = z.object({
  dutiesTaxesFeesQuote: dutiesSchema,
  commitment: z
    .object({
      name: text,
      scheduleDeliveryDate: date,
      expectedDeliveryDate: date,
      guaranteedDelivery: z.boolean().nullish().catch(undefined),
    })
    .nullish()
    .catch(undefined),
  totalBasePrice: dollars,
  rates: z.array(rateSchema).min(1),
  extraServices: rowsOf(
    z.object({
      extraService: z.union([z.string(), z.number()]).transform(String),
      name: text,
      price: dollars.optional().catch(undefined),
    }),
  ),
});
type RateOption = z.infer<typeof rateOptionSchema>;
/** The options of one class, each read for itself. One that is no object counts as an option that can't be read. */
const shippingOption = z
  .object({ mailClass: text, rateOptions: list })
  .catch({ mailClass: undefined, rateOptions: [undefined] });
export const rateResponseSchema = z.object({
  pricingOptions: z.array(
    z.object({
      priceType: text,
      shippingOptions: z.array(shippingOption).nullish().catch(undefined),
    }),
  ),
});
type RateResponse = z.infer<typeof rateResponseSchema>;

/**
 * Returns one offer a mail class: the cheapest rate by which the parcel can go with its packaging and options. Of options
 * that can't be read each class is one failure, beside the offers of the others.
 */
export function fromRateResponse(
  response: RateResponse,
  request: RateRequest,
  position: number,
  priceType: PriceType,
): Quote {
  const direction = directionOf(request);
  const extraServices = toExtraServices(request.options, direction, request.to);
  const parcel = request.parcels[position]!;
  const measures = toMeasures(parcel, position);
  const fits = (mailClass: string) =>
    direction !== 'international' || isWithinLimits(mailClass, measures, request.to.country!);
  const offersAt = (type: PriceType) =>
    cheapestOffers(response, type, parcel, direction, extraServices, fits);
  const { offers: retailOffers } = offersAt('RETAIL');
  const { offers, unreadableClasses, pricesSince } = offersAt(priceType);
  return {
    offers: [...offers.values()].map((offer) => {
      const retailPrice = retailOffers.get(offer.service.code)?.price;
      const isRetailHigher = retailPrice !== undefined && compareMoney(retailPrice, offer.price) >= 0;
      return { ...offer, retailPrice: isRetailHigher ? retailPrice : undefined };
    }),
    failures: [...unreadableClasses].map((mailClass) =>
      unreadable(`with a price of ${serviceName(mailClass) ?? (mailClass || 'a service')}`),
    ),
    pricesSince,
  };
}

interface Candidate {
  readonly offer: Offer;
  readonly option: RateOption;
}

/** Returns the best offer of each service at one price type, by service code, and the classes that can't be read. */
function cheapestOffers(
  response: RateResponse,
  priceType: PriceType,
  parcel: Parcel,
  direction: Direction,
  extraServices: ExtraServices,
  fits: (mailClass: string) => boolean,
) {
  const best = new Map<string, Candidate>();
  const unreadableClasses = new Set<string>();
  const shippingOptions = response.pricingOptions
    .filter((pricing) => (pricing.priceType ?? priceType) === priceType)
    .flatMap((pricing) => pricing.shippingOptions ?? []);
  for (const { mailClass, rateOptions } of shippingOptions) {
    for (const row of rateOptions) {
      const option = rateOptionSchema.safeParse(row).data;
      if (option && !isAvailable(option, parcel, direction)) continue;
      if (option && !option.rates.every((rate) => fits(rate.mailClass))) continue;
      const offer = option && fromRateOption(option, parcel, priceType, extraServices);
      if (offer === 'unavailable') continue;
      if (!offer) {
        const named = mailClass ?? mailClassOf(row);
        if (isSold(named, direction)) unreadableClasses.add(named);
        continue;
      }
      const current = best.get(offer.service.code);
      if (!current || isBetter({ offer, option }, current)) best.set(offer.service.code, { offer, option });
    }
  }
  return {
    offers: new Map([...best].map(([code, { offer }]) => [code, offer])),
    unreadableClasses,
    pricesSince: [...best.values()].flatMap(startDatesOf).sort().at(-1),
  };
}

const startDatesOf = ({ option }: Candidate) => option.rates.flatMap(({ startDate }) => startDate ?? []);

const namedClass = z.object({ rates: z.tuple([z.object({ mailClass: z.string() })], z.unknown()) });

/** The class of an option that can't be read; "" where not even that can. */
const mailClassOf = (row: unknown) => namedClass.safeParse(row).data?.rates[0].mailClass ?? '';

function isBetter(one: Candidate, other: Candidate): boolean {
  if (isParcel(one.option) !== isParcel(other.option)) return isParcel(one.option);
  return compareMoney(one.offer.price, other.offer.price) < 0;
}

/** Processing categories of parcels. Letters and flats are excluded, whatever they cost. */
const parcelCategories = new Set(['MACHINABLE', 'NONSTANDARD', 'NON_MACHINABLE', 'IRREGULAR']);

const isParcel = ({ rates }: RateOption) => rates.every((rate) => parcelCategories.has(rate.processingCategory)); // prettier-ignore

/**
 * Rate indicators of the sender's own box: single piece, Express single piece, dimensional, oversized, cubic. Flat-rate
 * packaging, soft packs and presorted trays are other items.
 */
const ownBoxIndicators = ['SP', 'PA', 'DR', 'DN', 'OS', 'CP'];

function isAvailable(option: RateOption, { packaging }: Parcel, direction: Direction): boolean {
  const indicators = packaging ? packagings[packaging]?.indicators : ownBoxIndicators;
  if (!option.rates.every((rate) => indicators?.includes(rate.rateIndicator))) return false;
  if (!option.rates.every((rate) => isSold(rate.mailClass, direction))) return false;
  // International rates may list a box as flats (the document's Express example), and all enter at a service center.
  if (direction === 'international') return true;
  return (
    (Boolean(packaging) || isParcel(option)) &&
    option.rates.every((rate) => rate.destinationEntryFacilityType === 'NONE')
  );
}

/** Returns true for a class that we buy labels of. */
const isSold = (mailClass: string, direction: Direction) =>
  mailClass === '' ||
  (direction === 'international' ? internationalClasses.has(mailClass) : !restrictedClasses.test(mailClass));

/** Returns `unavailable` where the class lacks one of the requested options; undefined where its price can't be read. */
function fromRateOption(
  option: RateOption,
  { packaging }: Parcel,
  priceType: PriceType,
  { services, packageValue }: ExtraServices,
): Offer | 'unavailable' | undefined {
  const first = option.rates[0]!;
  const { mailClass, processingCategory, rateIndicator, destinationEntryFacilityType } = first;
  const find = (code: number) =>
    option.extraServices.find(({ extraService }) => extraService === String(code)) ?? [];
  const extraServices = services.flatMap((codes) => codes.flatMap(find).slice(0, 1));
  if (extraServices.length < services.length) return 'unavailable';
  if (packageValue !== undefined && uninsuredClasses.has(mailClass)) return 'unavailable';
  const fees = option.rates.flatMap((rate) => rate.fees).filter((fee) => Number(fee.price.amount) !== 0);
  const extraCharges = extraServices.flatMap(({ name, price }) =>
    price ? [{ name: stripMarkup(name ?? 'Extra service'), amount: price }] : [],
  );
  if (extraCharges.length < extraServices.length) return undefined;
  const duties = option.dutiesTaxesFeesQuote;
  return {
    carrier: 'USPS',
    service: {
      code: serviceCode(mailClass),
      name: serviceName(mailClass, packaging) ?? stripMarkup(first.productName ?? first.description ?? ''),
      providerCode: mailClass,
    },
    // `totalPrice` is not always there, and the base price excludes extra services.
    price: sum(option.totalBasePrice, ...[...extraCharges, ...duties].map(({ amount }) => amount)),
    charges: [
      ...option.rates.map((rate) => ({ name: 'Postage', amount: rate.price })),
      ...fees.map((fee) => ({ name: stripMarkup(fee.name ?? 'Fee'), amount: fee.price })),
      ...extraCharges,
      ...duties,
    ],
    priceType: publishedPriceType(first.priceType) ?? priceType,
    ...fromCommitment(option.commitment),
    zone: first.zone,
    providerRef: {
      mailClass,
      extraServices:
        extraServices.length > 0 ? extraServices.map(({ extraService }) => Number(extraService)) : undefined,
      packageValue,
      parcels: [{ processingCategory, rateIndicator, destinationEntryFacilityType }],
    } satisfies RateRef,
  };
}

/** USPS lists a class that the contract lacks among contract prices, at its published price (warning 001). */
function publishedPriceType(priceType: string | undefined): PriceType | undefined {
  if (priceType === 'RETAIL') return 'RETAIL';
  // International rates have COMMERCIAL_BASE.
  return priceType?.startsWith('COMMERCIAL') ? 'COMMERCIAL' : undefined;
}

/**
 * A commitment is named "2 Days" (or "2-day"), MILITARY, DPO, NO STD or UNAVAILABLE. International rates have none.
 */
function fromCommitment(commitment: RateOption['commitment']) {
  const days = /^(\d+)[- ]days?$/i.exec(commitment?.name ?? '')?.[1];
  return {
    estimatedDays: days === undefined ? undefined : Number(days),
    estimatedDeliveryDate: commitment?.expectedDeliveryDate ?? commitment?.scheduleDeliveryDate,
    guaranteed: commitment?.guaranteedDelivery ?? false,
  };
}

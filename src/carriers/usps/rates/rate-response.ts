import { z } from 'zod';

import { compareMoney, money, sum } from '../../../domain/money.ts';
import type { Parcel } from '../../../domain/parcel.ts';
import type { Offer, PriceType, RateRequest } from '../../../domain/rate.ts';
import { stripMarkup } from '../markup.ts';
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
import { packagings } from './packaging.ts';
import type { RateRef } from './provider-ref.ts';

const rateSchema = z.object({
  description: z.string().catch(''),
  productName: z.string().catch(''),
  price: z.number(),
  priceType: z.string().nullish(),
  zone: z.string().nullish(),
  fees: z.array(z.object({ name: z.string().catch('Fee'), price: z.number() })).nullish(),
  mailClass: z.string(),
  processingCategory: z.string(),
  rateIndicator: z.string(),
  destinationEntryFacilityType: z.string(),
});
const rateOptionSchema = z.object({
  dutiesTaxesFeesQuote: dutiesSchema,
  commitment: z
    .object({
      name: z.string().nullish(),
      scheduleDeliveryDate: z.string().nullish(),
      expectedDeliveryDate: z.string().nullish(),
      guaranteedDelivery: z.boolean().nullish(),
    })
    .nullish(),
  totalBasePrice: z.number(),
  rates: z.array(rateSchema).min(1),
  extraServices: z
    .array(
      z.object({
        extraService: z.coerce.string(),
        name: z.string().catch('Extra service'),
        price: z.number(),
      }),
    )
    .nullish(),
});
type RateOption = z.infer<typeof rateOptionSchema>;
export const rateResponseSchema = z.object({
  pricingOptions: z.array(
    z.object({
      priceType: z.string().nullish(),
      shippingOptions: z
        .array(z.object({ mailClass: z.string(), rateOptions: z.array(rateOptionSchema).nullish() }))
        .nullish(),
    }),
  ),
});
type RateResponse = z.infer<typeof rateResponseSchema>;

/** Returns one offer a mail class: the cheapest rate by which the parcel can go with its packaging and options. */
export function fromRateResponse(
  response: RateResponse,
  request: RateRequest,
  position: number,
  priceType: PriceType,
): Offer[] {
  const direction = directionOf(request);
  const extraServices = toExtraServices(request.options, direction, request.to);
  const parcel = request.parcels[position]!;
  const offersAt = (type: PriceType) => cheapestOffers(response, type, parcel, direction, extraServices);
  const retailOffers = offersAt('RETAIL');
  return [...offersAt(priceType).values()].map((offer) => {
    const retailPrice = retailOffers.get(offer.service.code)?.price;
    const isRetailHigher = retailPrice !== undefined && compareMoney(retailPrice, offer.price) >= 0;
    return { ...offer, retailPrice: isRetailHigher ? retailPrice : undefined };
  });
}

interface Candidate {
  readonly offer: Offer;
  readonly option: RateOption;
}

/** Returns the best offer of each service at one price type, by service code. */
function cheapestOffers(
  response: RateResponse,
  priceType: PriceType,
  parcel: Parcel,
  direction: Direction,
  extraServices: ExtraServices,
): Map<string, Offer> {
  const best = new Map<string, Candidate>();
  const options = response.pricingOptions
    .filter((pricing) => (pricing.priceType ?? priceType) === priceType)
    .flatMap(({ shippingOptions }) => shippingOptions ?? [])
    .flatMap(({ rateOptions }) => rateOptions ?? []);
  for (const option of options) {
    if (!isAvailable(option, parcel, direction)) continue;
    const offer = fromRateOption(option, parcel, priceType, extraServices);
    if (!offer) continue;
    const current = best.get(offer.service.code);
    if (!current || isBetter({ offer, option }, current)) best.set(offer.service.code, { offer, option });
  }
  return new Map([...best].map(([code, { offer }]) => [code, offer]));
}

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
  // International rates may list a box as flats (the document's Express example), and all enter at a service center.
  if (direction === 'international') return option.rates.every((rate) => internationalClasses.has(rate.mailClass)); // prettier-ignore
  return (
    (Boolean(packaging) || isParcel(option)) &&
    option.rates.every(
      (rate) => rate.destinationEntryFacilityType === 'NONE' && !restrictedClasses.test(rate.mailClass),
    )
  );
}

/** Returns undefined where the mail class lacks one of the requested options. */
function fromRateOption(
  option: RateOption,
  { packaging }: Parcel,
  priceType: PriceType,
  { services, packageValue }: ExtraServices,
): Offer | undefined {
  const first = option.rates[0]!;
  const { mailClass, processingCategory, rateIndicator, destinationEntryFacilityType } = first;
  const find = (code: number) =>
    option.extraServices?.find(({ extraService }) => extraService === String(code)) ?? [];
  const extraServices = services.flatMap((codes) => codes.flatMap(find).slice(0, 1));
  if (extraServices.length < services.length) return undefined;
  if (packageValue !== undefined && uninsuredClasses.has(mailClass)) return undefined;
  const fees = option.rates.flatMap((rate) => rate.fees ?? []).filter((fee) => fee.price !== 0);
  const extraCharges = extraServices.map(({ name, price }) => ({ name: stripMarkup(name), amount: money(price) })); // prettier-ignore
  const duties = option.dutiesTaxesFeesQuote;
  return {
    carrier: 'USPS',
    service: {
      code: serviceCode(mailClass),
      name: serviceName(mailClass, packaging) ?? stripMarkup(first.productName || first.description),
      providerCode: mailClass,
    },
    // `totalPrice` is not always there, and the base price excludes extra services.
    price: sum(money(option.totalBasePrice), ...[...extraCharges, ...duties].map(({ amount }) => amount)),
    charges: [
      ...option.rates.map((rate) => ({ name: 'Postage', amount: money(rate.price) })),
      ...fees.map((fee) => ({ name: stripMarkup(fee.name), amount: money(fee.price) })),
      ...extraCharges,
      ...duties,
    ],
    priceType: publishedPriceType(first.priceType) ?? priceType,
    ...fromCommitment(option.commitment),
    zone: first.zone ?? undefined,
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
function publishedPriceType(priceType: string | null | undefined): PriceType | undefined {
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
    estimatedDeliveryDate: commitment?.expectedDeliveryDate || commitment?.scheduleDeliveryDate || undefined,
    guaranteed: commitment?.guaranteedDelivery ?? false,
  };
}

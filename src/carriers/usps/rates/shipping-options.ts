import { z } from 'zod';

import { compareMoney, money, sum } from '../../../domain/money.ts';
import type { Parcel } from '../../../domain/parcel.ts';
import type { Offer, PriceType, RateRequest } from '../../../domain/rate.ts';
import { splitZip } from '../addresses/verification.ts';
import { plain } from '../errors.ts';
import { toExtraServices, type ExtraServices } from './extra-services.ts';
import { packagings, toMeasures } from './packaging.ts';
import { directionOf, type Direction } from './direction.ts';

const rate = z.object({
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
const rateOption = z.object({
  commitment: z
    .object({
      name: z.string().nullish(),
      scheduleDeliveryDate: z.string().nullish(),
      expectedDeliveryDate: z.string().nullish(),
      guaranteedDelivery: z.boolean().nullish(),
    })
    .nullish(),
  totalBasePrice: z.number(),
  rates: z.array(rate).min(1),
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
type RateOption = z.infer<typeof rateOption>;
export const optionsAnswer = z.object({
  pricingOptions: z.array(
    z.object({
      priceType: z.string().nullish(),
      shippingOptions: z
        .array(z.object({ mailClass: z.string(), rateOptions: z.array(rateOption).nullish() }))
        .nullish(),
    }),
  ),
});
type OptionsAnswer = z.infer<typeof optionsAnswer>;

/** What labels must say for the quoted price to hold: of all parcels, and of each. */
export const ticketSchema = z.object({
  mailClass: z.string(),
  extraServices: z.array(z.number()).optional(),
  packageValue: z.number().optional(),
  parcels: z.array(
    z.object({
      processingCategory: z.string(),
      rateIndicator: z.string(),
      destinationEntryFacilityType: z.string(),
    }),
  ),
});
export type UspsTicket = z.infer<typeof ticketSchema>;

/** Whose prices an account is quoted. */
export interface Pricing {
  readonly priceType: PriceType;
  /** Whom a contract is with. */
  readonly paymentAccount?: { readonly accountType: string; readonly accountNumber: string };
}

/** The longest postal code that USPS takes; it prices by the country. */
const postalCodeRoom = 11;

/** The question about one parcel of a request. */
export function toOptionsRequest(request: RateRequest, position: number, pricing: Pricing) {
  const { from, to, shipDate: mailingDate, options } = request;
  const way = directionOf(request);
  const retail = pricing.priceType === 'RETAIL' ? [] : [{ priceType: 'RETAIL' }];
  const places = { originZIPCode: splitZip(from.postalCode)[0], pricingOptions: [pricing, ...retail] };
  const { services, packageValue } = toExtraServices(options, way, to);
  const parcel = {
    ...toMeasures(request.parcels[position]!, position),
    extraServices: services.length > 0 ? services.flat() : undefined,
    packageValue,
    mailingDate,
  };
  if (way === 'international') {
    const foreignPostalCode = to.postalCode && to.postalCode.length <= postalCodeRoom ? to.postalCode : undefined; // prettier-ignore
    return {
      ...places,
      destinationCountryCode: to.country,
      foreignPostalCode,
      packageDescription: { ...parcel, mailClass: 'ALL' },
    };
  }
  return {
    ...places,
    destinationZIPCode: splitZip(to.postalCode)[0],
    destinationEntryFacilityType: 'NONE',
    packageDescription: { ...parcel, mailClass: way === 'return' ? 'ALL_RETURNS' : 'ALL_OUTBOUND' },
  };
}

/**
 * Rate indicators of a box of the sender's own: single piece, Express single piece, dimensional, oversized, cubic.
 * Flat-rate packaging, soft packs and presorted trays are other things to hand over.
 */
const ownBox = ['SP', 'PA', 'DR', 'DN', 'OS', 'CP'];
/** Letters and flats are no parcels, whatever they cost. */
const parcels = new Set(['MACHINABLE', 'NONSTANDARD', 'NON_MACHINABLE', 'IRREGULAR']);
/** Classes that only take certain contents (books, libraries' loans) or want entry at a USPS plant. */
const restricted = /^(MEDIA_MAIL|LIBRARY_MAIL|BOUND_PRINTED_MATTER|PARCEL_SELECT|USPS_CONNECT_)/;

const names: Readonly<Record<string, string>> = {
  USPS_GROUND_ADVANTAGE: 'USPS Ground Advantage',
  USPS_GROUND_ADVANTAGE_RETURN_SERVICE: 'USPS Ground Advantage Return',
  PRIORITY_MAIL: 'Priority Mail',
  PRIORITY_MAIL_RETURN_SERVICE: 'Priority Mail Return',
  PRIORITY_MAIL_EXPRESS: 'Priority Mail Express',
  PRIORITY_MAIL_EXPRESS_RETURN_SERVICE: 'Priority Mail Express Return',
  'FIRST-CLASS_PACKAGE_INTERNATIONAL_SERVICE': 'First-Class Package International Service',
  PRIORITY_MAIL_INTERNATIONAL: 'Priority Mail International',
  PRIORITY_MAIL_EXPRESS_INTERNATIONAL: 'Priority Mail Express International',
};

/** Those that there are labels for: Global Express Guaranteed has prices alone. */
const abroad = new Set([
  'FIRST-CLASS_PACKAGE_INTERNATIONAL_SERVICE',
  'PRIORITY_MAIL_INTERNATIONAL',
  'PRIORITY_MAIL_EXPRESS_INTERNATIONAL',
]);
/** Quoted with insurance perhaps, and refused a label with it (160053). */
const uninsured = new Set(['FIRST-CLASS_PACKAGE_INTERNATIONAL_SERVICE']);

/** USPS's name of a product, with the packaging where that is USPS's too. */
export function nameOf(mailClass: string, packaging?: string | null): string | undefined {
  const inside = packaging ? packagings[packaging]?.name : undefined;
  return names[mailClass] && [names[mailClass], inside].filter(Boolean).join(' ');
}

/** One offer a mail class: the cheapest way in which the parcel, as it is and as asked, can go. */
export function fromOptions(
  answer: OptionsAnswer,
  request: RateRequest,
  position: number,
  type: PriceType,
): Offer[] {
  const way = directionOf(request);
  const extras = toExtraServices(request.options, way, request.to);
  const parcel = request.parcels[position]!;
  const cheapest = (priceType: PriceType) => {
    const found = new Map<string, { offer: Offer; option: RateOption }>();
    for (const pricing of answer.pricingOptions) {
      if ((pricing.priceType ?? priceType) !== priceType) continue;
      for (const option of (pricing.shippingOptions ?? []).flatMap((each) => each.rateOptions ?? [])) {
        if (!isForSale(option, parcel, way)) continue;
        const offer = fromRateOption(option, parcel, priceType, extras);
        const known = offer && found.get(offer.service.code);
        if (offer && (!known || isBetter({ offer, option }, known))) found.set(offer.service.code, { offer, option }); // prettier-ignore
      }
    }
    return found;
  };
  const retail = cheapest('RETAIL');
  return [...cheapest(type).values()].map(({ offer }) => {
    const atRetail = retail.get(offer.service.code)?.offer.price;
    const dearer = atRetail !== undefined && compareMoney(atRetail, offer.price) >= 0;
    return { ...offer, retailPrice: dearer ? atRetail : undefined };
  });
}

const isParcel = ({ rates }: RateOption) => rates.every((each) => parcels.has(each.processingCategory));

function isBetter(one: { offer: Offer; option: RateOption }, other: typeof one): boolean {
  if (isParcel(one.option) !== isParcel(other.option)) return isParcel(one.option);
  return compareMoney(one.offer.price, other.offer.price) < 0;
}

function isForSale(option: RateOption, { packaging }: Parcel, way: Direction): boolean {
  const indicators = packaging ? packagings[packaging]?.indicators : ownBox;
  if (!option.rates.every((each) => indicators?.includes(each.rateIndicator))) return false;
  // A box is printed as flats there too (the document's Express example), and every price is one from a service centre.
  if (way === 'international') return option.rates.every((each) => abroad.has(each.mailClass));
  return (
    (Boolean(packaging) || isParcel(option)) &&
    option.rates.every(
      (each) => each.destinationEntryFacilityType === 'NONE' && !restricted.test(each.mailClass),
    )
  );
}

/** Undefined where the class does not have what was asked on top. */
function fromRateOption(
  option: RateOption,
  { packaging }: Parcel,
  priceType: PriceType,
  { services, packageValue }: ExtraServices,
): Offer | undefined {
  const first = option.rates[0]!;
  const { mailClass, processingCategory, rateIndicator, destinationEntryFacilityType } = first;
  const had = (code: number) =>
    option.extraServices?.find((each) => each.extraService === String(code)) ?? [];
  const extras = services.flatMap((codes) => codes.flatMap(had).slice(0, 1));
  if (extras.length < services.length) return undefined;
  if (packageValue !== undefined && uninsured.has(mailClass)) return undefined;
  const fees = option.rates.flatMap((each) => each.fees ?? []).filter((fee) => fee.price !== 0);
  const onTop = extras.map((extra) => ({ name: plain(extra.name), amount: money(extra.price) }));
  return {
    carrier: 'USPS',
    service: {
      // A product that comes back is the same product.
      code: mailClass.replace(/_RETURN_SERVICE$/, '').replaceAll('-', '_'),
      name: nameOf(mailClass, packaging) ?? plain(first.productName || first.description),
      providerCode: mailClass,
    },
    // `totalPrice` is not always there, and the base is without what was asked on top.
    price: sum(money(option.totalBasePrice), ...onTop.map(({ amount }) => amount)),
    charges: [
      ...option.rates.map((each) => ({ name: 'Postage', amount: money(each.price) })),
      ...fees.map((fee) => ({ name: plain(fee.name), amount: money(fee.price) })),
      ...onTop,
    ],
    priceType: published(first.priceType) ?? priceType,
    ...fromCommitment(option.commitment),
    zone: first.zone ?? undefined,
    providerRef: {
      mailClass,
      extraServices: extras.length > 0 ? extras.map((extra) => Number(extra.extraService)) : undefined,
      packageValue,
      parcels: [{ processingCategory, rateIndicator, destinationEntryFacilityType }],
    } satisfies UspsTicket,
  };
}

/** A class that the contract does not have is priced as published, under the contract's heading (warning 001). */
function published(printed: string | null | undefined): PriceType | undefined {
  if (printed === 'RETAIL') return 'RETAIL';
  // COMMERCIAL_BASE abroad.
  return printed?.startsWith('COMMERCIAL') ? 'COMMERCIAL' : undefined;
}

/** "2 Days" (once "2-day"), MILITARY, DPO, NO STD and UNAVAILABLE are the names that a commitment has; none abroad. */
function fromCommitment(commitment: RateOption['commitment']) {
  const days = /^(\d+)[- ]days?$/i.exec(commitment?.name ?? '')?.[1];
  return {
    estimatedDays: days === undefined ? undefined : Number(days),
    estimatedDeliveryDate: commitment?.expectedDeliveryDate || commitment?.scheduleDeliveryDate || undefined,
    guaranteed: commitment?.guaranteedDelivery ?? false,
  };
}

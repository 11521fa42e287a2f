import { z } from 'zod';

import { ProviderError } from '../../domain/errors.ts';
import { sidesIn, weightIn } from '../../domain/measure.ts';
import { compareMoney, money, sum } from '../../domain/money.ts';
import type { Parcel } from '../../domain/parcel.ts';
import type { Offer, PriceType, Quote, RateRequest, ShipmentOptions } from '../../domain/rate.ts';
import type { Call } from '../carrier.ts';
import { fanOut } from '../fan-out.ts';
import { splitZip } from './addresses.ts';
import type { Usps } from './client.ts';
import { plain } from './errors.ts';

const rate = z.object({
  description: z.string().catch(''),
  productName: z.string().catch(''),
  price: z.number(),
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
const options = z.object({
  pricingOptions: z.array(
    z.object({
      priceType: z.string().nullish(),
      shippingOptions: z
        .array(z.object({ mailClass: z.string(), rateOptions: z.array(rateOption).nullish() }))
        .nullish(),
    }),
  ),
});
type Options = z.infer<typeof options>;

/** What a label must say for the quoted price to hold. */
export const ticketSchema = z.object({
  mailClass: z.string(),
  processingCategory: z.string(),
  rateIndicator: z.string(),
  extraServices: z.array(z.number()).optional(),
  packageValue: z.number().optional(),
});
export type UspsTicket = z.infer<typeof ticketSchema>;

/** Whose prices an account is quoted. */
export interface Pricing {
  readonly priceType: PriceType;
  /** Whom a contract is with. */
  readonly paymentAccount?: { readonly accountType: string; readonly accountNumber: string };
}

/** Rates with their commitments: one package a call, several price types in it. */
export const quote = (usps: Usps, pricing: Pricing) => (requests: readonly RateRequest[], call: Call) =>
  fanOut(requests, (request) => quoteOne(usps, pricing, request, call));

async function quoteOne(usps: Usps, pricing: Pricing, request: RateRequest, call: Call): Promise<Quote> {
  const json = toOptionsRequest(request, pricing);
  const answer = await usps.ask(
    options,
    { api: 'shipping-options', method: 'POST', path: '/shipments/v3/options/search', json, repeatable: true },
    call.signal,
    fields,
  );
  const offers = fromOptions(answer, request, pricing.priceType);
  if (offers.length === 0) {
    const price = `${pricing.priceType.toLowerCase()} price`;
    throw new ProviderError('REJECTED', `USPS has no ${price} for this parcel as asked`, {
      hint: 'Check weight, size, packaging and options: every service has limits.',
    });
  }
  return { offers, failures: [] };
}

/** USPS's names in a question about prices, and ours. */
const fields = {
  originZIPCode: ['from', 'postalCode'],
  destinationZIPCode: ['to', 'postalCode'],
  weight: ['parcels', '0', 'weight'],
  length: ['parcels', '0', 'dimensions', 'length'],
  width: ['parcels', '0', 'dimensions', 'width'],
  height: ['parcels', '0', 'dimensions', 'height'],
  mailingDate: ['shipDate'],
} as const;

export function toOptionsRequest({ from, to, parcel, shipDate, options }: RateRequest, pricing: Pricing) {
  if (from.country !== 'US' || to.country !== 'US') {
    throw new ProviderError('NOT_SUPPORTED', 'USPS is asked for domestic rates only so far', {
      field: from.country === 'US' ? ['to', 'country'] : ['from', 'country'],
    });
  }
  const retail = pricing.priceType === 'RETAIL' ? [] : [{ priceType: 'RETAIL' }];
  return {
    originZIPCode: splitZip(from.postalCode)[0],
    destinationZIPCode: splitZip(to.postalCode)[0],
    destinationEntryFacilityType: 'NONE',
    pricingOptions: [pricing, ...retail],
    packageDescription: {
      ...toMeasures(parcel),
      ...toExtraServices(options),
      mailClass: 'ALL_OUTBOUND',
      mailingDate: shipDate,
    },
  };
}

/** What options are called at USPS. Guess: one insurance code for every class, Express among them. */
export function toExtraServices(options: ShipmentOptions = {}): {
  extraServices?: number[];
  packageValue?: number;
} {
  const { signature, adultSignature, insuredValue } = options;
  if (insuredValue && insuredValue.currencyCode !== 'USD') {
    throw new ProviderError('REJECTED', 'USPS insures in US dollars', {
      field: ['options', 'insuredValue', 'currencyCode'],
    });
  }
  const value = insuredValue ? Number(insuredValue.amount) : undefined;
  const codes = [
    ...(adultSignature ? [922] : signature ? [921] : []),
    ...(value === undefined ? [] : [value > 500 ? 931 : 930]),
  ];
  return codes.length === 0 ? {} : { extraServices: codes, packageValue: value };
}

/** Rate indicators of each packaging, and its inner size in inches: the document wants one, the price has none. */
const packagings: Record<string, { indicators: readonly string[]; size: [number, number, number] }> = {
  FLAT_RATE_ENVELOPE: { indicators: ['FE', 'E4'], size: [12, 9, 0.5] },
  LEGAL_FLAT_RATE_ENVELOPE: { indicators: ['FA', 'E6'], size: [14.5, 9, 0.5] },
  PADDED_FLAT_RATE_ENVELOPE: { indicators: ['FP'], size: [12, 9, 1] },
  SMALL_FLAT_RATE_BOX: { indicators: ['FS'], size: [8.62, 5.37, 1.62] },
  MEDIUM_FLAT_RATE_BOX: { indicators: ['FB'], size: [11, 8.5, 5.5] },
  LARGE_FLAT_RATE_BOX: { indicators: ['PL'], size: [12, 12, 5.5] },
};

/** Pounds and inches, rounded up: to the ten-thousandth of a pound, finer than any scale, and the hundredth inch. */
export function toMeasures({ weight: given, dimensions, packaging }: Parcel) {
  const weight = weightIn(given, 'POUND', '0.0001');
  if (weight > 70) {
    throw new ProviderError('REJECTED', 'USPS takes parcels of up to 70 lb', {
      field: ['parcels', '0', 'weight'],
      hint: 'Send it in several parcels, or by another carrier.',
    });
  }
  const size = packaging ? packagings[packaging]?.size : dimensions && sidesIn(dimensions, 'INCH', '0.01');
  if (!size) {
    throw new ProviderError('REJECTED', 'USPS prices by size and weight', {
      field: ['parcels', '0', 'dimensions'],
      hint: 'Give the dimensions of the parcel.',
    });
  }
  const [length, width, height] = size;
  return { weight, length, width, height };
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

const names: Record<string, string> = {
  USPS_GROUND_ADVANTAGE: 'USPS Ground Advantage',
  PRIORITY_MAIL: 'Priority Mail',
  PRIORITY_MAIL_EXPRESS: 'Priority Mail Express',
};

/** One offer a mail class: the cheapest way in which the parcel, as it is and as asked, can go. */
export function fromOptions(
  answer: Options,
  request: Pick<RateRequest, 'parcel' | 'options'>,
  type: PriceType,
): Offer[] {
  const { extraServices = [], packageValue } = toExtraServices(request.options);
  const cheapest = (priceType: PriceType) => {
    const found = new Map<string, Offer>();
    for (const pricing of answer.pricingOptions) {
      if ((pricing.priceType ?? priceType) !== priceType) continue;
      for (const option of (pricing.shippingOptions ?? []).flatMap((each) => each.rateOptions ?? [])) {
        if (!isForSale(option, request.parcel)) continue;
        const offer = fromRateOption(option, priceType, extraServices, packageValue);
        const known = offer && found.get(offer.service.code);
        if (offer && (!known || compareMoney(offer.price, known.price) < 0))
          found.set(offer.service.code, offer);
      }
    }
    return found;
  };
  const retail = cheapest('RETAIL');
  return [...cheapest(type).values()].map((offer) => {
    const atRetail = retail.get(offer.service.code)?.price;
    const dearer = atRetail !== undefined && compareMoney(atRetail, offer.price) >= 0;
    return { ...offer, retailPrice: dearer ? atRetail : undefined };
  });
}

function isForSale({ rates }: RateOption, { packaging }: Parcel): boolean {
  const indicators = packaging ? packagings[packaging]?.indicators : ownBox;
  return rates.every(
    (each) =>
      indicators?.includes(each.rateIndicator) &&
      (packaging || parcels.has(each.processingCategory)) &&
      each.destinationEntryFacilityType === 'NONE' &&
      !restricted.test(each.mailClass),
  );
}

/** Undefined where the class does not have what was asked on top. */
function fromRateOption(
  option: RateOption,
  priceType: PriceType,
  codes: readonly number[],
  packageValue: number | undefined,
): Offer | undefined {
  const first = option.rates[0]!;
  const extras = codes.map((code) =>
    option.extraServices?.find((each) => each.extraService === String(code)),
  );
  if (extras.includes(undefined)) return undefined;
  const fees = option.rates.flatMap((each) => each.fees ?? []).filter((fee) => fee.price !== 0);
  const services = extras.map((extra) => ({ name: plain(extra!.name), amount: money(extra!.price) }));
  return {
    carrier: 'USPS',
    service: {
      code: first.mailClass,
      name: names[first.mailClass] ?? plain(first.productName || first.description),
      providerCode: first.mailClass,
    },
    // `totalPrice` is not always there, and the base is without what was asked on top.
    price: sum(money(option.totalBasePrice), ...services.map((service) => service.amount)),
    charges: [
      ...option.rates.map((each) => ({ name: 'Postage', amount: money(each.price) })),
      ...fees.map((fee) => ({ name: plain(fee.name), amount: money(fee.price) })),
      ...services,
    ],
    priceType,
    ...fromCommitment(option.commitment),
    zone: first.zone ?? undefined,
    ticket: {
      mailClass: first.mailClass,
      processingCategory: first.processingCategory,
      rateIndicator: first.rateIndicator,
      extraServices: codes.length > 0 ? [...codes] : undefined,
      packageValue,
    } satisfies UspsTicket,
  };
}

/** "2 Days" (once "2-day"), MILITARY, DPO, NO STD and UNAVAILABLE are the names that a commitment has. */
function fromCommitment(commitment: RateOption['commitment']) {
  const days = /^(\d+)[- ]days?$/i.exec(commitment?.name ?? '')?.[1];
  return {
    estimatedDays: days === undefined ? undefined : Number(days),
    estimatedDeliveryDate: commitment?.expectedDeliveryDate || commitment?.scheduleDeliveryDate || undefined,
    guaranteed: commitment?.guaranteedDelivery ?? false,
  };
}

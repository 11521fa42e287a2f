import { z } from 'zod';

import { ProviderError } from '../../domain/errors.ts';
import { sidesIn, weightIn } from '../../domain/measure.ts';
import { compareMoney, money } from '../../domain/money.ts';
import type { Parcel } from '../../domain/parcel.ts';
import type { Offer, PriceType, Quote, RateRequest } from '../../domain/rate.ts';
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
});
export type UspsTicket = z.infer<typeof ticketSchema>;

/** The price type of an account without a contract. */
const priceType: PriceType = 'COMMERCIAL';

/** Rates with their commitments: one package a call, several price types in it. */
export const quote = (usps: Usps) => (requests: readonly RateRequest[], call: Call) =>
  fanOut(requests, (request) => quoteOne(usps, request, call));

async function quoteOne(usps: Usps, request: RateRequest, call: Call): Promise<Quote> {
  const json = toOptionsRequest(request);
  const answer = await usps.ask(
    options,
    { api: 'shipping-options', method: 'POST', path: '/shipments/v3/options/search', json, repeatable: true },
    call.signal,
    fields,
  );
  const offers = fromOptions(answer);
  if (offers.length === 0) {
    throw new ProviderError('REJECTED', `USPS has no ${priceType.toLowerCase()} price for this parcel`, {
      hint: 'Check weight, size and places: every service has limits.',
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

export function toOptionsRequest({ from, to, parcel, shipDate }: RateRequest) {
  if (from.country !== 'US' || to.country !== 'US') {
    throw new ProviderError('NOT_SUPPORTED', 'USPS is asked for domestic rates only so far', {
      field: from.country === 'US' ? ['to', 'country'] : ['from', 'country'],
    });
  }
  return {
    originZIPCode: splitZip(from.postalCode)[0],
    destinationZIPCode: splitZip(to.postalCode)[0],
    destinationEntryFacilityType: 'NONE',
    pricingOptions: [{ priceType }, { priceType: 'RETAIL' }],
    packageDescription: { ...toMeasures(parcel), mailClass: 'ALL_OUTBOUND', mailingDate: shipDate },
  };
}

/** Pounds and inches, rounded up: to the ten-thousandth of a pound, finer than any scale, and the hundredth inch. */
export function toMeasures(parcel: Parcel) {
  if (!parcel.dimensions) {
    throw new ProviderError('REJECTED', 'USPS prices by size and weight', {
      field: ['parcels', '0', 'dimensions'],
      hint: 'Give the dimensions of the parcel.',
    });
  }
  const weight = weightIn(parcel.weight, 'POUND', '0.0001');
  if (weight > 70) {
    throw new ProviderError('REJECTED', 'USPS takes parcels of up to 70 lb', {
      field: ['parcels', '0', 'weight'],
      hint: 'Send it in several parcels, or by another carrier.',
    });
  }
  const [length, width, height] = sidesIn(parcel.dimensions, 'INCH', '0.01');
  return { weight, length, width, height };
}

/**
 * Rate indicators of a box of the sender's own: single piece, Express single piece, dimensional, oversized, cubic.
 * Flat-rate packaging, soft packs and presorted trays are other things to hand over.
 */
const ownBox = new Set(['SP', 'PA', 'DR', 'DN', 'OS', 'CP']);
/** Letters and flats are no parcels, whatever they cost. */
const parcels = new Set(['MACHINABLE', 'NONSTANDARD', 'NON_MACHINABLE', 'IRREGULAR']);
/** Classes that only take certain contents (books, libraries' loans) or want entry at a USPS plant. */
const restricted = /^(MEDIA_MAIL|LIBRARY_MAIL|BOUND_PRINTED_MATTER|PARCEL_SELECT|USPS_CONNECT_)/;

const names: Record<string, string> = {
  USPS_GROUND_ADVANTAGE: 'USPS Ground Advantage',
  PRIORITY_MAIL: 'Priority Mail',
  PRIORITY_MAIL_EXPRESS: 'Priority Mail Express',
};

/** One offer a mail class: the cheapest way in which the parcel, as it is, can go. */
export function fromOptions(answer: Options): Offer[] {
  const cheapest = (type: string) => {
    const found = new Map<string, RateOption>();
    for (const pricing of answer.pricingOptions) {
      if ((pricing.priceType ?? type) !== type) continue;
      for (const { rateOptions } of pricing.shippingOptions ?? []) {
        for (const option of (rateOptions ?? []).filter(isForSale)) {
          const { mailClass } = option.rates[0]!;
          const known = found.get(mailClass);
          if (!known || option.totalBasePrice < known.totalBasePrice) found.set(mailClass, option);
        }
      }
    }
    return found;
  };
  const retail = cheapest('RETAIL');
  return [...cheapest(priceType).values()].map((option) => {
    const atRetail = retail.get(option.rates[0]!.mailClass)?.totalBasePrice;
    return fromRateOption(option, priceType, atRetail);
  });
}

function isForSale({ rates }: RateOption): boolean {
  return rates.every(
    (each) =>
      ownBox.has(each.rateIndicator) &&
      parcels.has(each.processingCategory) &&
      each.destinationEntryFacilityType === 'NONE' &&
      !restricted.test(each.mailClass),
  );
}

export function fromRateOption(option: RateOption, type: PriceType, retailPrice?: number): Offer {
  const { commitment, rates, totalBasePrice } = option;
  const first = rates[0]!;
  const fees = rates.flatMap((each) => each.fees ?? []).filter((fee) => fee.price !== 0);
  const price = money(totalBasePrice);
  const atRetail = retailPrice === undefined ? undefined : money(retailPrice);
  return {
    carrier: 'USPS',
    service: {
      code: first.mailClass,
      name: names[first.mailClass] ?? plain(first.productName || first.description),
      providerCode: first.mailClass,
    },
    price,
    charges: [
      ...rates.map((each) => ({ name: 'Postage', amount: money(each.price) })),
      ...fees.map((fee) => ({ name: plain(fee.name), amount: money(fee.price) })),
    ],
    retailPrice: atRetail && compareMoney(atRetail, price) >= 0 ? atRetail : undefined,
    priceType: type,
    ...fromCommitment(commitment),
    zone: first.zone ?? undefined,
    ticket: {
      mailClass: first.mailClass,
      processingCategory: first.processingCategory,
      rateIndicator: first.rateIndicator,
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

import { z } from 'zod';

import { ProviderError } from '../../domain/errors.ts';
import { sidesIn, weightIn } from '../../domain/measure.ts';
import { compareMoney, money, type Money } from '../../domain/money.ts';
import type { Offer, Quote, RateRequest } from '../../domain/rate.ts';
import type { Call } from '../carrier.ts';
import { fanOut } from '../fan-out.ts';
import { toAddress } from './addresses.ts';
import type { EasyPost } from './client.ts';
import { fromCarrier, fromService } from './words.ts';

const words = z.string().nullish();
export const rate = z.object({
  id: z.string(),
  service: z.string(),
  carrier: z.string(),
  rate: z.string(),
  currency: words,
  retail_rate: words,
  retail_currency: words,
  list_rate: words,
  list_currency: words,
  delivery_days: z.number().nullish(),
  delivery_date: words,
  delivery_date_guaranteed: z.boolean().nullish(),
});
type Rate = z.infer<typeof rate>;
const message = z.object({ carrier: words, type: words, message: z.unknown() });
export const quotedShipment = z.object({
  id: z.string(),
  rates: z.array(rate),
  messages: z.array(message).nullish(),
  usps_zone: z.number().nullish(),
});
type QuotedShipment = z.infer<typeof quotedShipment>;

/** The quoted shipment and its rate: what is bought is what was quoted. */
export const ticketSchema = z.object({ shipment: z.string(), rate: z.string() });
export type EasyPostTicket = z.infer<typeof ticketSchema>;

/** A shipment is made at EasyPost for each question; a carrier that could not rate says so beside the rates. */
export const quote = (easypost: EasyPost) => (requests: readonly RateRequest[], call: Call) =>
  fanOut(requests, async (request) =>
    fromShipment(await createShipment(easypost, toShipment(request), call)),
  );

/** A second shipment made by a repeated call costs nothing, and is never bought. */
export function createShipment(easypost: EasyPost, shipment: object, call: Call): Promise<QuotedShipment> {
  const request = { method: 'POST', path: '/shipments', json: { shipment }, repeatable: true } as const;
  return easypost.ask(quotedShipment, request, call.signal);
}

/** EasyPost's names of carriers' packaging. */
const packages: Record<string, string> = {
  FLAT_RATE_ENVELOPE: 'FlatRateEnvelope',
  LEGAL_FLAT_RATE_ENVELOPE: 'FlatRateLegalEnvelope',
  PADDED_FLAT_RATE_ENVELOPE: 'FlatRatePaddedEnvelope',
  SMALL_FLAT_RATE_BOX: 'SmallFlatRateBox',
  MEDIUM_FLAT_RATE_BOX: 'MediumFlatRateBox',
  LARGE_FLAT_RATE_BOX: 'LargeFlatRateBox',
};

export function toShipment({ from, to, parcel, shipDate, options }: RateRequest) {
  const { packaging, dimensions } = parcel;
  if (options?.insuredValue && options.insuredValue.currencyCode !== 'USD') {
    throw new ProviderError('REJECTED', 'EasyPost insures in US dollars', {
      field: ['options', 'insuredValue', 'currencyCode'],
    });
  }
  const confirmation = options?.adultSignature
    ? 'ADULT_SIGNATURE'
    : options?.signature
      ? 'SIGNATURE'
      : undefined;
  // Ounces and inches with one decimal, as EasyPost keeps them.
  const weight = weightIn(parcel.weight, 'OUNCE', '0.1');
  const [length, width, height] = dimensions && !packaging ? sidesIn(dimensions, 'INCH', '0.1') : [];
  return {
    from_address: toAddress(from),
    to_address: toAddress(to),
    parcel: {
      weight,
      length,
      width,
      height,
      predefined_package: packaging ? packages[packaging] : undefined,
    },
    // Only a label that was made as PNG can be had in other formats later.
    options: {
      label_format: 'PNG',
      label_date: `${shipDate}T12:00:00Z`,
      delivery_confirmation: confirmation,
    },
  };
}

export function fromShipment(shipment: QuotedShipment): Quote {
  const offers = new Map<string, Offer>();
  for (const each of shipment.rates) {
    const offer = fromRate(each, shipment);
    // Several carrier accounts sell one service: the cheapest is the offer.
    const key = `${offer.carrier} ${offer.service.code}`;
    const known = offers.get(key);
    if (!known || compareMoney(offer.price, known.price) < 0) offers.set(key, offer);
  }
  return { offers: [...offers.values()], failures: fromMessages(shipment.messages ?? []) };
}

function fromRate(each: Rate, { id, usps_zone }: QuotedShipment): Offer {
  const carrier = fromCarrier(each.carrier);
  const price = money(each.rate, each.currency ?? 'USD');
  // A price whose currency EasyPost leaves null is in the currency of its rate.
  const beside = (
    amount: string | null | undefined,
    currency: string | null | undefined,
  ): Money | undefined => (amount ? money(amount, currency ?? price.currencyCode) : undefined);
  return {
    carrier,
    service: fromService(carrier, each.service),
    price,
    charges: [{ name: 'Postage', amount: price }],
    listPrice: beside(each.list_rate, each.list_currency),
    retailPrice: beside(each.retail_rate, each.retail_currency),
    estimatedDays: each.delivery_days ?? undefined,
    estimatedDeliveryDate: each.delivery_date?.slice(0, 10),
    guaranteed: each.delivery_date_guaranteed ?? false,
    zone: carrier === 'USPS' && usps_zone != null ? String(usps_zone).padStart(2, '0') : undefined,
    ticket: { shipment: id, rate: each.id } satisfies EasyPostTicket,
  };
}

/** Each carrier's own word once, however many of its accounts said it. */
function fromMessages(messages: readonly z.infer<typeof message>[]): ProviderError[] {
  const said = new Map<string, ProviderError>();
  for (const each of messages) {
    const text = typeof each.message === 'string' ? each.message : JSON.stringify(each.message);
    const carrier = each.carrier ? fromCarrier(each.carrier) : 'A carrier';
    said.set(
      `${carrier} ${text}`,
      new ProviderError('REJECTED', `${carrier} could not rate this shipment: ${text}`, {
        hint: 'See what the carrier says; carrier accounts are set up in the EasyPost dashboard.',
        providerCode: each.type ?? undefined,
        providerMessage: text,
      }),
    );
  }
  return [...said.values()];
}

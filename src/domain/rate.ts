import { createHash } from 'node:crypto';

import { addressErrors, type Address } from './address.ts';
import { customsErrors, type Customs } from './customs.ts';
import type { ProviderError, UserError } from './errors.ts';
import { compareMoney, type Money } from './money.ts';
import { parcelErrors, type Parcel } from './parcel.ts';

/** What is to be shipped, as providers are asked about it. */
export interface RateRequest {
  readonly from: Address;
  readonly to: Address;
  /** One or more, which go together. */
  readonly parcels: readonly Parcel[];
  /** YYYY-MM-DD at the sender's place. */
  readonly shipDate: string;
  readonly customs?: Customs;
  readonly options?: ShipmentOptions;
  /** Only these are asked for, in our words; all when left out. A wish about the answer: no rate keeps it. */
  readonly carriers?: readonly string[];
}

/** What is asked for on top of carriage. */
export interface ShipmentOptions {
  readonly signature?: boolean | null;
  /** By somebody of 21 years or more. */
  readonly adultSignature?: boolean | null;
  readonly saturdayDelivery?: boolean | null;
  /** Of each parcel. */
  readonly insuredValue?: Money | null;
  /** The parcel goes back to a merchant: `from` is who returns it, and the label may cost nothing until it is used. */
  readonly isReturn?: boolean | null;
}

export type PriceType = 'RETAIL' | 'COMMERCIAL' | 'CONTRACT';

export interface ShippingService {
  /** The carrier's own product, the same whichever provider sells it: PRIORITY_MAIL. */
  readonly code: string;
  /** For people. */
  readonly name: string;
  /** The seller's word. */
  readonly providerCode?: string;
}

export interface ShippingCharge {
  readonly name: string;
  readonly amount: Money;
}

/** One service that can be bought as asked. */
export interface Offer {
  /** In our words. */
  readonly carrier: string;
  readonly service: ShippingService;
  readonly price: Money;
  readonly charges: readonly ShippingCharge[];
  readonly listPrice?: Money;
  readonly retailPrice?: Money;
  readonly priceType?: PriceType;
  readonly estimatedDays?: number;
  readonly estimatedDeliveryDate?: string;
  readonly guaranteed: boolean;
  readonly zone?: string;
  /** What the adapter needs to buy exactly this; nobody else reads it. */
  readonly providerRef: unknown;
}

/** Within how many days so many in a hundred parcels arrived. */
export interface TransitTimes {
  readonly percentile50?: number;
  readonly percentile75?: number;
  readonly percentile85?: number;
  readonly percentile90?: number;
  readonly percentile95?: number;
  readonly percentile97?: number;
  readonly percentile99?: number;
}

/** One account's answer: what it offers, and which of its carriers could not rate. */
export interface Quote {
  readonly offers: readonly Offer[];
  readonly failures: readonly ProviderError[];
}

/** Rate ids live this long. */
export const rateLifetimeMs = 24 * 60 * 60 * 1000;

/** The most parcels that one quote takes. */
const parcelLimit = 30;

/** Cheapest first; equal prices by the sooner arrival, then by name, so that the order is always the same. */
export function compareOffers(a: Offer, b: Offer): number {
  return (
    compareMoney(a.price, b.price) ||
    (a.estimatedDays ?? Infinity) - (b.estimatedDays ?? Infinity) ||
    (a.service.code < b.service.code ? -1 : 1)
  );
}

/** Tells the same offer in a new quote: by account, service and packaging. */
export function offerKey(
  accountId: string,
  offer: Pick<Offer, 'carrier' | 'service'>,
  packaging?: string,
): string {
  const { carrier, service } = offer;
  const content = JSON.stringify([accountId, carrier, service.code, service.providerCode, packaging ?? null]);
  return createHash('sha256').update(content).digest('base64url').slice(0, 22);
}

/** The packaging of the parcels, where all of them have the same. */
export function packagingOf(parcels: readonly Parcel[]): string | undefined {
  const [first, ...rest] = parcels.map((parcel) => parcel.packaging ?? undefined);
  return rest.every((each) => each === first) ? first : undefined;
}

/** Everything that is wrong with a question about rates. */
export function rateErrors(
  input: {
    from: Address;
    to: Address;
    parcels: readonly Parcel[];
    shipDate?: string | null;
    customs?: Customs | null;
    options?: ShipmentOptions | null;
  },
  today: string,
  path: readonly string[],
): readonly UserError[] {
  const errors = [
    ...addressErrors(input.from, 'quote', [...path, 'from']),
    ...addressErrors(input.to, 'quote', [...path, 'to']),
    ...input.parcels.flatMap((parcel, index) => parcelErrors(parcel, [...path, 'parcels', String(index)])),
  ];
  if (input.parcels.length === 0) {
    errors.push({ code: 'REQUIRED', field: [...path, 'parcels'], message: 'a quote needs a parcel' });
  } else if (input.parcels.length > parcelLimit) {
    const message = `a quote takes at most ${parcelLimit} parcels`;
    errors.push({ code: 'TOO_MANY', field: [...path, 'parcels'], message });
  }
  if (input.customs) errors.push(...customsErrors(input.customs, input.parcels, [...path, 'customs']));
  if (input.options?.insuredValue && !(Number(input.options.insuredValue.amount) > 0)) {
    const field = [...path, 'options', 'insuredValue', 'amount'];
    errors.push({ code: 'INVALID', field, message: 'must be more than zero' });
  }
  if (input.shipDate && input.shipDate < today) {
    const message = `is in the past; at the sender's place it is ${today}`;
    errors.push({ code: 'INVALID', field: [...path, 'shipDate'], message });
  }
  return errors;
}

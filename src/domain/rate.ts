import { hash } from 'node:crypto';

import { validateAddress, type Address } from './address.ts';
import { validateCustoms, type Customs } from './customs.ts';
import type { ProviderError, UserError } from './errors.ts';
import { compareMoney, type Money } from './money.ts';
import { validateParcel, type Parcel } from './parcel.ts';

/** A request for rates, as it is sent to every provider. */
export interface RateRequest {
  readonly from: Address;
  readonly to: Address;
  /** One or more parcels of one shipment. */
  readonly parcels: readonly Parcel[];
  /** YYYY-MM-DD in the sender's time zone. */
  readonly shipDate: string;
  readonly customs?: Customs;
  readonly options?: ShipmentOptions;
  /** Carriers to quote, by our names. Default: all. It filters the response and is not stored in rates. */
  readonly carriers?: readonly string[];
}

/** Extra services of a shipment. */
export interface ShipmentOptions {
  readonly signature?: boolean | null;
  /** Requires the signature of a person aged 21 or over. */
  readonly adultSignature?: boolean | null;
  readonly saturdayDelivery?: boolean | null;
  /** The value of each parcel. */
  readonly insuredValue?: Money | null;
  /** The parcel is returned to a merchant: `from` is the customer, and the label may be charged only when it is used. */
  readonly isReturn?: boolean | null;
}

export type PriceType = 'RETAIL' | 'COMMERCIAL' | 'CONTRACT';

export interface ShippingService {
  /** The carrier's product, the same for every provider: PRIORITY_MAIL. */
  readonly code: string;
  /** The name to display. */
  readonly name: string;
  /** The provider's own code. */
  readonly providerCode?: string;
}

export interface ShippingCharge {
  readonly name: string;
  readonly amount: Money;
}

/** One service that can be purchased as requested. */
export interface Offer {
  /** Our name of the carrier. */
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
  /** True for a price that is estimated from answers to other requests. It is priced again before it is purchased. */
  readonly estimated?: boolean;
  /** Paths into the request that a label of this service needs beyond those that every label needs: "to.phone". */
  readonly requires?: readonly string[];
  /** The adapter's own data for purchasing this offer. */
  readonly providerRef: unknown;
}

/** The number of days within which a percentage of parcels arrived. */
export interface TransitTimes {
  readonly percentile50?: number;
  readonly percentile75?: number;
  readonly percentile85?: number;
  readonly percentile90?: number;
  readonly percentile95?: number;
  readonly percentile97?: number;
  readonly percentile99?: number;
}

/** One account's offers, and the failures of its carriers that could not rate. */
export interface Quote {
  readonly offers: readonly Offer[];
  readonly failures: readonly ProviderError[];
  /** The day since which the newest of the prices applies, YYYY-MM-DD, where the provider tells it. */
  readonly pricesSince?: string;
}

/** A rate id expires 24 hours after the rate was priced. */
export const rateLifetimeMs = 24 * 60 * 60 * 1000;

/** Returns when a rate was priced, by when it expires; both in epoch milliseconds. */
export const quotedAt = (expiresAt: number) => expiresAt - rateLifetimeMs;

/** The most parcels of one quote. */
const maxParcels = 30;

/** Orders offers by currency, then by price, then by estimated days, then by service code, so that the order is stable. */
export function compareOffers(a: Offer, b: Offer): number {
  return (
    compareMoney(a.price, b.price) ||
    (a.estimatedDays ?? Infinity) - (b.estimatedDays ?? Infinity) ||
    (a.service.code < b.service.code ? -1 : 1)
  );
}

/**
 * Identifies the same offer in another quote: by account, carrier, service, packaging and currency. US dollars are left
 * out, so that keys from before there were several currencies stay the same.
 */
export function offerKey(
  accountId: string,
  { carrier, service, price }: Pick<Offer, 'carrier' | 'service' | 'price'>,
  packaging?: string,
): string {
  const currency = price.currencyCode === 'USD' ? [] : [price.currencyCode];
  const content = JSON.stringify([
    accountId,
    carrier,
    service.code,
    service.providerCode,
    packaging ?? null,
    ...currency,
  ]);
  return hash('sha256', content, 'base64url').slice(0, 22);
}

/** Returns the packaging of the parcels; undefined where they differ. */
export function packagingOf(parcels: readonly Parcel[]): string | undefined {
  const [first, ...rest] = parcels.map((parcel) => parcel.packaging ?? undefined);
  return rest.every((packaging) => packaging === first) ? first : undefined;
}

/** Validates a request for rates and returns every error found. */
export function validateRateRequest(
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
    ...validateAddress(input.from, 'quote', [...path, 'from']),
    ...validateAddress(input.to, 'quote', [...path, 'to']),
    ...input.parcels.flatMap((parcel, index) => validateParcel(parcel, [...path, 'parcels', String(index)])),
  ];
  if (input.parcels.length === 0) {
    errors.push({ code: 'REQUIRED', field: [...path, 'parcels'], message: 'a quote needs a parcel' });
  } else if (input.parcels.length > maxParcels) {
    const message = `a quote takes at most ${maxParcels} parcels`;
    errors.push({ code: 'TOO_MANY', field: [...path, 'parcels'], message });
  }
  if (input.customs) errors.push(...validateCustoms(input.customs, input.parcels, [...path, 'customs']));
  if (input.options?.insuredValue && !(Number(input.options.insuredValue.amount) > 0)) {
    const field = [...path, 'options', 'insuredValue', 'amount'];
    errors.push({ code: 'INVALID', field, message: 'must be more than zero' });
  }
  if (input.shipDate && input.shipDate < today) {
    const message = `is in the past; today is ${today} at the sender's address`;
    errors.push({ code: 'INVALID', field: [...path, 'shipDate'], message });
  }
  return errors;
}

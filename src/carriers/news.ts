import type { Address } from '../domain/address.ts';
import type { Parcel } from '../domain/parcel.ts';
import type { ShippingService } from '../domain/rate.ts';
import type { Refund, SoldParcel } from '../domain/shipment.ts';
import type { ParcelNumber, Tracking } from '../domain/tracking.ts';
import type { Call, Prepared } from './carrier.ts';

/** A parcel's state that a provider told without being asked for that parcel. */
export interface HeardTracking {
  readonly parcel: ParcelNumber;
  readonly tracking: Tracking;
  /** The label that the provider sold for it, where it did. */
  readonly label?: LabelName;
}

/** What names a label that stands at a provider. */
export interface LabelName {
  /** `HeardShipment.reference`. */
  readonly reference: string;
  /** As the provider writes it. */
  readonly trackingNumber: string;
}

/** What somebody sent to our door in a provider's name, byte by byte as it came. */
export interface Delivery {
  readonly method: string;
  /** Of our public address, as the provider was told it. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** What a delivery tells; nothing where it is about something that we do not keep. */
export interface News {
  /** The provider's word for it, for the log. */
  readonly about: string;
  /** When it was so, epoch milliseconds. */
  readonly at: number;
  readonly trackings: readonly HeardTracking[];
  /** Tracking numbers of labels whose refund was decided; the provider is asked how. */
  readonly refunds: readonly string[];
}

/** A delivery that does not come from the provider, or came too late to be believed. */
export class NotGenuine extends Error {
  override readonly name = 'NotGenuine';
}

/** News that a provider brings by itself: there where the account has a secret to tell it from forgeries. */
export interface WebhookDesk {
  /** Throws `NotGenuine`; a `ProviderError` where it is genuine and can't be read. */
  read(delivery: Delivery, now: number): News;
  /** Has news sent to this address, with the account's secret; harmless when repeated. */
  register(url: string, call: Call): Promise<'registered' | 'renewed'>;
  list(call: Call): Promise<readonly Webhook[]>;
  /** Has no more news sent there; answers how many registrations that ended. */
  remove(url: string, call: Call): Promise<number>;
}

/** An address that a provider sends news to. */
export interface Webhook {
  /** Without user, password and query, which may be secrets of others. */
  readonly url: string;
  /** False where the provider has given up on it. */
  readonly active: boolean;
}

/** A time between two moments, epoch milliseconds. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A label that stands at a provider, whoever bought it: one parcel, in our words. */
export interface HeardShipment {
  /** The provider's own name of it, which never names another. */
  readonly reference: string;
  /** What its buyer calls it. */
  readonly buyerReference?: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly carrier: string;
  readonly service: ShippingService;
  readonly from: Address;
  readonly to: Address;
  readonly parcel: Parcel;
  readonly isReturn: boolean;
  /** YYYY-MM-DD at the sender's place. */
  readonly shipDate: string;
  /** What the label desk needs of it from now on, as if it had been bought through that. */
  readonly prepared: Prepared;
  readonly sold: SoldParcel;
  /** Where the label was given back. */
  readonly refund?: Refund & {
    /** RFC 3339. */
    readonly requestedAt: string;
  };
}

/** A page of what is followed at a provider. */
export interface FollowedPage {
  readonly trackings: readonly HeardTracking[];
  /** Labels that were bought there, of shipments that were made in that time. */
  readonly shipments: readonly HeardShipment[];
  /** How many more there were that can't be tracked, or not be read. */
  readonly skipped: number;
  /** Where the next page begins; undefined at the end. JSON text that only the adapter reads. */
  readonly next?: string;
  /** How much of the span is behind us, from 0 to 1. */
  readonly share: number;
}

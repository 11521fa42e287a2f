import type { Address } from '../domain/address.ts';
import type { Parcel } from '../domain/parcel.ts';
import type { ShippingService } from '../domain/rate.ts';
import type { Refund, PurchasedLabel } from '../domain/shipment.ts';
import type { ParcelNumber, Tracking } from '../domain/tracking.ts';
import type { CallOptions, PreparedRequest } from './adapter.ts';

/** A parcel's state that a provider told without being asked for that parcel. */
export interface TrackingUpdate {
  readonly parcel: ParcelNumber;
  readonly tracking: Tracking;
  /** The label that the provider sold for it, where it did. */
  readonly label?: ExternalLabel;
}

/** What names a label that stands at a provider. */
export interface ExternalLabel {
  /** `HeardShipment.reference`. */
  readonly reference: string;
  /** As the provider writes it. */
  readonly trackingNumber: string;
}

/** What somebody sent to our door in a provider's name, byte by byte as it came. */
export interface WebhookRequest {
  readonly method: string;
  /** Of our public address, as the provider was told it. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** What a delivery tells; nothing where it is about something that we do not keep. */
export interface WebhookEvent {
  /** The provider's word for it, for the log. */
  readonly type: string;
  /** When it was so, epoch milliseconds. */
  readonly at: number;
  readonly trackings: readonly TrackingUpdate[];
  /** Tracking numbers of labels whose refund was decided; the provider is asked how. */
  readonly refunds: readonly string[];
}

/** A delivery that does not come from the provider, or came too late to be believed. */
export class InvalidSignature extends Error {
  override readonly name = 'InvalidSignature';
}

/** News that a provider brings by itself: there where the account has a secret to tell it from forgeries. */
export interface WebhookApi {
  /** Throws `InvalidSignature`; a `ProviderError` where it is genuine and can't be read. */
  read(delivery: WebhookRequest, now: number): WebhookEvent;
  /** Has news sent to this address, with the account's secret; harmless when repeated. */
  register(url: string, call: CallOptions): Promise<'registered' | 'renewed'>;
  list(call: CallOptions): Promise<readonly RegisteredWebhook[]>;
  /** Has no more news sent there; answers how many registrations that ended. */
  remove(url: string, call: CallOptions): Promise<number>;
}

/** An address that a provider sends news to. */
export interface RegisteredWebhook {
  /** Without user, password and query, which may be secrets of others. */
  readonly url: string;
  /** False where the provider has given up on it. */
  readonly active: boolean;
}

/** A time between two moments, epoch milliseconds. */
export interface Period {
  readonly from: number;
  readonly to: number;
}

/** A label that stands at a provider, whoever bought it: one parcel, in our words. */
export interface ExternalShipment {
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
  readonly prepared: PreparedRequest;
  readonly purchased: PurchasedLabel;
  /** Where the label was given back. */
  readonly refund?: Refund & {
    /** RFC 3339. */
    readonly requestedAt: string;
  };
}

/** A page of what is followed at a provider. */
export interface ExternalPage {
  readonly trackings: readonly TrackingUpdate[];
  /** Labels that were bought there, of shipments that were made in that time. */
  readonly shipments: readonly ExternalShipment[];
  /** How many more there were that can't be tracked, or not be read. */
  readonly skipped: number;
  /** Where the next page begins; undefined at the end. JSON text that only the adapter reads. */
  readonly next?: string;
  /** How much of the span is behind us, from 0 to 1. */
  readonly share: number;
}

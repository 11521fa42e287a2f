import type { ExternalLabel } from '../domain/external-shipment.ts';
import type { ParcelNumber, Tracking } from '../domain/tracking.ts';
import type { CallOptions } from './call-options.ts';

/** Webhooks of an account that has a webhook secret. */
export interface WebhookApi {
  /**
   * Reads a delivery. Throws `InvalidSignature` where it does not come from the provider, and a `ProviderError` where
   * it does and can't be read.
   *
   * @param now epoch milliseconds
   */
  read(delivery: WebhookRequest, now: number): WebhookEvent;
  /** Registers a URL with the account's secret, or renews its registration. Safe to repeat. */
  register(url: string, call: CallOptions): Promise<'registered' | 'renewed'>;
  /** Lists the URLs that are registered at the provider, those of other systems included. */
  list(call: CallOptions): Promise<readonly RegisteredWebhook[]>;
  /** Removes every registration of a URL and returns how many there were. */
  remove(url: string, call: CallOptions): Promise<number>;
}

/** An HTTP request to a webhook URL, byte by byte as it was received. */
export interface WebhookRequest {
  readonly method: string;
  /** The path of the registered URL. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** A delivery in our words. Its lists are empty where it is about something that we do not store. */
export interface WebhookEvent {
  /** The provider's word for the event, for the log. */
  readonly type: string;
  /** When it happened, epoch milliseconds. */
  readonly at: number;
  readonly trackings: readonly TrackingUpdate[];
  /** Tracking numbers of labels whose refund was decided. `LabelApi.refund` returns the decision. */
  readonly refunds: readonly string[];
}

/** Thrown for a delivery that is not signed by the provider, or was signed too long ago. */
export class InvalidSignature extends Error {
  override readonly name = 'InvalidSignature';
}

/** A registration of a webhook URL. */
export interface RegisteredWebhook {
  /** Without user, password and query, which may hold secrets of other systems. */
  readonly url: string;
  /** False where the provider has disabled it. */
  readonly active: boolean;
}

/** The state of a parcel, sent or listed by the provider without a request for that parcel. */
export interface TrackingUpdate {
  readonly parcel: ParcelNumber;
  readonly tracking: Tracking;
  /** The parcel's label, where the provider sold it. */
  readonly label?: ExternalLabel;
}

import type { ExternalLabel } from '../domain/external-shipment.ts';
import type { ParcelNumber, Tracking } from '../domain/tracking.ts';
import type { CallOptions } from './call-options.ts';

/** Webhooks of an account that has a webhook secret. */
export interface WebhookApi {
  /**
   * Verifies that a request comes from the provider, over the bytes as received. Throws `InvalidSignature` where it does not.
   * Returns the response to a request that only asks whether somebody listens, which is stored nowhere.
   *
   * @param now epoch milliseconds
   */
  verify(request: WebhookRequest, now: number): { readonly answer: object } | void;
  /**
   * Reads the body of a verified request. Throws a `ProviderError` where it can't be read.
   *
   * @param receivedAt epoch milliseconds
   */
  parse(body: Buffer, receivedAt: number): WebhookEvent;
  /** The registrations at the provider. Left out where they are made elsewhere. */
  readonly registration?: WebhookRegistration;
}

export interface WebhookRegistration {
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

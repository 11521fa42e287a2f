import type { z } from 'zod';

import type { Address, Verification } from '../domain/address.ts';
import type { Clock } from '../domain/clock.ts';
import type { Outcome } from '../domain/errors.ts';
import type { CreatedManifest, PickupDetails, ShippableParcel, ScheduledPickup } from '../domain/handover.ts';
import type { DropOffLocation } from '../domain/location.ts';
import type { MailJob, MailJobPage, MailJobRequest } from '../domain/mail.ts';
import type { Money } from '../domain/money.ts';
import type { Offer, Quote, RateRequest, TransitTimes } from '../domain/rate.ts';
import type { LabelFormat, Refund, PurchasedLabel } from '../domain/shipment.ts';
import type { ParcelNumber, Tracking } from '../domain/tracking.ts';
import type { Send } from '../transport/http.ts';
import type { Quota, QuotaLimits, QuotaStore } from '../transport/quota.ts';
import type { TokenStore } from '../transport/bearer-token.ts';
import type { ExternalPage, ExternalShipment, Period, WebhookApi } from './webhooks.ts';

/**
 * What a provider can do for one account. A missing method is a missing ability. Reads take many and return as many,
 * in order, a failure in its own slot; how many calls that takes is the adapter's business. No signature mentions a
 * secret: credentials are bound before a carrier exists.
 */
export interface ProviderAdapter {
  verify?(addresses: readonly Address[], call: CallOptions): Promise<readonly Outcome<Verification>[]>;
  quote?(requests: readonly RateRequest[], call: CallOptions): Promise<readonly Outcome<Quote>[]>;
  /** How many days parcels like those of an offer took, by `Offer.ticket`; undefined where the provider does not say. */
  transitTimes?(
    tickets: readonly unknown[],
    call: CallOptions,
  ): Promise<readonly Outcome<TransitTimes | undefined>[]>;
  track?(questions: readonly TrackingRequest[], call: CallOptions): Promise<readonly Outcome<Tracking>[]>;
  labels?: LabelApi;
  pickups?: PickupApi;
  manifests?: ManifestApi;
  mail?: MailApi;
  /** News that the provider brings by itself. */
  webhooks?: WebhookApi;
  /** What the account began to follow, and bought, at its provider in that time, whoever did; from `FollowedPage.next` on. */
  listExternal?(span: Period, next: string | undefined, call: CallOptions): Promise<ExternalPage>;
  /** Labels that `HeardTracking.label` names, in order; undefined where one can't be read. */
  externalShipments?(
    references: readonly string[],
    call: CallOptions,
  ): Promise<readonly Outcome<ExternalShipment | undefined>[]>;
  /** Where a parcel can be handed over, the nearest first. */
  locations?(postalCode: string, radiusMiles: number, call: CallOptions): Promise<readonly DropOffLocation[]>;
  /** What is left of what the provider allows, an entry for each API product it counts; none where it does not count. */
  quotas?(): Promise<readonly Quota[]>;
  /** What is right and wrong with the account at its provider, told in the order checked and with the fewest calls. */
  diagnose?(call: CallOptions): Promise<readonly Diagnostic[]>;
}

/** What one check of an account found. Neither sentence holds a secret. */
export interface Diagnostic {
  /** Our word for what was looked at: "token", "scopes". */
  readonly check: string;
  /** `skipped` where it could not be looked at, or an earlier finding answers it. */
  readonly status: 'ok' | 'warning' | 'failed' | 'skipped';
  readonly message: string;
  /** The next step that mends it. */
  readonly hint?: string;
}

/** What every call carries. */
export interface CallOptions {
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

export interface TrackingRequest extends ParcelNumber {
  /** `Tracking.reference` of the last answer, where there was one. */
  readonly reference?: string;
  /** Asked because it is due rather than because somebody waits for it. */
  readonly watched?: boolean;
}

/** Buying in steps that a crash may come between. */
export interface LabelApi {
  /**
   * Turns an order into exactly what will be sent, and buys nothing: one for each parcel in its order, the very same
   * one for parcels that are bought together. Throws a `ProviderError` where the order can't be filled, PRICE_CHANGED
   * among them. What it returns is JSON: it lies in the ledger before `buy` is called.
   */
  prepare(order: LabelRequest, call: CallOptions): Promise<readonly PreparedRequest[]>;
  /**
   * Buys it: as many as are bought together. A `ProviderError` that is `refused` means that nothing was bought; any
   * other failure means that we do not know.
   */
  buy(prepared: PreparedRequest, call: CallOptions): Promise<readonly PurchasedLabel[]>;
  /** After a lost answer: what was bought, or undefined where certainly nothing was. Buys nothing a second time. */
  reconcile(prepared: PreparedRequest, call: CallOptions): Promise<readonly PurchasedLabel[] | undefined>;
  /**
   * Takes a label back, or asks for its refund; asking twice does no more than once. A `ProviderError` means that the
   * provider refuses, or that we do not know.
   */
  void?(sold: LabelReference, call: CallOptions): Promise<Refund>;
  /** As `void`, of what was bought by an attempt whose answer never came, where the provider knows it by that name. */
  cancelAttempt?(prepared: PreparedRequest, call: CallOptions): Promise<Refund>;
  /** How a refund stands that was asked for, where the provider tells. */
  refund?(sold: LabelReference, call: CallOptions): Promise<Refund>;
  /** Fetches a label that the provider keeps at a `source` of its own. */
  fetchDocument?(source: string, call: CallOptions): Promise<Uint8Array>;
  /** The `source` of a label of which nothing but its number is known, where the provider keeps it. */
  labelSource?(sold: LabelReference, format: LabelFormat): string | undefined;
  /** What of a request names nobody and suffices for `void` and `refund`; nothing when left out. */
  redact?(request: unknown): unknown;
}

/** Something else that must happen once, in the same steps. */
export interface OperationApi<Order, Done> {
  prepare(order: Order, call: CallOptions): Promise<PreparedRequest>;
  /** A `ProviderError` that is `refused` means that nothing happened; any other, that we do not know. */
  perform(prepared: PreparedRequest, call: CallOptions): Promise<Done>;
  /** After a lost answer, as `LabelDesk.recall`. Missing where the provider can't be asked: it stays uncertain then. */
  reconcile?(prepared: PreparedRequest, call: CallOptions): Promise<Done | undefined>;
}

export interface PickupApi extends OperationApi<PickupRequest, ScheduledPickup> {
  /** Cancels it; harmless when repeated. */
  cancel(scheduled: ScheduledPickup, call: CallOptions): Promise<void>;
}

export interface PickupRequest extends PickupDetails {
  readonly parcels: readonly LabelledParcel[];
}

export interface ManifestApi extends OperationApi<ManifestRequest, CreatedManifest> {
  /** How a manifest stands that its provider was still making, where it tells. */
  refresh?(created: CreatedManifest, call: CallOptions): Promise<CreatedManifest>;
  /** Fetches a form that the provider keeps at a `source` of its own. */
  fetchDocument?(source: string, call: CallOptions): Promise<Uint8Array>;
}

export interface ManifestRequest {
  readonly parcels: readonly LabelledParcel[];
}

/** A parcel that is ready for its carrier, and what names its label at the provider. */
export interface LabelledParcel extends ShippableParcel {
  readonly label: LabelReference;
}

/** Documents that go out as mail. */
export interface MailApi extends OperationApi<MailJobRequest, MailJob> {
  /** Ascending by start, after the job of that id. */
  jobs(page: { readonly first: number; readonly after?: string }, call: CallOptions): Promise<MailJobPage>;
  job(id: string, call: CallOptions): Promise<MailJob>;
  /** Whether `MailJob.uploadUrl` leads to where the account has its documents put. Elsewhere none goes, whoever says so. */
  mayUpload(url: string): boolean;
}

/** What names a label at its provider. */
export interface LabelReference {
  readonly trackingNumber: string;
  readonly prepared: PreparedRequest;
  /** `SoldParcel.reference`. */
  readonly reference?: string;
}

export interface LabelRequest {
  readonly request: RateRequest;
  readonly offer: Offer;
  /** The quoted addresses with the people added. */
  readonly from: Address;
  readonly to: Address;
  readonly format: LabelFormat;
  readonly reference?: string;
  /** When the offer was made, epoch milliseconds. */
  readonly quotedAt: number;
  /** The most that it may cost now: the quoted price, or more where the buyer allows it. */
  readonly maxPrice: Money;
}

/** Exactly what will be sent, as it lies in the ledger. */
export interface PreparedRequest {
  /** A random UUID, this attempt's name at providers that know idempotency keys. */
  readonly attemptId: string;
  readonly request: unknown;
}

export type Environment = 'SANDBOX' | 'TEST' | 'PRODUCTION';

/** The words in which providers tell what an account can do. */
export type Operation =
  | 'VERIFY_ADDRESS'
  | 'QUOTE_RATES'
  | 'PURCHASE_LABEL'
  | 'VOID_LABEL'
  | 'TRACK'
  | 'SCHEDULE_PICKUP'
  | 'CREATE_MANIFEST'
  | 'FIND_LOCATIONS'
  | 'SEND_MAIL';

/** What an account can do, derived from the methods that its carrier has. */
export function supportedOperations(carrier: ProviderAdapter): Operation[] {
  const operations: [Operation, unknown][] = [
    ['VERIFY_ADDRESS', carrier.verify],
    ['QUOTE_RATES', carrier.quote],
    ['PURCHASE_LABEL', carrier.labels],
    ['VOID_LABEL', carrier.labels?.void],
    ['TRACK', carrier.track],
    ['SCHEDULE_PICKUP', carrier.pickups],
    ['CREATE_MANIFEST', carrier.manifests],
    ['FIND_LOCATIONS', carrier.locations],
    ['SEND_MAIL', carrier.mail],
  ];
  return operations.filter(([, method]) => method !== undefined).map(([operation]) => operation);
}

/** What the house gives an adapter to work with. */
export interface AdapterDependencies {
  /** Sends over the account's own connections; layers go on top. */
  readonly send: Send;
  readonly tokens: TokenStore;
  readonly quotas: QuotaStore;
  readonly clock: Clock;
  /** Tells whoever runs this what will soon go wrong with the account. */
  readonly warn?: (message: string) => void;
}

/** One tenant's account as its provider's factory sees it; the only place where a secret is in sight. */
export interface AccountSettings<Credentials, Options> {
  /** Names the account's long-lived state: tenant, base URL and a fingerprint of the credential, never the secret. */
  readonly key: string;
  /** Names what the provider counts calls by: its base URL and our client there, whatever the tenant. */
  readonly clientKey: string;
  readonly environment: Environment;
  readonly baseUrl: string;
  readonly credentials: Credentials;
  readonly options: Options;
  readonly quota: QuotaLimits;
}

/** A provider as the registry lists it: what an account needs, where it is, what is special, and how to open it. */
export interface Provider<Credentials = unknown, Options = unknown> {
  /** Our word, and the account's default alias: "usps". */
  readonly id: string;
  readonly name: string;
  readonly credentials: z.ZodType<Credentials>;
  /** Further settings of an account, beside its credentials. */
  readonly options: z.ZodObject;
  readonly hosts: {
    readonly TEST?: string;
    readonly PRODUCTION?: string;
    /** Hosts that no longer answer, with what took their place. */
    readonly retired?: Readonly<Record<string, string>>;
  };
  /** Its words for our environments. */
  readonly environments?: Readonly<Record<string, Environment>>;
  /** Credentials that are handed on as the `{ file }` that was named, since the provider reads it again as it changes. */
  readonly files?: readonly string[];
  /** What the provider knows us by and counts our calls under. */
  clientId(credentials: Credentials): string;
  /** The environment that a credential betrays by its form, if it does. */
  environmentOf?(credentials: Credentials): Environment | undefined;
  /** Environment variables of the single tenant, and the path of the setting each one fills. */
  readonly variables: Readonly<Record<string, string>>;
  /** Whom it sells labels of, in our words; any carrier when left out. */
  readonly carriers?: readonly string[];
  /** Countries whose addresses it verifies; every country when left out. */
  readonly verifiesCountries?: readonly string[];
  /** How near it is to a parcel: carries it itself, knows those who do, or can't know it. */
  tracks?(parcel: ParcelNumber): 'directly' | 'through' | undefined;
  createAdapter(account: AccountSettings<Credentials, Options>, wire: AdapterDependencies): ProviderAdapter;
}

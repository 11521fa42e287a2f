import type { z } from 'zod';

import type { Address, Verification } from '../domain/address.ts';
import type { Clock } from '../domain/clock.ts';
import type { Outcome } from '../domain/errors.ts';
import type { CreatedManifest, PickupWishes, ReadyParcel, ScheduledPickup } from '../domain/handover.ts';
import type { DropOffLocation } from '../domain/location.ts';
import type { MailJob, MailJobPage, MailOrder } from '../domain/mail.ts';
import type { Money } from '../domain/money.ts';
import type { Offer, Quote, RateRequest, TransitTimes } from '../domain/rate.ts';
import type { LabelFormat, Refund, SoldParcel } from '../domain/shipment.ts';
import type { ParcelNumber, Tracking } from '../domain/tracking.ts';
import type { Send } from '../transport/http.ts';
import type { Quota, QuotaLimits, QuotaStore } from '../transport/quota.ts';
import type { TokenStore } from '../transport/bearer.ts';
import type { FollowedPage, HeardShipment, Span, WebhookDesk } from './news.ts';

/**
 * What a provider can do for one account. A missing method is a missing ability. Reads take many and return as many,
 * in order, a failure in its own slot; how many calls that takes is the adapter's business. No signature mentions a
 * secret: credentials are bound before a carrier exists.
 */
export interface Carrier {
  verify?(addresses: readonly Address[], call: Call): Promise<readonly Outcome<Verification>[]>;
  quote?(requests: readonly RateRequest[], call: Call): Promise<readonly Outcome<Quote>[]>;
  /** How many days parcels like those of an offer took, by `Offer.ticket`; undefined where the provider does not say. */
  transit?(tickets: readonly unknown[], call: Call): Promise<readonly Outcome<TransitTimes | undefined>[]>;
  track?(questions: readonly TrackQuestion[], call: Call): Promise<readonly Outcome<Tracking>[]>;
  labels?: LabelDesk;
  pickups?: PickupDesk;
  manifests?: ManifestDesk;
  mail?: MailDesk;
  /** News that the provider brings by itself. */
  webhooks?: WebhookDesk;
  /** What the account began to follow, and bought, at its provider in that time, whoever did; from `FollowedPage.next` on. */
  followed?(span: Span, next: string | undefined, call: Call): Promise<FollowedPage>;
  /** Labels that `HeardTracking.label` names, in order; undefined where one can't be read. */
  heard?(references: readonly string[], call: Call): Promise<readonly Outcome<HeardShipment | undefined>[]>;
  /** Where a parcel can be handed over, the nearest first. */
  locations?(postalCode: string, radiusMiles: number, call: Call): Promise<readonly DropOffLocation[]>;
  /** What is left of what the provider allows, an entry for each API product it counts; none where it does not count. */
  quotas?(): Promise<readonly Quota[]>;
  /** What is right and wrong with the account at its provider, told in the order checked and with the fewest calls. */
  checkup?(call: Call): Promise<readonly Finding[]>;
}

/** What one check of an account found. Neither sentence holds a secret. */
export interface Finding {
  /** Our word for what was looked at: "token", "scopes". */
  readonly check: string;
  /** `skipped` where it could not be looked at, or an earlier finding answers it. */
  readonly status: 'ok' | 'warning' | 'failed' | 'skipped';
  readonly message: string;
  /** The next step that mends it. */
  readonly hint?: string;
}

/** What every call carries. */
export interface Call {
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

export interface TrackQuestion extends ParcelNumber {
  /** `Tracking.reference` of the last answer, where there was one. */
  readonly reference?: string;
  /** Asked because it is due rather than because somebody waits for it. */
  readonly watched?: boolean;
}

/** Buying in steps that a crash may come between. */
export interface LabelDesk {
  /**
   * Turns an order into exactly what will be sent, and buys nothing: one for each parcel in its order, the very same
   * one for parcels that are bought together. Throws a `ProviderError` where the order can't be filled, PRICE_CHANGED
   * among them. What it returns is JSON: it lies in the ledger before `buy` is called.
   */
  prepare(order: LabelOrder, call: Call): Promise<readonly Prepared[]>;
  /**
   * Buys it: as many as are bought together. A `ProviderError` that is `refused` means that nothing was bought; any
   * other failure means that we do not know.
   */
  buy(prepared: Prepared, call: Call): Promise<readonly SoldParcel[]>;
  /** After a lost answer: what was bought, or undefined where certainly nothing was. Buys nothing a second time. */
  recall(prepared: Prepared, call: Call): Promise<readonly SoldParcel[] | undefined>;
  /**
   * Takes a label back, or asks for its refund; asking twice does no more than once. A `ProviderError` means that the
   * provider refuses, or that we do not know.
   */
  void?(sold: SoldLabel, call: Call): Promise<Refund>;
  /** As `void`, of what was bought by an attempt whose answer never came, where the provider knows it by that name. */
  cancelAttempt?(prepared: Prepared, call: Call): Promise<Refund>;
  /** How a refund stands that was asked for, where the provider tells. */
  refund?(sold: SoldLabel, call: Call): Promise<Refund>;
  /** Fetches a label that the provider keeps at a `source` of its own. */
  document?(source: string, call: Call): Promise<Uint8Array>;
  /** The `source` of a label of which nothing but its number is known, where the provider keeps it. */
  sourceOf?(sold: SoldLabel, format: LabelFormat): string | undefined;
  /** What of a request names nobody and suffices for `void` and `refund`; nothing when left out. */
  withoutPeople?(request: unknown): unknown;
}

/** Something else that must happen once, in the same steps. */
export interface Errand<Order, Done> {
  prepare(order: Order, call: Call): Promise<Prepared>;
  /** A `ProviderError` that is `refused` means that nothing happened; any other, that we do not know. */
  perform(prepared: Prepared, call: Call): Promise<Done>;
  /** After a lost answer, as `LabelDesk.recall`. Missing where the provider can't be asked: it stays uncertain then. */
  recall?(prepared: Prepared, call: Call): Promise<Done | undefined>;
}

export interface PickupDesk extends Errand<PickupOrder, ScheduledPickup> {
  /** Cancels it; harmless when repeated. */
  cancel(scheduled: ScheduledPickup, call: Call): Promise<void>;
}

export interface PickupOrder extends PickupWishes {
  readonly parcels: readonly LabelledParcel[];
}

export interface ManifestDesk extends Errand<ManifestOrder, CreatedManifest> {
  /** How a manifest stands that its provider was still making, where it tells. */
  follow?(created: CreatedManifest, call: Call): Promise<CreatedManifest>;
  /** Fetches a form that the provider keeps at a `source` of its own. */
  document?(source: string, call: Call): Promise<Uint8Array>;
}

export interface ManifestOrder {
  readonly parcels: readonly LabelledParcel[];
}

/** A parcel that is ready for its carrier, and what names its label at the provider. */
export interface LabelledParcel extends ReadyParcel {
  readonly label: SoldLabel;
}

/** Documents that go out as mail. */
export interface MailDesk extends Errand<MailOrder, MailJob> {
  /** Ascending by start, after the job of that id. */
  jobs(page: { readonly first: number; readonly after?: string }, call: Call): Promise<MailJobPage>;
  job(id: string, call: Call): Promise<MailJob>;
  /** Whether `MailJob.uploadUrl` leads to where the account has its documents put. Elsewhere none goes, whoever says so. */
  mayUpload(url: string): boolean;
}

/** What names a label at its provider. */
export interface SoldLabel {
  readonly trackingNumber: string;
  readonly prepared: Prepared;
  /** `SoldParcel.reference`. */
  readonly reference?: string;
}

export interface LabelOrder {
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
  readonly limit: Money;
}

/** Exactly what will be sent, as it lies in the ledger. */
export interface Prepared {
  /** A random UUID, this attempt's name at providers that know idempotency keys. */
  readonly attempt: string;
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
export function operationsOf(carrier: Carrier): Operation[] {
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
export interface Wire {
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
  clientOf(credentials: Credentials): string;
  /** The environment that a credential betrays by its form, if it does. */
  environmentOf?(credentials: Credentials): Environment | undefined;
  /** Environment variables of the single tenant, and the path of the setting each one fills. */
  readonly variables: Readonly<Record<string, string>>;
  /** Whom it sells labels of, in our words; any carrier when left out. */
  readonly carriers?: readonly string[];
  /** Countries whose addresses it verifies; every country when left out. */
  readonly verifies?: readonly string[];
  /** How near it is to a parcel: carries it itself, knows those who do, or can't know it. */
  tracks?(parcel: ParcelNumber): 'directly' | 'through' | undefined;
  open(account: AccountSettings<Credentials, Options>, wire: Wire): Carrier;
}

import type { Address, Verification } from '../domain/address.ts';
import type { Outcome } from '../domain/errors.ts';
import type { ExternalShipment, Period } from '../domain/external-shipment.ts';
import type { LabelledParcel, LabelReference, LabelRequest } from '../domain/label.ts';
import type { CreatedManifest } from '../domain/manifest.ts';
import type { PreparedRequest } from '../domain/prepared-request.ts';
import type { PickupDetails, ScheduledPickup } from '../domain/pickup.ts';
import type { DropOffLocation } from '../domain/location.ts';
import type { MailJob, MailJobPage, MailJobRequest } from '../domain/mail.ts';
import type { Offer, Quote, RateRequest, TransitTimes } from '../domain/rate.ts';
import type { LabelFormat, Refund, PurchasedLabel } from '../domain/shipment.ts';
import type { ParcelNumber, Tracking } from '../domain/tracking.ts';
import type { BackgroundPolicy, Quota } from '../transport/quota-window.ts';
import type { CallOptions } from './call-options.ts';
import type { TrackingUpdate, WebhookApi } from './webhooks.ts';

export type { CallOptions } from './call-options.ts';

/**
 * Calls one provider through one account. `Provider.createAdapter` returns it with the credentials bound, so that no
 * signature mentions a secret.
 *
 * An adapter leaves out the methods for what its provider can't do. A method that takes a list returns as many results,
 * in the same order, with a `ProviderError` in the place of each that failed; how many calls it sends is its own
 * business. Any other method throws a `ProviderError`.
 */
export interface ProviderAdapter {
  /** Verifies addresses and returns each with the provider's corrections. */
  verify?(addresses: readonly Address[], call: CallOptions): Promise<readonly Outcome<Verification>[]>;
  /** Quotes prices and returns the offers for each request, with the failures of single carriers beside them. */
  quote?(requests: readonly RateRequest[], call: CallOptions): Promise<readonly Outcome<Quote>[]>;
  /** How equal requests share a quote. Left out where a quote serves the request alone that it was made for. */
  readonly quoteSharing?: QuoteSharing;
  /** How prices are estimated from answers to other requests. Left out where the account does not allow it. */
  readonly rateCard?: RateCardRules;
  /** Returns how long parcels of an offer take, by `Offer.providerRef`; undefined where the provider has no figures. */
  transitTimes?(
    providerRefs: readonly unknown[],
    call: CallOptions,
  ): Promise<readonly Outcome<TransitTimes | undefined>[]>;
  /** Returns the tracking state of each parcel. */
  track?(requests: readonly TrackingRequest[], call: CallOptions): Promise<readonly Outcome<Tracking>[]>;
  /** How one call tracks parcels of several requests. Left out where a parcel costs a call. */
  readonly trackBatching?: Batching;
  /** Returns how many calls polls may send now. Left out where the provider does not count them. */
  backgroundTrackCalls?(policy: BackgroundPolicy): Promise<number>;
  /** Returns the places where a parcel can be handed over, the nearest first. */
  locations?(postalCode: string, radiusMiles: number, call: CallOptions): Promise<readonly DropOffLocation[]>;

  /** The API products that answer `verify`, `quote` and `track`, in the words of `HttpRequest.api`. */
  readonly products?: { readonly verify?: string; readonly quote?: string; readonly track?: string };

  readonly labels?: LabelApi;
  readonly pickups?: PickupApi;
  readonly manifests?: ManifestApi;
  readonly mail?: MailApi;
  readonly webhooks?: WebhookApi;

  /**
   * Lists the trackers and purchases that were created at the provider in a period, by any client of the account.
   *
   * @param cursor `ExternalPage.next` of the page before; undefined for the first page
   */
  listExternal?(period: Period, cursor: string | undefined, call: CallOptions): Promise<ExternalPage>;
  /** Reads labels by `ExternalLabel.reference`; undefined where a label can't be expressed in our words. */
  externalShipments?(
    references: readonly string[],
    call: CallOptions,
  ): Promise<readonly Outcome<ExternalShipment | undefined>[]>;

  /** Returns what is left of the quota of each API product that the provider counts. Sends no call. */
  quotas?(): Promise<readonly Quota[]>;
  /** Returns until when the credentials that the account holds are valid. Sends no call. Left out where none expires. */
  expiries?(): Promise<CredentialExpiries>;
  /** Checks the account at its provider with the fewest calls, and returns what it found in the order checked. */
  diagnose?(call: CallOptions): Promise<readonly Diagnostic[]>;
}

/** A call that answers several questions at once, which are worth gathering. */
export interface Batching {
  /** The most questions of a call. */
  readonly size: number;
  /** Returns the part of the quota that is left, from 0 to 1. Default: calls are not counted. */
  quotaLeft?(): Promise<number>;
}

/** What is needed to answer equal requests for rates by one quote. */
export interface QuoteSharing {
  /**
   * Returns everything that a quote depends on, as JSON: requests of one account with equal factors get equal quotes. Throws
   * the `ProviderError` with which the adapter refuses to quote a request.
   */
  priceFactors(request: RateRequest): unknown;
  /** Returns the time until which the prices of a moment can't have changed; both in epoch milliseconds. */
  pricesHoldUntil(pricedAt: number): number;
}

/** What a provider's prices depend on, so that its answers tell the prices of other requests too. */
export interface RateCardRules {
  /** The time between two spot checks, in milliseconds. */
  readonly checkIntervalMs: number;
  /** As in `QuoteSharing`. */
  pricesHoldUntil(pricedAt: number): number;
  /** Returns undefined for a request whose price other answers do not tell. `now` is in epoch milliseconds. */
  questionOf(request: RateRequest, now: number): CardQuestion | undefined;
  /** Returns what a quote says of its route and its parcel; undefined where its offers name no common zone. */
  entryOf(quote: Quote): CardAnswer | undefined;
}

/** A request as a rate card sees it. Parts that are equal have the same text. */
export interface CardQuestion {
  /** YYYY-MM-DD. */
  readonly shipDate: string;
  /** All places of a route are in one zone. */
  readonly route: string;
  /** The exact places. */
  readonly places: string;
  /** Everything besides the zone that a price depends on. */
  readonly parcel: string;
  /** The exact weight. */
  readonly weight: string;
}

export interface CardAnswer {
  readonly zone: string;
  /** Without what depends on more than the zone and the parcel. */
  readonly offers: readonly Offer[];
  /** `Quote.pricesSince`. */
  readonly pricesSince?: string;
}

export interface TrackingRequest extends ParcelNumber {
  /** `Tracking.reference` of the last result, where there was one. */
  readonly reference?: string;
  /** True for a scheduled update, which yields to requests that callers wait for. */
  readonly watched?: boolean;
}

/** A page of trackers and purchases that exist at a provider. */
export interface ExternalPage {
  readonly trackings: readonly TrackingUpdate[];
  /** Purchased labels of shipments that were created in the period. */
  readonly shipments: readonly ExternalShipment[];
  readonly skipped: Skipped;
  /** The cursor of the next page, as JSON text that only the adapter reads; undefined on the last page. */
  readonly next?: string;
  /** The part of the period that has been listed, from 0 to 1. */
  readonly share: number;
}

/** The number of entries that an import leaves out, by reason: half a sentence that names no person. */
export type Skipped = Readonly<Record<string, number>>;

/** Until when credentials are valid, in epoch milliseconds. */
export interface CredentialExpiries {
  /** Undefined where no token is stored: the next call fetches one. */
  readonly token?: number;
  /** Left out where the provider asks for no client certificate, or it can't be read. */
  readonly certificate?: number;
  /** Why the client certificate can't be presented. */
  readonly certificateFault?: string;
}

/** The result of one check of an account. Neither `message` nor `hint` holds a secret. */
export interface Diagnostic {
  /** Our word for what was checked: "token", "scopes". */
  readonly check: string;
  /** `skipped` where the check is not possible, or an earlier result answers it. */
  readonly status: 'ok' | 'warning' | 'failed' | 'skipped';
  readonly message: string;
  /** The next step that solves the problem. */
  readonly hint?: string;
}

/** Purchases labels in steps, so that a purchase survives a crash between any two of them. */
export interface LabelApi {
  /**
   * Builds exactly what `buy` will send, and purchases nothing. Returns one request for each parcel, in their order; the
   * same object for parcels that are purchased together. Each request is JSON, and is stored before `buy` is called.
   * Throws a `ProviderError` where the purchase is not possible: PRICE_CHANGED where it costs more than `maxPrice`.
   */
  prepare(request: LabelRequest, call: CallOptions): Promise<readonly PreparedRequest[]>;
  /**
   * Purchases, and returns the label of each parcel that is purchased together. Throws a `ProviderError` with `refused`
   * where certainly nothing was purchased; after any other error the outcome is unknown.
   */
  buy(prepared: PreparedRequest, call: CallOptions): Promise<readonly PurchasedLabel[]>;
  /** Returns what an attempt of unknown outcome purchased, or undefined where certainly nothing. Never purchases twice. */
  reconcile(prepared: PreparedRequest, call: CallOptions): Promise<readonly PurchasedLabel[] | undefined>;
  /**
   * Voids a label or requests its refund. Safe to repeat. Throws a `ProviderError` where the provider refuses, or the
   * outcome is unknown.
   */
  void?(label: LabelReference, call: CallOptions): Promise<Refund>;
  /** Voids what an attempt of unknown outcome purchased, where the provider finds it by the attempt's id. */
  cancelAttempt?(prepared: PreparedRequest, call: CallOptions): Promise<Refund>;
  /** Returns the state of a requested refund. */
  refund?(label: LabelReference, call: CallOptions): Promise<Refund>;
  /** Downloads a label from its `source` at the provider. */
  fetchDocument?(source: string, call: CallOptions): Promise<Uint8Array>;
  /**
   * Returns a purchased label in a format. Throws a `ProviderError`: REJECTED where the provider can't print it so, or not
   * any more. Each call may count against a limit of the provider.
   */
  reprint?(label: LabelReference, format: LabelFormat, call: CallOptions): Promise<Uint8Array>;
  /** Returns the `source` of a label known by its number alone; undefined where the provider does not keep it. */
  labelSource?(label: LabelReference, format: LabelFormat): string | undefined;
  /**
   * Returns the part of a prepared request that identifies no person and suffices for `void` and `refund`. Default:
   * nothing is kept.
   */
  redact?(request: unknown): unknown;
}

/** Performs an operation that must happen only once, in the same steps as a purchase. */
export interface OperationApi<Request, Result> {
  /** Builds exactly what `perform` will send, and performs nothing. Throws a `ProviderError` where it is not possible. */
  prepare(request: Request, call: CallOptions): Promise<PreparedRequest>;
  /**
   * Performs the operation. Throws a `ProviderError` with `refused` where certainly nothing happened; after any other
   * error the outcome is unknown.
   */
  perform(prepared: PreparedRequest, call: CallOptions): Promise<Result>;
  /**
   * Returns what an attempt of unknown outcome did, or undefined where certainly nothing. Left out where the provider
   * can't be asked: the operation then stays uncertain until a person resolves it.
   */
  reconcile?(prepared: PreparedRequest, call: CallOptions): Promise<Result | undefined>;
}

export interface PickupApi extends OperationApi<PickupRequest, ScheduledPickup> {
  /** Cancels a pickup. Safe to repeat. */
  cancel(scheduled: ScheduledPickup, call: CallOptions): Promise<void>;
}

export interface PickupRequest extends PickupDetails {
  readonly parcels: readonly LabelledParcel[];
}

export interface ManifestApi extends OperationApi<ManifestRequest, CreatedManifest> {
  /** Returns the state of a manifest that its provider had not finished. */
  refresh?(created: CreatedManifest, call: CallOptions): Promise<CreatedManifest>;
  /** Downloads a form from its `source` at the provider. */
  fetchDocument?(source: string, call: CallOptions): Promise<Uint8Array>;
}

export interface ManifestRequest {
  readonly parcels: readonly LabelledParcel[];
}

/** Sends documents as mail. */
export interface MailApi extends OperationApi<MailJobRequest, MailJob> {
  /** Lists jobs by ascending start. `after` is the id of the last job of the page before. */
  jobs(page: { readonly first: number; readonly after?: string }, call: CallOptions): Promise<MailJobPage>;
  job(id: string, call: CallOptions): Promise<MailJob>;
  /** Returns whether the account allows uploads to the host of a `MailJob.uploadUrl`. No file is uploaded elsewhere. */
  mayUpload(url: string): boolean;
}

/** What an account can do, in the words of the schema. */
export type Operation =
  | 'VERIFY_ADDRESS'
  | 'QUOTE_RATES'
  | 'PURCHASE_LABEL'
  | 'VOID_LABEL'
  | 'REPRINT_LABEL'
  | 'TRACK'
  | 'SCHEDULE_PICKUP'
  | 'CREATE_MANIFEST'
  | 'FIND_LOCATIONS'
  | 'SEND_MAIL';

/** Returns the operations that an adapter has methods for. */
export function supportedOperations(adapter: ProviderAdapter): Operation[] {
  const operations: [Operation, unknown][] = [
    ['VERIFY_ADDRESS', adapter.verify],
    ['QUOTE_RATES', adapter.quote],
    ['PURCHASE_LABEL', adapter.labels],
    ['VOID_LABEL', adapter.labels?.void],
    ['REPRINT_LABEL', adapter.labels?.reprint],
    ['TRACK', adapter.track],
    ['SCHEDULE_PICKUP', adapter.pickups],
    ['CREATE_MANIFEST', adapter.manifests],
    ['FIND_LOCATIONS', adapter.locations],
    ['SEND_MAIL', adapter.mail],
  ];
  return operations.filter(([, method]) => method !== undefined).map(([operation]) => operation);
}

import type { ColumnType, Generated, Selectable, Transaction as KyselyTransaction } from 'kysely';

import type { Address } from '../domain/address.ts';
import type { Period } from '../domain/external-shipment.ts';
import type { StoredFailure } from '../domain/failures.ts';
import type { LabelDocumentContent } from '../domain/label-document.ts';
import type { Money } from '../domain/money.ts';
import type { OperationKind, OperationStatus } from '../domain/operation.ts';
import type { Parcel } from '../domain/parcel.ts';
import type { Permission } from '../domain/permission.ts';
import type { Offer, ShippingCharge, ShippingService } from '../domain/rate.ts';
import type { LabelFormat, Refund, ShipmentStatus } from '../domain/shipment.ts';
import type { Tracking } from '../domain/tracking.ts';
import type { WebhookDeliveryStatus, WebhookEventName } from '../domain/webhook-events.ts';
import type { QuotaWindow } from '../transport/quota-window.ts';

/** Written as JSON text, read as the value. */
type Json<T> = ColumnType<T, string, string>;
type Time = ColumnType<Date, Date, Date>;

export interface Tables {
  shipments: ShipmentTable;
  parcels: ParcelTable;
  forms: FormTable;
  reprints: ReprintTable;
  trackers: TrackerTable;
  watches: WatchTable;
  tokens: TokenTable;
  quotas: QuotaTable;
  webhook_endpoints: WebhookEndpointTable;
  webhook_deliveries: WebhookDeliveryTable;
  received_webhooks: ReceivedWebhookTable;
  rate_quotes: RateQuoteTable;
  rate_cards: RateCardTable;
  rate_card_zones: RateCardZoneTable;
  rate_card_prices: RateCardPriceTable;
  label_documents: LabelDocumentTable;
  imports: ImportTable;
  operations: OperationTable;
  history: HistoryTable;
  usage: UsageTable;
  api_keys: ApiKeyTable;
  tenants: TenantTable;
  provider_accounts: ProviderAccountTable;
}

/** Everything written through it is committed together or not at all. */
export type Transaction = KyselyTransaction<Tables>;

/** One purchase: its intent is written before the provider is called, its outcome after. */
export interface ShipmentTable {
  id: string;
  tenant_id: string;
  /** Unique for each tenant. An orphan's is its original's, a blank and the attempt's id. */
  idempotency_key: string;
  /** Hash of the whole input: the same key with another input is refused. */
  input_hash: string;
  /** Hash of the rate id, unique for each tenant unless the shipment is FAILED. Orphans as in `idempotency_key`. */
  rate_hash: string;
  account_id: string;
  /** The account's provider and environment, in case the account is removed. */
  provider: string;
  environment: string;
  status: ShipmentStatus;
  carrier: string;
  service: Json<ShippingService>;
  sender: Json<Address>;
  recipient: Json<Address>;
  /** Null for a label that was imported without its price. */
  quoted_price: Json<Money | null> | null;
  /** The most that its parcels may cost together; null for purchases made before the column existed. */
  max_price: Json<Money | null> | null;
  is_return: boolean;
  /** Whether its parcels are watched once it is purchased. */
  is_watched: ColumnType<boolean, boolean | undefined, boolean>;
  /** YYYY-MM-DD at the sender's place; null for purchases made before the column existed. */
  ship_date: string | null;
  reference: string | null;
  /** `SpendLimit.spender`, and the day whose limit it counts against; null where the caller has no limit. */
  spender: ColumnType<string | null, string | null | undefined, string | null>;
  spent_on: ColumnType<string | null, string | null | undefined, string | null>;
  failure: Json<StoredFailure | null> | null;
  /** The purchase failed for the reason in `failure`; its purchased labels are being voided. */
  compensating: boolean;
  /** The process that works on it, until `leased_until`. */
  worker: string | null;
  leased_until: Time | null;
  /** How many reconciliations left the outcome unknown. */
  attempts: ColumnType<number, number | undefined, number>;
  retry_at: Time | null;
  /** When personal data in it was deleted at the end of its retention. */
  redacted_at: Time | null;
  /** Defaults to now; set for imported shipments only. */
  created_at: ColumnType<Date, Date | undefined, never>;
}

/** The state of one parcel's label. SENT may have been purchased; REFUSED certainly was not. */
export type ParcelState = 'PENDING' | 'SENT' | 'PURCHASED' | 'REFUSED' | 'VOIDED';

/** One parcel of a shipment: the request that purchases its label, and the label. */
export interface ParcelTable {
  shipment_id: string;
  position: number;
  parcel: Json<Parcel>;
  state: ParcelState;
  /** `PreparedRequest.attemptId`. Parcels that one request purchases share it. */
  attempt_id: string | null;
  request: Json<unknown> | null;
  sent_at: Time | null;
  /** `PurchasedLabel.reference`. */
  reference: string | null;
  price: Json<Money> | null;
  quoted_amount: Json<Money> | null;
  charges: Json<readonly ShippingCharge[]> | null;
  tracking_number: string | null;
  label_format: LabelFormat;
  /** Where the provider keeps the label, for fetching it. */
  label_source: string | null;
  label: Uint8Array | null;
  /** The format of the reprint that the API shows; null where it shows the label as purchased. */
  reprint_format: LabelFormat | null;
  refund: Json<StoredRefund | null> | null;
  /** When the refund's status is next checked. */
  refund_due_at: Time | null;
}

/** A form to print with a parcel, apart from its label. */
export interface FormTable {
  shipment_id: string;
  position: number;
  number: number;
  name: string;
  format: LabelFormat;
  source: string | null;
  data: Uint8Array | null;
}

/** A label in another format than that in which it was purchased. */
export interface ReprintTable {
  shipment_id: string;
  position: number;
  format: LabelFormat;
  data: Uint8Array;
}

/** One pickup, manifest or mail job. */
export interface OperationTable {
  id: string;
  tenant_id: string;
  kind: OperationKind;
  /** Unique for each tenant and kind. */
  idempotency_key: string;
  input_hash: string;
  account_id: string;
  provider: string;
  environment: string;
  status: OperationStatus;
  /** The part of the input that the API shows again. */
  input: Json<unknown>;
  attempt_id: string | null;
  request: Json<unknown> | null;
  sent_at: Time | null;
  result: Json<unknown> | null;
  document: Uint8Array | null;
  failure: Json<StoredFailure | null> | null;
  worker: string | null;
  leased_until: Time | null;
  /** How many reconciliations left the outcome unknown. */
  attempts: ColumnType<number, number | undefined, number>;
  retry_at: Time | null;
  /** When personal data in it was deleted at the end of its retention. */
  redacted_at: Time | null;
  created_at: ColumnType<Date, undefined, never>;
}

/** Everything that happened to shipments and operations. Append-only; holds no address. */
export interface HistoryTable {
  id: ColumnType<string, never, never>;
  at: ColumnType<Date, undefined, never>;
  tenant_id: string;
  /** Id of a shipment or an operation. */
  subject_id: string;
  event: string;
  account_id: string;
  /** Digest of the caller's API key, or `os:` and a user name; null for events that the server caused by itself. */
  actor: string | null;
  request_id: string | null;
  detail: string | null;
}

/** The last known tracking state of one parcel, whichever account reported it. */
export interface TrackerTable {
  tenant_id: string;
  /** Empty where neither caller nor provider names it. */
  carrier: string;
  tracking_number: string;
  account_id: string;
  state: Json<Tracking>;
  as_of: Time;
  /** Counts the changes of the tenant's trackers. A driver may return it as text. */
  version: ColumnType<number | string, number | undefined, number>;
}

/** A parcel that is asked for by itself until it has arrived. */
export interface WatchTable {
  tenant_id: string;
  /** As in `trackers`. */
  carrier: string;
  tracking_number: string;
  /** The account that is asked. */
  account_id: string;
  /** When it is asked for next. */
  due_at: Time;
  /** When the parcel last changed, or the watch began. */
  changed_at: Time;
  /** Until when the process that asks may take, by the database's clock; null while none does. */
  leased_until: Date | null;
}

/** Where a tenant's webhooks are sent. Secrets are sealed. */
export interface WebhookEndpointTable {
  id: string;
  tenant_id: string;
  url: string;
  events: Json<readonly WebhookEventName[]>;
  secret: string;
  /** The secret before the last rotation, with which requests are signed too until `previous_until`. */
  previous_secret: string | null;
  previous_until: Time | null;
  /** False once the receiver has answered 410. */
  active: ColumnType<boolean, boolean | undefined, boolean>;
  created_at: ColumnType<Date, undefined, never>;
}

/** One event for one endpoint. Deleted with its endpoint. */
export interface WebhookDeliveryTable {
  id: string;
  /** Deliveries about one subject are sent in this order. */
  position: ColumnType<string, never, never>;
  endpoint_id: string;
  tenant_id: string;
  event: WebhookEventName;
  /** The id of the tracker or shipment. */
  subject: string;
  /** The body, byte by byte. */
  payload: string;
  status: WebhookDeliveryStatus;
  attempts: ColumnType<number, number | undefined, number>;
  last_status_code: number | null;
  last_error: string | null;
  next_attempt_at: Time | null;
  leased_until: Time | null;
  created_at: ColumnType<Date, undefined, never>;
}

/** The body of a provider's webhook, verified. */
export interface ReceivedWebhookTable {
  tenant_id: string;
  account_id: string;
  /** SHA-256 of the body, base64url: a body that is sent again is not applied again. */
  digest: string;
  /** The order of receipt. */
  position: Generated<number | string>;
  body: Buffer | Uint8Array;
  received_at: Time;
  applied_at: Date | null;
  leased_until: Date | null;
}

/** The progress of an account's import. */
export interface ImportTable {
  tenant_id: string;
  account_id: string;
  state: Json<ImportState>;
}

/** Access tokens of providers, encrypted; `leased_until` is set while a process renews one. */
export interface TokenTable {
  key: string;
  token: string | null;
  leased_until: Time | null;
  /** When a token that its provider refused was last replaced, by the clock of the process. */
  replaced_at: Time | null;
}

/** Offers that equal requests of one account share. It holds no address, and `key` is a keyed hash. */
export interface RateQuoteTable {
  key: string;
  offers: Json<readonly Offer[]>;
  as_of: Time;
  expires_at: Time;
}

/** The rate card of an account, which `account` names by its key. */
export interface RateCardTable {
  account: string;
  ship_date: string;
  prices_since: string | null;
  agreements: number;
  as_of: Time;
  holds_until: Time;
  check_at: Time;
}

export interface RateCardZoneTable {
  account: string;
  route: string;
  /** Null where answers differed. */
  zone: string | null;
  /** Keyed hashes of places. */
  confirmed_by: Json<readonly string[]>;
  as_of: Time;
}

export interface RateCardPriceTable {
  account: string;
  zone: string;
  parcel: string;
  /** Null where answers differed. */
  offers: Json<readonly Offer[]> | null;
  /** Keyed hashes of weights. */
  confirmed_by: Json<readonly string[]>;
  holds_until: Time;
  as_of: Time;
}

/** Which labels a document of many labels has: ids alone. Deleted once its link has expired. */
export interface LabelDocumentTable {
  id: string;
  content: Json<LabelDocumentContent>;
  expires_at: Time;
}

export interface QuotaTable {
  key: string;
  api: string;
  calls: Json<QuotaWindow>;
}

/** Provider calls of one hour, by account, API product, operation and client. */
export interface UsageTable {
  tenant_id: string;
  account_id: string;
  /** Its beginning. */
  hour: Time;
  api: string;
  /** Empty where calls had no operation with a name, and no client with one. */
  operation: string;
  client: string;
  calls: number;
  failed: number;
  joined: number;
}

/** An API key that was created at run time, by its digest. */
export interface ApiKeyTable {
  id: string;
  tenant_id: string;
  /** SHA-256, in hex. */
  hash: string;
  /** The beginning of the key, which may be shown. */
  prefix: string;
  /** The digest before the last rotation, accepted until `previous_until`. */
  previous_hash: string | null;
  previous_until: Time | null;
  permissions: Json<readonly Permission[]>;
  spend_limit: Json<Money | null> | null;
  expires_at: Time | null;
  last_used_at: Time | null;
  created_at: ColumnType<Date, undefined, never>;
}

/** A tenant that was created at run time. */
export interface TenantTable {
  id: string;
  name: string;
  /** Sealed. */
  data_key: string;
  created_at: ColumnType<Date, undefined, never>;
  deleted_at: Time | null;
}

/** A provider account that was set at run time. */
export interface ProviderAccountTable {
  tenant_id: string;
  id: string;
  provider: string;
  environment: string;
  options: Json<object>;
  /** Encrypted by the tenant's data key; null once they are erased. */
  credentials: string | null;
  version: number;
  removed_at: Time | null;
}

/** The progress of an account's import. */
export interface ImportState {
  /** The period that is imported completely. */
  readonly done?: Period;
  /** The import in progress: `next` is its next page, the first when left out. */
  readonly open?: { readonly span: Period; readonly next?: string };
}

/** A refund with its status when it was last checked. */
export type StoredRefund = Refund & {
  /** RFC 3339. */
  readonly requestedAt: string;
};

/** The account that purchases a label or performs an operation. */
export interface PurchasingAccount {
  readonly id: string;
  readonly provider: string;
  readonly environment: string;
}

export type ShipmentRow = Selectable<ShipmentTable>;
export type ReceivedWebhookRow = Selectable<ReceivedWebhookTable>;
export type WatchRow = Selectable<WatchTable>;
export type TrackerRow = Selectable<TrackerTable>;
export type WebhookEndpointRow = Selectable<WebhookEndpointTable>;
export type WebhookDeliveryRow = Selectable<WebhookDeliveryTable>;
export type ApiKeyRow = Selectable<ApiKeyTable>;
export type ParcelRow = Selectable<ParcelTable>;
export type OperationRow = Selectable<OperationTable>;
export type HistoryRow = Selectable<HistoryTable>;

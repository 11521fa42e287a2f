import type { ColumnType, Selectable, Transaction as KyselyTransaction } from 'kysely';

import type { Address } from '../domain/address.ts';
import type { ProviderErrorDetails, ProviderFailureCode } from '../domain/errors.ts';
import type { Money } from '../domain/money.ts';
import type { Parcel } from '../domain/parcel.ts';
import type { ShippingCharge, ShippingService } from '../domain/rate.ts';
import type { LabelFormat, Refund, ShipmentStatus } from '../domain/shipment.ts';
import type { Tracking } from '../domain/tracking.ts';
import type { QuotaWindow } from '../transport/quota.ts';
import type { ImportState } from './imports.ts';

/** JSON goes in as text and comes out as what it says. */
type Json<T> = ColumnType<T, string, string>;
type Time = ColumnType<Date, Date, Date>;

export interface Tables {
  shipments: ShipmentTable;
  parcels: ParcelTable;
  forms: FormTable;
  trackers: TrackerTable;
  tokens: TokenTable;
  quotas: QuotaTable;
  imports: ImportTable;
  errands: OperationTable;
  history: HistoryTable;
}

/** What is written through it stands or falls together. */
export type Transaction = KyselyTransaction<Tables>;

/** One purchase: its intent is written before the call, its outcome after. */
export interface ShipmentTable {
  id: string;
  tenant_id: string;
  idempotency_key: string;
  /** Of everything the caller asked for: the same key with another is refused. */
  input_hash: string;
  /** Of the rate id, which buys once. */
  rate_hash: string;
  account_id: string;
  /** What the account was, for the day when it is gone. */
  provider: string;
  environment: string;
  status: ShipmentStatus;
  carrier: string;
  service: Json<ShippingService>;
  sender: Json<Address>;
  recipient: Json<Address>;
  quoted_price: Json<Money>;
  /** The most that its parcels may cost together; null for what was bought before there were limits. */
  price_limit: Json<Money | null> | null;
  is_return: boolean;
  /** YYYY-MM-DD at the sender's place; null for what was bought before it was kept. */
  ship_date: string | null;
  reference: string | null;
  failure: Json<StoredFailure | null> | null;
  /** It is not to be, for what `failure` says: labels that were sold go back. */
  undoing: boolean;
  worker: string | null;
  leased_until: Time | null;
  /** How often it was asked about in vain. */
  tries: ColumnType<number, number | undefined, number>;
  retry_at: Time | null;
  /** When what names people in it was deleted, being too old to keep. */
  blanked_at: Time | null;
  /** Said only of what was bought elsewhere: when that was. */
  created_at: ColumnType<Date, Date | undefined, never>;
}

/** How far one parcel's label is. What is SENT may have been sold; REFUSED certainly was not. */
export type ParcelState = 'INTENDED' | 'SENT' | 'SOLD' | 'REFUSED' | 'VOIDED';

/** One parcel of a shipment: what was sent to buy its label, and what was sold. */
export interface ParcelTable {
  shipment_id: string;
  position: number;
  parcel: Json<Parcel>;
  state: ParcelState;
  /** Parcels that are bought together share it. */
  attempt: string | null;
  request: Json<unknown> | null;
  sent_at: Time | null;
  /** The provider's own name of what was sold. */
  reference: string | null;
  price: Json<Money> | null;
  quotable: Json<Money> | null;
  charges: Json<readonly ShippingCharge[]> | null;
  tracking_number: string | null;
  label_format: LabelFormat;
  /** Where the provider keeps the label, until we have it. */
  label_source: string | null;
  label: Uint8Array | null;
  refund: Json<StoredRefund | null> | null;
  /** When the provider is asked again how a refund stands. */
  refund_due_at: Time | null;
}

/** A paper that goes with a parcel, apart from its label. */
export interface FormTable {
  shipment_id: string;
  position: number;
  number: number;
  name: string;
  format: LabelFormat;
  source: string | null;
  data: Uint8Array | null;
}

/** What else is done once a key: a pickup, a manifest, a mail job. */
export interface OperationTable {
  id: string;
  tenant_id: string;
  kind: OperationKind;
  idempotency_key: string;
  input_hash: string;
  account_id: string;
  provider: string;
  environment: string;
  status: OperationStatus;
  /** What was asked for, as far as it is shown again. */
  asked: Json<unknown>;
  attempt: string | null;
  request: Json<unknown> | null;
  sent_at: Time | null;
  result: Json<unknown> | null;
  document: Uint8Array | null;
  failure: Json<StoredFailure | null> | null;
  worker: string | null;
  leased_until: Time | null;
  /** How often it was asked about in vain. */
  tries: ColumnType<number, number | undefined, number>;
  retry_at: Time | null;
  /** When what names people in it was deleted, being too old to keep. */
  blanked_at: Time | null;
  created_at: ColumnType<Date, undefined, never>;
}

/** The mutation that a key belongs to. */
export type OperationKind = 'pickupSchedule' | 'manifestCreate' | 'mailJobCreate';
export type OperationStatus = 'OPEN' | 'DONE' | 'CANCELLED' | 'FAILED' | 'UNCERTAIN';

/** Who did what, and when: only ever added to. No address stands in it. */
export interface HistoryTable {
  id: ColumnType<string, never, never>;
  at: ColumnType<Date, undefined, never>;
  tenant_id: string;
  /** A shipment's or an errand's id. */
  subject_id: string;
  event: string;
  account_id: string;
  /** The caller's key by its digest, or null where the server did it by itself. */
  actor: string | null;
  request_id: string | null;
  detail: string | null;
}

/** The last known state of one parcel's journey, whichever account told it. */
export interface TrackerTable {
  tenant_id: string;
  /** Empty where neither caller nor provider tells. */
  carrier: string;
  tracking_number: string;
  account_id: string;
  state: Json<Tracking>;
  as_of: Time;
}

/** How far the import of what was made elsewhere has come. */
export interface ImportTable {
  tenant_id: string;
  account_id: string;
  state: Json<ImportState>;
}

/** Providers' tokens, sealed; `leased_until` says that somebody is getting a new one. */
export interface TokenTable {
  key: string;
  token: string | null;
  leased_until: Time | null;
}

export interface QuotaTable {
  key: string;
  api: string;
  calls: Json<QuotaWindow>;
}

/** A refund as it was asked for, and as it was last heard of. */
export type StoredRefund = Refund & {
  /** RFC 3339. */
  readonly requestedAt: string;
};
export type StoredFailure = ProviderErrorDetails & { code: ProviderFailureCode; message: string };
export type ShipmentRow = Selectable<ShipmentTable>;
export type ParcelRow = Selectable<ParcelTable>;
export type OperationRow = Selectable<OperationTable>;
export type HistoryRow = Selectable<HistoryTable>;

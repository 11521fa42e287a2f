import type { ColumnType, Selectable } from 'kysely';

import type { Address } from '../domain/address.ts';
import type { ProviderErrorDetails, ProviderFailureCode } from '../domain/errors.ts';
import type { Money } from '../domain/money.ts';
import type { Parcel } from '../domain/parcel.ts';
import type { ShippingCharge, ShippingService } from '../domain/rate.ts';
import type { LabelFormat, Refund, ShipmentStatus } from '../domain/shipment.ts';
import type { Tracking } from '../domain/tracking.ts';
import type { QuotaWindow } from '../transport/quota.ts';

/** JSON goes in as text and comes out as what it says. */
type Json<T> = ColumnType<T, string, string>;
type Time = ColumnType<Date, Date, Date>;

export interface Tables {
  shipments: ShipmentTable;
  parcels: ParcelTable;
  trackers: TrackerTable;
  tokens: TokenTable;
  quotas: QuotaTable;
}

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
  reference: string | null;
  failure: Json<StoredFailure | null> | null;
  /** Until when, by the database's clock, one process alone works on it. */
  leased_until: Time | null;
  created_at: ColumnType<Date, undefined, never>;
}

/** One parcel of a shipment: what was sent to buy its label, and what was sold. */
export interface ParcelTable {
  shipment_id: string;
  position: number;
  parcel: Json<Parcel>;
  attempt: string | null;
  request: Json<unknown> | null;
  price: Json<Money> | null;
  charges: Json<readonly ShippingCharge[]> | null;
  tracking_number: string | null;
  label_format: LabelFormat;
  /** Where the provider keeps the label, until we have it. */
  label_source: string | null;
  label: Uint8Array | null;
  refund: Json<StoredRefund | null> | null;
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
  readonly amount?: Money;
  /** RFC 3339. */
  readonly requestedAt: string;
};
export type StoredFailure = ProviderErrorDetails & { code: ProviderFailureCode; message: string };
export type ShipmentRow = Selectable<ShipmentTable>;
export type ParcelRow = Selectable<ParcelTable>;

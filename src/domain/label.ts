import type { Address } from './address.ts';
import type { ShippableParcel } from './shippable-parcel.ts';
import type { Money } from './money.ts';
import type { PreparedRequest } from './prepared-request.ts';
import type { Offer, RateRequest } from './rate.ts';
import type { LabelFormat } from './shipment.ts';

/** A label to purchase: the quoted rate, and everything that the purchase adds to it. */
export interface LabelRequest {
  readonly request: RateRequest;
  readonly offer: Offer;
  /** The quoted addresses with the contacts added. */
  readonly from: Address;
  readonly to: Address;
  readonly format: LabelFormat;
  readonly reference?: string;
  /** When the offer was made, epoch milliseconds. */
  readonly quotedAt: number;
  /** The most that it may cost now: the quoted price, or more where the buyer allows it. */
  readonly maxPrice: Money;
}

/** Identifies a purchased label at its provider. */
export interface LabelReference {
  /** `PurchasedLabel.trackingNumber`. */
  readonly trackingNumber?: string;
  readonly prepared: PreparedRequest;
  /** `PurchasedLabel.reference`. */
  readonly reference?: string;
}

/** A parcel that is ready for its carrier, with the reference of its label. */
export interface LabelledParcel extends ShippableParcel {
  readonly label: LabelReference;
}

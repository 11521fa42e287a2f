import type { Address } from './address.ts';
import type { Parcel } from './parcel.ts';
import type { PreparedRequest } from './prepared-request.ts';
import type { ShippingService } from './rate.ts';
import type { PurchasedLabel, Refund } from './shipment.ts';

/** Identifies a label that was purchased at a provider by another system. */
export interface ExternalLabel {
  /** `ExternalShipment.reference`. */
  readonly reference: string;
  /** As the provider writes it; undefined where the carrier does not track the label. */
  readonly trackingNumber?: string;
}

/** A shipment of one parcel that was purchased at a provider by another system, in domain terms. */
export interface ExternalShipment {
  /** The provider's own id, which is unique. */
  readonly reference: string;
  /** The buyer's own reference. */
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
  /** The request that the label API needs to void or track it later, as if it had been purchased through that API. */
  readonly prepared: PreparedRequest;
  readonly purchased: PurchasedLabel;
  /** Set where a refund was requested. */
  readonly refund?: Refund & {
    /** RFC 3339. */
    readonly requestedAt: string;
  };
}

/** A time span, epoch milliseconds. */
export interface Period {
  readonly from: number;
  readonly to: number;
}

import type { Address } from './address.ts';
import type { UserError } from './errors.ts';
import type { Parcel } from './parcel.ts';
import type { ShippingService } from './rate.ts';

/** A parcel with a label, which a carrier can pick up or take over by a manifest. */
export interface ShippableParcel {
  /** Our name of the carrier. */
  readonly carrier: string;
  readonly service: ShippingService;
  readonly parcel: Parcel;
  readonly from: Address;
  readonly to: Address;
  readonly isReturn: boolean;
  /** YYYY-MM-DD in the sender's time zone. */
  readonly shipDate: string;
  /** Undefined where the carrier does not track the parcel, as with letters. */
  readonly trackingNumber?: string;
}

/** The most shipments of one pickup or manifest. */
export const maxShipments = 1000;

/** Validates the list of shipments of a pickup or manifest and returns every error found. */
export function validateShipmentIds(
  ids: readonly string[],
  operation: 'pickup' | 'manifest',
  path: readonly string[],
): UserError[] {
  const at = (...field: string[]) => [...path, 'shipmentIds', ...field];
  if (ids.length === 0) {
    return [{ code: 'REQUIRED', field: at(), message: `a ${operation} needs a shipment` }];
  }
  if (ids.length > maxShipments) {
    const message = `a ${operation} takes at most ${maxShipments} shipments`;
    return [{ code: 'TOO_MANY', field: at(), message }];
  }
  return ids.flatMap((id, index) =>
    ids.indexOf(id) < index
      ? [{ code: 'INVALID' as const, field: at(String(index)), message: 'is listed twice' }]
      : [],
  );
}

/** Tells whether all parcels are sent from one address, whatever its contact and spelling. */
export function shareOrigin(parcels: readonly Pick<ShippableParcel, 'from'>[]): boolean {
  return new Set(parcels.map(({ from }) => originOf(from))).size <= 1;
}

function originOf({ street1, street2, urbanization, city, state, postalCode, country }: Address): string {
  // The last four digits of a ZIP code are optional.
  const area = country === 'US' ? postalCode?.slice(0, 5) : postalCode;
  return [street1, street2, urbanization, city, state, area, country]
    .map((part) => part?.toUpperCase())
    .join('\n');
}

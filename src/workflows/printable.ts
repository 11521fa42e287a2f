import type { StoredParcel, StoredShipment } from '../storage/shipments.ts';

/** A label that is voided, or whose refund is requested, must not be used; one whose data was deleted no longer exists. */
export const isPrintable = (shipment: StoredShipment, parcel: StoredParcel): boolean =>
  reasonAgainstPrinting(shipment, parcel) === undefined;

/** Returns why the label of a parcel can't be printed; undefined where it can. */
export function reasonAgainstPrinting(
  { status, redacted_at }: StoredShipment,
  { refund, state }: StoredParcel,
): string | undefined {
  if (redacted_at) return 'is so old that its label was deleted';
  if (status !== 'PURCHASED') return `is ${status}: it has no label to print`;
  if (refund?.status === 'REQUESTED') return 'is being voided: its label must not be used';
  if (state === 'PURCHASED') return undefined;
  return state === 'VOIDED'
    ? 'was voided: its label must not be used'
    : `is ${state}: it has no label to print`;
}

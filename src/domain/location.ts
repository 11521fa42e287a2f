import type { Address } from './address.ts';

/** A place where parcels can be dropped off. */
export interface DropOffLocation {
  readonly name: string;
  readonly address: Address;
  /** The carrier's own name of the kind of place: POST_OFFICE. */
  readonly kind: string;
  /** One line for each day, in local time: "MONDAY 08:00-17:00". */
  readonly hours: readonly string[];
  readonly distanceMiles?: number;
}

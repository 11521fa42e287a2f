import { validateAddress, type Address } from './address.ts';
import { dateAt, addDays } from './calendar.ts';
import type { UserError } from './errors.ts';
import type { Money } from './money.ts';
import { validateShipmentIds } from './shippable-parcel.ts';

export type PickupStatus = 'SCHEDULED' | 'CANCELLED' | 'COMPLETED' | 'FAILED' | 'UNCERTAIN';

/** The place and time at which parcels are to be collected. */
export interface PickupDetails {
  readonly address: Address;
  /** YYYY-MM-DD at the address. */
  readonly date: string;
  /** Local time at the address, without a zone: 2026-11-20T09:00:00. */
  readonly readyFrom?: string;
  readonly readyUntil?: string;
  /** The place of the parcels at the address, one of `packageLocations`. Default: FRONT_DOOR. */
  readonly packageLocation?: string;
  readonly instructions?: string;
  /** The highest price to accept. Default: zero. */
  readonly maxPrice?: Money;
}

/** A pickup that a carrier has confirmed. */
export interface ScheduledPickup {
  readonly confirmation?: string;
  /** The date of the pickup, which may differ from the requested one. */
  readonly date: string;
  readonly price?: Money;
  /** The adapter's own data for cancelling the pickup; JSON. */
  readonly providerRef: unknown;
}

/** The places at an address where a carrier can find parcels. */
export const packageLocations = [
  'FRONT_DOOR',
  'BACK_DOOR',
  'SIDE_DOOR',
  'KNOCK_ON_DOOR',
  'MAIL_ROOM',
  'OFFICE',
  'PORCH',
  'RECEPTION',
  'MAILBOX',
  'OTHER',
] as const;

const maxInstructionsLength = 255;
/** Carriers take appointments up to a year ahead. */
const maxDaysAhead = 365;

/** A requested pickup and its shipments. */
export type PickupInput = { readonly [Key in keyof PickupDetails]: PickupDetails[Key] | null } & {
  readonly address: Address;
  readonly date: string;
  readonly shipmentIds: readonly string[];
};

/** Validates a pickup and returns every error found. */
export function validatePickup(
  input: PickupInput,
  now: number,
  path: readonly string[],
): readonly UserError[] {
  const { address, date, packageLocation, instructions, readyFrom, readyUntil, maxPrice } = input;
  const errors = [
    ...validateAddress(address, 'pickup', [...path, 'address']),
    ...validateShipmentIds(input.shipmentIds, 'pickup', path),
  ];
  const addError = (code: 'INVALID' | 'REQUIRED', field: string, message: string) =>
    errors.push({ code, field: [...path, ...field.split('.')], message });

  const today = dateAt(address, now);
  if (date < today) addError('INVALID', 'date', `is in the past; today is ${today} at that address`);
  if (date > addDays(maxDaysAhead, today)) addError('INVALID', 'date', 'is more than a year ahead');

  const allowed: readonly string[] = packageLocations;
  if (packageLocation && !allowed.includes(packageLocation)) {
    addError('INVALID', 'packageLocation', `must be one of ${packageLocations.join(', ')}`);
  }
  if (packageLocation === 'OTHER' && !instructions?.trim()) {
    addError('REQUIRED', 'instructions', 'must describe where the parcels are when packageLocation is OTHER');
  }
  if ((instructions?.length ?? 0) > maxInstructionsLength) {
    addError('INVALID', 'instructions', `must be at most ${maxInstructionsLength} characters long`);
  }
  for (const [field, time] of [
    ['readyFrom', readyFrom],
    ['readyUntil', readyUntil],
  ] as const) {
    if (time && time.slice(0, 10) !== date) {
      addError('INVALID', field, `must be on ${date}, the day of the pickup`);
    }
  }
  if (readyFrom && readyUntil && readyFrom >= readyUntil) {
    addError('INVALID', 'readyUntil', 'must be after readyFrom');
  }
  if (maxPrice && Number(maxPrice.amount) < 0) {
    addError('INVALID', 'maxPrice.amount', 'must not be less than zero');
  }
  return errors;
}

import type { Address } from '../../../domain/address.ts';
import { addDays } from '../../../domain/calendar.ts';
import { ProviderError } from '../../../domain/errors.ts';
import { type ShippableParcel } from '../../../domain/shippable-parcel.ts';
import { totalWeight } from '../../../domain/parcel.ts';
import type { PickupRequest } from '../../adapter.ts';
import { requireLabelAddress, toLabelAddress } from '../labels/label-address.ts';
import { requireState } from '../addresses/state.ts';
import { toUsAddress } from '../../../domain/us-address.ts';

/**
 * Maps a pickup to the request body. The ready times are omitted: USPS collects with the daily mail. Throws a
 * `ProviderError` for what USPS would refuse.
 */
export function toPickupRequest(pickup: PickupRequest, now: number) {
  const { address, date, parcels, packageLocation = 'FRONT_DOOR', instructions } = pickup;
  requirePickupDay(date, now);
  return {
    pickupDate: date,
    pickupAddress: toPickupAddress(address),
    packages: countByType(parcels),
    estimatedWeight: totalWeight(
      parcels.map(({ parcel }) => parcel),
      'POUND',
    ),
    pickupLocation: { packageLocation, specialInstructions: instructions || undefined },
  };
}

/** Accepts Monday to Saturday until 02:00 Central Time of the day, up to a year ahead (Carrier Pickup 3.1.8). */
function requirePickupDay(date: string, now: number): void {
  const rejected = (message: string, hint: string) =>
    new ProviderError('REJECTED', message, { field: ['date'], hint });
  const [today, hour] = centralTime(now);
  if (date < today || (date === today && hour >= 2)) {
    throw rejected(
      `it is too late for a pickup on ${date}`,
      'Choose a later day: USPS accepts pickups until 02:00 Central Time of the day.',
    );
  }
  if (date > addDays(365, today)) {
    throw rejected('USPS accepts pickups up to a year ahead', 'Choose an earlier day.');
  }
  if (new Date(date).getUTCDay() === 0) {
    throw rejected('USPS does not collect on Sundays', 'Choose a day from Monday to Saturday.');
  }
}

function centralTime(now: number): [date: string, hour: number] {
  const zone = { timeZone: 'America/Chicago' };
  return [
    new Intl.DateTimeFormat('en-CA', { ...zone, dateStyle: 'short' }).format(now),
    Number(new Intl.DateTimeFormat('en-GB', { ...zone, hour: 'numeric' }).format(now)),
  ];
}

function toPickupAddress(given: Address) {
  const usAddress = toUsAddress(given);
  if (usAddress.country !== 'US') {
    throw new ProviderError('NOT_SUPPORTED', 'USPS collects in the United States only', {
      field: ['address', 'country'],
    });
  }
  requireState(usAddress, ['address']);
  requireLabelAddress(usAddress, 'address');
  const { firstName, lastName, firm, phone, email, ...address } = toLabelAddress(usAddress);
  if (!firstName || !lastName) {
    throw new ProviderError('REJECTED', 'USPS requires the first and last name of a person at the address', {
      field: ['address', 'name'],
    });
  }
  if (phone && !/^\d{10}$/.test(phone)) {
    throw new ProviderError('REJECTED', 'USPS accepts a phone number of ten digits for a pickup', {
      field: ['address', 'phone'],
      hint: 'Give a number in the United States, or an email address in its place.',
    });
  }
  const contact = [...(email ? [{ email }] : []), ...(phone ? [{ phone }] : [])];
  if (contact.length === 0) {
    throw new ProviderError('REJECTED', 'USPS requires a phone number or an email at the address', {
      field: ['address', 'phone'],
      hint: 'Set a phone number of ten digits or an email address of at most 50 characters.',
    });
  }
  return { firstName, lastName, firm, address, contact };
}

/** USPS's package types by service code. Any other service counts as OTHER. */
const packageTypes: Readonly<Record<string, string>> = {
  FIRST_CLASS_PACKAGE_SERVICE: 'FIRST-CLASS_PACKAGE_SERVICE',
  PRIORITY_MAIL: 'PRIORITY_MAIL',
  PRIORITY_MAIL_EXPRESS: 'PRIORITY_MAIL_EXPRESS',
  USPS_GROUND_ADVANTAGE: 'USPS_GROUND_ADVANTAGE',
};

function packageTypeOf({ service, to, isReturn }: ShippableParcel): string {
  if (isReturn) return 'RETURNS';
  return toUsAddress(to).country === 'US' ? (packageTypes[service.code] ?? 'OTHER') : 'INTERNATIONAL';
}

export function countByType(parcels: readonly ShippableParcel[]) {
  return [...Map.groupBy(parcels, packageTypeOf)].map(([packageType, some]) => ({
    packageType,
    packageCount: some.length,
  }));
}

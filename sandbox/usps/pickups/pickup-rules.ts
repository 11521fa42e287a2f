import type { Pickup } from './pickup-response.ts';
import type { PickupRequest } from './pickup-schema.ts';
import { localTime } from '../addresses/places.ts';
import { businessError } from '../errors.ts';
import type { UspsState } from '../state.ts';

export const pickupVersion = '/pickup/v3';
const day = 86_400_000;
const isoDate = (time: number) => new Date(time).toISOString().slice(0, 10);

const pickupError = (code: string, detail: string) => businessError(pickupVersion, code, detail);

/**
 * Validates a pickup request and returns the pickup day: the requested one, or the next possible one with
 * `nextAvailablePickup`. Pickups are Monday to Saturday, until 02:00 Central Time of the day, at most a year ahead.
 */
export function checkPickup(state: UspsState, request: PickupRequest, others: Pickup[]): string {
  const now = state.clock.now();
  const { local } = localTime(now, 'America/Chicago');
  const today = local.slice(0, 10);
  const { pickupDate: date, pickupLocation: place } = request;
  if (date < today) throw pickupError('020016', 'Pickup date is in the past.');
  if (Date.parse(date) > Date.parse(today) + 365 * day) {
    throw pickupError('020017', 'Pickups can only be scheduled one year in the future.');
  }
  const hasPickup = (time: number) => {
    const late = isoDate(time) === today && local.slice(11) >= '02:00:00';
    const sunday = new Date(time).getUTCDay() === 0;
    return !late && !sunday;
  };
  let time = Date.parse(date);
  while (request.nextAvailablePickup && !hasPickup(time)) time += day;
  if (!hasPickup(time)) throw pickupError('020018', 'Pickup Request cannot be scheduled on requested day.');
  const instructions = place.specialInstructions ?? '';
  if (instructions.length > 255) throw pickupError('020019', 'Comment length exceeds 255 characters.');
  if (/[<>{}]/.test(instructions)) throw pickupError('020005', 'Comment contains invalid characters.');
  if (place.packageLocation === 'OTHER' && instructions === '') {
    throw pickupError('020020', 'Pickup location of Other requires additional information in comments.');
  }
  const counts = request.packages.map((each) => each.packageCount);
  if (counts.some((each) => each < 0) || counts.every((each) => each === 0) || request.estimatedWeight <= 0) {
    throw pickupError('020003', 'Invalid pickup details.');
  }
  const open = others.filter((each) => each.asked.pickupDate >= today);
  if (open.length > 0) throw pickupError('020001', 'Pickup already exists for this address.');
  return isoDate(time);
}

import type { Pickup } from './pickup-response.ts';
import type { PickupForm } from './pickup-schema.ts';
import { wallTime } from '../addresses/places.ts';
import { businessError } from '../errors.ts';
import type { UspsState } from '../state.ts';

export const pickupVersion = '/pickup/v3';
const day = 86_400_000;
const isoDate = (time: number) => new Date(time).toISOString().slice(0, 10);

const refuse = (code: string, detail: string) => businessError(pickupVersion, code, detail);

/**
 * Monday to Saturday, until two in the morning Central Time of the day, and a year ahead at most. Returns the day,
 * which is the next that there is where `nextAvailablePickup` allows another.
 */
export function checkPickup(world: UspsState, asked: PickupForm, others: Pickup[]): string {
  const now = world.clock.now();
  const { local } = wallTime(now, 'America/Chicago');
  const today = local.slice(0, 10);
  const { pickupDate: date, pickupLocation: place } = asked;
  if (date < today) throw refuse('020016', 'Pickup date is in the past.');
  if (Date.parse(date) > Date.parse(today) + 365 * day) {
    throw refuse('020017', 'Pickups can only be scheduled one year in the future.');
  }
  const hasPickup = (time: number) => {
    const late = isoDate(time) === today && local.slice(11) >= '02:00:00';
    const sunday = new Date(time).getUTCDay() === 0;
    return !late && !sunday;
  };
  let time = Date.parse(date);
  while (asked.nextAvailablePickup && !hasPickup(time)) time += day;
  if (!hasPickup(time)) throw refuse('020018', 'Pickup Request cannot be scheduled on requested day.');
  const instructions = place.specialInstructions ?? '';
  if (instructions.length > 255) throw refuse('020019', 'Comment length exceeds 255 characters.');
  if (/[<>{}]/.test(instructions)) throw refuse('020005', 'Comment contains invalid characters.');
  if (place.packageLocation === 'OTHER' && instructions === '') {
    throw refuse('020020', 'Pickup location of Other requires additional information in comments.');
  }
  const counts = asked.packages.map((each) => each.packageCount);
  if (counts.some((each) => each < 0) || counts.every((each) => each === 0) || asked.estimatedWeight <= 0) {
    throw refuse('020003', 'Invalid pickup details.');
  }
  const open = others.filter((each) => each.asked.pickupDate >= today);
  if (open.length > 0) throw refuse('020001', 'Pickup already exists for this address.');
  return isoDate(time);
}

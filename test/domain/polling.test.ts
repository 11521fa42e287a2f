import fc from 'fast-check';
import { expect, it } from 'vitest';

import { nextPoll } from '../../src/domain/polling.ts';

const day = 24 * 60 * 60_000;
const statuses = ['UNKNOWN', 'PRE_TRANSIT', 'ACCEPTED', 'IN_TRANSIT', 'OUT_FOR_DELIVERY', 'AVAILABLE_FOR_PICKUP', 'DELIVERY_ATTEMPTED', 'RETURNING', 'EXCEPTION'] as const; // prettier-ignore

it('a parcel on its way is due again within a day, and no sooner than a quarter of an hour', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...statuses),
      fc.integer({ min: 0, max: 30 * day - 1 }),
      (status, unchanged) => {
        const wait = nextPoll(status, unchanged, 0)! - unchanged;
        expect(wait).toBeGreaterThanOrEqual(15 * 60_000);
        expect(wait).toBeLessThanOrEqual(day);
      },
    ),
  );
});

it('a parcel that has arrived, or has not changed for 30 days, is not due again', () => {
  for (const status of ['DELIVERED', 'RETURNED', 'CANCELLED'] as const) expect(nextPoll(status, 1, 0)).toBeUndefined(); // prettier-ignore
  for (const status of statuses) expect(nextPoll(status, 30 * day, 0)).toBeUndefined();
});

it('a parcel out for delivery is due before one in transit, and that one before a label', () => {
  const [soon, later, last] = (['OUT_FOR_DELIVERY', 'IN_TRANSIT', 'PRE_TRANSIT'] as const).map((status) => nextPoll(status, 0, 0)!); // prettier-ignore
  expect(soon).toBeLessThan(later!);
  expect(later).toBeLessThan(last!);
});

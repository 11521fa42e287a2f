import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { scalars } from '../../../src/resolvers/schema/scalars.ts';

const twoDigits = (value: number) => String(value).padStart(2, '0');
const accepts = (scalar: 'Date' | 'DateTime' | 'LocalDateTime', text: string) => {
  try {
    return scalars[scalar].parseValue(text) === text;
  } catch {
    return false;
  }
};

describe('a date', () => {
  it('is a day of the calendar, in times too', () => {
    const part = (max: number) => fc.integer({ min: 0, max });
    fc.assert(
      fc.property(fc.integer({ min: 1000, max: 9998 }), part(14), part(33), (year, month, day) => {
        const date = `${year}-${twoDigits(month)}-${twoDigits(day)}`;
        // The calendar carries a day that a month lacks over to the next month.
        const carried = new Date(Date.UTC(year, month - 1, day));
        const exists = carried.getUTCMonth() === month - 1 && carried.getUTCDate() === day;
        expect(accepts('Date', date)).toBe(exists);
        expect(accepts('DateTime', `${date}T07:31:00-05:00`)).toBe(exists);
        expect(accepts('LocalDateTime', `${date}T07:31:00`)).toBe(exists);
      }),
      { numRuns: 500 },
    );
    expect(accepts('Date', '2028-02-29')).toBe(true);
    expect(accepts('Date', '2026-02-29')).toBe(false);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { dateAt, addDays } from '../../src/domain/calendar.ts';

describe('the date at an address', () => {
  const at = (postalCode: string, time: string, country = 'US') =>
    dateAt({ country, postalCode }, Date.parse(time));
  /** ZIP codes with the UTC hour at which their day begins, in winter and in summer. */
  const places: [place: string, zip: string, winter: number, summer: number][] = [
    ['Boston', '02108', 5, 4],
    ['San Juan', '00901', 4, 4],
    ['Chicago', '60601', 6, 5],
    ['Dallas', '75201', 6, 5],
    ['Nashville', '37201', 6, 5],
    ['Denver', '80202', 7, 6],
    ['Phoenix', '85001', 7, 7],
    ['Las Vegas', '89101', 8, 7],
    ['San Francisco', '94107', 8, 7],
    ['Anchorage', '99501', 9, 8],
    ['Honolulu', '96813', 10, 10],
  ];

  for (const [place, zip, winter, summer] of places) {
    it(`changes at midnight in ${place}`, () => {
      const hour = (hours: number) => String(hours).padStart(2, '0');
      expect(at(zip, `2026-11-18T${hour(winter - 1)}:59:59Z`)).toBe('2026-11-17');
      expect(at(zip, `2026-11-18T${hour(winter)}:00:00Z`)).toBe('2026-11-18');
      expect(at(zip, `2026-07-04T${hour(summer - 1)}:59:59Z`)).toBe('2026-07-03');
      expect(at(zip, `2026-07-04T${hour(summer)}:00:00Z`)).toBe('2026-07-04');
    });
  }

  it('changes earliest in Guam', () => {
    expect(at('96910', '2026-11-17T13:59:59Z')).toBe('2026-11-17');
    expect(at('96910', '2026-11-17T14:00:00Z')).toBe('2026-11-18');
  });

  it('is the UTC date outside the US', () => {
    expect(at('10115', '2026-11-17T23:59:59Z', 'DE')).toBe('2026-11-17');
    expect(at('10115', '2026-11-18T00:00:00Z', 'DE')).toBe('2026-11-18');
  });

  it('is a date for any address and time', () => {
    fc.assert(
      fc.property(
        fc.option(fc.string()),
        fc.date({ noInvalidDate: true, min: new Date('1970-01-02'), max: new Date('9999-01-01') }),
        (zip, time) => {
          const date = dateAt({ country: 'US', postalCode: zip }, time.getTime());
          expect(date).toMatch(/^\d{4}-\d{2}-\d{2}$/);
          expect(Math.abs(Date.parse(date) - time.getTime())).toBeLessThan(2 * 86_400_000);
        },
      ),
    );
  });
});

it('adding days crosses months and years', () => {
  expect(addDays(1, '2026-12-31')).toBe('2027-01-01');
  expect(addDays(365, '2027-03-01')).toBe('2028-02-29');
});

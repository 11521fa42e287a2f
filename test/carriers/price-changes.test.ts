import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { pricesHoldUntil } from '../../src/carriers/price-changes.ts';

const minute = 60_000;
const iso = (time: number) => new Date(time).toISOString();

describe('prices hold', () => {
  it.each([
    // Noon and evening in New York: until a minute before its midnight, an hour before that of Chicago.
    ['2026-11-18T17:00:00Z', '2026-11-19T04:59:00.000Z'],
    ['2026-11-19T04:58:59Z', '2026-11-19T04:59:00.000Z'],
    // After it has settled in New York: until a minute before midnight in Chicago.
    ['2026-11-19T05:05:00Z', '2026-11-19T05:59:00.000Z'],
    ['2026-07-01T12:00:00Z', '2026-07-02T03:59:00.000Z'],
  ])('from %s until a minute before the next midnight, %s', (pricedAt, until) => {
    expect(iso(pricesHoldUntil(Date.parse(pricedAt)))).toBe(until);
  });

  it.each(['2026-11-19T04:59:00Z', '2026-11-19T05:04:59Z', '2026-11-19T05:59:30Z', '2026-11-19T06:04:59Z'])(
    'no time around midnight: %s',
    (pricedAt) => {
      expect(pricesHoldUntil(Date.parse(pricedAt))).toBe(Date.parse(pricedAt));
    },
  );

  it('over no midnight in Chicago or New York, on any day of ten years', () => {
    const calendars = ['America/Chicago', 'America/New_York'].map(
      (timeZone) => new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' }),
    );
    const anyTime = fc.date({
      min: new Date('2025-01-01'),
      max: new Date('2035-01-01'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(anyTime, fc.integer({ min: 0, max: 12 * 60 * minute }), (pricedAt, age) => {
        const at = pricedAt.getTime();
        // The longest that a quote may be shared is 12 hours.
        fc.pre(at + age <= pricesHoldUntil(at));
        for (const calendar of calendars) expect(calendar.format(at + age)).toBe(calendar.format(at));
      }),
      { numRuns: 2_000 },
    );
  });
});

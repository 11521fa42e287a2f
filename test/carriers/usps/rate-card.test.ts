import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { ProviderError } from '../../../src/domain/errors.ts';
import type { Parcel } from '../../../src/domain/parcel.ts';
import type { RateRequest } from '../../../src/domain/rate.ts';
import { receiver } from '../../support/test-server.ts';
import { call, openForTest, ottawa, rateRequest, smallParcel } from './support.ts';

const open = () => openForTest({ options: { rateCard: { spotCheckShare: 0.1 } } });

describe('the rate card of USPS', () => {
  it(
    'says that requests cost the same whose route and parcel are the same',
    { timeout: 30_000 },
    async () => {
      const { adapter, clock } = await open();
      const { questionOf, entryOf } = adapter.rateCard!;
      const inches = fc.integer({ min: 1, max: 30 });
      const anyPair = fc.record({
        pounds: fc.tuple(
          fc.double({ min: 0.01, max: 30, noNaN: true }),
          fc.double({ min: 0.001, max: 1, noNaN: true }),
        ),
        size: fc.record({
          length: inches,
          width: inches,
          height: inches,
          unit: fc.constant('INCH' as const),
        }),
        prefix: fc.constantFrom('100', '331', '606', '787', '941', '967', '006', '962'),
        lastDigits: fc.tuple(fc.integer({ min: 1, max: 98 }), fc.integer({ min: 1, max: 98 })),
      });
      let compared = 0;
      await fc.assert(
        fc.asyncProperty(anyPair, async ({ pounds: [pounds, more], size, prefix, lastDigits }) => {
          const [one, other] = lastDigits.map((last, index): RateRequest => {
            const value = index === 0 ? pounds : pounds + more;
            const parcel: Parcel = { weight: { value, unit: 'POUND' }, dimensions: size };
            const to = { ...receiver, postalCode: `${prefix}${String(last).padStart(2, '0')}` };
            return { ...rateRequest, to, parcels: [parcel] };
          }) as [RateRequest, RateRequest];
          const [asked, alike] = [one, other].map((request) => questionOf(request, clock.now()));
          if (!asked || !alike || asked.route !== alike.route || asked.parcel !== alike.parcel) return;
          const quotes = await adapter.quote!([one, other], call);
          const [answer, same] = quotes.map((quote) =>
            quote instanceof ProviderError ? quote.code : entryOf(quote),
          );
          expect(same).toEqual(answer);
          compared += 1;
        }),
        { numRuns: 150 },
      );
      expect(compared).toBeGreaterThan(30);
    },
  );

  it.each([
    ['9.99 oz', '10 oz', true],
    ['8 oz', '8.01 oz', false],
    ['15.01 oz', '15.99 oz', true],
    ['15.99 oz', '16 oz', false],
    ['1.01 lb', '2 lb', true],
    ['2 lb', '2.01 lb', false],
  ])('charges %s as %s: %s', async (one, other, isSame) => {
    const { adapter, clock } = await open();
    const [first, second] = [one, other].map((text) => {
      const [value, unit] = text.split(' ');
      const weight = { value: Number(value), unit: unit === 'oz' ? 'OUNCE' : 'POUND' } as const;
      return adapter.rateCard!.questionOf(
        { ...rateRequest, parcels: [{ ...smallParcel, weight }] },
        clock.now(),
      )!.parcel;
    });
    expect(first === second).toBe(isSame);
  });

  it.each([
    ['two ZIP codes of one prefix on the mainland', '94102', '94199', true],
    ['Hawaii and American Samoa', '96701', '96799', false],
    ['two posts of one military prefix', '09001', '09002', false],
    ['two prefixes', '94102', '94002', false],
  ])('keeps one zone for %s (%s, %s): %s', async (_, one, other, isSame) => {
    const { adapter, clock } = await open();
    const [first, second] = [one, other].map(
      (postalCode) =>
        adapter.rateCard!.questionOf({ ...rateRequest, to: { ...receiver, postalCode } }, clock.now())!.route,
    );
    expect(first === second).toBe(isSame);
  });

  it.each([
    ['a parcel abroad', { to: ottawa }],
    ['a territory with customs', { to: { ...receiver, state: 'GU', postalCode: '96910' } }],
    ['several parcels', { parcels: [smallParcel, smallParcel] }],
    ['another day', { shipDate: '2026-11-19' }],
  ])('says nothing of %s', async (_, more) => {
    const { adapter, clock } = await open();
    expect(adapter.rateCard!.questionOf({ ...rateRequest, ...more }, clock.now())).toBeUndefined();
  });

  it('is kept for accounts alone that ask for it', async () => {
    expect((await openForTest()).adapter.rateCard).toBeUndefined();
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { crossesCustoms, customsErrors, type Customs } from '../../src/domain/customs.ts';
import type { Parcel } from '../../src/domain/parcel.ts';
import { box, receiver, sender } from '../support/test-server.ts';

const parcel = box as Parcel;
const mug = {
  description: 'Mug',
  quantity: 2,
  totalValue: { amount: '18.00', currencyCode: 'USD' },
  totalWeight: { value: 12, unit: 'OUNCE' as const },
  originCountry: 'US',
};
const customs: Customs = { contents: 'MERCHANDISE', items: [mug] };
const faults = (change: Partial<Customs>, parcels: readonly Parcel[] = [parcel]) =>
  customsErrors({ ...customs, ...change }, parcels, ['customs']).map(
    ({ code, field }) => `${code} ${field.join('.')}`,
  );

describe('a customs declaration', () => {
  it('is fine with one described line that weighs no more than the parcel', () => {
    expect(faults({})).toEqual([]);
  });

  it.each([
    ['no line', { items: [] }, 'REQUIRED customs.items'],
    ['31 lines', { items: Array(31).fill({ ...mug, totalWeight: { value: 0.1, unit: 'OUNCE' } }) }, 'TOO_MANY customs.items'],
    ['other contents that are not explained', { contents: 'OTHER' as const }, 'REQUIRED customs.explanation'],
    ['a line of nothing', { items: [{ ...mug, quantity: 0 }] }, 'INVALID customs.items.0.quantity'],
    ['a line that is not described', { items: [{ ...mug, description: ' ' }] }, 'REQUIRED customs.items.0.description'],
    ['a novel', { items: [{ ...mug, description: 'x'.repeat(201) }] }, 'INVALID customs.items.0.description'],
    ['a line that is worth nothing', { items: [{ ...mug, totalValue: { amount: '0.00', currencyCode: 'USD' } }] }, 'INVALID customs.items.0.totalValue.amount'],
    ['a line that weighs nothing', { items: [{ ...mug, totalWeight: { value: 0, unit: 'GRAM' as const } }] }, 'INVALID customs.items.0.totalWeight.value'],
    ['a tariff number that is none', { items: [{ ...mug, hsTariffNumber: 'mug' }] }, 'INVALID customs.items.0.hsTariffNumber'],
    ['a tariff number of dots', { items: [{ ...mug, hsTariffNumber: '......' }] }, 'INVALID customs.items.0.hsTariffNumber'],
    ['a tariff number of four digits', { items: [{ ...mug, hsTariffNumber: '69.1.2' }] }, 'INVALID customs.items.0.hsTariffNumber'],
    ['a signature of many pages', { signer: 'x'.repeat(201) }, 'INVALID customs.signer'],
    ['a filing number that is none', { eelPfc: 'x'.repeat(201) }, 'INVALID customs.eelPfc'],
    ['an explanation of many pages', { explanation: 'x'.repeat(201) }, 'INVALID customs.explanation'],
    ['lines that weigh more than the parcel', { items: [mug, mug] }, 'INVALID customs.items'],
  ])('is refused with %s, by its path', (_, change, fault) => {
    expect(faults(change as Partial<Customs>)).toEqual([fault]);
  }); // prettier-ignore

  it.each(['691200', '6912.00', '6912.00.3950', '69120039501234'])(
    'takes the tariff number %s',
    (hsTariffNumber) => {
      expect(faults({ items: [{ ...mug, hsTariffNumber }] })).toEqual([]);
    },
  );

  it('speaks of one parcel', () => {
    expect(faults({}, [parcel, parcel])).toEqual(['TOO_MANY customs']);
  });

  it('may weigh as much as the parcel, in whatever unit either is given', () => {
    const units = fc.constantFrom('GRAM' as const, 'OUNCE' as const, 'POUND' as const, 'KILOGRAM' as const);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), units, (steps, unit) => {
        const weight = { value: steps / 10, unit };
        expect(faults({ items: [{ ...mug, totalWeight: weight }] }, [{ ...parcel, weight }])).toEqual([]);
      }),
    );
  });
});

describe('a customs border', () => {
  const at = (country: string, state?: string) => ({ ...receiver, country, state });

  it.each([
    ['another country', at('CA', 'ON'), true],
    ['Guam', at('US', 'GU'), true],
    ['an army post office in Europe', at('US', 'AE'), true],
    ['the Virgin Islands', at('US', 'VI'), true],
    ['the next state', receiver, false],
    ['Puerto Rico', at('US', 'PR'), false],
  ])('stands before a parcel from Washington to %s: %s', (_, to, crosses) => {
    expect(crossesCustoms(sender, to)).toBe(crosses);
    expect(crossesCustoms(to, sender)).toBe(crosses);
  });

  it('stands between two territories, and within none', () => {
    expect(crossesCustoms(at('US', 'GU'), at('US', 'MP'))).toBe(true);
    expect(crossesCustoms(at('US', 'GU'), at('US', 'GU'))).toBe(false);
  });

  it('does not stand within the European Union, and does around it', () => {
    expect(crossesCustoms(at('BE'), at('FR'))).toBe(false);
    expect(crossesCustoms(at('BE'), at('GB'))).toBe(true);
    expect(crossesCustoms(at('BE'), at('CH'))).toBe(true);
  });
});

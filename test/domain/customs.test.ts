import { describe, expect, it } from 'vitest';

import { crossesCustoms, validateCustoms, type Customs } from '../../src/domain/customs.ts';
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
const errorsOf = (change: Partial<Customs>, parcels: readonly Parcel[] = [parcel]) =>
  validateCustoms({ ...customs, ...change }, parcels, ['customs']).map(
    ({ code, field }) => `${code} ${field.join('.')}`,
  );

describe('a customs declaration', () => {
  it('needs one described line', () => {
    expect(errorsOf({})).toEqual([]);
  });

  it.each([
    ['no line', { items: [] }, 'REQUIRED customs.items'],
    ['31 lines', { items: Array(31).fill({ ...mug, totalWeight: { value: 0.1, unit: 'OUNCE' } }) }, 'TOO_MANY customs.items'],
    ['OTHER contents without an explanation', { contents: 'OTHER' as const }, 'REQUIRED customs.explanation'],
    ['a line with quantity zero', { items: [{ ...mug, quantity: 0 }] }, 'INVALID customs.items.0.quantity'],
    ['a line without a description', { items: [{ ...mug, description: ' ' }] }, 'REQUIRED customs.items.0.description'],
    ['a description that is too long', { items: [{ ...mug, description: 'x'.repeat(201) }] }, 'INVALID customs.items.0.description'],
    ['a line without value', { items: [{ ...mug, totalValue: { amount: '0.00', currencyCode: 'USD' } }] }, 'INVALID customs.items.0.totalValue.amount'],
    ['a line without weight', { items: [{ ...mug, totalWeight: { value: 0, unit: 'GRAM' as const } }] }, 'INVALID customs.items.0.totalWeight.value'],
    ['a tariff number without digits', { items: [{ ...mug, hsTariffNumber: 'mug' }] }, 'INVALID customs.items.0.hsTariffNumber'],
    ['a tariff number of dots alone', { items: [{ ...mug, hsTariffNumber: '......' }] }, 'INVALID customs.items.0.hsTariffNumber'],
    ['a tariff number of four digits', { items: [{ ...mug, hsTariffNumber: '69.1.2' }] }, 'INVALID customs.items.0.hsTariffNumber'],
    ['a signer that is too long', { signer: 'x'.repeat(201) }, 'INVALID customs.signer'],
    ['a filing number that is too long', { eelPfc: 'x'.repeat(201) }, 'INVALID customs.eelPfc'],
    ['an explanation that is too long', { explanation: 'x'.repeat(201) }, 'INVALID customs.explanation'],
  ])('is rejected with %s, with its path', (_, change, error) => {
    expect(errorsOf(change as Partial<Customs>)).toEqual([error]);
  }); // prettier-ignore

  it.each(['691200', '6912.00', '6912.00.3950', '69120039501234'])(
    'accepts the tariff number %s',
    (hsTariffNumber) => {
      expect(errorsOf({ items: [{ ...mug, hsTariffNumber }] })).toEqual([]);
    },
  );

  it('describes one parcel', () => {
    expect(errorsOf({}, [parcel, parcel])).toEqual(['TOO_MANY customs']);
  });

  it('may have lines that weigh more than the parcel, which the provider judges', () => {
    expect(errorsOf({ items: [mug, mug] })).toEqual([]);
  });
});

describe('a customs border', () => {
  const at = (country: string, state?: string) => ({ ...receiver, country, state });

  it.each([
    ['another country', at('CA', 'ON'), true],
    ['Guam', at('US', 'GU'), true],
    ['an army post office in Europe', at('US', 'AE'), true],
    ['the Virgin Islands', at('US', 'VI'), true],
    ['another state', receiver, false],
    ['Puerto Rico', at('US', 'PR'), false],
  ])('between Washington and %s is crossed: %s', (_, to, crosses) => {
    expect(crossesCustoms(sender, to)).toBe(crosses);
    expect(crossesCustoms(to, sender)).toBe(crosses);
  });

  it('is between two territories, not within one', () => {
    expect(crossesCustoms(at('US', 'GU'), at('US', 'MP'))).toBe(true);
    expect(crossesCustoms(at('US', 'GU'), at('US', 'GU'))).toBe(false);
  });

  it('is around the European Union, not within it', () => {
    expect(crossesCustoms(at('BE'), at('FR'))).toBe(false);
    expect(crossesCustoms(at('BE'), at('GB'))).toBe(true);
    expect(crossesCustoms(at('BE'), at('CH'))).toBe(true);
  });
});

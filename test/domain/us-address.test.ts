import { describe, expect, it } from 'vitest';

import { addressChanges, normalizeAddress, validateAddress } from '../../src/domain/address.ts';
import { crossesCustoms } from '../../src/domain/customs.ts';
import { joinUrbanization, takeUrbanization } from '../../src/domain/urbanization.ts';

describe('a territory of the United States', () => {
  it.each([
    ['PR', 'Puerto Rico'],
    ['GU', 'Guam'],
    ['VI', 'U.S. Virgin Islands'],
    ['AS', 'American Samoa'],
    ['MP', 'Northern Mariana Islands'],
  ])('%s is one place as a country, and as a state by its code or name', (code, name) => {
    const place = { state: code, country: 'US' };
    expect(normalizeAddress({ country: code })).toEqual(place);
    expect(normalizeAddress({ country: code, state: name })).toEqual(place);
    expect(normalizeAddress({ country: 'US', state: code.toLowerCase() })).toEqual(place);
    expect(normalizeAddress({ country: 'US', state: ` ${name} ` })).toEqual(place);
  });

  it('has ZIP codes and the customs border of the state, however it is written', () => {
    const guam = normalizeAddress({ country: 'GU', postalCode: '96910' });
    expect(validateAddress({ ...guam, postalCode: 'X' }, 'quote', [])).toMatchObject([
      { field: ['postalCode'] },
    ]);
    expect(crossesCustoms({ country: 'US', state: 'CA' }, guam)).toBe(true);
    const sanJuan = normalizeAddress({ country: 'PR', postalCode: '009260001' });
    expect(sanJuan.postalCode).toBe('00926-0001');
    expect(crossesCustoms({ country: 'US', state: 'CA' }, sanJuan)).toBe(false);
  });
});

describe('military post', () => {
  it.each([
    ['Armed Forces Pacific', 'AP'],
    ['Armed Forces Americas', 'AA'],
    ['U.S. Armed Forces – Europe', 'AE'],
    ['armed forces middle east', 'AE'],
    ['Armed Forces Africa', 'AE'],
  ])('%s is %s', (name, state) => {
    expect(normalizeAddress({ country: 'US', state: name }).state).toBe(state);
  });
});

describe('an urbanization', () => {
  const sanJuan = { city: 'San Juan', state: 'PR', postalCode: '00926', country: 'US' };
  const expected = { ...sanJuan, street1: '150 Calle A', urbanization: 'Urb Las Gladiolas' };

  it('is read from the street line that begins with it', () => {
    const read = (street1: string, street2?: string) => normalizeAddress({ ...sanJuan, street1, street2 });
    expect(read('150 Calle A', 'Urb Las Gladiolas')).toEqual(expected);
    expect(read('Urb Las Gladiolas', '150 Calle A')).toEqual(expected);
    expect(read('Urb Las Gladiolas, 150 Calle A')).toEqual(expected);
    expect(read('150 Calle A', 'Apt 3, Urb Las Gladiolas')).toEqual({ ...expected, street2: 'Apt 3' });
    expect(read('150 Calle A', 'Urbanización Santa Rosa').urbanization).toBe('Urbanización Santa Rosa');
  });

  it('is nothing but a street where there is no other, outside Puerto Rico, and beside a given urbanization', () => {
    for (const address of [
      { ...sanJuan, street1: 'Urb Las Gladiolas 150 Calle A', street2: 'Apt 3' },
      { ...sanJuan, street1: 'Urb Las Gladiolas' },
      { ...sanJuan, state: 'NY', street1: '1 Main St', street2: 'Urb Hall' },
      { ...sanJuan, street1: '1 Calle A', street2: 'Urb Hall', urbanization: 'Urb Las Gladiolas' },
    ]) {
      expect(normalizeAddress(address)).toEqual(address);
    }
  });

  it('is the same with the word for it or without', () => {
    expect(addressChanges({ urbanization: 'Las Gladiolas' }, { urbanization: 'URB LAS GLADIOLAS' })).toEqual(
      [],
    );
    expect(addressChanges({}, { urbanization: 'URB LAS GLADIOLAS' })).toEqual([
      { field: 'urbanization', from: null, to: 'URB LAS GLADIOLAS' },
    ]);
  });

  it('goes on the second line of a provider without a field for it, and is found again where that moves it', () => {
    const joined = joinUrbanization({ ...expected, street2: 'Apt 3' });
    expect(joined).toEqual({ ...sanJuan, street1: '150 Calle A', street2: 'Apt 3, URB Las Gladiolas' });
    const standardized = { street1: '150 CALLE A APT 3 URB LAS GLADIOLAS', street2: '' };
    expect(takeUrbanization(standardized, 'Las Gladiolas')).toEqual({
      street1: '150 CALLE A APT 3',
      urbanization: 'URB LAS GLADIOLAS',
    });
    expect(takeUrbanization({ street1: '1 CALLE A' }, 'Las Gladiolas')).toEqual({ street1: '1 CALLE A' });
  });
});

import { describe, expect, it } from 'vitest';

import { usps } from '../../../src/carriers/usps/index.ts';
import type { Verification } from '../../../src/domain/address.ts';
import { receiver } from '../../support/test-server.ts';
import { call, openForTest } from './support.ts';

describe('a USPS address in a territory', () => {
  it('is verified by its own country code as by that of the United States', async () => {
    const { adapter } = await openForTest();
    expect(usps.verifiesCountries).toEqual(expect.arrayContaining(['US', 'PR', 'GU']));
    const sanJuan = { street1: '1 Calle Sol', city: 'San Juan', postalCode: '00901' };
    const [asCountry, asState, canadian] = await adapter.verify!(
      [
        { ...sanJuan, country: 'PR' },
        { ...sanJuan, state: 'PR', country: 'US' },
        { ...sanJuan, country: 'CA' },
      ],
      call,
    );
    expect(asState).toMatchObject({ status: 'VERIFIED', address: { state: 'PR', country: 'US' } });
    expect(asCountry).toEqual({
      ...asState,
      address: { ...(asState as Verification).address, country: 'PR' },
    });
    expect(canadian).toMatchObject({ code: 'NOT_SUPPORTED', field: ['country'] });
  });
});

describe('a USPS address without a state', () => {
  const cityState = /city-state$/;
  const bare = { street1: '388 Townsend St', street2: 'Apt 20', postalCode: '94107', country: 'US' };

  it('is completed from its ZIP code by one call for each distinct ZIP code', async () => {
    const { adapter, emulator } = await openForTest();
    const inWashington = { street1: "475 L'Enfant Plaza SW", postalCode: '20260', country: 'US' };
    const outcomes = await adapter.verify!(
      [
        bare,
        { ...bare, postalCode: '94107-1670' },
        inWashington,
        receiver,
        { ...bare, city: 'San Francisco' },
      ],
      call,
    );
    expect(outcomes.map((outcome) => 'status' in outcome && outcome.address?.state)).toEqual([
      'CA',
      'CA',
      'DC',
      'CA',
      'CA',
    ]);
    expect(emulator.count('GET', cityState)).toBe(2);
    expect(emulator.count('GET', /\/address$/)).toBe(5);
  });

  it('is undeliverable without a further call where the ZIP code does not exist', async () => {
    const { adapter, emulator } = await openForTest();
    const nowhere = { ...bare, postalCode: '00000' };
    expect(await adapter.verify!([nowhere, nowhere], call)).toMatchObject([
      { status: 'UNDELIVERABLE' },
      { status: 'UNDELIVERABLE' },
    ]);
    expect([emulator.count('GET', cityState), emulator.count('GET', /\/address$/)]).toEqual([1, 0]);
  });

  it('costs one call with a state, and none without state and ZIP code', async () => {
    const { adapter, emulator } = await openForTest();
    const outcomes = await adapter.verify!([{ ...bare, state: 'CA' }, { street1: '1 Main St', city: 'Springfield', country: 'US' }], call); // prettier-ignore
    expect(outcomes).toMatchObject([
      { address: { city: 'SAN FRANCISCO' } },
      { code: 'REJECTED', field: ['postalCode'] },
    ]);
    expect(emulator.calls.filter(({ method }) => method === 'GET')).toHaveLength(1);
  });
});

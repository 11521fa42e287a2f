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

describe('a USPS address that is spelled out', () => {
  const inTexas = { company: 'Acme', street1: '1300 3rd St', city: 'Corpus Christi', state: 'TX', postalCode: '78404-2208', country: 'US' }; // prettier-ignore

  it('is verified in the caller’s spelling where USPS only abbreviates it', async () => {
    const { adapter } = await openForTest();
    const spelledOut = { ...receiver, street1: '388 Townsend Street', street2: 'Apartment 20' };
    expect(await adapter.verify!([inTexas, spelledOut], call)).toMatchObject([
      { status: 'VERIFIED', address: { company: 'ACME', street1: '1300 3RD ST', city: 'Corpus Christi' } },
      { status: 'VERIFIED', address: { street1: '388 Townsend Street', street2: 'Apartment 20' } },
    ]);
  });

  it.each([
    ['another city', { city: 'Corpus Juarez' }, 'CORP CHRISTI'],
    ['another ZIP code', { postalCode: '78401' }, 'CORP CHRISTI'],
  ])('is corrected where USPS answers with %s', async (_, given, city) => {
    const { adapter } = await openForTest();
    expect(await adapter.verify!([{ ...inTexas, ...given }], call)).toMatchObject([
      { status: 'CORRECTED', address: { city } },
    ]);
  });

  it.each([
    ['a city of another state', { city: 'Washington' }, { status: 'CORRECTED', address: { city: 'SAN FRANCISCO' } }],
    ['another city of the state', { city: 'Oakland' }, { status: 'CORRECTED', address: { city: 'SAN FRANCISCO' } }],
    ['the ZIP code of another state', { city: 'Washington', state: 'DC' }, { status: 'CORRECTED', address: { postalCode: expect.stringMatching(/^20/) } }],
    ['a state where its city is not', { state: 'NY' }, { status: 'UNDELIVERABLE' }],
  ])('is never verified with %s', async (_, given, expected) => {
    const { adapter } = await openForTest();
    const street = { ...receiver, street1: '500 Howard St', street2: undefined, postalCode: '94105' };
    expect(await adapter.verify!([street, { ...street, postalCode: '94107', ...given }], call)).toMatchObject([
      { status: 'VERIFIED' },
      expected,
    ]);
  }); // prettier-ignore

  it('keeps what an answer has as "" or not at all', async () => {
    const { adapter, emulator } = await openForTest();
    const address = { streetAddress: '1300 3RD ST', secondaryAddress: '', city: 'CORP CHRISTI', cityAbbreviation: 'CORP CHRISTI', state: 'TX', ZIPCode: '78404', ZIPPlus4: '2208', urbanization: '' }; // prettier-ignore
    const body = {
      firm: '',
      address,
      additionalInfo: { DPVConfirmation: 'Y', business: '' },
      corrections: [{ code: '', text: '' }, null],
      matches: [{ code: '31', text: 'Single Response - exact match' }],
    };
    emulator.injectFault({ path: /\/address$/, response: { status: 200, body } });
    expect(await adapter.verify!([inTexas], call)).toEqual([
      {
        status: 'VERIFIED',
        address: { ...inTexas, street1: '1300 3RD ST' },
        messages: [],
      },
    ]);
  });
});

describe('a USPS address at a licensed app', () => {
  const townsend = { ...receiver, street1: '388 Townsend St' };

  it.each(['standard', 'enhanced'] as const)('is verified alike by the %s API', async (addresses) => {
    const { adapter } = await openForTest({ client: { addresses } });
    const harbor = { street1: '179 N Harbor Dr', city: 'Redondo Beach', state: 'CA', country: 'US' };
    const { street2: _, ...withoutUnit } = townsend;
    expect(await adapter.verify!([townsend, harbor, withoutUnit, { ...townsend, street2: 'Apt 99' }], call)).toMatchObject([
      { status: 'VERIFIED', address: { residential: true }, messages: [] },
      { status: 'VERIFIED', address: { residential: false, postalCode: '90277-2506' } },
      { status: 'AMBIGUOUS', messages: [{ code: 'DPV_D' }, { code: '32' }] },
      { status: 'AMBIGUOUS', messages: [{ code: 'DPV_S' }] },
    ]); // prettier-ignore
  });

  it('says that USPS does not deliver there where the enhanced API knows', async () => {
    const mammoth = { street1: '3325 Main St', postalCode: '93546', state: 'CA', country: 'US' };
    const messagesBy = async (addresses: 'standard' | 'enhanced') => {
      const { adapter } = await openForTest({ client: { addresses } });
      const [verification] = (await adapter.verify!([mammoth], call)) as Verification[];
      expect(verification!.status).toBe('VERIFIED');
      return verification!.messages.map(({ code }) => code);
    };
    expect(await messagesBy('standard')).toEqual(['R777']);
    expect(await messagesBy('enhanced')).toEqual(['DPV_R']);
  });

  it('names what else the enhanced API knows of its mail', async () => {
    const { adapter, emulator } = await openForTest({ client: { addresses: 'enhanced' } });
    const body = {
      address: { streetAddress: '388 TOWNSEND ST', secondaryAddress: 'APT 20', city: 'SAN FRANCISCO', state: 'CA', ZIPCode: '94107', ZIPPlus4: null },
      additionalInfo: { DPVConfirmation: 'Y', DPVEnhancedConfirmation: 'Y', DPVVacant: 'Y', DPVSeasonal: 'Y', DPVThrowback: 'Y', DPVUsageCode: ' ', electricVehicleRoute: true, DPVNonDeliveryDaysValues: ['Sunday'] },
    }; // prettier-ignore
    emulator.injectFault({ path: /\/address$/, response: { status: 200, body } });
    const [verification] = (await adapter.verify!([townsend], call)) as Verification[];
    expect(verification!.messages.map(({ code }) => code)).toEqual(['VACANT', 'SEASONAL', 'THROWBACK']);
    expect(verification!.address).toMatchObject({ residential: undefined, postalCode: '94107' });
  });
});

describe('a USPS address at an app without a license', () => {
  it.each(['client-invalid', 'no-message', 'gateway-fault'] as const)(
    'fails with the next step, and no call for five minutes, whatever USPS answers (%s)',
    async (withoutLicense) => {
      const { adapter, clock, client, emulator } = await openForTest({
        client: { addresses: 'unlicensed' },
        switches: { withoutLicense },
      });
      const { state: _, ...bare } = receiver;
      const refusal = { code: 'SCOPE_MISSING', retryable: false, hint: expect.stringContaining('link this app to it') }; // prettier-ignore
      expect(await adapter.verify!([receiver], call)).toMatchObject([refusal]);
      const before = emulator.calls.length;
      expect(await adapter.verify!([receiver, bare], call)).toMatchObject([refusal, refusal]);
      expect(emulator.calls).toHaveLength(before);
      client.addresses = 'enhanced';
      clock.advance(5 * 60_000);
      expect(await adapter.verify!([receiver], call)).toMatchObject([{ status: 'VERIFIED' }]);
    },
  );

  it('is not what the page of a proxy says', async () => {
    const { adapter, emulator } = await openForTest();
    const restore = emulator.injectFault({ path: /\/address$/, response: { status: 403, body: '<html>Blocked</html>' } }); // prettier-ignore
    expect(await adapter.verify!([receiver], call)).toMatchObject([{ code: 'ACCOUNT_NOT_AUTHORIZED' }]);
    restore();
    expect(await adapter.verify!([receiver], call)).toMatchObject([{ status: 'VERIFIED' }]);
  });

  it('fails before a call where the token lacks the scope', async () => {
    const { adapter, emulator } = await openForTest({ client: { scopes: ['tracking'] } });
    expect(await adapter.verify!([receiver], call)).toMatchObject([
      { code: 'SCOPE_MISSING', hint: expect.stringContaining('API Licenses') },
    ]);
    expect(emulator.count('GET', /addresses/)).toBe(0);
  });
});

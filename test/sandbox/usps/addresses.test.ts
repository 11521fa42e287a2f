import { describe, expect, test } from 'vitest';
import { uspsSandboxClients } from '../../../sandbox/usps/index.ts';
import { bearerToken, findAddress, send, start, townsend, useUspsSandbox } from './requests.ts';

useUspsSandbox();

describe('the Addresses API', () => {
  test('standardizes and corrects addresses', async () => {
    const usps = await start();
    const headers = await bearerToken(usps);
    const exact = await findAddress(usps, headers, townsend);
    expect(exact.body.address).toMatchObject({
      streetAddress: '388 TOWNSEND ST',
      secondaryAddress: 'APT 20',
      city: 'SAN FRANCISCO',
      ZIPCode: '94107',
      ZIPPlus4: '1670',
    });
    expect(exact.body.additionalInfo.DPVConfirmation).toBe('Y');
    expect(exact.body.matches).toEqual([{ code: '31', text: 'Single Response - exact match' }]);
    expect(exact.body.corrections).toEqual([{ code: '', text: '' }]);
    const guide = await findAddress(usps, headers, {
      streetAddress: '3120 M St',
      secondaryAddress: 'NW',
      city: 'Washington',
      state: 'DC',
      ZIPCode: '20027',
    });
    expect(guide.body.address).toMatchObject({ streetAddress: '3120 M ST NW', ZIPCode: '20007' });
  });

  test('reports a missing unit, an unknown unit, and several matching addresses', async () => {
    const usps = await start();
    const headers = await bearerToken(usps);
    const { secondaryAddress, ...building } = townsend;
    const missing = await findAddress(usps, headers, building);
    expect(missing.body.additionalInfo.DPVConfirmation).toBe('D');
    expect(missing.body.corrections[0].code).toBe('32');
    const wrong = await findAddress(usps, headers, {
      ...townsend,
      secondaryAddress: `${secondaryAddress}99`,
    });
    expect(wrong.body.additionalInfo.DPVConfirmation).toBe('S');
    const springfield = { city: 'Springfield', state: 'IL' };
    const several = await findAddress(usps, headers, { streetAddress: '100 Main St', ...springfield });
    expect(several.body.corrections[0].code).toBe('22');
    const refused = await findAddress(usps, headers, { streetAddress: '200 Main St', ...springfield });
    expect(refused.body).toEqual({
      apiVersion: 'v3',
      error: {
        code: '404',
        message: 'More than one address was found matching the requested address.',
        errors: [],
      },
    });
  });

  test('confirms plausible addresses and abbreviates them', async () => {
    const usps = await start();
    const { body } = await findAddress(usps, await bearerToken(usps), {
      streetAddress: '1234 North Orchard Avenue Suite 5',
      state: 'TX',
      ZIPCode: '78701',
    });
    expect(body.address).toMatchObject({
      streetAddress: '1234 N ORCHARD AVE',
      secondaryAddress: 'STE 5',
      city: 'AUSTIN',
    });
    expect(body.additionalInfo.DPVConfirmation).toBe('Y');
  });

  test('responds to an unknown address with a 404 without a code, or by a switch with a 400 with a code', async () => {
    const usps = await start();
    const headers = await bearerToken(usps);
    const nowhere = { ...townsend, streetAddress: '5 Nowhere Rd' };
    const missed = await findAddress(usps, headers, nowhere);
    expect([missed.status, missed.body.error.errors]).toEqual([404, []]);
    usps.switches.addressNotFound = 'workbook';
    const coded = await findAddress(usps, headers, nowhere);
    expect([coded.status, coded.body.error.errors[0].code]).toEqual([400, '010005']);
  });

  test('accepts only the documented query names, case sensitively, and states in upper case', async () => {
    const usps = await start();
    const headers = await bearerToken(usps);
    const misspelt = await findAddress(usps, headers, { ...townsend, secondarayAddress: 'Apt 20' });
    expect(misspelt.status).toBe(400);
    expect(misspelt.body.error.message).toBe(
      "OASValidation OpenAPI-Spec-Validation-Addresses-Request with resource oas://addresses_v3.yaml: failed with reason: [IGNORE - Query parameter 'secondarayAddress' is unexpected on path /address: [], ERROR - query parameter is unexpected : secondarayAddress: []]",
    );
    expect((await findAddress(usps, headers, { ...townsend, zipcode: '94107' })).status).toBe(400);
    expect((await findAddress(usps, headers, { ...townsend, state: 'ca' })).body.error.message).toMatch(
      /ECMA 262 regex/,
    );
    expect((await findAddress(usps, headers, { streetAddress: '1 Main St' })).body.error.message).toMatch(
      /'state' is required/,
    );
  });

  test('returns the city of a ZIP Code', async () => {
    const usps = await start();
    const cityState = await send(usps, 'GET', '/addresses/v3/city-state?ZIPCode=30022', {
      headers: await bearerToken(usps),
    });
    expect(cityState.body).toMatchObject({ city: 'ALPHARETTA', state: 'GA' });
  });
});

describe('the license of the Addresses API', () => {
  const tokenOf = (usps: Awaited<ReturnType<typeof start>>, addresses: string) => {
    const { id, secret } = uspsSandboxClients.find((each) => each.addresses === addresses)!;
    return bearerToken(usps, { client_id: id, client_secret: secret });
  };
  const mammoth = { streetAddress: '3325 Main St', ZIPCode: '93546' };

  test('decides between 3.2.3 and 3.3.1 of one path, which needs no state and knows where USPS does not deliver', async () => {
    const usps = await start();
    const standard = await tokenOf(usps, 'standard');
    expect((await findAddress(usps, standard, mammoth)).status).toBe(400);
    const before = await findAddress(usps, standard, { ...mammoth, state: 'CA' });
    expect(before.body.additionalInfo).toMatchObject({ DPVConfirmation: 'Y', business: 'N', vacant: 'N' });
    const { body } = await findAddress(usps, await tokenOf(usps, 'enhanced'), mammoth);
    expect(body.address).toEqual(before.body.address);
    expect(body.additionalInfo).toMatchObject({
      DPVConfirmation: 'Y',
      DPVEnhancedConfirmation: 'R',
      DPVBusiness: 'N',
    });
    expect(body.additionalInfo).not.toHaveProperty('business');
  });

  test('is refused to an app without it on every path, though its token has the scope', async () => {
    const usps = await start();
    const headers = await tokenOf(usps, 'unlicensed');
    const paths = ['address?streetAddress=1+Main+St&state=TX&ZIPCode=78701', 'city-state?ZIPCode=30022'];
    for (const path of paths) {
      const { status, body } = await send(usps, 'GET', `/addresses/v3/${path}`, { headers });
      expect([status, body.error.message]).toEqual([401, 'The client application identifier is invalid.']);
    }
    usps.switches.withoutLicense = 'no-message';
    expect((await findAddress(usps, headers, townsend)).body.error).toEqual({ code: '401', message: '', errors: [] }); // prettier-ignore
    usps.switches.withoutLicense = 'gateway-fault';
    expect((await findAddress(usps, headers, townsend)).status).toBe(403);
  });
});

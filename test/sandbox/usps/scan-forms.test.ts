import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { uspsSandboxClient as client } from '../../../sandbox/usps/index.ts';
import { returnRequest, flat, openApiClient, labelRequest, shipper, type ApiClient } from './usps-api.ts';

let api: ApiClient;
beforeAll(async () => void (api = await openApiClient()));
afterAll(() => api.usps.close());

const buy = async (piece: object = {}) =>
  (
    await api.request(
      'POST',
      '/labels/v3/label',
      labelRequest(piece, { imageInfo: { imageType: 'NONE' } }),
      flat,
    )
  ).body.trackingNumber as string;
const scan = (shipment: object, more: object = {}, headers = {}, at = api) =>
  at.request(
    'POST',
    '/scan-forms/v3/scan-form',
    {
      mailingDate: '2026-05-28',
      entryFacilityZIPCode: '63116',
      destinationEntryFacilityType: 'NONE',
      shipment,
      fromAddress: shipper,
      ...more,
    },
    headers,
  );

describe('SCAN forms', () => {
  test('are multipart responses as recorded, and one object for the vendor media type', async () => {
    const trackingNumbers = [await buy(), await buy()];
    const { status, body } = await scan({ trackingNumbers });
    expect(status).toBe(200);
    expect(Object.keys(body)).toEqual(['Scan Form Response', 'label']);
    expect(body['Scan Form Response']).toMatchObject({
      shipment: { trackingNumbers },
      trackingNumbers,
      manifestNumber: expect.stringMatching(/^\d{22}$/),
      fromAddress: { firm: 'ACME', address: { streetAddress: '4120 BINGHAM AVE', zipCode: '63116' } },
    });
    expect(body.label).toMatch(/^JVBERi0/);
    const one = await scan({ trackingNumbers: [await buy()] }, {}, flat);
    expect(one.body).toMatchObject({
      fromAddress: { firm: 'ACME', streetAddress: '4120 BINGHAM AVE', ZIPCode: '63116' },
      SCANFormImage: expect.stringMatching(/^JVBERi0/),
    });
  });

  test('include all eligible labels of a mailer', async () => {
    const left = [await buy(), await buy()];
    await buy({ mailingDate: '2026-05-29' });
    const { body } = await scan({ MID: client.mid }, {}, flat);
    expect(body.trackingNumbers).toEqual(left);
    expect((await scan({ manifestMID: client.manifestMid })).code).toBe('160037');
    expect((await scan({ MID: '123456' })).code).toBe('160037');
  });

  test('include a label once, which cannot be canceled until it is manifested, and is refunded afterwards', async () => {
    const own = await openApiClient();
    const sold = await own.request('POST', '/labels/v3/label', labelRequest(), flat);
    const number = sold.body.trackingNumber as string;
    await scan({ trackingNumbers: [number] }, {}, {}, own);
    expect((await scan({ trackingNumbers: [number] }, {}, {}, own)).code).toBe('160040');
    own.clock.advance(15 * 60_000 - 1);
    expect((await own.request('DELETE', `/labels/v3/label/${number}`)).code).toBe('160174');
    own.clock.advance(1);
    expect((await own.request('DELETE', `/labels/v3/label/${number}`)).body.status).toBe('DISPUTED');
    await own.usps.close();
  });

  test('reject each ineligible label with its error code', async () => {
    const at = async (number: string, more: object = {}) =>
      (await scan({ trackingNumbers: [number] }, more)).code;
    const later = await buy({ mailingDate: '2026-05-29' });
    expect(await at('92')).toBe('160039');
    expect(await at(later)).toBe('160006');
    expect(await at(await buy(), { entryFacilityZIPCode: '60601' })).toBe('160161');
    expect(await at(await buy(), { destinationEntryFacilityType: 'DESTINATION_DELIVERY_UNIT' })).toBe(
      '160162',
    );
    const cancelled = await buy();
    await api.request('DELETE', `/labels/v3/label/${cancelled}`);
    expect(await at(cancelled)).toBe('160397');
    const returned = (await api.request('POST', '/labels/v3/return-label', returnRequest(), flat)).body
      .trackingNumber;
    expect(await at(returned)).toBe('160160');
    expect((await scan({ trackingNumbers: [later] }, { overwriteMailingDate: true })).status).toBe(200);
    expect(await at(await buy(), { mailingDate: '2026-05-27' })).toBe('160034');
    expect(await at(await buy(), { fromAddress: { ...shipper, firm: undefined } })).toBe('160168');
    expect((await scan({ MID: client.mid, manifestMID: client.mid })).code).toContain('OASValidation');
  });

  test('reject labels that are manifested', async () => {
    const number = await buy({ packageOptions: { immediateManifest: true } });
    api.clock.advance(16 * 60_000);
    expect((await scan({ trackingNumbers: [number] })).code).toBe('160398');
  });
});

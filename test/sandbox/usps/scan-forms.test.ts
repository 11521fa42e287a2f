import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { uspsSandboxClient as client } from '../../../sandbox/usps/index.ts';
import { back, flat, openDesk, outbound, shipper, type Desk } from './usps-api.ts';

let desk: Desk;
beforeAll(async () => void (desk = await openDesk()));
afterAll(() => desk.usps.close());

const buy = async (piece: object = {}) =>
  (await desk.ask('POST', '/labels/v3/label', outbound(piece, { imageInfo: { imageType: 'NONE' } }), flat))
    .body.trackingNumber as string;
const scan = (shipment: object, more: object = {}, headers = {}, at = desk) =>
  at.ask(
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
  test('come in parts as recorded, and in one object for the vendor type', async () => {
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

  test('take all of a mailer that are left', async () => {
    const left = [await buy(), await buy()];
    await buy({ mailingDate: '2026-05-29' });
    const { body } = await scan({ MID: client.mid }, {}, flat);
    expect(body.trackingNumbers).toEqual(left);
    expect((await scan({ manifestMID: client.manifestMid })).code).toBe('160037');
    expect((await scan({ MID: '123456' })).code).toBe('160037');
  });

  test('hold a label once, which then cannot be cancelled, but refunded after its manifest', async () => {
    const own = await openDesk();
    const sold = await own.ask('POST', '/labels/v3/label', outbound(), flat);
    const number = sold.body.trackingNumber as string;
    await scan({ trackingNumbers: [number] }, {}, {}, own);
    expect((await scan({ trackingNumbers: [number] }, {}, {}, own)).code).toBe('160040');
    own.clock.advance(15 * 60_000 - 1);
    expect((await own.ask('DELETE', `/labels/v3/label/${number}`)).code).toBe('160174');
    own.clock.advance(1);
    expect((await own.ask('DELETE', `/labels/v3/label/${number}`)).body.status).toBe('DISPUTED');
    await own.usps.close();
  });

  test('refuse labels that do not belong, each in its words', async () => {
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
    await desk.ask('DELETE', `/labels/v3/label/${cancelled}`);
    expect(await at(cancelled)).toBe('160397');
    const returned = (await desk.ask('POST', '/labels/v3/return-label', back(), flat)).body.trackingNumber;
    expect(await at(returned)).toBe('160160');
    expect((await scan({ trackingNumbers: [later] }, { overwriteMailingDate: true })).status).toBe(200);
    expect(await at(await buy(), { mailingDate: '2026-05-27' })).toBe('160034');
    expect(await at(await buy(), { fromAddress: { ...shipper, firm: undefined } })).toBe('160168');
    expect((await scan({ MID: client.mid, manifestMID: client.mid })).code).toContain('OASValidation');
  });

  test('manifest their labels a quarter of an hour later', async () => {
    const number = await buy({ packageOptions: { immediateManifest: true } });
    desk.clock.advance(16 * 60_000);
    expect((await scan({ trackingNumbers: [number] })).code).toBe('160398');
  });
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { easypostSandboxKey } from '../../../sandbox/easypost/index.ts';
import { openStore } from '../../../sandbox/store.ts';
import {
  buy,
  call,
  canada,
  easypost,
  domesticShipment,
  quote,
  rateOf,
  redondoBeach,
  restart,
  sanFrancisco,
  uspsAccount,
  setUpEasyPost,
} from './easypost-api.ts';

setUpEasyPost();

describe('a purchase', () => {
  test('fills in label, tracker, fees and the corrected destination', async () => {
    const { status, body } = await buy();
    expect(status).toBe(200);
    expect(body).toMatchObject({
      tracking_code: expect.stringMatching(/^94001\d{17}$/),
      selected_rate: { service: 'GroundAdvantage', rate: '6.07' },
      postage_label: { label_file_type: 'image/png', label_size: '4x6', label_pdf_url: null },
      tracker: { status: 'unknown', tracking_details: [], shipment_id: body.id },
      to_address: { street1: '179 N HARBOR DR', zip: '90277-2506' },
      from_address: { street1: '388 Townsend St' },
      insurance: null,
      status: 'unknown',
    });
    expect(body.fees.map(({ type, amount }) => [type, amount])).toEqual([
      ['LabelFee', '0.00000'],
      ['PostageFee', '6.07000'],
    ]);
    expect(easypost.charges()).toEqual([
      { shipment: body.id, trackingCode: body.tracking_code, amount: '6.07' },
    ]);
  });

  test('is refused the second time, without a charge', async () => {
    const { body } = await buy();
    const again = await call('POST', `/v2/shipments/${body.id}/buy`, {
      rate: { id: body.selected_rate.id },
    });
    expect([again.status, again.body.error.code]).toEqual([422, 'SHIPMENT.POSTAGE.EXISTS']);
    expect(easypost.charges()).toHaveLength(1);
  });

  test('takes effect even if its response is lost', async () => {
    const quoted = await quote();
    easypost.injectFault({ path: /\/buy$/, times: 1, drop: 'after' });
    const rate = { id: rateOf(quoted, 'Priority').id };
    await expect(call('POST', `/v2/shipments/${quoted.id}/buy`, { rate })).rejects.toThrow();
    expect(easypost.charges()).toHaveLength(1);
    expect((await call('GET', `/v2/shipments/${quoted.id}`)).body.tracking_code).toBe(
      easypost.charges()[0]!.trackingCode,
    );
  });

  test('is refused at an unknown rate, at a rate of another shipment and at an expired rate', async () => {
    const [shipment, another] = [await quote(), await quote()];
    const expired = rateOf(shipment, 'Priority').id;
    await call('POST', `/v2/shipments/${shipment.id}/rerate`, {});
    for (const id of ['rate_1', rateOf(another, 'Priority').id, expired]) {
      const { status, body } = await call('POST', `/v2/shipments/${shipment.id}/buy`, { rate: { id } });
      expect([status, body.error.code]).toEqual([422, 'SHIPMENT.MISSING_RATE']);
    }
    expect(easypost.charges()).toEqual([]);
  });

  test('is insured on request and by the default of the account, but not with an amount of zero', async () => {
    const requested = await buy('GroundAdvantage', domesticShipment, { insurance: 100 });
    expect(requested.body.insurance).toBe('100.00');
    expect(requested.body.fees[2]).toMatchObject({ type: 'InsuranceFee', amount: '1.00000' });
    expect(easypost.charges()[0]!.amount).toBe('7.07');
    const keys = [{ key: easypostSandboxKey, user: 'user_1', defaultInsurance: '50.00' }];
    await restart({ keys });
    expect((await buy()).body.insurance).toBe('50.00');
    expect((await buy('GroundAdvantage', domesticShipment, { insurance: 0 })).body.insurance).toBeNull();
    expect((await buy('GroundAdvantage', { ...domesticShipment, insurance: '0' })).body.insurance).toBeNull();
  });

  test('is insured for 5,000 dollars at most', async () => {
    const refused = async (response: Promise<{ status: number; body: { error?: { code: string } } }>) => {
      const { status, body } = await response;
      return [status, body.error?.code];
    };
    const tooMuch = [422, 'INSURANCE.AMOUNT.ABOVE_MAXIMUM'];
    expect(await refused(buy('Priority', domesticShipment, { insurance: '5000.01' }))).toEqual(tooMuch);
    expect(
      await refused(
        call('POST', '/v2/shipments', { shipment: { ...domesticShipment, insurance: 1_000_000 } }),
      ),
    ).toEqual(tooMuch);
    expect(easypost.charges()).toEqual([]);
    const { id } = (await buy()).body;
    expect(await refused(call('POST', `/v2/shipments/${id}/insure`, { amount: 5001 }))).toEqual(tooMuch);
    const parcel = { ...domesticShipment, tracking_code: 'EZ1000000001', amount: '5001' };
    expect(await refused(call('POST', '/v2/insurances', { insurance: parcel }))).toEqual(tooMuch);
    expect((await call('POST', `/v2/shipments/${id}/insure`, { amount: 5000 })).body.insurance).toBe(
      '5000.00',
    );
  });

  test('is refused with characters that a label can only print as a question mark, without a charge', async () => {
    const named = (name: string) => ({ ...domesticShipment, to_address: { ...redondoBeach, name } });
    const { status, body } = await buy('Priority', named('王小明'));
    expect([status, body.error?.code]).toEqual([422, 'SHIPMENT.POSTAGE.ASCII']);
    expect(easypost.charges()).toEqual([]);
    expect((await buy('Priority', named('Иванов Сергей?'))).status).toBe(200);
  });

  test('abroad is refused without the phone of the sender', async () => {
    const tokyo = {
      name: 'Aiko Tanaka',
      street1: '1-1 Marunouchi',
      city: 'Chiyoda-ku',
      state: 'Tokyo',
      zip: '100-0005',
      country: 'JP',
    };
    const shipment = {
      ...domesticShipment,
      to_address: tokyo,
      customs_info: {
        contents_type: 'gift',
        customs_items: [{ description: 'shirt', quantity: 1, value: 9, weight: 5 }],
      },
    };
    const { phone: _, ...silent } = sanFrancisco;
    const { status, body } = await buy('PriorityMailInternational', { ...shipment, from_address: silent });
    expect([status, body.error]).toEqual([
      422,
      { code: 'SHIPMENT.POSTAGE.FAILURE', message: 'shipment.from_address.phone: Required', errors: [] },
    ]);
    expect((await buy('PriorityMailInternational', shipment)).status).toBe(200);
  });

  test('takes one call that names service and carrier account', async () => {
    const usps = await uspsAccount();
    const shipment = { ...domesticShipment, service: 'Priority', carrier: 'USPS', carrier_accounts: [usps] };
    const { status, body } = await call('POST', '/v2/shipments', { shipment });
    expect([status, body.selected_rate.rate]).toEqual([201, '7.42']);
    expect(body.postage_label).not.toBeNull();
  });

  test('is refused for addresses that the carrier quotes but does not accept', async () => {
    const noName = await buy('Priority', {
      ...domesticShipment,
      to_address: { country: 'US', zip: '90277' },
    });
    expect([noName.status, noName.body.error.code]).toEqual([422, 'SHIPMENT.POSTAGE.FAILURE']);
    const unverified = { ...redondoBeach, street1: '12 Nowhere Lane' };
    expect((await buy('FEDEX_2_DAY', { ...domesticShipment, to_address: unverified })).body.error.code).toBe(
      'SHIPMENT.POSTAGE.FAILURE',
    );
    expect((await buy('Priority', { ...domesticShipment, to_address: unverified })).status).toBe(200);
    const international = { ...domesticShipment, to_address: canada };
    const withoutCustoms = await buy('PriorityMailInternational', international);
    expect(withoutCustoms.body.error.code).toBe('SHIPMENT.CUSTOMS_INFO.REQUIRED');
    const customs_info = {
      contents_type: 'gift',
      customs_items: [{ description: 'shirt', quantity: 1, value: 9, weight: 5 }],
    };
    const withCustoms = await buy('PriorityMailInternational', { ...international, customs_info });
    expect(withCustoms.body.tracking_code).toMatch(/^CM\d{9}US$/);
    expect(withCustoms.body.forms[0]).toMatchObject({ form_type: 'commercial_invoice' });
    const guam = {
      ...domesticShipment,
      to_address: { ...redondoBeach, city: 'Hagatna', state: 'GU', zip: '96910' },
    };
    expect((await buy('Priority', guam)).body.error.code).toBe('SHIPMENT.CUSTOMS_INFO.REQUIRED');
    expect((await buy('Priority', { ...guam, customs_info })).status).toBe(200);
  });

  test('outlives a restart', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'easypost-'));
    let store = openStore(join(folder, 'easypost.log'));
    await restart({ store });
    const { body } = await buy();
    await easypost.close();
    store.close();
    store = openStore(join(folder, 'easypost.log'));
    await restart({ store });
    const again = (await call('GET', `/v2/shipments/${body.id}`)).body;
    expect(again.tracking_code).toBe(body.tracking_code);
    expect((await fetch(again.postage_label.label_url)).status).toBe(200);
    expect(easypost.charges()).toHaveLength(1);
    store.close();
    rmSync(folder, { recursive: true });
  });
});

describe('a customs form', () => {
  test('has one of the documented content types, and an explanation for `other`', async () => {
    const items = [{ description: 'shirt', quantity: 1, value: 9, weight: 5 }];
    const errorsOf = async (form: object) => {
      const shipment = { ...domesticShipment, customs_info: { ...form, customs_items: items } };
      return (await call('POST', '/v2/shipments', { shipment })).body.error?.errors;
    };
    expect(await errorsOf({ contents_type: 'toys' })).toMatchObject([{ field: 'contents_type' }]);
    expect(await errorsOf({ contents_type: 'other' })).toMatchObject([{ field: 'contents_explanation' }]);
    expect(await errorsOf({ contents_type: 'other', contents_explanation: 'toys' })).toBeUndefined();
  });
});

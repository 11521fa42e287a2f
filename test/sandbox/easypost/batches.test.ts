import { describe, expect, test } from 'vitest';
import { buy, call, clock, domesticShipment, redondoBeach, second, setUpEasyPost } from './easypost-api.ts';

setUpEasyPost();

describe('a batch', () => {
  test('is processed after the response and is locked while it is being created', async () => {
    const shipments = [
      { ...domesticShipment, carrier: 'USPS', service: 'Priority' },
      { to_address: redondoBeach },
    ];
    const { body } = await call('POST', '/v2/batches', { batch: { shipments: shipments.slice(0, 1) } });
    expect(body.state).toBe('creating');
    const path = `/v2/batches/${body.id}`;
    const early = await call('POST', `${path}/buy`);
    expect([early.status, early.body.error.code]).toEqual([423, 'BATCH.STATE.CREATING']);
    clock.advance(3 * second);
    expect((await call('POST', `${path}/label`, { file_format: 'ZPL' })).body.error.code).toBe(
      'BATCH.STATE.NOT_PURCHASED',
    );
    expect((await call('POST', `${path}/buy`)).body).toMatchObject({ state: 'created' });
    clock.advance(3 * second);
    expect((await call('GET', path)).body).toMatchObject({
      state: 'purchased',
      status: { postage_purchased: 1 },
    });
    expect((await call('POST', `${path}/label`, { file_format: 'ZPL' })).body.state).toBe('label_generating');
    clock.advance(3 * second);
    const labelled = (await call('GET', path)).body;
    expect(labelled.state).toBe('label_generated');
    expect((await fetch(labelled.label_url)).status).toBe(200);
    const invalid = await call('POST', '/v2/batches', { batch: { shipments: shipments.slice(1) } });
    clock.advance(3 * second);
    expect((await call('GET', `/v2/batches/${invalid.body.id}`)).body.state).toBe('creation_failed');
  });
});

describe('a scan form', () => {
  test('holds a label once, and not after its refund', async () => {
    const [label, refundedLabel] = [(await buy()).body, (await buy()).body];
    const form = await call('POST', '/v2/scan_forms', { shipments: [{ id: label.id }] });
    expect(form.body).toMatchObject({ status: 'created', tracking_codes: [label.tracking_code] });
    const again = await call('POST', '/v2/scan_forms', {
      shipments: [{ id: label.id }, { id: refundedLabel.id }],
    });
    expect([again.status, again.body.error.code]).toEqual([422, 'SCAN_FORM.CREATE.FAILURE']);
    const refunded = await call('POST', '/v2/refunds', {
      refund: { carrier: 'USPS', tracking_codes: [refundedLabel.tracking_code] },
    });
    expect([refunded.status, JSON.parse(refunded.text)]).toMatchObject([201, [{ status: 'submitted' }]]);
    const afterRefund = await call('POST', '/v2/scan_forms', { shipments: [{ id: refundedLabel.id }] });
    expect(afterRefund.body.error.code).toBe('SCAN_FORM.CREATE.FAILURE');
    const unknown = await call('POST', '/v2/refunds', { refund: { carrier: 'USPS', tracking_codes: ['1'] } });
    expect(unknown.body.error.code).toBe('REFUND.TRACKING_CODES.INVALID');
  });
});

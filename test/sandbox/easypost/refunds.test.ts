import { describe, expect, test } from 'vitest';
import { buy, call, clock, day, minute, quote, setUpEasyPost } from './easypost-api.ts';

setUpEasyPost();

describe('a refund', () => {
  test('requires a label, is submitted, and is paid after fifteen days unless the parcel was in transit', async () => {
    const unpurchased = await call('POST', `/v2/shipments/${(await quote()).id}/refund`);
    expect([unpurchased.status, unpurchased.body.error.code]).toEqual([422, 'SHIPMENT.REFUND.UNAVAILABLE']);
    const [unscanned, scanned] = [(await buy()).body, (await buy()).body];
    const requested = await call('POST', `/v2/shipments/${unscanned.id}/refund`, {});
    expect([requested.status, requested.body.refund_status]).toEqual([200, 'submitted']);
    clock.advance(2 * minute);
    await call('POST', `/v2/shipments/${scanned.id}/refund`, {});
    clock.advance(16 * day);
    const statuses = [unscanned, scanned].map(
      async ({ id }) => (await call('GET', `/v2/shipments/${id}`)).body.refund_status,
    );
    expect(await Promise.all(statuses)).toEqual(['refunded', 'rejected']);
  });
});

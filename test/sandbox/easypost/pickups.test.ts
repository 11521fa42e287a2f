import { describe, expect, test } from 'vitest';
import { buy, call, sanFrancisco, setUpEasyPost } from './easypost-api.ts';

setUpEasyPost();

describe('a pickup', () => {
  test('is scheduled by the names of carrier and service', async () => {
    const { id } = (await buy()).body;
    const hours = { min_datetime: '2025-03-08', max_datetime: '2025-03-08' };
    const pickup = { address: sanFrancisco, shipment: { id }, ...hours };
    const { status, body } = await call('POST', '/v2/pickups', { pickup });
    expect([status, body.status, body.confirmation]).toEqual([200, 'unknown', null]);
    const wrong = await call('POST', `/v2/pickups/${body.id}/buy`, { carrier: 'UPS', service: 'NextDay' });
    expect(wrong.body.error.code).toBe('PICKUP.BUY.NO_MATCHING_RATES');
    const chosen = await call('POST', `/v2/pickups/${body.id}/buy`, { carrier: 'USPS', service: 'NextDay' });
    expect(chosen.body).toMatchObject({
      status: 'scheduled',
      confirmation: expect.stringMatching(/^WTC\d+$/),
    });
    expect((await call('POST', `/v2/pickups/${body.id}/cancel`)).body.status).toBe('canceled');
  });
});

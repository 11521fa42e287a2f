import { describe, expect, it } from 'vitest';

import { setUpPurchases } from '../support/purchases.ts';

describe('a parcel of the sandbox that is sent along', () => {
  const shop = setUpPurchases('embedded');
  const travel = (trackingNumber: string, body: object, key = 'sandbox') =>
    fetch(`${shop.server.url}/sandbox/parcels/${trackingNumber}/travel`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body: JSON.stringify(body),
    });
  const track = async (trackingNumber: string) => {
    const query = 'query ($number: String!) { tracker(trackingNumber: $number, maxAgeSeconds: 0) { status events { occurredAt } } }'; // prettier-ignore
    return (await shop.server.ask(query, { number: trackingNumber })).data.tracker;
  };

  it.each(['usps', 'easypost'])(
    'completes its journey in the time that is asked for (%s)',
    async (account) => {
      const { trackingNumber } = await shop.buyLabel(account);
      expect((await track(trackingNumber)).status).toBe('PRE_TRANSIT');
      const response = await travel(trackingNumber, { seconds: 40 });
      expect([response.status, await response.json()]).toEqual([202, { trackingNumber, seconds: 40 }]);
      const statuses = new Set<string>();
      for (let second = 0; second < 40; second += 4) {
        shop.server.clock.advance(4_000);
        statuses.add((await track(trackingNumber)).status);
      }
      expect([...statuses].filter((status) => status !== 'ACCEPTED' && status !== 'PRE_TRANSIT')).toEqual(['IN_TRANSIT', 'OUT_FOR_DELIVERY', 'DELIVERED']); // prettier-ignore
      // No scan is from the future, and none was lost.
      const { events } = await track(trackingNumber);
      const times = events.map(({ occurredAt }: any) => Date.parse(occurredAt));
      expect(times).toEqual(times.toSorted((a: number, b: number) => b - a));
      expect(times[0]).toBeLessThanOrEqual(shop.server.clock.now());
      expect(events.length).toBeGreaterThanOrEqual(8);
    },
  );

  it('is refused without a key, for a number that the sandbox does not move, and for a strange time', async () => {
    expect((await travel('9200190345678900000025', {}, 'wrong')).status).toBe(401);
    expect((await travel('EZ4000000004', {})).status).toBe(404);
    expect((await travel('9200190345678900000025', { seconds: 0 })).status).toBe(400);
    expect((await travel('9200190345678900000025', { seconds: 'soon' })).status).toBe(400);
  });
});

import { describe, expect, it } from 'vitest';

import { setUpPurchases } from '../../support/purchases.ts';
import { storages } from '../../support/test-server.ts';

describe.each(storages)('the query shipments, on the %s ledger', (storage) => {
  const shop = setUpPurchases(storage);

  it('lists the shipments of the caller in pages, newest first', async () => {
    for (let index = 0; index < 11; index += 1) {
      shop.server.clock.advance(1000);
      await shop.buy({ idempotencyKey: `${shop.key} ${index}`, rateId: (await shop.rateOf('usps')).id });
    }
    const query = `query ($first: Int, $after: String) { shipments(first: $first, after: $after) { nodes { id createdAt } pageInfo { hasNextPage endCursor } } }`;
    const all = (await shop.server.ask(query, { first: 100 })).data.shipments.nodes;
    const paged: { id: string; createdAt: string }[] = [];
    for (let after: string | null = null; ;) {
      const { shipments }: any = (await shop.server.ask(query, { first: 3, after })).data;
      paged.push(...shipments.nodes);
      if (!shipments.pageInfo.hasNextPage) break;
      after = shipments.pageInfo.endCursor;
    }
    expect(paged).toEqual(all);
    expect(all.length).toBeGreaterThan(10);
    const times = paged.map(({ createdAt }) => createdAt);
    expect(times).toEqual([...times].sort().reverse());
    const foreign = await shop.server.ask(query, { first: 100 }, 'other-key');
    expect(foreign.data.shipments.nodes).toEqual([]);
  });
});

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

  it('is read backward with last and before, and counts the whole list with totalCount', async () => {
    const reference = `list ${shop.key}`;
    for (let index = 0; index < 5; index += 1) {
      await shop.buy({ idempotencyKey: `${shop.key} ${index}`, rateId: (await shop.rateOf('usps')).id, reference }); // prettier-ignore
    }
    const query = `query ($first: Int, $after: String, $last: Int, $before: String, $reference: String) {
      shipments(first: $first, after: $after, last: $last, before: $before, filter: { reference: $reference }) {
        totalCount nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`;
    const page = async (args: object) => (await shop.server.ask(query, { reference, ...args })).data.shipments; // prettier-ignore
    const idsOf = ({ nodes }: any) => nodes.map(({ id }: any) => id);
    const whole = await page({});
    expect(whole).toMatchObject({ totalCount: 5, pageInfo: { hasNextPage: false, hasPreviousPage: false } });
    const end = await page({ last: 2 });
    expect(idsOf(end)).toEqual(idsOf(whole).slice(3));
    expect(end).toMatchObject({ totalCount: 5, pageInfo: { hasNextPage: false, hasPreviousPage: true } });
    const middle = await page({ last: 2, before: end.pageInfo.startCursor });
    expect(idsOf(middle)).toEqual(idsOf(whole).slice(1, 3));
    expect(middle.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: true });
    const start = await page({ last: 2, before: middle.pageInfo.startCursor });
    expect(idsOf(start)).toEqual(idsOf(whole).slice(0, 1));
    expect(start.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
    const between = await page({ first: 9, after: start.pageInfo.endCursor, before: end.pageInfo.startCursor }); // prettier-ignore
    expect(idsOf(between)).toEqual(idsOf(middle));
    for (const [args, field] of [
      [{ first: 1, last: 1 }, 'last'],
      [{ last: 101 }, 'last'],
      [{ before: 'x' }, 'before'],
    ] as const) {
      const { errors } = await shop.server.ask(query, args);
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field: [field] } }]);
    }
  });
});

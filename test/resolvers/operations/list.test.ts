import { describe, expect, it } from 'vitest';

import { setUpPurchases } from '../../support/purchases.ts';
import { sender, storages } from '../../support/test-server.ts';

const page = 'totalCount nodes { id } edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }'; // prettier-ignore

describe.each(storages)('the lists of operations, on the %s ledger', (storage) => {
  const shop = setUpPurchases(storage);
  const idsOf = ({ nodes }: any) => nodes.map(({ id }: any) => id);

  it.each([
    ['pickups', 'usps'],
    ['manifests', 'usps'],
  ] as const)('include %s, newest first, in both directions, of the caller alone', async (list, account) => {
    const created: string[] = [];
    for (let index = 0; index < 3; index += 1) {
      const shipmentIds = [(await shop.buyLabel(account)).id];
      const key = `${shop.key} ${index}`;
      created.unshift(
        list === 'pickups'
          ? (await shop.server.ask('mutation ($input: PickupScheduleInput!) { pickupSchedule(input: $input) { pickup { id } } }', { input: { idempotencyKey: key, address: { ...sender, street1: `${index + 1} Main St`, phone: '202-555-0100', email: 'sally@example.com' }, date: '2026-11-20', shipmentIds } })).data.pickupSchedule.pickup.id // prettier-ignore
          : (await shop.server.ask('mutation ($input: ManifestCreateInput!) { manifestCreate(input: $input) { manifest { id } } }', { input: { idempotencyKey: key, shipmentIds } })).data.manifestCreate.manifest.id, // prettier-ignore
      );
    }
    const query = `query ($first: Int, $after: String, $last: Int, $before: String) { list: ${list}(first: $first, after: $after, last: $last, before: $before) { ${page} } }`;
    const read = async (args: object, key?: string) => (await shop.server.ask(query, args, key)).data.list;
    const whole = await read({});
    expect(idsOf(whole)).toEqual(created);
    expect(whole).toMatchObject({ totalCount: 3, pageInfo: { hasNextPage: false, hasPreviousPage: false } });
    const first = await read({ first: 2 });
    expect(idsOf(first)).toEqual(created.slice(0, 2));
    expect(first.pageInfo.hasNextPage).toBe(true);
    expect(idsOf(await read({ first: 2, after: first.pageInfo.endCursor }))).toEqual(created.slice(2));
    const last = await read({ last: 1 });
    expect(idsOf(last)).toEqual(created.slice(2));
    expect(idsOf(await read({ last: 5, before: last.pageInfo.startCursor }))).toEqual(created.slice(0, 2));
    expect(await read({}, 'other-key')).toMatchObject({ totalCount: 0, nodes: [] });
  });

  it('include the shipments of a manifest', async () => {
    const shipmentIds = [];
    for (let index = 0; index < 3; index += 1) shipmentIds.push((await shop.buyLabel('usps')).id);
    const { data } = await shop.server.ask(
      `mutation ($input: ManifestCreateInput!) { manifestCreate(input: $input) { manifest { whole: shipments { ${page} } last: shipments(last: 1) { ${page} } } } }`,
      { input: { idempotencyKey: shop.key, shipmentIds } },
    );
    const { whole, last } = data.manifestCreate.manifest;
    expect([idsOf(whole).sort(), whole.totalCount]).toEqual([[...shipmentIds].sort(), 3]);
    expect(last).toMatchObject({ totalCount: 3, nodes: [{ id: whole.nodes[2].id }] });
  });
});

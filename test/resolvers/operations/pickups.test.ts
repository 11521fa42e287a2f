import { describe, expect, it } from 'vitest';

import { setUpPurchases } from '../../support/purchases.ts';
import { sender, storages } from '../../support/test-server.ts';

const pickupFields = 'id status confirmation date price { amount } account { id } failure { code retryable }';
const scheduleMutation = `mutation ($input: PickupScheduleInput!) { pickupSchedule(input: $input) { pickup { ${pickupFields} } userErrors { code field message } failure { code message hint } } }`;
const cancelMutation = `mutation ($id: ID!) { pickupCancel(input: { id: $id }) { pickup { ${pickupFields} } userErrors { code field } failure { code message } } }`;

describe.each(storages)('a pickup, on the %s ledger', (storage) => {
  const shop = setUpPurchases(storage);

  const pickupInput = (shipmentIds: readonly string[], more: object = {}) => ({
    idempotencyKey: shop.key,
    address: { ...sender, phone: '202-555-0100', email: 'sally@example.com' },
    date: '2026-11-20',
    shipmentIds,
    packageLocation: 'PORCH',
    ...more,
  });
  const schedule = async (input: object, apiKey?: string) => {
    const { data, errors } = await shop.server.ask(scheduleMutation, { input }, apiKey);
    expect(errors).toBeUndefined();
    return data.pickupSchedule;
  };

  describe.each([
    ['usps', /\/carrier-pickup$/],
    ['easypost', /\/pickups\/\w+\/buy$/],
  ] as const)('of %s', (account, scheduled) => {
    it('is scheduled once for concurrent and repeated calls with the same key, and can be cancelled twice', async () => {
      const before = shop.posts(account, scheduled);
      const input = pickupInput([(await shop.buyLabel(account)).id, (await shop.buyLabel(account)).id]);
      const results = await Promise.all([schedule(input), schedule(input), schedule(input)]);
      results.push(await schedule(input));
      expect(results[0]).toMatchObject({
        pickup: { status: 'SCHEDULED', date: '2026-11-20', account: { id: account }, failure: null },
        userErrors: [],
        failure: null,
      });
      expect(results[0].pickup.confirmation).toMatch(/\w{6}/);
      expect(new Set(results.map((result: any) => result.pickup.id)).size).toBe(1);
      expect(shop.posts(account, scheduled)).toBe(before + 1);

      const twice = await schedule({ ...input, idempotencyKey: `${shop.key} twice` });
      expect(twice.userErrors).toMatchObject(
        input.shipmentIds.map((_, index) => ({
          code: 'NOT_ALLOWED',
          field: ['input', 'shipmentIds', String(index)],
          message: expect.stringContaining(results[0].pickup.id),
        })),
      );
      expect(shop.posts(account, scheduled)).toBe(before + 1);

      const { id } = results[0].pickup;
      const { data } = await shop.server.ask(`query ($id: ID!) { pickup(id: $id) { ${pickupFields} } }`, {
        id,
      });
      expect(data.pickup).toEqual(results[0].pickup);
      const foreign = await shop.server.ask(
        'query ($id: ID!) { pickup(id: $id) { id } }',
        { id },
        'other-key',
      );
      expect(foreign.data.pickup).toBeNull();

      for (let attempt = 0; attempt < 2; attempt += 1) {
        const cancelled = await shop.server.ask(cancelMutation, { id });
        expect(cancelled.data.pickupCancel).toMatchObject({
          pickup: { id, status: 'CANCELLED' },
          userErrors: [],
          failure: null,
        });
      }
      const again = await schedule({ ...input, idempotencyKey: `${shop.key} again` });
      expect(again.pickup).toMatchObject({ status: 'SCHEDULED' });
      await shop.server.ask(cancelMutation, { id: again.pickup.id });
    });

    it('is scheduled for one of two calls at once with different keys, and the other names it', async () => {
      const before = shop.posts(account, scheduled);
      const [first, second] = [(await shop.buyLabel(account)).id, (await shop.buyLabel(account)).id];
      const results = await Promise.all([
        schedule(pickupInput([first, second], { idempotencyKey: `${shop.key} a` })),
        schedule(pickupInput([second], { idempotencyKey: `${shop.key} b` })),
      ]);
      const [won, lost] = results[0].pickup ? results : results.toReversed();
      expect(won).toMatchObject({ pickup: { status: 'SCHEDULED' }, userErrors: [] });
      expect(lost).toMatchObject({
        pickup: null,
        userErrors: [{ code: 'NOT_ALLOWED', message: expect.stringContaining(won.pickup.id) }],
      });
      expect(shop.posts(account, scheduled)).toBe(before + 1);
      await shop.server.ask(cancelMutation, { id: won.pickup.id });
    });

    it('is rejected with the paths of invalid fields, before any call', async () => {
      const shipmentId = (await shop.buyLabel(account)).id;
      const calls = () => shop.server.sandbox.usps.calls.length + shop.server.sandbox.easypost.calls.length;
      const before = calls();
      for (const [change, code, field] of [
        [{ idempotencyKey: ' ' }, 'REQUIRED', 'idempotencyKey'],
        [{ date: '2026-11-17' }, 'INVALID', 'date'],
        [{ shipmentIds: [] }, 'REQUIRED', 'shipmentIds'],
        [{ shipmentIds: [shipmentId, 'shp_nobody'] }, 'NOT_FOUND', 'shipmentIds.1'],
        [{ packageLocation: 'CHIMNEY' }, 'INVALID', 'packageLocation'],
        [{ packageLocation: 'OTHER' }, 'REQUIRED', 'instructions'],
        [{ readyFrom: '2026-11-20T17:00:00', readyUntil: '2026-11-20T09:00:00' }, 'INVALID', 'readyUntil'],
      ] as const) {
        const { userErrors } = await schedule(pickupInput([shipmentId], change));
        expect(userErrors, field).toMatchObject([{ code, field: ['input', ...field.split('.')] }]);
      }
      expect(calls()).toBe(before);
    });
  });

  it('is rejected for shipments of several accounts or of another tenant', async () => {
    const mixed = [(await shop.buyLabel('usps')).id, (await shop.buyLabel('easypost')).id];
    expect((await schedule(pickupInput(mixed))).userErrors).toMatchObject([
      { code: 'NOT_ALLOWED', field: ['input', 'shipmentIds', '1'] },
    ]);
    const missing = await schedule(pickupInput(['shp_nobody', ...mixed]));
    expect(missing.userErrors).toMatchObject([
      { code: 'NOT_FOUND', field: ['input', 'shipmentIds', '0'] },
      { code: 'NOT_ALLOWED', field: ['input', 'shipmentIds', '2'] },
    ]);
    const otherAccount = await schedule(pickupInput(mixed, { accountId: 'nobody' }));
    expect(otherAccount.userErrors).toMatchObject([{ code: 'NOT_FOUND', field: ['input', 'accountId'] }]);
    expect((await schedule(pickupInput(mixed), 'other-key')).userErrors).toMatchObject([
      { code: 'NOT_FOUND' },
      { code: 'NOT_FOUND' },
    ]);
  });

  it('is rejected under a key that was used with another input', async () => {
    const shipment = (await shop.buyLabel('usps')).id;
    await schedule(pickupInput([shipment]));
    expect((await schedule(pickupInput([shipment], { date: '2026-11-21' }))).userErrors).toMatchObject([
      { code: 'IDEMPOTENCY_KEY_REUSED', field: ['input', 'idempotencyKey'] },
    ]);
  });
});

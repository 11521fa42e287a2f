import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { hashKey } from '../../src/config/config.ts';
import { box, openTestServer, receiver, sender, storages, type TestServer } from '../support/test-server.ts';

const rates = 'query ($input: RatesInput!) { rates(input: $input) { rates { id service { code } } } }';
const purchase =
  'mutation ($input: ShipmentPurchaseInput!) { shipmentPurchase(input: $input) { shipment { id trackingNumber status } failure { message } userErrors { message } } }';
const voiding =
  'mutation ($id: ID!) { shipmentVoid(input: { id: $id }) { shipment { status } failure { code message } } }';
const pickup = 'id status confirmation date price { amount } account { id } failure { code retryable }';
const scheduling = `mutation ($input: PickupScheduleInput!) { pickupSchedule(input: $input) { pickup { ${pickup} } userErrors { code field message } failure { code message hint } } }`;
const cancelling = `mutation ($id: ID!) { pickupCancel(input: { id: $id }) { pickup { ${pickup} } userErrors { code field } failure { code message } } }`;
const manifest =
  'id status account { id } form { format url contentType } failure { code } shipments { nodes { id trackingNumber } }';
const manifesting = `mutation ($input: ManifestCreateInput!) { manifestCreate(input: $input) { manifest { ${manifest} } userErrors { code field message } failure { code message hint } } }`;

describe.each(storages)('parcels handed over, on the %s ledger', (storage) => {
  let house: TestServer;
  let key: string;

  beforeAll(async () => {
    house = await openTestServer({
      storage,
      tenants: (sandbox) => [
        sandbox.tenant,
        { ...sandbox.tenant, id: 'other', apiKeyHashes: [hashKey('other-key')] },
      ],
    });
  });
  beforeEach(() => void (key = randomUUID()));
  afterAll(() => house.close());

  const buy = async (account: string): Promise<string> => {
    const input = { from: sender, to: receiver, parcels: [box], accountIds: [account] };
    const { data } = await house.ask(rates, { input });
    const rate = data.rates.rates.find((each: any) => each.service.code === 'PRIORITY_MAIL');
    const bought = await house.ask(purchase, { input: { idempotencyKey: randomUUID(), rateId: rate.id } });
    expect(bought.data.shipmentPurchase.shipment.status).toBe('PURCHASED');
    return bought.data.shipmentPurchase.shipment.id;
  };
  const wishes = (shipmentIds: readonly string[], more: object = {}) => ({
    idempotencyKey: key,
    address: { ...sender, phone: '202-555-0100', email: 'sally@example.com' },
    date: '2026-11-20',
    shipmentIds,
    packageLocation: 'PORCH',
    ...more,
  });
  const schedule = async (input: object, apiKey?: string) => {
    const { data, errors } = await house.ask(scheduling, { input }, apiKey);
    expect(errors).toBeUndefined();
    return data.pickupSchedule;
  };
  const makeManifest = async (input: object) => {
    const { data, errors } = await house.ask(manifesting, { input });
    expect(errors).toBeUndefined();
    return data.manifestCreate;
  };
  const posts = (account: 'usps' | 'easypost', path: RegExp) =>
    house.sandbox[account].calls.filter((call) => call.method === 'POST' && path.test(call.path)).length;

  describe.each([
    ['usps', /\/carrier-pickup$/],
    ['easypost', /\/pickups\/\w+\/buy$/],
  ] as const)('by a pickup from %s', (account, scheduled) => {
    it('is scheduled once a key, however many send it, and cancelled harmlessly twice', async () => {
      const before = posts(account, scheduled);
      const input = wishes([await buy(account), await buy(account)]);
      const answers = await Promise.all([schedule(input), schedule(input), schedule(input)]);
      answers.push(await schedule(input));
      expect(answers[0]).toMatchObject({
        pickup: { status: 'SCHEDULED', date: '2026-11-20', account: { id: account }, failure: null },
        userErrors: [],
        failure: null,
      });
      expect(answers[0].pickup.confirmation).toMatch(/\w{6}/);
      expect(new Set(answers.map((each) => each.pickup.id)).size).toBe(1);
      expect(posts(account, scheduled)).toBe(before + 1);

      const { id } = answers[0].pickup;
      const { data } = await house.ask(`query ($id: ID!) { pickup(id: $id) { ${pickup} } }`, { id });
      expect(data.pickup).toEqual(answers[0].pickup);
      const foreign = await house.ask('query ($id: ID!) { pickup(id: $id) { id } }', { id }, 'other-key');
      expect(foreign.data.pickup).toBeNull();

      for (let time = 0; time < 2; time += 1) {
        const cancelled = await house.ask(cancelling, { id });
        expect(cancelled.data.pickupCancel).toMatchObject({
          pickup: { id, status: 'CANCELLED' },
          userErrors: [],
          failure: null,
        });
      }
    });

    it('is refused with paths, before any call, for what can’t be', async () => {
      const bought = await buy(account);
      const calls = () => house.sandbox.usps.calls.length + house.sandbox.easypost.calls.length;
      const before = calls();
      for (const [change, code, field] of [
        [{ idempotencyKey: ' ' }, 'REQUIRED', 'idempotencyKey'],
        [{ date: '2026-11-17' }, 'INVALID', 'date'],
        [{ shipmentIds: [] }, 'REQUIRED', 'shipmentIds'],
        [{ shipmentIds: [bought, 'shp_nobody'] }, 'NOT_FOUND', 'shipmentIds.1'],
        [{ packageLocation: 'CHIMNEY' }, 'INVALID', 'packageLocation'],
        [{ packageLocation: 'OTHER' }, 'REQUIRED', 'instructions'],
        [{ readyFrom: '2026-11-20T17:00:00', readyUntil: '2026-11-20T09:00:00' }, 'INVALID', 'readyUntil'],
      ] as const) {
        const { userErrors } = await schedule(wishes([bought], change));
        expect(userErrors, field).toMatchObject([{ code, field: ['input', ...field.split('.')] }]);
      }
      expect(calls()).toBe(before);
    });
  });

  it('can’t be mixed of two accounts, nor be another tenant’s', async () => {
    const mixed = [await buy('usps'), await buy('easypost')];
    expect((await schedule(wishes(mixed))).userErrors).toMatchObject([
      { code: 'NOT_ALLOWED', field: ['input', 'shipmentIds', '1'] },
    ]);
    const lost = await schedule(wishes(['shp_nobody', ...mixed]));
    expect(lost.userErrors).toMatchObject([
      { code: 'NOT_FOUND', field: ['input', 'shipmentIds', '0'] },
      { code: 'NOT_ALLOWED', field: ['input', 'shipmentIds', '2'] },
    ]);
    const strange = await schedule(wishes(mixed, { accountId: 'nobody' }));
    expect(strange.userErrors).toMatchObject([{ code: 'NOT_FOUND', field: ['input', 'accountId'] }]);
    expect((await schedule(wishes(mixed), 'other-key')).userErrors).toMatchObject([
      { code: 'NOT_FOUND' },
      { code: 'NOT_FOUND' },
    ]);
  });

  it('a key that stands for one pickup is refused for another', async () => {
    const shipment = await buy('usps');
    await schedule(wishes([shipment]));
    expect((await schedule(wishes([shipment], { date: '2026-11-21' }))).userErrors).toMatchObject([
      { code: 'IDEMPOTENCY_KEY_REUSED', field: ['input', 'idempotencyKey'] },
    ]);
  });

  describe.each([
    ['usps', /\/scan-form$/],
    ['easypost', /\/scan_forms$/],
  ] as const)('with a manifest from %s', (account, made) => {
    it('is listed once a key, on a form to print, and can’t be given back or listed again', async () => {
      const before = posts(account, made);
      const shipmentIds = [await buy(account), await buy(account)];
      const input = { idempotencyKey: key, shipmentIds };
      const [first, ...rest] = [...(await Promise.all([makeManifest(input), makeManifest(input)])), await makeManifest(input)]; // prettier-ignore
      expect(first).toMatchObject({ userErrors: [], failure: null });
      expect(rest.map((each) => each.manifest.id)).toEqual([first.manifest.id, first.manifest.id]);
      expect(posts(account, made)).toBe(before + 1);

      house.clock.advance(60_000);
      const { data } = await house.ask(`query ($id: ID!) { manifest(id: $id) { ${manifest} } }`, {
        id: first.manifest.id,
      });
      expect(data.manifest).toMatchObject({
        status: 'CREATED',
        account: { id: account },
        form: { format: 'PDF' },
      });
      expect(data.manifest.shipments.nodes.map((each: any) => each.id).sort()).toEqual(
        [...shipmentIds].sort(),
      );
      const form = await fetch(data.manifest.form.url);
      expect(form.headers.get('content-type')).toBe('application/pdf');
      expect(
        Buffer.from(await form.arrayBuffer())
          .subarray(0, 5)
          .toString(),
      ).toBe('%PDF-');

      const again = await makeManifest({ idempotencyKey: randomUUID(), shipmentIds: [shipmentIds[1]] });
      expect(again.userErrors).toMatchObject([{ code: 'NOT_ALLOWED', field: ['input', 'shipmentIds', '0'] }]);
      const given = await house.ask(voiding, { id: shipmentIds[0] });
      expect(given.data.shipmentVoid).toMatchObject({ shipment: { status: 'PURCHASED' } });
    });
  });

  it('a lost answer to a SCAN form stays uncertain, since USPS can’t be asked, and makes no second one', async () => {
    const shipmentIds = [await buy('usps')];
    const before = posts('usps', /\/scan-form$/);
    house.sandbox.usps.spoil({ method: 'POST', path: /\/scan-form$/, times: 1, drop: 'after' });
    const input = { idempotencyKey: key, shipmentIds };
    const lost = await makeManifest(input);
    expect(lost).toMatchObject({
      manifest: { status: 'UNCERTAIN', form: null },
      failure: { code: 'UNAVAILABLE' },
    });
    expect((await makeManifest(input)).manifest).toMatchObject({ id: lost.manifest.id, status: 'UNCERTAIN' });
    expect(posts('usps', /\/scan-form$/)).toBe(before + 1);
  });
});

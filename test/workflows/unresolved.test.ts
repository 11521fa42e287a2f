import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { handleAdminRequest, type AdminRequest } from '../../src/admin/admin-requests.ts';
import type { TenantConfig } from '../../src/config/config.ts';
import { createApp } from '../../src/app.ts';
import { callRunningServer } from '../../src/storage/data-directory-lock.ts';
import { sender, storages } from '../support/test-server.ts';
import { openLedgerTestServer, shipmentFields, type LedgerTestServer } from '../support/ledger-server.ts';

describe.each(storages)('what is uncertain on the %s ledger', (storage) => {
  let house: LedgerTestServer;
  let tenant: TenantConfig;
  let keys = 0;
  beforeAll(async () => {
    house = await openLedgerTestServer(storage, { tenants: (sandbox) => [(tenant = sandbox.tenant)] });
  });
  afterAll(() => house.close());

  /** As a command has it done: by the server through its socket, or beside it where the ledger is on a server. */
  const want = async (wish: AdminRequest, tenants = [tenant]): Promise<any> => {
    const { storage, clock, folder: dataDir } = house;
    if ('folder' in storage) return (await callRunningServer(storage.folder, 'admin', wish))!.answer;
    const secret = 'a secret of more than thirty-two characters';
    const config = { host: '', port: 0, storage, dataDir, secret, tenants };
    const beside = await createApp(config, { log: pino({ level: 'silent' }), clock });
    try {
      return await handleAdminRequest(beside.ledger, wish);
    } finally {
      await beside.close();
    }
  };
  const resolve = (id: string, verdict: any) =>
    want({ action: 'resolve', id, finding: verdict, user: 'ann' });
  const list = () => want({ action: 'list' });
  const shipmentOf = async (id: string) =>
    (await house.ask(`query ($id: ID!) { shipment(id: $id) { ${shipmentFields} } }`, { id })).data.shipment;

  /** A purchase whose answer is lost, and whose provider answers nothing since. */
  async function lost(drop: 'before' | 'after' = 'after', account: 'usps' | 'easypost' = 'usps') {
    const key = `key-${(keys += 1)}`;
    const rateId = await house.rate(account);
    const provider = house.sandbox[account];
    provider.spoil({ method: 'POST', path: /\/(label|buy)$/, times: 1, drop });
    const { shipment } = (await house.buy(key, rateId)).data.shipmentPurchase;
    expect(shipment.status).toBe('UNCERTAIN');
    return { id: shipment.id as string, key, rateId };
  }
  const charges = () => house.sandbox.usps.charges().length + house.sandbox.easypost.charges().length;

  it('is listed with all that a search at the provider wants, and nobody’s address', async () => {
    expect(await list()).toEqual([]);
    const { id, key } = await lost();
    const [doubt, ...more] = await list();
    expect(more).toEqual([]);
    expect(doubt).toEqual({
      id,
      kind: 'shipmentPurchase',
      tenant: 'sandbox',
      account: 'usps',
      provider: 'usps',
      since: expect.stringMatching(/^\d{4}-.*Z$/),
      key,
      attempts: [house.sandbox.usps.labels().at(-1)!.idempotencyKey],
      failure: { code: 'UNAVAILABLE', message: expect.any(String), hint: expect.any(String) },
      trackingNumbers: [],
      parcels: 1,
    });
    expect(JSON.stringify(doubt)).not.toMatch(/Sally|Rita|Townsend/);
    await expect
      .poll(() => house.log.find((line) => line.includes('npm run purchases')), { timeout: 15_000 })
      .toContain(id);
    expect(house.log.join()).not.toMatch(/Sally|Rita|Townsend/);
    expect(await resolve(id, { found: 'cancelled' })).toEqual({ done: `${id} is FAILED` });
    expect(await list()).toEqual([]);
  });

  it('that was nothing is FAILED, in the history with who said so, and its key buys once', async () => {
    const before = charges();
    const { id, key, rateId } = await lost('before');
    expect(await resolve(id, { found: 'nothing' })).toEqual({
      done: `${id} is FAILED: its key may try again`,
    });
    const failed = await shipmentOf(id);
    expect(failed).toMatchObject({ status: 'FAILED', parcels: [{ status: 'FAILED' }] });
    expect(failed.history.at(-1)).toEqual({ event: 'RESOLVED_BY_HAND', by: 'os:ann', detail: 'nothing' });
    expect(await resolve(id, { found: 'nothing' })).toEqual({ refused: `${id} is FAILED: there is nothing to resolve` }); // prettier-ignore
    const { shipment } = (await house.buy(key, rateId)).data.shipmentPurchase;
    expect(shipment).toMatchObject({ id, status: 'PURCHASED' });
    expect(charges()).toBe(before + 1);
  });

  it('that was bought is PURCHASED with that number and price, for its key too', async () => {
    const { id, key, rateId } = await lost();
    const before = charges();
    const trackingNumber = house.sandbox.usps.charges().at(-1)!.trackingNumber;
    for (const [verdict, reason] of [
      [{ found: 'bought', trackingNumber: '?', price: '7.40' }, '4 to 40'],
      [{ found: 'bought', trackingNumber, price: '7,40' }, 'written as 7.40'],
      [{ found: 'done' }, 'is a purchase'],
    ] as const) {
      expect((await resolve(id, verdict)).refused).toContain(reason);
    }
    const { done } = await resolve(id, { found: 'bought', trackingNumber, price: '7.40' });
    expect(done).toContain(`${id} is PURCHASED with ${trackingNumber}`);
    const { shipment } = (await house.buy(key, rateId)).data.shipmentPurchase;
    expect(shipment).toMatchObject({
      id,
      status: 'PURCHASED',
      trackingNumber,
      price: { amount: '7.40' },
      failure: null,
    });
    expect(done).toContain('its label was fetched');
    expect((await fetch(shipment.label.url)).status).toBe(200);
    expect(charges()).toBe(before);
    const other = await lost('before');
    expect((await resolve(other.id, { found: 'bought', trackingNumber, price: '7.40' })).refused).toContain(`is the label of ${id}`); // prettier-ignore
    await resolve(other.id, { found: 'nothing' });
  });

  it('is cancelled by the key that its provider knows, once it knows it', async () => {
    const cancel = (id: string) => want({ action: 'cancel', id, user: 'ann' });
    const { id, key, rateId } = await lost('before');
    const [{ attempts: [attempt] }] = await list(); // prettier-ignore
    expect((await cancel(id)).refused).toMatch(/stays UNCERTAIN: .*Order not found/);
    expect((await shipmentOf(id)).history.slice(-2)).toEqual([
      { event: 'VOID_ASKED', by: 'os:ann', detail: attempt },
      { event: 'UNCERTAIN', by: null, detail: `${attempt} NOT_FOUND` },
    ]);
    await resolve(id, { found: 'nothing' });

    house.sandbox.usps.spoil({ method: 'POST', path: /\/label$/, times: 1, drop: 'after' });
    expect((await house.buy(key, rateId)).data.shipmentPurchase.shipment.status).toBe('UNCERTAIN');
    const before = charges();
    expect(await cancel(id)).toEqual({ done: `${id} is FAILED` });
    expect(charges()).toBe(before - 1);
    const { failure, history } = await shipmentOf(id);
    expect(failure.message).toContain('had what was bought cancelled');
    expect(history.slice(-3)).toMatchObject([
      { event: 'VOID_ASKED', by: 'os:ann' },
      { event: 'VOIDED', detail: expect.stringContaining('REFUNDED') },
      { event: 'RESOLVED_BY_HAND', by: 'os:ann', detail: 'cancelled' },
    ]);
    expect((await cancel(id)).refused).toContain('is no UNCERTAIN purchase');
    expect((await cancel('pck_none')).refused).toContain('is no UNCERTAIN purchase');
  });

  it('and is sold after all though somebody had it cancelled, goes back', async () => {
    const { id, key, rateId } = await lost();
    const before = charges();
    const mend = house.sandbox.usps.spoil({ method: 'DELETE', path: /\/label$/, drop: 'before' });
    expect((await want({ action: 'cancel', id, user: 'ann' })).refused).toContain('stays UNCERTAIN');
    mend();
    await want({ action: 'ask', id });
    expect(await shipmentOf(id)).toMatchObject({ status: 'FAILED', parcels: [{ status: 'VOIDED' }] });
    expect(charges()).toBe(before - 1);
    expect((await house.buy(key, rateId)).data.shipmentPurchase.shipment.status).toBe('PURCHASED');
  });

  it('can be cancelled by no key where its provider knows none', async () => {
    const { id } = await lost('after', 'easypost');
    expect(await want({ action: 'cancel', id, user: 'ann' })).toEqual({
      refused: `${id} stays UNCERTAIN: nobody can cancel by key at easypost`,
    });
    expect(await want({ action: 'ask', id })).toEqual([]);
    expect((await shipmentOf(id)).status).toBe('PURCHASED');
  });

  it('is asked again when somebody says so, and charged once', async () => {
    const { id } = await lost('after', 'easypost');
    const before = charges();
    if ('url' in house.storage) {
      const left = await want({ action: 'ask', id }, []);
      expect(left).toMatchObject([{ id, failure: { code: 'CREDENTIALS_MISSING' } }]);
    }
    expect(await want({ action: 'ask', id })).toEqual([]);
    expect((await shipmentOf(id)).status).toBe('PURCHASED');
    expect(charges()).toBe(before);
  });

  it('is not touched while a process holds it, nor what is not there or not uncertain', async () => {
    const { id, key, rateId } = await lost();
    house.sandbox.usps.spoil({ method: 'POST', path: /\/label$/, times: 1, delayMs: 1500 });
    const asking = house.buy(key, rateId);
    await expect.poll(async () => (await resolve(id, { found: 'nothing' })).refused ?? 'done').toContain('a process is asking'); // prettier-ignore
    expect((await asking).data.shipmentPurchase.shipment.status).toBe('PURCHASED');
    expect((await resolve(id, { found: 'nothing' })).refused).toContain('is PURCHASED');
    expect(await resolve('shp_none', { found: 'nothing' })).toEqual({ refused: 'there is no shp_none' });
    expect(await resolve('pck_none', { found: 'done' })).toEqual({ refused: 'there is no pck_none' });
  });

  it('of a pickup is done or nothing, and cancelled at the provider alone', async () => {
    const { shipment } = (await house.buy(`key-${(keys += 1)}`, await house.rate('usps'))).data
      .shipmentPurchase;
    const schedule = async (idempotencyKey: string) => {
      const input = { idempotencyKey, address: { ...sender, phone: '2025550100' }, date: '2026-11-20', shipmentIds: [shipment.id] }; // prettier-ignore
      return (await house.ask('mutation ($input: PickupScheduleInput!) { pickupSchedule(input: $input) { pickup { id status confirmation date } userErrors { message } failure { code message } } }', { input })).data.pickupSchedule; // prettier-ignore
    };
    for (const verdict of [{ found: 'nothing' }, { found: 'done', confirmation: 'WTC123' }] as const) {
      const key = `pickup-${verdict.found}`;
      house.sandbox.usps.spoil({ method: 'POST', path: /carrier-pickup$/, times: 1, drop: 'after' });
      const { pickup } = await schedule(key);
      expect(pickup.status).toBe('UNCERTAIN');
      expect(await list()).toMatchObject([{ id: pickup.id, kind: 'pickupSchedule', key }]);
      expect((await resolve(pickup.id, { found: 'cancelled' })).refused).toContain('--done');
      expect((await resolve(pickup.id, verdict)).done).toContain(pickup.id);
      expect(await list()).toEqual([]);
      if (verdict.found === 'nothing') continue;
      expect((await schedule(key)).pickup).toEqual({
        id: pickup.id,
        status: 'SCHEDULED',
        confirmation: 'WTC123',
        date: '2026-11-20',
      });
      const { data } = await house.ask('mutation ($id: ID!) { pickupCancel(input: { id: $id }) { pickup { status } failure { code hint } } }', { id: pickup.id }); // prettier-ignore
      expect(data.pickupCancel).toEqual({
        pickup: { status: 'SCHEDULED' },
        failure: { code: 'NOT_SUPPORTED', hint: 'Cancel it at the provider.' },
      });
    }
  });

  it('after its label was manifested has a refund asked for, and stays uncertain', async () => {
    const { id } = await lost();
    house.clock.advance(2 * 24 * 60 * 60 * 1000);
    expect((await want({ action: 'cancel', id, user: 'ann' })).refused).toMatch(
      /stays UNCERTAIN: a refund was asked for \(\d+\), which is decided later/,
    );
    expect((await shipmentOf(id)).history.at(-1)).toMatchObject({
      event: 'REFUND_HEARD',
      detail: expect.stringContaining('REQUESTED'),
    });
    expect(await list()).toMatchObject([{ id }]);
    expect(await resolve(id, { found: 'cancelled' })).toEqual({ done: `${id} is FAILED` });
  });
});

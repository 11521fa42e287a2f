import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it, beforeEach } from 'vitest';

import { runMaintenance, type MaintenanceRequest } from '../../src/admin/maintenance.ts';
import type { TenantConfig } from '../../src/config/tenants.ts';
import { createApp } from '../../src/app.ts';
import { sendCommand } from '../../src/admin/command-client.ts';
import { sender, storages } from '../support/test-server.ts';
import { openLedgerTestServer, shipmentFields, type LedgerTestServer } from '../support/ledger-server.ts';

describe.each(storages)('an uncertain purchase on the %s ledger', (storage) => {
  let server: LedgerTestServer;
  let tenant: TenantConfig;
  let keys = 0;
  beforeAll(async () => {
    server = await openLedgerTestServer(storage, { tenants: (sandbox) => [(tenant = sandbox.tenant)] });
  });
  afterAll(() => server.close());

  /** Sends a maintenance request as a command does: through the server's socket, or beside the server where the ledger is on a database server. */
  const send = async (request: MaintenanceRequest, tenants = [tenant]): Promise<any> => {
    const { storage, clock, folder: dataDir } = server;
    if ('folder' in storage) return (await sendCommand(storage.folder, 'maintenance', request))!.result;
    const secret = 'a secret of more than thirty-two characters';
    const config = { logLevel: 'info' as const, host: '', port: 0, storage, dataDir, secret, tenants };
    const beside = await createApp(config, { log: pino({ level: 'silent' }), clock });
    try {
      return await runMaintenance(beside.workflows, request);
    } finally {
      await beside.close();
    }
  };
  const resolve = (id: string, finding: any) => send({ action: 'resolve', id, finding, user: 'ann' });
  const list = () => send({ action: 'list' });
  const shipmentOf = async (id: string) =>
    (await server.ask(`query ($id: ID!) { shipment(id: $id) { ${shipmentFields} } }`, { id })).data.shipment;

  /** After this time a breaker that lost responses have opened lets a call pass. */
  const probe = () => server.clock.advance(20_000);
  beforeEach(probe);

  /** Makes a purchase whose response is lost. */
  async function lost(drop: 'before' | 'after' = 'after', account: 'usps' | 'easypost' = 'usps') {
    probe();
    const key = `key-${(keys += 1)}`;
    const rateId = await server.rate(account);
    const provider = server.sandbox[account];
    provider.injectFault({ method: 'POST', path: /\/(label|buy)$/, times: 1, drop });
    const { shipment } = (await server.buy(key, rateId)).data.shipmentPurchase;
    expect(shipment.status).toBe('UNCERTAIN');
    return { id: shipment.id as string, key, rateId };
  }
  const charges = () => server.sandbox.usps.charges().length + server.sandbox.easypost.charges().length;

  it('is listed with everything needed to find it at the provider, without an address', async () => {
    expect(await list()).toEqual([]);
    const { id, key } = await lost();
    const [unresolved, ...more] = await list();
    expect(more).toEqual([]);
    expect(unresolved).toEqual({
      id,
      kind: 'shipmentPurchase',
      tenant: 'sandbox',
      account: 'usps',
      provider: 'usps',
      since: expect.stringMatching(/^\d{4}-.*Z$/),
      key,
      attempts: [server.sandbox.usps.labels().at(-1)!.idempotencyKey],
      failure: { code: 'UNAVAILABLE', message: expect.any(String), hint: expect.any(String) },
      trackingNumbers: [],
      parcels: 1,
    });
    expect(JSON.stringify(unresolved)).not.toMatch(/Sally|Rita|Townsend/);
    await expect
      .poll(() => server.log.find((line) => line.includes('npm run purchases')), { timeout: 15_000 })
      .toContain(id);
    expect(server.log.join()).not.toMatch(/Sally|Rita|Townsend/);
    expect(await resolve(id, { found: 'cancelled' })).toEqual({ done: `${id} is FAILED` });
    expect(await list()).toEqual([]);
  });

  it('is FAILED where nothing was found, with the operator in the history, and its key purchases once', async () => {
    const before = charges();
    const { id, key, rateId } = await lost('before');
    expect(await resolve(id, { found: 'nothing' })).toEqual({
      done: `${id} is FAILED: its key may try again`,
    });
    const failed = await shipmentOf(id);
    expect(failed).toMatchObject({ status: 'FAILED', parcels: [{ status: 'FAILED' }] });
    expect(failed.history.at(-1)).toEqual({ event: 'RESOLVED_BY_HAND', by: 'os:ann', detail: 'nothing' });
    expect(await resolve(id, { found: 'nothing' })).toEqual({ refused: `${id} is FAILED: there is nothing to resolve` }); // prettier-ignore
    const { shipment } = (await server.buy(key, rateId)).data.shipmentPurchase;
    expect(shipment).toMatchObject({ id, status: 'PURCHASED' });
    expect(charges()).toBe(before + 1);
  });

  it('is PURCHASED with the tracking number and price that were found, for its key too', async () => {
    const { id, key, rateId } = await lost();
    const before = charges();
    const trackingNumber = server.sandbox.usps.charges().at(-1)!.trackingNumber;
    for (const [finding, reason] of [
      [{ found: 'bought', trackingNumber: '?', price: '7.40' }, '4 to 40'],
      [{ found: 'bought', trackingNumber, price: '7,40' }, 'written as 7.40'],
      [{ found: 'done' }, 'is a purchase'],
    ] as const) {
      expect((await resolve(id, finding)).refused).toContain(reason);
    }
    const { done } = await resolve(id, { found: 'bought', trackingNumber, price: '7.40' });
    expect(done).toContain(`${id} is PURCHASED with ${trackingNumber}`);
    const { shipment } = (await server.buy(key, rateId)).data.shipmentPurchase;
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

  it('is settled and voided where its label has no tracking number, as with letters', async () => {
    const restore = server.sandbox.easypost.sellUntracked('Priority');
    const { id, key, rateId } = await lost('after', 'easypost');
    expect(await send({ action: 'reconcile', id })).toEqual([]);
    const { shipment } = (await server.buy(key, rateId)).data.shipmentPurchase;
    expect(shipment).toMatchObject({ id, status: 'PURCHASED', trackingNumber: null, failure: null });
    expect((await fetch(shipment.label.url)).status).toBe(200);
    expect(shipment.history).toContainEqual({ event: 'BOUGHT', by: null, detail: expect.stringMatching(/^shp_/) }); // prettier-ignore
    const voided = await server.ask(
      'mutation ($id: ID!) { shipmentVoid(input: { id: $id }) { shipment { refund { status } } failure { code } } }',
      { id },
    );
    expect(voided.data.shipmentVoid).toEqual({
      shipment: { refund: { status: 'REQUESTED' } },
      failure: null,
    });

    const byHand = await lost('after', 'easypost');
    const { done } = await resolve(byHand.id, { found: 'bought', price: '7.55' });
    expect(done).toContain(`${byHand.id} is PURCHASED with a label without a number; its label was fetched`);
    const uspsShipment = await lost('after', 'usps');
    expect((await resolve(uspsShipment.id, { found: 'bought', price: '7.55' })).refused).toContain('needs its tracking number'); // prettier-ignore
    await resolve(uspsShipment.id, { found: 'cancelled' });
    restore();
  });

  it('is cancelled by its key where the provider has a label under it', async () => {
    const cancel = (id: string) => send({ action: 'cancel', id, user: 'ann' });
    const { id, key, rateId } = await lost('before');
    const [{ attempts: [attempt] }] = await list(); // prettier-ignore
    expect((await cancel(id)).refused).toMatch(/stays UNCERTAIN: .*Order not found/);
    expect((await shipmentOf(id)).history.slice(-2)).toEqual([
      { event: 'VOID_ASKED', by: 'os:ann', detail: attempt },
      { event: 'UNCERTAIN', by: null, detail: `${attempt} NOT_FOUND` },
    ]);
    await resolve(id, { found: 'nothing' });

    server.sandbox.usps.injectFault({ method: 'POST', path: /\/label$/, times: 1, drop: 'after' });
    expect((await server.buy(key, rateId)).data.shipmentPurchase.shipment.status).toBe('UNCERTAIN');
    const before = charges();
    expect(await cancel(id)).toEqual({ done: `${id} is FAILED` });
    expect(charges()).toBe(before - 1);
    const { failure, history } = await shipmentOf(id);
    expect(failure.message).toContain('what was bought was cancelled');
    expect(history.slice(-3)).toMatchObject([
      { event: 'VOID_ASKED', by: 'os:ann' },
      { event: 'VOIDED', detail: expect.stringContaining('REFUNDED') },
      { event: 'RESOLVED_BY_HAND', by: 'os:ann', detail: 'cancelled' },
    ]);
    expect((await cancel(id)).refused).toContain('is no UNCERTAIN purchase');
    expect((await cancel('pck_none')).refused).toContain('is no UNCERTAIN purchase');
  });

  it('has its label voided that arrives after it was cancelled by hand', async () => {
    const { id, key, rateId } = await lost();
    const before = charges();
    const restore = server.sandbox.usps.injectFault({ method: 'DELETE', path: /\/label$/, drop: 'before' });
    expect((await send({ action: 'cancel', id, user: 'ann' })).refused).toContain('stays UNCERTAIN');
    restore();
    await send({ action: 'reconcile', id });
    expect(await shipmentOf(id)).toMatchObject({ status: 'FAILED', parcels: [{ status: 'VOIDED' }] });
    expect(charges()).toBe(before - 1);
    probe();
    expect((await server.buy(key, rateId)).data.shipmentPurchase.shipment.status).toBe('PURCHASED');
  });

  it('cannot be cancelled by key where its provider accepts none', async () => {
    const { id } = await lost('after', 'easypost');
    expect(await send({ action: 'cancel', id, user: 'ann' })).toEqual({
      refused: `${id} stays UNCERTAIN: labels cannot be cancelled by key at easypost`,
    });
    expect(await send({ action: 'reconcile', id })).toEqual([]);
    expect((await shipmentOf(id)).status).toBe('PURCHASED');
  });

  it('is reconciled on request, and charged once', async () => {
    const { id } = await lost('after', 'easypost');
    const before = charges();
    if ('url' in server.storage) {
      const left = await send({ action: 'reconcile', id }, []);
      expect(left).toMatchObject([{ id, failure: { code: 'CREDENTIALS_MISSING' } }]);
    }
    expect(await send({ action: 'reconcile', id })).toEqual([]);
    expect((await shipmentOf(id)).status).toBe('PURCHASED');
    expect(charges()).toBe(before);
  });

  it('is not resolved while a process works on it, nor is an unknown id or another status', async () => {
    const { id, key, rateId } = await lost();
    server.sandbox.usps.injectFault({ method: 'POST', path: /\/label$/, times: 1, delayMs: 1500 });
    const asking = server.buy(key, rateId);
    await expect.poll(async () => (await resolve(id, { found: 'nothing' })).refused ?? 'done').toContain('a process is asking'); // prettier-ignore
    expect((await asking).data.shipmentPurchase.shipment.status).toBe('PURCHASED');
    expect((await resolve(id, { found: 'nothing' })).refused).toContain('is PURCHASED');
    expect(await resolve('shp_none', { found: 'nothing' })).toEqual({ refused: 'there is no shp_none' });
    expect(await resolve('pck_none', { found: 'done' })).toEqual({ refused: 'there is no pck_none' });
  });

  it('that is a pickup is resolved as done or nothing, and can be cancelled at the provider only', async () => {
    const { shipment } = (await server.buy(`key-${(keys += 1)}`, await server.rate('usps'))).data
      .shipmentPurchase;
    const schedule = async (idempotencyKey: string) => {
      const input = { idempotencyKey, address: { ...sender, phone: '2025550100' }, date: '2026-11-20', shipmentIds: [shipment.id] }; // prettier-ignore
      return (await server.ask('mutation ($input: PickupScheduleInput!) { pickupSchedule(input: $input) { pickup { id status confirmation date } userErrors { message } failure { code message } } }', { input })).data.pickupSchedule; // prettier-ignore
    };
    for (const finding of [{ found: 'nothing' }, { found: 'done', confirmation: 'WTC123' }] as const) {
      const key = `pickup-${finding.found}`;
      server.sandbox.usps.injectFault({ method: 'POST', path: /carrier-pickup$/, times: 1, drop: 'after' });
      const { pickup } = await schedule(key);
      expect(pickup.status).toBe('UNCERTAIN');
      expect(await list()).toMatchObject([{ id: pickup.id, kind: 'pickupSchedule', key }]);
      expect((await resolve(pickup.id, { found: 'cancelled' })).refused).toContain('--done');
      expect((await resolve(pickup.id, finding)).done).toContain(pickup.id);
      expect(await list()).toEqual([]);
      if (finding.found === 'nothing') continue;
      expect((await schedule(key)).pickup).toEqual({
        id: pickup.id,
        status: 'SCHEDULED',
        confirmation: 'WTC123',
        date: '2026-11-20',
      });
      const { data } = await server.ask('mutation ($id: ID!) { pickupCancel(input: { id: $id }) { pickup { status } failure { code hint } } }', { id: pickup.id }); // prettier-ignore
      expect(data.pickupCancel).toEqual({
        pickup: { status: 'SCHEDULED' },
        failure: { code: 'NOT_SUPPORTED', hint: 'Cancel it on the website of the provider.' },
      });
    }
  });

  it('stays UNCERTAIN where cancelling only requests a refund, after its label was manifested', async () => {
    const { id } = await lost();
    server.clock.advance(2 * 24 * 60 * 60 * 1000);
    expect((await send({ action: 'cancel', id, user: 'ann' })).refused).toMatch(
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

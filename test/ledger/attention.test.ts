import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { care, type CareWish } from '../../src/care.ts';
import { openLedger } from '../../src/ledger/ledger.ts';
import { createSealer } from '../../src/domain/seal.ts';
import { askOwner } from '../../src/ledger/owner.ts';
import { sender, storages, testClock } from '../support/house.ts';
import { openLedgerHouse, shipmentFields, type LedgerHouse } from '../support/ledger.ts';

const sealer = createSealer('a secret of more than thirty-two characters');

describe.each(storages)('what is uncertain on the %s ledger', (storage) => {
  let house: LedgerHouse;
  let keys = 0;
  beforeAll(async () => void (house = await openLedgerHouse(storage)));
  afterAll(() => house.close());

  /** As a command has it done: by the server through its socket, or beside it where the ledger is on a server. */
  const want = async (wish: CareWish): Promise<any> => {
    if ('folder' in house.storage) return (await askOwner(house.storage.folder, 'care', wish))!.answer;
    const ledger = await openLedger(house.storage, {
      sealer,
      clock: testClock(),
      carrierOf: () => undefined,
    });
    try {
      return await care(ledger, wish);
    } finally {
      await ledger.close();
    }
  };
  const resolve = (id: string, verdict: any) => want({ action: 'resolve', id, verdict, user: 'ann' });
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
    // The server knows the account; beside it nobody could fetch the label.
    expect(done).toContain('folder' in house.storage ? 'its label was fetched' : 'not kept here');
    expect((await fetch(shipment.label.url)).status).toBe('folder' in house.storage ? 200 : 503);
    expect(charges()).toBe(before);
    const other = await lost('before');
    expect((await resolve(other.id, { found: 'bought', trackingNumber, price: '7.40' })).refused).toContain(`is the label of ${id}`); // prettier-ignore
    await resolve(other.id, { found: 'nothing' });
  });

  it('is asked again when somebody says so, and charged once', async () => {
    const { id } = await lost('after', 'easypost');
    const before = charges();
    const left = await want({ action: 'ask', id });
    if ('folder' in house.storage) {
      expect(left).toEqual([]);
      expect((await shipmentOf(id)).status).toBe('PURCHASED');
    } else {
      expect(left).toMatchObject([{ id, failure: { code: 'CREDENTIALS_MISSING' } }]);
      await resolve(id, { found: 'cancelled' });
    }
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
});

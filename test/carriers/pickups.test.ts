import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { EasyPostSandbox } from '../../sandbox/easypost/index.ts';
import type { UspsSandbox } from '../../sandbox/usps/index.ts';
import type { LabelledParcel, PickupRequest } from '../../src/carriers/adapter.ts';
import { countByType } from '../../src/carriers/usps/pickups/pickups.ts';
import { call, kept, labelled, noon, openEasyPostAdapter, openUspsAdapter, type OpenAdapter } from '../support/adapters.ts'; // prettier-ignore
import { receiver, sender } from '../support/test-server.ts';

const door = { ...sender, phone: '(202) 555-0100', email: 'sally@example.com' };
const date = '2026-11-19';

describe('USPS pickups', () => {
  let desk: OpenAdapter<UspsSandbox>;
  let parcel: LabelledParcel;
  beforeAll(async () => {
    desk = await openUspsAdapter();
    parcel = await labelled(desk.adapter);
  });
  afterAll(() => desk.close());

  const orderOf = (more: Partial<PickupRequest> = {}): PickupRequest => ({
    address: door,
    date,
    parcels: [parcel],
    ...more,
  });
  const prepare = (more?: Partial<PickupRequest>) => desk.adapter.pickups.prepare(orderOf(more), call);
  const bodyOf = async (more?: Partial<PickupRequest>) => {
    const { request } = await prepare(more);
    return JSON.parse((request as { body: string }).body) as Record<string, unknown>;
  };
  const calls = () => desk.emulator.calls.filter(({ path }) => path.startsWith('/pickup/'));

  it('look first whether USPS comes to the address, and tell the parcels by kind', async () => {
    const kinds: LabelledParcel[] = [
      parcel,
      { ...parcel, service: { code: 'USPS_GROUND_ADVANTAGE', name: '' } },
      { ...parcel, service: { code: 'USPS_GROUND_ADVANTAGE', name: '' } },
      { ...parcel, service: { code: 'MEDIA_MAIL', name: '' } },
      { ...parcel, service: { code: 'FIRST_CLASS_PACKAGE_SERVICE', name: '' } },
      { ...parcel, isReturn: true },
      { ...parcel, to: { ...receiver, country: 'CA' } },
      { ...parcel, to: { ...receiver, country: 'PR' } },
    ];
    const before = calls().length;
    const body = await bodyOf({ parcels: kinds, packageLocation: 'PORCH', instructions: 'Mind the step' });
    expect(calls().slice(before)).toMatchObject([
      { method: 'GET', path: '/pickup/v3/carrier-pickup/eligibility' },
    ]);
    expect(body).toEqual({
      pickupDate: date,
      pickupAddress: {
        firstName: 'Sally',
        lastName: 'Sender',
        address: {
          streetAddress: "475 L'Enfant Plaza SW",
          city: 'Washington',
          state: 'DC',
          ZIPCode: '20260',
        },
        contact: [{ email: 'sally@example.com' }, { phone: '2025550100' }],
      },
      packages: [
        { packageType: 'PRIORITY_MAIL', packageCount: 2 },
        { packageType: 'USPS_GROUND_ADVANTAGE', packageCount: 2 },
        { packageType: 'OTHER', packageCount: 1 },
        { packageType: 'FIRST-CLASS_PACKAGE_SERVICE', packageCount: 1 },
        { packageType: 'RETURNS', packageCount: 1 },
        { packageType: 'INTERNATIONAL', packageCount: 1 },
      ],
      // Eight times twenty ounces.
      estimatedWeight: 10,
      pickupLocation: { packageLocation: 'PORCH', specialInstructions: 'Mind the step' },
    });
    expect(countByType(kinds).reduce((total, { packageCount }) => total + packageCount, 0)).toBe(
      kinds.length,
    );
  });

  it('are judged before a call costs anything: the day, the names, the ways to reach somebody', async () => {
    const before = desk.emulator.calls.length;
    const faulty: [Partial<PickupRequest>, string, readonly string[]][] = [
      [{ date: '2026-11-18' }, 'REJECTED', ['date']],
      [{ date: '2026-11-22' }, 'REJECTED', ['date']],
      [{ date: '2027-11-19' }, 'REJECTED', ['date']],
      [{ address: { ...door, phone: null, email: null } }, 'REJECTED', ['address', 'phone']],
      [{ address: { ...door, phone: '12', email: 'none' } }, 'REJECTED', ['address', 'phone']],
      [{ address: { ...door, name: 'Sally' } }, 'REJECTED', ['address', 'name']],
      [{ address: { ...door, name: null, company: 'Acme' } }, 'REJECTED', ['address', 'name']],
      [{ address: { ...door, country: 'CA' } }, 'NOT_SUPPORTED', ['address', 'country']],
    ];
    for (const [more, code, field] of faulty) {
      await expect(prepare(more), JSON.stringify(more)).rejects.toMatchObject({ code, field, refused: true });
    }
    expect(desk.emulator.calls.length).toBe(before);
  });

  it('are taken until two in the morning Central Time of the day', async () => {
    const own = await openUspsAdapter();
    const order = { address: door, date, parcels: [parcel] };
    // It is 1:59 there.
    own.clock.advance(Date.parse('2026-11-19T07:59:00Z') - Date.parse(noon));
    await own.adapter.pickups.prepare(order, call);
    own.clock.advance(60_000);
    await expect(own.adapter.pickups.prepare(order, call)).rejects.toMatchObject({ field: ['date'] });
    await own.close();
  });

  it('are not made where USPS does not find the address', async () => {
    const address = { ...door, street1: '000 Nowhere Lane', city: 'Not A City', postalCode: '00001' };
    await expect(prepare({ address })).rejects.toMatchObject({
      code: 'REJECTED',
      field: ['address', 'street1'],
    });
  });

  it.each(['guide', 'document'] as const)('are read as the %s prints them', async (pickupEcho) => {
    desk.emulator.switches.pickupEcho = pickupEcho;
    const scheduled = await desk.adapter.pickups.perform(kept(await prepare()), call);
    expect(scheduled).toMatchObject({
      confirmation: expect.stringMatching(/^WTC\d+$/),
      date,
      price: { amount: '0.00', currencyCode: 'USD' },
    });
    // Within the hour the tag that came with it is good: one call, and none to ask for another.
    const before = calls().length;
    await desk.adapter.pickups.cancel(kept(scheduled), call);
    expect(calls().slice(before)).toMatchObject([{ method: 'DELETE', status: 200 }]);
    desk.emulator.switches.pickupEcho = 'guide';
  });

  it('keep the number of a pickup whose day is not told', async () => {
    const stop = desk.emulator.spoil({
      method: 'POST',
      path: /carrier-pickup$/,
      answer: { status: 200, body: { confirmationNumber: 'WTC1' } },
    });
    const scheduled = await desk.adapter.pickups.perform(await prepare(), call);
    stop();
    expect(scheduled).toMatchObject({ confirmation: 'WTC1', date });
  });

  it('are one at a time for an address, which USPS says', async () => {
    const scheduled = await desk.adapter.pickups.perform(await prepare(), call);
    await expect(desk.adapter.pickups.perform(await prepare(), call)).rejects.toMatchObject({
      code: 'REJECTED',
      providerCode: '020001',
      refused: true,
    });
    await desk.adapter.pickups.cancel(scheduled, call);
  });

  it('can’t be recalled, since nothing but the lost number finds one', () => {
    expect(desk.adapter.pickups.reconcile).toBeUndefined();
  });

  it('are cancelled by a tag that is read anew where the old one has ended or was used', async () => {
    const { pickups } = desk.adapter;
    const old = await pickups.perform(await prepare(), call);
    desk.clock.advance(60 * 60_000);
    let before = calls().length;
    await pickups.cancel(kept(old), call);
    expect(calls().slice(before)).toMatchObject([{ method: 'GET' }, { method: 'DELETE', status: 200 }]);

    const used = await pickups.perform(await prepare(), call);
    const stale = { ...used, providerRef: { ...(used.providerRef as object), etag: '"another"' } };
    before = calls().length;
    await pickups.cancel(stale, call);
    expect(calls().slice(before).map(({ method, status }) => `${method} ${status}`)).toEqual(['DELETE 412', 'GET 200', 'DELETE 200']); // prettier-ignore
  });

  it('give up cancelling where a fresh tag is refused too', async () => {
    const scheduled = await desk.adapter.pickups.perform(await prepare(), call);
    const body = { apiVersion: '/pickup/v3', error: { code: '412', message: 'Precondition Failed', errors: [] } }; // prettier-ignore
    const stop = desk.emulator.spoil({ method: 'DELETE', path: /WTC/, answer: { status: 412, body } });
    const before = calls().length;
    await expect(desk.adapter.pickups.cancel(scheduled, call)).rejects.toMatchObject({ code: 'REJECTED' });
    expect(calls().length).toBe(before + 3);
    stop();
    await desk.adapter.pickups.cancel(scheduled, call);
  });
});

describe('EasyPost pickups', () => {
  let desk: OpenAdapter<EasyPostSandbox>;
  let parcel: LabelledParcel;
  beforeAll(async () => {
    desk = await openEasyPostAdapter();
    parcel = await labelled(desk.adapter);
  });
  afterAll(() => desk.close());

  const prepare = (more: Partial<PickupRequest> = {}) =>
    desk.adapter.pickups.prepare({ address: door, date, parcels: [parcel], ...more }, call);
  const since = (before: number) =>
    desk.emulator.calls
      .slice(before)
      .map(({ method, path }) => `${method} ${path.replace(/_[0-9a-f]{32}/, '')}`);

  it('of one parcel are one call to price and one to schedule', async () => {
    const before = desk.emulator.calls.length;
    const prepared = await prepare();
    const scheduled = await desk.adapter.pickups.perform(kept(prepared), call);
    expect(since(before)).toEqual(['POST /v2/pickups', 'POST /v2/pickups/pickup/buy']);
    expect(scheduled).toMatchObject({
      confirmation: expect.stringMatching(/^WTC\d+$/),
      date,
      price: { amount: '0.00', currencyCode: 'USD' },
    });
  });

  it('of several parcels wait for the batch that names them', async () => {
    const second = await labelled(desk.adapter);
    const before = desk.emulator.calls.length;
    const prepared = await prepare({ parcels: [parcel, second] });
    // Recorded: a batch is "creating" when it is answered; here it takes two seconds.
    expect(since(before)).toEqual([
      'POST /v2/batches',
      'GET /v2/batches/batch',
      'GET /v2/batches/batch',
      'POST /v2/pickups',
    ]);
    expect(await desk.adapter.pickups.perform(prepared, call)).toMatchObject({ date });
  });

  it('give up where a batch is not gathered within half a minute, or never', async () => {
    const order = { parcels: [parcel, await labelled(desk.adapter)] };
    const batch = (state: string, batch_message: string | null = null) => ({
      status: 200,
      body: { id: 'batch_1', state, shipments: [{ batch_message }] },
    });
    const stop = desk.emulator.spoil({ path: /\/batches/, answer: batch('creating') });
    const [before, at] = [desk.emulator.calls.length, desk.clock.now()];
    await expect(prepare(order)).rejects.toMatchObject({ code: 'UNAVAILABLE', retryable: true });
    stop();
    expect([desk.emulator.calls.length - before, desk.clock.now() - at]).toEqual([5, 30_000]);

    desk.emulator.spoil({
      path: /\/batches/,
      times: 1,
      answer: batch('creation_failed', 'no such shipment'),
    });
    await expect(prepare(order)).rejects.toMatchObject({
      code: 'REJECTED',
      field: ['shipmentIds'],
      providerMessage: 'no such shipment',
    });
  });

  it('are the cheapest of the carrier, for no more than is allowed', async () => {
    const ups = await labelled(desk.adapter, { hauler: 'UPS', service: 'GROUND', from: door });
    for (const maxPrice of [
      undefined,
      { amount: '9.79', currencyCode: 'USD' },
      { amount: '50', currencyCode: 'EUR' },
    ]) {
      await expect(prepare({ parcels: [ups], maxPrice })).rejects.toMatchObject({
        code: 'REJECTED',
        message: 'UPS takes 9.80 USD for this pickup',
        field: ['maxPrice'],
        refused: true,
      });
    }
    const prepared = await prepare({ parcels: [ups], maxPrice: { amount: '9.80', currencyCode: 'USD' } });
    expect(await desk.adapter.pickups.perform(prepared, call)).toMatchObject({
      price: { amount: '9.80', currencyCode: 'USD' },
    });
    const before = desk.emulator.calls.length;
    await expect(prepare({ parcels: [ups, parcel] })).rejects.toMatchObject({ field: ['shipmentIds'] });
    expect(desk.emulator.calls.length).toBe(before);
  });

  it('are none where the carrier offers none', async () => {
    await expect(prepare({ date: '2026-11-10' })).rejects.toMatchObject({
      code: 'REJECTED',
      field: ['date'],
      hint: expect.any(String),
    });
  });

  it('find the shipment of a label that has no reference by what it was bought with', async () => {
    const { label } = parcel;
    const older = { ...parcel, label: { ...label, reference: undefined } };
    expect(await prepare({ parcels: [older] })).toMatchObject({ request: { carrier: 'USPS' } });
    const unknown = {
      ...parcel,
      label: { ...label, reference: undefined, prepared: { attemptId: '', request: {} } },
    };
    await expect(prepare({ parcels: [unknown] })).rejects.toMatchObject({ code: 'NOT_SUPPORTED' });
  });

  it('are known not to have been bought, until they are', async () => {
    const { pickups } = desk.adapter;
    const prepared = kept(await prepare());
    expect(await pickups.reconcile!(prepared, call)).toBeUndefined();
    const scheduled = await pickups.perform(prepared, call);
    expect(await pickups.reconcile!(prepared, call)).toEqual(scheduled);
    await pickups.cancel(scheduled, call);
    expect(await pickups.reconcile!(prepared, call)).toBeUndefined();
  });

  it('say why they can’t be cancelled', async () => {
    const { request } = await prepare();
    const ticket = { pickup: (request as { pickup: string }).pickup };
    await expect(desk.adapter.pickups.cancel({ date, providerRef: ticket }, call)).rejects.toMatchObject({
      code: 'REJECTED',
      providerCode: 'PICKUP.CANCEL.FAILED',
    });
  });
});

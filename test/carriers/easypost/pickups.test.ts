import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { EasyPostSandbox } from '../../../sandbox/easypost/index.ts';
import type { LabelledParcel } from '../../../src/domain/label.ts';
import type { PickupRequest } from '../../../src/carriers/adapter.ts';
import { call, kept, labelled, openEasyPostAdapter, type OpenAdapter } from '../../support/adapters.ts';
import { sender } from '../../support/test-server.ts';

const pickupAddress = { ...sender, phone: '(202) 555-0100', email: 'sally@example.com' };
const date = '2026-11-19';

describe('EasyPost pickups', () => {
  let subject: OpenAdapter<EasyPostSandbox>;
  let parcel: LabelledParcel;
  beforeAll(async () => {
    subject = await openEasyPostAdapter();
    parcel = await labelled(subject.adapter);
  });
  afterAll(() => subject.close());

  const prepare = (more: Partial<PickupRequest> = {}) =>
    subject.adapter.pickups.prepare({ address: pickupAddress, date, parcels: [parcel], ...more }, call);
  const since = (before: number) =>
    subject.emulator.calls
      .slice(before)
      .map(({ method, path }) => `${method} ${path.replace(/_[0-9a-f]{32}/, '')}`);

  it('of one parcel take one call to price and one to schedule', async () => {
    const before = subject.emulator.calls.length;
    const prepared = await prepare();
    const scheduled = await subject.adapter.pickups.perform(kept(prepared), call);
    expect(since(before)).toEqual(['POST /v2/pickups', 'POST /v2/pickups/pickup/buy']);
    expect(scheduled).toMatchObject({
      confirmation: expect.stringMatching(/^WTC\d+$/),
      date,
      price: { amount: '0.00', currencyCode: 'USD' },
    });
  });

  it('of several parcels wait for the batch that lists them', async () => {
    const second = await labelled(subject.adapter);
    const before = subject.emulator.calls.length;
    const prepared = await prepare({ parcels: [parcel, second] });
    // Recorded: the response shows a batch as "creating"; here it takes two seconds.
    expect(since(before)).toEqual([
      'POST /v2/batches',
      'GET /v2/batches/batch',
      'GET /v2/batches/batch',
      'POST /v2/pickups',
    ]);
    expect(await subject.adapter.pickups.perform(prepared, call)).toMatchObject({ date });
  });

  it('fail where the batch is not created within 30 seconds, or its creation fails', async () => {
    const pickup = { parcels: [parcel, await labelled(subject.adapter)] };
    const batch = (state: string, batch_message: string | null = null) => ({
      status: 200,
      body: { id: 'batch_1', state, shipments: [{ batch_message }] },
    });
    const stop = subject.emulator.injectFault({ path: /\/batches/, response: batch('creating') });
    const [before, at] = [subject.emulator.calls.length, subject.clock.now()];
    await expect(prepare(pickup)).rejects.toMatchObject({ code: 'UNAVAILABLE', retryable: true });
    stop();
    expect([subject.emulator.calls.length - before, subject.clock.now() - at]).toEqual([5, 30_000]);

    subject.emulator.injectFault({
      path: /\/batches/,
      times: 1,
      response: batch('creation_failed', 'no such shipment'),
    });
    await expect(prepare(pickup)).rejects.toMatchObject({
      code: 'REJECTED',
      field: ['shipmentIds'],
      providerMessage: 'no such shipment',
    });
  });

  it('are the cheapest of the carrier, up to the maximum price', async () => {
    const ups = await labelled(subject.adapter, { hauler: 'UPS', service: 'GROUND', from: pickupAddress });
    for (const maxPrice of [
      undefined,
      { amount: '9.79', currencyCode: 'USD' },
      { amount: '50', currencyCode: 'EUR' },
    ]) {
      await expect(prepare({ parcels: [ups], maxPrice })).rejects.toMatchObject({
        code: 'REJECTED',
        message: 'UPS charges 9.80 USD for this pickup',
        field: ['maxPrice'],
        refused: true,
      });
    }
    const prepared = await prepare({ parcels: [ups], maxPrice: { amount: '9.80', currencyCode: 'USD' } });
    expect(await subject.adapter.pickups.perform(prepared, call)).toMatchObject({
      price: { amount: '9.80', currencyCode: 'USD' },
    });
    const before = subject.emulator.calls.length;
    await expect(prepare({ parcels: [ups, parcel] })).rejects.toMatchObject({ field: ['shipmentIds'] });
    expect(subject.emulator.calls.length).toBe(before);
  });

  it('are refused where the carrier offers none', async () => {
    await expect(prepare({ date: '2026-11-10' })).rejects.toMatchObject({
      code: 'REJECTED',
      field: ['date'],
      hint: expect.any(String),
    });
  });

  it('find the shipment of a label without a reference by its prepared request', async () => {
    const { label } = parcel;
    const older = { ...parcel, label: { ...label, reference: undefined } };
    expect(await prepare({ parcels: [older] })).toMatchObject({ request: { carrier: 'USPS' } });
    const unknown = {
      ...parcel,
      label: { ...label, reference: undefined, prepared: { attemptId: '', request: {} } },
    };
    await expect(prepare({ parcels: [unknown] })).rejects.toMatchObject({ code: 'NOT_SUPPORTED' });
  });

  it('are reconciled: not scheduled before the purchase, and scheduled after it', async () => {
    const { pickups } = subject.adapter;
    const prepared = kept(await prepare());
    expect(await pickups.reconcile!(prepared, call)).toBeUndefined();
    const scheduled = await pickups.perform(prepared, call);
    expect(await pickups.reconcile!(prepared, call)).toEqual(scheduled);
    await pickups.cancel(scheduled, call);
    expect(await pickups.reconcile!(prepared, call)).toBeUndefined();
  });

  it('return the reason why they can’t be cancelled', async () => {
    const { request } = await prepare();
    const providerRef = { pickup: (request as { pickup: string }).pickup };
    await expect(subject.adapter.pickups.cancel({ date, providerRef }, call)).rejects.toMatchObject({
      code: 'REJECTED',
      providerCode: 'PICKUP.CANCEL.FAILED',
    });
  });
});

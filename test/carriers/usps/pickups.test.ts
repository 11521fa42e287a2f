import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { UspsSandbox } from '../../../sandbox/usps/index.ts';
import type { LabelledParcel } from '../../../src/domain/label.ts';
import type { PickupRequest } from '../../../src/carriers/adapter.ts';
import { countByType } from '../../../src/carriers/usps/pickups/pickup-request.ts';
import { call, kept, labelled, noon, openUspsAdapter, type OpenAdapter } from '../../support/adapters.ts';
import { receiver, sender } from '../../support/test-server.ts';

const pickupAddress = { ...sender, phone: '(202) 555-0100', email: 'sally@example.com' };
const date = '2026-11-19';

describe('USPS pickups', () => {
  let subject: OpenAdapter<UspsSandbox>;
  let parcel: LabelledParcel;
  beforeAll(async () => {
    subject = await openUspsAdapter();
    parcel = await labelled(subject.adapter);
  });
  afterAll(() => subject.close());

  const pickupOf = (more: Partial<PickupRequest> = {}): PickupRequest => ({
    address: pickupAddress,
    date,
    parcels: [parcel],
    ...more,
  });
  const prepare = (more?: Partial<PickupRequest>) => subject.adapter.pickups.prepare(pickupOf(more), call);
  const bodyOf = async (more?: Partial<PickupRequest>) => {
    const { request } = await prepare(more);
    return JSON.parse((request as { body: string }).body) as Record<string, unknown>;
  };
  const calls = () => subject.emulator.calls.filter(({ path }) => path.startsWith('/pickup/'));

  it('check the eligibility of the address first, and count the parcels by type', async () => {
    const parcels: LabelledParcel[] = [
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
    const body = await bodyOf({ parcels, packageLocation: 'PORCH', instructions: 'Mind the step' });
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
      // Eight parcels of 20 ounces.
      estimatedWeight: 10,
      pickupLocation: { packageLocation: 'PORCH', specialInstructions: 'Mind the step' },
    });
    expect(countByType(parcels).reduce((total, { packageCount }) => total + packageCount, 0)).toBe(
      parcels.length,
    );
  });

  it('are refused without a call for an invalid day, name or contact', async () => {
    const before = subject.emulator.calls.length;
    const invalid: [Partial<PickupRequest>, string, readonly string[]][] = [
      [{ date: '2026-11-18' }, 'REJECTED', ['date']],
      [{ date: '2026-11-22' }, 'REJECTED', ['date']],
      [{ date: '2027-11-19' }, 'REJECTED', ['date']],
      [{ address: { ...pickupAddress, phone: null, email: null } }, 'REJECTED', ['address', 'phone']],
      [{ address: { ...pickupAddress, phone: '12' } }, 'REJECTED', ['address', 'phone']],
      [{ address: { ...pickupAddress, phone: '+49 30 901820' } }, 'REJECTED', ['address', 'phone']],
      [{ address: { ...pickupAddress, email: 'none' } }, 'REJECTED', ['address', 'email']],
      [{ address: { ...pickupAddress, name: 'Sally' } }, 'REJECTED', ['address', 'name']],
      [{ address: { ...pickupAddress, name: null, company: 'Acme' } }, 'REJECTED', ['address', 'name']],
      [{ address: { ...pickupAddress, country: 'CA' } }, 'NOT_SUPPORTED', ['address', 'country']],
    ];
    for (const [more, code, field] of invalid) {
      await expect(prepare(more), JSON.stringify(more)).rejects.toMatchObject({ code, field, refused: true });
    }
    expect(subject.emulator.calls.length).toBe(before);
  });

  it('are accepted until 02:00 Central Time of the day', async () => {
    const fresh = await openUspsAdapter();
    const pickup = { address: pickupAddress, date, parcels: [parcel] };
    // 01:59 Central Time.
    fresh.clock.advance(Date.parse('2026-11-19T07:59:00Z') - Date.parse(noon));
    await fresh.adapter.pickups.prepare(pickup, call);
    fresh.clock.advance(60_000);
    await expect(fresh.adapter.pickups.prepare(pickup, call)).rejects.toMatchObject({ field: ['date'] });
    await fresh.close();
  });

  it('are refused where USPS does not find the address', async () => {
    const address = {
      ...pickupAddress,
      street1: '000 Nowhere Lane',
      city: 'Not A City',
      postalCode: '00001',
    };
    await expect(prepare({ address })).rejects.toMatchObject({
      code: 'REJECTED',
      field: ['address', 'street1'],
    });
  });

  it.each(['guide', 'document'] as const)('are read in the form of the %s', async (pickupResponse) => {
    subject.emulator.switches.pickupResponse = pickupResponse;
    const scheduled = await subject.adapter.pickups.perform(kept(await prepare()), call);
    expect(scheduled).toMatchObject({
      confirmation: expect.stringMatching(/^WTC\d+$/),
      date,
      price: { amount: '0.00', currencyCode: 'USD' },
    });
    // The etag is valid within the hour, so cancelling takes one call.
    const before = calls().length;
    await subject.adapter.pickups.cancel(kept(scheduled), call);
    expect(calls().slice(before)).toMatchObject([{ method: 'DELETE', status: 200 }]);
    subject.emulator.switches.pickupResponse = 'guide';
  });

  it('keep the number of a pickup whose date is missing', async () => {
    const stop = subject.emulator.injectFault({
      method: 'POST',
      path: /carrier-pickup$/,
      response: { status: 200, body: { confirmationNumber: 'WTC1' } },
    });
    const scheduled = await subject.adapter.pickups.perform(await prepare(), call);
    stop();
    expect(scheduled).toMatchObject({ confirmation: 'WTC1', date });
  });

  it('are refused for an address that has one on that day', async () => {
    const scheduled = await subject.adapter.pickups.perform(await prepare(), call);
    await expect(subject.adapter.pickups.perform(await prepare(), call)).rejects.toMatchObject({
      code: 'REJECTED',
      providerCode: '020001',
      refused: true,
    });
    await subject.adapter.pickups.cancel(scheduled, call);
  });

  it('can’t be reconciled, since only the lost number finds one', () => {
    expect(subject.adapter.pickups.reconcile).toBeUndefined();
  });

  it('are cancelled by an etag that is read again where the old one expired or was used', async () => {
    const { pickups } = subject.adapter;
    const old = await pickups.perform(await prepare(), call);
    subject.clock.advance(60 * 60_000);
    let before = calls().length;
    await pickups.cancel(kept(old), call);
    expect(calls().slice(before)).toMatchObject([{ method: 'GET' }, { method: 'DELETE', status: 200 }]);

    const used = await pickups.perform(await prepare(), call);
    const stale = { ...used, providerRef: { ...(used.providerRef as object), etag: '"another"' } };
    before = calls().length;
    await pickups.cancel(stale, call);
    expect(calls().slice(before).map(({ method, status }) => `${method} ${status}`)).toEqual(['DELETE 412', 'GET 200', 'DELETE 200']); // prettier-ignore
  });

  it('can’t be cancelled where a new etag is refused too', async () => {
    const scheduled = await subject.adapter.pickups.perform(await prepare(), call);
    const body = { apiVersion: '/pickup/v3', error: { code: '412', message: 'Precondition Failed', errors: [] } }; // prettier-ignore
    const stop = subject.emulator.injectFault({
      method: 'DELETE',
      path: /WTC/,
      response: { status: 412, body },
    });
    const before = calls().length;
    await expect(subject.adapter.pickups.cancel(scheduled, call)).rejects.toMatchObject({ code: 'REJECTED' });
    expect(calls().length).toBe(before + 3);
    stop();
    await subject.adapter.pickups.cancel(scheduled, call);
  });
});

import { expect } from 'vitest';

import type { PickupRequest, ProviderAdapter } from '../../../src/carriers/adapter.ts';
import type { Address } from '../../../src/domain/address.ts';
import { receiver, sender } from '../../support/test-server.ts';
import { asStored, buyParcel, call, nextDay, pickupAddress } from './requests.ts';
import type { Rules } from './subject.ts';

const requestPickup = async (adapter: ProviderAdapter, address: Address): Promise<PickupRequest> => ({
  address: pickupAddress(address),
  date: nextDay,
  parcels: [await buyParcel(adapter)],
});

export const pickupRules: Rules = (rule) => {
  rule(
    'schedules a pickup once, and cancels it, harmlessly repeated',
    async ({ adapter, emulator, paths }) => {
      const pickups = adapter.pickups!;
      const before = emulator.count('POST', paths.pickup);
      const request = await requestPickup(adapter, sender);
      const prepared = await pickups.prepare(request, call);
      expect(emulator.count('POST', paths.pickup)).toBe(before);
      const scheduled = await pickups.perform(asStored(prepared), call);
      expect(emulator.count('POST', paths.pickup)).toBe(before + 1);
      expect(scheduled).toMatchObject({ confirmation: expect.stringMatching(/./), date: nextDay });
      expect(asStored(scheduled)).toEqual(scheduled);
      emulator.injectFault({ path: paths.cancel, times: 1, drop: 'after' });
      // The response is lost here, and the pickup is cancelled all the same.
      await pickups.cancel(asStored(scheduled), call).catch(() => undefined);
      await pickups.cancel(asStored(scheduled), call);
      await pickups.cancel(asStored(scheduled), call);
      // The address is free for another pickup.
      const again = await pickups.perform(await pickups.prepare(request, call), call);
      await pickups.cancel(again, call);
    },
  );

  rule('treats a lost response to a pickup as uncertain', async ({ adapter, emulator, paths }) => {
    const pickups = adapter.pickups!;
    const prepared = asStored(await pickups.prepare(await requestPickup(adapter, receiver), call));
    const before = emulator.count('POST', paths.pickup);
    emulator.injectFault({ method: 'POST', path: paths.pickup, times: 1, drop: 'after' });
    await expect(pickups.perform(prepared, call)).rejects.toMatchObject({ refused: false });
    expect(emulator.count('POST', paths.pickup)).toBe(before + 1);
  });

  rule('finds a pickup whose response was lost', async ({ adapter, emulator, paths }) => {
    const pickups = adapter.pickups!;
    const prepared = asStored(await pickups.prepare(await requestPickup(adapter, sender), call));
    emulator.injectFault({ method: 'POST', path: paths.pickup, times: 1, drop: 'before' });
    await expect(pickups.perform(prepared, call)).rejects.toMatchObject({ refused: false });
    expect(await pickups.reconcile!(prepared, call)).toBeUndefined();
    emulator.injectFault({ method: 'POST', path: paths.pickup, times: 1, drop: 'after' });
    await expect(pickups.perform(prepared, call)).rejects.toMatchObject({ refused: false });
    const found = await pickups.reconcile!(prepared, call);
    expect(found).toMatchObject({ confirmation: expect.stringMatching(/./), date: nextDay });
    await pickups.cancel(asStored(found!), call);
  });
};

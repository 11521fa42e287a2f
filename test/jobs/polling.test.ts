import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { ParcelNumber } from '../../src/domain/tracking.ts';
import { ownParcels, openPolling, pollingTenant, watchAll } from '../support/polling.ts';
import { storages, testClock } from '../support/test-server.ts';
import { openReplicas, type Replicas } from '../workflows/replicas.ts';

const minute = 60_000;
const hour = 60 * minute;

describe.each(storages)('polls with the %s ledger', (storage) => {
  const clock = testClock('2026-11-18T18:00:00Z');
  let ledger: Replicas;
  let open: Awaited<ReturnType<typeof openPolling>>;
  beforeAll(async () => {
    ledger = await openReplicas(storage);
    open = await openPolling(ledger.databases, clock);
  });
  afterAll(async () => {
    await open.close();
    await ledger.close();
  });
  // Each test begins with nothing watched, and the whole quota.
  beforeEach(async () => {
    await ledger.databases[0].deleteFrom('watches').execute();
    clock.advance(2 * hour);
  });

  const pollAll = () => Promise.all(open.replicas.map(({ polling }) => polling.pollDue()));
  const register = (parcels: readonly ParcelNumber[]) =>
    parcels.forEach(({ trackingNumber }) => open.emulator.parcel({ trackingNumber }));
  const callsOf = async (work: () => Promise<unknown>) => {
    const before = open.calls();
    await work();
    return open.calls() - before;
  };
  const statusOf = async (parcel: ParcelNumber) =>
    (await open.replicas[0]!.records.trackers.read(pollingTenant, [parcel]))[0]?.state.status;
  const watchedNumbers = async () =>
    (await ledger.databases[0].selectFrom('watches').select('tracking_number').execute()).length;

  it('ask for a parcel when it is due, more often once it is out for delivery, and not after it arrived', async () => {
    const [parcel] = ownParcels(1, 1_000) as [ParcelNumber];
    register([parcel]);
    await watchAll(open.replicas[0]!, [parcel], clock.now());
    expect(await callsOf(pollAll)).toBe(1);
    expect(await statusOf(parcel)).toBe('ACCEPTED');
    clock.advance(4 * hour - 1);
    expect(await callsOf(pollAll)).toBe(0);
    clock.advance(1);
    open.emulator.scan(parcel.trackingNumber, 'OF');
    expect(await callsOf(pollAll)).toBe(1);
    expect(await statusOf(parcel)).toBe('OUT_FOR_DELIVERY');
    clock.advance(30 * minute);
    open.emulator.scan(parcel.trackingNumber, '01');
    expect(await callsOf(pollAll)).toBe(1);
    expect(await statusOf(parcel)).toBe('DELIVERED');
    expect(await watchedNumbers()).toBe(0);
  });

  it('ask for 35 parcels in a call, and for each once, however many replicas there are', async () => {
    const parcels = ownParcels(36, 2_000);
    register(parcels);
    await watchAll(open.replicas[0]!, parcels, clock.now());
    expect(await callsOf(pollAll)).toBe(2);
    const stored = await open.replicas[1]!.records.trackers.read(pollingTenant, parcels);
    expect(stored.every((tracker) => tracker?.state.status === 'ACCEPTED')).toBe(true);
    expect(await callsOf(pollAll)).toBe(0);
  });

  it('wait while a call that was asked for by a caller takes along what is due', async () => {
    const parcels = ownParcels(34, 3_000);
    const [asked] = ownParcels(1, 3_900) as [ParcelNumber];
    register([...parcels, asked]);
    await watchAll(open.replicas[0]!, parcels, clock.now());
    const known = await open.replicas[0]!.loaders().tracker.load({ parcel: asked });
    expect(known.tracking?.status).toBe('ACCEPTED');
    await expect.poll(() => statusOf(parcels[33]!)).toBe('ACCEPTED');
    expect(await callsOf(pollAll)).toBe(0);
  });

  it('are spread over the window, and leave the reserve to callers', async () => {
    const few = await openPolling(ledger.databases, clock, { quota: 12 });
    const parcels = ownParcels(35 * 12, 10_000);
    for (const { trackingNumber } of parcels) few.emulator.parcel({ trackingNumber });
    await watchAll(few.replicas[0]!, parcels, clock.now());
    const counts: number[] = [];
    for (let passed = 0; passed < 60; passed += 5) {
      // One replica: two that read the same count at the same moment may take a call of the reserve.
      await few.replicas[0]!.polling.pollDue();
      await few.replicas[0]!.polling.pollDue();
      counts.push(few.calls());
      clock.advance(5 * minute);
    }
    expect(counts).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 11]);
    await few.close();
  });

  it('ask seldom for a number that USPS does not know, and end after 30 days', async () => {
    const [parcel] = ownParcels(1, 5_000) as [ParcelNumber];
    await watchAll(open.replicas[0]!, [parcel], clock.now());
    const start = clock.now();
    const daysOfCalls: number[] = [];
    while ((await watchedNumbers()) > 0) {
      const calls = await callsOf(() => open.replicas[0]!.polling.pollDue());
      expect(calls).toBe(1);
      daysOfCalls.push((clock.now() - start) / (24 * hour));
      const [next] = await ledger.databases[0].selectFrom('watches').select('due_at').execute();
      if (next) clock.advance(next.due_at.getTime() - clock.now());
    }
    expect(daysOfCalls.filter((day) => day < 1).length).toBeGreaterThan(10);
    expect(daysOfCalls.filter((day) => day >= 6 && day < 7).length).toBe(1);
    expect(daysOfCalls.at(-1)).toBeGreaterThanOrEqual(30);
    expect(daysOfCalls.at(-1)).toBeLessThan(31);
  });
});

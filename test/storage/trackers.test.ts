import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Tracking } from '../../src/domain/tracking.ts';
import { createTrackerStore, type TrackerStore } from '../../src/storage/trackers.ts';
import { storages } from '../support/test-server.ts';
import { openReplicas, type Replicas } from '../workflows/replicas.ts';

const heardAt = Date.parse('2026-11-18T18:00:00.123Z');
const state = (statusText: string): Tracking => ({ status: 'IN_TRANSIT', statusText, events: [] });
const heard = (
  trackingNumber: string,
  statusText: string,
  asOf = heardAt,
  carrier: string | undefined = 'USPS',
) => ({
  trackingNumber,
  carrier,
  accountId: 'usps',
  state: state(statusText),
  asOf,
});

describe.each(storages)('trackers in the %s ledger', (storage) => {
  let ledger: Replicas;
  let store: TrackerStore;
  let others: TrackerStore;
  beforeAll(async () => {
    ledger = await openReplicas(storage);
    [store, others] = ledger.databases.map(createTrackerStore) as [TrackerStore, TrackerStore];
  });
  afterAll(() => ledger.close());

  it('are read as they were saved, by any replica', async () => {
    const tracking: Tracking = {
      status: 'DELIVERED',
      statusText: 'Delivered, Front Door/Porch',
      carrier: 'USPS',
      signedBy: "R. O'Receiver",
      events: [
        { status: 'DELIVERED', description: 'Delivered “here”', occurredAtLocal: '2026-11-20T07:31:00' },
      ],
      reference: 'trk_1',
    };
    await store.save('acme', [{ trackingNumber: 'ASSAVED', carrier: 'USPS', accountId: 'easypost', state: tracking, asOf: heardAt }]); // prettier-ignore
    expect(await others.read('acme', [{ trackingNumber: 'ASSAVED', carrier: 'USPS' }])).toEqual([
      { carrier: 'USPS', accountId: 'easypost', state: tracking, asOf: heardAt },
    ]);
  });

  it('come one slot a parcel, in the order of the question, unknown ones and repeated ones too', async () => {
    await store.save('acme', [heard('ORDER1', 'one'), heard('ORDER2', 'two')]);
    const asked = ['ORDER2', 'NEVER', 'ORDER1', 'ORDER2'].map((trackingNumber) => ({
      trackingNumber,
      carrier: 'USPS',
    }));
    const found = await store.read('acme', asked);
    expect(found.map((each) => each?.state.statusText)).toEqual(['two', undefined, 'one', 'two']);
    expect(await store.read('acme', [])).toEqual([]);
    await store.save('acme', []);
  });

  it('are each tenant’s own', async () => {
    await store.save('acme', [heard('PRIVATE', 'of acme')]);
    expect(await store.read('umbrella', [{ trackingNumber: 'PRIVATE', carrier: 'USPS' }])).toEqual([
      undefined,
    ]);
  });

  it('are found by number alone, where only one carrier is known by it', async () => {
    const read = async (carrier?: string) =>
      (await store.read('acme', [{ trackingNumber: 'ALONE', carrier }]))[0];
    await store.save('acme', [heard('ALONE', 'by UPS', heardAt, 'UPS')]);
    expect(await read()).toMatchObject({ carrier: 'UPS', state: { statusText: 'by UPS' } });
    expect(await read('FedEx')).toBeUndefined();
    await store.save('acme', [heard('ALONE', 'by FedEx', heardAt, 'FedEx')]);
    expect(await read()).toBeUndefined();
    expect(await read('FedEx')).toMatchObject({ state: { statusText: 'by FedEx' } });
  });

  it('may be of nobody whom we know', async () => {
    await store.save('acme', [{ ...heard('NOBODY', 'on its way'), carrier: undefined }]);
    expect(await store.read('acme', [{ trackingNumber: 'NOBODY' }])).toMatchObject([{ carrier: undefined }]);
  });

  it('keep what was heard last, in whatever order it is saved', async () => {
    let number = 0;
    const saves = fc.array(fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 4 }), {
      minLength: 1,
      maxLength: 6,
    });
    await fc.assert(
      fc.asyncProperty(saves, async (batches) => {
        const trackingNumber = `LATEST${(number += 1)}`;
        for (const times of batches) {
          await store.save(
            'acme',
            times.map((time) => heard(trackingNumber, `at ${time}`, heardAt + time)),
          );
        }
        const latest = Math.max(...batches.flat());
        const [known] = await store.read('acme', [{ trackingNumber, carrier: 'USPS' }]);
        expect(known).toMatchObject({ asOf: heardAt + latest, state: { statusText: `at ${latest}` } });
      }),
      { numRuns: 20 },
    );
  });

  it('are saved by many at once without waiting in a ring', async () => {
    const numbers = Array.from({ length: 100 }, (_, index) => `RING${index}`);
    const mixed = (seed: number) =>
      fc.sample(fc.shuffledSubarray(numbers, { minLength: 100 }), { numRuns: 1, seed })[0]!;
    await Promise.all(
      Array.from({ length: 10 }, (_, turn) =>
        (turn % 2 ? store : others).save(
          'acme',
          mixed(turn).map((each) => heard(each, `turn ${turn}`, heardAt + turn)),
        ),
      ),
    );
    const known = await store.read(
      'acme',
      numbers.map((trackingNumber) => ({ trackingNumber })),
    );
    expect(new Set(known.map((each) => each?.state.statusText))).toEqual(new Set(['turn 9']));
  });

  it('keep the newer state by the clock of the provider, whichever was heard last', async () => {
    const told = (statusText: string, changedAt: string | undefined, asOf: number) => ({
      ...heard('CHANGED', statusText, asOf),
      state: { ...state(statusText), changedAt },
    });
    const read = async () => {
      const [found] = await others.read('acme', [{ trackingNumber: 'CHANGED', carrier: 'USPS' }]);
      return [found!.state.statusText, found!.asOf - heardAt];
    };
    await store.save('acme', [told('first', '2026-11-18T17:00:00.000Z', heardAt)]);
    // Delivered late, though it is from before what is known.
    await store.save('acme', [told('older', '2026-11-18T16:59:59.999Z', heardAt + 2000)]);
    expect(await read()).toEqual(['first', 0]);
    // From a provider whose clock is behind ours: newer all the same, and known as late as the last look.
    await store.save('acme', [told('newer', '2026-11-18T17:00:01.000Z', heardAt - 5000)]);
    expect(await read()).toEqual(['newer', 0]);
    // The same state, heard again.
    await store.save('acme', [told('again', '2026-11-18T17:00:01.000Z', heardAt + 3000)]);
    expect(await read()).toEqual(['again', 3000]);
    await store.save('acme', [told('replayed', '2026-11-18T17:00:01.000Z', heardAt + 1000)]);
    expect(await read()).toEqual(['again', 3000]);
    // A provider that tells no time of its own is judged by when it was heard.
    await store.save('acme', [
      told('late', undefined, heardAt + 2999),
      told('other', undefined, heardAt + 3001),
    ]);
    expect(await read()).toEqual(['other', 3001]);
    // Of several at once, in any order, the newest counts.
    await store.save('acme', [told('second', '2026-11-18T18:00:02.000Z', heardAt + 4000), told('one', '2026-11-18T18:00:01.000Z', heardAt + 4000)]); // prettier-ignore
    expect((await read())[0]).toBe('second');
  });
});

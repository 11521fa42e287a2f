import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Tracking } from '../../src/domain/tracking.ts';
import { createTrackerStore, type TrackerStore } from '../../src/storage/trackers.ts';
import { createWatches } from '../../src/storage/watches.ts';
import { storages } from '../support/test-server.ts';
import { openReplicas, type Replicas } from '../workflows/replicas.ts';

const receivedAt = Date.parse('2026-11-18T18:00:00.123Z');
const state = (statusText: string): Tracking => ({ status: 'IN_TRANSIT', statusText, events: [] });
const received = (
  trackingNumber: string,
  statusText: string,
  asOf = receivedAt,
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

  it('are read as they were saved, by every replica', async () => {
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
    await store.save('acme', [{ trackingNumber: 'ASSAVED', carrier: 'USPS', accountId: 'easypost', state: tracking, asOf: receivedAt }]); // prettier-ignore
    expect(await others.read('acme', [{ trackingNumber: 'ASSAVED', carrier: 'USPS' }])).toEqual([
      { carrier: 'USPS', accountId: 'easypost', state: tracking, asOf: receivedAt, version: 1 },
    ]);
  });

  it('are read in the order of the request, including unknown and repeated parcels', async () => {
    await store.save('acme', [received('ORDER1', 'one'), received('ORDER2', 'two')]);
    const parcels = ['ORDER2', 'NEVER', 'ORDER1', 'ORDER2'].map((trackingNumber) => ({
      trackingNumber,
      carrier: 'USPS',
    }));
    const found = await store.read('acme', parcels);
    expect(found.map((tracking) => tracking?.state.statusText)).toEqual(['two', undefined, 'one', 'two']);
    expect(await store.read('acme', [])).toEqual([]);
    await store.save('acme', []);
  });

  it('are separate for each tenant', async () => {
    await store.save('acme', [received('PRIVATE', 'of acme')]);
    expect(await store.read('umbrella', [{ trackingNumber: 'PRIVATE', carrier: 'USPS' }])).toEqual([
      undefined,
    ]);
  });

  it('are found by number alone where one carrier has it', async () => {
    const read = async (carrier?: string) =>
      (await store.read('acme', [{ trackingNumber: 'ALONE', carrier }]))[0];
    await store.save('acme', [received('ALONE', 'by UPS', receivedAt, 'UPS')]);
    expect(await read()).toMatchObject({ carrier: 'UPS', state: { statusText: 'by UPS' } });
    expect(await read('FedEx')).toBeUndefined();
    await store.save('acme', [received('ALONE', 'by FedEx', receivedAt, 'FedEx')]);
    expect(await read()).toBeUndefined();
    expect(await read('FedEx')).toMatchObject({ state: { statusText: 'by FedEx' } });
  });

  it('may have no carrier', async () => {
    await store.save('acme', [{ ...received('NOBODY', 'on its way'), carrier: undefined }]);
    expect(await store.read('acme', [{ trackingNumber: 'NOBODY' }])).toMatchObject([{ carrier: undefined }]);
  });

  it('keep the tracking received last, whatever the order of saving', async () => {
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
            times.map((time) => received(trackingNumber, `at ${time}`, receivedAt + time)),
          );
        }
        const latest = Math.max(...batches.flat());
        const [stored] = await store.read('acme', [{ trackingNumber, carrier: 'USPS' }]);
        expect(stored).toMatchObject({ asOf: receivedAt + latest, state: { statusText: `at ${latest}` } });
      }),
      { numRuns: 20 },
    );
  });

  it('are saved concurrently without a deadlock', async () => {
    const numbers = Array.from({ length: 100 }, (_, index) => `RING${index}`);
    const mixed = (seed: number) =>
      fc.sample(fc.shuffledSubarray(numbers, { minLength: 100 }), { numRuns: 1, seed })[0]!;
    await Promise.all(
      Array.from({ length: 10 }, (_, round) =>
        (round % 2 ? store : others).save(
          'acme',
          mixed(round).map((trackingNumber) =>
            received(trackingNumber, `round ${round}`, receivedAt + round),
          ),
        ),
      ),
    );
    const stored = await store.read(
      'acme',
      numbers.map((trackingNumber) => ({ trackingNumber })),
    );
    expect(new Set(stored.map((tracking) => tracking?.state.statusText))).toEqual(new Set(['round 9']));
  });

  it('keep the time of an answer that confirms them, and nothing else changes', async () => {
    const [version] = await store.save('acme', [received('SAME', 'on its way')]);
    const known = await store.read('acme', [{ trackingNumber: 'SAME', carrier: 'USPS' }]);
    const confirm = async (asOf: number) => {
      const versions = await store.save('acme', [received('SAME', 'on its way', asOf)], known);
      const [found] = await others.read('acme', [{ trackingNumber: 'SAME', carrier: 'USPS' }]);
      return { versions, asOf: found!.asOf };
    };
    expect(await confirm(receivedAt + 5000)).toEqual({ versions: [version], asOf: receivedAt + 5000 });
    // By what was read before the other answer, which is not what the ledger has any more.
    expect(await confirm(receivedAt + 1000)).toEqual({ versions: [version], asOf: receivedAt + 5000 });
    expect(await store.changes('acme', ['SAME'], version!)).toEqual([]);
  });

  it('are saved by one statement where all answers confirm them', async () => {
    const numbers = Array.from({ length: 35 }, (_, index) => `MANY${index}`);
    const answers = (asOf: number) => numbers.map((number) => received(number, 'on its way', asOf));
    await store.save('acme', answers(receivedAt));
    const known = await store.read('acme', answers(receivedAt));
    let statements = 0;
    const counted = ledger.databases[0].withPlugin({
      transformQuery({ node }) {
        statements += 1;
        return node;
      },
      transformResult: async ({ result }) => result,
    });
    await createTrackerStore(counted).save('acme', answers(receivedAt + 1000), known);
    expect(statements).toBe(1);
  });

  it('are due again by an answer that was received before their watch began', async () => {
    const watches = createWatches(ledger.databases[0]);
    const parcel = { trackingNumber: 'LATEWATCH', carrier: 'USPS' };
    await watches.add('watcher', [{ ...parcel, accountId: 'usps' }], receivedAt + 10_000, 10);
    await store.save('watcher', [received('LATEWATCH', 'on its way')]);
    const claim = (hours: number) =>
      watches.claim({ tenantId: 'watcher', accountId: 'usps', dueBefore: receivedAt + hours * 3_600_000, limit: 10 }); // prettier-ignore
    expect(await claim(3)).toEqual([]);
    expect(await claim(4)).toMatchObject([parcel]);
  });

  it('keep a change that another replica has saved since they were read', async () => {
    await store.save('acme', [received('OVERTAKEN', 'on its way')]);
    const known = await store.read('acme', [{ trackingNumber: 'OVERTAKEN', carrier: 'USPS' }]);
    const [version] = await others.save('acme', [received('OVERTAKEN', 'delivered', receivedAt + 2000)]);
    expect(await store.save('acme', [received('OVERTAKEN', 'on its way', receivedAt + 1000)], known)).toEqual(
      [version],
    );
    expect(await store.read('acme', [{ trackingNumber: 'OVERTAKEN', carrier: 'USPS' }])).toMatchObject([
      { state: { statusText: 'delivered' }, asOf: receivedAt + 2000 },
    ]);
  });

  it('are confirmed and changed concurrently, in any order, without a deadlock', async () => {
    const numbers = Array.from({ length: 100 }, (_, index) => `MIXED${index}`);
    const parcels = numbers.map((trackingNumber) => ({ trackingNumber, carrier: 'USPS' }));
    await store.save('acme', numbers.map((number) => received(number, 'first'))); // prettier-ignore
    const known = await store.read('acme', parcels);
    const shuffled = (seed: number) =>
      fc.sample(fc.shuffledSubarray(numbers, { minLength: 100 }), { numRuns: 1, seed })[0]!;
    await Promise.all(
      Array.from({ length: 10 }, (_, round) => {
        const mixed = shuffled(round);
        const answers = mixed.map((number) => received(number, round % 3 ? 'first' : `round ${round}`, receivedAt + round)); // prettier-ignore
        return (round % 2 ? store : others).save('acme', answers, mixed.map((number) => known[numbers.indexOf(number)])); // prettier-ignore
      }),
    );
    const found = await store.read('acme', parcels);
    expect(new Set(found.map((tracker) => [tracker?.state.statusText, tracker?.asOf].join()))).toEqual(
      new Set([`round 9,${receivedAt + 9}`]),
    );
  });

  it('keep the newer state by the provider’s clock, whatever the order of receipt', async () => {
    const withChange = (statusText: string, changedAt: string | undefined, asOf: number) => ({
      ...received('CHANGED', statusText, asOf),
      state: { ...state(statusText), changedAt },
    });
    const read = async () => {
      const [found] = await others.read('acme', [{ trackingNumber: 'CHANGED', carrier: 'USPS' }]);
      return [found!.state.statusText, found!.asOf - receivedAt];
    };
    await store.save('acme', [withChange('first', '2026-11-18T17:00:00.000Z', receivedAt)]);
    // Received later, but changed earlier than the stored state.
    await store.save('acme', [withChange('older', '2026-11-18T16:59:59.999Z', receivedAt + 2000)]);
    expect(await read()).toEqual(['first', 0]);
    // Received earlier by our clock, but changed later: it is newer, and the time of receipt stays the latest one.
    await store.save('acme', [withChange('newer', '2026-11-18T17:00:01.000Z', receivedAt - 5000)]);
    expect(await read()).toEqual(['newer', 0]);
    // The same change, received again.
    await store.save('acme', [withChange('again', '2026-11-18T17:00:01.000Z', receivedAt + 3000)]);
    expect(await read()).toEqual(['again', 3000]);
    await store.save('acme', [withChange('replayed', '2026-11-18T17:00:01.000Z', receivedAt + 1000)]);
    expect(await read()).toEqual(['again', 3000]);
    // Without the provider's own time, the time of receipt decides.
    await store.save('acme', [
      withChange('late', undefined, receivedAt + 2999),
      withChange('other', undefined, receivedAt + 3001),
    ]);
    expect(await read()).toEqual(['other', 3001]);
    // Of several in one call, in any order, the newest is kept.
    await store.save('acme', [withChange('second', '2026-11-18T18:00:02.000Z', receivedAt + 4000), withChange('one', '2026-11-18T18:00:01.000Z', receivedAt + 4000)]); // prettier-ignore
    expect((await read())[0]).toBe('second');
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { uspsSandboxNumbers } from '../../../sandbox/usps/index.ts';
import {
  box,
  openTestServer,
  receiver,
  sender,
  storages,
  type TestServer,
} from '../../support/test-server.ts';

const watch = `mutation ($numbers: [TrackingNumberInput!]!) { trackerWatch(input: { numbers: $numbers }) {
  trackers { trackingNumber status asOf failure { code message } } userErrors { code field message } } }`;
const unwatch = watch.replace('trackerWatch', 'trackerUnwatch');
const tracker = `query ($number: String!) { tracker(trackingNumber: $number, maxAgeSeconds: 100000) { status asOf } }`;

describe.each(storages)('watching with the %s ledger', (storage) => {
  let server: TestServer;
  const numbersOf = (...numbers: string[]) => ({ numbers: numbers.map((trackingNumber) => ({ trackingNumber })) }); // prettier-ignore
  beforeAll(async () => {
    server = await openTestServer({ storage, watch: { limit: 2, purchased: true } });
  });
  afterAll(() => server.close());

  it('answers from the ledger at once, and the server asks the carrier by itself', async () => {
    const before = server.sandbox.usps.count('POST', /tracking$/);
    const { data } = await server.ask(watch, numbersOf(uspsSandboxNumbers.inTransit));
    expect(data.trackerWatch).toEqual({
      trackers: [
        {
          trackingNumber: uspsSandboxNumbers.inTransit,
          status: 'UNKNOWN',
          asOf: null,
          failure: { code: 'NOT_FOUND', message: 'no provider was asked for this number yet' },
        },
      ],
      userErrors: [],
    });
    await expect.poll(() => server.sandbox.usps.count('POST', /tracking$/), { timeout: 10_000 }).toBe(before + 1); // prettier-ignore
    await expect.poll(async () => (await server.ask(unwatch, numbersOf(uspsSandboxNumbers.inTransit))).data.trackerUnwatch.trackers[0].status).toBe('IN_TRANSIT'); // prettier-ignore
    // The query is answered by what the poll stored.
    await server.ask(tracker, { number: uspsSandboxNumbers.inTransit });
    expect(server.sandbox.usps.count('POST', /tracking$/)).toBe(before + 1);
  });

  it('refuses numbers that nobody can be asked for, by their paths, and watches none of them', async () => {
    const numbers = [
      { trackingNumber: uspsSandboxNumbers.accepted },
      { trackingNumber: '!' },
      { trackingNumber: uspsSandboxNumbers.accepted, carrier: 'Pigeon' },
    ];
    const { data } = await server.ask(watch, { numbers });
    expect(data.trackerWatch).toMatchObject({
      trackers: null,
      userErrors: [
        { code: 'INVALID', field: ['input', 'numbers', '1', 'trackingNumber'] },
        { code: 'INVALID', field: ['input', 'numbers', '2', 'carrier'] },
      ],
    });
    const foreign = { ...numbers[0], accountId: 'somebody-else' };
    const mail = { ...numbers[0], accountId: 'easypost-connect' };
    const answer = await server.ask(watch, { numbers: [foreign, mail] });
    expect(answer.data.trackerWatch.userErrors).toMatchObject([
      { code: 'NOT_FOUND', field: ['input', 'numbers', '0', 'accountId'] },
      { code: 'NOT_ALLOWED', field: ['input', 'numbers', '1', 'accountId'] },
    ]);
  });

  it('refuses more parcels than the tenant may watch, and lets what is watched be named again', async () => {
    const { accepted, preShipment, alert } = uspsSandboxNumbers;
    const { data } = await server.ask(watch, numbersOf(accepted, preShipment, alert));
    expect(data.trackerWatch).toMatchObject({
      trackers: null,
      userErrors: [{ code: 'TOO_MANY', field: ['input', 'numbers'] }],
    });
    for (let time = 0; time < 2; time += 1) {
      const again = await server.ask(watch, numbersOf(accepted, preShipment));
      expect(again.data.trackerWatch.userErrors).toEqual([]);
    }
    const more = await server.ask(watch, numbersOf(alert));
    expect(more.data.trackerWatch.userErrors).toMatchObject([{ code: 'TOO_MANY' }]);
    await server.ask(unwatch, numbersOf(accepted, preShipment));
    const room = await server.ask(watch, numbersOf(alert));
    expect(room.data.trackerWatch.userErrors).toEqual([]);
    await server.ask(unwatch, numbersOf(alert));
  });

  it('needs a key', async () => {
    const { errors } = await server.ask(watch, numbersOf(uspsSandboxNumbers.accepted), 'wrong');
    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  });

  it('begins by itself for a parcel that is purchased here, and ends where its label is voided', async () => {
    const rates = `query ($input: RatesInput!) { rates(input: $input) { rates { id } } }`;
    const input = { from: sender, to: receiver, parcels: [box], accountIds: ['usps'] };
    const [rate] = (await server.ask(rates, { input })).data.rates.rates;
    const buy = `mutation ($input: ShipmentPurchaseInput!) { shipmentPurchase(input: $input) { shipment { id trackingNumber } } }`;
    const bought = await server.ask(buy, { input: { idempotencyKey: 'watched', rateId: rate.id } });
    const { id } = bought.data.shipmentPurchase.shipment;
    const isFull = async () =>
      (await server.ask(watch, numbersOf(uspsSandboxNumbers.accepted, uspsSandboxNumbers.alert))).data.trackerWatch.userErrors.length === 1; // prettier-ignore
    expect(await isFull()).toBe(true);
    await server.ask(`mutation { shipmentVoid(input: { id: "${id}" }) { shipment { status } } }`);
    expect(await isFull()).toBe(false);
  });
});

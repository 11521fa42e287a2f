import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import {
  box,
  openTestServer,
  receiver,
  sender,
  storages,
  type TestServer,
} from '../../support/test-server.ts';

const query = /* GraphQL */ `
  query ($input: RatesInput!) {
    rates(input: $input) {
      rates {
        id
        estimated
        asOf
        estimatedDays
        guaranteed
        zone
        service {
          code
        }
        price {
          amount
        }
      }
      failures {
        code
      }
    }
  }
`;
const mutation = /* GraphQL */ `
  mutation ($input: ShipmentPurchaseInput!) {
    shipmentPurchase(input: $input) {
      shipment {
        status
        price {
          amount
        }
      }
      failure {
        code
      }
    }
  }
`;
const minute = 60_000;
const hour = 60 * minute;
/** A hundredth of 600 calls an hour. */
const checkInterval = 10 * minute;

describe.each(storages)('a rate card in the %s ledger', (storage) => {
  let server: TestServer;
  let key = 0;
  beforeAll(async () => {
    server = await openTestServer({
      storage,
      tenants({ tenant }) {
        const [usps] = tenant.accounts;
        const options = { ...(usps!.options as object), rateCard: { spotCheckShare: 0.01 } };
        return [{ ...tenant, accounts: [{ ...usps!, options, quota: { default: 600 } }] }];
      },
    });
  });
  afterAll(() => server.close());

  const quote = async (postalCode: string, more: object = {}) => {
    const input = { from: sender, to: { ...receiver, postalCode }, parcels: [box], ...more };
    return (await server.ask(query, { input })).data.rates;
  };
  const searches = () => server.sandbox.usps.count('POST', /\/options\/search$/);
  /** Returns whether the rates were estimated, and asserts that exactly the others cost a call. */
  const isEstimated = async (postalCode: string, more?: object): Promise<boolean> => {
    const before = searches();
    const { rates, failures } = await quote(postalCode, more);
    expect(failures).toEqual([]);
    const estimated: boolean = rates[0].estimated;
    expect(rates.every((rate: any) => rate.estimated === estimated)).toBe(true);
    expect(searches() - before).toBe(estimated ? 0 : 1);
    return estimated;
  };
  const inTurn = async <T>(values: readonly T[], work: (value: T) => Promise<boolean>) => {
    const results: boolean[] = [];
    for (const value of values) results.push(await work(value));
    return results;
  };
  const weighing = (value: number) => ({ parcels: [{ ...box, weight: { value, unit: 'OUNCE' } }] });
  const prices = async (postalCode: string, more?: object) =>
    (await quote(postalCode, more)).rates.map(({ service, price, zone }: any) => [service.code, price.amount, zone]); // prettier-ignore
  const buy = async (rateId: string) =>
    (await server.ask(mutation, { input: { idempotencyKey: `key ${(key += 1)}`, rateId } })).data
      .shipmentPurchase;

  it('answers once two places have got the zone, and three answers agree with the first price', async () => {
    expect(await inTurn(['94102', '94103', '94104', '94105', '94107'], isEstimated)).toEqual([
      false,
      false,
      false,
      false,
      true,
    ]);
  });

  it('has the prices that USPS has, for every weight up to the next pound once two have got one price', async () => {
    expect(await inTurn([17, 25], (ounces) => isEstimated('94108', weighing(ounces)))).toEqual([false, true]);
    for (const ounces of [16.1, 20, 31.9, 32]) {
      expect(await isEstimated('94108', weighing(ounces))).toBe(true);
      const estimates = await prices('94108', weighing(ounces));
      expect(await prices('94108', { ...weighing(ounces), maxAgeSeconds: 0 })).toEqual(estimates);
    }
    expect(await isEstimated('94108', weighing(32.1))).toBe(false);
  });

  it('promises no day of delivery, and is as old as the last answer that agreed', async () => {
    server.clock.advance(minute);
    const { rates } = await quote('94109');
    expect(rates[0]).toMatchObject({ estimated: true, estimatedDays: null, guaranteed: false });
    expect(Date.parse(rates[0].asOf)).toBe(server.clock.now() - minute);
  });

  it.each([
    ['another size', '94110', { parcels: [{ ...box, dimensions: { ...box.dimensions, height: 5 } }] }],
    ['an option', '94110', { options: { signature: true } }],
    ['another prefix', '93701', {}],
    ['several parcels', '94110', { parcels: [box, { ...box, weight: { value: 18, unit: 'OUNCE' } }] }],
    ['another ship date', '94110', { shipDate: '2026-11-20' }],
    ['an answer that has to be new', '94110', { maxAgeSeconds: 0 }],
  ])('leaves to USPS what it has not learned: %s', async (_, postalCode, more) => {
    const { rates } = await quote(postalCode, more);
    expect(rates.some(({ estimated }: any) => estimated)).toBe(false);
  });

  it('counts its answers as those of the ledger', async () => {
    const input = { from: sender, to: { ...receiver, postalCode: '94111' }, parcels: [box] };
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: 'Bearer sandbox',
        'x-parcelgraph-provider-calls': 'true',
      },
      body: JSON.stringify({ query, variables: { input } }),
    });
    const { extensions } = await response.json();
    expect(extensions.providerCalls.calls).toMatchObject([
      { account: 'usps', api: 'shipping-options', calls: 0, fromLedger: 1 },
    ]);
  });

  it('is priced again before it is bought, and refused where the price is higher', async () => {
    const [{ id }] = (await quote('94112')).rates;
    server.sandbox.usps.switches.surcharge = '0.10';
    expect((await buy(id)).failure).toEqual({ code: 'PRICE_CHANGED' });
    server.sandbox.usps.switches.surcharge = '0';
    const before = searches();
    expect((await buy(id)).shipment.status).toBe('PURCHASED');
    expect(searches() - before).toBe(1);
  });

  it('is compared with one answer in ten minutes, and used where that answer is missing', async () => {
    server.clock.advance(hour);
    const places = ['94114', '94115', '94116'];
    expect(await inTurn(places, isEstimated)).toEqual([false, true, true]);
    server.clock.advance(checkInterval);
    const response = { status: 503, body: {} };
    const recover = server.sandbox.usps.injectFault({ path: /\/options\/search$/, response });
    expect((await quote('94117')).rates[0].estimated).toBe(true);
    recover();
  });

  it('is learned anew after an answer that contradicts it', async () => {
    server.clock.advance(hour);
    server.sandbox.usps.switches.surcharge = '0.10';
    expect(await inTurn(['94118', '94121', '94122', '94123'], isEstimated)).toEqual([false, false, false, false]); // prettier-ignore
    // The entry that was contradicted is used no more; others are.
    const twoPounds = weighing(40);
    const places = ['94102', '94103', '94104', '94105', '94107'];
    expect(await inTurn(places, (place) => isEstimated(place, twoPounds))).toEqual([false, false, false, false, true]); // prettier-ignore
    expect(await isEstimated('94124')).toBe(false);
  });

  it('waits after midnight until three answers agree, and is dropped where one has newer prices', async () => {
    const ounces = weighing(40);
    server.clock.advance(24 * hour);
    const places = ['94102', '94103', '94104', '94105'];
    const ask = (place: string) => isEstimated(place, ounces);
    expect(await inTurn(places, ask)).toEqual([false, false, false, true]);
    server.sandbox.usps.switches.pricesSince = '2026-11-20';
    server.clock.advance(2 * checkInterval);
    expect(await inTurn([...places, '94107'], ask)).toEqual([false, false, false, false, true]);
  });
});

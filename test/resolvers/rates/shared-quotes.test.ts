import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { toApiKeyConfig } from '../../../src/config/api-key.ts';
import { box, openTestServer, receiver, sender, type TestServer } from '../../support/test-server.ts';

const query = /* GraphQL */ `
  query ($input: RatesInput!) {
    rates(input: $input) {
      rates {
        id
        asOf
        expiresAt
        carrier
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
        to {
          name
          street1
        }
      }
      failure {
        code
      }
    }
  }
`;
const minute = 60_000;

const ann = { ...receiver, name: 'Ann Other', street1: '1 Market St', street2: null, phone: '4155550100' };
const bob = { ...receiver, name: 'Bob Buyer', street1: '2 Mission St', street2: null, phone: '4155550199' };

describe('equal requests for rates', () => {
  let server: TestServer;
  let key = 0;
  beforeAll(async () => {
    server = await openTestServer({
      tenants({ tenant }) {
        const [usps, easypost] = tenant.accounts;
        const twin = { ...tenant, id: 'twin', apiKeys: [toApiKeyConfig('twin-key')] };
        const sharing = { ...tenant, id: 'sharing', apiKeys: [toApiKeyConfig('sharing-key')] };
        return [
          tenant,
          { ...twin, accounts: [usps!] },
          { ...sharing, accounts: [{ ...easypost!, rateCacheMs: 15 * minute }] },
        ];
      },
    });
  });
  afterAll(() => server.close());

  const quote = async (to: object = receiver, more: object = {}, apiKey?: string) => {
    const input = { from: sender, to, parcels: [box], accountIds: ['usps'], ...more };
    const { data } = await server.ask(query, { input }, apiKey);
    return data.rates;
  };
  const quoteAtEasyPost = (to: object, apiKey?: string, more = {}) =>
    quote(to, { accountIds: ['easypost'], carriers: ['USPS'], ...more }, apiKey);
  const rateOf = (quoted: any, code = 'PRIORITY_MAIL') =>
    quoted.rates.find((rate: any) => rate.carrier === 'USPS' && rate.service.code === code);
  const buy = async (quoted: any, apiKey?: string) => {
    const input = { idempotencyKey: `key ${(key += 1)}`, rateId: rateOf(quoted).id };
    return (await server.ask(mutation, { input }, apiKey)).data.shipmentPurchase;
  };
  const count = async (work: () => Promise<unknown>, provider: 'usps' | 'easypost' = 'usps') => {
    const path = provider === 'usps' ? /\/options\/search$/ : /\/(shipments|orders)$/;
    const before = server.sandbox[provider].count('POST', path);
    await work();
    return server.sandbox[provider].count('POST', path) - before;
  };

  it('are one call while it is under way, and none for a quarter of an hour', async () => {
    const times = async () => {
      const quotes = await Promise.all([quote(ann), quote(bob), quote()]);
      return new Set(quotes.map((quoted) => rateOf(quoted).asOf));
    };
    const pricedAt = new Date(server.clock.now()).toISOString();
    expect(await count(times)).toBe(1);
    server.clock.advance(14 * minute);
    expect(await count(async () => expect(await times()).toEqual(new Set([pricedAt])))).toBe(0);
    server.clock.advance(minute);
    expect(await count(times)).toBe(1);
    expect(rateOf(await quote()).asOf).not.toBe(pricedAt);
  });

  it('are sold to each caller at its own address, 24 hours after they were priced at the latest', async () => {
    const quotes = [await quote(ann), await quote(bob)];
    for (const quoted of quotes) {
      const { asOf, expiresAt } = rateOf(quoted);
      expect(Date.parse(expiresAt) - Date.parse(asOf)).toBe(24 * 60 * minute);
    }
    for (const [index, { name, street1 }] of [ann, bob].entries()) {
      const { shipment } = await buy(quotes[index]);
      expect(shipment).toMatchObject({ status: 'PURCHASED', to: { name, street1 } });
    }
  });

  it.each([
    ['another ZIP code', { ...receiver, postalCode: '10001', city: 'New York', state: 'NY' }, {}],
    ['another weight', receiver, { parcels: [{ ...box, weight: { value: 21, unit: 'OUNCE' } }] }],
    ['two parcels', receiver, { parcels: [box, { ...box, weight: { value: 3, unit: 'POUND' } }] }],
    ['packaging', receiver, { parcels: [{ weight: box.weight, packaging: 'SMALL_FLAT_RATE_BOX' }] }],
    ['an option', receiver, { options: { signature: true } }],
    ['another day', receiver, { shipDate: '2026-11-20' }],
    ['a return', receiver, { options: { isReturn: true } }],
  ])('are not those that differ by %s', async (_, to, more) => {
    await quote();
    expect(await count(() => quote(to, more))).toBeGreaterThan(0);
  });

  it('are judged one by one: a label that USPS would refuse has no rate, whoever asked before', async () => {
    await quote(ann);
    const { rates, failures } = await quote({ ...ann, street1: 'A street '.repeat(9) });
    expect([rates, failures]).toEqual([[], [{ code: 'REJECTED' }]]);
  });

  it('of two tenants are two calls', async () => {
    await quote();
    expect(await count(() => quote(receiver, {}, 'twin-key'))).toBe(1);
  });

  it('take an answer no older than maxAgeSeconds', async () => {
    await quote();
    server.clock.advance(minute);
    expect(await count(() => quote(receiver, { maxAgeSeconds: 61 }))).toBe(0);
    expect(await count(() => quote(receiver, { maxAgeSeconds: 59 }))).toBe(1);
    expect(await count(() => quote(receiver, { maxAgeSeconds: 0 }))).toBe(1);
    server.clock.advance(20 * minute);
    // Never older than the account allows.
    expect(await count(() => quote(receiver, { maxAgeSeconds: 86_400 }))).toBe(1);
  });

  it('with a negative maxAgeSeconds are an error, and no call', async () => {
    const input = { from: sender, to: receiver, parcels: [box], maxAgeSeconds: -1 };
    const calls = await count(async () => {
      const { data, errors } = await server.ask(query, { input });
      expect(data.rates).toBeNull();
      expect(errors![0]!.extensions).toMatchObject({
        code: 'BAD_USER_INPUT',
        field: ['input', 'maxAgeSeconds'],
      });
    });
    expect(calls).toBe(0);
  });

  it('that fail are asked again', async () => {
    const odd = { parcels: [{ ...box, weight: { value: 33, unit: 'OUNCE' } }] };
    server.sandbox.usps.injectFault({ path: /\/options\//, times: 2, response: { status: 503, body: '' } });
    expect((await quote(receiver, odd)).failures).toEqual([{ code: 'UNAVAILABLE' }]);
    expect((await quote(receiver, odd)).rates).not.toEqual([]);
  });

  it('are priced anew after midnight, and a purchase at the price of the day before is refused', async () => {
    // Wednesday, 23:50 in Chicago.
    server.clock.advance(Date.parse('2026-11-19T05:50:00Z') - server.clock.now());
    const shipDate = { shipDate: '2026-11-19' };
    const old = await quote(receiver, shipDate);
    server.clock.advance(12 * minute);
    server.sandbox.usps.raisePrices('1.00');
    const current = await quote(receiver, shipDate);
    expect(Number(rateOf(current).price.amount)).toBeCloseTo(Number(rateOf(old).price.amount) + 1, 2);
    const labels = server.sandbox.usps.labels().length;
    expect(await buy(old)).toMatchObject({
      shipment: { status: 'FAILED' },
      failure: { code: 'PRICE_CHANGED' },
    });
    expect(server.sandbox.usps.labels()).toHaveLength(labels);
    expect((await buy(current)).shipment.price).toEqual(rateOf(current).price);
    server.sandbox.usps.raisePrices('0');
    // The hours in which prices may change are over.
    server.clock.advance(60 * minute);
  });

  it('make a shipment each at EasyPost, unless its account shares quotes', async () => {
    expect(await count(() => quoteAtEasyPost(ann), 'easypost')).toBe(1);
    expect(await count(() => quoteAtEasyPost(ann), 'easypost')).toBe(1);
    expect(await count(() => quoteAtEasyPost(ann, 'sharing-key'), 'easypost')).toBe(1);
    const renamed = { ...ann, name: 'Ann Again' };
    expect(await count(() => quoteAtEasyPost(renamed, 'sharing-key'), 'easypost')).toBe(0);
    expect(await count(() => quoteAtEasyPost(bob, 'sharing-key'), 'easypost')).toBe(1);
  });

  it.each([
    ['a shipment', {}],
    ['an order', { parcels: [box, box] }],
  ])(
    'that share a quote of EasyPost are bought as %s of their own, under the same price rule',
    async (_, more) => {
      const quotes = await Promise.all([1, 2, 3].map(() => quoteAtEasyPost(ann, 'sharing-key', more)));
      const made = await count(async () => {
        for (const quoted of quotes.slice(0, 2)) {
          expect((await buy(quoted, 'sharing-key')).shipment).toMatchObject({ status: 'PURCHASED' });
        }
      }, 'easypost');
      expect(made).toBe(2);
      server.sandbox.easypost.raisePrices('1.00');
      expect(await buy(quotes[2], 'sharing-key')).toMatchObject({ failure: { code: 'PRICE_CHANGED' } });
      server.sandbox.easypost.raisePrices('0');
    },
  );

  it('are kept without a name, a street or a phone number', async () => {
    await quote(ann);
    await quoteAtEasyPost(bob, 'sharing-key');
    await server.restart(async (db) => {
      const { rows } = await sql<{ row: string }>`select to_jsonb(q)::text as row from rate_quotes q`.execute(
        db,
      );
      expect(rows.length).toBeGreaterThan(1);
      for (const { row } of rows)
        expect(row).not.toMatch(/Ann|Bob|Sally|Market|Mission|L'Enfant|415555|94107/);
    });
  });
});

import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { box, openTestServer, receiver, sender, type TestServer } from '../../support/test-server.ts';

const soldier = {
  name: 'Joe Doe',
  street1: 'PSC 802 Box 74',
  city: 'APO',
  postalCode: '09499',
  country: 'US',
};
const shirt = {
  description: 'Cotton shirt',
  quantity: 1,
  totalValue: { amount: '40.00', currencyCode: 'USD' },
  totalWeight: { value: 8, unit: 'OUNCE' },
  originCountry: 'US',
};

describe('what the purchase of a rate needs', () => {
  let server: TestServer;
  beforeAll(async () => void (server = await openTestServer()));
  afterAll(() => server.close());

  const ratesOf = async (input: object) => {
    const query = 'query ($input: RatesInput!) { rates(input: $input) { rates { id carrier service { code } price { amount } requires } failures { message } } }'; // prettier-ignore
    const { data, errors } = await server.ask(query, { input: { from: sender, parcels: [box], ...input } });
    expect(errors).toBeUndefined();
    return data.rates.rates as { id: string; carrier: string; service: { code: string }; requires: string[]; price: object }[]; // prettier-ignore
  };
  const buy = async (input: object) => {
    const mutation = 'mutation ($input: ShipmentPurchaseInput!) { shipmentPurchase(input: $input) { shipment { status label { url } } failure { message field } userErrors { code field message } } }'; // prettier-ignore
    return (await server.ask(mutation, { input: { idempotencyKey: randomUUID(), ...input } })).data
      .shipmentPurchase;
  };

  it('is known by path when quoting: phones for UPS and FedEx, nothing more for USPS', async () => {
    const rates = await ratesOf({ to: receiver });
    expect(Object.fromEntries(rates.map(({ carrier, requires }) => [carrier, requires]))).toEqual({
      USPS: [],
      UPS: ['from.phone', 'to.phone'],
      FedEx: ['from.phone', 'to.phone'],
    });
    const bare = await ratesOf({
      from: { postalCode: '20260', country: 'US' },
      to: receiver,
      accountIds: ['usps'],
    });
    expect(bare[0]!.requires).toEqual(['from.name', 'from.street1', 'from.city', 'from.state']);
  });

  it('is named by path in the purchase before a call, and may be added to it', async () => {
    const { id: rateId } = (await ratesOf({ to: receiver })).find(({ carrier }) => carrier === 'UPS')!;
    const { calls } = server.sandbox.easypost;
    const before = calls.length;
    const phone = '415-555-0100';
    const refused = await buy({ rateId, from: { country: 'US', phone } });
    expect(refused).toMatchObject({
      shipment: null,
      userErrors: [{ code: 'REQUIRED', field: ['input', 'to', 'phone'], message: expect.stringMatching(/^UPS .*add it to this purchase/) }], // prettier-ignore
    });
    expect(calls.length).toBe(before);
    const bought = await buy({ rateId, from: { country: 'US', phone }, to: { country: 'US', phone } });
    expect(bought).toMatchObject({ shipment: { status: 'PURCHASED' }, userErrors: [] });
  });

  it('is customs across a customs border, with a tariff number on the form of a domestic parcel at USPS', async () => {
    const military = { to: { ...soldier, state: 'AE' }, accountIds: ['usps'] };
    expect((await ratesOf(military))[0]!.requires).toEqual(['customs']);
    const customs = { contents: 'MERCHANDISE', items: [shirt, { ...shirt, hsTariffNumber: '610910' }] };
    const [rate] = await ratesOf({ ...military, customs });
    expect(rate!.requires).toEqual(['customs.items.0.hsTariffNumber']);
    const { userErrors } = await buy({ rateId: rate!.id });
    expect(userErrors).toEqual([
      {
        code: 'REQUIRED',
        field: ['input', 'rateId'],
        message: expect.stringMatching(
          /^customs\.items\.0\.hsTariffNumber is missing: .*ask for rates with it/,
        ),
      },
    ]);
  });
});

describe('a place of the United States that is written in several ways', () => {
  let server: TestServer;
  beforeAll(async () => void (server = await openTestServer()));
  afterAll(() => server.close());

  const islands = { name: 'Ana Colón', street1: '1 Main St', phone: '787-555-0100' };
  const places = [
    ['Puerto Rico', { city: 'San Juan', postalCode: '00901' }, [{ country: 'PR' }, { country: 'US', state: 'PR' }, { country: 'US', state: 'Puerto Rico' }]],
    ['Guam', { city: 'Barrigada', postalCode: '96913' }, [{ country: 'GU' }, { country: 'US', state: 'GU' }, { country: 'US', state: 'Guam' }]],
    ['military post', { street1: 'PSC 473 Box 12', city: 'FPO', postalCode: '96349' }, [{ country: 'US', state: 'AP' }, { country: 'US', state: 'Armed Forces Pacific' }]],
  ] as const; // prettier-ignore
  const customs = { contents: 'MERCHANDISE', items: [{ ...shirt, hsTariffNumber: '610910' }] };

  it.each(places)('%s has the same rates, customs and labels at both providers', async (_, place, ways) => {
    for (const account of ['usps', 'easypost']) {
      const quotes = [];
      for (const way of ways) {
        const input = {
          from: sender,
          to: { ...islands, ...place, ...way },
          parcels: [box],
          accountIds: [account],
        };
        const query = 'query ($input: RatesInput!) { rates(input: $input) { rates { carrier service { code } price { amount } requires } failures { message } } }'; // prettier-ignore
        quotes.push((await server.ask(query, { input })).data.rates);
      }
      expect(quotes[0].rates.length).toBeGreaterThan(0);
      for (const quote of quotes) expect(quote).toEqual(quotes[0]);
    }
  });

  it.each(places)(
    '%s is sold as a domestic label by USPS, however it is written',
    async (name, place, ways) => {
      for (const way of ways) {
        const input = { from: sender, to: { ...islands, ...place, ...way }, parcels: [box], accountIds: ['usps'], customs: name === 'Puerto Rico' ? undefined : customs }; // prettier-ignore
        const rates = await server.ask('query ($input: RatesInput!) { rates(input: $input) { rates { id requires service { code } } } }', { input }); // prettier-ignore
        const rate = rates.data.rates.rates.find(({ service }: any) => service.code === 'PRIORITY_MAIL');
        expect(rate.requires).toEqual([]);
        const { data } = await server.ask(
          'mutation ($input: ShipmentPurchaseInput!) { shipmentPurchase(input: $input) { shipment { status to { state country } label { format url } } failure { message field } userErrors { message } } }',
          { input: { idempotencyKey: randomUUID(), rateId: rate.id, label: { format: 'ZPL' } } },
        );
        const { shipment } = data.shipmentPurchase;
        expect(shipment).toMatchObject({ status: 'PURCHASED', to: { country: 'US' } });
        // The emulated label sets a print mode.
        const zpl = await (await fetch(shipment.label.url)).text();
        expect(zpl).toMatch(/^\^XA/);
        expect(zpl).not.toMatch(/\^M[MC]/);
      }
    },
  );
});

import { describe, expect, it } from 'vitest';

import { shorten } from '../../conformance/mutations.ts';
import { openAdapter, quote, rateRequest as request, type Opened } from '../open-adapter.ts';

type Loose = ReturnType<typeof JSON.parse>;

/** Quotes with a change to the response. */
const quoteWith = ({ adapter, emulator }: Opened, alter: (shipment: Loose) => void, asked = request) => {
  const path = asked.parcels.length === 1 ? /\/shipments$/ : /\/orders$/;
  emulator.injectFault({
    path,
    times: 1,
    alter: (body) => {
      const shipment = shorten(body);
      alter(shipment);
      return shipment;
    },
  });
  return quote(adapter, asked);
};

describe('an unreadable rate of EasyPost', () => {
  it.each([
    ['an amount with a decimal comma', { rate: '35,65' }],
    ['no amount', { rate: null }],
    ['an amount that is an object', { rate: { amount: '7.40' } }],
    ['an amount beyond any price', { rate: '9'.repeat(40) }],
    ['a negative amount', { rate: '-7.40' }],
    ['an empty currency', { currency: '' }],
    ['a currency that is none', { currency: 'dollars' }],
    ['no id', { id: undefined }],
  ])('with %s is one failure that names carrier and service, beside the other rates', async (_, change) => {
    const { offers, failures } = await quoteWith(await openAdapter(), ({ rates }) =>
      Object.assign(rates[0], change, { carrier: 'DHLExpress', service: 'ExpressEasy' }),
    );
    expect(offers).toHaveLength(1);
    expect(failures.map(({ code, message }) => [code, message])).toContainEqual([
      'UNREADABLE',
      'EasyPost answered with a rate of DHL Express Easy in an unknown format',
    ]);
  });

  it.each([
    ['zone of USPS', { usps_zone: { zone: 4 } }, {}],
    ['list of messages', { messages: 'none' }, {}],
    ['list price', {}, { list_rate: '8,10', list_currency: 'USD' }],
    ['currency of a list price', {}, { list_currency: '' }],
    ['date of delivery', {}, { delivery_date: 'Tuesday' }],
    ['number of days', {}, { delivery_days: 'two' }],
  ])('is readable all the same where its %s is not', async (_, ofShipment, ofRate) => {
    const { offers } = await quoteWith(await openAdapter(), (shipment) => {
      Object.assign(shipment, ofShipment);
      Object.assign(shipment.rates[0], ofRate);
    });
    expect(offers).toHaveLength(2);
    const field = Object.keys({ ...ofShipment, ...ofRate })[0];
    if (field === 'usps_zone') expect(offers.map(({ zone }) => zone)).toEqual([undefined, undefined]);
    if (field?.startsWith('list')) expect(offers[0]!.listPrice).toBeUndefined();
    if (field === 'delivery_date') expect(offers[0]!.estimatedDeliveryDate).toBeUndefined();
    if (field === 'delivery_days') expect(offers[0]!.estimatedDays).toBeUndefined();
  });

  it('leaves the messages beside an unreadable one as they are', async () => {
    const { failures } = await quoteWith(await openAdapter(), (shipment) => {
      shipment.messages = [
        'the carrier is closed',
        { carrier: 7, message: null },
        { carrier: 'UPS', message: ['a', 'b'] },
      ];
    });
    expect(failures.map(({ message }) => message)).toEqual([
      'A carrier could not rate this shipment: the carrier is closed',
      'A carrier could not rate this shipment: null',
      'UPS could not rate this shipment: ["a","b"]',
    ]);
  });
});

describe('rates in several currencies', () => {
  it('are one offer for each service and currency, the cheapest of each', async () => {
    const { offers } = await quoteWith(await openAdapter(), (shipment) => {
      const [rate] = shipment.rates;
      shipment.rates = [
        ['90.00', 'CAD'],
        ['12.00', 'USD'],
        ['6.07', 'USD'],
      ].map(([amount, currency], index) => ({ ...rate, id: `rate_${index}`, rate: amount, currency }));
    });
    expect(offers.map(({ price }) => `${price.amount} ${price.currencyCode}`)).toEqual([
      '90.00 CAD',
      '6.07 USD',
    ]);
  });
});

describe('a quote without rates', () => {
  it('has a failure, even where EasyPost gives no reason', async () => {
    const { offers, failures } = await quoteWith(await openAdapter(), (shipment) => {
      shipment.rates = [];
      shipment.messages = [];
    });
    expect(offers).toEqual([]);
    expect(failures).toMatchObject(
      [
        {
          code: 'REJECTED',
          message: 'EasyPost has no rate for this shipment, and gave no reason',
          hint: /./,
        },
      ].map((failure) => ({ ...failure, hint: expect.stringMatching(failure.hint) })),
    );
  });
});

describe('rates of an order that stand only on its shipments', () => {
  const twoParcels = { ...request, parcels: [request.parcels[0]!, request.parcels[0]!] };
  const priority = (shipment: Loose, changes: object = {}) => {
    const rate = { ...shipment.rates[0], carrier: 'USPS', service: 'Priority', ...changes };
    shipment.rates = [rate];
  };

  it('are summed where all shipments share them', async () => {
    const { offers, failures } = await quoteWith(
      await openAdapter(),
      (order) => {
        Object.assign(order, { rates: [], messages: [] });
        priority(order.shipments[0], { rate: '6.07', list_rate: '7.00', delivery_days: 2 });
        priority(order.shipments[1], { rate: '8.10', list_rate: null, delivery_days: 3 });
        for (const shipment of order.shipments) shipment.messages = [];
      },
      twoParcels,
    );
    expect(offers).toMatchObject([
      { price: { amount: '14.17' }, estimatedDays: 3, providerRef: { service: 'Priority' } },
    ]);
    expect(offers[0]!.listPrice).toBeUndefined();
    expect(failures).toEqual([]);
  });

  it('are a failure of their carrier where a shipment lacks them, or their currencies differ', async () => {
    const opened = await openAdapter();
    const alter = (changes: object) => (order: Loose) => {
      Object.assign(order, { rates: [], messages: [] });
      priority(order.shipments[0]);
      priority(order.shipments[1], changes);
      for (const shipment of order.shipments) shipment.messages = [];
    };
    const lacking = await quoteWith(opened, alter({ service: 'Express' }), twoParcels);
    expect(lacking.offers).toEqual([]);
    expect(lacking.failures.map(({ message }) => message)).toEqual([
      'USPS does not sell each parcel by Priority Mail, Priority Mail Express',
    ]);
    const differing = await quoteWith(opened, alter({ currency: 'CAD' }), twoParcels);
    expect(differing.offers).toEqual([]);
    expect(differing.failures.map(({ message }) => message)).toEqual([
      expect.stringMatching(
        /^Priority Mail is sold by several carrier accounts .* or in several currencies$/,
      ),
    ]);
  });
});

import { expect, test } from 'vitest';

import { money, sum } from '../../src/domain/money.ts';
import type { RateRequest } from '../../src/domain/rate.ts';
import { toLabelRequest } from '../carriers/conformance.ts';
import { anyRateRequest, describeRecordings, type Recorded } from './easypost-recordings.ts';
import { call, good, type Loose } from './shared.ts';

const unrecordedKeys = {
  'POST /orders .order.shipments[].insurance':
    'a documented field of a shipment, recorded at POST /shipments',
  'POST /orders .order.shipments[].options': 'a documented field of a shipment, recorded at POST /shipments',
  'POST /orders .order.shipments[].options.label_date': 'as for a shipment',
  'POST /orders .order.shipments[].options.label_format': 'as for a shipment',
};

const twoParcels: RateRequest = {
  ...anyRateRequest,
  parcels: [10.2, 17.5].map((value) => ({ weight: { value, unit: 'OUNCE' as const } })),
};

describeRecordings('recorded orders of EasyPost', 'orders', unrecordedKeys, (recordings) => {
  const quote = async (sample: Recorded) => {
    recordings.replay('POST', '/v2/orders', sample);
    return good((await recordings.adapter.quote([twoParcels], call))[0]);
  };

  test('order.create offers the sums of the prices of its parcels', async () => {
    const sample = recordings.sample('order.create');
    const { id, rates, shipments } = sample.response.body;
    const { offers, failures } = await quote(sample);
    expect(failures).toEqual([]);
    expect(offers).toHaveLength(rates.length);
    for (const offer of offers) {
      const { providerCode } = offer.service;
      const prices = shipments.map(
        (shipment: Loose) => shipment.rates.find((rate: Loose) => rate.service === providerCode).rate,
      );
      expect(offer.price).toEqual(sum(money(prices[0]), money(prices[1])));
      expect(offer.providerRef).toMatchObject({ order: id, service: providerCode });
    }
    const parcelsOf = ({ order }: Loose) => order.shipments.map(({ parcel }: Loose) => parcel);
    expect(parcelsOf(recordings.requestBody(0))).toEqual(parcelsOf(sample.request.body));
  });

  test('order.buy buys a label for each parcel, by the names of carrier and service', async () => {
    const sample = recordings.sample('order.buy');
    const { body } = sample.response;
    const { offers } = await quote(sample);
    const offer = offers.find(({ service }) => service.providerCode === 'GroundAdvantage')!;
    recordings.replay('GET', `/v2/orders/${body.id}`, sample);
    recordings.replay('POST', sample.request.path, sample);
    const prepared = await recordings.adapter.labels.prepare(toLabelRequest(twoParcels, offer), call);
    expect(prepared).toHaveLength(2);
    const labels = await recordings.adapter.labels.buy(prepared[0]!, call);
    expect(recordings.requestBody(-1)).toEqual(sample.request.body);
    expect(
      labels.map(({ trackingNumber, reference, quotedAmount }) => [
        trackingNumber,
        reference,
        quotedAmount?.amount,
      ]),
    ).toEqual(
      body.shipments.map(({ tracking_code, id, selected_rate }: Loose) => [
        tracking_code,
        id,
        selected_rate.rate,
      ]),
    );
    expect(sum(labels[0]!.price!, labels[1]!.price!)).toEqual(offer.price);
    expect(await recordings.adapter.labels.reconcile(prepared[0]!, call)).toEqual(labels);
  });
});

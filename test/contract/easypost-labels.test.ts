import { describe, expect, test } from 'vitest';

import type { PreparedRequest } from '../../src/domain/prepared-request.ts';
import type { Customs } from '../../src/domain/customs.ts';
import { money, sum } from '../../src/domain/money.ts';
import { toLabelRequest } from '../carriers/conformance.ts';
import {
  anyAddress,
  anyRateRequest,
  describeRecordings,
  labelDateReason,
  readRecorded,
} from './easypost-recordings.ts';
import { call, good, type Loose } from './shared.ts';

const unrecordedKeys = {
  ...labelDateReason,
  'POST /shipments .shipment.customs_info.customs_items[].currency': 'a documented field of a customs item',
  'POST /shipments .shipment.from_address.residential': 'a field of every recorded address in a response',
  'POST /shipments .shipment.to_address.company': 'recorded for other addresses',
};

const shipmentPath = /^\/v2\/shipments\/[^/]+$/;

const preparedOf = (shipment: string, rate = 'rate_1'): PreparedRequest => ({
  attemptId: 'attempt',
  request: {
    ...{ shipment, rate, carrier: 'USPS', service: 'Priority', insurance: '0', format: 'PNG' },
    limit: { amount: '7.42', currencyCode: 'USD' },
  },
});
const prepared = preparedOf('shp_1');

function expectPurchased(label: Loose, shipment: Loose): void {
  const fees = (shipment.fees as Loose[]).map(({ amount }) => Number(amount)).filter((fee) => fee !== 0);
  expect(label.trackingNumber).toBe(shipment.tracking_code);
  expect(label.charges.map((charge: Loose) => Number(charge.amount.amount))).toEqual(fees);
  expect(Number(label.price.amount)).toBeCloseTo(
    fees.reduce((sum, fee) => sum + fee, 0),
    5,
  );
  const { rate, currency } = shipment.selected_rate;
  expect(label.charges.find((charge: Loose) => charge.name === 'Postage').amount.amount).toBe(rate);
  expect(label.label.source).toBe(shipment.postage_label.label_url);
  expect(label.reference).toBe(shipment.id);
  // Insurance is in the quoted price.
  const insurance = (shipment.fees as Loose[]).find(({ type }) => type === 'InsuranceFee')?.amount ?? '0';
  expect(label.quotedAmount).toEqual(sum(money(rate, currency), money(Number(insurance), currency)));
}

describeRecordings('recorded labels of EasyPost', 'labels', unrecordedKeys, (recordings) => {
  describe('a purchase', () => {
    test.each([
      'shipment.buy',
      'shipment.buy.international-us-ca',
      'shipment.buy.with-end-shipper',
      'shipment.buy.with-insurance',
    ])('%s buys by the rate, and charges the recorded fees', async (name) => {
      const sample = recordings.sample(name);
      const { path, body } = sample.request;
      recordings.replay('POST', path, sample);
      const request = preparedOf(path.split('/')[3]!, body.rate.id);
      const [purchased] = await recordings.adapter.labels.buy(request, call);
      expectPurchased(purchased, sample.response.body);
      expect(recordings.requestBody(0)).toMatchObject({ rate: { id: body.rate.id } });
    });

    test.each([
      'shipment.create.one-call-buy',
      'shipment.create.one-call-buy-insurance-zero',
      'shipment.form-return-packing-slip',
      'shipment.insure',
      'shipment.label-convert-zpl',
      'shipment.refund',
    ])('%s is found after a lost response', async (name) => {
      const sample = recordings.sample(name);
      recordings.replay('GET', shipmentPath, sample);
      const { service, carrier_account_id: account } = sample.response.body.selected_rate;
      const request = { ...prepared, request: { ...(prepared.request as object), service, account } };
      const found = await recordings.adapter.labels.reconcile(request, call);
      expectPurchased(found![0], sample.response.body);
      // A label of another service proves neither a purchase nor that there was none.
      await expect(recordings.adapter.labels.reconcile(prepared, call)).rejects.toMatchObject({
        code: 'UNREADABLE',
        refused: false,
      });
    });

    test('shipment.retrieve is not purchased, so no label is found', async () => {
      recordings.replay('GET', shipmentPath, recordings.sample('shipment.retrieve'));
      expect(await recordings.adapter.labels.reconcile(prepared, call)).toBeUndefined();
    });

    test('a purchase with added contacts creates a new shipment, at no more than the quoted price', async () => {
      const recorded = readRecorded('shipment.create');
      recordings.replay('POST', '/v2/shipments', recorded);
      const [quote] = await recordings.adapter.quote([anyRateRequest], call);
      const [offer] = good(quote).offers;
      const contact = { name: 'Ann Sender', phone: '5555555555', email: 'ann@example.com' };
      const labelRequest = {
        ...toLabelRequest(anyRateRequest, offer!),
        from: { ...anyAddress, ...contact, residential: true },
        to: { ...anyAddress, company: 'Acme' },
        reference: '123',
      };
      const [request] = await recordings.adapter.labels.prepare(labelRequest, call);
      expect(request!.request).toEqual({
        ...(offer!.providerRef as object),
        insurance: '0',
        limit: offer!.price,
        format: 'PDF',
      });
      expect(recordings.requestBody(1).shipment.reference).toBe(recorded.request.body.shipment.reference);
    });

    test.each(['shipment.rerate', 'shipment.rerate.international-us-ca'])(
      '%s replaces the rates of a shipment, and the same service is selected',
      async (name) => {
        const sample = recordings.sample(name);
        const { rates } = sample.response.body;
        const [shipment] = new Set<string>(rates.map((rate: Loose) => rate.shipment_id));
        const expired = rates.map((rate: Loose) => ({ ...rate, id: 'rate_expired' }));
        recordings.replay('POST', '/v2/shipments', sample, { id: shipment, rates: expired });
        const [quote] = await recordings.adapter.quote([anyRateRequest], call);
        recordings.replay('GET', `/v2/shipments/${shipment}`, sample, { id: shipment, rates });
        recordings.replay('POST', sample.request.path, sample);
        for (const offer of good(quote).offers) {
          const labelRequest = { ...toLabelRequest(anyRateRequest, offer), quotedAt: 0 };
          const [request] = await recordings.adapter.labels.prepare(labelRequest, call);
          const { rate: id, service } = request!.request as Loose;
          expect(rates.find((rate: Loose) => rate.id === id).service).toBe(service);
          expect(service).toBe(offer.service.providerCode);
        }
      },
    );
  });

  test('shipment.refund is a requested refund', async () => {
    const sample = recordings.sample('shipment.refund');
    recordings.replay('POST', sample.request.path, sample);
    const label = {
      trackingNumber: sample.response.body.tracking_code,
      prepared: preparedOf(sample.request.path.split('/')[3]!),
    };
    expect(await recordings.adapter.labels.void!(label, call)).toEqual({
      status: 'REQUESTED',
      voided: false,
    });
  });

  test.each(['customs-info.create', 'customs-item.create'])(
    '%s is the customs form of a shipment',
    async (name) => {
      const { body } = recordings.sample(name).request;
      const form = body.customs_info ?? body;
      const items: Loose[] = form.customs_items ?? [form.customs_item ?? form];
      const customs: Customs = {
        contents: 'MERCHANDISE',
        signer: form.customs_signer,
        items: items.map((item) => ({
          description: item.description,
          quantity: item.quantity,
          totalValue: { amount: String(item.value), currencyCode: 'USD' },
          totalWeight: { value: item.weight, unit: 'OUNCE' as const },
          hsTariffNumber: item.hs_tariff_number,
          originCountry: item.origin_country,
        })),
      };
      recordings.replay('POST', '/v2/shipments', readRecorded('shipment.create.international-us-ca'));
      good((await recordings.adapter.quote([{ ...anyRateRequest, customs }], call))[0]);
      const { customs_info } = recordings.requestBody(0).shipment;
      const { contents_explanation: _, ...recorded } = form;
      if (form.customs_items) {
        const withCurrency = items.map((item) => ({ ...item, currency: 'USD' }));
        expect(customs_info).toEqual({ ...recorded, customs_items: withCurrency });
      } else {
        expect(customs_info.customs_items).toEqual([{ ...items[0], currency: 'USD' }]);
      }
    },
  );
});

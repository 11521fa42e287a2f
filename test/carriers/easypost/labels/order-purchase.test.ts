import { describe, expect, it } from 'vitest';

import { easypostSandboxKey } from '../../../../sandbox/easypost/index.ts';
import { sum } from '../../../../src/domain/money.ts';
import type { Parcel } from '../../../../src/domain/parcel.ts';
import type { Offer, RateRequest } from '../../../../src/domain/rate.ts';
import { box, receiver } from '../../../support/test-server.ts';
import { toLabelRequest } from '../../conformance.ts';
import {
  call,
  fetchFrom,
  offerOf,
  openAdapter,
  quote,
  rateRequest as request,
  resultOf,
  type Opened,
} from '../open-adapter.ts';

describe('an order of several parcels', () => {
  const heavy: Parcel = { ...(box as Parcel), weight: { value: 60, unit: 'OUNCE' } };
  const both: RateRequest = { ...request, parcels: [box as Parcel, heavy] };
  const buyBoth = async (opened: Opened, code = 'PRIORITY_MAIL') => {
    const offer = offerOf(await quote(opened.adapter, both), code);
    const prepared = await opened.adapter.labels!.prepare(toLabelRequest(both, offer), call);
    return { offer, prepared, purchased: await opened.adapter.labels!.buy(prepared[0]!, call) };
  };

  it('is quoted by one call, at the sum of the prices of its parcels', async () => {
    const { adapter, emulator } = await openAdapter();
    const { offers, failures } = await quote(adapter, both);
    expect(emulator.calls).toMatchObject([{ method: 'POST', path: '/v2/orders' }]);
    expect(failures).toMatchObject([
      { code: 'REJECTED', providerMessage: expect.stringContaining('Invalid credentials') },
    ]);
    const requests = both.parcels.map((parcel) => ({ ...request, parcels: [parcel] }));
    const quotes = (await adapter.quote!(requests, call)).map(resultOf);
    for (const { carrier, service, price } of offers) {
      const isSame = (offer: Offer) => offer.carrier === carrier && offer.service.code === service.code;
      const prices = quotes.map((quote) => quote.offers.find(isSame)!.price);
      expect(price).toEqual(sum(prices[0]!, prices[1]!));
    }
    expect(offers.map(({ service }) => service.code)).toContain('PRIORITY_MAIL');
  });

  it('is bought by one call, with a label and number for each parcel, in order', async () => {
    const opened = await openAdapter();
    const { adapter, emulator } = opened;
    const { offer, prepared, purchased } = await buyBoth(opened);
    expect(prepared).toHaveLength(2);
    expect(prepared[1]).toBe(prepared[0]);
    expect(emulator.count('POST', /\/orders\/\w+\/buy$/)).toBe(1);
    expect(new Set(purchased.map(({ trackingNumber }) => trackingNumber)).size).toBe(2);
    expect(sum(purchased[0]!.quotedAmount!, purchased[1]!.quotedAmount!)).toEqual(offer.price);
    expect(purchased[0]!.price).toEqual(purchased[0]!.quotedAmount);
    const weights = purchased.map(async ({ reference }) => (await fetchFrom(emulator, `/shipments/${reference}`)).parcel.weight); // prettier-ignore
    expect(await Promise.all(weights)).toEqual([20, 60]);
    expect(await adapter.labels!.reconcile(prepared[0]!, call)).toEqual(purchased);
    expect(await adapter.labels!.buy(prepared[0]!, call)).toEqual(purchased);
    expect(emulator.charges()).toHaveLength(2);
    const { source } = purchased[1]!.label as { source: string };
    const file = await adapter.labels!.fetchDocument!(source, call);
    expect(Buffer.from(file).subarray(0, 5).toString()).toBe('%PDF-');
  });

  it('is voided label by label', async () => {
    const opened = await openAdapter();
    const { adapter, emulator } = opened;
    const { prepared, purchased } = await buyBoth(opened);
    const { trackingNumber, reference } = purchased[1]!;
    const label = { trackingNumber, reference, prepared: prepared[1]! };
    expect(await adapter.labels!.void!(label, call)).toEqual({ status: 'REQUESTED', voided: false });
    expect(await adapter.labels!.refund!(label, call)).toEqual({ status: 'REQUESTED', voided: false });
    const refunds = purchased.map(async ({ reference }) => (await fetchFrom(emulator, `/shipments/${reference}`)).refund_status); // prettier-ignore
    expect(await Promise.all(refunds)).toEqual([null, 'submitted']);
  });

  it('is found after a lost response where it was purchased, and not found where it was not', async () => {
    const { adapter, emulator } = await openAdapter();
    const offer = offerOf(await quote(adapter, both), 'PRIORITY_MAIL');
    const [prepared] = await adapter.labels!.prepare(toLabelRequest(both, offer), call);
    emulator.injectFault({ path: /\/buy$/, times: 1, drop: 'before' });
    await expect(adapter.labels!.buy(prepared!, call)).rejects.toMatchObject({ refused: false });
    expect(await adapter.labels!.reconcile(prepared!, call)).toBeUndefined();
    emulator.injectFault({ path: /\/buy$/, times: 1, drop: 'after' });
    await expect(adapter.labels!.buy(prepared!, call)).rejects.toMatchObject({ refused: false });
    const purchased = await adapter.labels!.reconcile(prepared!, call);
    expect(purchased!.map(({ trackingNumber }) => trackingNumber)).toEqual(
      emulator.charges().map(({ trackingCode }) => trackingCode),
    );
  });

  it('is uncertain where only some of its parcels were purchased', async () => {
    const { adapter, emulator } = await openAdapter();
    const offer = offerOf(await quote(adapter, both), 'PRIORITY_MAIL');
    const [prepared] = await adapter.labels!.prepare(toLabelRequest(both, offer), call);
    const { order } = offer.providerRef as { order: string };
    const { shipments } = await fetchFrom(emulator, `/orders/${order}`);
    const rate = shipments[0].rates.find((rate: { service: string }) => rate.service === 'Priority');
    await fetch(`${emulator.url}/v2/shipments/${shipments[0].id}/buy`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${easypostSandboxKey}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ rate: { id: rate.id } }),
    });
    for (const method of [adapter.labels!.buy, adapter.labels!.reconcile]) {
      await expect(method(prepared!, call)).rejects.toMatchObject({
        refused: false,
        message: expect.stringContaining('1 of the 2 parcels'),
      });
    }
    expect(emulator.charges()).toHaveLength(1);
  });

  it('is created again for contacts added at the purchase, and rejected where its price has risen', async () => {
    const { adapter, emulator } = await openAdapter();
    const offer = offerOf(await quote(adapter, both), 'PRIORITY_MAIL');
    const labelRequest = toLabelRequest(both, offer);
    const withContact = { ...labelRequest, to: { ...receiver, phone: '4155550100' }, reference: 'cart 7' };
    const [prepared] = await adapter.labels!.prepare(withContact, call);
    expect(emulator.count('POST', /\/orders$/)).toBe(2);
    const [purchased] = await adapter.labels!.buy(prepared!, call);
    expect(await fetchFrom(emulator, `/shipments/${purchased!.reference}`)).toMatchObject({
      reference: 'cart 7',
    });
    emulator.raisePrices('1.00');
    await expect(adapter.labels!.prepare(withContact, call)).rejects.toMatchObject({ code: 'PRICE_CHANGED' });
    // The order that was quoted keeps its prices.
    expect(await adapter.labels!.prepare(labelRequest, call)).toHaveLength(2);
  });

  it('is not offered with a service of two carrier accounts, since an order can’t name one', async () => {
    const { adapter, emulator } = await openAdapter();
    const { order } = (await quote(adapter, both)).offers[0]!.providerRef as { order: string };
    const response = await fetchFrom(emulator, `/orders/${order}`);
    const priority = response.shipments[1].rates.find((rate: { service: string }) => rate.service === 'Priority'); // prettier-ignore
    response.shipments[1].rates.push({ ...priority, carrier_account_id: 'ca_of_another' });
    emulator.injectFault({ path: /\/orders$/, times: 1, response: { status: 201, body: response } });
    const { offers, failures } = await quote(adapter, both);
    const codes = offers.map(({ service }) => service.code);
    expect(codes).not.toContain('PRIORITY_MAIL');
    expect(codes).toContain('USPS_GROUND_ADVANTAGE');
    expect(failures.map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/^Priority Mail is sold by several carrier accounts/),
    );
  });

  it('is insured neither on request nor by the account’s default', async () => {
    const keys = [{ key: easypostSandboxKey, user: 'user_1', defaultInsurance: '50.00' }];
    const opened = await openAdapter({ keys });
    const insured = { ...both, options: { insuredValue: { amount: '50.00', currencyCode: 'USD' } } };
    expect(await opened.adapter.quote!([insured], call)).toMatchObject([
      { code: 'REJECTED', field: ['options', 'insuredValue'], hint: expect.stringMatching(/alone/) },
    ]);
    expect(opened.emulator.calls).toEqual([]);
    const { purchased } = await buyBoth(opened);
    expect(purchased.flatMap(({ charges }) => charges.map(({ name }) => name))).toEqual([
      'Postage',
      'Postage',
    ]);
  });
});

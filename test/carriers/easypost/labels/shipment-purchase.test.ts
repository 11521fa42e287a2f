import { describe, expect, it } from 'vitest';

import { money } from '../../../../src/domain/money.ts';
import type { Offer } from '../../../../src/domain/rate.ts';
import { receiver } from '../../../support/test-server.ts';
import { toLabelRequest } from '../../conformance.ts';
import {
  call,
  fetchFrom,
  minutes,
  offerOf,
  openAdapter,
  quote,
  rateRequest as request,
  type Opened,
} from '../open-adapter.ts';

describe('the purchase of one parcel', () => {
  it('creates a new shipment for contacts added at the purchase, and buys it for at most the quoted price', async () => {
    const { adapter, emulator } = await openAdapter();
    const { offers } = await quote(adapter);
    const offer = offers.find(({ service }) => service.code === 'PRIORITY_MAIL')!;
    const labelRequest = { ...toLabelRequest(request, offer), to: { ...receiver, phone: '4155550100' } };
    const [prepared] = await adapter.labels!.prepare(labelRequest, call);
    expect(emulator.count('POST', /\/shipments$/)).toBe(2);
    expect(await adapter.labels!.buy(prepared!, call)).toMatchObject([{ price: offer.price }]);

    emulator.raisePrices('1.00');
    await expect(adapter.labels!.prepare(labelRequest, call)).rejects.toMatchObject({
      code: 'PRICE_CHANGED',
    });
    expect(emulator.charges()).toHaveLength(1);
    const higher = money(Number(offer.price.amount) + 1);
    const [atHigherPrice] = await adapter.labels!.prepare({ ...labelRequest, maxPrice: higher }, call);
    expect(await adapter.labels!.buy(atHigherPrice!, call)).toMatchObject([
      { price: higher, quotedAmount: higher },
    ]);
  });
});

describe('the price check before a purchase', () => {
  const prepareLater = async ({ adapter, clock }: Opened, offer: Offer, maxPrice = offer.price) => {
    const quotedAt = clock.now();
    clock.advance(16 * minutes);
    return adapter.labels!.prepare({ ...toLabelRequest(request, offer), quotedAt, maxPrice }, call);
  };

  it('makes no call for a quote of up to 15 minutes, and one call for an older quote', async () => {
    const opened = await openAdapter();
    const { adapter, emulator, clock } = opened;
    const offer = offerOf(await quote(adapter), 'PRIORITY_MAIL');
    await adapter.labels!.prepare({ ...toLabelRequest(request, offer), quotedAt: clock.now() }, call);
    expect(emulator.calls.length).toBe(1);
    const [prepared] = await prepareLater(opened, offer);
    expect(emulator.calls.slice(1).map(({ method }) => method)).toEqual(['GET']);
    expect(prepared!.request).toMatchObject(offer.providerRef as object);
  });

  it('selects the same service among new rates where the rate was replaced, unless it costs more', async () => {
    const opened = await openAdapter();
    const { adapter, emulator } = opened;
    const offer = offerOf(await quote(adapter), 'PRIORITY_MAIL');
    const { shipment } = offer.providerRef as { shipment: string };
    const paths = () => emulator.calls.map(({ method, path }) => `${method} ${path.split('/').at(-1)}`);
    await fetchFrom(emulator, `/shipments/${shipment}/rerate`, 'POST');
    const before = emulator.calls.length;
    const [prepared] = await prepareLater(opened, offer);
    expect(paths().slice(before)).toEqual([`GET ${shipment}`, 'POST rerate']);
    expect(prepared!.request).not.toMatchObject(offer.providerRef as object);

    emulator.raisePrices('1.00');
    await fetchFrom(emulator, `/shipments/${shipment}/rerate`, 'POST');
    const price = `${(Number(offer.price.amount) + 1).toFixed(2)} USD`;
    const refused = await prepareLater(opened, offer).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'PRICE_CHANGED', hint: expect.stringMatching(/maxPrice/) });
    expect((refused as Error).message).toContain(price);
    expect((refused as Error).message).toContain(`${offer.price.amount} USD`);
    expect(await prepareLater(opened, offer, money(Number(offer.price.amount) + 1))).toHaveLength(1);
    expect(emulator.charges()).toEqual([]);

    await expect(adapter.labels!.buy(prepared!, call)).rejects.toMatchObject({
      code: 'PRICE_CHANGED',
      refused: true,
    });
    expect(emulator.charges()).toEqual([]);
  });

  it('requotes once where the rate is replaced between check and purchase', async () => {
    const { adapter, emulator } = await openAdapter();
    const offer = offerOf(await quote(adapter), 'PRIORITY_MAIL');
    const [prepared] = await adapter.labels!.prepare(toLabelRequest(request, offer), call);
    const { shipment } = offer.providerRef as { shipment: string };
    await fetchFrom(emulator, `/shipments/${shipment}/rerate`, 'POST');
    expect(await adapter.labels!.buy(prepared!, call)).toMatchObject([{ quotedAmount: offer.price }]);
    expect(emulator.count('POST', /\/rerate$/)).toBe(2);
    expect(emulator.count('POST', /\/buy$/)).toBe(2);
    expect(emulator.charges()).toHaveLength(1);
  });

  it.each([
    ['the account of its rate is not named', { carrier_account_id: null }, 'PURCHASED'],
    ['its rate is missing', null, 'UNCERTAIN'],
    ['its rate is of another service', { service: 'Express' }, 'UNCERTAIN'],
  ])('is never taken for nothing where the shipment has a label and %s', async (_, change, expected) => {
    const { adapter, emulator } = await openAdapter();
    const offer = offerOf(await quote(adapter), 'PRIORITY_MAIL');
    const [prepared] = await adapter.labels!.prepare(toLabelRequest(request, offer), call);
    const [purchased] = await adapter.labels!.buy(prepared!, call);
    emulator.injectFault({
      method: 'GET',
      alter: (body) => {
        const shipment = body as { selected_rate: object };
        return { ...shipment, selected_rate: change && { ...shipment.selected_rate, ...change } };
      },
    });
    const found = adapter.labels!.reconcile(prepared!, call);
    if (expected === 'PURCHASED')
      expect(await found).toMatchObject([{ trackingNumber: purchased!.trackingNumber }]);
    else await expect(found).rejects.toMatchObject({ code: 'UNREADABLE', refused: false });
  });

  it('counts insurance: above `maxPrice` nothing is bought', async () => {
    const { adapter, emulator } = await openAdapter();
    const insured = { ...request, options: { insuredValue: money('500.00') } };
    const offer = offerOf(await quote(adapter, insured), 'PRIORITY_MAIL');
    const later = { ...toLabelRequest(insured, offer), quotedAt: 0 };
    const cheaper = { ...later, maxPrice: money(Number(offer.price.amount) - 0.01) };
    await expect(adapter.labels!.prepare(cheaper, call)).rejects.toMatchObject({ code: 'PRICE_CHANGED' });
    const withPhone = { ...cheaper, to: { ...receiver, phone: '4155550100' } };
    await expect(adapter.labels!.prepare(withPhone, call)).rejects.toMatchObject({ code: 'PRICE_CHANGED' });

    const [prepared] = await adapter.labels!.prepare(later, call);
    const { shipment } = offer.providerRef as { shipment: string };
    await fetchFrom(emulator, `/shipments/${shipment}/rerate`, 'POST');
    expect(await adapter.labels!.buy(prepared!, call)).toMatchObject([
      { price: offer.price, charges: offer.charges },
    ]);
    expect(emulator.charges()).toMatchObject([{ amount: offer.price.amount }]);
  });
});

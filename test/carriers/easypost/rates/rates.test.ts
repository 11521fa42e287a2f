import { describe, expect, it } from 'vitest';

import { money, sum } from '../../../../src/domain/money.ts';
import { toLabelRequest } from '../../conformance.ts';
import { call, fetchFrom, offerOf, openAdapter, quote, rateRequest as request } from '../open-adapter.ts';

describe('rates of EasyPost', () => {
  it('reports a carrier that could not rate beside the rates of the others', async () => {
    const { adapter } = await openAdapter();
    const { offers, failures } = await quote(adapter);
    expect(new Set(offers.map((offer) => offer.carrier))).toEqual(new Set(['USPS', 'UPS', 'FedEx']));
    expect(failures).toMatchObject([
      { code: 'REJECTED', providerMessage: expect.stringContaining('Invalid credentials') },
    ]);
  });

  it('gives a service the same code whichever account sells it', async () => {
    const { adapter } = await openAdapter();
    const { offers } = await quote(adapter);
    expect(offers.map(({ service }) => [service.code, service.name, service.providerCode])).toEqual(
      expect.arrayContaining([
        ['PRIORITY_MAIL', 'Priority Mail', 'Priority'],
        ['2ND_DAY_AIR', 'UPS 2nd Day Air', '2ndDayAir'],
        ['GROUND', 'FedEx Ground', 'FEDEX_GROUND'],
      ]),
    );
  });

  it.each([
    ['500.00', '5.00'],
    ['249.99', '2.50'],
    ['50.00', '1.00'],
    ['5000.00', '50.00'],
  ])('includes the insurance of %s dollars in the price: %s', async (value, cost) => {
    const { adapter } = await openAdapter();
    const plain = offerOf(await quote(adapter), 'PRIORITY_MAIL');
    const options = { insuredValue: money(value) };
    const insured = offerOf(await quote(adapter, { ...request, options }), 'PRIORITY_MAIL');
    expect(insured).toMatchObject({
      price: sum(plain.price, money(cost)),
      charges: [
        { name: 'Postage', amount: plain.price },
        { name: 'Insurance', amount: money(cost) },
      ],
    });
  });

  it('rejects insurance above 5,000 dollars before a call', async () => {
    const { adapter, emulator } = await openAdapter();
    const options = { insuredValue: money('5000.01') };
    expect(await adapter.quote!([{ ...request, options }], call)).toMatchObject([
      { code: 'REJECTED', field: ['options', 'insuredValue', 'amount'] },
    ]);
    expect(emulator.calls).toEqual([]);
  });

  it('fails for a service in another currency than its insurance, beside the others', async () => {
    const { adapter, emulator } = await openAdapter();
    const { shipment } = offerOf(await quote(adapter), 'PRIORITY_MAIL').providerRef as { shipment: string };
    const response = await fetchFrom(emulator, `/shipments/${shipment}`);
    const rates = response.rates.map((rate: { carrier: string }) =>
      rate.carrier === 'UPSDAP' ? { ...rate, currency: 'CAD' } : rate,
    );
    const body = { ...response, messages: [], rates };
    emulator.injectFault({ method: 'POST', path: /\/shipments$/, response: { status: 201, body } });
    const options = { insuredValue: money('100.00') };
    const { offers, failures } = await quote(adapter, { ...request, options });
    expect(new Set(offers.map(({ carrier }) => carrier))).toEqual(new Set(['USPS', 'FedEx']));
    expect(failures[0]).toMatchObject({ code: 'REJECTED', field: ['options', 'insuredValue'] });
  });

  it('rejects insurance in another currency than dollars before a call', async () => {
    const { adapter, emulator } = await openAdapter();
    const options = { insuredValue: { amount: '100.00', currencyCode: 'EUR' } };
    expect(await adapter.quote!([{ ...request, options }], call)).toMatchObject([
      { code: 'REJECTED', field: ['options', 'insuredValue', 'currencyCode'] },
    ]);
    expect(emulator.calls).toEqual([]);
  });

  it('swaps the addresses of a return, since EasyPost swaps them back', async () => {
    const { adapter, emulator } = await openAdapter();
    const returned = { ...request, options: { isReturn: true } };
    const offer = offerOf(await quote(adapter, returned), 'PRIORITY_MAIL');
    const [prepared] = await adapter.labels!.prepare(toLabelRequest(returned, offer), call);
    const [purchased] = await adapter.labels!.buy(prepared!, call);
    expect(await fetchFrom(emulator, `/shipments/${purchased!.reference}`)).toMatchObject({
      is_return: true,
      from_address: { name: 'RITA RECEIVER' },
      to_address: { name: 'Sally Sender' },
    });
  });

  it('quotes Saturday delivery by the services that have it', async () => {
    const { adapter } = await openAdapter();
    const plain = await quote(adapter);
    const { offers } = await quote(adapter, { ...request, options: { saturdayDelivery: true } });
    expect(offers.map(({ service }) => service.code).sort()).toEqual(
      ['2ND_DAY_AIR', '2_DAY', 'NEXT_DAY_AIR', 'NEXT_DAY_AIR_EARLY_AM', 'PRIORITY_OVERNIGHT'].sort(),
    );
    const air = offers.find(({ service }) => service.code === 'NEXT_DAY_AIR')!;
    expect(air.price).toEqual(sum(offerOf(plain, 'NEXT_DAY_AIR').price, money('16.00')));
  });
});

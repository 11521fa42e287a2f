import { describe, expect, test } from 'vitest';
import {
  type Body,
  buy,
  call,
  canada,
  easypost,
  domesticShipment,
  quote,
  rateOf,
  redondoBeach,
  sanFrancisco,
  uspsAccount,
  setUpEasyPost,
} from './easypost-api.ts';

setUpEasyPost();

describe('the rates of a shipment', () => {
  const uspsPrices = (shipment: Body) =>
    Object.fromEntries(
      shipment.rates
        .filter(({ carrier }) => carrier === 'USPS')
        .map(({ service, rate, list_rate, retail_rate }) => [service, [rate, list_rate, retail_rate]]),
    );

  test('equal the recorded prices to the cent', async () => {
    const shipment = await quote();
    expect(shipment.usps_zone).toBe(4);
    expect(uspsPrices(shipment)).toEqual({
      GroundAdvantage: ['6.07', '6.57', '8.85'],
      Priority: ['7.42', '8.34', '9.90'],
      Express: ['34.15', '34.15', '39.10'],
    });
    expect(uspsPrices(await quote({ ...domesticShipment, to_address: sanFrancisco }))).toMatchObject({
      GroundAdvantage: ['5.65', '6.33', '8.35'],
      Express: ['27.60', '27.60', '31.95'],
    });
    expect(uspsPrices(await quote({ ...domesticShipment, parcel: { weight: 17.5 } }))).toMatchObject({
      GroundAdvantage: ['6.53', '8.05', '11.40'],
      Priority: ['8.22', '9.07', '12.65'],
    });
    expect(
      uspsPrices(await quote({ ...domesticShipment, parcel: { weight: 10.2 } })).GroundAdvantage,
    ).toEqual(['5.21', '5.21', '7.00']);
  });

  test('do not decrease with weight or distance', async () => {
    const receivers = [
      { ...sanFrancisco, zip: '94105' },
      redondoBeach,
      { ...redondoBeach, city: 'Denver', state: 'CO', zip: '80202' },
      { ...redondoBeach, city: 'Chicago', state: 'IL', zip: '60601' },
      { ...redondoBeach, city: 'Boston', state: 'MA', zip: '02108' },
    ];
    const price = (shipment: Body) =>
      new Map(shipment.rates.map(({ carrier, service, rate }) => [`${carrier} ${service}`, Number(rate)]));
    const expectIncrease = (lower: Map<string, number>, higher: Map<string, number>) => {
      for (const [service, amount] of lower) expect(higher.get(service)).toBeGreaterThanOrEqual(amount);
    };
    const byDistance = await Promise.all(
      receivers.map((to_address) => quote({ ...domesticShipment, to_address })),
    );
    byDistance
      .slice(1)
      .forEach((shipment, index) => expectIncrease(price(byDistance[index]!), price(shipment)));
    const weights = [1, 4.1, 8.5, 15, 16, 17, 64, 500, 1100];
    const byWeight = await Promise.all(
      weights.map((weight) => quote({ ...domesticShipment, parcel: { weight } })),
    );
    byWeight.slice(1).forEach((shipment, index) => expectIncrease(price(byWeight[index]!), price(shipment)));
  });

  test('are those of several carriers, with a message for each carrier that fails', async () => {
    const { status, body } = await call('POST', '/v2/shipments', { shipment: domesticShipment });
    expect(status).toBe(201);
    expect(new Set(body.rates.map(({ carrier }) => carrier))).toEqual(
      new Set(['USPS', 'UPSDAP', 'FedExDefault']),
    );
    expect(body.messages).toEqual([
      {
        carrier: 'DhlEcs',
        carrier_account_id: expect.stringMatching(/^ca_/),
        type: 'rate_error',
        message: expect.stringMatching(/^Invalid credentials \(sandbox: this carrier always fails/),
      },
    ]);
    const recover = easypost.failCarrier('UPSDAP', 'Too Many Requests');
    expect((await quote()).messages).toHaveLength(2);
    recover();
    expect((await quote()).messages).toHaveLength(1);
  });

  test('are empty for an invalid ZIP, with status 201 and a message from each carrier', async () => {
    const to_address = { ...redondoBeach, zip: '9027' };
    const { status, body } = await call('POST', '/v2/shipments', {
      shipment: { ...domesticShipment, to_address },
    });
    expect([status, body.rates, body.usps_zone]).toEqual([201, [], null]);
    expect(body.messages.map(({ type }) => type)).toEqual(Array(4).fill('rate_error'));
  });

  test('to military post offices are those of USPS alone, written by state or by ZIP', async () => {
    const apo = { ...redondoBeach, street1: 'PSC 802 Box 74', city: 'APO', state: 'AE', zip: '09499' };
    for (const to_address of [apo, { country: 'US', zip: '96301' }]) {
      const { rates, messages } = await quote({ ...domesticShipment, to_address });
      expect(new Set(rates.map(({ carrier }) => carrier))).toEqual(new Set(['USPS']));
      expect(messages.map(({ message }) => message)).toContain(
        'UPS does not serve APO, FPO and DPO addresses.',
      );
    }
  });

  test('exist only for sizes that carrier and service take', async () => {
    const servicesFor = async (length: number, width: number, height: number) => {
      const { rates } = await quote({ ...domesticShipment, parcel: { length, width, height, weight: 80 } });
      return rates.map(({ carrier, service }) => `${carrier} ${service}`);
    };
    const large = await servicesFor(50, 20, 18);
    expect(large).toContain('USPS GroundAdvantage');
    expect(large).not.toContain('USPS Priority');
    expect(large).toContain('UPSDAP Ground');
    const long = await servicesFor(115, 5, 5);
    expect(new Set(long.map((each) => each.split(' ')[0]))).toEqual(new Set(['FedExDefault']));
    expect(long).not.toContain('FedExDefault FEDEX_GROUND');
    expect(await servicesFor(120, 40, 40)).toEqual([]);
  });

  test('are those of the named carrier accounts, of which unknown ones are refused', async () => {
    const usps = await uspsAccount();
    const only = await quote({ ...domesticShipment, carrier_accounts: [usps] });
    expect(new Set(only.rates.map(({ carrier }) => carrier))).toEqual(new Set(['USPS']));
    const unknown = await call('POST', '/v2/shipments', {
      shipment: { ...domesticShipment, carrier_accounts: ['ca_1'] },
    });
    expect([unknown.status, unknown.body.error.code]).toEqual([422, 'SHIPMENT.CARRIER_ACCOUNTS.INVALID']);
  });

  test('are replaced by a rerate', async () => {
    const shipment = await quote();
    const old = rateOf(shipment, 'Priority');
    expect((await call('GET', `/v2/rates/${old.id}`)).body).toEqual(old);
    easypost.raisePrices('0.50');
    const { status, body } = await call('POST', `/v2/shipments/${shipment.id}/rerate`, {});
    expect(status).toBe(200);
    expect(rateOf(body, 'Priority').rate).toBe('7.92');
    expect(rateOf(body, 'Priority').id).not.toBe(old.id);
    expect((await call('GET', `/v2/rates/${old.id}`)).status).toBe(404);
  });

  test('are those of the international services for another country', async () => {
    const shipment = await quote({ ...domesticShipment, to_address: canada, parcel: { weight: 21.2 } });
    expect(shipment.usps_zone).toBeNull();
    expect(rateOf(shipment, 'PriorityMailInternational').rate).toBe('40.46');
    expect(rateOf(shipment, 'UPSStandard')).toMatchObject({ rate: '34.62', delivery_days: 4 });
  });

  test('do not depend on weight for a flat-rate box, and only its carrier has any', async () => {
    const box = (weight: number) =>
      quote({ ...domesticShipment, parcel: { weight, predefined_package: 'SmallFlatRateBox' } });
    const [light, heavy] = [await box(4), await box(400)];
    expect(light.rates.map(({ carrier, service }) => [carrier, service])).toEqual([['USPS', 'Priority']]);
    expect(heavy.rates[0]!.rate).toBe(light.rates[0]!.rate);
  });

  test('are those of the opposite direction for a return, whose addresses do not change', async () => {
    const fromCanada = {
      ...domesticShipment,
      to_address: { ...canada, phone: '5555555555' },
      is_return: true,
    };
    expect((await quote(fromCanada)).messages[0]).toMatchObject({
      message: 'Unable to retrieve USPS rates for non-US origin address.',
    });
    const { body } = await buy('Priority', { ...domesticShipment, is_return: true });
    expect(body.to_address).toMatchObject({ name: 'Elizabeth Swan' });
    const label = await call('GET', `/v2/shipments/${body.id}/label?file_format=ZPL`);
    const zpl = await (await fetch(label.body.postage_label.label_zpl_url)).text();
    expect(zpl.indexOf('Elizabeth Swan')).toBeLessThan(zpl.indexOf('JACK SPARROW'));
    expect(zpl.indexOf('Elizabeth Swan')).toBeGreaterThan(0);
  });
});

describe('the stateless rates', () => {
  test('have no ids and create nothing', async () => {
    const { status, body } = await call('POST', '/beta/rates', { shipment: domesticShipment });
    expect(status).toBe(200);
    expect(rateOf(body, 'GroundAdvantage').rate).toBe('6.07');
    expect(body.rates.every((rate) => !('id' in rate) && !('shipment_id' in rate))).toBe(true);
    expect((await call('GET', '/v2/shipments?purchased=false')).body.shipments).toEqual([]);
  });
});

describe('the smart rates', () => {
  test('have the recorded days in transit, and prices as numbers', async () => {
    const { id } = await quote();
    const { body } = await call('GET', `/v2/shipments/${id}/smartrate`);
    const usps = body.result.filter(({ carrier }) => carrier === 'USPS');
    expect(
      Object.fromEntries(usps.map((each) => [each.service, Object.values(each.time_in_transit)])),
    ).toEqual({
      Priority: [2, 2, 2, 3, 3, 3, 4],
      GroundAdvantage: [1, 2, 2, 2, 3, 3, 4],
      Express: [2, 2, 3, 3, 4, 5, 8],
    });
    expect(usps.find(({ service }) => service === 'Priority')).toMatchObject({ rate: 7.42, list_rate: 8.34 });
    const unknown = await call('GET', '/v2/shipments/shp_123/smartrate');
    expect([unknown.status, unknown.body.error.code]).toEqual([422, 'SMARTRATE.INVALID_PARAMS']);
  });
});

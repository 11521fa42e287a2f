import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { movableClock, type MovableClock } from '../../../sandbox/clock.ts';
import {
  easypostAnswers,
  easypostSandboxKey,
  easypostSandboxOtherKey,
  easypostSandboxProductionKey,
  startEasyPost,
  type EasyPostSandbox,
} from '../../../sandbox/easypost/index.ts';
import { openStore, type Store } from '../../../sandbox/store.ts';

/** What these tests read of an answer; which of it is there depends on the question. */
interface Body {
  id: string;
  created_at: string;
  error: { code: string; errors: { code: string }[] };
  address: Body;
  addresses: Body[];
  shipments: Body[];
  trackers: Body[];
  has_more: boolean;
  street1: string;
  zip: string;
  verifications: { delivery: object };
  rates: Rate[];
  messages: { type: string }[];
  usps_zone: number | null;
  status: string;
  tracking_code: string;
  selected_rate: Rate;
  insurance: string | null;
  fees: { type: string; amount: string }[];
  forms: object[];
  refund_status: string | null;
  to_address: object;
  postage_label: { label_url: string; label_zpl_url: string; label_file_type: string };
  result: { carrier: string; service: string; time_in_transit: Record<string, number> }[];
  tracker: Body;
  tracking_details: { datetime: string }[];
  public_url: string;
  state: string;
  label_url: string;
  pickup_rates: { service: string }[];
  confirmation: string | null;
  events: Body[];
  description: string;
  payloads: { response_code: number }[];
  webhooks: { disabled_at: string | null }[];
}

interface Rate {
  id: string;
  carrier: string;
  service: string;
  rate: string;
  list_rate: string | null;
  retail_rate: string | null;
}

const sanFrancisco = {
  name: 'Jack Sparrow',
  street1: '388 Townsend St',
  street2: 'Apt 20',
  city: 'San Francisco',
  state: 'CA',
  zip: '94107',
  country: 'US',
  phone: '5555555555',
};
const redondoBeach = {
  name: 'Elizabeth Swan',
  street1: '179 N Harbor Dr',
  city: 'Redondo Beach',
  state: 'CA',
  zip: '90277',
  country: 'US',
  phone: '5555555555',
};
const nowhere = {
  company: 'Acme',
  street1: '000 unknown street',
  city: 'Not A City',
  state: 'ZZ',
  zip: '00001',
  country: 'US',
};
const canada = {
  name: 'Sawyer Bateman',
  street1: '1A Larkspur Cres.',
  city: 'St. Albert',
  state: 'AB',
  zip: 'T8N 2M4',
  country: 'CA',
};
const parcel = { length: 10, width: 8, height: 4, weight: 15.4 };
const plain = { from_address: sanFrancisco, to_address: redondoBeach, parcel };
const second = 1000;
const minute = 60 * second;
const day = 24 * 60 * minute;

let clock: MovableClock;
let store: Store;
let easypost: EasyPostSandbox;

beforeEach(async () => {
  clock = movableClock('2025-03-07T16:46:17Z');
  store = openStore();
  easypost = await startEasyPost({ clock, store });
});
afterEach(() => easypost.close());

const basic = (key: string) => `Basic ${Buffer.from(`${key}:`).toString('base64')}`;

async function call(
  method: string,
  path: string,
  body?: unknown,
  authorization: string | null = basic(easypostSandboxKey),
) {
  const response = await fetch(easypost.url + path, {
    method,
    headers: {
      'content-type': 'application/json',
      ...(authorization !== null && { authorization }),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: JSON.parse(text) as Body };
}

/** The list of carrier accounts is a bare array. */
const uspsAccount = async () =>
  (JSON.parse((await call('GET', '/v2/carrier_accounts')).text) as { id: string }[])[0]!.id;

const quote = async (shipment: object = plain) => (await call('POST', '/v2/shipments', { shipment })).body;
const rateOf = (shipment: { rates: Rate[] }, service: string) =>
  shipment.rates.find((rate) => rate.service === service)!;

async function buy(service = 'GroundAdvantage', shipment: object = plain, more: object = {}) {
  const quoted = await quote(shipment);
  const rate = { id: rateOf(quoted, service).id };
  return call('POST', `/v2/shipments/${quoted.id}/buy`, { rate, ...more });
}

describe('keys and envelopes', () => {
  test('the key is taken as basic user name and as bearer token', async () => {
    expect((await call('GET', '/v2/addresses')).status).toBe(200);
    const bearer = `Bearer ${easypostSandboxKey}`;
    expect((await call('GET', '/v2/addresses', undefined, bearer)).status).toBe(200);
  });

  test('a made-up key is inactive, which is 403, and no key at all is 401', async () => {
    const inactive = await call('GET', '/v2/addresses/adr_123', undefined, basic('not-a-real-key'));
    expect(inactive.status).toBe(403);
    expect(inactive.body.error).toMatchObject({ code: 'APIKEY.INACTIVE', errors: [] });
    expect((await call('GET', '/v2/addresses', undefined, null)).status).toBe(401);
  });

  test('every answer carries a request id, the spoiled ones too', async () => {
    easypost.spoil({ path: /parcels/, answer: easypostAnswers.rateLimited() });
    for (const path of ['/v2/addresses', '/v2/addresses/adr_123', '/v2/parcels/prcl_1']) {
      const { headers } = await call('GET', path);
      expect(headers.get('x-ep-request-uuid')).toMatch(/^[0-9a-f]{32}$/);
      expect(headers.get('cache-control')).toBe('private, no-cache, no-store');
    }
  });

  test('other modes and other users do not see an object', async () => {
    const { id } = await quote();
    for (const key of [easypostSandboxProductionKey, easypostSandboxOtherKey]) {
      const answer = await call('GET', `/v2/shipments/${id}`, undefined, basic(key));
      expect(answer.status).toBe(404);
      expect(answer.body.error.code).toBe('NOT_FOUND');
    }
    expect((await call('GET', `/v2/shipments/${id}`)).status).toBe(200);
  });

  test('a missing wrapper, a wrong type and broken JSON have their own codes', async () => {
    const blank = await call('POST', '/v2/shipments', { shipment: {} });
    expect(blank.status).toBe(422);
    expect(blank.body.error).toEqual({
      code: 'PARAMETER.REQUIRED',
      message: 'Missing required parameter.',
      errors: [{ field: 'shipment', message: 'cannot be blank' }],
    });
    const wrong = await call('POST', '/v2/shipments', { shipment: { ...plain, options: 'PDF' } });
    expect([wrong.status, wrong.body.error.code]).toEqual([422, 'PARAMETER.INVALID_TYPE']);
    const broken = await fetch(`${easypost.url}/v2/parcels`, {
      method: 'POST',
      headers: { authorization: basic(easypostSandboxKey), 'content-type': 'application/json' },
      body: '{"parcel":',
    });
    expect(broken.status).toBe(400);
  });

  test('errors come in every variant that a client has to bear', async () => {
    for (const [name, answer] of Object.entries(easypostAnswers.variants)) {
      const stop = easypost.spoil({ times: 1, answer });
      const { status, body } = await call('GET', '/v2/addresses');
      stop();
      expect(status, name).toBe(answer.status);
      expect(body, name).toEqual(answer.body);
    }
    easypost.spoil({ times: 1, answer: easypostAnswers.rateLimited(7) });
    const limited = await call('GET', '/v2/addresses');
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '7']);
  });

  test('whole measures are written with a decimal', async () => {
    const { text } = await call('POST', '/v2/parcels', { parcel: { weight: 136 } });
    expect(text).toContain('"weight":136.0');
  });
});

describe('addresses', () => {
  const create = (address: object, more: object = {}) => call('POST', '/v2/addresses', { address, ...more });
  const found = { success: true, errors: [] };
  const missed = {
    success: false,
    errors: [
      { code: 'E.ADDRESS.NOT_FOUND', field: 'address', message: 'Address not found', suggestion: null },
    ],
  };

  test('without a flag anything is kept as it is', async () => {
    const { status, headers, body } = await create(nowhere);
    expect(status).toBe(201);
    expect(headers.get('location')).toBe(`/api/v2/addresses/${body.id}`);
    expect(body).toMatchObject({
      ...nowhere,
      name: null,
      street2: null,
      residential: null,
      verifications: {},
    });
    expect(body.created_at).toBe('2025-03-07T16:46:17+00:00');
    expect((await call('GET', `/v2/addresses/${body.id}`)).body).toEqual(body);
  });

  test('a good address comes back corrected, in upper case and with ZIP+4', async () => {
    for (const flags of [
      { verify: true },
      { verify: ['delivery'] },
      { verify: [true] },
      { verify_strict: true },
    ]) {
      const { status, body } = await create(sanFrancisco, flags);
      expect(status).toBe(201);
      expect(body).toMatchObject({
        name: 'JACK SPARROW',
        street1: '388 TOWNSEND ST APT 20',
        street2: '',
        zip: '94107-1670',
        residential: true,
        verifications: {
          zip4: { ...found, details: null },
          delivery: {
            ...found,
            details: { latitude: 37.77551, longitude: -122.39697, time_zone: 'America/Los_Angeles' },
          },
        },
      });
    }
  });

  test('a bad address is kept with the reasons when verified, and refused when verified strictly', async () => {
    const soft = await create(nowhere, { verify: true });
    expect(soft.status).toBe(201);
    expect(soft.body).toMatchObject({
      street1: '000 unknown street',
      verifications: { zip4: { ...missed, details: null }, delivery: { ...missed, details: {} } },
    });
    const strict = await create(nowhere, { verify_strict: true });
    expect(strict.status).toBe(422);
    expect(strict.body.error).toMatchObject({
      code: 'ADDRESS.VERIFY.FAILURE',
      message: 'Unable to verify address.',
      errors: missed.errors,
    });
  });

  test("a carrier's check calls a bad address good and lists its errors beside that", async () => {
    const { status, body } = await create(nowhere, { verify: true, verify_carrier: 'UPS' });
    expect(status).toBe(201);
    expect(body.street1).toBe('000 UNKNOWN STREET');
    expect(body.verifications).toMatchObject({
      delivery: { success: true, errors: missed.errors, details: { latitude: null } },
      verify_carrier: 'ups',
    });
  });

  test('a warning can stand beside success', async () => {
    const floor = {
      street1: '417 montgomery street',
      street2: 'FL 5',
      city: 'San Francisco',
      state: 'CA',
      zip: '94104',
    };
    const { body } = await create(floor, { verify: true });
    expect(body.street1).toBe('417 MONTGOMERY ST FL 5');
    expect(body.verifications.delivery).toMatchObject({
      success: true,
      errors: [{ code: 'E.SECONDARY_INFORMATION.INVALID' }],
    });
    const noFlat = await create({ ...sanFrancisco, street2: null }, { verify: true });
    expect(noFlat.body.verifications.delivery).toMatchObject({
      success: true,
      errors: [{ code: 'E.SECONDARY_INFORMATION.MISSING' }],
    });
  });

  test('a street without a number is not found and says why', async () => {
    const { body } = await create({ ...redondoBeach, street1: 'Harbor Drive' });
    const checked = await call('GET', `/v2/addresses/${body.id}/verify`);
    expect(checked.status).toBe(422);
    expect(checked.body.error.errors.map(({ code }) => code)).toEqual([
      'E.ADDRESS.NOT_FOUND',
      'E.HOUSE_NUMBER.MISSING',
    ]);
  });

  test('verifying a stored address answers with a new one, in a wrapper', async () => {
    const { body } = await create(redondoBeach);
    const checked = await call('GET', `/v2/addresses/${body.id}/verify`);
    expect(checked.status).toBe(200);
    expect(checked.body.address).toMatchObject({
      street1: '179 N HARBOR DR',
      zip: '90277-2506',
      residential: false,
    });
    expect(checked.body.address.id).not.toBe(body.id);
    const direct = await call('POST', '/v2/addresses/create_and_verify', { address: nowhere });
    expect([direct.status, direct.body.error.code]).toEqual([422, 'ADDRESS.VERIFY.FAILURE']);
  });

  test('a plausible American street is verified, and the same one always alike', async () => {
    const address = { street1: '1600 Pennsylvania Avenue', city: 'Washington', state: 'DC', zip: '20500' };
    const [one, other] = [await create(address, { verify: true }), await create(address, { verify: true })];
    expect(one.body.street1).toBe('1600 PENNSYLVANIA AVE');
    expect(one.body.zip).toMatch(/^20500-\d{4}$/);
    expect(other.body.zip).toBe(one.body.zip);
  });

  test('lists go newest first, page by page', async () => {
    const ids: string[] = [];
    for (let index = 0; index < 5; index++) ids.unshift((await create(redondoBeach)).body.id);
    const first = (await call('GET', '/v2/addresses?page_size=2')).body;
    expect([first.addresses.map(({ id }) => id), first.has_more]).toEqual([ids.slice(0, 2), true]);
    const rest = (await call('GET', `/v2/addresses?before_id=${ids[1]}`)).body;
    expect([rest.addresses.map(({ id }) => id), rest.has_more]).toEqual([ids.slice(2), false]);
    const newer = (await call('GET', `/v2/addresses?after_id=${ids[3]}&page_size=1`)).body;
    expect([newer.addresses.map(({ id }) => id), newer.has_more]).toEqual([[ids[2]], true]);
    clock.advance(32 * day);
    expect((await call('GET', '/v2/addresses')).body.addresses).toEqual([]);
    expect((await call('GET', '/v2/addresses?start_datetime=2025-03-01')).body.addresses).toHaveLength(5);
  });
});

describe('rates', () => {
  const usps = (shipment: Body) =>
    Object.fromEntries(
      shipment.rates
        .filter(({ carrier }) => carrier === 'USPS')
        .map(({ service, rate, list_rate, retail_rate }) => [service, [rate, list_rate, retail_rate]]),
    );

  test('the recorded prices are met to the cent', async () => {
    const shipment = await quote();
    expect(shipment.usps_zone).toBe(4);
    expect(usps(shipment)).toEqual({
      GroundAdvantage: ['6.07', '6.57', '8.85'],
      Priority: ['7.42', '8.34', '9.90'],
      Express: ['34.15', '34.15', '39.10'],
    });
    expect(usps(await quote({ ...plain, to_address: sanFrancisco }))).toMatchObject({
      GroundAdvantage: ['5.65', '6.33', '8.35'],
      Express: ['27.60', '27.60', '31.95'],
    });
    expect(usps(await quote({ ...plain, parcel: { weight: 17.5 } }))).toMatchObject({
      GroundAdvantage: ['6.53', '8.05', '11.40'],
      Priority: ['8.22', '9.07', '12.65'],
    });
    expect(usps(await quote({ ...plain, parcel: { weight: 10.2 } })).GroundAdvantage).toEqual([
      '5.21',
      '5.21',
      '7.00',
    ]);
  });

  test('no price falls when the parcel gets heavier or goes farther', async () => {
    const towns = [
      { ...sanFrancisco, zip: '94105' },
      redondoBeach,
      { ...redondoBeach, city: 'Denver', state: 'CO', zip: '80202' },
      { ...redondoBeach, city: 'Chicago', state: 'IL', zip: '60601' },
      { ...redondoBeach, city: 'Boston', state: 'MA', zip: '02108' },
    ];
    const price = (shipment: Body) =>
      new Map(shipment.rates.map(({ carrier, service, rate }) => [`${carrier} ${service}`, Number(rate)]));
    const grows = (lesser: Map<string, number>, greater: Map<string, number>) => {
      for (const [service, amount] of lesser) expect(greater.get(service)).toBeGreaterThanOrEqual(amount);
    };
    const far = await Promise.all(towns.map((to_address) => quote({ ...plain, to_address })));
    far.slice(1).forEach((shipment, index) => grows(price(far[index]!), price(shipment)));
    const weights = [1, 4.1, 8.5, 15, 16, 17, 64, 500, 1100];
    const heavy = await Promise.all(weights.map((weight) => quote({ ...plain, parcel: { weight } })));
    heavy.slice(1).forEach((shipment, index) => grows(price(heavy[index]!), price(shipment)));
  });

  test('several carriers answer, and one that cannot is a message beside them', async () => {
    const { status, body } = await call('POST', '/v2/shipments', { shipment: plain });
    expect(status).toBe(201);
    expect(new Set(body.rates.map(({ carrier }) => carrier))).toEqual(
      new Set(['USPS', 'UPSDAP', 'FedExDefault']),
    );
    expect(body.messages).toEqual([
      {
        carrier: 'DhlEcs',
        carrier_account_id: expect.stringMatching(/^ca_/),
        type: 'rate_error',
        message: 'Invalid credentials',
      },
    ]);
    const recover = easypost.failCarrier('UPSDAP', 'Too Many Requests');
    expect((await quote()).messages).toHaveLength(2);
    recover();
    expect((await quote()).messages).toHaveLength(1);
  });

  test('a wrong ZIP leaves no rates and a message of each carrier, with status 201', async () => {
    const to_address = { ...redondoBeach, zip: '9027' };
    const { status, body } = await call('POST', '/v2/shipments', { shipment: { ...plain, to_address } });
    expect([status, body.rates, body.usps_zone]).toEqual([201, [], null]);
    expect(body.messages.map(({ type }) => type)).toEqual(Array(4).fill('rate_error'));
  });

  test('carrier accounts narrow the question, and unknown ones are refused', async () => {
    const usps = await uspsAccount();
    const only = await quote({ ...plain, carrier_accounts: [usps] });
    expect(new Set(only.rates.map(({ carrier }) => carrier))).toEqual(new Set(['USPS']));
    const unknown = await call('POST', '/v2/shipments', {
      shipment: { ...plain, carrier_accounts: ['ca_1'] },
    });
    expect([unknown.status, unknown.body.error.code]).toEqual([422, 'SHIPMENT.CARRIER_ACCOUNTS.INVALID']);
  });

  test('rates of one shipment are replaced by a rerate', async () => {
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

  test('stateless rates have no ids and leave nothing behind', async () => {
    const { status, body } = await call('POST', '/beta/rates', { shipment: plain });
    expect(status).toBe(200);
    expect(rateOf(body, 'GroundAdvantage').rate).toBe('6.07');
    expect(body.rates.every((rate) => !('id' in rate) && !('shipment_id' in rate))).toBe(true);
    expect((await call('GET', '/v2/shipments?purchased=false')).body.shipments).toEqual([]);
  });

  test('days in transit are told for every rate, as recorded, with prices as numbers', async () => {
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
    const nobody = await call('GET', '/v2/shipments/shp_123/smartrate');
    expect([nobody.status, nobody.body.error.code]).toEqual([422, 'SMARTRATE.INVALID_PARAMS']);
  });

  test('a return is priced and labelled the other way round, its addresses left as they are', async () => {
    const far = { ...plain, to_address: { ...canada, phone: '5555555555' }, is_return: true };
    expect((await quote(far)).messages[0]).toMatchObject({
      message: 'Unable to retrieve USPS rates for non-US origin address.',
    });
    const { body } = await buy('Priority', { ...plain, is_return: true });
    expect(body.to_address).toMatchObject({ name: 'Elizabeth Swan' });
    const label = await call('GET', `/v2/shipments/${body.id}/label?file_format=ZPL`);
    const zpl = await (await fetch(label.body.postage_label.label_zpl_url)).text();
    expect(zpl.indexOf('Elizabeth Swan')).toBeLessThan(zpl.indexOf('JACK SPARROW'));
    expect(zpl.indexOf('Elizabeth Swan')).toBeGreaterThan(0);
  });

  test('a parcel abroad is priced by the international services', async () => {
    const shipment = await quote({ ...plain, to_address: canada, parcel: { weight: 21.2 } });
    expect(shipment.usps_zone).toBeNull();
    expect(rateOf(shipment, 'PriorityMailInternational').rate).toBe('40.46');
    expect(rateOf(shipment, 'UPSStandard')).toMatchObject({ rate: '34.62', delivery_days: 4 });
  });

  test('a flat-rate box costs the same whatever it weighs, and only where it is sold', async () => {
    const box = (weight: number) =>
      quote({ ...plain, parcel: { weight, predefined_package: 'SmallFlatRateBox' } });
    const [light, heavy] = [await box(4), await box(400)];
    expect(light.rates.map(({ carrier, service }) => [carrier, service])).toEqual([['USPS', 'Priority']]);
    expect(heavy.rates[0]!.rate).toBe(light.rates[0]!.rate);
  });
});

describe('buying', () => {
  test('fills in label, tracker, fees and the corrected destination', async () => {
    const { status, body } = await buy();
    expect(status).toBe(200);
    expect(body).toMatchObject({
      tracking_code: expect.stringMatching(/^94001\d{17}$/),
      selected_rate: { service: 'GroundAdvantage', rate: '6.07' },
      postage_label: { label_file_type: 'image/png', label_size: '4x6', label_pdf_url: null },
      tracker: { status: 'unknown', tracking_details: [], shipment_id: body.id },
      to_address: { street1: '179 N HARBOR DR', zip: '90277-2506' },
      from_address: { street1: '388 Townsend St' },
      insurance: null,
      status: 'unknown',
    });
    expect(body.fees.map(({ type, amount }) => [type, amount])).toEqual([
      ['LabelFee', '0.00000'],
      ['PostageFee', '6.07000'],
    ]);
    expect(easypost.charges()).toEqual([
      { shipment: body.id, trackingCode: body.tracking_code, amount: '6.07' },
    ]);
  });

  test('a second purchase is refused and charges nothing', async () => {
    const { body } = await buy();
    const again = await call('POST', `/v2/shipments/${body.id}/buy`, {
      rate: { id: body.selected_rate.id },
    });
    expect([again.status, again.body.error.code]).toEqual([422, 'SHIPMENT.POSTAGE.EXISTS']);
    expect(easypost.charges()).toHaveLength(1);
  });

  test('a purchase whose answer is lost has happened all the same', async () => {
    const quoted = await quote();
    easypost.spoil({ path: /\/buy$/, times: 1, drop: 'after' });
    const rate = { id: rateOf(quoted, 'Priority').id };
    await expect(call('POST', `/v2/shipments/${quoted.id}/buy`, { rate })).rejects.toThrow();
    expect(easypost.charges()).toHaveLength(1);
    expect((await call('GET', `/v2/shipments/${quoted.id}`)).body.tracking_code).toBe(
      easypost.charges()[0]!.trackingCode,
    );
  });

  test('unknown, foreign and stale rates are missing', async () => {
    const [one, other] = [await quote(), await quote()];
    const stale = rateOf(one, 'Priority').id;
    await call('POST', `/v2/shipments/${one.id}/rerate`, {});
    for (const id of ['rate_1', rateOf(other, 'Priority').id, stale]) {
      const { status, body } = await call('POST', `/v2/shipments/${one.id}/buy`, { rate: { id } });
      expect([status, body.error.code]).toEqual([422, 'SHIPMENT.MISSING_RATE']);
    }
    expect(easypost.charges()).toEqual([]);
  });

  test('insurance is added when asked, by default when the account says so, and never at zero', async () => {
    const asked = await buy('GroundAdvantage', plain, { insurance: 100 });
    expect(asked.body.insurance).toBe('100.00');
    expect(asked.body.fees[2]).toMatchObject({ type: 'InsuranceFee', amount: '1.00000' });
    expect(easypost.charges()[0]!.amount).toBe('7.07');
    await easypost.close();
    const keys = [{ key: easypostSandboxKey, user: 'user_1', defaultInsurance: '50.00' }];
    easypost = await startEasyPost({ clock, store, keys });
    expect((await buy()).body.insurance).toBe('50.00');
    expect((await buy('GroundAdvantage', plain, { insurance: 0 })).body.insurance).toBeNull();
    expect((await buy('GroundAdvantage', { ...plain, insurance: '0' })).body.insurance).toBeNull();
  });

  test('naming service and carrier account buys in one call', async () => {
    const usps = await uspsAccount();
    const shipment = { ...plain, service: 'Priority', carrier: 'USPS', carrier_accounts: [usps] };
    const { status, body } = await call('POST', '/v2/shipments', { shipment });
    expect([status, body.selected_rate.rate]).toEqual([201, '7.42']);
    expect(body.postage_label).not.toBeNull();
  });

  test('labels are real files that need no key, in the format asked for', async () => {
    const beginnings = { PNG: '\x89PNG', PDF: '%PDF', ZPL: '^XA', EPL2: '\nN\n' };
    for (const [label_format, beginning] of Object.entries(beginnings)) {
      const { body } = await buy('Priority', { ...plain, options: { label_format } });
      const response = await fetch(body.postage_label.label_url);
      expect(response.headers.get('content-type')).toContain(body.postage_label.label_file_type);
      expect(Buffer.from(await response.arrayBuffer()).toString('latin1')).toMatch(beginning);
    }
  });

  test('only PNG labels can be converted, and only bought ones', async () => {
    const unbought = await quote();
    const early = await call('GET', `/v2/shipments/${unbought.id}/label?file_format=ZPL`);
    expect([early.status, early.body.error.code]).toEqual([422, 'SHIPMENT.POSTAGE.REQUIRED']);
    const png = (await buy()).body;
    const { body } = await call('GET', `/v2/shipments/${png.id}/label?file_format=ZPL`);
    expect(body.postage_label).toMatchObject({
      label_url: png.postage_label.label_url,
      label_file_type: 'image/png',
      label_zpl_url: expect.stringMatching(/\.zpl$/),
    });
    const pdf = (await buy('Priority', { ...plain, options: { label_format: 'PDF' } })).body;
    const refused = await call('GET', `/v2/shipments/${pdf.id}/label?file_format=ZPL`);
    expect([refused.status, refused.body.error.code]).toEqual([422, 'SHIPMENT.POSTAGE.FORMAT_UNAVAILABLE']);
  });

  test('carriers refuse at the counter what they had priced', async () => {
    const noName = await buy('Priority', { ...plain, to_address: { country: 'US', zip: '90277' } });
    expect([noName.status, noName.body.error.code]).toEqual([422, 'SHIPMENT.POSTAGE.FAILURE']);
    const loose = { ...redondoBeach, street1: '12 Nowhere Lane' };
    expect((await buy('FEDEX_2_DAY', { ...plain, to_address: loose })).body.error.code).toBe(
      'SHIPMENT.POSTAGE.FAILURE',
    );
    expect((await buy('Priority', { ...plain, to_address: loose })).status).toBe(200);
    const abroad = { ...plain, to_address: canada };
    const bare = await buy('PriorityMailInternational', abroad);
    expect(bare.body.error.code).toBe('SHIPMENT.CUSTOMS_INFO.REQUIRED');
    const customs_info = {
      contents_type: 'gift',
      customs_items: [{ description: 'shirt', quantity: 1, value: 9, weight: 5 }],
    };
    const papers = await buy('PriorityMailInternational', { ...abroad, customs_info });
    expect(papers.body.tracking_code).toMatch(/^CM\d{9}US$/);
    expect(papers.body.forms[0]).toMatchObject({ form_type: 'commercial_invoice' });
    const guam = { ...plain, to_address: { ...redondoBeach, city: 'Hagatna', state: 'GU', zip: '96910' } };
    expect((await buy('Priority', guam)).body.error.code).toBe('SHIPMENT.CUSTOMS_INFO.REQUIRED');
    expect((await buy('Priority', { ...guam, customs_info })).status).toBe(200);
  });

  test('customs are told what a parcel holds in words that EasyPost knows, and what else it is', async () => {
    const items = [{ description: 'shirt', quantity: 1, value: 9, weight: 5 }];
    const told = async (form: object) => {
      const shipment = { ...plain, customs_info: { ...form, customs_items: items } };
      return (await call('POST', '/v2/shipments', { shipment })).body.error?.errors;
    };
    expect(await told({ contents_type: 'toys' })).toMatchObject([{ field: 'contents_type' }]);
    expect(await told({ contents_type: 'other' })).toMatchObject([{ field: 'contents_explanation' }]);
    expect(await told({ contents_type: 'other', contents_explanation: 'toys' })).toBeUndefined();
  });

  test('a refund needs a label, is submitted, and is paid after fifteen days unless the parcel was on its way', async () => {
    const unbought = await call('POST', `/v2/shipments/${(await quote()).id}/refund`);
    expect([unbought.status, unbought.body.error.code]).toEqual([422, 'SHIPMENT.REFUND.UNAVAILABLE']);
    const [early, late] = [(await buy()).body, (await buy()).body];
    const asked = await call('POST', `/v2/shipments/${early.id}/refund`, {});
    expect([asked.status, asked.body.refund_status]).toEqual([200, 'submitted']);
    clock.advance(2 * minute);
    await call('POST', `/v2/shipments/${late.id}/refund`, {});
    clock.advance(16 * day);
    const statuses = [early, late].map(
      async ({ id }) => (await call('GET', `/v2/shipments/${id}`)).body.refund_status,
    );
    expect(await Promise.all(statuses)).toEqual(['refunded', 'rejected']);
  });

  test('what was bought is still there after a restart', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'easypost-'));
    await easypost.close();
    store = openStore(join(folder, 'easypost.log'));
    easypost = await startEasyPost({ clock, store });
    const { body } = await buy();
    await easypost.close();
    store.close();
    store = openStore(join(folder, 'easypost.log'));
    easypost = await startEasyPost({ clock, store });
    const again = (await call('GET', `/v2/shipments/${body.id}`)).body;
    expect(again.tracking_code).toBe(body.tracking_code);
    expect((await fetch(again.postage_label.label_url)).status).toBe(200);
    expect(easypost.charges()).toHaveLength(1);
    store.close();
    rmSync(folder, { recursive: true });
  });

  test('the list of shipments holds bought ones unless told otherwise', async () => {
    await quote();
    const { body } = await buy();
    expect((await call('GET', '/v2/shipments')).body.shipments.map(({ id }) => id)).toEqual([body.id]);
    expect((await call('GET', '/v2/shipments?purchased=false')).body.shipments).toHaveLength(2);
  });
});

describe('trackers', () => {
  const follow = (tracking_code: string, carrier?: string, key = easypostSandboxKey) =>
    call('POST', '/v2/trackers', { tracker: { tracking_code, carrier } }, basic(key));

  test('the test codes tell their stories, oldest event first', async () => {
    const stories: Record<string, [status: string, events: number]> = {
      EZ1000000001: ['pre_transit', 2],
      EZ2000000002: ['in_transit', 6],
      EZ3000000003: ['out_for_delivery', 7],
      EZ4000000004: ['delivered', 8],
      EZ5000000005: ['return_to_sender', 8],
      EZ6000000006: ['failure', 4],
      EZ7000000007: ['unknown', 1],
    };
    for (const [code, [status, events]] of Object.entries(stories)) {
      const { status: http, body } = await follow(code);
      expect([http, body.status, body.tracking_details.length]).toEqual([201, status, events]);
      const times = body.tracking_details.map(({ datetime }) => datetime);
      expect(times).toEqual([...times].sort());
    }
    const delivered = (await follow('EZ4000000004')).body;
    expect(delivered).toMatchObject({
      signed_by: 'John Tester',
      weight: 17.6,
      est_delivery_date: '2025-03-07T16:46:17Z',
    });
    expect(delivered.tracking_details[0]!.datetime).toBe('2025-02-07T16:46:17Z');
  });

  test('a code asked again within three months gives the first tracker, later a new one', async () => {
    const first = await follow('EZ1000000001');
    clock.advance(60 * day);
    const again = await follow('EZ1000000001', 'USPS');
    expect([first.status, again.status, again.body.id]).toEqual([201, 200, first.body.id]);
    clock.advance(40 * day);
    const later = await follow('EZ1000000001');
    expect([later.status, later.body.id === first.body.id]).toEqual([201, false]);
  });

  test('any other code becomes an error tracker in test mode', async () => {
    const { status, body } = await follow('9400100208303109500706', 'USPS');
    expect([status, body.status]).toEqual([201, 'unknown']);
    const { body: read } = await call('GET', `/v2/trackers/${body.id}`);
    expect(read).toMatchObject({
      status: 'error',
      status_detail: null,
      tracking_details: [{ source: 'ProcessingError', status: 'error' }],
    });
  });

  test('a bought label hurries through the recorded story, dated a month back', async () => {
    const { body } = await buy();
    const look = async () => (await call('GET', `/v2/trackers/${body.tracker.id}`)).body;
    const seen: unknown[] = [];
    for (let index = 0; index < 5; index++) {
      const { status, tracking_details } = await look();
      seen.push([status, tracking_details.length]);
      clock.advance(minute);
    }
    expect(seen).toEqual([
      ['pre_transit', 2],
      ['in_transit', 6],
      ['out_for_delivery', 7],
      ['delivered', 8],
      ['delivered', 8],
    ]);
    const arrived = await look();
    expect(arrived).toMatchObject({
      status_detail: 'arrived_at_destination',
      signed_by: 'John Tester',
      updated_at: '2025-03-07T16:49:17Z',
      carrier_detail: { initial_delivery_attempt: '2025-02-10T06:40:17Z' },
    });
    expect(arrived.public_url).toBe(
      `https://track.easypost.com/${Buffer.from(`v1:${arrived.id}`).toString('base64')}`,
    );
    expect((await call('GET', `/v2/shipments/${body.id}`)).body.status).toBe('delivered');
    const again = await follow(body.tracking_code);
    expect([again.status, again.body.id]).toEqual([200, arrived.id]);
  });

  test('a lifelike parcel takes days and keeps the dates of its events', async () => {
    await easypost.close();
    easypost = await startEasyPost({ clock, store, pace: 'lifelike' });
    const { body } = await buy('NextDayAir');
    const look = async () => (await call('GET', `/v2/trackers/${body.tracker.id}`)).body;
    expect(await look()).toMatchObject({ status: 'pre_transit', carrier: 'UPSDAP' });
    clock.advance(day);
    const underway = await look();
    expect(underway.status).toBe('in_transit');
    clock.advance(2 * day);
    const arrived = await look();
    expect(arrived.status).toBe('delivered');
    expect(arrived.tracking_details.slice(0, 3)).toEqual(underway.tracking_details);
    expect(arrived.tracking_details[0]!.datetime).toBe('2025-03-07T16:46:17Z');
  });

  test('production knows no test codes and waits for the carrier', async () => {
    const test = await follow('EZ1000000001', undefined, easypostSandboxProductionKey);
    expect([test.status, test.body.error.code]).toEqual([422, 'TRACKER.INVALID_TEST_CODE']);
    const real = await follow('1Z5A00B10300000015', undefined, easypostSandboxProductionKey);
    expect(real.body).toMatchObject({ mode: 'production', carrier: 'UPS', status: 'unknown' });
    const odd = await follow('what is this', undefined, easypostSandboxProductionKey);
    expect([odd.status, odd.body.error.code]).toEqual([422, 'TRACKER.NO_CARRIER_FOR_CODE']);
  });

  test('existing ones are retrieved together, filtered, and deleted', async () => {
    const one = (await follow('EZ1000000001')).body;
    const two = (await follow('EZ2000000002')).body;
    const batch = await call('POST', '/v2/trackers/batch', {
      tracking_codes: ['EZ2000000002', 'EZ3000000003'],
    });
    expect(batch.body).toMatchObject({ trackers: [{ id: two.id }], has_more: false });
    const ids = async (query: string) =>
      (await call('GET', `/v2/trackers?${query}`)).body.trackers.map(({ id }) => id);
    expect(await ids('tracking_code=EZ1000000001')).toEqual([one.id]);
    expect(await ids('carrier=UPS')).toEqual([]);
    expect(await ids('tracking_codes[]=EZ1000000001&tracking_codes[]=EZ2000000002')).toEqual([
      two.id,
      one.id,
    ]);
    expect((await call('DELETE', `/v2/trackers/${one.id}`)).body).toEqual({ success: true });
    expect((await call('GET', `/v2/trackers/${one.id}`)).status).toBe(404);
    expect((await follow('EZ1000000001')).status).toBe(201);
  });

  test('a missing code and an unknown carrier are refused', async () => {
    const none = await call('POST', '/v2/trackers', { tracker: { carrier: 'USPS' } });
    expect(none.body.error).toMatchObject({
      code: 'PARAMETER.REQUIRED',
      errors: [{ field: 'tracking_code' }],
    });
    expect((await follow('123', 'Pigeon')).body.error.code).toBe('TRACKER.UNSUPPORTED_CARRIER');
  });

  test('lists answer 429 above their rate when that is switched on', async () => {
    await easypost.close();
    easypost = await startEasyPost({ clock, store, listsPerSecond: 5 });
    const statuses: number[] = [];
    for (let index = 0; index < 6; index++) statuses.push((await call('GET', '/v2/trackers')).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429]);
    clock.advance(second);
    expect((await call('GET', '/v2/trackers')).status).toBe(200);
  });
});

describe('several at once', () => {
  test('an order sums the rates of its parcels and buys a label each', async () => {
    const { from_address, to_address } = plain;
    const order = {
      from_address,
      to_address,
      shipments: [{ parcel: { weight: 10.2 } }, { parcel: { weight: 17.5 } }],
    };
    const { status, body } = await call('POST', '/v2/orders', { order });
    expect([status, rateOf(body, 'GroundAdvantage').rate]).toEqual([201, '11.74']);
    const bought = await call('POST', `/v2/orders/${body.id}/buy`, {
      carrier: 'USPS',
      service: 'GroundAdvantage',
    });
    expect(bought.body.shipments.map(({ selected_rate }) => selected_rate.rate)).toEqual(['5.21', '6.53']);
    expect(easypost.charges()).toHaveLength(2);
    const again = await call('POST', `/v2/orders/${body.id}/buy`, {
      carrier: 'USPS',
      service: 'GroundAdvantage',
    });
    expect(again.body.error.code).toBe('SHIPMENT.POSTAGE.EXISTS');
    expect(easypost.charges()).toHaveLength(2);
  });

  test('a batch works behind its answers and is locked while it is being created', async () => {
    const shipments = [{ ...plain, carrier: 'USPS', service: 'Priority' }, { to_address: redondoBeach }];
    const { body } = await call('POST', '/v2/batches', { batch: { shipments: shipments.slice(0, 1) } });
    expect(body.state).toBe('creating');
    const path = `/v2/batches/${body.id}`;
    const early = await call('POST', `${path}/buy`);
    expect([early.status, early.body.error.code]).toEqual([423, 'BATCH.STATE.CREATING']);
    clock.advance(3 * second);
    expect((await call('POST', `${path}/label`, { file_format: 'ZPL' })).body.error.code).toBe(
      'BATCH.STATE.NOT_PURCHASED',
    );
    expect((await call('POST', `${path}/buy`)).body).toMatchObject({ state: 'created' });
    clock.advance(3 * second);
    expect((await call('GET', path)).body).toMatchObject({
      state: 'purchased',
      status: { postage_purchased: 1 },
    });
    expect((await call('POST', `${path}/label`, { file_format: 'ZPL' })).body.state).toBe('label_generating');
    clock.advance(3 * second);
    const labelled = (await call('GET', path)).body;
    expect(labelled.state).toBe('label_generated');
    expect((await fetch(labelled.label_url)).status).toBe(200);
    const broken = await call('POST', '/v2/batches', { batch: { shipments: shipments.slice(1) } });
    clock.advance(3 * second);
    expect((await call('GET', `/v2/batches/${broken.body.id}`)).body.state).toBe('creation_failed');
  });

  test('a label is manifested once, and not after its refund', async () => {
    const [one, other] = [(await buy()).body, (await buy()).body];
    const form = await call('POST', '/v2/scan_forms', { shipments: [{ id: one.id }] });
    expect(form.body).toMatchObject({ status: 'created', tracking_codes: [one.tracking_code] });
    const again = await call('POST', '/v2/scan_forms', { shipments: [{ id: one.id }, { id: other.id }] });
    expect([again.status, again.body.error.code]).toEqual([422, 'SCAN_FORM.CREATE.FAILURE']);
    const refunded = await call('POST', '/v2/refunds', {
      refund: { carrier: 'USPS', tracking_codes: [other.tracking_code] },
    });
    expect([refunded.status, JSON.parse(refunded.text)]).toMatchObject([201, [{ status: 'submitted' }]]);
    const late = await call('POST', '/v2/scan_forms', { shipments: [{ id: other.id }] });
    expect(late.body.error.code).toBe('SCAN_FORM.CREATE.FAILURE');
    const foreign = await call('POST', '/v2/refunds', { refund: { carrier: 'USPS', tracking_codes: ['1'] } });
    expect(foreign.body.error.code).toBe('REFUND.TRACKING_CODES.INVALID');
  });

  test('a pickup is scheduled by the names of carrier and service', async () => {
    const { id } = (await buy()).body;
    const hours = { min_datetime: '2025-03-08', max_datetime: '2025-03-08' };
    const pickup = { address: sanFrancisco, shipment: { id }, ...hours };
    const { status, body } = await call('POST', '/v2/pickups', { pickup });
    expect([status, body.status, body.confirmation]).toEqual([200, 'unknown', null]);
    const wrong = await call('POST', `/v2/pickups/${body.id}/buy`, { carrier: 'UPS', service: 'NextDay' });
    expect(wrong.body.error.code).toBe('PICKUP.BUY.NO_MATCHING_RATES');
    const chosen = await call('POST', `/v2/pickups/${body.id}/buy`, { carrier: 'USPS', service: 'NextDay' });
    expect(chosen.body).toMatchObject({
      status: 'scheduled',
      confirmation: expect.stringMatching(/^WTC\d+$/),
    });
    expect((await call('POST', `/v2/pickups/${body.id}/cancel`)).body.status).toBe('canceled');
  });
});

describe('webhooks', () => {
  let server: Server;
  let received: { headers: IncomingHttpHeaders; text: string }[];
  let answer: number;
  let url: string;

  beforeEach(async () => {
    received = [];
    answer = 200;
    server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      received.push({ headers: request.headers, text: Buffer.concat(chunks).toString() });
      response.writeHead(answer).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/easypost`;
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  const subscribe = (webhook_secret?: string) =>
    call('POST', '/v2/webhooks', { webhook: { url, webhook_secret } });
  const heard = () => received.map(({ text }) => JSON.parse(text) as { description: string; result: Body });

  test('tell of a parcel that moves, signed over the raw body', async () => {
    await subscribe('s\u00e9cret');
    const { body } = await buy();
    await easypost.deliver();
    clock.advance(3 * minute);
    await easypost.deliver();
    expect(heard().map(({ description, result }) => [description, result.status])).toEqual([
      ['tracker.created', 'unknown'],
      ['tracker.updated', 'pre_transit'],
      ['tracker.updated', 'delivered'],
    ]);
    const { headers, text } = received[0]!;
    const key = 's\u00e9cret'.normalize('NFKD');
    const sign = (message: string) =>
      `hmac-sha256-hex=${createHmac('sha256', key).update(message).digest('hex')}`;
    expect(headers['x-hmac-signature']).toBe(sign(text));
    expect(headers['x-hmac-signature-v2']).toBe(
      sign(`${String(headers['x-timestamp'])}POST/easypost${text}`),
    );
    expect(heard()[0]!.result.id).toBe(body.tracker.id);
    const [latest] = (await call('GET', '/v2/events')).body.events;
    expect(latest).toMatchObject({ description: 'tracker.updated', status: 'completed' });
    expect((await call('GET', `/v2/events/${latest!.id}`)).body).not.toHaveProperty('result');
  });

  test('without a secret nothing is signed', async () => {
    await subscribe();
    await buy();
    await easypost.deliver();
    expect(received[0]!.headers).not.toHaveProperty('x-hmac-signature');
  });

  test('are tried again six times, then disabled, until an update enables them', async () => {
    const { body } = await subscribe('secret');
    answer = 500;
    await buy();
    for (let index = 0; index < 10; index++) {
      await easypost.deliver();
      clock.advance(day);
    }
    expect(heard().filter(({ description }) => description === 'tracker.created')).toHaveLength(7);
    expect((await call('GET', '/v2/webhooks')).body.webhooks[0]!.disabled_at).not.toBeNull();
    const enabled = await call('PATCH', `/v2/webhooks/${body.id}`, { webhook_secret: 'other' });
    expect([enabled.status, (await call('GET', '/v2/webhooks')).body.webhooks[0]!.disabled_at]).toEqual([
      201,
      null,
    ]);
  });
});

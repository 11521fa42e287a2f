import { afterEach, describe, expect, it } from 'vitest';

import { openStore } from '../../../sandbox/store.ts';
import {
  startUsps,
  uspsSandboxClient,
  uspsSandboxNumbers,
  uspsTrackingNumber,
  type UspsClient,
  type UspsSandbox,
} from '../../../sandbox/usps/index.ts';
import { failureOf } from '../../../src/carriers/usps/errors.ts';
import { usps } from '../../../src/carriers/usps/index.ts';
import type { Verification } from '../../../src/domain/address.ts';
import { ProviderError } from '../../../src/domain/errors.ts';
import type { Tracking } from '../../../src/domain/tracking.ts';
import { openConnections, timeout } from '../../../src/transport/http.ts';
import { uspsCredentials } from '../../support/adapters.ts';
import { box, receiver, sender, testClock } from '../../support/test-server.ts';
import { memoryQuotas, memoryTokens } from '../../support/stores.ts';

const now = Date.parse('2026-11-18T18:00:00Z');
const call = { signal: new AbortController().signal };
const afterwards: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of afterwards.splice(0).reverse()) await step();
});

/** The adapter in front of an emulated USPS. */
async function open(
  options: {
    client?: Partial<UspsClient>;
    credentials?: object;
    switches?: Partial<UspsSandbox['switches']>;
    settings?: object;
  } = {},
) {
  const clock = testClock(now);
  const client: UspsClient = { ...uspsSandboxClient, ...options.client };
  const emulator = await startUsps({
    clock,
    store: openStore(),
    clients: [client],
    quota: 10_000,
    ...options.switches,
  });
  const connections = openConnections();
  afterwards.push(emulator.close, connections.close);
  const credentials = uspsCredentials(client, options.credentials);
  const carrier = usps.createAdapter(
    {
      key: 'account',
      clientKey: 'client',
      environment: 'TEST',
      baseUrl: emulator.url,
      credentials,
      options: usps.options.parse(options.settings ?? {}) as never,
      quota: { default: 10_000 },
    },
    { send: timeout(connections.send), tokens: memoryTokens(), quotas: memoryQuotas(), clock },
  );
  return { carrier, clock, emulator };
}

const request = { from: sender, to: receiver, parcels: [box as never], shipDate: '2026-11-18' };

/** Quotes, prepares and buys, as the house does. */
async function buy({ carrier }: Awaited<ReturnType<typeof open>>) {
  const [quote] = await carrier.quote!([request], call);
  if (quote instanceof ProviderError) throw quote;
  const offer = quote!.offers[0]!;
  const order = { request, offer, from: sender, to: receiver, format: 'PDF' as const, quotedAt: now, maxPrice: offer.price }; // prettier-ignore
  const [prepared] = await carrier.labels!.prepare(order, call);
  return carrier.labels!.buy(prepared!, call);
}

const answered = (status: number, body: string | object, headers = {}) => ({
  status,
  headers,
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
});
const envelope = (message: string, ...errors: object[]) => ({
  apiVersion: '/labels/v3',
  error: { code: '400', message, errors },
});
const oas = (...faults: string[]) =>
  envelope(`OASValidation OpenAPI-Spec-Validation-Labels with resource oas://labels_v3.yaml: failed with reason: [${faults.join(', ')}]`); // prettier-ignore

describe('a refusal of USPS is read in each of its shapes', () => {
  const cannot = { status: '400', code: '160184', title: 'Bad Request', detail: 'Order cannot be canceled' };
  it.each<[string, number, string | object, object]>([
    ['A: the envelope with an item', 400, envelope('Bad Request', { ...cannot, source: { parameter: 'trackingNumber' } }),
      { code: 'REJECTED', providerCode: '160184', providerMessage: 'Order cannot be canceled', refused: true }],
    ['A with an item whose source is a word', 400, envelope('Bad Request', { ...cannot, source: 'API' }),
      { code: 'REJECTED', providerCode: '160184', refused: true }],
    ['A with an item without status, source and detail', 400, envelope('Bad Request', { code: '160184', title: 'Order cannot be canceled', detail: '' }),
      { code: 'REJECTED', providerMessage: 'Order cannot be canceled' }],
    ['A with the item’s code as a number', 400, envelope('Bad Request', { ...cannot, code: 160184 }),
      { code: 'REJECTED', providerCode: '160184' }],
    ['A without items', 404, envelope('Address Not Found'), { code: 'NOT_FOUND', providerMessage: 'Address Not Found' }],
    ['A whose error.code is a number, and whose items are missing', 400, { error: { code: 400, message: 'No' } },
      { code: 'REJECTED', providerMessage: 'No', refused: true }],
    ['A with a code that nobody has seen', 400, envelope('Bad Request', { code: '999999', detail: 'New' }),
      { code: 'REJECTED', providerCode: '999999', providerMessage: 'New', field: undefined }],
    ['B: a fault of the gateway', 403, { fault: { faultstring: 'Raising fault', detail: { errorcode: 'steps.raisefault.RaiseFault' } } },
      { code: 'ACCOUNT_NOT_AUTHORIZED', providerCode: 'steps.raisefault.RaiseFault', refused: true }],
    ['B without a detail', 400, { fault: { faultstring: 'Raising fault' } }, { code: 'REJECTED', providerMessage: 'Raising fault' }],
    ['C: OAuth', 401, { error: 'invalid_client', error_description: 'Client authentication failed.' },
      { code: 'CREDENTIALS_REJECTED', providerCode: 'invalid_client', refused: true }],
    ['C in a spike', 429, { error: 'invalid_request', error_description: 'SpikeArrestViolation: Too many requests' },
      { code: 'RATE_LIMITED', retryable: true }],
    ['D: the payment desk', 400, { body: 'CRID isn\'t enrolled in USPS Ship Outbound', roles: [{ roleName: 'LABEL_OWNER' }] },
      { code: 'PAYMENT_NOT_AUTHORIZED', providerMessage: 'CRID isn\'t enrolled in USPS Ship Outbound', refused: true }],
    ['the token endpoint’s own', 401, { apiVersion: 'v3', error: 'UNAUTHORIZED', message: 'The grant_type is missing.' },
      { code: 'CREDENTIALS_REJECTED', providerMessage: 'The grant_type is missing.' }],
    ['plain text', 500, 'There was an internal server error.',
      { code: 'UNAVAILABLE', providerMessage: 'There was an internal server error.', refused: false }],
    ['a page of a proxy', 403, '<html><body><h1>Blocked</h1></body></html>',
      { code: 'ACCOUNT_NOT_AUTHORIZED', providerMessage: 'Blocked', refused: false }],
    ['nothing', 400, '', { code: 'REJECTED', providerMessage: undefined, refused: false }],
    ['half of an answer', 400, '{"error":{"code":"400","mess', { code: 'REJECTED', refused: false }],
    ['JSON that is nothing of this', 400, '[1]', { code: 'REJECTED', refused: false }],
    ['a code of the workbook in an outage', 503, envelope('Bad Request', cannot), { code: 'UNAVAILABLE', refused: false }],
    ['a code of the workbook in a 429', 429, envelope('Bad Request', cannot), { code: 'RATE_LIMITED' }],
  ])('%s', (_, status, body, expected) => {
    expect(failureOf(answered(status, body), now)).toMatchObject(expected);
  }); // prettier-ignore

  it('E: the items of a 207, whatever of them is there', async () => {
    const { carrier, emulator } = await open();
    const numbers = Array.from({ length: 6 }, (_, index) => ({
      trackingNumber: uspsTrackingNumber(6_000 + index),
    }));
    const body = [
      { statusCode: '404', error: { message: 'Tracking is not available for this item. Or other reasons.' } },
      { statusCode: '404', error: { message: 'In words that nobody has seen.' } },
      { error: { message: '' } },
      { statusCode: '403', error: { message: 'The requested MID is not authorized to access /tracking/' } },
      { statusCode: 400, error: { code: '400', message: 'Bad Request', errors: [{ code: '150010', detail: '9: Another shipper -' }] } },
      { trackingNumber: numbers[5]!.trackingNumber, statusCode: '503', error: { message: 'Later' } },
    ]; // prettier-ignore
    emulator.spoil({ method: 'POST', path: /tracking/, answer: { status: 207, body } });
    const answers = await carrier.track!(numbers, call);
    expect(answers).toMatchObject([
      { code: 'NOT_FOUND', hint: expect.stringContaining('first scan') },
      { code: 'NOT_FOUND', hint: expect.stringContaining('first scan'), retryable: false },
      { code: 'NOT_FOUND' },
      { code: 'ACCOUNT_NOT_AUTHORIZED', hint: expect.stringContaining('MID') },
      { code: 'NOT_FOUND', providerCode: '150010', hint: expect.stringContaining('another carrier') },
      { code: 'UNAVAILABLE', retryable: true },
    ]);
  });
});

describe('a refusal points at our input', () => {
  it.each<[object, string[] | undefined]>([
    [{ source: { parameter: 'packageDescription.weight' } }, ['parcels', '0', 'weight']],
    [{ source: { parameter: 'length, height, width ,mailClass' } }, ['parcels', '0', 'dimensions']],
    [{ source: { parameter: 'toAddress.ZIPPlus4' } }, ['to', 'postalCode']],
    [{ source: { parameter: 'fromAddress.firstName' } }, ['from', 'name']],
    [{ source: { parameter: 'originZIPCode, destinationZIPCode' } }, ['to', 'postalCode']],
    [{ source: { parameter: 'customsForm.contents' } }, ['customs', 'items']],
    [{ source: { parameter: 'packageDescription.mailingDate' } }, ['shipDate']],
    [{ source: { parameter: 'somethingElse' } }, undefined],
    [{ code: '030004' }, ['parcels', '0', 'weight']],
    [{ code: '160021', source: { parameter: 'packageDescription.weight' } }, ['parcels', '0', 'weight']],
  ])('%o', (item, field) => {
    expect(failureOf(answered(400, envelope('Bad Request', item)), now).field).toEqual(field);
  });

  it.each([
    ["ERROR - [Path '/toAddress'] Object has missing required properties ([ZIPCode]): []", ['to', 'postalCode']],
    ['ERROR - Object has missing required properties ([packageDescription]): []', ['parcels', '0']],
    ["ERROR - [Path '/packageDescription/mailingDate'] String \"x\" is invalid against requested format date: []", ['shipDate']],
    ["ERROR - [Path '/customsForm/contents/2/HSTariffNumber'] String \"1\" is too short: []", ['customs', 'items', '2', 'hsTariffNumber']],
    ["ERROR - [Path '/customsForm/contents/1/itemTotalWeight'] Numeric instance is lower: []", ['customs', 'items', '1', 'totalWeight']],
    ["ERROR - [Parameter 'state'] ECMA 262 regex \"^[A-Z]{2}$\" does not match input string \"ca\": []", ['to', 'state']],
    ["IGNORE - Query parameter 'secondarayAddress' is unexpected on path /address: [], ERROR - query parameter is unexpected : secondarayAddress: []", undefined],
  ])('in the only words that the gateway has: %s', (fault, field) => {
    const failure = failureOf(answered(400, oas(fault)), now);
    expect(failure).toMatchObject({ code: 'REJECTED', providerMessage: expect.stringContaining(fault.slice(0, 20)) });
    expect(failure.field).toEqual(field);
  }); // prettier-ignore

  it('in the words of the operation, where it has its own', async () => {
    const { carrier, emulator } = await open();
    const body = oas("ERROR - [Parameter 'state'] ECMA 262 regex does not match input string: []");
    emulator.spoil({ path: /addresses/, answer: { status: 400, body } });
    expect(await carrier.verify!([receiver], call)).toMatchObject([{ code: 'REJECTED', field: ['state'] }]);
  });
});

describe('a payment that USPS does not authorize', () => {
  const texts = {
    100001: 'accountNumber', 100002: 'Activate the EPS account', 100003: 'Give the EPS account', 100004: 'Activate the primary',
    100005: 'ask again later', 100006: 'Correct the details', 100007: 'Fund the trust balance',
    160218: 'Set crid', 160219: 'report it', 160220: 'Set accountType', 160221: 'Set mid', 160222: 'Set manifestMid',
    160223: 'Set accountType', 160224: 'Set accountNumber', 160225: 'Set permitNumber', 160226: 'Set permitZip',
    160227: 'report it', 160228: 'report it', 160229: 'report it', 160289: 'number of the meter', 160290: 'PC Postage',
    160302: 'Enrol the CRID',
  }; // prettier-ignore
  it.each(Object.entries(texts))(
    '%s is told with what mends it, and nothing is bought',
    async (code, mend) => {
      const subject = await open({ client: { paymentRefusal: code } });
      await expect(buy(subject)).rejects.toMatchObject({
        code: 'PAYMENT_NOT_AUTHORIZED',
        refused: true,
        retryable: false,
        providerCode: code,
        hint: expect.stringContaining(mend),
      });
      expect(subject.emulator.charges()).toEqual([]);
      expect(subject.emulator.count('POST', /\/label$/)).toBe(0);
      const findings = await subject.carrier.diagnose!(call);
      expect(findings.find(({ check }) => check === 'payment')).toMatchObject({ status: 'failed', hint: expect.stringContaining(mend) }); // prettier-ignore
    },
  );

  it.each([400, 401, 403])(
    'not enrolled in USPS Ship, told without an error and with %i',
    async (notEnrolledStatus) => {
      const subject = await open({ client: { enrolled: false }, switches: { notEnrolledStatus } });
      await expect(buy(subject)).rejects.toMatchObject({
        code: 'PAYMENT_NOT_AUTHORIZED',
        refused: true,
        hint: expect.stringContaining('COP claims'),
      });
      expect(subject.emulator.charges()).toEqual([]);
    },
  );

  it('a bare 403 of the payment desk is the missing claim too, and elsewhere it is not', async () => {
    const subject = await open();
    subject.emulator.spoil({
      path: /payment-authorization/,
      answer: { status: 403, body: envelope('Forbidden') },
    });
    await expect(buy(subject)).rejects.toMatchObject({ code: 'PAYMENT_NOT_AUTHORIZED', hint: expect.stringContaining('COP claims') }); // prettier-ignore
    subject.emulator.spoil({ path: /options/, answer: { status: 403, body: envelope('Forbidden') } });
    await expect(buy(subject)).rejects.toMatchObject({ code: 'ACCOUNT_NOT_AUTHORIZED' });
  });

  const permit = { accountType: 'PERMIT', accountNumber: undefined, permitNumber: '412', permitZip: '20260' };
  const meter = { accountType: 'METER', accountNumber: '03W0001234' };
  it.each([
    ['an EPS account', {}, {}],
    ['a permit', permit, {}],
    ['a meter of a PC Postage provider', meter, { pcPostage: true }],
  ])('is none of %s: the label is bought', async (_, credentials, client) => {
    const subject = await open({ credentials, client });
    const [sold] = await buy(subject);
    expect(sold!.trackingNumber).toMatch(/^\d{22}$/);
    expect(subject.emulator.charges()).toHaveLength(1);
  });

  it('a meter of anybody else pays for nothing', async () => {
    await expect(buy(await open({ credentials: meter }))).rejects.toMatchObject({
      code: 'PAYMENT_NOT_AUTHORIZED',
      providerCode: '160290',
      hint: expect.stringContaining('EPS or PERMIT'),
    });
  });

  it.each([
    ['accountNumber', { accountNumber: undefined }],
    ['permitNumber, permitZip', { ...permit, permitNumber: undefined, permitZip: undefined }],
    ['crid', { crid: undefined }],
  ])('without %s USPS is not even asked', async (missing, credentials) => {
    const subject = await open({ credentials });
    await expect(buy(subject)).rejects.toMatchObject({
      code: 'PAYMENT_NOT_AUTHORIZED',
      message: `labels can't be paid for without ${missing}`,
    });
    expect(subject.emulator.count('POST', /payment-authorization/)).toBe(0);
  });
});

describe('an address beyond the states', () => {
  it('is verified under its own country code as under that of the United States', async () => {
    const { carrier } = await open();
    expect(usps.verifiesCountries).toEqual(expect.arrayContaining(['US', 'PR', 'GU']));
    const sanJuan = { street1: '1 Calle Sol', city: 'San Juan', postalCode: '00901' };
    const [own, home, abroad] = await carrier.verify!(
      [
        { ...sanJuan, country: 'PR' },
        { ...sanJuan, state: 'PR', country: 'US' },
        { ...sanJuan, country: 'CA' },
      ],
      call,
    );
    expect(home).toMatchObject({ status: 'VERIFIED', address: { state: 'PR', country: 'US' } });
    expect(own).toEqual({ ...home, address: { ...(home as Verification).address, country: 'PR' } });
    expect(abroad).toMatchObject({ code: 'NOT_SUPPORTED', field: ['country'] });
  });
});

describe('an address without its state', () => {
  const cityState = /city-state$/;
  const bare = { street1: '388 Townsend St', street2: 'Apt 20', postalCode: '94107', country: 'US' };

  it('is completed by its ZIP code: one question for each ZIP code, however many share it', async () => {
    const { carrier, emulator } = await open();
    const inWashington = { street1: "475 L'Enfant Plaza SW", postalCode: '20260', country: 'US' };
    const answers = await carrier.verify!(
      [
        bare,
        { ...bare, postalCode: '94107-1670' },
        inWashington,
        receiver,
        { ...bare, city: 'San Francisco' },
      ],
      call,
    );
    expect(answers.map((each) => 'status' in each && each.address?.state)).toEqual([
      'CA',
      'CA',
      'DC',
      'CA',
      'CA',
    ]);
    expect(emulator.count('GET', cityState)).toBe(2);
    expect(emulator.count('GET', /\/address$/)).toBe(5);
  });

  it('is not asked about again where the ZIP code is nowhere', async () => {
    const { carrier, emulator } = await open();
    const nowhere = { ...bare, postalCode: '00000' };
    expect(await carrier.verify!([nowhere, nowhere], call)).toMatchObject([
      { status: 'UNDELIVERABLE' },
      { status: 'UNDELIVERABLE' },
    ]);
    expect([emulator.count('GET', cityState), emulator.count('GET', /\/address$/)]).toEqual([1, 0]);
  });

  it('costs one call with state and ZIP code, and none without either', async () => {
    const { carrier, emulator } = await open();
    const answers = await carrier.verify!([{ ...bare, state: 'CA' }, { street1: '1 Main St', city: 'Springfield', country: 'US' }], call); // prettier-ignore
    expect(answers).toMatchObject([
      { address: { city: 'SAN FRANCISCO' } },
      { code: 'REJECTED', field: ['postalCode'] },
    ]);
    expect(emulator.calls.filter(({ method }) => method === 'GET')).toHaveLength(1);
  });
});

describe('tracking', () => {
  const trackingNumber = uspsTrackingNumber(7_000);
  const told = async (detail: object, settings: object = { tracking: 'v3r2' }) => {
    const { carrier, emulator } = await open({ settings });
    const body = 'tracking' in settings && settings.tracking === 'v3' ? detail : [detail];
    emulator.spoil({ path: /tracking/, answer: { status: 200, body } });
    const [answer] = await carrier.track!([{ trackingNumber }], call);
    if (answer instanceof ProviderError) throw answer;
    return answer as Tracking;
  };
  const event = {
    eventType: 'Arrived',
    eventCode: '10',
    eventTimestamp: '2024-11-25T18:31:00',
    eventCity: null,
    eventState: null,
  };

  it('reads both spellings of a ZIP code, and dates nested or flat, the promised one before the guaranteed', async () => {
    for (const zip of [{ eventZIP: '80002' }, { eventZIPCode: '80002' }]) {
      expect((await told({ trackingEvents: [{ ...event, ...zip }] })).events[0]!.location).toMatchObject({ postalCode: '80002' }); // prettier-ignore
    }
    const date = async (detail: object) => (await told(detail)).estimatedDeliveryDate;
    expect(await date({ expectedDeliveryTimeStamp: '2024-11-29T00:00:00' })).toBe('2024-11-29');
    expect(await date({ deliveryDateExpectation: { expectedDeliveryDate: '2024-11-29', predictedDeliveryDate: '2024-11-28' } })).toBe('2024-11-28'); // prettier-ignore
    expect(await date({ deliveryDateExpectation: { guaranteedDeliveryDate: '2024-11-30' } })).toBe(
      '2024-11-30',
    );
    expect(await date({ guaranteedDeliveryDate: '2024-11-30' })).toBe('2024-11-30');
  });

  it('makes the instant of local time and offset, and none where there is no offset', async () => {
    const wrongDay = { ...event, GMTOffset: '-06:00', GMTTimestamp: '2024-11-25T00:31:21Z' };
    const [first, second, third] = (
      await told({
        trackingEvents: [
          wrongDay,
          { ...event, GMTOffset: '-360' },
          { ...event, eventTimestamp: '2024-11-25T18:31:00Z' },
        ],
      })
    ).events;
    expect(new Date(first!.occurredAt!).toISOString()).toBe('2024-11-26T00:31:00.000Z');
    expect(new Date(second!.occurredAt!).toISOString()).toBe('2024-11-26T00:31:00.000Z');
    // The guide prints a Z on local time.
    expect(third).toMatchObject({ occurredAtLocal: '2024-11-25T18:31:00', occurredAt: undefined });
  });

  it('believes the newest code before the words, and leaves unknown words unknown', async () => {
    const status = async (detail: object) => (await told(detail)).status;
    expect(await status({ statusCategory: 'Alert', trackingEvents: [{ ...event, eventCode: '01' }] })).toBe(
      'DELIVERED',
    );
    expect(await status({ statusCategory: 'Alert', trackingEvents: [{ ...event, eventCode: 'Q9' }] })).toBe(
      'EXCEPTION',
    );
    expect(await status({ statusCategory: 'Teleported', trackingEvents: [] })).toBe('UNKNOWN');
  });

  it('matches results by number, else by place', async () => {
    const { carrier, emulator } = await open();
    const other = uspsTrackingNumber(7_001);
    const body = [
      { trackingNumber: other, trackingEvents: [{ ...event, eventCode: '01' }] },
      { trackingNumber, trackingEvents: [event] },
      { trackingEvents: [{ ...event, eventCode: 'OF' }] },
    ];
    emulator.spoil({ path: /tracking/, answer: { status: 200, body } });
    const numbers = [
      { trackingNumber },
      { trackingNumber: other },
      { trackingNumber: uspsTrackingNumber(7_002) },
    ];
    expect(await carrier.track!(numbers, call)).toMatchObject([
      { status: 'IN_TRANSIT' },
      { status: 'DELIVERED' },
      { status: 'OUT_FOR_DELIVERY' },
    ]);
  });

  it.each(['v3', 'v3r2'])('of another mailer’s parcel by %s says whose account can', async (tracking) => {
    const { carrier } = await open({ settings: { tracking } });
    expect(await carrier.track!([{ trackingNumber: uspsSandboxNumbers.otherMailer }], call)).toMatchObject([
      { code: 'ACCOUNT_NOT_AUTHORIZED', hint: expect.stringContaining('MID'), refused: true },
    ]);
    expect(await carrier.track!([{ trackingNumber: uspsSandboxNumbers.unknown }], call)).toMatchObject([
      { code: 'NOT_FOUND', hint: expect.any(String), retryable: false },
    ]);
  });
});

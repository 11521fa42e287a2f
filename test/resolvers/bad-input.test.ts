import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { box, openTestServer, receiver, sender, storages, type TestServer } from '../support/test-server.ts';

const rates =
  'query ($input: RatesInput!) { rates(input: $input) { rates { id } failures { code field hint account { id } } } }';
const good = { from: sender, to: receiver, parcels: [box] };
const path = (text: string) => text.split('.');

describe('bad input', () => {
  let house: TestServer;
  beforeAll(async () => void (house = await openTestServer()));
  afterAll(() => house.close());

  const calls = () => house.sandbox.usps.calls.length + house.sandbox.easypost.calls.length;
  const refused = async (query: string, variables?: object) => {
    const before = calls();
    const answer = await house.ask(query, variables);
    expect(calls()).toBe(before);
    expect(answer.errors).toHaveLength(1);
    return answer.errors![0]!;
  };

  it.each([
    [
      'a negative weight',
      { parcels: [{ weight: { value: -1, unit: 'OUNCE' } }] },
      'input.parcels.0.weight.value',
    ],
    ['no weight', { parcels: [{ weight: { value: 0, unit: 'OUNCE' } }] }, 'input.parcels.0.weight.value'],
    [
      'two tons',
      { parcels: [{ weight: { value: 2000, unit: 'KILOGRAM' } }] },
      'input.parcels.0.weight.value',
    ],
    [
      'a flat box',
      { parcels: [{ ...box, dimensions: { ...box.dimensions, height: 0 } }] },
      'input.parcels.0.dimensions.height',
    ],
    ['no parcel', { parcels: [] }, 'input.parcels'],
    [
      'a packaging that is none',
      { parcels: [{ ...box, packaging: 'SHOE_BOX' }] },
      'input.parcels.0.packaging',
    ],
    [
      'insurance of nothing',
      { options: { insuredValue: { amount: '0', currencyCode: 'USD' } } },
      'input.options.insuredValue.amount',
    ],
    ['31 parcels', { parcels: Array(31).fill(box) }, 'input.parcels'],
    ['a postal code that cannot be', { to: { ...receiver, postalCode: '9410' } }, 'input.to.postalCode'],
    ['a state that is none', { from: { ...sender, state: 'ZZ' } }, 'input.from.state'],
    ['no postal code', { to: { country: 'US' } }, 'input.to.postalCode'],
    ['a date in the past', { shipDate: '2020-01-01' }, 'input.shipDate'],
    ['an unknown carrier', { carriers: ['USPS', 'Nobody'] }, 'input.carriers.1'],
    ['no carrier at all', { carriers: [] }, 'input.carriers'],
    ['no account at all', { accountIds: [] }, 'input.accountIds'],
    ['no time at all', { deadlineMs: 0 }, 'input.deadlineMs'],
    ['somebody else’s account', { accountIds: ['usps-west'] }, 'input.accountIds'],
  ])('%s is refused with its path, before any call', async (_, change, field) => {
    const error = await refused(rates, { input: { ...good, ...change } });
    expect(error.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: path(field) });
    expect(error.message).toContain(field);
  });

  it('every fault of a question is named at once', async () => {
    const input = { from: { ...sender, postalCode: '1' }, to: { country: 'US' }, parcels: [] };
    const error = await refused(rates, { input });
    expect((error.extensions.errors as { field: string[] }[]).map(({ field }) => field.join('.'))).toEqual([
      'input.from.postalCode',
      'input.to.postalCode',
      'input.parcels',
    ]);
  });

  it('more than the id of a rate can carry is refused by its path, and what it can carries stays below 8 KiB', async () => {
    const signs = Array.from({ length: 500 }, (_, index) => String.fromCodePoint(0x4e00 + index));
    const words = fc.string({ unit: fc.constantFrom(...signs), minLength: 1, maxLength: 200, size: 'max' });
    const line = { quantity: 1, totalValue: { amount: '1', currencyCode: 'USD' }, totalWeight: { value: 0.1, unit: 'OUNCE' }, originCountry: 'US' }; // prettier-ignore
    const to = { ...receiver, street1: '1 Yonge St', city: 'Toronto', state: 'ON', postalCode: 'M5E 1W7', country: 'CA' }; // prettier-ignore
    let [taken, tooMuch] = [0, 0];
    const few = fc.array(words, { minLength: 1, maxLength: 30, size: 'max' });
    await fc.assert(
      fc.asyncProperty(few, async (descriptions) => {
        const items = descriptions.map((description) => ({ ...line, description }));
        const input = { ...good, to, customs: { contents: 'MERCHANDISE', items }, accountIds: ['usps'] };
        const { data, errors } = await house.ask(rates, { input });
        if (errors) tooMuch++;
        else taken++;
        expect(errors ?? []).toMatchObject(errors ? [{ extensions: { field: ['input', 'customs'] } }] : []);
        for (const { id } of data.rates?.rates ?? []) expect(id.length).toBeLessThan(8192);
      }),
      { numRuns: 40 },
    );
    expect([taken > 0, tooMuch > 0]).toEqual([true, true]);
  });

  it('a country and a currency in small letters are those in capitals', async () => {
    const insured = (currencyCode: string) => ({ insuredValue: { amount: '50', currencyCode } });
    const query =
      'query ($input: RatesInput!) { rates(input: $input) { rates { offerKey price { amount currencyCode } } } }';
    const [small, capital] = await Promise.all([
      house.ask(query, { input: { ...good, to: { ...receiver, country: 'us' }, options: insured('usd') } }),
      house.ask(query, { input: { ...good, options: insured('USD') } }),
    ]);
    expect(small.errors).toBeUndefined();
    expect(small.data).toEqual(capital.data);
    const literal =
      '{ addressVerification(address: { country: "us", street1: "388 Townsend St", postalCode: "94107" }) { input { country } } }';
    expect((await house.ask(literal)).data.addressVerification.input.country).toBe('US');
  });

  it.each([
    ['an unknown field', { ...good, colour: 'red' }, 'colour'],
    ['a country that is none', { ...good, to: { ...receiver, country: 'XX' } }, 'country'],
    ['a date that is none', { ...good, shipDate: '2026-02-30' }, 'shipDate'],
    ['a unit that is none', { ...good, parcels: [{ weight: { value: 1, unit: 'STONE' } }] }, 'unit'],
  ])('%s is refused by the schema with its path', async (_, input, word) => {
    const error = await refused(rates, { input });
    expect(error.extensions.code).toBe('BAD_USER_INPUT');
    expect(error.message).toContain(word);
  });

  it.each([
    ['{ tracker(trackingNumber: "1Z999AA10123456784", carrier: "Nobody") { id } }', 'carrier'],
    ['{ tracker(trackingNumber: "no") { id } }', 'trackingNumber'],
    ['{ tracker(trackingNumber: "EZ1000000001", accountId: "nobody") { id } }', 'accountId'],
    ['{ tracker(trackingNumber: "EZ1000000001", maxAgeSeconds: -1) { id } }', 'maxAgeSeconds'],
    [
      '{ trackers(numbers: [{ trackingNumber: "EZ1000000001" }, { trackingNumber: "?" }]) { id } }',
      'numbers.1.trackingNumber',
    ],
    [
      '{ addressVerification(address: { country: "US", postalCode: "94107" }) { status } }',
      'address.street1',
    ],
    [
      '{ addressVerification(address: { country: "US", street1: "1 Main St" }) { status } }',
      'address.postalCode',
    ],
    ['{ shipments(first: 101) { nodes { id } } }', 'first'],
    ['{ shipments(after: "x") { nodes { id } } }', 'after'],
  ])('%s names %s', async (query, field) => {
    const error = await refused(query);
    expect(error.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: path(field) });
  });

  it('1,001 numbers and 101 addresses are too many', async () => {
    const numbers = Array.from({ length: 1001 }, () => ({ trackingNumber: 'EZ1000000001' }));
    const tooMany = await refused('query ($n: [TrackingNumberInput!]!) { trackers(numbers: $n) { id } }', {
      n: numbers,
    });
    expect(tooMany.extensions).toMatchObject({ field: ['numbers'] });
    const addresses = Array.from({ length: 101 }, () => receiver);
    const error = await refused(
      'query ($a: [AddressInput!]!) { addressVerifications(addresses: $a) { status } }',
      { a: addresses },
    );
    expect(error.extensions).toMatchObject({ field: ['addresses'] });
  });

  it.each([
    ['trackers', 'numbers', '[TrackingNumberInput!]!', { trackingNumber: 'EZ1000000001' }, 600],
    ['addressVerifications', 'addresses', '[AddressInput!]!', receiver, 60],
  ] as const)(
    '%s are counted by the operation, under whatever aliases',
    async (field, list, type, each, count) => {
      const query = `query ($list: ${type}) { a: ${field}(${list}: $list) { __typename } b: ${field}(${list}: $list) { __typename } }`;
      const { data, errors } = await house.ask(query, { list: Array(count).fill(each) });
      expect(errors).toMatchObject([
        { path: ['b'], extensions: { field: [list], errors: [{ code: 'TOO_MANY' }] } },
      ]);
      expect(data?.b ?? null).toBeNull();
    },
  );

  it('what only one provider needs is that provider’s failure, beside the rates of the others', async () => {
    const { data } = await house.ask(rates, { input: { ...good, parcels: [{ weight: box.weight }] } });
    expect(data.rates.rates.length).toBeGreaterThan(0);
    expect(data.rates.failures).toContainEqual({
      code: 'REJECTED',
      field: ['parcels', '0', 'dimensions'],
      hint: 'Give the dimensions of the parcel.',
      account: { id: 'usps' },
    });
  });
});

describe.each(storages)('what can not be written down, on the %s ledger', (storage) => {
  let house: TestServer;
  beforeAll(async () => void (house = await openTestServer({ storage })));
  afterAll(() => house.close());

  it.each(['\0', 'a\ud800', '\udc00b'])('is no text: %j', async (text) => {
    const key = { idempotencyKey: text, rateId: 'rate' };
    for (const [query, variables] of [
      ['query ($x: ID!) { shipment(id: $x) { id } }', { x: text }],
      ['query ($x: ID!) { pickup(id: $x) { id } }', { x: text }],
      ['query ($x: String) { shipments(filter: { reference: $x }) { nodes { id } } }', { x: text }],
      [`{ shipment(id: ${JSON.stringify(text)}) { id } }`, {}],
      [
        'mutation ($x: ShipmentPurchaseInput!) { shipmentPurchase(input: $x) { shipment { id } } }',
        { x: key },
      ],
    ] as const) {
      const { status, errors } = await house.ask(query, variables);
      expect(errors, query).toMatchObject([
        { extensions: { code: expect.stringMatching(/^(BAD_USER_INPUT|GRAPHQL_PARSE_FAILED)$/) } },
      ]);
      expect(status).toBe(400);
    }
  });

  it('is no time: one before the year 1, or after 9999', async () => {
    const query = 'query ($x: DateTime!) { shipments(filter: { createdAfter: $x }) { nodes { id } } }';
    for (const x of ['0000-01-01T00:00:00Z', '0001-01-01T00:00:00+14:00', '9999-12-31T23:59:59-14:00']) {
      expect((await house.ask(query, { x })).errors).toMatchObject([
        { extensions: { code: 'BAD_USER_INPUT' } },
      ]);
    }
    expect((await house.ask(query, { x: '0001-01-01T00:00:00Z' })).data.shipments.nodes).toEqual([]);
    expect((await house.ask(query, { x: '9999-12-31T23:59:59Z' })).data.shipments.nodes).toEqual([]);
  });

  it('is no cursor: one that somebody made up', async () => {
    for (const content of [
      ['0000-01-01T00:00:00.000Z', 'shp_1'],
      ['2026-11-18T18:00:00.000Z', 'shp_\0'],
    ]) {
      const after = Buffer.from(JSON.stringify(content)).toString('base64url');
      const { errors } = await house.ask(
        'query ($after: String) { shipments(after: $after) { nodes { id } } }',
        { after },
      );
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field: ['after'] } }]);
    }
  });

  it.each([{ status: [] }, { accountIds: [] }])('finds nothing by %j', async (filter) => {
    const query =
      'query ($filter: ShipmentFilter) { shipments(filter: $filter) { nodes { id } pageInfo { hasNextPage } } }';
    expect((await house.ask(query, { filter })).data.shipments).toEqual({
      nodes: [],
      pageInfo: { hasNextPage: false },
    });
  });
});

describe('one slow or broken provider', () => {
  let house: TestServer;
  beforeAll(async () => void (house = await openTestServer()));
  afterAll(() => house.close());

  it('does not keep the rates of the others waiting', async () => {
    const stop = house.sandbox.usps.spoil({ path: /\/options\//, hang: true });
    const { data } = await house.ask(rates, { input: { ...good, deadlineMs: 500 } });
    stop();
    expect(data.rates.rates.length).toBeGreaterThan(0);
    expect(data.rates.failures).toContainEqual({
      code: 'TIMEOUT',
      field: null,
      hint: expect.any(String),
      account: { id: 'usps' },
    });
  });

  it('is named with its reason when nobody is left', async () => {
    const stops = [house.sandbox.usps, house.sandbox.easypost].map((provider) =>
      provider.spoil({ method: 'POST', answer: { status: 500, body: 'oops' } }),
    );
    const { data, errors } = await house.ask(rates, { input: good });
    stops.forEach((stop) => stop());
    expect(errors).toBeUndefined();
    expect(data.rates.rates).toEqual([]);
    expect(data.rates.failures.map((failure: any) => [failure.account.id, failure.code])).toEqual([
      ['usps', 'UNAVAILABLE'],
      ['easypost', 'UNAVAILABLE'],
    ]);
  });

  it('leaves no address, number or secret in the log', async () => {
    const stop = house.sandbox.easypost.spoil({ drop: 'before' });
    await house.ask(rates, { input: good });
    await house.ask('query ($a: AddressInput!) { addressVerification(address: $a) { status } }', {
      a: receiver,
    });
    stop();
    const log = house.log.join('');
    expect(log).not.toBe('');
    for (const secret of ['Rita', 'Townsend', 'Sally', '94107', 'parcelgraph-sandbox', 'EZTK', 'Bearer']) {
      expect(log).not.toContain(secret);
    }
  });
});

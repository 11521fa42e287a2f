import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { box, openTestServer, receiver, sender, storages, type TestServer } from '../support/test-server.ts';

const rates =
  'query ($input: RatesInput!) { rates(input: $input) { rates { id } failures { code field hint account { id } } } }';
const valid = { from: sender, to: receiver, parcels: [box] };
const path = (text: string) => text.split('.');

describe('invalid input', () => {
  let server: TestServer;
  beforeAll(async () => void (server = await openTestServer()));
  afterAll(() => server.close());

  const calls = () => server.sandbox.usps.calls.length + server.sandbox.easypost.calls.length;
  const expectError = async (query: string, variables?: object) => {
    const before = calls();
    const answer = await server.ask(query, variables);
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
    [
      'a weight of zero',
      { parcels: [{ weight: { value: 0, unit: 'OUNCE' } }] },
      'input.parcels.0.weight.value',
    ],
    [
      'a weight of two tons',
      { parcels: [{ weight: { value: 2000, unit: 'KILOGRAM' } }] },
      'input.parcels.0.weight.value',
    ],
    [
      'a height of zero',
      { parcels: [{ ...box, dimensions: { ...box.dimensions, height: 0 } }] },
      'input.parcels.0.dimensions.height',
    ],
    ['no parcel', { parcels: [] }, 'input.parcels'],
    ['an unknown packaging', { parcels: [{ ...box, packaging: 'SHOE_BOX' }] }, 'input.parcels.0.packaging'],
    [
      'an insured value of zero',
      { options: { insuredValue: { amount: '0', currencyCode: 'USD' } } },
      'input.options.insuredValue.amount',
    ],
    ['31 parcels', { parcels: Array(31).fill(box) }, 'input.parcels'],
    ['an impossible postal code', { to: { ...receiver, postalCode: '9410' } }, 'input.to.postalCode'],
    ['no postal code', { to: { country: 'US' } }, 'input.to.postalCode'],
    ['a date in the past', { shipDate: '2020-01-01' }, 'input.shipDate'],
    ['an unknown carrier', { carriers: ['USPS', 'Nobody'] }, 'input.carriers.1'],
    ['an empty list of carriers', { carriers: [] }, 'input.carriers'],
    ['an empty list of accounts', { accountIds: [] }, 'input.accountIds'],
    ['a deadline of zero', { deadlineMs: 0 }, 'input.deadlineMs'],
    ['an account of another tenant', { accountIds: ['usps-west'] }, 'input.accountIds'],
  ])('is rejected with its path, before any call: %s', async (_, change, field) => {
    const error = await expectError(rates, { input: { ...valid, ...change } });
    expect(error.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: path(field) });
    expect(error.message).toContain(field);
  });

  it('is rejected with all its errors at once', async () => {
    const input = { from: { ...sender, postalCode: '1' }, to: { country: 'US' }, parcels: [] };
    const error = await expectError(rates, { input });
    expect((error.extensions.errors as { field: string[] }[]).map(({ field }) => field.join('.'))).toEqual([
      'input.from.postalCode',
      'input.to.postalCode',
      'input.parcels',
    ]);
  });

  it('includes a request that is too long for a rate id, whose length stays below 8 KiB', async () => {
    const characters = Array.from({ length: 500 }, (_, index) => String.fromCodePoint(0x4e00 + index));
    const descriptionText = fc.string({
      unit: fc.constantFrom(...characters),
      minLength: 1,
      maxLength: 200,
      size: 'max',
    });
    const line = { quantity: 1, totalValue: { amount: '1', currencyCode: 'USD' }, totalWeight: { value: 0.1, unit: 'OUNCE' }, originCountry: 'US' }; // prettier-ignore
    const to = { ...receiver, street1: '1 Yonge St', city: 'Toronto', state: 'ON', postalCode: 'M5E 1W7', country: 'CA' }; // prettier-ignore
    let [accepted, rejected] = [0, 0];
    const descriptionTexts = fc.array(descriptionText, { minLength: 1, maxLength: 30, size: 'max' });
    await fc.assert(
      fc.asyncProperty(descriptionTexts, async (descriptions) => {
        const items = descriptions.map((description) => ({ ...line, description }));
        const input = { ...valid, to, customs: { contents: 'MERCHANDISE', items }, accountIds: ['usps'] };
        const { data, errors } = await server.ask(rates, { input });
        if (errors) rejected++;
        else accepted++;
        expect(errors ?? []).toMatchObject(errors ? [{ extensions: { field: ['input', 'customs'] } }] : []);
        for (const { id } of data.rates?.rates ?? []) expect(id.length).toBeLessThan(8192);
      }),
      { numRuns: 40 },
    );
    expect([accepted > 0, rejected > 0]).toEqual([true, true]);
  });

  it('does not include lower-case country and currency codes, which equal upper-case ones', async () => {
    const insured = (currencyCode: string) => ({ insuredValue: { amount: '50', currencyCode } });
    const query =
      'query ($input: RatesInput!) { rates(input: $input) { rates { offerKey price { amount currencyCode } } } }';
    const [small, capital] = await Promise.all([
      server.ask(query, { input: { ...valid, to: { ...receiver, country: 'us' }, options: insured('usd') } }),
      server.ask(query, { input: { ...valid, options: insured('USD') } }),
    ]);
    expect(small.errors).toBeUndefined();
    expect(small.data).toEqual(capital.data);
    const literal =
      '{ addressVerification(address: { country: "us", street1: "388 Townsend St", postalCode: "94107" }) { input { country } } }';
    expect((await server.ask(literal)).data.addressVerification.input.country).toBe('US');
  });

  it.each([
    ['an unknown field', { ...valid, colour: 'red' }, 'input', 'colour'],
    ['an unknown country', { ...valid, to: { ...receiver, country: 'XX' } }, 'input.to.country', 'like "US"'],
    ['an impossible date', { ...valid, shipDate: '2026-02-30' }, 'input.shipDate', 'like "2026-11-20"'],
    ['an unknown unit', { ...valid, parcels: [{ weight: { value: 1, unit: 'STONE' } }] }, 'input.parcels.0.weight.unit', 'must be one of GRAM, KILOGRAM, OUNCE, POUND'], // prettier-ignore
    ['a list in place of a text', { ...valid, to: { ...receiver, city: [] } }, 'input.to.city', 'string'],
    ['no parcels', { from: sender, to: receiver }, 'input', 'parcels'],
  ])('is rejected by the schema with its path: %s', async (_, input, field, words) => {
    const error = await expectError(rates, { input });
    expect(error.extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: path(field),
      errors: [{ code: 'INVALID', field: path(field) }],
    });
    expect(error.message).toContain(`${field}: `);
    expect(error.message).toContain(words);
  });

  it('is rejected with a suggestion where another name is known', async () => {
    const messageOf = async (change: object) => (await expectError(rates, { input: { ...valid, ...change } })).message; // prettier-ignore
    const weighing = (unit: string) => ({ parcels: [{ weight: { value: 1, unit } }] });
    for (const [country, code] of [
      ['UK', 'GB'],
      ['usa', 'US'],
      ['Germany', 'DE'],
    ] as const) {
      // prettier-ignore
      expect(await messageOf({ to: { ...receiver, country } })).toContain(`did you mean "${code}"?`);
    }
    for (const [unit, meant] of [
      ['lbs', 'POUND'],
      ['oz', 'OUNCE'],
      ['kg', 'KILOGRAM'],
      ['gram', 'GRAM'],
    ] as const) {
      // prettier-ignore
      expect(await messageOf(weighing(unit))).toContain(`did you mean ${meant}?`);
    }
  });

  it('is named by the path of the argument, however the client names its variables', async () => {
    const list = 'query ($to: AddressInput!, $unit: WeightUnit!) { rates(input: { from: { country: "US", postalCode: "20260" }, to: $to, parcels: [{ weight: { value: 1, unit: $unit } }] }) { rates { id } } }'; // prettier-ignore
    const error = await expectError(list, { to: { country: 'UK' }, unit: 'lbs' });
    expect((error.extensions.errors as { field: string[] }[]).map(({ field }) => field)).toEqual([
      ['input', 'to', 'country'],
      ['input', 'parcels', '0', 'weight', 'unit'],
    ]);
    const missing = await expectError(list, { unit: 'POUND' });
    expect(missing.extensions).toMatchObject({ field: ['input', 'to'], errors: [{ code: 'REQUIRED' }] });
  });

  it.each([
    ['{ addressVerification(address: { country: "UK", street1: "1 High St" }) { status } }', 'address.country', /did you mean "GB"/], // prettier-ignore
    ['{ shipments(filter: { status: [BOUGHT] }) { nodes { id } } }', 'filter.status.0', /one of PURCHASING, PURCHASED/], // prettier-ignore
    ['{ shipments(filter: { status: "PURCHASED" }) { nodes { id } } }', 'filter.status', /one of PURCHASING, PURCHASED/], // prettier-ignore
    ['{ shipments(filter: { createdAfter: "today" }) { nodes { id } } }', 'filter.createdAfter', /2026/],
  ])('in the document itself has the same path: %s', async (query, field, message) => {
    const error = await expectError(query);
    expect(error.message).toMatch(message);
    expect(error.extensions.field).toEqual(path(field));
  });

  it('is said with its limit and what was given', async () => {
    const long = { ...receiver, street1: 'x'.repeat(201) };
    expect((await expectError(rates, { input: { ...valid, to: long } })).message).toContain('at most 200 characters long, and has 201'); // prettier-ignore
    const heavy = { parcels: [{ weight: { value: 1001, unit: 'KILOGRAM' } }] };
    expect((await expectError(rates, { input: { ...valid, ...heavy } })).message).toContain('1000 kg');
  });

  it.each([
    ['{ tracker(trackingNumber: "1Z999AA10123456784", carrier: "Nobody") { id } }', 'carrier'],
    ['{ tracker(trackingNumber: "no") { id } }', 'trackingNumber'],
    ['{ tracker(trackingNumber: "EZ1000000001", accountId: "nobody") { id } }', 'accountId'],
    ['{ tracker(trackingNumber: "EZ1000000001", maxAgeSeconds: -1) { id } }', 'maxAgeSeconds'],
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
  ])('is rejected: %s names %s', async (query, field) => {
    const error = await expectError(query);
    expect(error.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: path(field) });
  });

  it('includes 1,001 tracking numbers and 101 addresses', async () => {
    const numbers = Array.from({ length: 1001 }, () => ({ trackingNumber: 'EZ1000000001' }));
    const tooMany = await expectError(
      'query ($n: [TrackingNumberInput!]!) { trackers(numbers: $n) { id } }',
      {
        n: numbers,
      },
    );
    expect(tooMany.extensions).toMatchObject({ field: ['numbers'] });
    const addresses = Array.from({ length: 101 }, () => receiver);
    const error = await expectError(
      'query ($a: [AddressInput!]!) { addressVerifications(addresses: $a) { status } }',
      { a: addresses },
    );
    expect(error.extensions).toMatchObject({ field: ['addresses'] });
  });

  it.each([
    ['trackers', 'numbers', '[TrackingNumberInput!]!', { trackingNumber: 'EZ1000000001' }, 600],
    ['addressVerifications', 'addresses', '[AddressInput!]!', receiver, 60],
  ] as const)(
    'includes lists of %s that are too long summed over all aliases of an operation',
    async (field, list, type, each, count) => {
      const query = `query ($list: ${type}) { a: ${field}(${list}: $list) { __typename } b: ${field}(${list}: $list) { __typename } }`;
      const { data, errors } = await server.ask(query, { list: Array(count).fill(each) });
      expect(errors).toMatchObject([
        { path: ['b'], extensions: { field: [list], errors: [{ code: 'TOO_MANY' }] } },
      ]);
      expect(data?.b ?? null).toBeNull();
    },
  );

  it('for one provider only is a failure of that provider, beside the rates of the others', async () => {
    const { data } = await server.ask(rates, { input: { ...valid, parcels: [{ weight: box.weight }] } });
    expect(data.rates.rates.length).toBeGreaterThan(0);
    expect(data.rates.failures).toContainEqual({
      code: 'REJECTED',
      field: ['input', 'parcels', '0', 'dimensions'],
      hint: 'Give the dimensions of the parcel.',
      account: { id: 'usps' },
    });
  });

  it('that a provider names has the path of the argument, in lists too', async () => {
    const ottawa = { street1: '111 Wellington St', city: 'Ottawa', state: 'ON', postalCode: 'K1A 0A9', country: 'CA' }; // prettier-ignore
    const { data } = await server.ask(
      'query ($a: [AddressInput!]!) { addressVerifications(addresses: $a, accountId: "usps") { failures { code field } } }',
      { a: [receiver, ottawa] },
    );
    expect(data.addressVerifications).toEqual([
      { failures: [] },
      { failures: [{ code: 'NOT_SUPPORTED', field: ['addresses', '1', 'country'] }] },
    ]);
  });
});

describe.each(storages)('a value that the %s database cannot store', (storage) => {
  let server: TestServer;
  beforeAll(async () => void (server = await openTestServer({ storage })));
  afterAll(() => server.close());

  it.each(['\0', 'a\ud800', '\udc00b'])('is rejected, such as the string %j', async (text) => {
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
      const { status, errors } = await server.ask(query, variables);
      expect(errors, query).toMatchObject([
        { extensions: { code: expect.stringMatching(/^(BAD_USER_INPUT|GRAPHQL_PARSE_FAILED)$/) } },
      ]);
      expect(status).toBe(200);
    }
  });

  it('is rejected, such as a time before the year 1 or after 9999', async () => {
    const query = 'query ($x: DateTime!) { shipments(filter: { createdAfter: $x }) { nodes { id } } }';
    for (const x of ['0000-01-01T00:00:00Z', '0001-01-01T00:00:00+14:00', '9999-12-31T23:59:59-14:00']) {
      expect((await server.ask(query, { x })).errors).toMatchObject([
        { extensions: { code: 'BAD_USER_INPUT' } },
      ]);
    }
    expect((await server.ask(query, { x: '0001-01-01T00:00:00Z' })).data.shipments.nodes).toEqual([]);
    expect((await server.ask(query, { x: '9999-12-31T23:59:59Z' })).data.shipments.nodes).toEqual([]);
  });

  it('is rejected in a forged cursor', async () => {
    for (const content of [
      ['0000-01-01T00:00:00.000Z', 'shp_1'],
      ['2026-11-18T18:00:00.000Z', 'shp_\0'],
    ]) {
      const after = Buffer.from(JSON.stringify(content)).toString('base64url');
      const { errors } = await server.ask(
        'query ($after: String) { shipments(after: $after) { nodes { id } } }',
        { after },
      );
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field: ['after'] } }]);
    }
  });

  it.each([{ status: [] }, { accountIds: [] }])(
    'is not needed for the filter %j, which matches no shipment',
    async (filter) => {
      const query =
        'query ($filter: ShipmentFilter) { shipments(filter: $filter) { nodes { id } pageInfo { hasNextPage } } }';
      expect((await server.ask(query, { filter })).data.shipments).toEqual({
        nodes: [],
        pageInfo: { hasNextPage: false },
      });
    },
  );
});

describe('a slow or failing provider', () => {
  let server: TestServer;
  beforeAll(async () => void (server = await openTestServer()));
  afterAll(() => server.close());

  it('does not delay the rates of the others beyond the deadline', async () => {
    const stop = server.sandbox.usps.injectFault({ path: /\/options\//, hang: true });
    const { data } = await server.ask(rates, { input: { ...valid, deadlineMs: 500 } });
    stop();
    expect(data.rates.rates.length).toBeGreaterThan(0);
    expect(data.rates.failures).toContainEqual({
      code: 'TIMEOUT',
      field: null,
      hint: expect.any(String),
      account: { id: 'usps' },
    });
  });

  it('is named with its failure when all providers fail', async () => {
    const stops = [server.sandbox.usps, server.sandbox.easypost].map((provider) =>
      provider.injectFault({ method: 'POST', response: { status: 500, body: 'oops' } }),
    );
    const { data, errors } = await server.ask(rates, { input: valid });
    stops.forEach((stop) => stop());
    expect(errors).toBeUndefined();
    expect(data.rates.rates).toEqual([]);
    expect(data.rates.failures.map((failure: any) => [failure.account.id, failure.code])).toEqual([
      ['usps', 'UNAVAILABLE'],
      ['easypost', 'UNAVAILABLE'],
    ]);
  });

  it('causes no address, tracking number or secret to be logged', async () => {
    const stop = server.sandbox.easypost.injectFault({ drop: 'before' });
    await server.ask(rates, { input: valid });
    await server.ask('query ($a: AddressInput!) { addressVerification(address: $a) { status } }', {
      a: receiver,
    });
    stop();
    const log = server.log.join('');
    expect(log).not.toBe('');
    for (const secret of ['Rita', 'Townsend', 'Sally', '94107', 'parcelgraph-sandbox', 'EZTK', 'Bearer']) {
      expect(log).not.toContain(secret);
    }
  });
});

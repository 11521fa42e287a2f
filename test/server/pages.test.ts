import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { uspsSandboxNumbers } from '../../sandbox/usps/index.ts';
import { ask, openTestServer, type TestServer } from '../support/test-server.ts';

let house: TestServer;
beforeAll(async () => void (house = await openTestServer()));
afterAll(() => house.close());

const get = (path: string, headers: Record<string, string> = {}) => fetch(house.url + path, { headers });
const post = (body: string, headers: Record<string, string> = {}) =>
  fetch(`${house.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer sandbox', ...headers },
    body,
  });
const providerCalls = () => house.sandbox.usps.calls.length + house.sandbox.easypost.calls.length;

describe('pages', () => {
  it("shows Apollo's landing page with a first query and the sandbox's key to a browser at /graphql", async () => {
    const response = await get('/graphql', { accept: 'text/html' });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^text\/html/);
    const page = (await response.text()).replaceAll(/%[0-9a-f]{2}/gi, decodeURIComponent);
    expect(page).toContain('embeddable-sandbox.cdn.apollographql.com');
    expect(page).toContain('query Rates($input: RatesInput!)');
    expect(page).toContain('Bearer sandbox');
  });

  it('shows a GraphiQL at /graphiql that loads nothing from elsewhere', async () => {
    const response = await get('/graphiql');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const page = await response.text();
    const markup = page.replaceAll(/(<(script|style)\b[^>]*>).*?<\/\2>/gs, '$1');
    const links = [...markup.matchAll(/\b(?:src|href)\s*=\s*["']?([^"'\s>]+)/gi)].map(([, link]) => link!);
    expect(links.filter((link) => !link.startsWith('data:'))).toEqual([]);
    expect(page).not.toMatch(/@import\s+(url\()?["']?(https?:)?\/\//);
    for (const name of ['Rates', 'Purchase', 'Trackers', 'Address', 'Accounts']) {
      expect(page).toMatch(new RegExp(`(query|mutation) ${name}`));
    }
  });

  it('answers a path that is none with 404', async () => {
    expect((await get('/nothing')).status).toBe(404);
    expect((await get('/labels/no-such-token')).status).toBe(404);
  });
});

describe('health', () => {
  it('is alive and ready', async () => {
    const [alive, ready] = await Promise.all([get('/healthz'), get('/readyz')]);
    expect([alive.status, await alive.json()]).toEqual([200, { status: 'ok' }]);
    expect([ready.status, await ready.json()]).toEqual([200, { status: 'ready' }]);
  });

  it('gives each answer an id under which its request is found in the log', async () => {
    const ids = await Promise.all([
      post('{"query":"{ __typename }"}'),
      get('/healthz'),
      get('/nothing'),
    ]).then((responses) => responses.map(({ headers }) => headers.get('x-request-id')));
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f-]{27}$/);
    expect(new Set(ids).size).toBe(3);
    expect(house.log.some((line) => line.includes(ids[0]!) && line.includes('answered'))).toBe(true);
  });
});

describe('browsers from elsewhere', () => {
  const preflight = (origin: string) =>
    fetch(`${house.url}/graphql`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type',
      },
    });

  it.each(['https://studio.apollographql.com', 'http://localhost:5173', 'http://127.0.0.1:3000'])(
    'may ask from %s',
    async (origin) => {
      const { status, headers } = await preflight(origin);
      expect(status).toBe(204);
      expect(headers.get('access-control-allow-origin')).toBe(origin);
      expect(headers.get('access-control-allow-methods')).toContain('POST');
      expect(headers.get('access-control-allow-headers')).toContain('authorization');
      const answer = await post('{"query":"{ __typename }"}', { origin });
      expect(answer.headers.get('access-control-allow-origin')).toBe(origin);
    },
  );

  it.each([
    'https://example.com',
    'http://studio.apollographql.com',
    'https://studio.apollographql.com.example.com',
    'http://localhost.example.com',
    'null',
  ])('may not ask from %s', async (origin) => {
    expect((await preflight(origin)).headers.get('access-control-allow-origin')).toBeNull();
    const answer = await post('{"query":"{ __typename }"}', { origin });
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('can not send a query as a form or a plain link, which browsers let any page do', async () => {
    const query = '{ providerAccounts { id } }';
    const link = await get(`/graphql?query=${encodeURIComponent(query)}`, {
      authorization: 'Bearer sandbox',
    });
    expect(link.status).toBe(400);
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
      const { status } = await post(JSON.stringify({ query }), { 'content-type': type });
      expect([400, 415]).toContain(status);
    }
  });
});

describe('limits', () => {
  const refusal = async (query: string) => {
    const response = await post(JSON.stringify({ query }));
    const { errors } = (await response.json()) as { errors?: { message: string; extensions: any }[] };
    return { status: response.status, code: errors?.[0]?.extensions.code, message: errors?.[0]?.message };
  };
  const passes = { status: 200, code: undefined, message: undefined };

  it('takes a body of a megabyte, and not one byte more', async () => {
    const megabyte = 1024 * 1024;
    const body = (size: number) => {
      const start = '{"query":"{ __typename }","padding":"';
      return `${start}${'x'.repeat(size - start.length - 2)}"}`;
    };
    expect((await post(body(megabyte))).status).toBe(200);
    const refused = await post(body(megabyte + 1));
    expect(refused.status).toBe(413);
    expect(refused.headers.get('x-request-id')).toBeTruthy();
  });

  it('refuses several operations in one array', async () => {
    const response = await post('[{"query":"{ __typename }"},{"query":"{ __typename }"}]');
    expect(response.status).toBe(400);
    expect(await response.text()).toMatch(/batching/i);
  });

  it.each([
    ['more than a megabyte', 'x'.repeat(1_048_577), 'application/json', 413, 'PAYLOAD_TOO_LARGE'],
    ['another type', '<query/>', 'text/xml', 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['a form', 'query=%7B__typename%7D', 'application/x-www-form-urlencoded', 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['half an object', '{', 'application/json', 400, 'BAD_REQUEST'],
    ['nothing', '', 'application/json', 400, 'BAD_REQUEST'],
    ['no operation', '{}', 'application/json', 400, 'BAD_REQUEST'],
  ])('answers %s in the form of GraphQL', async (_, body, type, status, code) => {
    const response = await post(body, { 'content-type': type });
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({
      errors: [{ message: expect.stringMatching(/\w/), extensions: { code } }],
    });
  });

  it('refuses what is no JSON, and no operation, without a word of our insides', async () => {
    for (const body of ['{', '"x"', 'null', '{"query": 1}', '{}', '']) {
      const response = await post(body);
      expect([body, response.status]).toEqual([body, 400]);
      expect(await response.text()).not.toMatch(/node_modules|\.ts\b|\.js\b/);
    }
  });

  /** A tracker's shipment has a tracker, which has a shipment ... */
  const circle = (levels: number) =>
    Array.from({ length: levels - 1 }, (_, level) => (level % 2 === 0 ? 'shipment {' : 'tracker {')).join(
      ' ',
    ) +
    ' id ' +
    '}'.repeat(levels - 1);
  const nested = (levels: number) =>
    `{ tracker(trackingNumber: "${uspsSandboxNumbers.delivered}") { ${circle(levels - 1)} } }`;

  it('takes a document of 15 levels, and refuses one of 16', async () => {
    expect(await refusal(nested(15))).toEqual(passes);
    const calls = providerCalls();
    expect(await refusal(nested(16))).toMatchObject({
      status: 400,
      code: 'GRAPHQL_VALIDATION_FAILED',
      message: expect.stringMatching(/depth limit of 15/i),
    });
    expect(providerCalls()).toBe(calls);
  });

  it('sees depth through fragments', async () => {
    const query = `{ tracker(trackingNumber: "x") { ...Deep } } fragment Deep on Tracker { ${circle(15)} }`;
    expect(await refusal(query)).toMatchObject({ status: 400, message: expect.stringMatching(/depth/i) });
  });

  it('takes 200 aliases, and refuses 201, also where fragments multiply them', async () => {
    const aliases = (count: number, field: string) =>
      Array.from({ length: count }, (_, index) => `a${index}: ${field}`).join(' ');
    expect(await refusal(`{ ${aliases(200, 'providerAccounts { id }')} }`)).toEqual(passes);
    const refused = { status: 400, code: 'GRAPHQL_VALIDATION_FAILED', message: expect.stringMatching(/aliases limit of 200/i) }; // prettier-ignore
    expect(await refusal(`{ ${aliases(201, 'providerAccounts { id }')} }`)).toMatchObject(refused);
    const spread = `{ ${aliases(20, 'providerAccounts { ...Ten }')} } fragment Ten on ProviderAccount { ${aliases(10, 'id')} }`;
    expect(await refusal(spread)).toMatchObject(refused);
  });

  it('takes 10,000 tokens, and refuses more before it reads them all', async () => {
    const tokens = (count: number) =>
      `{ shipments(filter: { accountIds: [${'"a" '.repeat(count - 19)}] }) { nodes { id } } }`;
    expect(await refusal(tokens(10_000))).toEqual(passes);
    expect(await refusal(tokens(10_001))).toMatchObject({
      status: 400,
      code: 'GRAPHQL_PARSE_FAILED',
      message: expect.stringContaining('10000 tokens'),
    });
  });

  it('takes 50 directives, and refuses 51', async () => {
    const directives = (count: number) => `{ ${'__typename @include(if: true) '.repeat(count)}}`;
    expect(await refusal(directives(50))).toEqual(passes);
    expect(await refusal(directives(51))).toMatchObject({
      status: 400,
      code: 'GRAPHQL_VALIDATION_FAILED',
      message: expect.stringMatching(/directives limit of 50/i),
    });
  });
});

describe('the key', () => {
  it.each([
    '{ __schema { queryType { name } } }',
    '{ __type(name: "Rate") { name } }',
    '{ _service { sdl } }',
    '{ __typename }',
  ])('is not asked for by %s', async (query) => {
    const { status, data, errors } = await ask<object>(house.url, query);
    expect(status).toBe(200);
    expect(errors).toBeUndefined();
    expect(Object.values(data)[0]).toBeTruthy();
  });

  const closed = [
    `{ tracker(trackingNumber: "${uspsSandboxNumbers.alert}") { status } }`,
    `{ trackers(numbers: [{ trackingNumber: "${uspsSandboxNumbers.alert}" }]) { status } }`,
    '{ rates(input: { from: { country: "US", postalCode: "20260" }, to: { country: "US", postalCode: "94107" }, parcels: [{ weight: { value: 1, unit: POUND } }] }) { rates { id } } }',
    '{ addressVerification(address: { country: "US", street1: "1 Main St", postalCode: "94107" }) { status } }',
    '{ providerAccounts { id } }',
    '{ shipments { nodes { id } } }',
    '{ shipment(id: "x") { id } }',
    'mutation { shipmentPurchase(input: { idempotencyKey: "k", rateId: "r" }) { shipment { id } } }',
    '{ _service { sdl } providerAccounts { id } }',
    '{ ... { ...All } } fragment All on Query { sneaky: providerAccounts { id } }',
    'query Open { __typename } query Closed { providerAccounts { id } }',
  ];

  it.each(closed)('is asked for by %s, before any provider is', async (query) => {
    const calls = providerCalls();
    const operationName = query.includes('query Closed') ? 'Closed' : undefined;
    for (const authorization of [
      undefined,
      'Bearer wrong-key',
      'Bearer ',
      'Bearer sandbox2',
      'Basic sandbox',
      'sandbox',
    ]) {
      const response = await fetch(`${house.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(authorization ? { authorization } : {}) },
        body: JSON.stringify({ query, operationName }),
      });
      const { data, errors } = await response.json();
      expect([authorization, response.status]).toEqual([authorization, 401]);
      expect(errors).toEqual([
        {
          message: expect.stringContaining('Authorization: Bearer'),
          extensions: { code: 'UNAUTHENTICATED' },
        },
      ]);
      expect(data ?? null).toBeNull();
    }
    expect(providerCalls()).toBe(calls);
  });

  it.each([
    ['authorization', 'Bearer sandbox'],
    ['AUTHORIZATION', 'Bearer sandbox'],
    ['authorization', 'bearer sandbox'],
    ['Authorization', 'BEARER   sandbox'],
  ])('is known as %s: %s', async (name, value) => {
    const response = await fetch(`${house.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', [name]: value },
      body: '{"query":"{ providerAccounts { id } }"}',
    });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      data: { providerAccounts: [{ id: 'usps' }, { id: 'easypost' }, { id: 'easypost-connect' }] },
    });
  });

  it('is never written to the log', () => {
    expect(house.log.length).toBeGreaterThan(0);
    expect(house.log.filter((line) => /Bearer|wrong-key/.test(line))).toEqual([]);
  });
});

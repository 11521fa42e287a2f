import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { uspsSandboxNumbers } from '../../sandbox/usps/index.ts';
import { examples } from '../../src/server/examples.ts';
import { ask, openTestServer, type TestServer } from '../support/test-server.ts';

let server: TestServer;
beforeAll(async () => void (server = await openTestServer()));
afterAll(() => server.close());

const get = (path: string, headers: Record<string, string> = {}) => fetch(server.url + path, { headers });
const post = (body: string, headers: Record<string, string> = {}) =>
  fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer sandbox', ...headers },
    body,
  });
const providerCalls = () => server.sandbox.usps.calls.length + server.sandbox.easypost.calls.length;

describe('the pages of the server', () => {
  it("include Apollo's landing page at /graphql, with an example and the sandbox key", async () => {
    const response = await get('/graphql', { accept: 'text/html' });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^text\/html/);
    const page = (await response.text()).replaceAll(/%[0-9a-f]{2}/gi, decodeURIComponent);
    expect(page).toContain('embeddable-sandbox.cdn.apollographql.com');
    expect(page).toContain('query Rates($input: RatesInput!)');
    expect(page).toContain('Bearer sandbox');
  });

  it('include a GraphiQL at /graphiql that loads nothing from other hosts', async () => {
    const response = await get('/graphiql');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const page = await response.text();
    const markup = page.replaceAll(/(<(script|style)\b[^>]*>).*?<\/\2>/gs, '$1');
    const links = [...markup.matchAll(/\b(?:src|href)\s*=\s*["']?([^"'\s>]+)/gi)].map(([, link]) => link!);
    expect(links.filter((link) => !link.startsWith('data:'))).toEqual([]);
    expect(page).not.toMatch(/@import\s+(url\()?["']?(https?:)?\/\//);
    expect(page).toContain('<meta name="viewport"');
    for (const { name } of examples([], '')) {
      expect(page).toMatch(new RegExp(`(query|mutation|subscription) ${name}`));
    }
  });

  it('begin with / that says what this is and where to go', async () => {
    const response = await get('/');
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const page = await response.text();
    expect(page).toContain('One GraphQL API in front of many shipping providers');
    expect(page).toContain('Bearer sandbox');
    const links = [...page.matchAll(/href="([^"]+)"/g)].map(([, link]) => link!);
    const inSandbox = examples([], '').map(({ name }) => `/graphql?example=${name}`);
    expect(links).toEqual([
      '/graphiql',
      '/track',
      '/console',
      '/graphql',
      ...inSandbox,
      '/healthz',
      '/readyz',
      '/metrics',
    ]);
    for (const link of links) expect((await get(link, { accept: 'text/html' })).status, link).toBe(200);
  });

  it('link from /graphql without internet to /graphiql', async () => {
    const page = await (await get('/graphql', { accept: 'text/html' })).text();
    expect(page).toContain('<a href="/graphiql">GraphiQL</a> works without internet.');
  });

  it('are 404 for any other path', async () => {
    expect((await get('/nothing')).status).toBe(404);
    expect((await get('/labels/no-such-token')).status).toBe(404);
  });
});

describe('the health endpoints', () => {
  it('respond with 200 while the server is alive and ready', async () => {
    const [alive, ready] = await Promise.all([get('/healthz'), get('/readyz')]);
    expect([alive.status, await alive.json()]).toEqual([200, { status: 'ok' }]);
    expect([ready.status, await ready.json()]).toEqual([200, { status: 'ready' }]);
  });

  it('carry a request id as all responses do, which is logged', async () => {
    const ids = await Promise.all([
      post('{"query":"{ __typename }"}'),
      get('/healthz'),
      get('/nothing'),
    ]).then((responses) => responses.map(({ headers }) => headers.get('x-request-id')));
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f-]{27}$/);
    expect(new Set(ids).size).toBe(3);
    expect(server.log.some((line) => line.includes(ids[0]!) && line.includes('request completed'))).toBe(
      true,
    );
  });
});

describe('CORS', () => {
  const preflight = (origin: string) =>
    fetch(`${server.url}/graphql`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type',
      },
    });

  it.each(['https://studio.apollographql.com', 'http://localhost:5173', 'http://127.0.0.1:3000'])(
    'allows requests from %s',
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
  ])('denies requests from %s', async (origin) => {
    expect((await preflight(origin)).headers.get('access-control-allow-origin')).toBeNull();
    const answer = await post('{"query":"{ __typename }"}', { origin });
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('is not bypassed by a query in a form or a plain link, which any page can send', async () => {
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

describe('the limits of a request', () => {
  const execute = async (query: string) => {
    const response = await post(JSON.stringify({ query }));
    const { errors } = (await response.json()) as { errors?: { message: string; extensions: any }[] };
    return { status: response.status, code: errors?.[0]?.extensions.code, message: errors?.[0]?.message };
  };
  const passes = { status: 200, code: undefined, message: undefined };

  it('allow a body of 1 MiB, and not one byte more', async () => {
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

  it('reject several operations in one array', async () => {
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
  ])('reject %s with an error in the form of GraphQL', async (_, body, type, status, code) => {
    const response = await post(body, { 'content-type': type });
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({
      errors: [{ message: expect.stringMatching(/\w/), extensions: { code } }],
    });
  });

  it('reject a body without an operation, and reveal no internals', async () => {
    for (const body of ['{', '"x"', 'null', '{"query": 1}', '{}', '']) {
      const response = await post(body);
      expect([body, response.status]).toEqual([body, 400]);
      expect(await response.text()).not.toMatch(/node_modules|\.ts\b|\.js\b/);
    }
  });

  /** A selection of any depth: the shipment of the tracker of the shipment ... */
  const circle = (levels: number) =>
    Array.from({ length: levels - 1 }, (_, level) => (level % 2 === 0 ? 'shipment {' : 'tracker {')).join(
      ' ',
    ) +
    ' id ' +
    '}'.repeat(levels - 1);
  const nested = (levels: number) =>
    `{ tracker(trackingNumber: "${uspsSandboxNumbers.delivered}") { ${circle(levels - 1)} } }`;

  it('allow a document of 15 levels, and reject one of 16', async () => {
    expect(await execute(nested(15))).toEqual(passes);
    const calls = providerCalls();
    expect(await execute(nested(16))).toMatchObject({
      status: 200,
      code: 'GRAPHQL_VALIDATION_FAILED',
      message: expect.stringMatching(/depth limit of 15/i),
    });
    expect(providerCalls()).toBe(calls);
  });

  it.each([
    ['fields', (levels: number) => '{a'.repeat(levels) + '}'.repeat(levels)],
    ['lists', (levels: number) => `{ a(b: ${'['.repeat(levels)}${']'.repeat(levels)}) }`],
    ['inputs', (levels: number) => `{ a(b: ${'{c:'.repeat(levels)}1${'}'.repeat(levels)}) }`],
    ['types', (levels: number) => `query ($a: ${'['.repeat(levels)}Int${']'.repeat(levels)}) { a }`],
  ])('reject 3,000 levels of %s as too deep, and log no error', async (_, nest) => {
    const logged = server.log.length;
    for (const levels of [101, 3000]) {
      expect(await execute(nest(levels))).toMatchObject({
        code: 'GRAPHQL_VALIDATION_FAILED',
        message: expect.stringMatching(/^The document is too deep: .* 100 .* 15 levels/),
      });
    }
    expect(await execute('{a'.repeat(5000))).toMatchObject({ message: expect.stringMatching(/too deep/) });
    expect(server.log.slice(logged).filter((line) => JSON.parse(line).level >= 40)).toEqual([]);
  });

  it('count the levels of fragments', async () => {
    const query = `{ tracker(trackingNumber: "x") { ...Deep } } fragment Deep on Tracker { ${circle(15)} }`;
    expect(await execute(query)).toMatchObject({ status: 200, message: expect.stringMatching(/depth/i) });
  });

  it('allow 200 aliases and reject 201, also if fragments multiply them', async () => {
    const aliases = (count: number, field: string) =>
      Array.from({ length: count }, (_, index) => `a${index}: ${field}`).join(' ');
    expect(await execute(`{ ${aliases(200, 'providerAccounts { id }')} }`)).toEqual(passes);
    const refused = { status: 200, code: 'GRAPHQL_VALIDATION_FAILED', message: expect.stringMatching(/aliases limit of 200/i) }; // prettier-ignore
    expect(await execute(`{ ${aliases(201, 'providerAccounts { id }')} }`)).toMatchObject(refused);
    expect(await execute(`{ ${aliases(201, '__typename')} }`)).toMatchObject(refused);
    const spread = `{ ${aliases(20, 'providerAccounts { ...Ten }')} } fragment Ten on ProviderAccount { ${aliases(10, 'id')} }`;
    expect(await execute(spread)).toMatchObject(refused);
  });

  it('allow 10,000 tokens, and reject more before all are read', async () => {
    const tokens = (count: number) =>
      `{ shipments(filter: { accountIds: [${'"a" '.repeat(count - 19)}] }) { nodes { id } } }`;
    expect(await execute(tokens(10_000))).toEqual(passes);
    expect(await execute(tokens(10_001))).toMatchObject({
      status: 200,
      code: 'GRAPHQL_PARSE_FAILED',
      message: expect.stringContaining('10000 tokens'),
    });
  });

  it('allow 50 directives, and reject 51', async () => {
    const directives = (count: number) => `{ ${'__typename @include(if: true) '.repeat(count)}}`;
    expect(await execute(directives(50))).toEqual(passes);
    expect(await execute(directives(51))).toMatchObject({
      status: 200,
      code: 'GRAPHQL_VALIDATION_FAILED',
      message: expect.stringMatching(/directives limit of 50/i),
    });
  });
});

describe('the API key', () => {
  it.each([
    '{ __schema { queryType { name } } }',
    '{ __type(name: "Rate") { name } }',
    '{ _service { sdl } }',
    '{ __typename }',
  ])('is not needed for %s', async (query) => {
    const { status, data, errors } = await ask<object>(server.url, query);
    expect(status).toBe(200);
    expect(errors).toBeUndefined();
    expect(Object.values(data)[0]).toBeTruthy();
  });

  const protectedOperations = [
    `{ tracker(trackingNumber: "${uspsSandboxNumbers.alert}") { status } }`,
    `{ trackers(numbers: [{ trackingNumber: "${uspsSandboxNumbers.alert}" }]) { status } }`,
    '{ rates(input: { from: { country: "US", postalCode: "20260" }, to: { country: "US", postalCode: "94107" }, parcels: [{ weight: { value: 1, unit: POUND } }] }) { rates { id } } }',
    '{ addressVerification(address: { country: "US", street1: "1 Main St", postalCode: "94107" }) { status } }',
    '{ providerAccounts { id } }',
    '{ shipments { nodes { id } } }',
    '{ shipment(id: "x") { id } }',
    'mutation { shipmentPurchase(input: { idempotencyKey: "k", rateId: "r" }) { shipment { id } } }',
    '{ _service { sdl } providerAccounts { id } }',
    '{ ... { ...All } } fragment All on Query { hidden: providerAccounts { id } }',
    'query Open { __typename } query Closed { providerAccounts { id } }',
  ];

  it.each(protectedOperations)('is required for %s, before any provider is called', async (query) => {
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
      const response = await fetch(`${server.url}/graphql`, {
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

  it('is said to be missing where there is none, and to be wrong where it is', async () => {
    const message = async (key?: string) => (await ask(server.url, '{ providerAccounts { id } }', {}, key)).errors![0]!.message; // prettier-ignore
    expect(await message()).toMatch(/^an API key is required/);
    expect(await message('wrong-key')).toMatch(/^the API key is not valid/);
    expect(await message('wrong-key')).not.toContain('wrong-key');
  });

  it.each([
    ['authorization', 'Bearer sandbox'],
    ['AUTHORIZATION', 'Bearer sandbox'],
    ['authorization', 'bearer sandbox'],
    ['Authorization', 'BEARER   sandbox'],
  ])('is accepted as %s: %s', async (name, value) => {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', [name]: value },
      body: '{"query":"{ providerAccounts { id } }"}',
    });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      data: { providerAccounts: [{ id: 'usps' }, { id: 'easypost' }, { id: 'easypost-connect' }] },
    });
  });

  it('is never logged', () => {
    expect(server.log.length).toBeGreaterThan(0);
    expect(server.log.filter((line) => /Bearer|wrong-key/.test(line))).toEqual([]);
  });
});

import { gzipSync } from 'node:zlib';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openTestServer, type TestServer } from '../support/test-server.ts';

let server: TestServer;
beforeAll(async () => void (server = await openTestServer({ corsOrigins: ['https://shop.example'] })));
afterAll(() => server.close());

const post = (body: string | Buffer, headers: Record<string, string> = {}) =>
  fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer sandbox', ...headers },
    body: body as string,
  });
const query = '{"query":"{ providerAccounts { id } }"}';

describe('a body is read in one way only, and is refused', () => {
  it.each([
    ['that is compressed', gzipSync(query), { 'content-encoding': 'gzip' }, 415, /content-encoding/],
    ['that claims to be compressed', query, { 'content-encoding': 'deflate' }, 415, /content-encoding/],
    [
      'in UTF-16',
      Buffer.from(query, 'utf16le'),
      { 'content-type': 'application/json; charset=utf-16le' },
      415,
      /UTF-8/,
    ],
    ['in UTF-7', query, { 'content-type': 'application/json; charset="utf-7"' }, 415, /UTF-8/],
    [
      'with bytes that are not UTF-8',
      Buffer.from([...Buffer.from('{"query":"'), 0xc3, 0x28, 0x22, 0x7d]),
      {},
      400,
      /UTF-8/,
    ],
    [
      'with two operations under one key',
      `{"query":"{ __typename }",${query.slice(1)}`,
      {},
      400,
      /"query" stands twice/,
    ],
    [
      'with a key that is written in two ways',
      `{"qu\\u0065ry":"{ __typename }",${query.slice(1)}`,
      {},
      400,
      /"query" stands twice/,
    ],
    [
      'with a key twice within the variables',
      '{"query":"{ __typename }","variables":{"a":[{"b":1,"b":2}]}}',
      {},
      400,
      /"b" stands twice/,
    ],
    ['with the key __proto__', '{"query":"{ __typename }","__proto__":{"query":"x"}}', {}, 400, /./],
    [
      'with the key __proto__ in the variables',
      '{"query":"{ __typename }","variables":{"__proto__":{"a":1}}}',
      {},
      400,
      /./,
    ],
    [
      'with the key constructor.prototype',
      '{"query":"{ __typename }","constructor":{"prototype":{"a":1}}}',
      {},
      400,
      /./,
    ],
    ['with several operations', `[${query},${query}]`, {}, 400, /batching/i],
  ] as const)('%s', async (_, body, headers, status, message) => {
    const response = await post(body, headers);
    const { errors, data } = await response.json();
    expect([response.status, data]).toEqual([status, undefined]);
    expect(errors).toEqual([
      { message: expect.stringMatching(message), extensions: { code: expect.any(String) } },
    ]);
  });

  it.each([
    ['names UTF-8', query, { 'content-type': 'application/json; charset=UTF-8' }],
    ['says that it is not compressed', query, { 'content-encoding': 'identity' }],
    [
      'has a key once in each of several objects',
      '{"query":"query ($n: [TrackingNumberInput!]!) { trackers(numbers: $n) { id } }","variables":{"n":[{"trackingNumber":"a:{\\"b\\"}"},{"trackingNumber":"a"}]}}',
      {},
    ],
  ])('and accepted where it %s', async (_, body, headers) => {
    const { errors, data } = await (await post(body, headers)).json();
    expect(errors).toBeUndefined();
    expect(data).toBeTruthy();
  });
});

describe('what any page can send', () => {
  const get = (search: Record<string, string>, headers: Record<string, string> = {}) =>
    fetch(`${server.url}/graphql?${new URLSearchParams(search).toString()}`, {
      headers: { authorization: 'Bearer sandbox', ...headers },
    });

  it('is refused: a query in a link without a header that needs a preflight request', async () => {
    const { status } = await get({ query: '{ providerAccounts { id } }' });
    expect(status).toBe(400);
  });

  it('changes nothing: a mutation is not taken from a link, whatever its headers', async () => {
    const mutation = 'mutation { shipmentVoid(input: { id: "x" }) { userErrors { code } } }';
    const response = await get({ query: mutation }, { 'apollo-require-preflight': 'true' });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('POST');
    expect((await response.json()).data).toBeUndefined();
  });

  it('from an origin of the configuration is allowed, and reads the headers that say when to retry', async () => {
    const { headers } = await post(query, { origin: 'https://shop.example' });
    expect(headers.get('access-control-allow-origin')).toBe('https://shop.example');
    expect(headers.get('access-control-expose-headers')).toMatch(/retry-after/);
    expect(headers.get('access-control-allow-credentials')).toBeNull();
    const other = await post(query, { origin: 'https://shop.example.evil.example' });
    expect(other.headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('the security headers', () => {
  it.each(['/', '/graphiql', '/graphql', '/healthz', '/metrics', '/labels/none', '/nothing'])(
    'of %s',
    async (path) => {
      const { headers } = await fetch(server.url + path, { headers: { accept: 'text/html' } });
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('strict-transport-security')).toMatch(/max-age/);
      expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'/);
      expect(headers.get('x-powered-by')).toBeNull();
    },
  );

  it('let no page be framed, and a label be shown by the page of a partner', async () => {
    const [page, label] = await Promise.all(
      ['/graphiql', '/labels/none'].map((path) => fetch(server.url + path)),
    );
    expect(page!.headers.get('x-frame-options')).toBe('DENY');
    expect(page!.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(label!.headers.get('x-frame-options')).toBeNull();
    expect(label!.headers.get('content-security-policy')).not.toContain('frame-ancestors');
    expect(label!.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
  });
});

import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openTestServer, type TestServer } from '../support/test-server.ts';

let server: TestServer;
beforeAll(async () => void (server = await openTestServer()));
afterAll(() => server.close());

describe('GraphQL over HTTP', () => {
  /** Adds the header without which the server denies a GET request, since any page can send such a link. */
  const fetchFn = (url: string, init: RequestInit = {}) =>
    fetch(url, { ...init, headers: { ...(init.headers as object), 'apollo-require-preflight': 'true' } });
  const audits = serverAudits({ url: () => `${server.url}/graphql`, fetchFn });

  it('has 61 audits', () => expect(audits).toHaveLength(61));

  it.each(audits)('$id: the server $name', async ({ fn }) => {
    expect(await fn()).toMatchObject({ status: 'ok' });
  });
});

describe.each([
  ['cannot be parsed', '{', {}],
  ['is not valid', '{ nothing }', {}],
  ['is nested too deep', '{a'.repeat(101) + '}'.repeat(101), {}],
  [
    'has variables of the wrong type',
    'query ($first: Int) { shipments(first: $first) { nodes { id } } }',
    { first: 'x' },
  ],
  ['has text that cannot be stored', 'query ($id: ID!) { shipment(id: $id) { id } }', { id: '\0' }],
])('a document that %s', (_, query, variables) => {
  it.each([
    ['application/json', 200],
    ['application/graphql-response+json', 400],
    ['*/*', 200],
  ])('is answered as %s with status %i', async (accept, status) => {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { accept, authorization: 'Bearer sandbox', 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    });
    expect(response.status).toBe(status);
    if (accept !== '*/*') expect(response.headers.get('content-type')).toContain(accept);
    expect((await response.json()).errors).toHaveLength(1);
  });
});

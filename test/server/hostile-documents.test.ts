import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { hostileDocuments } from '../support/hostile-documents.ts';
import { openTestServer, type TestServer } from '../support/test-server.ts';

let server: TestServer;
beforeAll(async () => void (server = await openTestServer()));
afterAll(() => server.close());

describe('hostile documents', () => {
  const documents = hostileDocuments();

  it('are more than two hundred', () => expect(documents.length).toBeGreaterThan(200));

  it('are each refused before a resolver runs, with a typed error and nothing in the log of errors', async () => {
    const calls = server.sandbox.usps.calls.length + server.sandbox.easypost.calls.length;
    const reached: string[] = [];
    for (const { name, query, variables } of documents) {
      const { data, errors } = await server.ask(query, variables);
      // A response has no `data` exactly where it failed before its execution began (GraphQL, section 7.1).
      const isTyped = errors?.every(
        ({ extensions }) => extensions.code && extensions.code !== 'INTERNAL_SERVER_ERROR',
      );
      if (data !== undefined || !isTyped) reached.push(name);
    }
    expect(reached).toEqual([]);
    expect(server.sandbox.usps.calls.length + server.sandbox.easypost.calls.length).toBe(calls);
    expect(server.log.filter((line) => JSON.parse(line).level >= 40)).toEqual([]);
  });
});

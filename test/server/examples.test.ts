import { createContext, runInContext } from 'node:vm';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { examples, placeholders, type Example } from '../../src/server/examples.ts';
import { fillPlaceholders } from '../../src/server/fill-placeholders.ts';
import { readEvents } from '../../packages/client/src/sse.ts';
import { openTestServer, type TestServer } from '../support/test-server.ts';

/** A page with the script that fills placeholders, and an editor for each example's variables. */
function openPage(shown: readonly Example[], now: () => number) {
  const models = shown.map(({ name, variables = {} }) => {
    let text = JSON.stringify(variables);
    return {
      uri: { path: `/${name}/variables.json` },
      getValue: () => text,
      setValue: (filled: string) => void (text = filled),
      onDidChangeContent: () => {},
    };
  });
  class PageDate extends Date {
    static override now = now;
  }
  const page = { fetch, setTimeout, Date: PageDate, monaco: { editor: { getModels: () => models } } };
  runInContext(`(${fillPlaceholders.toString()})(${JSON.stringify(placeholders)})`, createContext(page));
  const variablesOf = (name: string) =>
    models.find(({ uri }) => uri.path === `/${name}/variables.json`)!.getValue();
  return { fetch: (...request: Parameters<typeof fetch>) => page.fetch(...request), variablesOf };
}

describe('the examples', () => {
  const numbers = [{ provider: 'USPS', trackingNumber: '9200190345678900000025' }];
  const shown = examples(numbers, 'http://127.0.0.1:9000/');
  let server: TestServer;
  let page: ReturnType<typeof openPage>;
  beforeAll(async () => {
    server = await openTestServer();
    page = openPage(shown, server.clock.now);
  });
  afterAll(() => server.close());

  async function run(name: string) {
    const { query } = shown.find((example) => example.name === name)!;
    const isSubscription = query.startsWith('subscription');
    const ended = new AbortController();
    await expect.poll(() => page.variablesOf(name)).not.toMatch(/"<[^"]*>"/);
    const response = await page.fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: {
        authorization: 'Bearer sandbox',
        'content-type': 'application/json',
        accept: isSubscription ? 'text/event-stream' : 'application/json',
      },
      body: JSON.stringify({ query, variables: JSON.parse(page.variablesOf(name)) }),
      signal: ended.signal,
    });
    const { data, errors } = isSubscription ? await firstEvent(response) : await response.json();
    ended.abort();
    expect(errors).toBeUndefined();
    return Object.values<any>(data)[0];
  }

  it.each(shown)('run in their order as they stand: $name', async ({ name }) => {
    // The label of the purchase before is on a manifest, and can't be voided.
    if (name === 'Void') for (const before of ['Rates', 'Purchase']) await run(before);
    const result = await run(name);
    expect(result).toBeTruthy();
    expect(result).not.toEqual([]);
    expect(result.userErrors ?? []).toEqual([]);
    expect(result.failure ?? null).toBeNull();
  });
});

async function firstEvent({ body }: Response) {
  for await (const { event, data } of readEvents(body!)) if (event === 'next') return JSON.parse(data);
  throw new Error('the subscription had no event');
}

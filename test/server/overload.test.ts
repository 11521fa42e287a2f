import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';

import { box, openTestServer, receiver, sender, type TestServer } from '../support/test-server.ts';

const ratesQuery = 'query ($input: RatesInput!) { rates(input: $input) { rates { price { amount } } } }';

describe('a server that has all the requests that it can serve', () => {
  let server: TestServer;
  let removeFault = () => {};
  beforeAll(
    async () =>
      void (server = await openTestServer({ admission: { maxRunning: 1, maxWaiting: 1, now: () => 0 } })),
  );
  afterEach(() => removeFault());
  afterAll(() => server.close());

  const hang = () =>
    void (removeFault = server.sandbox.usps.injectFault({ path: /\/options\//, hang: true }));
  const calls = () => server.sandbox.usps.count('POST', /\/options\//);
  let ounces = 1;
  /** Asks for rates; `leave` closes the connection. Each question is a different one. */
  const ask = () => {
    const caller = new AbortController();
    const parcels = [{ ...box, weight: { value: (ounces += 1), unit: 'OUNCE' } }];
    const variables = { input: { from: sender, to: receiver, parcels, accountIds: ['usps'] } };
    const response = fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer sandbox' },
      body: JSON.stringify({ query: ratesQuery, variables }),
      signal: caller.signal,
    });
    response.catch(() => {});
    return { response, leave: () => caller.abort() };
  };
  const metric = async (name: string) => {
    const text = await (await fetch(`${server.url}/metrics`)).text();
    return Number(
      text
        .split('\n')
        .find((line) => line.startsWith(name))
        ?.split(' ')
        .at(-1) ?? 0,
    );
  };
  const until = (isTrue: () => boolean | Promise<boolean>) => vi.waitUntil(isTrue, { timeout: 20_000 });
  const waiting = (count: number) =>
    until(async () => (await metric('parcelgraph_requests{state="waiting"}')) === count);
  /** One request that runs and calls the provider, which hangs, and one that waits. */
  const fill = async () => {
    hang();
    const before = calls();
    const runs = ask();
    await until(() => calls() > before);
    const waits = ask();
    await waiting(1);
    return { runs, waits };
  };

  it('refuses the one that waits longest with 503, Retry-After and a typed error, before a call', async () => {
    const { runs, waits } = await fill();
    const sent = calls();
    const next = ask();
    const refused = await waits.response;
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(await refused.json()).toEqual({
      errors: [
        {
          message: expect.stringMatching(/has not executed/),
          extensions: { code: 'OVERLOADED', hint: expect.any(String), retryable: true, retryAfterSeconds: 1 },
        },
      ],
    });
    expect(calls()).toBe(sent);
    expect(await metric('parcelgraph_requests_refused_total')).toBe(1);
    next.leave();
    runs.leave();
  });

  it('answers health checks and metrics, and is still ready: another replica would only have more to do', async () => {
    const { runs, waits } = await fill();
    for (const path of ['/healthz', '/readyz', '/metrics'])
      expect((await fetch(server.url + path)).status).toBe(200);
    waits.leave();
    runs.leave();
  });

  it('aborts the calls of a caller who leaves, and starts the one that waits', async () => {
    const aborted =
      'parcelgraph_provider_call_seconds_count{provider="usps",api="shipping-options",outcome="ABORTED"}';
    const { runs, waits } = await fill();
    const before = await metric(aborted);
    removeFault();
    runs.leave();
    expect((await waits.response).status).toBe(200);
    expect(await metric(aborted)).toBe(before + 1);
    const lines = server.log.map((line) => JSON.parse(line));
    expect(lines).toContainEqual(
      expect.objectContaining({ errors: ['CALLER_LEFT'], msg: 'request completed' }),
    );
    expect(lines.filter(({ level }) => level >= 50)).toEqual([]);
  });

  it('never starts the request of a caller who leaves while it waits', async () => {
    const { runs, waits } = await fill();
    waits.leave();
    await waiting(0);
    const next = ask();
    await waiting(1);
    const sent = calls();
    removeFault();
    runs.leave();
    expect((await next.response).status).toBe(200);
    expect(calls()).toBe(sent + 1);
  });

  it('says in the log when it begins to refuse requests, and when it has caught up', () => {
    const lines = server.log.map((line) => JSON.parse(line));
    expect(lines).toContainEqual(expect.objectContaining({ level: 40, msg: 'the server is overloaded and refuses requests', running: 1, waiting: 1 })); // prettier-ignore
    expect(lines).toContainEqual(expect.objectContaining({ level: 40, msg: 'the server has caught up with its requests', refused: 1 })); // prettier-ignore
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

import { systemClock } from '../../src/domain/clock.ts';
import { openConnections, timeout, type Connections, type HttpRequest } from '../../src/transport/http.ts';
import { createDeadline, extendDeadline } from '../../src/transport/deadline.ts';
import { retry, retryAfterMs, retryAfterSeconds, type RetryPolicy } from '../../src/transport/retry.ts';
import { testClock } from '../support/test-server.ts';
import { closeConnection, neverRespond, openProvider, respond, type Provider } from './server.ts';

const start = Date.parse('2026-11-18T18:00:00Z');
let provider: Provider;
let connections: Connections;
beforeAll(async () => {
  provider = await openProvider();
  connections = openConnections();
});
afterAll(async () => {
  await provider.close();
  await connections.close();
});
beforeEach(() => void provider.requests.splice(0));

/** Sends over the network; `deadlineMs` is counted from the start. Returns the status or error code, the number of requests and the milliseconds waited. */
async function send(request: Partial<HttpRequest> = {}, policy?: RetryPolicy, deadlineMs?: number) {
  const clock = testClock(start);
  const { signal } = new AbortController();
  if (deadlineMs) extendDeadline(signal, createDeadline(deadlineMs, clock));
  const sent = retry(clock, policy)(timeout(connections.send))(provider.request(request), signal);
  const result = await sent.then((response) => response.status, (error: { code: string }) => error.code); // prettier-ignore
  return { result, requests: provider.requests.length, waited: clock.now() - start };
}

describe('a retry', () => {
  it('does not follow a successful response', async () => {
    provider.respondWith(respond(200));
    expect(await send()).toEqual({ result: 200, requests: 1, waited: 0 });
  });

  for (const code of [429, 500, 502, 503, 504]) {
    it(`follows a ${code} once, after a short pause`, async () => {
      provider.respondWith(respond(code), respond(200));
      const { result, requests, waited } = await send();
      expect({ result, requests }).toEqual({ result: 200, requests: 2 });
      expect(waited).toBeGreaterThanOrEqual(100);
      expect(waited).toBeLessThan(300);
    });
  }

  for (const code of [400, 401, 403, 404, 408, 409, 422, 501]) {
    it(`does not follow a ${code}, since the response would be the same`, async () => {
      provider.respondWith(respond(code));
      expect(await send()).toEqual({ result: code, requests: 1, waited: 0 });
    });
  }

  it('is not waited for where it would pass the deadline, or leave too little time to ask again', async () => {
    const retryAfter2 = respond(429, { 'retry-after': '2' });
    for (const deadlineMs of [1_000, 2_300, 2_500]) {
      provider.requests.splice(0);
      provider.respondWith(retryAfter2, respond(200));
      expect(await send({}, {}, deadlineMs)).toEqual({ result: 429, requests: 1, waited: 0 });
    }
    provider.requests.splice(0);
    provider.respondWith(retryAfter2, respond(200));
    expect(await send({}, {}, 3_000)).toMatchObject({ result: 200, requests: 2 });
  });

  it('that is not answered before the deadline ends with the response before it', async () => {
    provider.respondWith(respond(429), neverRespond);
    expect(await send({}, {}, 1_000)).toMatchObject({ result: 429, requests: 2 });
    provider.requests.splice(0);
    provider.respondWith(closeConnection, neverRespond);
    expect(await send({}, {}, 1_000)).toMatchObject({ result: 'UNAVAILABLE', requests: 2 });
  });

  it('follows the lost response of a repeatable request', async () => {
    provider.respondWith(closeConnection, respond(200));
    expect(await send()).toMatchObject({ result: 200, requests: 2 });
  });

  it('does not follow a time-out', async () => {
    provider.respondWith(neverRespond);
    expect(await send({ timeoutMs: 30 })).toEqual({ result: 'TIMEOUT', requests: 1, waited: 0 });
  });

  it('returns the result of the last attempt', async () => {
    provider.respondWith(respond(503));
    expect(await send()).toMatchObject({ result: 503, requests: 2 });
    provider.respondWith(closeConnection);
    expect(await send({}, { attempts: 3 })).toMatchObject({ result: 'UNAVAILABLE', requests: 2 + 3 });
  });

  it('waits longer after each attempt', async () => {
    provider.respondWith(respond(503));
    const { requests, waited } = await send({}, { attempts: 4 });
    expect(requests).toBe(4);
    expect(waited).toBeGreaterThanOrEqual(100 + 200 + 400);
    expect(waited).toBeLessThan(300 + 600 + 1200);
  });
});

describe('a request that may move money', () => {
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'] as const) {
    it(`is sent once as ${method}, whatever the response`, async () => {
      for (const handler of [respond(503), respond(429, { 'retry-after': '0' }), closeConnection]) {
        provider.requests.splice(0);
        provider.respondWith(handler, respond(200));
        expect(await send({ method, body: 'buy' }, { attempts: 5 })).toMatchObject({
          requests: 1,
          waited: 0,
        });
      }
    });
  }

  it('is retried where its adapter marks it repeatable', async () => {
    provider.respondWith(closeConnection, respond(200));
    expect(await send({ method: 'POST', repeatable: true })).toMatchObject({ result: 200, requests: 2 });
    expect(provider.requests).toEqual(['POST /parcels?zip=94107', 'POST /parcels?zip=94107']);
  });

  it('is not retried as GET where its adapter marks it not repeatable', async () => {
    provider.respondWith(respond(503));
    expect(await send({ repeatable: false })).toMatchObject({ result: 503, requests: 1 });
  });
});

describe('Retry-After', () => {
  it('in seconds delays the retry', async () => {
    provider.respondWith(respond(429, { 'retry-after': '3' }), respond(200));
    const { result, requests, waited } = await send();
    expect({ result, requests }).toEqual({ result: 200, requests: 2 });
    expect(waited).toBeGreaterThanOrEqual(3000);
    expect(waited).toBeLessThan(3300);
  });

  it('as a date delays the retry', async () => {
    provider.respondWith(respond(503, { 'retry-after': 'Wed, 18 Nov 2026 18:00:04 GMT' }), respond(200));
    const { result, waited } = await send();
    expect(result).toBe(200);
    expect(waited).toBeGreaterThanOrEqual(4000);
    expect(waited).toBeLessThan(4300);
  });

  it('that is too long returns the response at once', async () => {
    provider.respondWith(respond(429, { 'retry-after': '6' }), respond(200));
    expect(await send()).toEqual({ result: 429, requests: 1, waited: 0 });
    expect(await send({}, { longestWaitMs: 7_000 })).toMatchObject({ result: 200, requests: 2 });
  });

  const read = (text: string | string[] | undefined) => {
    const response = { headers: { 'retry-after': text } };
    return [retryAfterMs(response, start), retryAfterSeconds(response, start)];
  };

  it('is read as a number or a date, in milliseconds or whole seconds', () => {
    expect(read('120')).toEqual([120_000, 120]);
    expect(read(' 1 ')).toEqual([1000, 1]);
    expect(read(['7', '8'])).toEqual([7000, 7]);
    expect(read('Wed, 18 Nov 2026 18:01:00 GMT')).toEqual([60_000, 60]);
    const response = { headers: { 'retry-after': 'Wed, 18 Nov 2026 18:00:02 GMT' } };
    expect(retryAfterSeconds(response, start + 500)).toBe(2);
  });

  it('in the past means now', () => {
    expect(read('Wed, 18 Nov 2026 17:00:00 GMT')).toEqual([0, 0]);
  });

  it('is undefined where it is missing or unreadable', () => {
    for (const text of [undefined, '', 'soon']) expect(read(text)).toEqual([undefined, undefined]);
  });

  it('is limited to one day', () => {
    for (const text of ['86401', '9'.repeat(30), '9'.repeat(400), 'Wed, 18 Nov 2126 18:00:00 GMT']) {
      expect(read(text)).toEqual([86_400_000, 86_400]);
    }
  });
});

describe('a disconnected caller', () => {
  it('ends the pause at once, without a retry', async () => {
    const caller = new AbortController();
    provider.respondWith(respond(503, { 'retry-after': '5' }));
    const sleep = vi.fn(systemClock.sleep);
    const clock = { now: systemClock.now, sleep };
    const sent = retry(clock)(connections.send)(provider.request(), caller.signal);
    await vi.waitFor(() => expect(sleep).toHaveBeenCalledOnce());
    const abortedAt = performance.now();
    caller.abort(new Error('the caller disconnected'));
    await expect(sent).rejects.toThrow('the caller disconnected');
    expect(performance.now() - abortedAt).toBeLessThan(1000);
    expect(provider.requests).toHaveLength(1);
  });

  it('sends no request', async () => {
    await expect(
      retry(testClock())(connections.send)(provider.request(), AbortSignal.abort(new Error('aborted'))),
    ).rejects.toThrow('aborted');
    expect(provider.requests).toHaveLength(0);
  });
});

describe('the system clock', () => {
  it('rejects at once where the signal is aborted already', async () => {
    await expect(systemClock.sleep(60_000, AbortSignal.abort(new Error('aborted')))).rejects.toThrow(
      'aborted',
    );
  });

  it('removes its listener from the signal', async () => {
    const { signal } = new AbortController();
    const remove = vi.spyOn(signal, 'removeEventListener');
    await systemClock.sleep(1, signal);
    expect(remove).toHaveBeenCalledOnce();
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

import { systemClock } from '../../src/domain/clock.ts';
import { openConnections, timeout, type Connections, type Request } from '../../src/transport/http.ts';
import { retry, retryAfterMs, retryAfterSeconds, type RetryPolicy } from '../../src/transport/retry.ts';
import { testClock } from '../support/test-server.ts';
import { hangUp, openProvider, silence, status, type Provider } from './server.ts';

const nobodyLeaves = new AbortController().signal;
const start = Date.parse('2026-11-18T18:00:00Z');
let provider: Provider;
let wire: Connections;
beforeAll(async () => {
  provider = await openProvider();
  wire = openConnections();
});
afterAll(async () => {
  await provider.close();
  await wire.close();
});
beforeEach(() => void provider.knocks.splice(0));

/** Sends over the network and tells what came, how often we knocked and how long we would have waited. */
async function send(request: Partial<Request> = {}, policy?: RetryPolicy) {
  const clock = testClock(start);
  const sent = retry(clock, policy)(timeout(wire.send))(provider.request(request), nobodyLeaves);
  const came = await sent.then((answer) => answer.status, (error: { code: string }) => error.code); // prettier-ignore
  return { came, knocks: provider.knocks.length, waited: clock.now() - start };
}

describe('asking again', () => {
  it('is not needed where the answer is good', async () => {
    provider.answer(status(200));
    expect(await send()).toEqual({ came: 200, knocks: 1, waited: 0 });
  });

  for (const code of [429, 500, 502, 503, 504]) {
    it(`follows a ${code}, once, after a short pause`, async () => {
      provider.answer(status(code), status(200));
      const { came, knocks, waited } = await send();
      expect({ came, knocks }).toEqual({ came: 200, knocks: 2 });
      expect(waited).toBeGreaterThanOrEqual(100);
      expect(waited).toBeLessThan(300);
    });
  }

  for (const code of [400, 401, 403, 404, 408, 409, 422, 501]) {
    it(`does not follow a ${code}: the same question has the same answer`, async () => {
      provider.answer(status(code));
      expect(await send()).toEqual({ came: code, knocks: 1, waited: 0 });
    });
  }

  it('follows a lost answer, where asking does nothing', async () => {
    provider.answer(hangUp, status(200));
    expect(await send()).toMatchObject({ came: 200, knocks: 2 });
  });

  it('does not follow a timeout: whoever waited that long does not want to wait it again', async () => {
    provider.answer(silence);
    expect(await send({ timeoutMs: 30 })).toEqual({ came: 'TIMEOUT', knocks: 1, waited: 0 });
  });

  it('ends with the last attempt, and hands on what that brought', async () => {
    provider.answer(status(503));
    expect(await send()).toMatchObject({ came: 503, knocks: 2 });
    provider.answer(hangUp);
    expect(await send({}, { attempts: 3 })).toMatchObject({ came: 'UNAVAILABLE', knocks: 2 + 3 });
  });

  it('pauses longer each time', async () => {
    provider.answer(status(503));
    const { knocks, waited } = await send({}, { attempts: 4 });
    expect(knocks).toBe(4);
    expect(waited).toBeGreaterThanOrEqual(100 + 200 + 400);
    expect(waited).toBeLessThan(300 + 600 + 1200);
  });
});

describe('what may have moved money is sent once', () => {
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'] as const) {
    it(`${method}, whatever comes of it`, async () => {
      for (const outcome of [status(503), status(429, { 'retry-after': '0' }), hangUp]) {
        provider.knocks.splice(0);
        provider.answer(outcome, status(200));
        expect(await send({ method, body: 'buy' }, { attempts: 5 })).toMatchObject({ knocks: 1, waited: 0 });
      }
    });
  }

  it('unless its adapter marks it harmless', async () => {
    provider.answer(hangUp, status(200));
    expect(await send({ method: 'POST', repeatable: true })).toMatchObject({ came: 200, knocks: 2 });
    expect(provider.knocks).toEqual(['POST /parcels?zip=94107', 'POST /parcels?zip=94107']);
  });

  it('and so is a GET that its adapter marks', async () => {
    provider.answer(status(503));
    expect(await send({ repeatable: false })).toMatchObject({ came: 503, knocks: 1 });
  });
});

describe('Retry-After', () => {
  it('in seconds is waited for', async () => {
    provider.answer(status(429, { 'retry-after': '3' }), status(200));
    const { came, knocks, waited } = await send();
    expect({ came, knocks }).toEqual({ came: 200, knocks: 2 });
    expect(waited).toBeGreaterThanOrEqual(3000);
    expect(waited).toBeLessThan(3300);
  });

  it('as a date is waited for', async () => {
    provider.answer(status(503, { 'retry-after': 'Wed, 18 Nov 2026 18:00:04 GMT' }), status(200));
    const { came, waited } = await send();
    expect(came).toBe(200);
    expect(waited).toBeGreaterThanOrEqual(4000);
    expect(waited).toBeLessThan(4300);
  });

  it('that asks for more patience than we have is passed on at once', async () => {
    provider.answer(status(429, { 'retry-after': '6' }), status(200));
    expect(await send()).toEqual({ came: 429, knocks: 1, waited: 0 });
    expect(await send({}, { longestWaitMs: 7_000 })).toMatchObject({ came: 200, knocks: 2 });
  });

  const read = (text: string | string[] | undefined) => {
    const answer = { headers: { 'retry-after': text } };
    return [retryAfterMs(answer, start), retryAfterSeconds(answer, start)];
  };

  it('is read whether it is a number or a date, in whole seconds where people see it', () => {
    expect(read('120')).toEqual([120_000, 120]);
    expect(read(' 1 ')).toEqual([1000, 1]);
    expect(read(['7', '8'])).toEqual([7000, 7]);
    expect(read('Wed, 18 Nov 2026 18:01:00 GMT')).toEqual([60_000, 60]);
    const answer = { headers: { 'retry-after': 'Wed, 18 Nov 2026 18:00:02 GMT' } };
    expect(retryAfterSeconds(answer, start + 500)).toBe(2);
  });

  it('that is over is now', () => {
    expect(read('Wed, 18 Nov 2026 17:00:00 GMT')).toEqual([0, 0]);
  });

  it('is nothing where it is missing or says nothing', () => {
    for (const text of [undefined, '', 'soon']) expect(read(text)).toEqual([undefined, undefined]);
  });

  it('never keeps us away for more than a day', () => {
    for (const text of ['86401', '9'.repeat(30), '9'.repeat(400), 'Wed, 18 Nov 2126 18:00:00 GMT']) {
      expect(read(text)).toEqual([86_400_000, 86_400]);
    }
  });
});

describe('a caller who leaves', () => {
  it('ends the pause at once, and nobody is asked again', async () => {
    const caller = new AbortController();
    provider.answer(status(503, { 'retry-after': '5' }));
    const pauses = vi.fn(systemClock.sleep);
    const clock = { now: systemClock.now, sleep: pauses };
    const sent = retry(clock)(wire.send)(provider.request(), caller.signal);
    await vi.waitFor(() => expect(pauses).toHaveBeenCalledOnce());
    const left = performance.now();
    caller.abort(new Error('the caller left'));
    await expect(sent).rejects.toThrow('the caller left');
    expect(performance.now() - left).toBeLessThan(1000);
    expect(provider.knocks).toHaveLength(1);
  });

  it('before anything was sent is not sent for', async () => {
    await expect(
      retry(testClock())(wire.send)(provider.request(), AbortSignal.abort(new Error('gone'))),
    ).rejects.toThrow('gone');
    expect(provider.knocks).toHaveLength(0);
  });
});

describe('the real clock', () => {
  it('does not begin to wait for a caller who has left', async () => {
    await expect(systemClock.sleep(60_000, AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
  });

  it('leaves no listener behind on a signal that outlives the wait', async () => {
    const { signal } = new AbortController();
    const remove = vi.spyOn(signal, 'removeEventListener');
    await systemClock.sleep(1, signal);
    expect(remove).toHaveBeenCalledOnce();
  });
});

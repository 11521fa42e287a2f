import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { ProviderError } from '../../src/domain/errors.ts';
import { openConnections, timeout, type Connections } from '../../src/transport/http.ts';
import { hangUp, openProvider, silence, status, type Provider } from './server.ts';

const nobodyLeaves = new AbortController().signal;
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

const failureOf = (sent: Promise<unknown>): Promise<ProviderError> =>
  sent.then(
    () => expect.unreachable('it was answered'),
    (error: unknown) => error as ProviderError,
  );

describe('a call', () => {
  it('sends what it is given, and any status is an answer', async () => {
    provider.answer((request, response) => {
      let body = '';
      request.on('data', (part) => (body += part));
      request.on('end', () =>
        response
          .writeHead(418, { 'x-said': String(request.headers['x-asked']) })
          .end(`${request.method} ${body}`),
      );
    });
    const answer = await wire.send(
      provider.request({ method: 'PUT', headers: { 'x-asked': 'tea' }, body: 'two cups' }),
      nobodyLeaves,
    );
    expect(answer.status).toBe(418);
    expect(answer.headers['x-said']).toBe('tea');
    expect(answer.body.toString()).toBe('PUT two cups');
  });

  it('does not follow a redirect, since credentials would go along', async () => {
    provider.answer(status(302, { location: `${provider.origin}/elsewhere` }));
    expect((await wire.send(provider.request(), nobodyLeaves)).status).toBe(302);
    expect(provider.knocks).toHaveLength(1);
  });

  it('that reaches nobody is refused: nothing can have happened', async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    for (const host of ['127.0.0.1', 'localhost']) {
      const url = new URL(`http://${host}:${port}/labels?zip=94107`);
      const error = await failureOf(wire.send(provider.request({ method: 'POST', url }), nobodyLeaves));
      expect(error).toMatchObject({
        name: 'ProviderError',
        code: 'UNAVAILABLE',
        refused: true,
        retryable: true,
      });
      expect(error.message).toBe(`${host}:${port} could not be reached (ECONNREFUSED)`);
    }
  });

  it('to a host that has no address is refused too', async () => {
    const url = new URL('http://no-such-provider.invalid/');
    const error = await failureOf(wire.send(provider.request({ url }), nobodyLeaves));
    expect(error).toMatchObject({ code: 'UNAVAILABLE', refused: true });
  });

  it('whose answer was lost is not refused: it may have been acted upon', async () => {
    provider.answer(hangUp);
    const error = await failureOf(wire.send(provider.request({ method: 'POST', body: 'buy' }), nobodyLeaves));
    expect(error).toMatchObject({ name: 'ProviderError', code: 'UNAVAILABLE', refused: false });
    expect(provider.knocks).toEqual(['POST /parcels?zip=94107']);
  });

  it('whose answer breaks off in the middle is not refused either', async () => {
    provider.answer((request, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('half of a la', () => request.socket.destroy());
    });
    expect(await failureOf(wire.send(provider.request({ method: 'POST' }), nobodyLeaves))).toMatchObject({
      code: 'UNAVAILABLE',
      refused: false,
    });
  });

  it('does not read an answer without end', async () => {
    provider.answer((_, response) => {
      response.on('error', () => {});
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(1024 * 1024)));
      };
      response.on('drain', more);
      more();
    });
    expect(await failureOf(wire.send(provider.request(), nobodyLeaves))).toMatchObject({
      code: 'UNAVAILABLE',
    });
  });

  it('ends at once when nobody waits for it any more, with the reason that they gave', async () => {
    const caller = new AbortController();
    provider.answer(() => caller.abort(new Error('the caller left')));
    await expect(wire.send(provider.request(), caller.signal)).rejects.toThrow('the caller left');
    await expect(wire.send(provider.request(), caller.signal)).rejects.toThrow('the caller left');
    expect(provider.knocks).toHaveLength(1);
  });

  it('hides where it went but for the host: paths and queries hold addresses', async () => {
    provider.answer(hangUp);
    const error = await failureOf(timeout(wire.send)(provider.request(), nobodyLeaves));
    expect(error.message).not.toMatch(/94107|parcels/);
    expect(error.message).toContain(new URL(provider.origin).host);
  });
});

describe('a timeout', () => {
  it('gives every call an end, and does not say that nothing happened', async () => {
    provider.answer(silence);
    const error = await failureOf(timeout(wire.send)(provider.request({ timeoutMs: 50 }), nobodyLeaves));
    expect(error).toMatchObject({ name: 'ProviderError', code: 'TIMEOUT', refused: false, retryable: true });
    expect(error.message).toBe(`${new URL(provider.origin).host} did not answer within 0.05 s`);
    expect(error.message).not.toContain('94107');
  });

  it('counts until the last byte', async () => {
    provider.answer((_, response) => void response.writeHead(200).write('and then'));
    expect(
      await failureOf(timeout(wire.send)(provider.request({ timeoutMs: 50 }), nobodyLeaves)),
    ).toMatchObject({
      code: 'TIMEOUT',
    });
  });

  it('leaves answers, failures and callers who leave as they are', async () => {
    provider.answer(status(503));
    expect((await timeout(wire.send)(provider.request(), nobodyLeaves)).status).toBe(503);
    provider.answer(hangUp);
    expect(await failureOf(timeout(wire.send)(provider.request(), nobodyLeaves))).toMatchObject({
      code: 'UNAVAILABLE',
    });
    const caller = new AbortController();
    provider.answer(() => caller.abort(new Error('the caller left')));
    await expect(timeout(wire.send)(provider.request(), caller.signal)).rejects.toThrow('the caller left');
  });
});

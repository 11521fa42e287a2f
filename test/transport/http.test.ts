import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

import type { ProviderError } from '../../src/domain/errors.ts';
import { openConnections, timeout, type Connections } from '../../src/transport/http.ts';
import {
  closeConnection,
  neverAborted,
  neverRespond,
  openProvider,
  respond,
  type Provider,
} from './server.ts';

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

const errorOf = (sent: Promise<unknown>): Promise<ProviderError> =>
  sent.then(
    () => expect.unreachable('the request did not fail'),
    (error: unknown) => error as ProviderError,
  );

describe('a request', () => {
  it('is sent as given, and a response with any status is returned', async () => {
    provider.respondWith((request, response) => {
      let body = '';
      request.on('data', (part) => (body += part));
      request.on('end', () =>
        response
          .writeHead(418, { 'x-response': String(request.headers['x-request']) })
          .end(`${request.method} ${body}`),
      );
    });
    const response = await connections.send(
      provider.request({ method: 'PUT', headers: { 'x-request': 'tea' }, body: 'two cups' }),
      neverAborted,
    );
    expect(response.status).toBe(418);
    expect(response.headers['x-response']).toBe('tea');
    expect(response.body.toString()).toBe('PUT two cups');
  });

  it('does not follow a redirect, which would send credentials to another host', async () => {
    provider.respondWith(respond(302, { location: `${provider.origin}/other` }));
    expect((await connections.send(provider.request(), neverAborted)).status).toBe(302);
    expect(provider.requests).toHaveLength(1);
  });

  it('that cannot connect is reported as not processed', async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    for (const host of ['127.0.0.1', 'localhost']) {
      const url = new URL(`http://${host}:${port}/labels?zip=94107`);
      const error = await errorOf(connections.send(provider.request({ method: 'POST', url }), neverAborted));
      expect(error).toMatchObject({
        name: 'ProviderError',
        code: 'UNAVAILABLE',
        refused: true,
        retryable: true,
      });
      expect(error.message).toBe(`${host}:${port} could not be reached (ECONNREFUSED)`);
    }
  });

  it('to an unknown host is reported as not processed', async () => {
    const url = new URL('http://no-such-provider.invalid/');
    const error = await errorOf(connections.send(provider.request({ url }), neverAborted));
    expect(error).toMatchObject({ code: 'UNAVAILABLE', refused: true });
  });

  it('whose response is lost may have been processed', async () => {
    provider.respondWith(closeConnection);
    const error = await errorOf(
      connections.send(provider.request({ method: 'POST', body: 'buy' }), neverAborted),
    );
    expect(error).toMatchObject({ name: 'ProviderError', code: 'UNAVAILABLE', refused: false });
    expect(provider.requests).toEqual(['POST /parcels?zip=94107']);
  });

  it('whose response is truncated may have been processed', async () => {
    provider.respondWith((request, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('half of a la', () => request.socket.destroy());
    });
    expect(await errorOf(connections.send(provider.request({ method: 'POST' }), neverAborted))).toMatchObject(
      {
        code: 'UNAVAILABLE',
        refused: false,
      },
    );
  });

  it('does not read an endless response', async () => {
    provider.respondWith((_, response) => {
      response.on('error', () => {});
      const writeMore = () => {
        while (!response.destroyed && response.write(Buffer.alloc(1024 * 1024)));
      };
      response.on('drain', writeMore);
      writeMore();
    });
    expect(await errorOf(connections.send(provider.request(), neverAborted))).toMatchObject({
      code: 'UNAVAILABLE',
    });
  });

  it('is aborted at once by its signal, with the signal’s reason', async () => {
    const caller = new AbortController();
    provider.respondWith(() => caller.abort(new Error('the caller disconnected')));
    await expect(connections.send(provider.request(), caller.signal)).rejects.toThrow(
      'the caller disconnected',
    );
    await expect(connections.send(provider.request(), caller.signal)).rejects.toThrow(
      'the caller disconnected',
    );
    expect(provider.requests).toHaveLength(1);
  });

  it('that fails names the host only, since paths and queries may contain addresses', async () => {
    provider.respondWith(closeConnection);
    const error = await errorOf(timeout(connections.send)(provider.request(), neverAborted));
    expect(error.message).not.toMatch(/94107|parcels/);
    expect(error.message).toContain(new URL(provider.origin).host);
  });
});

describe('the end of the process', () => {
  it('aborts a renewal of a token, and waits for every other request', async () => {
    const ending = new AbortController();
    const closed = openConnections(ending.signal);
    provider.respondWith(neverRespond);
    const renewal = closed.send(provider.request({ abortAtEnd: true }), neverAborted);
    await vi.waitFor(() => expect(provider.requests).toHaveLength(1));
    const answers: (() => void)[] = [];
    provider.respondWith((_, response) => void answers.push(() => response.end('label')));
    const purchase = closed.send(provider.request({ method: 'POST' }), neverAborted);
    await vi.waitFor(() => expect(answers).toHaveLength(1));
    ending.abort(new Error('the process ends'));
    const close = closed.close();
    await expect(renewal).rejects.toThrow('the process ends');
    answers[0]!();
    expect((await purchase).body.toString()).toBe('label');
    await close;
  });
});

describe('a timeout', () => {
  it('fails a request that may have been processed', async () => {
    provider.respondWith(neverRespond);
    const error = await errorOf(timeout(connections.send)(provider.request({ timeoutMs: 50 }), neverAborted));
    expect(error).toMatchObject({ name: 'ProviderError', code: 'TIMEOUT', refused: false, retryable: true });
    expect(error.message).toBe(`${new URL(provider.origin).host} did not respond within 0.05 s`);
    expect(error.message).not.toContain('94107');
  });

  it('includes the response body', async () => {
    provider.respondWith((_, response) => void response.writeHead(200).write('and then'));
    expect(
      await errorOf(timeout(connections.send)(provider.request({ timeoutMs: 50 }), neverAborted)),
    ).toMatchObject({
      code: 'TIMEOUT',
    });
  });

  it('does not change responses, other errors and aborts', async () => {
    provider.respondWith(respond(503));
    expect((await timeout(connections.send)(provider.request(), neverAborted)).status).toBe(503);
    provider.respondWith(closeConnection);
    expect(await errorOf(timeout(connections.send)(provider.request(), neverAborted))).toMatchObject({
      code: 'UNAVAILABLE',
    });
    const caller = new AbortController();
    provider.respondWith(() => caller.abort(new Error('the caller disconnected')));
    await expect(timeout(connections.send)(provider.request(), caller.signal)).rejects.toThrow(
      'the caller disconnected',
    );
  });
});

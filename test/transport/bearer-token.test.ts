import { describe, expect, it, vi } from 'vitest';

import { ProviderError } from '../../src/domain/errors.ts';
import { bearer, type Token } from '../../src/transport/bearer-token.ts';
import { clientCredentials } from '../../src/transport/client-credentials.ts';
import type { HttpResponse, Send } from '../../src/transport/http.ts';
import { quota } from '../../src/transport/quota.ts';
import { testClock } from '../support/test-server.ts';
import { memoryQuotas, memoryTokens } from '../support/stores.ts';
import { neverAborted } from './server.ts';

const minute = 60_000;
const hour = 60 * minute;
const responseOf = (status: number, body = ''): HttpResponse => ({
  status,
  headers: {},
  body: Buffer.from(body),
});

/**
 * A provider that grants tokens on one path and accepts them on every other. `fetches` has the time of each token request,
 * `sentTokens` the token of every other request.
 */
function provider(
  options: {
    lifetimeMs?: number;
    quota?: number;
    tokens?: ReturnType<typeof memoryTokens>;
    blocks?: boolean;
  } = {},
) {
  const { lifetimeMs = 8 * hour, tokens = memoryTokens() } = options;
  const clock = testClock('2026-11-18T18:00:00Z');
  const fetches: number[] = [];
  const sentTokens: string[] = [];
  const responses = {
    grant: async (): Promise<{ scope?: string[] }> => ({}),
    accept: async (_token: string): Promise<HttpResponse> => responseOf(200),
  };
  const network: Send = async ({ url, headers }) => {
    if (url.pathname === '/token') {
      fetches.push(clock.now());
      return responseOf(200, JSON.stringify(await responses.grant()));
    }
    sentTokens.push(headers!['authorization']!);
    return responses.accept(headers!['authorization']!);
  };
  const metered = quota(memoryQuotas(clock), clock, (api) => ({
    key: 'usps',
    api,
    limit: options.quota ?? 1000,
    windowMs: hour,
  }))(network);
  const layer = bearer({
    key: 'acme usps',
    tokens,
    clock,
    async fetchToken(next, signal) {
      const response = await next(
        { api: 'oauth', method: 'POST', url: new URL('http://127.0.0.1/token') },
        signal,
      );
      const receivedAt = clock.now();
      const grant = JSON.parse(response.body.toString()) as { scope?: string[] };
      return { value: `token ${fetches.length}`, receivedAt, expiresAt: receivedAt + lifetimeMs, ...grant };
    },
    header: (token) => ({ authorization: token.value }),
    rejectsToken: (response) => response.status === 401,
    blocksApi: (response) => options.blocks === true && response.status === 401,
    check(token, { api }) {
      if (token.scope?.includes(api) === false)
        throw new ProviderError('SCOPE_MISSING', `no scope for ${api}`);
    },
  })(metered);
  const send = (api = 'tracking', signal = neverAborted) =>
    layer({ api, method: 'GET', url: new URL('http://127.0.0.1/parcels') }, signal);
  return { send, layer, clock, fetches, sentTokens, responses, tokens };
}

const rejectCredentials = () => Promise.reject(new ProviderError('CREDENTIALS_REJECTED', 'unknown client'));

describe('a token', () => {
  it('is fetched once and sent with every request', async () => {
    const { send, fetches, sentTokens } = provider();
    for (let call = 0; call < 3; call++) expect((await send()).status).toBe(200);
    expect(fetches).toHaveLength(1);
    expect(sentTokens).toEqual(['token 1', 'token 1', 'token 1']);
  });

  it('is fetched once for 300 concurrent requests', async () => {
    const { send, fetches, sentTokens } = provider();
    await Promise.all(Array.from({ length: 300 }, () => send()));
    expect(fetches).toHaveLength(1);
    expect(sentTokens).toEqual(Array.from({ length: 300 }, () => 'token 1'));
  });

  it('is fetched for the remaining callers when one disconnects', async () => {
    const { send, responses, sentTokens } = provider();
    const granted = Promise.withResolvers<{ scope?: string[] }>();
    responses.grant = () => granted.promise;
    const caller = new AbortController();
    const aborted = send('tracking', caller.signal);
    const other = send();
    caller.abort(new Error('the caller disconnected'));
    granted.resolve({});
    await expect(aborted).rejects.toThrow('the caller disconnected');
    expect((await other).status).toBe(200);
    expect(sentTokens).toHaveLength(1);
  });

  it('that cannot be fetched fails the request as not sent, even where the token request may have been processed', async () => {
    const { send, responses, sentTokens } = provider();
    const lost = new ProviderError('TIMEOUT', 'no response', { refused: false, hint: 'wait' });
    responses.grant = () => Promise.reject(lost);
    await expect(send()).rejects.toMatchObject({ code: 'TIMEOUT', refused: true, hint: 'wait', cause: lost });
    expect(sentTokens).toEqual([]);
  });

  it('lasts from its request, however late its response arrives', async () => {
    const clock = testClock('2026-11-18T18:00:00Z');
    const { fetchToken } = clientCredentials({
      url: new URL('http://127.0.0.1/token'),
      clientId: 'id',
      clientSecret: 'secret',
      clock,
      toError: () => new ProviderError('UNREADABLE', 'no token'),
    });
    const requestedAt = clock.now();
    const late: Send = async () => {
      clock.advance(20_000);
      return responseOf(200, '{"access_token": "token", "expires_in": 60}');
    };
    expect(await fetchToken(late, neverAborted)).toMatchObject({
      receivedAt: requestedAt + 20_000,
      expiresAt: requestedAt + 60_000,
    });
  });

  it('uses quota as every call does', async () => {
    const { send, responses, fetches } = provider({ quota: 2 });
    responses.grant = () => Promise.reject(new ProviderError('UNAVAILABLE', 'down'));
    for (let call = 0; call < 2; call++) await expect(send()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await expect(send()).rejects.toMatchObject({ code: 'QUOTA_EXHAUSTED' });
    expect(fetches).toHaveLength(2);
  });
});

describe('the early renewal of a token', () => {
  for (const [lifetime, lifetimeMs, ahead] of [
    ['eight hours', 8 * hour, 30 * minute],
    ['one hour', hour, 6 * minute],
    ['five hours', 5 * hour, 30 * minute],
  ] as const) {
    it(`happens ${ahead / minute} minutes before a lifetime of ${lifetime} ends`, async () => {
      const { send, clock, fetches } = provider({ lifetimeMs });
      await send();
      clock.advance(lifetimeMs - ahead - 1);
      await send();
      expect(fetches).toHaveLength(1);
      clock.advance(1);
      await send();
      await vi.waitFor(() => expect(fetches).toHaveLength(2));
    });
  }

  it('does not delay requests, which use the old token meanwhile', async () => {
    const { send, clock, responses, sentTokens, fetches } = provider();
    await send();
    clock.advance(7.75 * hour);
    const granted = Promise.withResolvers<{ scope?: string[] }>();
    responses.grant = () => granted.promise;
    await Promise.all(Array.from({ length: 50 }, () => send()));
    expect(fetches).toHaveLength(2);
    granted.resolve({});
    await vi.waitFor(async () => {
      await send();
      expect(sentTokens.at(-1)).toBe('token 2');
    });
    expect(new Set(sentTokens.slice(0, 51))).toEqual(new Set(['token 1']));
    expect(fetches).toHaveLength(2);
  });

  it('is retried once a minute after a failure, while the old token stays in use', async () => {
    const { send, clock, responses, fetches } = provider();
    await send();
    clock.advance(7.5 * hour);
    responses.grant = () => Promise.reject(new ProviderError('UNAVAILABLE', 'down'));
    for (let second = 0; second < 120; second++) {
      expect((await send()).status).toBe(200);
      clock.advance(1000);
    }
    expect(fetches).toHaveLength(3);
    clock.advance(hour);
    await expect(send()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });

  it('is followed by a renewal where the token has expired', async () => {
    const { send, clock, sentTokens } = provider();
    await send();
    clock.advance(8 * hour);
    await Promise.all([send(), send()]);
    expect(sentTokens).toEqual(['token 1', 'token 2', 'token 2']);
  });

  it('is repeated where the token that another replica fetched has expired too', async () => {
    const tokens = memoryTokens();
    const tokenOf = (value: string, receivedAt: number): Token => ({
      value,
      receivedAt,
      expiresAt: receivedAt + hour,
    });
    const { send, clock, sentTokens, fetches } = provider({
      tokens: { ...tokens, read: async () => tokenOf('ours', 0) },
    });
    await tokens.renew('acme usps', undefined, async () => tokenOf('theirs', clock.now() - 2 * hour));
    await send();
    expect(sentTokens).toEqual(['token 1']);
    expect(fetches).toHaveLength(1);
  });
});

describe('a token that the provider rejects', () => {
  it('is replaced once, and the request is sent again', async () => {
    const { send, clock, responses, sentTokens, fetches } = provider();
    await send();
    clock.advance(hour);
    responses.accept = async (token) => responseOf(token === 'token 1' ? 401 : 200);
    expect((await send()).status).toBe(200);
    expect(sentTokens).toEqual(['token 1', 'token 1', 'token 2']);
    expect(fetches).toHaveLength(2);
  });

  it('is replaced once for all requests that were rejected with it', async () => {
    const { send, clock, responses, fetches } = provider();
    await send();
    clock.advance(hour);
    responses.accept = async (token) => responseOf(token === 'token 1' ? 401 : 200);
    const results = await Promise.all(Array.from({ length: 50 }, () => send()));
    expect(results.map(({ status }) => status)).toEqual(Array.from({ length: 50 }, () => 200));
    expect(fetches).toHaveLength(2);
  });

  it('is not replaced again where its successor is rejected too', async () => {
    const { send, clock, responses, sentTokens, fetches } = provider();
    await send();
    clock.advance(hour);
    responses.accept = async () => responseOf(401);
    expect((await send()).status).toBe(401);
    expect(sentTokens).toHaveLength(3);
    for (let call = 0; call < 5; call++) expect((await send()).status).toBe(401);
    expect(sentTokens).toHaveLength(8);
    expect(fetches).toHaveLength(2);
  });

  it('is replaced whatever its age', async () => {
    const { send, responses, sentTokens } = provider();
    await send();
    responses.accept = async (token) => responseOf(token === 'token 1' ? 401 : 200);
    expect((await send()).status).toBe(200);
    expect(sentTokens).toEqual(['token 1', 'token 1', 'token 2']);
  });

  it('is replaced at most once a minute, however many requests were rejected', async () => {
    const { send, clock, responses, fetches } = provider();
    responses.accept = async () => responseOf(401);
    const sendMany = async () => {
      const results = await Promise.all(Array.from({ length: 20 }, () => send()));
      expect(new Set(results.map(({ status }) => status))).toEqual(new Set([401]));
    };
    await sendMany();
    expect(fetches).toHaveLength(2);
    clock.advance(minute - 1);
    await sendMany();
    expect(fetches).toHaveLength(2);
    clock.advance(1);
    await sendMany();
    expect(fetches).toHaveLength(3);
  });

  it('is not fetched again within the minute where its replacement could not be fetched', async () => {
    const { send, responses, fetches } = provider();
    await send();
    responses.accept = async () => responseOf(401);
    responses.grant = () => Promise.reject(new ProviderError('UNAVAILABLE', 'no token'));
    for (let call = 0; call < 5; call++) await expect(send()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(fetches).toHaveLength(2);
  });
});

describe('an API that rejects fresh tokens', () => {
  it('is called twice in five minutes and costs one renewal, whatever the number of requests', async () => {
    const { send, clock, responses, fetches, sentTokens } = provider({ blocks: true, quota: 60 });
    responses.accept = async () => responseOf(401, 'no');
    for (let request = 0; request < 70; request++) {
      const response = await send();
      expect([response.status, response.body.toString()]).toEqual([401, 'no']);
      clock.advance(50_000);
    }
    // Twelve times an hour, each with the stored token and with its replacement.
    expect(fetches).toHaveLength(13);
    expect(sentTokens).toHaveLength(24);
  });

  it('is blocked alone, and is called again after five minutes', async () => {
    const { send, layer, clock, responses, fetches, sentTokens } = provider({ blocks: true });
    responses.accept = async () => responseOf(401);
    expect((await send('tracking')).status).toBe(401);
    responses.accept = async () => responseOf(200);
    expect((await send('addresses')).status).toBe(200);
    clock.advance(5 * minute - 1);
    expect((await send('tracking')).status).toBe(401);
    expect((await layer.tokenState()).blocked).toEqual(['tracking']);
    expect(sentTokens).toHaveLength(3);
    clock.advance(1);
    expect((await layer.tokenState()).blocked).toEqual([]);
    expect((await send('tracking')).status).toBe(200);
    expect([fetches.length, sentTokens.length]).toEqual([2, 4]);
  });

  it('is not blocked for rejecting a token that has been replaced', async () => {
    const { send, layer, clock, responses } = provider({ blocks: true });
    await send();
    clock.advance(hour);
    responses.accept = async (token) => responseOf(token === 'token 1' ? 401 : 200);
    expect((await send()).status).toBe(200);
    expect(await layer.tokenState()).toMatchObject({ blocked: [], accepted: ['tracking'] });
  });
});

describe('credentials that the provider rejects', () => {
  it('are not sent again for five minutes', async () => {
    const { send, clock, responses, fetches } = provider();
    responses.grant = rejectCredentials;
    for (let call = 0; call < 10; call++)
      await expect(send()).rejects.toMatchObject({ code: 'CREDENTIALS_REJECTED' });
    expect(fetches).toHaveLength(1);
    clock.advance(5 * minute - 1);
    await expect(send()).rejects.toMatchObject({ code: 'CREDENTIALS_REJECTED', message: 'unknown client' });
    expect(fetches).toHaveLength(1);
    clock.advance(1);
    responses.grant = async () => ({});
    expect((await send()).status).toBe(200);
    expect(fetches).toHaveLength(2);
  });

  it('are sent once for 300 concurrent requests, which all fail alike', async () => {
    const { send, responses, fetches } = provider();
    responses.grant = rejectCredentials;
    const settled = await Promise.allSettled(Array.from({ length: 300 }, () => send()));
    expect(
      new Set(settled.map((result) => (result.status === 'rejected' ? result.reason.code : 'sent'))),
    ).toEqual(new Set(['CREDENTIALS_REJECTED']));
    expect(fetches).toHaveLength(1);
  });

  it('do not affect a token that is still valid', async () => {
    const { send, clock, responses } = provider();
    await send();
    clock.advance(7.75 * hour);
    responses.grant = rejectCredentials;
    for (let call = 0; call < 5; call++) expect((await send()).status).toBe(200);
  });
});

describe('the state of a token', () => {
  it('is read without a call, and the token is fetched without a request', async () => {
    const { layer, fetches, sentTokens } = provider();
    expect(await layer.tokenState()).toEqual({
      token: undefined,
      refusal: undefined,
      blocked: [],
      accepted: [],
    });
    expect(fetches).toHaveLength(0);
    const token = await layer.token(neverAborted);
    expect(await layer.token(neverAborted)).toEqual(token);
    expect(await layer.tokenState()).toMatchObject({ token, refusal: undefined, blocked: [], accepted: [] });
    expect([fetches.length, sentTokens.length]).toEqual([1, 0]);
  });

  it('includes the rejection while the credentials are not sent', async () => {
    const { layer, clock, responses, fetches } = provider();
    responses.grant = rejectCredentials;
    for (let call = 0; call < 2; call++)
      await expect(layer.token(neverAborted)).rejects.toMatchObject({ code: 'CREDENTIALS_REJECTED' });
    expect(fetches).toHaveLength(1);
    expect((await layer.tokenState()).refusal).toMatchObject({ until: clock.now() + 5 * minute });
    clock.advance(5 * minute);
    expect((await layer.tokenState()).refusal).toBeUndefined();
  });
});

describe('a scope', () => {
  it('that the token lacks fails the request before it is sent', async () => {
    const { send, responses, sentTokens } = provider();
    responses.grant = async () => ({ scope: ['addresses'] });
    await expect(send('tracking')).rejects.toMatchObject({ code: 'SCOPE_MISSING' });
    expect(sentTokens).toEqual([]);
    expect((await send('addresses')).status).toBe(200);
  });

  it('that was added later is used after an hour', async () => {
    const { send, clock, responses, fetches, sentTokens } = provider();
    responses.grant = async () => ({ scope: ['addresses'] });
    await expect(send('tracking')).rejects.toMatchObject({ code: 'SCOPE_MISSING' });
    responses.grant = async () => ({ scope: ['addresses', 'tracking'] });
    clock.advance(hour - 1);
    await expect(send('tracking')).rejects.toMatchObject({ code: 'SCOPE_MISSING' });
    clock.advance(1);
    expect((await send('addresses')).status).toBe(200);
    expect(fetches).toHaveLength(1);
    const results = await Promise.all(Array.from({ length: 50 }, () => send('tracking')));
    expect(new Set(results.map(({ status }) => status))).toEqual(new Set([200]));
    expect(fetches).toHaveLength(2);
    expect(sentTokens.slice(1)).toEqual(Array(50).fill('token 2'));
  });

  it.each([
    ['lacks it', async () => ({ scope: ['addresses'] })],
    ['cannot be fetched', () => Promise.reject(new ProviderError('UNAVAILABLE', 'down'))],
  ])('that is never added costs one token an hour where the new token %s', async (_, grant) => {
    const { send, clock, responses, fetches, sentTokens } = provider();
    responses.grant = async () => ({ scope: ['addresses'] });
    await send('addresses');
    responses.grant = grant;
    for (let request = 0; request < 6 * 60; request++) {
      await expect(send('tracking')).rejects.toMatchObject({ code: 'SCOPE_MISSING' });
      clock.advance(minute);
    }
    expect(fetches).toHaveLength(1 + 5);
    expect(sentTokens).toHaveLength(1);
  });

  it('that is empty covers nothing, and an unreported one covers everything', async () => {
    const { send, responses } = provider();
    responses.grant = async () => ({ scope: [] });
    await expect(send('addresses')).rejects.toMatchObject({ code: 'SCOPE_MISSING' });
    expect((await provider().send('tracking')).status).toBe(200);
  });
});

import { describe, expect, it, vi } from 'vitest';

import { ProviderError } from '../../src/domain/errors.ts';
import { bearer, type Token } from '../../src/transport/bearer-token.ts';
import type { Response, Send } from '../../src/transport/http.ts';
import { quota } from '../../src/transport/quota.ts';
import { testClock } from '../support/test-server.ts';
import { memoryQuotas, memoryTokens } from '../support/stores.ts';

const minute = 60_000;
const hour = 60 * minute;
const nobodyLeaves = new AbortController().signal;
const answered = (status: number, body = ''): Response => ({ status, headers: {}, body: Buffer.from(body) });

/** A provider that grants tokens on one path and takes them on every other; `mints` and `shown` are what it saw. */
function provider(
  options: {
    lifetimeMs?: number;
    quota?: number;
    tokens?: ReturnType<typeof memoryTokens>;
    bars?: boolean;
  } = {},
) {
  const { lifetimeMs = 8 * hour, tokens = memoryTokens() } = options;
  const clock = testClock('2026-11-18T18:00:00Z');
  const mints: number[] = [];
  const shown: string[] = [];
  const house = {
    grant: async (): Promise<{ scope?: string[] }> => ({}),
    take: async (_token: string): Promise<Response> => answered(200),
  };
  const wire: Send = async ({ url, headers }) => {
    if (url.pathname === '/token') {
      mints.push(clock.now());
      return answered(200, JSON.stringify(await house.grant()));
    }
    shown.push(headers!['authorization']!);
    return house.take(headers!['authorization']!);
  };
  const counted = quota(memoryQuotas(), clock, (api) => ({
    key: 'usps',
    api,
    limit: options.quota ?? 1000,
    windowMs: hour,
  }))(wire);
  const layer = bearer({
    key: 'acme usps',
    tokens,
    clock,
    async fetchToken(next, signal) {
      const answer = await next(
        { api: 'oauth', method: 'POST', url: new URL('http://127.0.0.1/token') },
        signal,
      );
      const receivedAt = clock.now();
      const grant = JSON.parse(answer.body.toString()) as { scope?: string[] };
      return { value: `token ${mints.length}`, receivedAt, expiresAt: receivedAt + lifetimeMs, ...grant };
    },
    header: (token) => ({ authorization: token.value }),
    refusesToken: (answer) => answer.status === 401,
    blocksApi: (answer) => options.bars === true && answer.status === 401,
    check(token, { api }) {
      if (token.scope?.includes(api) === false)
        throw new ProviderError('SCOPE_MISSING', `no scope for ${api}`);
    },
  })(counted);
  const send = (api = 'tracking', signal = nobodyLeaves) =>
    layer({ api, method: 'GET', url: new URL('http://127.0.0.1/parcels') }, signal);
  return { send, layer, clock, mints, shown, house, tokens };
}

const refusal = () => Promise.reject(new ProviderError('CREDENTIALS_REJECTED', 'who are you?'));

describe('a token', () => {
  it('is got once and shown on every call', async () => {
    const { send, mints, shown } = provider();
    for (let call = 0; call < 3; call++) expect((await send()).status).toBe(200);
    expect(mints).toHaveLength(1);
    expect(shown).toEqual(['token 1', 'token 1', 'token 1']);
  });

  it('is got once for three hundred who come at once', async () => {
    const { send, mints, shown } = provider();
    await Promise.all(Array.from({ length: 300 }, () => send()));
    expect(mints).toHaveLength(1);
    expect(shown).toEqual(Array.from({ length: 300 }, () => 'token 1'));
  });

  it('is not waited for any longer by a caller who leaves, but got for the others all the same', async () => {
    const { send, house, shown } = provider();
    const granted = Promise.withResolvers<{ scope?: string[] }>();
    house.grant = () => granted.promise;
    const caller = new AbortController();
    const left = send('tracking', caller.signal);
    const stayed = send();
    caller.abort(new Error('the caller left'));
    granted.resolve({});
    await expect(left).rejects.toThrow('the caller left');
    expect((await stayed).status).toBe(200);
    expect(shown).toHaveLength(1);
  });

  it('that can’t be got is a failure before anything was sent, whatever became of the token’s own call', async () => {
    const { send, house, shown } = provider();
    const lost = new ProviderError('TIMEOUT', 'no answer', { refused: false, hint: 'wait' });
    house.grant = () => Promise.reject(lost);
    await expect(send()).rejects.toMatchObject({ code: 'TIMEOUT', refused: true, hint: 'wait', cause: lost });
    expect(shown).toEqual([]);
  });

  it('pays quota as every call does', async () => {
    const { send, house, mints } = provider({ quota: 2 });
    house.grant = () => Promise.reject(new ProviderError('UNAVAILABLE', 'down'));
    for (let call = 0; call < 2; call++) await expect(send()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await expect(send()).rejects.toMatchObject({ code: 'QUOTA_EXHAUSTED' });
    expect(mints).toHaveLength(2);
  });
});

describe('a token is renewed ahead of its end', () => {
  for (const [lifetime, lifetimeMs, ahead] of [
    ['eight hours', 8 * hour, 30 * minute],
    ['one hour', hour, 6 * minute],
    ['five hours', 5 * hour, 30 * minute],
  ] as const) {
    it(`of ${lifetime}: ${ahead / minute} minutes before, and not a moment sooner`, async () => {
      const { send, clock, mints } = provider({ lifetimeMs });
      await send();
      clock.advance(lifetimeMs - ahead - 1);
      await send();
      expect(mints).toHaveLength(1);
      clock.advance(1);
      await send();
      await vi.waitFor(() => expect(mints).toHaveLength(2));
    });
  }

  it('behind the caller’s back: who notices is served with the old one, and does not wait', async () => {
    const { send, clock, house, shown, mints } = provider();
    await send();
    clock.advance(7.75 * hour);
    const granted = Promise.withResolvers<{ scope?: string[] }>();
    house.grant = () => granted.promise;
    await Promise.all(Array.from({ length: 50 }, () => send()));
    expect(mints).toHaveLength(2);
    granted.resolve({});
    await vi.waitFor(async () => {
      await send();
      expect(shown.at(-1)).toBe('token 2');
    });
    expect(new Set(shown.slice(0, 51))).toEqual(new Set(['token 1']));
    expect(mints).toHaveLength(2);
  });

  it('and if that fails the old one serves on, while the provider is asked for another once a minute', async () => {
    const { send, clock, house, mints } = provider();
    await send();
    clock.advance(7.5 * hour);
    house.grant = () => Promise.reject(new ProviderError('UNAVAILABLE', 'down'));
    for (let second = 0; second < 120; second++) {
      expect((await send()).status).toBe(200);
      clock.advance(1000);
    }
    expect(mints).toHaveLength(3);
    clock.advance(hour);
    await expect(send()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });

  it('one that has ended is not shown any more', async () => {
    const { send, clock, shown } = provider();
    await send();
    clock.advance(8 * hour);
    await Promise.all([send(), send()]);
    expect(shown).toEqual(['token 1', 'token 2', 'token 2']);
  });

  it('one that another replica got while we slept, and that has ended since, is not shown either', async () => {
    const tokens = memoryTokens();
    const old = (value: string, receivedAt: number): Token => ({
      value,
      receivedAt,
      expiresAt: receivedAt + hour,
    });
    const { send, clock, shown, mints } = provider({
      tokens: { ...tokens, read: async () => old('ours', 0) },
    });
    await tokens.renew('acme usps', undefined, async () => old('theirs', clock.now() - 2 * hour));
    await send();
    expect(shown).toEqual(['token 1']);
    expect(mints).toHaveLength(1);
  });
});

describe('a token that the provider refuses', () => {
  it('is replaced once, and the call is made again', async () => {
    const { send, clock, house, shown, mints } = provider();
    await send();
    clock.advance(hour);
    house.take = async (token) => answered(token === 'token 1' ? 401 : 200);
    expect((await send()).status).toBe(200);
    expect(shown).toEqual(['token 1', 'token 1', 'token 2']);
    expect(mints).toHaveLength(2);
  });

  it('is replaced once for all whose calls were refused with it', async () => {
    const { send, clock, house, mints } = provider();
    await send();
    clock.advance(hour);
    house.take = async (token) => answered(token === 'token 1' ? 401 : 200);
    const answers = await Promise.all(Array.from({ length: 50 }, () => send()));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 50 }, () => 200));
    expect(mints).toHaveLength(2);
  });

  it('and its successor too is an answer: never a loop', async () => {
    const { send, clock, house, shown, mints } = provider();
    await send();
    clock.advance(hour);
    house.take = async () => answered(401);
    expect((await send()).status).toBe(401);
    expect(shown).toHaveLength(3);
    for (let call = 0; call < 5; call++) expect((await send()).status).toBe(401);
    expect(shown).toHaveLength(8);
    expect(mints).toHaveLength(2);
  });

  it('though it is younger than a minute is not stale: the refusal is the answer', async () => {
    const { send, clock, house, shown, mints } = provider();
    house.take = async () => answered(401);
    expect((await send()).status).toBe(401);
    clock.advance(minute - 1);
    expect((await send()).status).toBe(401);
    expect(mints).toHaveLength(1);
    clock.advance(1);
    expect((await send()).status).toBe(401);
    expect(mints).toHaveLength(2);
    expect(shown).toHaveLength(4);
  });
});

describe('an API that refuses fresh tokens', () => {
  it('is asked twice in five minutes, by one more token, however often it is asked for', async () => {
    const { send, clock, house, mints, shown } = provider({ bars: true, quota: 60 });
    house.take = async () => answered(401, 'no');
    for (let question = 0; question < 70; question++) {
      const answer = await send();
      expect([answer.status, answer.body.toString()]).toEqual([401, 'no']);
      clock.advance(50_000);
    }
    // Twelve times in the hour; the first token alone was fresh when it was shown.
    expect(mints).toHaveLength(12);
    expect(shown).toHaveLength(23);
  });

  it('answers for itself alone, and is called again after five minutes', async () => {
    const { send, layer, clock, house, mints, shown } = provider({ bars: true });
    house.take = async () => answered(401);
    expect((await send('tracking')).status).toBe(401);
    house.take = async () => answered(200);
    expect((await send('addresses')).status).toBe(200);
    clock.advance(5 * minute - 1);
    expect((await send('tracking')).status).toBe(401);
    expect((await layer.tokenState()).blocked).toEqual(['tracking']);
    expect(shown).toHaveLength(2);
    clock.advance(1);
    expect((await layer.tokenState()).blocked).toEqual([]);
    expect((await send('tracking')).status).toBe(200);
    expect([mints.length, shown.length]).toEqual([1, 3]);
  });

  it('is one that refused the newest token, not the one that had gone stale', async () => {
    const { send, layer, clock, house } = provider({ bars: true });
    await send();
    clock.advance(hour);
    house.take = async (token) => answered(token === 'token 1' ? 401 : 200);
    expect((await send()).status).toBe(200);
    expect((await layer.tokenState()).blocked).toEqual([]);
  });
});

describe('credentials that the provider refuses', () => {
  it('are not shown to it again for five minutes', async () => {
    const { send, clock, house, mints } = provider();
    house.grant = refusal;
    for (let call = 0; call < 10; call++)
      await expect(send()).rejects.toMatchObject({ code: 'CREDENTIALS_REJECTED' });
    expect(mints).toHaveLength(1);
    clock.advance(5 * minute - 1);
    await expect(send()).rejects.toMatchObject({ code: 'CREDENTIALS_REJECTED', message: 'who are you?' });
    expect(mints).toHaveLength(1);
    clock.advance(1);
    house.grant = async () => ({});
    expect((await send()).status).toBe(200);
    expect(mints).toHaveLength(2);
  });

  it('are shown once for three hundred who come at once, and all hear the same', async () => {
    const { send, house, mints } = provider();
    house.grant = refusal;
    const outcomes = await Promise.allSettled(Array.from({ length: 300 }, () => send()));
    expect(new Set(outcomes.map((each) => (each.status === 'rejected' ? each.reason.code : 'sent')))).toEqual(
      new Set(['CREDENTIALS_REJECTED']),
    );
    expect(mints).toHaveLength(1);
  });

  it('do not spoil a token that is still good', async () => {
    const { send, clock, house } = provider();
    await send();
    clock.advance(7.75 * hour);
    house.grant = refusal;
    for (let call = 0; call < 5; call++) expect((await send()).status).toBe(200);
  });
});

describe('what is known of a credential', () => {
  it('is told without a call; its token is got without a request', async () => {
    const { layer, mints, shown } = provider();
    expect(await layer.tokenState()).toEqual({ token: undefined, refusal: undefined, blocked: [] });
    expect(mints).toHaveLength(0);
    const token = await layer.token(nobodyLeaves);
    expect(await layer.token(nobodyLeaves)).toEqual(token);
    expect(await layer.tokenState()).toEqual({ token, refusal: undefined, blocked: [] });
    expect([mints.length, shown.length]).toEqual([1, 0]);
  });

  it('is its refusal too, for as long as it rests', async () => {
    const { layer, clock, house, mints } = provider();
    house.grant = refusal;
    for (let call = 0; call < 2; call++)
      await expect(layer.token(nobodyLeaves)).rejects.toMatchObject({ code: 'CREDENTIALS_REJECTED' });
    expect(mints).toHaveLength(1);
    expect((await layer.tokenState()).refusal).toMatchObject({ until: clock.now() + 5 * minute });
    clock.advance(5 * minute);
    expect((await layer.tokenState()).refusal).toBeUndefined();
  });
});

describe('a scope', () => {
  it('that the token lacks fails before a call is spent', async () => {
    const { send, house, shown } = provider();
    house.grant = async () => ({ scope: ['addresses'] });
    await expect(send('tracking')).rejects.toMatchObject({ code: 'SCOPE_MISSING' });
    expect(shown).toEqual([]);
    expect((await send('addresses')).status).toBe(200);
  });

  it('that was added meanwhile is noticed by the first call that lacks it an hour later', async () => {
    const { send, clock, house, mints, shown } = provider();
    house.grant = async () => ({ scope: ['addresses'] });
    await expect(send('tracking')).rejects.toMatchObject({ code: 'SCOPE_MISSING' });
    house.grant = async () => ({ scope: ['addresses', 'tracking'] });
    clock.advance(hour - 1);
    await expect(send('tracking')).rejects.toMatchObject({ code: 'SCOPE_MISSING' });
    clock.advance(1);
    expect((await send('addresses')).status).toBe(200);
    expect(mints).toHaveLength(1);
    const answers = await Promise.all(Array.from({ length: 50 }, () => send('tracking')));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(mints).toHaveLength(2);
    expect(shown.slice(1)).toEqual(Array(50).fill('token 2'));
  });

  it.each([
    ['comes without it', async () => ({ scope: ['addresses'] })],
    ['does not come', () => Promise.reject(new ProviderError('UNAVAILABLE', 'down'))],
  ])('that is never added costs one token an hour, where that %s', async (_, grant) => {
    const { send, clock, house, mints, shown } = provider();
    house.grant = async () => ({ scope: ['addresses'] });
    await send('addresses');
    house.grant = grant;
    for (let question = 0; question < 6 * 60; question++) {
      await expect(send('tracking')).rejects.toMatchObject({ code: 'SCOPE_MISSING' });
      clock.advance(minute);
    }
    expect(mints).toHaveLength(1 + 5);
    expect(shown).toHaveLength(1);
  });

  it('that is empty covers nothing; one that was not said is unknown, and allowed', async () => {
    const { send, house } = provider();
    house.grant = async () => ({ scope: [] });
    await expect(send('addresses')).rejects.toMatchObject({ code: 'SCOPE_MISSING' });
    expect((await provider().send('tracking')).status).toBe(200);
  });
});

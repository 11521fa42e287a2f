import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openStore } from '../../../sandbox/store.ts';
import { uspsSandboxClient as client, uspsSandboxNumbers as numbers } from '../../../sandbox/usps/index.ts';
import {
  bearerToken,
  bothTokens,
  buyLabel,
  clock,
  flat,
  findAddress,
  hour,
  requestToken,
  send,
  start,
  townsend,
  track,
  uuid,
  useUspsSandbox,
} from './requests.ts';

useUspsSandbox();

describe('the gateway', () => {
  test('responds to a missing, a malformed and an expired token with 401', async () => {
    const usps = await start();
    const good = await bearerToken(usps);
    const missing = await findAddress(usps, {}, townsend);
    expect(missing.status).toBe(401);
    expect(missing.headers.get('www-authenticate')).toBe('Bearer realm="https://api.usps.com"');
    expect(missing.body).toEqual({
      apiVersion: '/addresses/v3/',
      error: {
        code: '401',
        message: 'Missing or malformed access token.',
        errors: [
          {
            title: 'invalid_token',
            detail: 'The access token presented with the request is missing or malformed (not a JWT).',
            source: 'Access Token',
          },
        ],
      },
    });
    expect((await findAddress(usps, { authorization: 'Bearer abc' }, townsend)).status).toBe(401);
    expect((await findAddress(usps, good, townsend)).status).toBe(200);
    clock.advance(8 * hour);
    expect((await findAddress(usps, good, townsend)).status).toBe(401);
  });

  test('responds to a token of another environment with 401', async () => {
    const production = { ...client, environment: 'PRODUCTION' as const };
    const foreign = await bearerToken(await start({ environment: 'PRODUCTION', clients: [production] }));
    expect((await findAddress(await start(), foreign, townsend)).status).toBe(401);
  });

  test('has different errors for a missing scope and for an API outside of the product', async () => {
    const usps = await start({ clients: [{ ...client, products: ['addresses'] }] });
    const narrow = await bearerToken(usps, { scope: 'tracking' });
    const insufficient = await findAddress(usps, narrow, townsend);
    expect([insufficient.status, insufficient.body.error.message]).toEqual([
      401,
      'Insufficient OAuth scope.',
    ]);
    const outside = await track(usps, narrow, [numbers.delivered]);
    expect([outside.status, outside.body.error.message]).toEqual([
      401,
      'The client application identifier is invalid.',
    ]);
  });

  test('allows 60 calls an hour for each API, failed calls included, and sends Retry-After', async () => {
    const usps = await start({ quota: 60 });
    const headers = await bearerToken(usps);
    for (let i = 0; i < 59; i++) await findAddress(usps, headers, townsend);
    expect((await findAddress(usps, headers, { ...townsend, state: 'ca' })).status).toBe(400);
    clock.advance(hour / 4);
    const refused = await findAddress(usps, headers, townsend);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '2700']);
    expect(refused.body.error.code).toBe('429');
    expect((await track(usps, headers, [numbers.delivered])).status).toBe(200);
    clock.advance(2_700_000);
    expect((await findAddress(usps, headers, townsend)).status).toBe(200);
  });

  test('counts token calls in a quota of their own, whose error has the OAuth shape', async () => {
    const usps = await start({ quota: 2 });
    await requestToken(usps);
    await requestToken(usps, { client_secret: 'wrong' });
    const refused = await requestToken(usps);
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('3600');
    expect(refused.body.error).toBe('invalid_request');
  });

  test('responds to an unknown path with a 404 in the standard shape', async () => {
    const answer = await send(await start(), 'GET', '/addresses/v3/nothing');
    expect([answer.status, answer.body.error.code]).toEqual([404, '404']);
  });
});

describe('a restart', () => {
  test('keeps labels, idempotency keys, parcels and tokens', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'usps-'));
    const file = join(folder, 'usps.jsonl');
    const before = await start({ store: openStore(file) });
    const headers = { ...(await bothTokens(before)), ...flat, 'x-idempotency-key': uuid(4) };
    const bought = await buyLabel(before, headers);
    await before.close();
    const after = await start({ store: openStore(file) });
    expect((await buyLabel(after, headers)).text).toBe(bought.text);
    expect(after.charges()).toHaveLength(1);
    expect((await track(after, headers, [bought.body.trackingNumber])).status).toBe(200);
    rmSync(folder, { recursive: true });
  });
});

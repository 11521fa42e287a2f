import { describe, expect, test } from 'vitest';
import { uspsSandboxClient as client } from '../../../sandbox/usps/index.ts';
import { clock, json, requestToken, send, start, useUspsSandbox } from './requests.ts';
import { openApiClient } from './usps-api.ts';

useUspsSandbox();

describe('POST /oauth2/v3/token', () => {
  test('accepts a form and responds as recorded', async () => {
    const { status, body } = await requestToken(await start());
    expect(status).toBe(200);
    expect(body).toMatchObject({
      token_type: 'Bearer',
      expires_in: 28799,
      status: 'approved',
      client_id: client.id,
    });
    expect(body.issued_at).toBe(clock.now());
    expect(body.access_token.split('.')).toHaveLength(3);
    expect(body.scope.split(/ +/)).toEqual(client.scopes);
  });

  test('responds to JSON and to a missing grant type with the error of the guide, unless a switch accepts JSON', async () => {
    const usps = await start();
    const asJson = () =>
      send(
        usps,
        'POST',
        '/oauth2/v3/token',
        json({ grant_type: 'client_credentials', client_id: client.id, client_secret: client.secret }, {}),
      );
    const refused = await asJson();
    expect(refused.status).toBe(401);
    expect(refused.body).toMatchObject({ apiVersion: 'v3', error: 'UNAUTHORIZED' });
    expect((await requestToken(usps, { grant_type: '' })).body.error).toBe('UNAUTHORIZED');
    usps.switches.acceptJsonToken = true;
    expect((await asJson()).status).toBe(200);
  });

  test('has different errors for an unknown client and a wrong secret', async () => {
    const usps = await start();
    const unknown = await requestToken(usps, { client_id: 'nobody' });
    const wrong = await requestToken(usps, { client_secret: 'wrong' });
    expect([unknown.status, wrong.status]).toEqual([401, 401]);
    expect(unknown.body.error_description).toMatch(/^InvalidApiKey/);
    expect(wrong.body).toEqual({
      error: 'invalid_client',
      error_description: 'Client authentication failed.',
      error_uri: 'https://datatracker.ietf.org/doc/html/rfc6749#page-45',
    });
  });

  test('limits the scope to the requested names, and returns an empty scope when none of them is granted', async () => {
    const usps = await start();
    expect((await requestToken(usps, { scope: 'tracking companies' })).body.scope).toBe('tracking');
    const none = await requestToken(usps, { scope: 'companies' });
    expect([none.status, none.body.scope]).toEqual([200, '']);
  });
});

test('refresh tokens and authorization codes are errors, since client credentials never issue them', async () => {
  const { usps } = await openApiClient();
  const ask = async (path: string, form: Record<string, string>, headers: Record<string, string> = {}) => {
    const body = new URLSearchParams({ client_id: client.id, client_secret: client.secret, ...form });
    const answer = await fetch(`${usps.url}/oauth2/v3/${path}`, { method: 'POST', body, headers });
    return { status: answer.status, ...((await answer.json()) as object) };
  };
  expect(await ask('token', { grant_type: 'refresh_token', refresh_token: 'abc' })).toMatchObject({
    status: 400,
    error: 'invalid_request',
    error_description: expect.stringMatching(/^Invalid Refresh Token/),
    refresh_token: 'abc',
    refresh_token_status: 'Not Found',
  });
  expect(await ask('token', { grant_type: 'authorization_code', code: 'abc' })).toMatchObject({
    status: 400,
    error_description: expect.stringMatching(/^Authorizaton Code Error/),
  });
  const basic = { authorization: `Basic ${btoa(`${client.id}:${client.secret}`)}` };
  expect(await ask('revoke', { token: 'abc' })).toMatchObject({ status: 401, error: 'invalid_client' });
  expect(await ask('revoke', { token: 'abc' }, basic)).toMatchObject({ status: 400, refresh_token: 'abc' });
  await usps.close();
});

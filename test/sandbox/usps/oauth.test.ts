import { expect, test } from 'vitest';
import { uspsSandboxClient as client } from '../../../sandbox/usps/index.ts';
import { openDesk } from './usps-api.ts';

test('refresh tokens and codes are refused, which client credentials never bring', async () => {
  const { usps } = await openDesk();
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

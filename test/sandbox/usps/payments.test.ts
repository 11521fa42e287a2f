import { describe, expect, test } from 'vitest';
import { uspsSandboxClient as client } from '../../../sandbox/usps/index.ts';
import { authorizePayment, bearerToken, roles, start, useUspsSandbox } from './requests.ts';

useUspsSandbox();

describe('POST /payments/v3/payment-authorization', () => {
  test('returns a token for eight hours and the roles of the request', async () => {
    const usps = await start();
    const { status, body } = await authorizePayment(usps, await bearerToken(usps));
    expect(status).toBe(200);
    expect(body.roles).toEqual(roles());
    const claims = JSON.parse(
      Buffer.from(body.paymentAuthorizationToken.split('.')[1], 'base64url').toString(),
    );
    expect(claims.exp - claims.iat).toBe(28_800);
    expect(claims.aud).toEqual(['labels', 'international-labels']);
  });

  test('responds to each missing field of a role with its error code', async () => {
    const usps = await start();
    const headers = await bearerToken(usps);
    const codeOf = async (body: unknown) =>
      (await authorizePayment(usps, headers, body)).body.error.errors[0].code;
    expect(await codeOf({ roles: roles({ CRID: undefined }) })).toBe('160218');
    expect(await codeOf({ roles: roles({ MID: undefined }) })).toBe('160221');
    expect(await codeOf({ roles: roles({ manifestMID: undefined }) })).toBe('160222');
    expect(await codeOf({ roles: roles().slice(0, 1) })).toBe('160229');
    expect(await codeOf({ roles: roles().slice(1) })).toBe('160228');
    expect(await codeOf({ roles: [...roles(), ...roles()] })).toBe('160227');
    expect(await codeOf({ roles: [{ ...roles()[0], accountNumber: '42' }, roles()[1]] })).toBe('100001');
  });

  test('responds to a client that is not enrolled with a 403 without an error key', async () => {
    const usps = await start({ clients: [{ ...client, enrolled: false }] });
    const { status, body } = await authorizePayment(usps, await bearerToken(usps));
    expect(status).toBe(403);
    expect(body.body).toBe("CRID isn't enrolled in USPS Ship Outbound");
    expect(body.error).toBeUndefined();
  });
});

import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT, type CryptoKey } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openTestServer, type TestServer } from '../support/test-server.ts';

const issuer = 'https://login.example.com/';
const audience = 'https://shipping.example.com';
const query = '{ providerAccounts { id } }';

describe('a JWT', () => {
  let server: TestServer;
  let keyServer: Server;
  let key: CryptoKey;
  let foreignKey: CryptoKey;
  let fetches = 0;
  let isDown = false;
  beforeAll(async () => {
    const pair = await generateKeyPair('ES256');
    key = pair.privateKey;
    foreignKey = (await generateKeyPair('ES256')).privateKey;
    const keys = { keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'first', alg: 'ES256', use: 'sig' }] };
    keyServer = createServer((_, response) => {
      fetches += 1;
      response
        .writeHead(isDown ? 503 : 200, { 'content-type': 'application/json' })
        .end(JSON.stringify(keys));
    }).listen(0, '127.0.0.1');
    await once(keyServer, 'listening');
    const keysUrl = `http://127.0.0.1:${(keyServer.address() as AddressInfo).port}/jwks`;
    server = await openTestServer({
      tokenIssuer: { issuer, audience, keysUrl, tenantClaim: 'tenant', permissionsClaim: 'scope' },
    });
  });
  afterAll(async () => {
    await server.close();
    keyServer.close();
  });

  const now = () => Math.floor(server.clock.now() / 1000);
  const valid = () => ({
    iss: issuer,
    aud: audience,
    sub: 'rita@example.com',
    exp: now() + 300,
    tenant: 'sandbox',
    scope: 'openid rates:read',
  });
  const sign = (claims: object, signer = key, kid = 'first') =>
    new SignJWT({ ...claims }).setProtectedHeader({ alg: 'ES256', kid }).sign(signer);
  const refusal = async (token: string) => {
    const { status, errors } = await server.ask(query, {}, token);
    expect([status, errors?.[0]?.extensions]).toEqual([401, { code: 'UNAUTHENTICATED' }]);
    return errors![0]!.message;
  };

  it('is refused with "retry later" while the keys of its issuer can’t be fetched', async () => {
    isDown = true;
    expect(await refusal(await sign(valid()))).toContain('can’t be fetched: retry later');
    isDown = false;
  });

  it('acts for the tenant of its claim, with the permissions of its claim', async () => {
    const token = await sign(valid());
    expect((await server.ask(query, {}, token)).errors).toBeUndefined();
    const { errors } = await server.ask('{ shipments { nodes { id } } }', {}, token);
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN', permissions: ['labels:write'] } }]);
    const listed = await sign({ ...valid(), scope: ['labels:write'] });
    expect((await server.ask('{ shipments { nodes { id } } }', {}, listed)).errors).toBeUndefined();
  });

  it('is verified by keys that are fetched once', async () => {
    const before = fetches;
    for (let count = 0; count < 20; count += 1) await server.ask(query, {}, await sign(valid()));
    expect(fetches).toBe(before);
  });

  it('works until it expires, give or take 30 seconds between the clocks', async () => {
    expect((await server.ask(query, {}, await sign({ ...valid(), exp: now() - 29 }))).errors).toBeUndefined();
    const exp = now() - 31;
    const expiry = new Date(exp * 1000).toISOString();
    expect(await refusal(await sign({ ...valid(), exp }))).toBe(
      `the token expired at ${expiry}: get a new one from ${issuer}`,
    );
  });

  it('is refused with the reason, without its content', async () => {
    const { tenant: _, ...tenantless } = valid();
    const { exp: __, ...endless } = valid();
    const reasons = {
      issuer: await refusal(await sign({ ...valid(), iss: 'https://evil.example.com/' })),
      audience: await refusal(await sign({ ...valid(), aud: 'https://other.example.com' })),
      early: await refusal(await sign({ ...valid(), nbf: now() + 60 })),
      endless: await refusal(await sign(endless)),
      tenantless: await refusal(await sign(tenantless)),
      unknownTenant: await refusal(await sign({ ...valid(), tenant: 'nobody-knows' })),
      foreignKey: await refusal(await sign(valid(), foreignKey)),
      unknownKey: await refusal(await sign(valid(), foreignKey, 'second')),
      altered: await refusal((await sign(valid())).replace(/\.[^.]+\./, (part) => part.replace(/.\.$/, '.'))),
    };
    expect(reasons).toEqual({
      issuer: 'the claim iss of the token is not accepted here: the token is of another issuer',
      audience: 'the claim aud of the token is not accepted here: the token is for another audience',
      early: 'the claim nbf of the token is not accepted here: the token is not valid yet',
      endless: 'the token has no claim exp',
      tenantless: 'the token has no claim tenant, which names the tenant',
      unknownTenant: 'the tenant that the token names does not exist here',
      foreignKey: `the token is not signed by a key of ${issuer}`,
      unknownKey: `the token is not signed by a key of ${issuer}`,
      altered: `the token is not signed by a key of ${issuer}`,
    });
  });

  it('must be signed by a key that the issuer alone has', async () => {
    const shared = await new SignJWT(valid()).setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode('x'.repeat(32))); // prettier-ignore
    expect(await refusal(shared)).toContain('an algorithm that is not accepted');
    // Without a signature it is no JWT that we know, and no key.
    expect(await refusal(new UnsecuredJWT(valid()).encode())).toContain('the API key is not valid here');
  });

  it('leaves neither itself nor its subject in the log', () => {
    const log = server.log.join('\n');
    expect(log).toContain('UNAUTHENTICATED');
    expect(log).not.toMatch(/eyJ|rita@/);
  });
});

import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';

import { afterEach, describe, expect, it } from 'vitest';

import { openAuthority } from '../../sandbox/easypost-connect/authority.ts';
import { handshakeFailure, tryHandshake } from '../../src/transport/handshake.ts';
import { openConnections } from '../../src/transport/http.ts';
import { openIdentity, type IdentitySource, type IdentitySources } from '../../src/transport/identity.ts';
import { testClock } from '../support/house.ts';

const authority = openAuthority();
const nobodyLeaves = new AbortController().signal;
const afterwards: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of afterwards.splice(0).reverse()) await step();
});

const identityOf = (sources: IdentitySources) => openIdentity(sources, testClock('2026-11-18T18:00:00Z'));

describe('a handshake', () => {
  /** A server that wants a certificate of the authority. */
  async function server(maxVersion: 'TLSv1.2' | 'TLSv1.3') {
    const { certificate, privateKey } = authority.server();
    const asked: (string | undefined)[] = [];
    const https = createServer(
      { cert: certificate, key: privateKey, ca: authority.certificate, requestCert: true, rejectUnauthorized: true, maxVersion }, // prettier-ignore
      (request, response) => {
        asked.push(request.method);
        response.end('ok');
      },
    );
    https.on('tlsClientError', () => {});
    await new Promise<void>((resolve) => https.listen(0, '127.0.0.1', resolve));
    afterwards.push(() => {
      https.closeAllConnections();
      https.close();
    });
    const wire = openConnections();
    afterwards.push(() => wire.close());
    const url = new URL(`https://127.0.0.1:${(https.address() as AddressInfo).port}/`);
    const send = (identity: IdentitySource) => wire.send({ api: 'x', method: 'POST', url, body: 'x', identity }, nobodyLeaves); // prettier-ignore
    return { url, asked, send };
  }

  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'by %s tells a certificate that is taken from one that is not',
    async (version) => {
      const { url, asked, send } = await server(version);
      const ca = authority.certificate;
      const good = identityOf({ ...authority.issue('good'), ca });
      const foreign = identityOf({ ...openAuthority().issue('foreign'), ca });
      const distrustful = identityOf(authority.issue('good'));
      expect(await tryHandshake(url, good.current(), nobodyLeaves)).toBeUndefined();
      expect(await tryHandshake(url, foreign.current(), nobodyLeaves)).toMatchObject({
        code: 'CREDENTIALS_REJECTED',
      });
      expect(await tryHandshake(url, distrustful.current(), nobodyLeaves)).toMatchObject({ code: 'UNAVAILABLE', providerCode: 'SELF_SIGNED_CERT_IN_CHAIN' }); // prettier-ignore

      expect((await send(good)).status).toBe(200);
      await expect(send(foreign)).rejects.toMatchObject({ code: 'CREDENTIALS_REJECTED', refused: true });
      await expect(send(distrustful)).rejects.toMatchObject({ code: 'UNAVAILABLE', refused: true });
      expect(asked).toEqual(['POST']);
    },
  );

  it('verifies the server whatever the environment says', async () => {
    const { send, asked } = await server('TLSv1.3');
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
    try {
      await expect(send(identityOf(authority.issue('good')))).rejects.toMatchObject({
        code: 'UNAVAILABLE',
      });
    } finally {
      delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    }
    expect(asked).toEqual([]);
  });

  it('fails by the code of Node or OpenSSL, each in its own words', () => {
    for (const [code, expected, words] of [
      ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'CREDENTIALS_REJECTED', /refuses our client certificate/],
      ['ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE', 'CREDENTIALS_REJECTED', /refuses our client certificate/],
      ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'CREDENTIALS_REJECTED', /refuses our client certificate/],
      ['ERR_TLS_CERT_ALTNAME_INVALID', 'UNAVAILABLE', /another name/],
      ['CERT_HAS_EXPIRED', 'UNAVAILABLE', /out of its time/],
      ['SELF_SIGNED_CERT_IN_CHAIN', 'UNAVAILABLE', /no authority that we trust/],
      ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'UNAVAILABLE', /no authority that we trust/],
      ['DEPTH_ZERO_SELF_SIGNED_CERT', 'UNAVAILABLE', /no authority that we trust/],
      ['ERR_SSL_WRONG_VERSION_NUMBER', 'UNAVAILABLE', /does not agree on TLS/],
    ] as const) {
      const failure = handshakeFailure(code, 'api.example')!;
      expect(failure, code).toMatchObject({ code: expected, refused: true, providerCode: code, hint: expect.any(String) }); // prettier-ignore
      expect(failure.message).toMatch(words);
    }
    expect(handshakeFailure('ECONNREFUSED', 'api.example')).toBeUndefined();
    expect(handshakeFailure(undefined, 'api.example')).toBeUndefined();
  });
});

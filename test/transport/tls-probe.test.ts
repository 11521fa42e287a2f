import { rootCertificates } from 'node:tls';
import type { RequestListener } from 'node:http';
import { createServer } from 'node:https';
import { connect, createServer as createTcp, type AddressInfo, type Server as TcpServer } from 'node:net';
import { pipeline } from 'node:stream';

import { afterEach, describe, expect, it } from 'vitest';

import { openAuthority } from '../../sandbox/easypost-connect/authority.ts';
import { tlsFailure, probeTls } from '../../src/transport/tls-probe.ts';
import { openConnections } from '../../src/transport/http.ts';
import {
  openClientCertificate,
  openTrustedCa,
  type CertificateSource,
  type CertificateFiles,
} from '../../src/transport/client-certificate.ts';
import { testClock } from '../support/test-server.ts';

const authority = openAuthority();
const nobodyLeaves = new AbortController().signal;
const afterwards: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of afterwards.splice(0).reverse()) await step();
});

const ca = authority.certificate;
const identityOf = (sources: CertificateFiles) =>
  openClientCertificate(sources, testClock('2026-11-18T18:00:00Z'));

/** A server that wants a certificate of the authority. */
async function server(
  maxVersion: 'TLSv1.2' | 'TLSv1.3' = 'TLSv1.3',
  answer: RequestListener = (_, response) => response.end('ok'),
) {
  const { certificate, privateKey } = authority.server();
  const asked: (string | undefined)[] = [];
  const https = createServer(
    { cert: certificate, key: privateKey, ca: authority.certificate, requestCert: true, rejectUnauthorized: true, maxVersion }, // prettier-ignore
    (request, response) => {
      asked.push(request.method);
      answer(request, response);
    },
  );
  https.on('tlsClientError', () => {});
  const url = await listening(https);
  afterwards.push(() => https.closeAllConnections());
  return { url, asked };
}

/** Where somebody listens on loopback until the end of the test. */
async function listening(someone: TcpServer): Promise<URL> {
  await new Promise<void>((resolve) => someone.listen(0, '127.0.0.1', resolve));
  afterwards.push(() => someone.close());
  return new URL(`https://127.0.0.1:${(someone.address() as AddressInfo).port}/`);
}

/** Sends over connections that nobody has used. */
function send(url: URL, identity: CertificateSource, method: 'GET' | 'POST' = 'POST') {
  const wire = openConnections();
  afterwards.push(() => wire.close());
  return wire.send({ api: 'x', method, url, certificate: identity }, nobodyLeaves);
}

describe('a handshake', () => {
  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'by %s tells a certificate that is taken from one that is not',
    async (version) => {
      const { url, asked } = await server(version);
      const good = identityOf({ ...authority.issue('good'), ca });
      const foreign = identityOf({ ...openAuthority().issue('foreign'), ca });
      const distrustful = identityOf(authority.issue('good'));
      expect(await probeTls(url, good.current(), nobodyLeaves)).toBeUndefined();
      expect(await probeTls(url, foreign.current(), nobodyLeaves)).toMatchObject({
        code: 'CREDENTIALS_REJECTED',
      });
      expect(await probeTls(url, distrustful.current(), nobodyLeaves)).toMatchObject({ code: 'UNAVAILABLE', providerCode: 'SELF_SIGNED_CERT_IN_CHAIN' }); // prettier-ignore

      expect((await send(url, good)).status).toBe(200);
      await expect(send(url, foreign)).rejects.toMatchObject({ code: 'CREDENTIALS_REJECTED', refused: true });
      await expect(send(url, distrustful)).rejects.toMatchObject({ code: 'UNAVAILABLE', refused: true });
      expect(asked).toEqual(['POST']);
    },
  );

  it('without a certificate refuses none', async () => {
    const { url, asked } = await server();
    const trust = openTrustedCa(ca, testClock());
    // Beside the public authorities, and nothing to show.
    expect(Object.keys(trust.current())).toEqual(['ca']);
    expect(trust.current().ca).toContain(ca.trim());
    expect(trust.current().ca).toContain(rootCertificates[0]);
    // Whoever wants one hangs up, which is no word on a certificate that was not shown.
    await expect(send(url, trust)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(asked).toEqual([]);
  });

  it('verifies the server whatever the environment says', async () => {
    const { url, asked } = await server();
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
    try {
      await expect(send(url, identityOf(authority.issue('good')))).rejects.toMatchObject({
        code: 'UNAVAILABLE',
      });
    } finally {
      delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    }
    expect(asked).toEqual([]);
  });

  it('that the other side leaves before it has spoken refuses no certificate', async () => {
    const url = await listening(createTcp((socket) => socket.destroy()));
    const good = identityOf({ ...authority.issue('good'), ca });
    expect(await probeTls(url, good.current(), nobodyLeaves)).toMatchObject({ code: 'UNAVAILABLE' });
    for (const method of ['GET', 'POST'] as const)
      await expect(send(url, good, method)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });

  it('that fails after an answer was lost does not tell that nothing was done', async () => {
    let gone = false;
    const { url, asked } = await server('TLSv1.3', (request) => {
      gone = true;
      request.socket.destroy();
    });
    // A balancer closes the door where nobody is behind it any more.
    const balancer = createTcp((near) => {
      if (gone) return near.destroy();
      const far = connect(Number(url.port), url.hostname);
      pipeline(near, far, () => {});
      pipeline(far, near, () => {});
    });
    const good = identityOf({ ...authority.issue('good'), ca });
    await expect(send(await listening(balancer), good)).rejects.toMatchObject({ code: 'UNAVAILABLE', refused: false }); // prettier-ignore
    expect(asked).toEqual(['POST']);
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
      const failure = tlsFailure(code, 'api.example')!;
      expect(failure, code).toMatchObject({ code: expected, refused: true, providerCode: code, hint: expect.any(String) }); // prettier-ignore
      expect(failure.message).toMatch(words);
    }
    expect(tlsFailure('ECONNREFUSED', 'api.example')).toBeUndefined();
    expect(tlsFailure(undefined, 'api.example')).toBeUndefined();
  });
});

import { rootCertificates } from 'node:tls';
import type { RequestListener } from 'node:http';
import { createServer } from 'node:https';
import { connect, createServer as createTcp, type AddressInfo, type Server as TcpServer } from 'node:net';
import { pipeline } from 'node:stream';

import { afterEach, describe, expect, it } from 'vitest';

import { openAuthority } from '../../sandbox/easypost-connect/authority.ts';
import type { CertificateFiles } from '../../src/transport/certificate-files.ts';
import { probeTls, toTlsError } from '../../src/transport/tls-probe.ts';
import { openConnections } from '../../src/transport/http.ts';
import {
  openClientCertificate,
  openTrustedCa,
  type CertificateSource,
} from '../../src/transport/client-certificate.ts';
import { testClock } from '../support/test-server.ts';
import { neverAborted } from './server.ts';

const authority = openAuthority();
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanups.splice(0).reverse()) await step();
});

const ca = authority.certificate;
const certificateOf = (sources: CertificateFiles) =>
  openClientCertificate(sources, testClock('2026-11-18T18:00:00Z'));

/** Starts a server that requires a certificate of the authority. */
async function server(
  maxVersion: 'TLSv1.2' | 'TLSv1.3' = 'TLSv1.3',
  respond: RequestListener = (_, response) => response.end('ok'),
) {
  const { certificate, privateKey } = authority.server();
  const methods: (string | undefined)[] = [];
  const https = createServer(
    { cert: certificate, key: privateKey, ca: authority.certificate, requestCert: true, rejectUnauthorized: true, maxVersion }, // prettier-ignore
    (request, response) => {
      methods.push(request.method);
      respond(request, response);
    },
  );
  https.on('tlsClientError', () => {});
  const url = await listenOn(https);
  cleanups.push(() => https.closeAllConnections());
  return { url, methods };
}

/** Listens on loopback until the end of the test; returns the URL. */
async function listenOn(listener: TcpServer): Promise<URL> {
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => listener.close());
  return new URL(`https://127.0.0.1:${(listener.address() as AddressInfo).port}/`);
}

/** Sends over new connections. */
function send(url: URL, certificate: CertificateSource, method: 'GET' | 'POST' = 'POST') {
  const connections = openConnections();
  cleanups.push(() => connections.close());
  return connections.send({ api: 'x', method, url, certificate }, neverAborted);
}

describe('a TLS probe', () => {
  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'over %s distinguishes an accepted certificate from a refused one',
    async (version) => {
      const { url, methods } = await server(version);
      const good = certificateOf({ ...authority.issue('good'), ca });
      const foreign = certificateOf({ ...openAuthority().issue('foreign'), ca });
      const distrustful = certificateOf(authority.issue('good'));
      expect(await probeTls(url, good.current(), neverAborted)).toBeUndefined();
      expect(await probeTls(url, foreign.current(), neverAborted)).toMatchObject({
        code: 'CREDENTIALS_REJECTED',
      });
      expect(await probeTls(url, distrustful.current(), neverAborted)).toMatchObject({ code: 'UNAVAILABLE', providerCode: 'SELF_SIGNED_CERT_IN_CHAIN' }); // prettier-ignore

      expect((await send(url, good)).status).toBe(200);
      await expect(send(url, foreign)).rejects.toMatchObject({ code: 'CREDENTIALS_REJECTED', refused: true });
      await expect(send(url, distrustful)).rejects.toMatchObject({ code: 'UNAVAILABLE', refused: true });
      expect(methods).toEqual(['POST']);
    },
  );

  it('without a client certificate reports no refused certificate', async () => {
    const { url, methods } = await server();
    const trust = openTrustedCa(ca, testClock());
    // It has the public authorities too, and no certificate.
    expect(Object.keys(trust.current())).toEqual(['ca']);
    expect(trust.current().ca).toContain(ca.trim());
    expect(trust.current().ca).toContain(rootCertificates[0]);
    // The server requires a certificate, so it closes the connection.
    await expect(send(url, trust)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(methods).toEqual([]);
  });

  it('verifies the server whatever the environment variables', async () => {
    const { url, methods } = await server();
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
    try {
      await expect(send(url, certificateOf(authority.issue('good')))).rejects.toMatchObject({
        code: 'UNAVAILABLE',
      });
    } finally {
      delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    }
    expect(methods).toEqual([]);
  });

  it('reports no refused certificate where the server closes the connection before it sends anything', async () => {
    const url = await listenOn(createTcp((socket) => socket.destroy()));
    const good = certificateOf({ ...authority.issue('good'), ca });
    expect(await probeTls(url, good.current(), neverAborted)).toMatchObject({ code: 'UNAVAILABLE' });
    for (const method of ['GET', 'POST'] as const)
      await expect(send(url, good, method)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });

  it('that fails after a lost response leaves the request as possibly processed', async () => {
    let isDown = false;
    const { url, methods } = await server('TLSv1.3', (request) => {
      isDown = true;
      request.socket.destroy();
    });
    // A load balancer closes connections when its server is down.
    const balancer = createTcp((near) => {
      if (isDown) return near.destroy();
      const far = connect(Number(url.port), url.hostname);
      pipeline(near, far, () => {});
      pipeline(far, near, () => {});
    });
    const good = certificateOf({ ...authority.issue('good'), ca });
    await expect(send(await listenOn(balancer), good)).rejects.toMatchObject({ code: 'UNAVAILABLE', refused: false }); // prettier-ignore
    expect(methods).toEqual(['POST']);
  });

  it('translates each code of Node or OpenSSL', () => {
    for (const [code, expected, words] of [
      ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'CREDENTIALS_REJECTED', /refuses our client certificate/],
      ['ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE', 'CREDENTIALS_REJECTED', /refuses our client certificate/],
      ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'CREDENTIALS_REJECTED', /refuses our client certificate/],
      ['ERR_TLS_CERT_ALTNAME_INVALID', 'UNAVAILABLE', /another name/],
      ['CERT_HAS_EXPIRED', 'UNAVAILABLE', /has expired or is not valid yet/],
      ['SELF_SIGNED_CERT_IN_CHAIN', 'UNAVAILABLE', /no authority that we trust/],
      ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'UNAVAILABLE', /no authority that we trust/],
      ['DEPTH_ZERO_SELF_SIGNED_CERT', 'UNAVAILABLE', /no authority that we trust/],
      ['ERR_SSL_WRONG_VERSION_NUMBER', 'UNAVAILABLE', /TLS handshake with .* failed/],
    ] as const) {
      const failure = toTlsError(code, 'api.example')!;
      expect(failure, code).toMatchObject({ code: expected, refused: true, providerCode: code, hint: expect.any(String) }); // prettier-ignore
      expect(failure.message).toMatch(words);
    }
    expect(toTlsError('ECONNREFUSED', 'api.example')).toBeUndefined();
    expect(toTlsError(undefined, 'api.example')).toBeUndefined();
  });
});

import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { openAuthority } from '../../sandbox/easypost-connect/authority.ts';
import type { ProviderError } from '../../src/domain/errors.ts';
import {
  handshakeFailure,
  openIdentity,
  tryHandshake,
  type IdentitySource,
} from '../../src/transport/certificates.ts';
import { openConnections } from '../../src/transport/http.ts';
import { testClock } from '../support/house.ts';

const authority = openAuthority();
const day = 24 * 60 * 60_000;
const nobodyLeaves = new AbortController().signal;
let folder: string;
const afterwards: (() => unknown)[] = [];
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'parcelgraph-'))));
afterEach(async () => {
  for (const step of afterwards.splice(0).reverse()) await step();
  rmSync(folder, { recursive: true });
});

const put = (name: string, content: string) => {
  const file = join(folder, name);
  writeFileSync(file, content, { mode: 0o600 });
  return { file };
};
const pairOnDisk = ({ certificate, privateKey } = authority.issue('first')) => ({
  certificate: put('certificate', certificate),
  privateKey: put('privateKey', privateKey),
});
function opened(sources: Parameters<typeof openIdentity>[0]) {
  const clock = testClock('2026-11-18T18:00:00Z');
  const warnings: string[] = [];
  const identity = openIdentity(sources, clock, (message) => void warnings.push(message));
  return { clock, warnings, identity };
}
const faultOf = (identity: IdentitySource) => {
  try {
    identity.current();
    return undefined;
  } catch (error) {
    return error as ProviderError;
  }
};

describe('an identity', () => {
  it('is the same one until its files hold something else', () => {
    const sources = pairOnDisk();
    const { identity } = opened(sources);
    const first = identity.current();
    expect(identity.current()).toBe(first);
    put('certificate', first.certificate);
    expect(identity.current()).toBe(first);
    pairOnDisk(authority.issue('second'));
    expect(identity.current()).not.toBe(first);
    expect(identity.state().subject).toBe('CN=second');
  });

  it('goes on with the old pair between the writing of two files', () => {
    const { identity, warnings } = opened(pairOnDisk());
    const first = identity.current();
    const next = authority.issue('second');
    put('certificate', next.certificate);
    expect(identity.current()).toBe(first);
    expect(warnings).toEqual([expect.stringMatching(/the old pair goes on.*not made for its private key/)]);
    put('privateKey', next.privateKey);
    expect(identity.current().certificate).toBe(next.certificate);
    expect(identity.state()).toMatchObject({ subject: 'CN=second', warnings: [] });
  });

  it('goes on with the old pair while a file is away or spoilt', () => {
    const { identity } = opened(pairOnDisk());
    const first = identity.current();
    put('privateKey', 'what');
    expect(identity.current()).toBe(first);
    rmSync(join(folder, 'certificate'));
    expect(identity.current()).toBe(first);
  });

  it('warns of a key that others can read', () => {
    const sources = pairOnDisk();
    chmodSync(sources.privateKey.file, 0o640);
    const { warnings, identity } = opened(sources);
    expect(warnings).toEqual([expect.stringContaining('chmod 600')]);
    chmodSync(sources.privateKey.file, 0o600);
    expect(identity.state().warnings).toEqual([]);
  });

  it('warns from a month before its end, once a day, and then can’t be shown', () => {
    const clock = testClock('2026-11-18T18:00:00Z');
    const pair = authority.issue('brief', { to: clock.now() + 31 * day });
    const { identity, warnings, clock: own } = opened(pair);
    expect(warnings).toEqual([]);
    own.advance(day);
    for (let times = 0; times < 3; times += 1) identity.current();
    expect(warnings).toEqual([expect.stringContaining('ends at 2026-12-19')]);
    own.advance(day);
    identity.current();
    expect(warnings).toHaveLength(2);
    own.advance(29 * day);
    expect(faultOf(identity)).toMatchObject({
      code: 'CREDENTIALS_REJECTED',
      providerCode: 'CERT_HAS_EXPIRED',
    });
  });

  it('that is not there, can’t be read or does not fit says which of these', () => {
    const [a, b] = [authority.issue('a'), authority.issue('b')];
    const missing = { file: join(folder, 'nowhere') };
    for (const [sources, failure] of [
      [{}, { code: 'CREDENTIALS_MISSING', message: 'the account has no client certificate to show' }],
      [
        { ...a, certificate: missing },
        { code: 'CREDENTIALS_MISSING', providerCode: 'ENOENT' },
      ],
      [{ ...a, privateKey: 'what' }, { code: 'CREDENTIALS_MISSING' }],
      [
        { ...a, privateKey: b.privateKey },
        { code: 'CREDENTIALS_REJECTED', providerCode: 'ERR_OSSL_X509_KEY_VALUES_MISMATCH' },
      ],
    ] as const) {
      const fault = faultOf(opened(sources).identity);
      expect(fault).toMatchObject({ name: 'ProviderError', refused: true, ...failure });
      expect(`${fault!.message} ${fault!.hint}`).not.toMatch(/PRIVATE|nowhere|what/);
    }
  });
});

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
      const good = opened({ ...authority.issue('good'), ca }).identity;
      const foreign = opened({ ...openAuthority().issue('foreign'), ca }).identity;
      const distrustful = opened(authority.issue('good')).identity;
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
      await expect(send(opened(authority.issue('good')).identity)).rejects.toMatchObject({
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

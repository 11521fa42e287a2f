import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { openAuthority } from '../../sandbox/easypost-connect/authority.ts';
import type { ProviderError } from '../../src/domain/errors.ts';
import { openClientCertificate, type CertificateSource } from '../../src/transport/client-certificate.ts';
import { testClock } from '../support/test-server.ts';

const authority = openAuthority();
const day = 24 * 60 * 60_000;
let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'parcelgraph-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const put = (name: string, content: string) => {
  const file = join(folder, name);
  writeFileSync(file, content, { mode: 0o600 });
  return { file };
};
const pairOnDisk = ({ certificate, privateKey } = authority.issue('first')) => ({
  certificate: put('certificate', certificate),
  privateKey: put('privateKey', privateKey),
});
function opened(sources: Parameters<typeof openClientCertificate>[0]) {
  const clock = testClock('2026-11-18T18:00:00Z');
  const warnings: string[] = [];
  const identity = openClientCertificate(sources, clock, (message) => void warnings.push(message));
  return { clock, warnings, identity };
}
const faultOf = (identity: CertificateSource) => {
  try {
    identity.current();
    return undefined;
  } catch (error) {
    return error as ProviderError;
  }
};

describe('an identity', () => {
  it('is the same one until its files hold something else', () => {
    const pair = authority.issue('first');
    const { identity } = opened(pairOnDisk(pair));
    const first = identity.current();
    expect(identity.current()).toBe(first);
    put('certificate', pair.certificate);
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
    // A path that can't even be looked at.
    symlinkSync(join(folder, 'certificate'), join(folder, 'certificate'));
    expect(identity.current()).toBe(first);
  });

  it('goes on with the old authority while the file of the new one is empty or cut short', () => {
    const { identity } = opened({ ...pairOnDisk(), ca: put('ca', authority.certificate) });
    const first = identity.current();
    for (const spoilt of ['', 'what', authority.certificate.slice(0, 100)]) {
      put('ca', spoilt);
      expect(identity.current()).toBe(first);
    }
    const next = openAuthority().certificate;
    put('ca', next);
    expect(identity.current().ca).toBe(next);
  });

  it('is replaced by one that lay there before its day had come', () => {
    const { identity, clock } = opened(
      pairOnDisk(authority.issue('first', { to: Date.parse('2026-11-20T18:00:00Z') })),
    );
    pairOnDisk(authority.issue('second', { from: clock.now() + day }));
    identity.current();
    expect(identity.state().subject).toBe('CN=first');
    clock.advance(3 * day);
    identity.current();
    expect(identity.state()).toMatchObject({ subject: 'CN=second', warnings: [] });
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
